// Constant churn of processes under two captures: does their memory stay flat, and is anything left in the kernel?

import { readdirSync, readFileSync } from 'node:fs';
import { objectExists } from '../../src/system/bpf.js';
import { end, World } from './world.js';

export interface Soak {
  /** Resident kilobytes, one number a round: of a capture that writes a file, and of one that prints. */
  readonly writing: readonly number[];
  readonly printing: readonly number[];
  /** Packets of both, and those that a ring had no room for. */
  readonly packets: number;
  readonly lost: number;
  /** eBPF programs, maps and links that the captures had, as `prog_id 7`, and which of them are there afterwards. */
  readonly held: readonly string[];
  readonly left: readonly string[];
}

const residentOf = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]);

const EBPF_ID = /^(prog_id|map_id|link_id):\s+(\d+)$/gm;

function objectsOf(pid: number): string[] {
  const texts = readdirSync(`/proc/${pid}/fdinfo`).map((fd) =>
    readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8'),
  );
  return [
    ...new Set(texts.flatMap((text) => [...text.matchAll(EBPF_ID)].map(([, kind, id]) => `${kind} ${id}`))),
  ];
}

function isLeft(object: string): boolean {
  const [kind, id] = object.split(' ') as ['prog_id' | 'map_id' | 'link_id', string];
  return objectExists(kind, Number(id));
}

/**
 * @param seconds how long; each round of all kinds of senders takes some two
 * @param report called after each round
 */
export async function soak(seconds: number, report: (round: string) => void = () => {}): Promise<Soak> {
  const writing: number[] = [];
  const printing: number[] = [];
  const world = await World.open();
  let counts: string[];
  let held: string[];
  try {
    const captures = [
      await world.capture(['-i', 'pktap,all', '-s', '128', '-w', '/dev/null']),
      await world.capture(['-i', 'pktap,all', '-s', '128', '-kn']),
    ] as const;
    captures[1].stdout!.resume();
    const stop = performance.now() + seconds * 1000;
    while (performance.now() < stop) {
      const senders = await world.senders(1);
      await senders.go();
      writing.push(residentOf(captures[0].pid!));
      printing.push(residentOf(captures[1].pid!));
      report(`round ${writing.length}: ${writing.at(-1)} kB writing, ${printing.at(-1)} kB printing`);
    }
    held = captures.flatMap((capture) => objectsOf(capture.pid!));
    counts = await Promise.all(captures.map(end));
  } finally {
    world.close();
  }
  // Sockets and programs go with a grace period of the kernel's.
  await new Promise((done) => setTimeout(done, 1000));
  const sum = (pattern: RegExp): number =>
    counts.reduce((total, text) => total + Number(pattern.exec(text)![1]), 0);
  return {
    writing,
    printing,
    packets: sum(/(\d+) packets? captured/),
    lost: sum(/(\d+) packets? dropped by kernel/),
    held,
    left: held.filter(isLeft),
  };
}
