// A fleet of many agents in one process against a real nats-server: connections at once, steady flow records, one capture over all, a
// slow operator, a killed server. `node dist/bench/fleet/simulate.js [agents]`; what they capture is made up, all else is as it is.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import type { CaptureEvents } from '../../src/fleet/index.js';
import { Agent, connect, FleetSource, OPEN_POLICY, Subject } from '../../src/fleet/index.js';
import type { Packet } from '../../src/packet/index.js';
import { batchOf, packetAt, REQUEST } from '../../test/fleet/made.js';
import { noServer, startServer } from '../../test/fleet/server.js';

if (noServer !== false) throw new Error(noServer);
const agents = Number(process.argv[2] ?? 2000);
const after: (() => unknown)[] = [];
const context = { after: (work: () => unknown) => after.push(work) } as unknown as TestContext;
const server = await startServer(context);
const serverPid = (): number =>
  Number(
    execFileSync('pgrep', ['-f', `nats-server -a 127.0.0.1 -p ${server.port}`], { encoding: 'utf8' }).split(
      '\n',
    )[0],
  );
const mebibytes = (pid: number | 'self'): number =>
  Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))![1]) / 1024);
const seconds = (): number => performance.now() / 1000;
const cpu = (): number => process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6;
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const until = async (what: () => boolean, most = 120): Promise<boolean> => {
  for (const end = seconds() + most; seconds() < end; await pause(20)) if (what()) return true;
  return false;
};
const say = (line: string): void => console.log(line);

/** Agents, and what their captures hear. */
const events: (CaptureEvents | null)[] = [];
const options = (i: number) => ({
  name: `host${i}`,
  connection: { url: server.url, secret: null, ca: null },
  policy: OPEN_POLICY,
  facts: { version: 'simulated', kernel: 'Linux', rights: 'root', interfaces: () => ['eth0', 'lo'] },
  capturer: (_: unknown, own: CaptureEvents) => {
    events[i] = own;
    setImmediate(() => own.opened());
    return { stop: () => setImmediate(() => own.ended(null)), kill: () => {} };
  },
  say: () => {},
});

// Without JetStream's streams the first operator makes them.
const first = await connect(
  { url: server.url, secret: null, ca: null, name: 'op', waits: false },
  { connected: () => {}, lost: () => {}, error: () => {} },
);
let began = seconds();
const fleet = await Promise.all(Array.from({ length: agents }, (_, i) => Agent.start(options(i))));
say(
  `${agents} connections at once: ${(seconds() - began).toFixed(1)} s; server ${mebibytes(serverPid())} MiB, all agents ${mebibytes('self')} MiB`,
);

const heard = new Set<string>();
first.connection.subscribe(Subject.statusOfAll, { callback: (_, { subject }) => void heard.add(subject) });
await pause(2000);
let used = cpu();
await pause(20_000);
say(
  `idle: ${agents} agents take ${(((cpu() - used) / 20) * 100).toFixed(1)} % of a core, ${(((cpu() - used) / 20 / agents) * 100).toFixed(4)} % each; ${heard.size} heard`,
);

const run = async (name: string, given: { slow?: number } = {}) => {
  const packets = { count: 0, late: 0, last: 0 };
  const lines: string[] = [];
  const source = await FleetSource.open({
    connection: { url: server.url, secret: null, ca: null, name },
    hosts: [],
    request: { ...REQUEST, seconds: 600 },
    since: 0,
    capture: null,
    say: (line) => lines.push(line),
  });
  const take = (packet: Packet): boolean => {
    packets.count++;
    const time = packet.seconds + packet.nanoseconds / 1e9;
    if (time < packets.last) packets.late++;
    packets.last = Math.max(packets.last, time);
    if (given.slow !== undefined) for (const end = performance.now() + given.slow; performance.now() < end; );
    return true;
  };
  return { source, packets, lines, ended: source.run(take) };
};
const sendAll = (each: number): number => {
  const now = Date.now();
  let sent = 0;
  const packets = Array.from({ length: each }, (_, i) =>
    packetAt(Math.floor(now / 1000), (now % 1000) * 1e6 + i, new Uint8Array(100)),
  );
  const batch = batchOf(packets);
  for (const own of events) {
    if (own === null || own === undefined) continue;
    own.section(batch, each);
    sent += each;
  }
  return sent;
};

began = seconds();
const one = await run('op');
await until(() => events.filter((own) => own !== null && own !== undefined).length === agents);
say(`one capture over all: asked and begun on ${events.length} hosts in ${(seconds() - began).toFixed(1)} s`);
began = seconds();
let sent = 0;
for (let round = 0; round < 5; round++) {
  sent += sendAll(20);
  await pause(200);
}
await until(() => one.packets.count >= sent);
say(
  `${sent} packets of ${agents} hosts in ${5 * agents} batches: ${(seconds() - began).toFixed(1)} s, ${Math.round(sent / (seconds() - began))} a second; ${one.packets.late} out of order`,
);

began = seconds();
for (const own of events)
  own?.flows(`${JSON.stringify({ interface: 'eth0', first: '1', last: '1' })}\n`.repeat(40));
await first.connection.flush();
await pause(3000);
say(`flow records: ${40 * agents} in ${agents} messages`);

await server.kill();
began = seconds();
sent += sendAll(5);
await pause(1000);
await server.begin();
const back = await until(() => fleet.every(({ client }) => client.connected));
say(
  `killed server: ${back ? 'all' : fleet.filter(({ client }) => client.connected).length} agents are back after ${(seconds() - began).toFixed(1)} s`,
);
const all = await until(() => one.packets.count >= sent, 60);
say(
  `what waited: ${all ? 'all came' : `${sent - one.packets.count} packets did not come`}, after ${(seconds() - began).toFixed(1)} s; ${one.packets.count - sent} twice`,
);
one.source.stop();
await one.ended;
one.source.close();

events.fill(null);
const slow = await run('slow', { slow: 0.05 });
await until(() => events.filter((own) => own !== null).length === agents);
began = seconds();
used = cpu();
const wanted = sendAll(20);
await until(() => slow.packets.count >= wanted, 120);
say(
  `a slow operator (50 µs a packet): ${slow.packets.count} of ${wanted} packets in ${(seconds() - began).toFixed(1)} s, process ${mebibytes('self')} MiB, server ${mebibytes(serverPid())} MiB`,
);
slow.source.stop();
await slow.ended;
slow.source.close();
for (const work of after) await work();
process.exit(0);
