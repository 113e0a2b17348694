// A process's two blocks: Apple's (dialect 1) and Wireshark's entry right behind it (dialect 3), which has the facts
// Apple's has no room for. What neither has room for goes into the entry's comments, as `Key: value`.

import { type Container, nameBytes, type Process } from '../../packet/index.js';
import { type BlockBuilder, MAXIMUM_OPTION, optionSize, optionText } from './blocks.js';
import * as Format from './format.js';
import { BlockType, EntryOption, ProcessOption } from './format.js';
import { leftoversOf } from './leftovers.js';

type OptionList = [code: number, value: Uint8Array][];

/** The keys of facts in comments. */
const Key = {
  CGROUP: 'Cgroup',
  NETNS: 'NetworkNamespace',
  CONTAINER_ID: 'ContainerID',
  CONTAINER_RUNTIME: 'ContainerRuntime',
  CONTAINER_NAME: 'ContainerName',
  POD: 'Pod',
  POD_NAMESPACE: 'PodNamespace',
} as const;
const KEYED = new RegExp(`^(${Object.values(Key).join('|')}): (.*)$`, 's');

/** Writes both blocks. */
export function writeProcess(block: BlockBuilder, process: Process): void {
  const leftovers = leftoversOf(process);
  const kept = leftovers !== null && leftovers.littleEndian === block.littleEndian ? leftovers : null;
  appleBlock(block, process, kept?.block ?? null);
  if (process.pid >= 0) entryBlock(block, process, kept?.entry ?? null);
}

function appleBlock(block: BlockBuilder, process: Process, leftovers: Uint8Array | null): void {
  const options: OptionList = [];
  if (process.name !== '') options.push([ProcessOption.NAME, optionText(process.name)]);
  if (process.path !== null) options.push([ProcessOption.PATH, optionText(process.path)]);
  if (process.uuid !== null) options.push([ProcessOption.UUID, process.uuid]);
  block.begin(BlockType.PROCESS, Format.FixedLength.PROCESS + size(options) + (leftovers?.length ?? 0) + 4);
  block.u32(process.pid);
  for (const [code, value] of options) block.optionBytes(code, value);
  if (leftovers !== null) block.raw(leftovers);
  block.endOfOptions();
  block.end();
}

function entryBlock(block: BlockBuilder, process: Process, leftovers: Uint8Array | null): void {
  const options: OptionList = [];
  const text = (code: number, value: string | null): void => {
    if (value !== null) options.push([code, optionText(value)]);
  };
  if (process.name !== '') text(EntryOption.NAME, process.name);
  text(EntryOption.PATH, process.path);
  if (process.args !== null) options.push([EntryOption.ARGUMENTS, argumentBytes(process.args)]);
  if (process.parentPid !== null) options.push([EntryOption.PARENT_PID, u32(process.parentPid)]);
  if (process.uid !== null) options.push([EntryOption.USER_ID, u32(process.uid)]);
  text(EntryOption.USER_NAME, process.user);
  if (process.uuid !== null) options.push([EntryOption.UUID, process.uuid]);
  if (process.startTime !== null) options.push([EntryOption.START_TIME, u64(process.startTime)]);
  text(EntryOption.COMMENT, process.comment);
  for (const [key, value] of keyedFacts(process)) text(EntryOption.COMMENT, `${key}: ${value}`);
  const length = 4 + size(options) + (leftovers?.length ?? 0) + 4;
  block.begin(BlockType.CUSTOM, 12 + length);
  block.u32(Format.WIRESHARK_ENTERPRISE);
  // From here on little-endian, whatever the section.
  const { littleEndian } = block;
  block.littleEndian = true;
  block.u32(Format.WIRESHARK_PROCESS_ENTRY);
  block.u32(length);
  block.u32(process.pid);
  for (const [code, value] of options) block.optionBytes(code, value);
  if (leftovers !== null) block.raw(leftovers);
  block.endOfOptions();
  block.littleEndian = littleEndian;
  block.end();
}

function keyedFacts(process: Process): [key: string, value: string][] {
  const { container } = process;
  const facts: [string, string | null][] = [
    [Key.CGROUP, process.cgroup],
    [Key.NETNS, process.netns === null ? null : String(process.netns)],
    [Key.CONTAINER_ID, container?.id ?? null],
    [Key.CONTAINER_RUNTIME, container?.runtime ?? null],
    [Key.CONTAINER_NAME, container?.name ?? null],
    [Key.POD, container?.pod ?? null],
    [Key.POD_NAMESPACE, container?.namespace ?? null],
  ];
  return facts.filter((fact): fact is [string, string] => fact[1] !== null);
}

/**
 * Takes the facts that stand in comments.
 * @param comments of a process entry
 * @param facts gets them; what is no fact becomes its comment
 */
export function takeKeyedFacts(
  comments: readonly string[],
  facts: { -readonly [K in keyof Process]?: Process[K] },
): void {
  const found = new Map<string, string>();
  const rest: string[] = [];
  for (const comment of comments) {
    const match = KEYED.exec(comment);
    if (match === null) rest.push(comment);
    else found.set(match[1]!, match[2]!);
  }
  if (rest.length > 0) facts.comment = rest.join('\n');
  facts.cgroup = found.get(Key.CGROUP) ?? null;
  const netns = found.get(Key.NETNS);
  facts.netns = netns !== undefined && /^\d{1,15}$/.test(netns) ? Number(netns) : null;
  const id = found.get(Key.CONTAINER_ID);
  if (id === undefined) return;
  const container: Container = {
    id,
    runtime: found.get(Key.CONTAINER_RUNTIME) ?? '',
    name: found.get(Key.CONTAINER_NAME) ?? null,
    pod: found.get(Key.POD) ?? null,
    namespace: found.get(Key.POD_NAMESPACE) ?? null,
  };
  facts.container = container;
}

function size(options: OptionList): number {
  return options.reduce((sum, [, value]) => sum + optionSize(value.length), 0);
}

/** Arguments joined by NUL; whole arguments only when they do not all fit. */
function argumentBytes(args: readonly string[]): Uint8Array {
  const bytes = nameBytes(args.join('\0'));
  if (bytes.length <= MAXIMUM_OPTION) return bytes;
  const end = bytes.lastIndexOf(0, MAXIMUM_OPTION);
  return bytes.subarray(0, end <= 0 ? MAXIMUM_OPTION : end);
}

function u32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value | 0);
  return bytes;
}

function u64(value: bigint): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, value));
  return bytes;
}
