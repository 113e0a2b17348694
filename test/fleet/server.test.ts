// Agents and operators with a real server between them: what is captured is made up, all else is as it is.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Agent, type AgentOptions } from '../../src/fleet/agent.js';
import { auditOf } from '../../src/fleet/audit.js';
import { connect } from '../../src/fleet/client.js';
import type { CaptureEvents, Capturing } from '../../src/fleet/hostcapture.js';
import { Subject } from '../../src/fleet/names.js';
import { type FleetOptions, FleetSource } from '../../src/fleet/operator.js';
import { OPEN_POLICY, type Policy } from '../../src/fleet/policy.js';
import { readRecords } from '../../src/fleet/records.js';
import type { CaptureRequest } from '../../src/fleet/request.js';
import { makeStreams, Stream } from '../../src/fleet/streams.js';
import type { Packet } from '../../src/packet/index.js';
import { waiting } from '../until.js';
import { batchOf, packetAt, REQUEST } from './made.js';
import { noServer, type Server, startServer } from './server.js';

const until = waiting(30);

const skip = noServer;

/** What an agent captures here: whatever the test sends. */
interface Made {
  readonly agent: Agent;
  readonly asked: CaptureRequest[];
  readonly lines: string[];
  events: CaptureEvents | null;
  stopped: number;
}

async function makeAgent(
  t: TestContext,
  server: Server,
  name: string,
  given: Partial<AgentOptions> = {},
  policy: Policy = OPEN_POLICY,
): Promise<Made> {
  const made = { asked: [], lines: [], events: null, stopped: 0 } as unknown as Omit<Made, 'agent'> & {
    agent: Agent;
  };
  const agent = await Agent.start({
    name,
    connection: { url: server.url, secret: null, ca: null },
    policy,
    facts: { version: '1', kernel: 'test', rights: 'none', interfaces: () => ['eth0'] },
    capturer: (request, events): Capturing => {
      made.asked.push(request);
      made.events = events;
      setImmediate(() => events.opened());
      const stop = (): void => {
        made.stopped++;
        setImmediate(() => events.ended(null));
      };
      return { stop, kill: () => {} };
    },
    say: (line) => made.lines.push(line),
    ...given,
  });
  made.agent = agent;
  t.after(() => agent.client.connection.close());
  return made;
}

interface Run {
  readonly source: FleetSource;
  readonly packets: string[];
  readonly lines: string[];
  readonly ended: Promise<void>;
}

async function capture(t: TestContext, server: Server, given: Partial<FleetOptions> = {}): Promise<Run> {
  const lines: string[] = [];
  const packets: string[] = [];
  const source = await FleetSource.open({
    connection: { url: server.url, secret: null, ca: null, name: 'alice' },
    hosts: [],
    request: REQUEST,
    since: 0,
    capture: null,
    say: (line) => lines.push(line),
    ...given,
  });
  t.after(() => source.close());
  const take = (packet: Packet): boolean => {
    packets.push(
      `${packet.interface?.name} ${packet.seconds}.${packet.nanoseconds} ${packet.metadata?.process?.name}`,
    );
    return true;
  };
  return { source, packets, lines, ended: source.run(take).finally(() => source.close()) };
}

test('several hosts are one stream in the order of time, each packet with its host', { skip }, async (t) => {
  const server = await startServer(t);
  const [web, db, other] = [
    await makeAgent(t, server, 'web1'),
    await makeAgent(t, server, 'db1.example.com'),
    await makeAgent(t, server, 'other'),
  ];
  const run = await capture(t, server, {
    hosts: ['web*', 'db?.example.com'],
    request: {
      ...REQUEST,
      hosts: ['web*', 'db?.example.com'],
      metadata: 'proc = curl',
      expression: 'port 53',
    },
  });
  await until(() => web.events !== null && db.events !== null, 'the hosts are not asked');
  // The operator hears that they capture, before their packets come.
  await new Promise((done) => setTimeout(done, 1500));
  assert.equal(web.asked[0]!.metadata, 'proc = curl');
  assert.equal(web.asked[0]!.expression, 'port 53');
  web.events!.section(batchOf([packetAt(100, 1), packetAt(100, 4)]), 2);
  db.events!.section(batchOf([packetAt(100, 2), packetAt(100, 3)]), 2);
  web.events!.counts(2, 0, 0);
  await until(() => run.packets.length === 4, 'packets do not come');
  assert.deepEqual(run.packets, [
    'eth0@web1 100.1 curl',
    'eth0@db1.example.com 100.2 curl',
    'eth0@db1.example.com 100.3 curl',
    'eth0@web1 100.4 curl',
  ]);
  assert.equal(other.asked.length, 0);
  run.source.stop();
  await run.ended;
  await until(() => web.stopped === 1 && db.stopped === 1, 'the hosts go on');
  assert.equal(run.source.counts().droppedByKernel, 0);
  // What was captured is kept, and can be read again; so can who asked for it.
  const again = await capture(t, server, { request: null, capture: run.source.id });
  await again.ended;
  assert.deepEqual(again.packets, run.packets);
  const later = await capture(t, server, { request: null, since: Date.now() + 60_000 });
  await later.ended;
  assert.deepEqual(later.packets, []);
  const records: string[] = [];
  await until(() => web.lines.some((line) => /is over/.test(line)), 'the end is not told');
  await new Promise((done) => setTimeout(done, 200));
  await readRecords(web.agent.client.stream, Stream.AUDIT, { since: 0, follow: false }, ({ host, bytes }) => {
    const { operator, capture: id, what, packets } = auditOf(bytes)!;
    assert.equal(id, run.source.id);
    records.push(`${host} ${operator} ${what}${packets === undefined ? '' : ` ${packets}`}`);
  });
  assert.deepEqual(records.sort(), [
    'db1.example.com alice ended 2',
    'db1.example.com alice started',
    'web1 alice ended 2',
    'web1 alice started',
  ]);
});

