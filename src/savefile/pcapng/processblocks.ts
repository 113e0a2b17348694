// The blocks of a process that is written. Apple's (dialect 1) has places for name, UUID and path; all else that is known goes into
// an option of ours there, which other programs pass over. Wireshark's entry (dialect 3), which its releases before 5.1 show as a row of
// its own, is written right behind it where it is asked for, and has the facts then.

import type { Process } from '../../packet/index.js';
import { type BlockBuilder, optionSize, optionText } from './blocks.js';
import * as Format from './format.js';
import { BlockType, FACTS_MAGIC, ProcessOption } from './format.js';
import { leftoversOf } from './leftovers.js';
import { Options } from './options.js';
import { entryFacts, furtherFacts, type OptionList } from './processfacts.js';

/** Bytes of the list of facts in one option of ours; a longer list goes on in the next. */
const PIECE = 65_520;

/**
 * Writes what there is to say of a process.
 * @param entries whether Wireshark's entry is written too
 */
export function writeProcess(block: BlockBuilder, process: Process, entries: boolean): void {
  const leftovers = leftoversOf(process);
  const kept = leftovers !== null && leftovers.littleEndian === block.littleEndian ? leftovers : null;
  const entry = entries && process.pid >= 0;
  const further = entry
    ? null
    : factBytes(
        furtherFacts(process, !hasComment(kept?.block ?? null, block.littleEndian)),
        kept?.entry ?? null,
      );
  appleBlock(block, process, kept?.block ?? null, further);
  if (entry) entryBlock(block, process, kept?.entry ?? null);
}

/** Wireshark 4.6 stops reading at an option that it does not know, and it does not know the path: what it knows comes first. */
function appleBlock(
  block: BlockBuilder,
  process: Process,
  leftovers: Uint8Array | null,
  further: Uint8Array | null,
): void {
  const options: OptionList = [];
  if (process.name !== '') options.push([ProcessOption.NAME, optionText(process.name)]);
  if (process.uuid !== null) options.push([ProcessOption.UUID, process.uuid]);
  if (process.path !== null) options.push([ProcessOption.PATH, optionText(process.path)]);
  for (let at = 0; further !== null && at < further.length; at += PIECE)
    options.push([ProcessOption.FACTS, Buffer.concat([FACTS_MAGIC, further.subarray(at, at + PIECE)])]);
  block.begin(BlockType.PROCESS, Format.FixedLength.PROCESS + size(options) + (leftovers?.length ?? 0) + 4);
  block.u32(process.pid);
  for (const [code, value] of options) block.optionBytes(code, value);
  if (leftovers !== null) block.raw(leftovers);
  block.endOfOptions();
  block.end();
}

function entryBlock(block: BlockBuilder, process: Process, leftovers: Uint8Array | null): void {
  const options = factBytes(entryFacts(process), leftovers);
  const length = 4 + options.length + 4;
  block.begin(BlockType.CUSTOM, 12 + length);
  block.u32(Format.WIRESHARK_ENTERPRISE);
  // From here on little-endian, whatever the section.
  const { littleEndian } = block;
  block.littleEndian = true;
  block.u32(Format.WIRESHARK_PROCESS_ENTRY);
  block.u32(length);
  block.u32(process.pid);
  block.raw(options);
  block.endOfOptions();
  block.littleEndian = littleEndian;
  block.end();
}

/** Whether what a process's block said besides has its comment. */
function hasComment(options: Uint8Array | null, littleEndian: boolean): boolean {
  if (options === null) return false;
  const view = new DataView(options.buffer, options.byteOffset, options.length);
  for (const list = new Options().begin(options, view, 0, options.length, littleEndian); list.next(); )
    if (list.code === Format.Option.COMMENT) return true;
  return false;
}

/** A list of facts, little-endian, without its end. @param leftovers what its file said besides, in the same form */
function factBytes(options: OptionList, leftovers: Uint8Array | null): Uint8Array {
  const bytes = Buffer.alloc(size(options) + (leftovers?.length ?? 0));
  let at = 0;
  for (const [code, value] of options) {
    bytes.writeUInt16LE(code, at);
    bytes.writeUInt16LE(value.length, at + 2);
    bytes.set(value, at + 4);
    at += optionSize(value.length);
  }
  if (leftovers !== null) bytes.set(leftovers, at);
  return bytes;
}

function size(options: OptionList): number {
  return options.reduce((sum, [, value]) => sum + optionSize(value.length), 0);
}
