// How fast large captures are read, filtered, counted and rewritten, beside editcap, tcpdump and tshark, in turns, in one
// run. SIZE=64M makes smaller files, ROUNDS=1 fewer rounds.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  Direction,
  LinkType,
  makeInterface,
  makeProcess,
  Packet,
  PacketFlag,
  PacketMetadata,
} from '../src/packet/index.js';
import { createSavefile } from '../src/savefile/index.js';
import { type Cost, measure, median } from './measure.js';
import { packet as bytesOf, random } from './traffic.js';

const ROUNDS = Number(process.env['ROUNDS'] ?? 5);
const GIB = 2 ** 30;
const SIZE = bytes(process.env['SIZE'] ?? '1G');
const command = resolve('bin/pktap');

const DISTINCT = 5000;
const PROCESSES = 40;

function bytes(text: string): number {
  const [, number, unit] = /^(\d+)([KMG]?)$/.exec(text)!;
  return Number(number) * { '': 1, K: 2 ** 10, M: 2 ** 20, G: GIB }[unit as '' | 'K' | 'M' | 'G'];
}

/** Writes SIZE bytes of mixed traffic of some processes: a tap's capture, a plain one, or one with PKTAP headers. */
async function make(path: string, format: 'pcap' | 'pcapng', linkType: number): Promise<void> {
  const pick = random();
  const distinct = Array.from({ length: DISTINCT }, (_, i) => bytesOf(i, pick));
  const processes = Array.from({ length: PROCESSES }, (_, i) =>
    makeProcess({
      pid: 1000 + i,
      name: `program-${i}`,
      path: `/usr/bin/program-${i}`,
      uid: 1000,
      user: 'user',
    }),
  );
  const file = await createSavefile(path, { format, linkType });
  const packet = new Packet();
  const metadata = new PacketMetadata();
  packet.linkType = LinkType.ETHERNET;
  packet.interface = makeInterface({ name: 'eth0', linkType: LinkType.ETHERNET, snapshotLength: 262_144 });
  packet.metadata = metadata;
  for (let i = 0; file.size < SIZE; i++) {
    packet.buffer = distinct[i % DISTINCT]!;
    packet.capturedLength = packet.length = packet.buffer.length;
    packet.seconds = 1_700_000_000 + Math.floor(i / DISTINCT);
    packet.nanoseconds = (i % DISTINCT) * 200_000;
    metadata.process = processes[pick(PROCESSES)]!;
    metadata.threadId = metadata.process.pid;
    metadata.serviceClass = 0;
    metadata.direction = pick(2) === 0 ? Direction.IN : Direction.OUT;
    // As a tap has it: a flow of each process's.
    metadata.flowId = metadata.process.pid;
    metadata.flags = PacketFlag.SOCKET;
    file.packet(packet);
  }
  file.close();
}

interface Inputs {
  readonly pcapng: string;
  readonly pcap: string;
  readonly tap: string;
}

/** Work for several programs, ours first; each must print the same when it prints anything. */
interface Task {
  readonly name: string;
  readonly input: string;
  readonly commands: { readonly [program: string]: readonly string[] };
  /** Rounds of the slow ones. */
  readonly rounds?: number;
}

