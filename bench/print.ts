// How fast a million packets of mixed traffic are printed and filtered, beside tcpdump, in turns, in one run.

import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROUNDS = Number(process.env['ROUNDS'] ?? 3);
const PACKETS = Number(process.env['PACKETS'] ?? 1_000_000);
const DISTINCT = 5000;
const command = resolve('bin/pktap');

/** Deterministic numbers, the same file every time (xorshift). */
function random(): (below: number) => number {
  let state = 20261123;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** TCP with and without data, UDP, ICMP over IPv4 in Ethernet: 7 to 2.5 to 0.5. */
function packet(i: number, pick: (below: number) => number): Buffer {
  const kind = pick(20);
  const transport = kind < 14 ? tcp(i, pick) : kind < 19 ? udp(pick) : echo(i);
  const ip = Buffer.alloc(20);
  ip.writeUInt16BE(0x4500, 0);
  ip.writeUInt16BE(20 + transport.length, 2);
  ip.writeUInt16BE(i & 0xffff, 4);
  ip.writeUInt16BE(0x4000, 6);
  ip.writeUInt8(64, 8);
  ip.writeUInt8(kind < 14 ? 6 : kind < 19 ? 17 : 1, 9);
  ip.writeUInt32BE(0x0a000000 + pick(1000), 12);
  ip.writeUInt32BE(0xc0a80100 + pick(250), 16);
  return Buffer.concat([Buffer.from('0200000000010200000000020800', 'hex'), ip, transport]);
}

function tcp(i: number, pick: (below: number) => number): Buffer {
  const data = Buffer.alloc([0, 0, 0, 100, 1400][pick(5)]!, 'x');
  const header = Buffer.alloc(32);
  header.writeUInt16BE(1024 + pick(60000), 0);
  header.writeUInt16BE(9000, 2);
  header.writeUInt32BE(pick(0xffffffff), 4);
  header.writeUInt32BE(pick(0xffffffff), 8);
  header.writeUInt16BE(data.length > 0 ? 0x8018 : 0x8010, 12);
  header.writeUInt16BE(500, 14);
  header.writeUInt32BE(0x0101080a, 20);
  header.writeUInt32BE(i, 24);
  return Buffer.concat([header, data]);
}

function udp(pick: (below: number) => number): Buffer {
  const data = Buffer.alloc(pick(500), 'y');
  const header = Buffer.alloc(8);
  header.writeUInt16BE(1024 + pick(60000), 0);
  header.writeUInt16BE(9001, 2);
  header.writeUInt16BE(8 + data.length, 4);
  return Buffer.concat([header, data]);
}

function echo(i: number): Buffer {
  const message = Buffer.alloc(64, 'z');
  message.writeUInt32BE(0x08000000, 0);
  message.writeUInt32BE(i, 4);
  return message;
}

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
