// What every kernel must do: the main job, filters, a command, dropped packets, a kill, and every packet's sender.

import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { type Run, run as truth } from '../../bench/attribution/run.js';
import { kindsOfSenders } from '../../bench/attribution/world.js';
import { objectExists } from '../../src/system/bpf.js';
import { kernelBtf } from '../../src/tap/linux/ebpf/btf.js';
import { capture, command, curl, lessAnyway, PORT, partsOf, run, said, shell, webServer } from './capture.js';
import { comesTrue } from './limits.js';

/** @returns what is worth a note beside "yes" */
export type Case = () => Promise<string>;

const ARGS = ['-tkn', '-i', 'pktap,lo'];
const ONLY = `tcp port ${PORT}`;

async function withServer<T>(body: (server: ChildProcess) => Promise<T>): Promise<T> {
  const server = await webServer();
  try {
    return await body(server);
  } finally {
    server.kill('SIGKILL');
  }
}

/** Both ends of every packet are named, from the first SYN on; each filter takes its own. */
async function mainJob(): Promise<string> {
  return withServer(async (server) => {
    const filters = [null, 'proc = curl', `pid = ${server.pid}`, 'user = root'];
    const captures = await Promise.all(
      filters.map((filter) => capture([...ARGS, ...(filter === null ? [] : ['-Q', filter]), ONLY])),
    );
    const client = await curl();
    const [all, byName, byPid, byUser] = await Promise.all(captures.map((each) => each.end()));
    const named = (line: string): string =>
      partsOf(line).toServer === partsOf(line).out ? `curl:${client.pid}` : `python3:${server.pid}`;
    assert.ok(all!.lines.length >= 16, `${all!.lines.length} packets\n${all!.err}`);
    const less = lessAnyway();
    assert.deepEqual(said(all!), less === null ? [] : [less]);
    for (const line of all!.lines) assert.equal(partsOf(line).proc, named(line), line);
    assert.match(all!.lines[0]!, /^\(lo, proc curl:\d+, svc BE, out, nf, so\) IP .* Flags \[S\]/);
    const of = (name: string): readonly string[] => all!.lines.filter((line) => named(line).startsWith(name));
    assert.deepEqual(byName!.lines, of('curl'), byName!.err);
    assert.deepEqual(byPid!.lines, of('python3'), byPid!.err);
    assert.deepEqual(byUser!.lines, all!.lines, byUser!.err);
    return `${all!.lines.length} packets`;
  });
}

/** Only the command's packets, and its status. */
async function ofCommand(): Promise<string> {
  return withServer(async () => {
    const words = ['sh', '-c', `curl -s -o /dev/null http://127.0.0.1:${PORT}/; exit 7`];
    const ended = await run([command, ...ARGS, ONLY, '--', ...words]);
    assert.equal(ended.status, 7, ended.err);
    assert.ok(ended.lines.length >= 8, ended.err);
    for (const line of ended.lines) {
      const { proc, out, toServer } = partsOf(line);
      assert.match(proc ?? '', /^curl:/, line);
      assert.equal(out, toServer, line);
    }
    return `${ended.lines.length} packets`;
  });
}

/** A datagram for a closed port: the kernel drops it, and says why where it knows. */
async function dropped(): Promise<string> {
  const running = await capture(['-tkn', '-i', 'droptap,lo', 'udp port 9']);
  await run([
    'python3',
    '-c',
    "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'closed', ('127.0.0.1', 9))",
  ]);
  const { lines, err } = await running.end();
  const one = lines.filter((line) => line.includes('UDP, length 6'));
  assert.equal(one.length, 1, `${lines.join('\n')}\n${err}`);
  const reasons = kernelBtf()!.enumeration('skb_drop_reason').size > 0;
  const place =
    /^\(lo, in, (?:drop reason (\w+) )?(?:drop place )?(?:__udp4_lib_rcv|udp_rcv)\+0x[0-9a-f]+\)/.exec(
      one[0]!,
    );
  assert.ok(place !== null, one[0]);
  if (reasons) assert.equal(place[1], 'NO_SOCKET', one[0]);
  return reasons ? 'with reasons' : 'no reasons';
}

const EBPF_ID = /^(prog_id|map_id|link_id):\s+(\d+)$/gm;

function objectsOf(pid: number): [kind: 'prog_id' | 'map_id' | 'link_id', id: number][] {
  return readdirSync(`/proc/${pid}/fdinfo`).flatMap((fd) =>
    [...textOf(`/proc/${pid}/fdinfo/${fd}`).matchAll(EBPF_ID)].map(
      ([, kind, id]) => [kind as 'prog_id', Number(id)] as ['prog_id', number],
    ),
  );
}

/** A file's text; none when it is gone in between, as a descriptor may be. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

const filtersOnLoopback = (): number =>
  Number(
    shell('for d in ingress egress; do tc filter show dev lo $d; done 2>/dev/null | grep -c pktap:').trim(),
  );

/** The kernel frees objects behind grace periods, in workers of its own. */
const GONE_SECONDS = 60;

/** After kill -9 nothing of it is left; what clsact keeps, the next start takes away. */
async function killed(): Promise<string> {
  shell('tc qdisc del dev lo clsact 2>/dev/null');
  const first = await capture([...ARGS, ONLY]);
  const held = objectsOf(first.child.pid!);
  first.child.kill('SIGKILL');
  assert.ok(held.length >= 10, `${held.length} objects`);
  await first.ended();
  const left = (): string[] =>
    held.filter(([kind, id]) => objectExists(kind, id)).map((each) => each.join(' '));
  const clsact = filtersOnLoopback() > 0;
  if (!clsact) await comesTrue(() => left().length === 0, GONE_SECONDS);
  if (!clsact) assert.deepEqual(left(), []);
  // The second makes it anew, the third ends last.
  const second = await capture([...ARGS, ONLY]);
  const third = await capture([...ARGS, ONLY]);
  for (const each of [second, third]) {
    const { status, err } = await each.end();
    assert.equal(status, 0, err);
  }
  await comesTrue(() => left().length === 0, GONE_SECONDS);
  assert.deepEqual(left(), []);
  assert.equal(filtersOnLoopback(), 0);
  assert.equal(shell('tc qdisc show dev lo').includes('clsact'), false);
  return clsact ? 'swept by the next start' : 'nothing left';
}

/** Packets that come of it at the least, at a scale of 1. */
const SENT = 10_000;

/**
 * What the small ground truth says, by kind; and the goals.
 * @param least share of packets that must be named
 * @param scale how much is sent, of what is on a real machine
 */
export async function groundTruth(
  tell: (result: Run) => void,
  least: number,
  scale: number,
): Promise<string> {
  const result = await truth(scale);
  tell(result);
  const { all, examples } = result.judgement;
  const share = all.right / (all.right + all.wrong + all.missing);
  const unseen = kindsOfSenders().filter((kind) => !result.judgement.kinds.has(kind));
  const words = [
    `${all.right} right, ${all.wrong} wrong, ${all.missing} not at all`,
    ...unseen.map((kind) => `nothing of ${kind}`),
  ].join(', ');
  assert.equal(result.lost, 0);
  assert.equal(all.wrong, 0, `${words}\n${examples.join('\n')}`);
  assert.ok(share >= least, `${words}\n${examples.join('\n')}`);
  assert.ok(all.right > SENT * scale, words);
  assert.deepEqual(result.filtered, result.unfiltered);
  return words;
}

export const CASES: { readonly [name: string]: Case } = {
  'main job, -Q': mainJob,
  '-- command': ofCommand,
  droptap: dropped,
  'kill -9': killed,
};
