// The same sums of the same capture, whoever counts: `top -b -r`, the page, `--summary`, and tshark's conversations.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { makePcap } from '../../bench/captures.js';
import type { Frame } from '../../src/view/index.js';
import { message, serve } from './served.js';

/** Packets and bytes that go one way between two ends. */
type Sums = Map<string, [packets: number, bytes: number]>;
const isInstalled = spawnSync('tshark', ['--version']).status === 0;

function run(program: string, ...args: string[]): string {
  return execFileSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

const end = (address: string, port: string | number): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

function put(sums: Sums, from: string, to: string, packets: number, bytes: number): void {
  if (packets === 0) return;
  // The same ends may have had several connections.
  const [before, bytesBefore] = sums.get(`${from} ${to}`) ?? [0, 0];
  sums.set(`${from} ${to}`, [before + packets, bytesBefore + bytes]);
}

function ofTop(capture: string): Sums {
  const sums: Sums = new Map();
  for (const line of run('bin/pktap', 'top', '-b', '-r', capture, '--view', 'flows').split('\n').slice(3)) {
    const words = line.trim().split(/ +/);
    const [bytesIn, bytesOut, packetsIn, packetsOut] = words.slice(2, 6).map(Number) as [
      number,
      number,
      number,
      number,
    ];
    const [protocol, local, remote] = words.slice(12, 15) as [string, string, string];
    if (protocol !== 'TCP') continue;
    put(sums, remote, local, packetsIn, bytesIn);
    put(sums, local, remote, packetsOut, bytesOut);
  }
  return sums;
}

async function ofPage(
  t: TestContext,
  capture: string,
): Promise<{ sums: Sums; total: [number, number]; listed: number }> {
  const served = await serve(t, '-r', capture);
  const frame = await message<Frame>(served, ({ ended }) => ended);
  const sums: Sums = new Map();
  for (const flow of frame.flows) {
    if (flow.protocol !== 'TCP') continue;
    put(sums, flow.remote, flow.local, flow.packetsIn, flow.bytesIn);
    put(sums, flow.local, flow.remote, flow.packetsOut, flow.bytesOut);
  }
  // What the rows leave out of the total is told, and no more than that.
  const { rest, total } = frame;
  for (const [lines, left] of [
    [frame.flows, rest.flows],
    [frame.hosts, rest.hosts],
    [frame.processes, rest.processes],
  ] as const)
    assert.equal(
      lines.reduce((sum, { bytes }) => sum + bytes, left.bytesIn + left.bytesOut),
      total.bytes,
    );
  await served.stop();
  return { sums, total: [total.packets, total.bytes], listed: frame.flows.length };
}

function ofSummary(capture: string): Sums {
  const sums: Sums = new Map();
  const keys = 'ip.src,tcp.srcport,ip.dst,tcp.dstport';
  for (const line of run('bin/pktap', '-r', capture, '--summary', keys, '--json', 'tcp')
    .trimEnd()
    .split('\n')) {
    const row = JSON.parse(line);
    put(
      sums,
      end(row['ip.src'], row['tcp.srcport']),
      end(row['ip.dst'], row['tcp.dstport']),
      row.packets,
      row.bytes,
    );
  }
  return sums;
}

/** Large counts are rounded there: ends that have such a line are left out. */
function ofTshark(capture: string): Sums {
  const sums: Sums = new Map();
  const rounded: [string, string][] = [];
  const pattern = /^(\S+):(\d+) +<-> (\S+):(\d+) +(\d+) (\d+) bytes +(\d+) (\d+) bytes +(\d+) (\d+) bytes/;
  for (const line of run('tshark', '-nr', capture, '-q', '-z', 'conv,tcp').split('\n')) {
    const [, a, ap, b, bp, ...counts] = pattern.exec(line) ?? [];
    if (a === undefined) {
      const [, one, other] = /^(\S+:\d+) +<-> (\S+:\d+)/.exec(line) ?? [];
      if (one !== undefined) rounded.push([one, other!]);
      continue;
    }
    const [toA, toABytes, toB, toBBytes] = counts.map(Number) as [number, number, number, number];
    put(sums, end(b!, bp!), end(a, ap!), toA, toABytes);
    put(sums, end(a, ap!), end(b!, bp!), toB, toBBytes);
  }
  for (const [one, other] of rounded) {
    const [a, b] = [one, other].map((text) => end(text.replace(/:\d+$/, ''), text.replace(/^.*:/, '')));
    sums.delete(`${a} ${b}`);
    sums.delete(`${b} ${a}`);
  }
  return sums;
}

for (const packets of [5000, 20_000])
  test(`${packets} packets: top, the page, --summary and tshark`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'pktap-agree-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const capture = join(folder, 'traffic.pcap');
    makePcap(capture, packets);
    const summary = ofSummary(capture);
    assert.ok(summary.size > 20);
    assert.deepEqual(ofTop(capture), new Map([...summary]));
    const page = await ofPage(t, capture);
    assert.deepEqual(page.total[0], packets);
    assert.equal(
      page.total[1],
      JSON.parse(run('bin/pktap', '-r', capture, '--summary', 'frame.link_type', '--json')).bytes,
    );
    // The page lists those with the most bytes, 200 of them.
    for (const [key, counts] of page.sums) assert.deepEqual(counts, summary.get(key), key);
    assert.ok(page.listed === 200 || page.sums.size === summary.size);
    if (!isInstalled) {
      t.diagnostic('no tshark: its conversations are not compared');
      return;
    }
    const tshark = ofTshark(capture);
    assert.ok(tshark.size > 20, `${tshark.size}`);
    for (const [key, counts] of tshark) assert.deepEqual(counts, summary.get(key), key);
  });
