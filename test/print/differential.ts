// Prints generated packets with the installed tcpdump and with us, and tells where the texts differ.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { normalise } from './differences.js';
import { type Generated, type Generators, type PcapRecord, Random, writePcap } from './generator.js';
import { printFile } from './run.js';

/** Options every packet is printed with. */
export const OPTION_SETS: readonly (readonly string[])[] = [
  ['-n'],
  ['-n', '-v'],
  ['-n', '-vv', '-e'],
  ['-n', '-vvv', '-g'],
  ['-n', '-q'],
];

/** Another tcpdump than the installed one, and what we need beside its options to print the same. */
export interface Other {
  readonly tcpdump: string;
  readonly ours: readonly string[];
}

export interface Mismatch {
  readonly options: readonly string[];
  readonly name: string;
  /** The packet and how much of it was captured. */
  readonly hex: string;
  readonly captured: number;
  readonly tcpdump: string;
  readonly ours: string;
}

/** @returns whether there is a tcpdump to compare with */
export function tcpdumpInstalled(): boolean {
  try {
    return /^tcpdump version 4\.99/m.test(execFileSync('tcpdump', ['--version'], { encoding: 'utf8' }));
  } catch {
    return false;
  }
}

/** Bytes that no terminal should get, as tcpdump shows them elsewhere: its printer of SMB shows names as they are. */
function escaped(text: string): string {
  return text.replace(/[^\t\n -~]/g, (character) => {
    const code = character.charCodeAt(0);
    const low = code & 0x7f;
    const shown =
      low < 0x20 || low === 0x7f ? `^${String.fromCharCode(low ^ 0x40)}` : String.fromCharCode(low);
    return code >= 0x80 ? `M-${shown}` : shown;
  });
}

/** Text by packet: `-#` puts the number in front. */
function byPacket(text: string): Map<number, string> {
  const packets = new Map<number, string>();
  let number = 0;
  for (const line of text.split('\n')) {
    const match = /^ *(\d+) {2}(.*)$/s.exec(line);
    if (match !== null && Number(match[1]) === number + 1) {
      number++;
      packets.set(number, match[2]!);
    } else if (number > 0 && line !== '') {
      packets.set(number, `${packets.get(number)}\n${line}`);
    }
  }
  return packets;
}

interface Made extends PcapRecord {
  readonly name: string;
}

/**
 * Compares the text of packets of every generator.
 * @param count packets of each generator printed whole
 * @param cut packets of each generator printed with every captured length
 * @param only names of generators, all when empty
 */
export async function compare(
  generators: Generators,
  seed: number,
  count: number,
  cut: number,
  only: readonly string[] = [],
  optionSets = OPTION_SETS,
  other?: Other,
): Promise<Mismatch[]> {
  const byLink = new Map<number, Made[]>();
  for (const [name, generate] of Object.entries(generators)) {
    if (only.length > 0 && !only.includes(name)) continue;
    const random = new Random(seed);
    for (let i = 0; i < count; i++) {
      const made = generate(random);
      const packet: Generated = made instanceof Uint8Array ? { linkType: 1, bytes: made } : made;
      const list = byLink.get(packet.linkType) ?? [];
      byLink.set(packet.linkType, list);
      const record = { name, bytes: packet.bytes, length: packet.length ?? packet.bytes.length };
      list.push({ ...record, captured: packet.bytes.length });
      if (i >= cut) continue;
      for (let captured = 1; captured < packet.bytes.length; captured++) list.push({ ...record, captured });
    }
  }
  const folder = mkdtempSync(join(tmpdir(), 'pktap-differential-'));
  const mismatches: Mismatch[] = [];
  try {
    for (const [linkType, records] of byLink) {
      const file = join(folder, `${linkType}.pcap`);
      writePcap(file, linkType, records);
      for (const options of optionSets) await compareFile(file, records, options, mismatches, other);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return mismatches;
}

/** What tcpdump and we print of a file's packets, by their numbers, the known differences rewritten. */
export async function bothTexts(
  file: string,
  options: readonly string[],
  other?: Other,
): Promise<{ theirs: Map<number, string>; ours: Map<number, string> }> {
  // 4.99 knows no -g.
  const theirOptions = options.filter((option) => option !== '-g');
  // No time stamps, unless the options are about them.
  const stamps = options.some((option) => /^-(t+|-micro|-nano)$/.test(option)) ? [] : ['-t'];
  const printed = execFileSync(other?.tcpdump ?? 'tcpdump', ['-#', ...stamps, '-r', file, ...theirOptions], {
    encoding: 'latin1',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, TZ: 'GMT0' },
  });
  const theirs = byPacket(other === undefined ? printed : escaped(printed));
  const ours = byPacket(await printFile(file, ['-#', ...stamps, ...options, ...(other?.ours ?? [])]));
  // Nearly every text is the same as it is, and needs no rewriting.
  for (const [number, text] of ours) {
    const expected = theirs.get(number);
    if (expected === undefined || text === expected) continue;
    theirs.set(number, normalise(expected, false));
    ours.set(number, normalise(text, true));
  }
  return { theirs, ours };
}

async function compareFile(
  file: string,
  records: readonly Made[],
  options: readonly string[],
  mismatches: Mismatch[],
  other?: Other,
): Promise<void> {
  const { theirs, ours } = await bothTexts(file, options, other);
  const oneLine = options.includes('-g');
  records.forEach((record, i) => {
    let expected = theirs.get(i + 1) ?? '';
    let got = ours.get(i + 1) ?? '';
    if (oneLine) {
      expected = expected.replace(/\s+/g, ' ');
      got = got.replace(/\s+/g, ' ');
    }
    if (expected === got) return;
    mismatches.push({
      options,
      name: record.name,
      hex: Buffer.from(record.bytes).toString('hex'),
      captured: record.captured,
      tcpdump: expected,
      ours: got,
    });
  });
}

/** Every generator of generators/, by file name. */
export async function allGenerators(): Promise<Map<string, Generators>> {
  const folder = new URL('./generators/', import.meta.url);
  const found = new Map<string, Generators>();
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith('.js')) continue;
    const module = (await import(new URL(file, folder).href)) as { generators: Generators };
    found.set(file.slice(0, -3), module.generators);
  }
  return found;
}
