// How fast packets are printed, beside tcpdump and tshark, in turns, in one run. ROUNDS, PACKETS: less work.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { LinkType } from '../src/packet/index.js';
import { makeCapture, makePcap } from './captures.js';
import { compare, HEADING, report, silent, type Task } from './compare.js';
import { machine } from './measure.js';

const ROUNDS = Number(process.env['ROUNDS'] ?? 5);
const PACKETS = Number(process.env['PACKETS'] ?? 1_000_000);
const command = resolve('bin/pktap');

/** Printing on both processors, and on one alone. */
function printing(work: string, file: string): Task {
  return {
    name: `\`${work}\``,
    amount: PACKETS,
    goals: { pktap: 3, 'pktap, one processor': 2 },
    commands: {
      pktap: silent(command, work, file),
      'pktap, one processor': silent('taskset', '-c', '0', command, work, file),
      tcpdump: silent('tcpdump', work, file),
    },
  };
}

/** Interface, process, service class and direction of each packet: where a tshark of before 4.2 sees them. */
function metadata(pcapng: string, tap: string): Task {
  const fields = [
    'frame.time',
    'pktap.ifname',
    'pktap.cmdname',
    'pktap.pid',
    'pktap.svc_class',
    'pktap.flags',
  ];
  const columns = [...fields, '_ws.col.Source', '_ws.col.Destination', '_ws.col.Info'];
  return {
    name: '`-knr` of a pcapng, processes and packets',
    amount: PACKETS,
    goals: { pktap: 20 },
    rounds: 1,
    commands: {
      pktap: silent(command, '-knr', pcapng),
      tshark: silent('tshark', '-n', '-r', tap, '-T', 'fields', ...columns.flatMap((name) => ['-e', name])),
    },
  };
}

const folder = mkdtempSync(join(tmpdir(), 'pktap-bench-'));
try {
  const [pcap, pcapng, header, tap] = ['a.pcap', 'a.pcapng', 'b.pcap', 'b.pcapng'].map((name) =>
    join(folder, name),
  ) as [string, string, string, string];
  makePcap(pcap, PACKETS);
  const enough = (packets: number): boolean => packets >= PACKETS;
  await makeCapture(pcapng, 'pcapng', LinkType.ETHERNET, enough);
  await makeCapture(header, 'pcap', LinkType.PKTAP, enough);
  execFileSync('editcap', ['-F', 'pcapng', header, tap], { stdio: 'ignore' });
  rmSync(header);
  console.log(`## Printing ${PACKETS} packets of mixed traffic to /dev/null\n\n${machine()}\n\n${HEADING}`);
  const tasks = ['-nr', '-nqr', '-nvr', '-ner', '-nxr'].map((work) => printing(work, pcap));
  for (const task of [...tasks, metadata(pcapng, tap)]) {
    console.log(report(compare(task, ROUNDS), (perSecond) => `${(perSecond / 1e6).toFixed(2)} M/s`));
  }
} finally {
  rmSync(folder, { recursive: true });
}