test('budget, rate and deadline are the host’s to keep, and what is dropped is told', { skip }, async (t) => {
  const server = await startServer(t);
  const host = await makeAgent(t, server, 'web1', {}, { ...OPEN_POLICY, snapshotLength: 64, seconds: 3 });
  const batch = batchOf([packetAt(1, 0), packetAt(2, 0)]);
  const run = await capture(t, server, {
    request: { ...REQUEST, bytes: 4 * batch.length, rate: 2 * batch.length },
  });
  await until(() => host.events !== null, 'the host is not asked');
  assert.equal(host.asked[0]!.snapshotLength, 64);
  for (let i = 0; i < 3; i++) host.events!.section(batch, 2);
  await until(() => run.packets.length === 4, 'packets do not come');
  // Nothing else comes: the policy's three seconds end it at the host, and so here.
  await run.ended;
  assert.equal(run.packets.length, 4);
  assert.ok(run.lines.includes('web1: its time is over'), run.lines.join('\n'));
  assert.ok(
    run.lines.includes('web1: 2 packets were over the rate: they were dropped'),
    run.lines.join('\n'),
  );
  assert.equal(run.source.counts().droppedByKernel, 2);
  const second = await capture(t, server, { request: { ...REQUEST, bytes: 3 * batch.length } });
  await until(() => host.asked.length === 2, 'the host is not asked again');
  for (let i = 0; i < 5; i++) host.events!.section(batch, 2);
  await second.ended;
  assert.equal(second.packets.length, 6);
  assert.ok(
    second.lines.some((line) => /its bytes are used up/.test(line)),
    second.lines.join('\n'),
  );
});

test('a capture is refused, or fails, on one host, and goes on on the others', { skip }, async (t) => {
  const server = await startServer(t);
  await makeAgent(t, server, 'strict', {}, { ...OPEN_POLICY, operators: ['bob'] });
  await makeAgent(t, server, 'broken', {
    capturer: () => {
      throw new Error('eth9: No such device');
    },
  });
  const good = await makeAgent(t, server, 'good');
  const run = await capture(t, server);
  await until(() => good.events !== null, 'the host is not asked');
  good.events!.section(batchOf([packetAt(1, 0)]), 1);
  await until(() => run.packets.length === 1 && run.lines.length >= 4, `lines: ${run.lines.join('\n')}`);
  assert.ok(run.lines.includes('strict: refused: the policy does not let alice capture'));
  assert.ok(run.lines.includes('broken: eth9: No such device'));
  run.source.stop();
  await run.ended;
});

test('hosts that send what they should not: one line each, the others are read', { skip }, async (t) => {
  const server = await startServer(t);
  const good = await makeAgent(t, server, 'good');
  const evil = await makeAgent(t, server, 'evil');
  const run = await capture(t, server, { request: { ...REQUEST, bytes: 1 << 20 } });
  await until(() => good.events !== null && evil.events !== null, 'hosts are not asked');
  const { connection } = evil.agent.client;
  const broken = Buffer.from(batchOf([packetAt(1, 0), packetAt(2, 0)]));
  broken.fill(0xff, broken.length - 60);
  const subject = Subject.packets('evil', run.source.id);
  connection.publish(subject, broken);
  connection.publish(subject, broken);
  connection.publish(subject, Buffer.alloc(100_000, 0x41));
  connection.publish(subject, '');
  connection.publish('pktap.h.ev!l.pkt.x', broken);
  connection.publish(Subject.status('evil'), Buffer.alloc(100_000, 0x41));
  connection.publish(Subject.status('evil'), '{"v":1,"captures":[{"id":5}]}');
  // A flood: more than was asked for.
  for (let i = 0; i < 40; i++)
    connection.publish(subject, batchOf([packetAt(3, i, new Uint8Array(100_000))]));
  await connection.flush();
  await until(() => run.lines.some((line) => /sends more/.test(line)), run.lines.join('\n'));
  good.events!.section(batchOf([packetAt(4, 0)]), 1);
  await until(() => run.packets.some((one) => one.startsWith('eth0@good')), 'the good one is not read');
  assert.equal(
    run.lines.filter((line) => /^evil: a broken batch/.test(line)).length,
    1,
    run.lines.join('\n'),
  );
  assert.equal(run.lines.filter((line) => /^evil: sends more/.test(line)).length, 1);
  run.source.stop();
  await run.ended;
});