function tasks({ pcapng, pcap, tap }: Inputs, out: string): Task[] {
  return [
    {
      name: 'pcapng, a filter that nothing matches',
      input: pcapng,
      commands: {
        pktap: [command, '-r', pcapng, '-Q', 'proc =nobody', '-w', out],
        tcpdump: ['tcpdump', '-r', pcapng, '-w', out, 'tcp dst port 1'],
      },
    },
    {
      name: 'pcapng, copied',
      input: pcapng,
      commands: {
        pktap: [command, '-r', pcapng, '-w', out],
        editcap: ['editcap', pcapng, out],
        tcpdump: ['tcpdump', '-r', pcapng, '-w', out],
      },
    },
    {
      name: 'pcap, copied',
      input: pcap,
      commands: {
        pktap: [command, '-r', pcap, '-w', out],
        editcap: ['editcap', '-F', 'pcap', pcap, out],
        tcpdump: ['tcpdump', '-r', pcap, '-w', out],
      },
    },
    {
      name: 'pcapng, `--count` with a packet filter',
      input: pcapng,
      commands: {
        pktap: [command, '--count', '-r', pcapng, 'tcp and port 9000'],
        tcpdump: ['tcpdump', '--count', '-r', pcapng, 'tcp and port 9000'],
      },
    },
    {
      name: 'pcap, `--count` with a packet filter',
      input: pcap,
      commands: {
        pktap: [command, '--count', '-r', pcap, 'tcp and port 9000'],
        tcpdump: ['tcpdump', '--count', '-r', pcap, 'tcp and port 9000'],
      },
    },
    {
      name: 'pcapng, packets of one process',
      input: pcapng,
      commands: {
        pktap: [command, '--count', '-r', pcapng, '-Q', 'proc =program-7'],
      },
    },
    {
      // Where a tshark of before 4.2 can see processes: in PKTAP headers.
      name: 'pcapng of PKTAP packets, those of one process',
      input: tap,
      rounds: 1,
      commands: {
        pktap: [command, '--count', '-r', tap, '-Q', 'proc =program-7'],
        tshark: ['sh', '-c', 'tshark -r "$0" -Y "$1" | wc -l', tap, 'pktap.cmdname == "program-7"'],
      },
    },
  ];
}

function report(task: Task, costs: { readonly [program: string]: readonly Cost[] }): void {
  const { size } = statSync(task.input);
  const ours = median(costs['pktap']!.map(({ seconds }) => seconds));
  for (const [program, list] of Object.entries(costs)) {
    const seconds = median(list.map((cost) => cost.seconds));
    const memory = Math.max(...list.map((cost) => cost.memory));
    const rate = size / GIB / seconds;
    const times = program === 'pktap' ? '' : (seconds / ours).toFixed(2);
    console.log(
      `| ${task.name} | ${program} | ${seconds.toFixed(2)} s | ${rate.toFixed(2)} GiB/s | ${memory.toFixed(0)} MiB | ${times} |`,
    );
  }
}

const folder = mkdtempSync(join(tmpdir(), 'pktap-bench-'));
try {
  const [pcapng, pcap, header, tap, out] = ['a.pcapng', 'b.pcap', 'c.pcap', 'c.pcapng', 'out'].map((name) =>
    join(folder, name),
  ) as [string, string, string, string, string];
  await make(pcapng, 'pcapng', LinkType.ETHERNET);
  await make(pcap, 'pcap', LinkType.ETHERNET);
  await make(header, 'pcap', LinkType.PKTAP);
  execFileSync('editcap', ['-F', 'pcapng', header, tap]);
  rmSync(header);
  const peer = execFileSync('sh', ['-c', 'tcpdump --version 2>&1 | head -1; tshark --version | head -1'], {
    encoding: 'utf8',
  });
  console.log(`${SIZE} bytes, Node ${process.version}, ${peer.trim().replace('\n', ', ')}\n`);
  console.log('| work | program | time | speed | memory | times as fast |');
  console.log('| --- | --- | --- | --- | --- | --- |');
  for (const task of tasks({ pcapng, pcap, tap }, out)) {
    const costs: { [program: string]: Cost[] } = {};
    for (const program of Object.keys(task.commands)) costs[program] = [];
    for (let round = 0; round < (task.rounds ?? ROUNDS); round++) {
      for (const [program, [name, ...args]] of Object.entries(task.commands)) {
        rmSync(out, { force: true });
        costs[program]!.push(measure(name!, ...args));
      }
    }
    const said = new Set(
      Object.values(costs).flatMap((list) => list.map((cost) => cost.out.replace(/\D/g, ''))),
    );
    if (said.size > 1) throw new Error(`${task.name}: the answers differ: ${[...said].join(', ')}`);
    report(task, costs);
  }
} finally {
  rmSync(folder, { recursive: true });
}
