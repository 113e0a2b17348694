// How fast a million packets of mixed traffic are printed and filtered, beside tcpdump, in turns, in one run.

import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { packet, random } from './traffic.js';

const ROUNDS = Number(process.env['ROUNDS'] ?? 3);
const PACKETS = Number(process.env['PACKETS'] ?? 1_000_000);
const DISTINCT = 5000;
const command = resolve('bin/pktap');

function make(file: string): void {
  const pick = random();
  const distinct = Array.from({ length: DISTINCT }, (_, i) => {
    const bytes = packet(i, pick);
    const record = Buffer.alloc(16);
    record.writeUInt32LE(i, 4);
    record.writeUInt32LE(bytes.length, 8);
    record.writeUInt32LE(bytes.length, 12);
    return Buffer.concat([record, bytes]);
  });
  const fd = openSync(file, 'w', 0o600);
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt32LE(0x00040002, 4);
  header.writeUInt32LE(262144, 16);
  header.writeUInt32LE(1, 20);
  writeSync(fd, header);
  for (let second = 0; second * DISTINCT < PACKETS; second++) {
    for (const record of distinct) record.writeUInt32LE(1_700_000_000 + second, 0);
    writeSync(fd, Buffer.concat(distinct));
  }
  closeSync(fd);
}

function seconds(program: string, args: string[]): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(program, args, {
    stdio: ['ignore', openSync('/dev/null', 'w'), 'pipe'],
  });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr.toString()}`);
  return (performance.now() - start) / 1000;
}

const median = (numbers: number[]): number => numbers.sort((a, b) => a - b)[numbers.length >> 1]!;

const folder = mkdtempSync(join(tmpdir(), 'pktap-bench-'));
try {
  const file = join(folder, 'mixed.pcap');
  make(file);
  const peer = execFileSync('sh', ['-c', 'tcpdump --version 2>&1 | head -1'], { encoding: 'utf8' }).trim();
  console.log(`${PACKETS} packets, Node ${process.version}, ${peer}\n`);
  console.log('| work | tcpdump | pktap | times as fast |');
  console.log('| --- | --- | --- | --- |');
  for (const work of ['-nr', '-nqr', '-nvr', '-ner', '-nxr', '--count tcp and port 9000 -r']) {
    const args = [...work.split(' '), file];
    const times: { [name: string]: number[] } = { tcpdump: [], pktap: [] };
    for (let round = 0; round < ROUNDS; round++) {
      times['tcpdump']!.push(seconds('tcpdump', args));
      times['pktap']!.push(seconds(command, args));
    }
    const theirs = median(times['tcpdump']!);
    const ours = median(times['pktap']!);
    console.log(
      `| ${work} | ${theirs.toFixed(2)} s | ${ours.toFixed(2)} s | ${(theirs / ours).toFixed(1)} |`,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}