test('a killed server: captures go on, nothing that was acknowledged is lost, nothing comes twice', {
  skip,
}, async (t) => {
  const server = await startServer(t);
  const host = await makeAgent(t, server, 'web1');
  const run = await capture(t, server);
  await until(() => host.events !== null, 'the host is not asked');
  let number = 0;
  const send = (): void => host.events!.section(batchOf([packetAt(1000 + number++, 0)]), 1);
  for (let i = 0; i < 20; i++) send();
  await until(() => run.packets.length === 20, 'packets do not come');
  await server.kill();
  for (let i = 0; i < 20; i++) send();
  await until(() => run.lines.some((line) => /the server has gone/.test(line)), 'nobody says so');
  await server.begin();
  for (let i = 0; i < 20; i++) send();
  await until(() => run.packets.length >= 60, `${run.packets.length} packets; ${run.lines.join('\n')}`);
  assert.deepEqual(
    [...run.packets].sort(),
    Array.from({ length: 60 }, (_, i) => `eth0@web1 ${1000 + i}.0 curl`),
  );
  run.source.stop();
  await run.ended;
  await until(() => host.stopped === 1, 'the host goes on');
});

test('a slow network drops the oldest packets, and counts them', { skip }, async (t) => {
  const server = await startServer(t);
  const host = await makeAgent(t, server, 'web1');
  const run = await capture(t, server);
  await until(() => host.events !== null, 'the host is not asked');
  await server.kill();
  await until(() => !host.agent.client.connected, 'the host does not know');
  const large = batchOf(Array.from({ length: 9 }, (_, i) => packetAt(1, i, new Uint8Array(100_000))));
  for (let i = 0; i < 60; i++) host.events!.section(large, 9);
  await server.begin();
  await until(() => run.packets.length > 0, 'packets do not come');
  await new Promise((done) => setTimeout(done, 1500));
  run.source.stop();
  await run.ended;
  const dropped = run.source.counts().droppedByKernel;
  assert.ok(dropped > 9 * 10, `${dropped} dropped`);
  assert.equal(run.packets.length + dropped, 540);
  assert.ok(
    run.lines.includes(`web1: ${dropped} packets the network was too slow for: they were dropped`),
    run.lines.join('\n'),
  );
});

test('streams are made once; other limits are set where they are asked for', { skip }, async (t) => {
  const server = await startServer(t);
  const client = await connect(
    { url: server.url, secret: null, ca: null, name: 'admin', waits: false },
    { connected: () => {}, lost: () => {}, error: () => {} },
  );
  t.after(() => client.close());
  const manager = await client.manager();
  assert.deepEqual(await makeStreams(manager, null), ['PKTAP', 'PKTAP_FLOW', 'PKTAP_AUDIT']);
  assert.deepEqual(await makeStreams(manager, { age: 60, bytes: 1 << 20 }), []);
  const { config } = await manager.streams.info(Stream.PACKETS);
  assert.deepEqual([config.max_age, config.max_bytes, config.discard], [60e9, 1 << 20, 'old']);
  assert.deepEqual(await makeStreams(manager, null), []);
});

test('a wrong URL and a server that is not there are one line', { skip }, async () => {
  const open = (url: string): Promise<unknown> =>
    connect(
      { url, secret: null, ca: null, name: 'alice', waits: false },
      { connected: () => {}, lost: () => {}, error: () => {} },
    );
  await assert.rejects(open('http://x'), /^Error: http:\/\/x is no server: nats:\/\/HOST or tls:\/\/HOST$/);
  await assert.rejects(open('nats://a:secret@x'), (error: Error) => !/secret/.test(error.message));
  await assert.rejects(
    open('nats://127.0.0.1:1'),
    /^Error: nats:\/\/127\.0\.0\.1:1: .*(refused|ECONNREFUSED)/,
  );
});
