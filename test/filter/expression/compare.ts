// Random filters over random packets of every link type that filters know: what we take, what libpcap's own interpreter takes,
// packet by packet, and what tcpdump counts.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileAsTcpdump, compileExpression, dumpProgram } from '../../../src/filter/index.js';
import { Random } from '../../print/generator.js';
import { expression } from './grammar.js';
import { type Reference, ReferenceFile } from './libpcap.js';
import { askTcpdump } from './oracle.js';
import { type FilePacket, LINK_TYPES, packetsOf, pcapOf } from './packets.js';

const SNAPSHOT_LENGTH = 65535;
const PACKETS = 60;
const OPTIONS = { snapshotLength: SNAPSHOT_LENGTH, optimize: true } as const;

interface Case {
  readonly linkType: number;
  readonly order: 'little' | 'big';
  readonly text: string;
  readonly file: string;
}

export interface Compared {
  asked: number;
  linkTypes: number;
  /** Those that some but not all packets were taken by, and those that libpcap has an error for. */
  telling: number;
  refused: number;
  /** Run unoptimized. */
  unoptimized: number;
  /** Whose result libpcap leaves open. */
  undefined: number;
  /** Where libpcap's optimizer made a difference: unoptimized it agrees. */
  readonly optimizer: string[];
  /** Everything else. */
  readonly differences: string[];
}

/** What we and libpcap say of one filter. */
interface Judged extends Case {
  readonly error: string | null;
  readonly count: number;
  /** Whether tcpdump's count can be foretold. */
  readonly sure: boolean;
  readonly dump: string;
}

function judge(one: Case, packets: readonly FilePacket[], file: ReferenceFile, into: Compared): Judged {
  const { linkType, order, text } = one;
  const bigEndian = order === 'big';
  const where = `${linkType} ${order}: ${text}`;
  const raw = file.compile(text, false);
  const optimized = file.compile(text, true);
  let error: string | null = null;
  let count = 0;
  let dump = '';
  try {
    const { matchesBytes } = compileExpression(text, { linkType, bigEndian, ...OPTIONS });
    const answers = packets.map(({ bytes, captured, length }) => matchesBytes(bytes, 0, captured, length));
    const isLike = (reference: Reference): boolean =>
      packets.every(
        ({ bytes, captured, length }, i) => answers[i] === reference.matches(bytes, captured, length),
      );
    count = answers.filter((answer) => answer).length;
    if (!isLike(optimized) && !isLike(raw) && !raw.undefined)
      into.differences.push(`${where}: unlike both of libpcap's programs`);
  } catch (thrown) {
    error = (thrown as Error).message;
  }
  const theirs = packets.filter(({ bytes, captured, length }) => optimized.matches(bytes, captured, length));
  if (optimized.error !== error)
    into.differences.push(`${where}: ${error ?? 'no error'}, not ${optimized.error ?? 'none'}`);
  else if (raw.undefined) into.undefined++;
  else if (theirs.length !== count) into.optimizer.push(`${where}: ${count}, not ${theirs.length}`);
  if (error !== null) into.refused++;
  else if (count > 0 && count < packets.length) into.telling++;
  if (optimized.error === null) {
    const from = { kind: 'file', linkType, bigEndian } as const;
    const { program, runs } = compileAsTcpdump(text, from, { ...OPTIONS, netmask: 0 });
    if (!runs) into.unoptimized++;
    dump = dumpProgram(program, 1).trimEnd();
    if (dump !== optimized.dump) into.differences.push(`${where}: -d is not libpcap's program`);
  }
  return { ...one, error, count: theirs.length, sure: !raw.undefined, dump };
}

/** Asks tcpdump itself what it counts, and what it prints for -d. */
async function askToo(judged: readonly Judged[], into: Compared): Promise<void> {
  const question = ({ file, text }: Judged): { file: string; expression: string } => ({
    file,
    expression: text,
  });
  const counts = await askTcpdump(judged.map((one) => ({ ...question(one), flags: ['--count'] })));
  const dumps = await askTcpdump(judged.map((one) => ({ ...question(one), flags: ['-d'] })));
  judged.forEach((one, i) => {
    const where = `${one.linkType} ${one.order}: ${one.text}`;
    const { status, out, error } = counts[i]!;
    const said = status === 0 ? String(Number.parseInt(out, 10)) : error;
    const mine = one.error ?? String(one.count);
    if (said !== mine && one.sure) into.differences.push(`${where}: ${mine}, tcpdump: ${said}`);
    if (dumps[i]!.out !== one.dump) into.differences.push(`${where}: -d is not tcpdump's`);
  });
}

/**
 * @param each expressions for each link type and byte order
 * @param share tcpdump itself is asked for one of so many; 0: for none
 */
export async function compareFilters(seed: number, each: number, share: number): Promise<Compared> {
  const folder = mkdtempSync(join(tmpdir(), 'pktap-filters-'));
  const random = new Random(seed);
  const into: Compared = {
    asked: 0,
    linkTypes: LINK_TYPES.length,
    telling: 0,
    refused: 0,
    unoptimized: 0,
    undefined: 0,
    optimizer: [],
    differences: [],
  };
  const judged: Judged[] = [];
  try {
    for (const linkType of LINK_TYPES) {
      for (const order of ['little', 'big'] as const) {
        const packets = packetsOf(random, linkType, order, PACKETS);
        const file = join(folder, `${linkType}-${order}.pcap`);
        writeFileSync(file, pcapOf(linkType, order, packets));
        const reference = new ReferenceFile(file);
        const isRight = (text: string): boolean => reference.compile(text, false).error === null;
        for (let i = 0; i < each; i++) {
          const text = expression(random, linkType, isRight);
          const one = judge({ linkType, order, text, file }, packets, reference, into);
          if (share > 0 && into.asked % share === 0) judged.push(one);
          into.asked++;
        }
        reference.close();
      }
    }
    await askToo(judged, into);
  } finally {
    rmSync(folder, { recursive: true });
  }
  return into;
}
