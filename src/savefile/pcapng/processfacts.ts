// Facts of a process as a list of options, which Wireshark's process entries are made of (dialect 3) and Apple's blocks carry in one
// option of ours. What the list has no option for goes into its comments, as `Key: value`. All of it is little-endian.

import { type Container, nameBytes, type Process } from '../../packet/index.js';
import { MAXIMUM_OPTION, optionText } from './blocks.js';
import { EntryOption } from './format.js';
import type { Options } from './options.js';

export type OptionList = [code: number, value: Uint8Array][];
export type Facts = { -readonly [K in keyof Process]?: Process[K] };

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

/** What only an entry says: Apple's block has places of its own for these. */
function identity(process: Process): OptionList {
  const options: OptionList = [];
  if (process.name !== '') options.push([EntryOption.NAME, optionText(process.name)]);
  if (process.path !== null) options.push([EntryOption.PATH, optionText(process.path)]);
  if (process.uuid !== null) options.push([EntryOption.UUID, process.uuid]);
  return options;
}

/** All that an entry says of a process besides its ID. */
export function entryFacts(process: Process): OptionList {
  return [...identity(process), ...furtherFacts(process)];
}

/** What Apple's block has no place for. @param commented whether its comment is one of these */
export function furtherFacts(process: Process, commented = true): OptionList {
  const options: OptionList = [];
  const text = (code: number, value: string | null): void => {
    if (value !== null) options.push([code, optionText(value)]);
  };
  if (process.args !== null) options.push([EntryOption.ARGUMENTS, argumentBytes(process.args)]);
  if (process.parentPid !== null) options.push([EntryOption.PARENT_PID, u32(process.parentPid)]);
  if (process.uid !== null) options.push([EntryOption.USER_ID, u32(process.uid)]);
  text(EntryOption.USER_NAME, process.user);
  if (process.startTime !== null) options.push([EntryOption.START_TIME, u64(process.startTime)]);
  if (commented) text(EntryOption.COMMENT, process.comment);
  for (const [key, value] of keyedFacts(process)) text(EntryOption.COMMENT, `${key}: ${value}`);
  return options;
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
 * Takes in a list of facts.
 * @param options at the list's beginning
 * @param facts gets them
 * @returns options that Process has no word for, as they lie in the list
 */
export function takeFacts(options: Options, facts: Facts): Uint8Array {
  const comments: string[] = [];
  const other: Uint8Array[] = [];
  while (options.next()) {
    switch (options.code) {
      case EntryOption.COMMENT:
        comments.push(options.text());
        break;
      case EntryOption.NAME:
        facts.name = options.text();
        break;
      case EntryOption.PATH:
        facts.path = options.text();
        break;
      case EntryOption.ARGUMENTS:
        facts.args = options.texts();
        break;
      case EntryOption.PARENT_PID:
        facts.parentPid = options.u32();
        break;
      case EntryOption.USER_ID:
        facts.uid = options.u32();
        break;
      case EntryOption.USER_NAME:
        facts.user = options.text();
        break;
      case EntryOption.UUID:
        if (options.length === 16) facts.uuid = options.bytes();
        break;
      case EntryOption.START_TIME:
        facts.startTime = options.u64();
        break;
      default:
        other.push(options.whole());
    }
  }
  takeKeyedFacts(comments, facts);
  return Buffer.concat(other);
}

/** Takes the facts that stand in comments; what is no fact becomes the process's comment. */
function takeKeyedFacts(comments: readonly string[], facts: Facts): void {
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
