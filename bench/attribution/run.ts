// One run: the generator under two captures, one without a filter and one for a single process.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Direction } from '../../src/packet/index.js';
import { openSavefile } from '../../src/savefile/index.js';
import { type Judgement, judge } from './judge.js';
import { end, kindsOfSenders, World } from './world.js';

/** The process that the second capture filters by, in the kernel. */
export const FILTERED = 'gt-conn';

export interface Run {
  readonly judgement: Judgement;
  /** Processes that the machine started meanwhile. */
  readonly processes: number;
  readonly seconds: number;
  /** Packets that the ring had no room for. */
  readonly lost: number;
  /** The filtered process's packets as each capture has them: interface, direction, bytes. */
  readonly unfiltered: readonly string[];
  readonly filtered: readonly string[];
}

/**
 * Runs the generator under two captures and judges what they say.
 * @param scale how much is sent: 1 is some 36,000 packets
 */
export async function run(scale: number, environment: NodeJS.ProcessEnv = {}): Promise<Run> {
  const directory = mkdtempSync(join(tmpdir(), 'pktap-truth-'));
  const all = join(directory, 'all.pcapng');
  const one = join(directory, 'one.pcapng');
  const world = await World.open();
  try {
    const senders = await world.senders(scale);
    const args = ['-i', 'pktap,all', '-B', '65536', '-s', '320'];
    const captures = await Promise.all([
      world.capture([...args, '-w', all], environment),
      world.capture([...args, '-Q', `proc=${FILTERED}`, '-w', one], environment),
    ]);
    const before = processesSoFar();
    const start = performance.now();
    await senders.go();
    const seconds = (performance.now() - start) / 1000;
    const processes = processesSoFar() - before;
    await new Promise((done) => setTimeout(done, 300));
    const counts = await Promise.all(captures.map(end));
    return {
      judgement: await judge(all, kindsOfSenders()),
      processes,
      seconds,
      lost: counts.reduce((sum, text) => sum + Number(/(\d+) packets? dropped by kernel/.exec(text)![1]), 0),
      unfiltered: await packetsOf(all, FILTERED),
      filtered: await packetsOf(one, null),
    };
  } finally {
    world.close();
    rmSync(directory, { recursive: true });
  }
}

function processesSoFar(): number {
  return Number(/^processes (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))![1]);
}

async function packetsOf(path: string, name: string | null): Promise<string[]> {
  const packets: string[] = [];
  const source = await openSavefile(path);
  await source.run((packet) => {
    const metadata = packet.metadata!;
    if (name !== null && metadata.process?.name !== name) return true;
    const direction = metadata.direction === Direction.OUT ? 'out' : 'in';
    packets.push(`${packet.interface?.name} ${direction} ${Buffer.from(packet.data).toString('hex')}`);
    return true;
  });
  source.close();
  return packets;
}
