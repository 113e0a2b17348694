// Packets as data: JSON beside tshark's with the same fields and beside our own text, Parquet, the library's callback and loop.
// PACKETS=100000 for fewer, ROUNDS=1 for fewer rounds.

import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openSavefile } from '../src/index.js';
import { makePcap } from './captures.js';
import { machine, measure, median } from './measure.js';

const ROUNDS = Number(process.env['ROUNDS'] ?? 3);
const PACKETS = Math.ceil(Number(process.env['PACKETS'] ?? 1_000_000) / 5000) * 5000;
const command = resolve('bin/pktap');

/** Fields that both know: ours, and tshark's for them. */
const FIELDS: readonly (readonly [ours: string, tshark: readonly string[]])[] = [
  ['frame.time_epoch', ['frame.time_epoch']],
  ['frame.len', ['frame.len']],
  ['eth.src', ['eth.src']],
  ['eth.dst', ['eth.dst']],
  ['ip.src', ['ip.src', 'ipv6.src']],
  ['ip.dst', ['ip.dst', 'ipv6.dst']],
  ['ip.proto', ['ip.proto', 'ipv6.nxt']],
  ['ip.ttl', ['ip.ttl', 'ipv6.hlim']],
  ['tcp.srcport', ['tcp.srcport']],
  ['tcp.dstport', ['tcp.dstport']],
  ['tcp.flags', ['tcp.flags']],
  ['tcp.seq', ['tcp.seq_raw']],
  ['tcp.ack', ['tcp.ack_raw']],
  ['tcp.len', ['tcp.len']],
  ['udp.srcport', ['udp.srcport']],
  ['udp.dstport', ['udp.dstport']],
  ['dns.qname', ['dns.qry.name']],
];

/** A program whose output goes nowhere, so that nobody's pipe is measured. */
function quietly(...words: readonly string[]): readonly [string, ...string[]] {
  return ['sh', '-c', 'exec "$@" > /dev/null 2>&1', 'sh', ...words];
}

/** @returns median seconds and processor seconds, and the most memory */
function take(
  words: readonly string[],
  rounds = ROUNDS,
): { seconds: number; processor: number; memory: number } {
  const costs = Array.from({ length: rounds }, () => measure(...quietly(...words)));
  return {
    seconds: median(costs.map(({ seconds }) => seconds)),
    processor: median(costs.map(({ processor }) => processor)),
    memory: Math.max(...costs.map(({ memory }) => memory)),
  };
}

function report(
  name: string,
  packets: number,
  { seconds, processor, memory }: { seconds: number; processor: number; memory: number },
): void {
  const rate = (n: number): string => `${(packets / n / 1000).toFixed(0)} k/s`;
  console.log(
    `| ${name} | ${seconds.toFixed(2)} s | ${rate(seconds)} | ${processor.toFixed(2)} s | ${rate(processor)} | ${memory.toFixed(0)} MiB |`,
  );
}

/** Packets a second of processor time. */
async function library(
  path: string,
  read: (file: Awaited<ReturnType<typeof openSavefile>>) => Promise<number>,
): Promise<number> {
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS + 1; round++) {
    const file = await openSavefile(path);
    const start = process.cpuUsage();
    const packets = await read(file);
    const { user, system } = process.cpuUsage(start);
    file.close();
    rates.push(packets / ((user + system) / 1e6));
  }
  return median(rates.slice(1));
}

const folder = mkdtempSync(join(tmpdir(), 'pktap-bench-'));
try {
  const path = join(folder, 'a.pcap');
  const parquet = join(folder, 'a.parquet');
  makePcap(path, PACKETS);
  const ours = FIELDS.map(([name]) => name).join(',');
  const theirs = FIELDS.flatMap(([, names]) => names).flatMap((name) => ['-e', name]);
  console.log(`${PACKETS} packets; ${machine()}\n`);
  console.log('| work | time | packets | processor time | packets | memory |');
  console.log('| --- | --- | --- | --- | --- | --- |');
  const text = take([command, '-nr', path]);
  report('text, `-n`', PACKETS, text);
  const json = take([command, '-r', path, '--json', '--fields', ours]);
  report(`\`--json\`, ${FIELDS.length} fields`, PACKETS, json);
  const all = take([command, '-r', path, '--json']);
  report('`--json`, all fields', PACKETS, all);
  report('`--csv`, the same fields', PACKETS, take([command, '-r', path, '--csv', '--fields', ours]));
  report('`--summary ip.src,ip.dst`', PACKETS, take([command, '-r', path, '--summary', 'ip.src,ip.dst']));
  // The slow one: a tenth of the packets, once.
  const few = join(folder, 'b.pcap');
  makePcap(few, Math.ceil(PACKETS / 50_000) * 5000);
  const fewer = Math.ceil(PACKETS / 50_000) * 5000;
  const ek = take(['tshark', '-nr', few, '-T', 'ek', ...theirs], 1);
  report('tshark -T ek, the same fields', fewer, ek);
  const array = take(['tshark', '-nr', few, '-T', 'json', ...theirs], 1);
  report('tshark -T json, the same fields', fewer, array);
  const rows = take([command, '-r', path, '--parquet', parquet]);
  report(`\`--parquet\`, all fields, ${(statSync(parquet).size / 1e6).toFixed(1)} MB`, PACKETS, rows);
  const rateOf = (cost: { processor: number }, packets = PACKETS): number => packets / cost.processor;
  console.log(
    `\nBy processor time: --json ${(rateOf(json) / rateOf(ek, fewer)).toFixed(1)} times tshark -T ek, ${(rateOf(json) / rateOf(array, fewer)).toFixed(1)} times -T json,`,
  );
  console.log(
    `${(rateOf(json) / rateOf(text)).toFixed(2)} of our text (all fields ${(rateOf(all) / rateOf(text)).toFixed(2)}).`,
  );
  const callback = await library(path, async (file) => {
    let packets = 0;
    await file.run(() => ++packets > 0);
    return packets;
  });
  const loop = await library(path, async (file) => {
    let packets = 0;
    for await (const _ of file) packets++;
    return packets;
  });
  const batches = await library(path, async (file) => {
    let packets = 0;
    for await (const batch of file.batches()) for (const _ of batch) packets++;
    return packets;
  });
  const beside = (rate: number): string => `${(rate / 1e6).toFixed(2)} M/s (${(rate / callback).toFixed(2)})`;
  console.log(
    `Library: callback ${(callback / 1e6).toFixed(2)} M/s, loop over batches ${beside(batches)}, over packets ${beside(loop)}.`,
  );
} finally {
  rmSync(folder, { recursive: true });
}
