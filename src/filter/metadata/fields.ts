// The fields of metadata filters: one entry for each. What a value may be, how a packet is asked, and what the kernel knows.

import { type Packet, packetFlagByName, serviceClassByName } from '../../packet/index.js';
import { namespaceNumber, userIds } from '../../system/index.js';
import { PACKET_FACTS } from './layouts.js';
import {
  interfaceMatches,
  isBelow,
  nameMatches,
  ofProcess,
  processText,
  reasonOf,
  treeOf,
  unitName,
  unitsOf,
} from './matching.js';
import type { Field, KernelAnswer, KernelTest, Term } from './node.js';

/** The tree of the command that is run and captured: no process has this ID. */
export const COMMAND_TREE = 0;

const LINK_TYPES: { readonly [name: string]: number } = { NULL: 0, EN10MB: 1, ETHER: 1, PPP: 9, RAW: 101 };
const DIRECTIONS: { readonly [word: string]: number } = { in: 1, out: 2 };
const NUMBER = /^(0x[0-9a-fA-F]+|\d+)$/;
const MOST = 0xffffffff;

/** A number of 32 bits. */
function number(text: string): number | null {
  return NUMBER.test(text) && Number(text) <= MOST ? Number(text) : null;
}

/** What the kernel answers by a fact of each packet. */
function fact(offset: number, compare: KernelTest['compare'] = 'unlessUnknown'): KernelAnswer {
  const test = { offset, compare };
  return {
    ask: (term) => (term.pattern !== null ? 'maybe' : { test, term }),
    whole: ({ pattern }) => pattern === null,
  };
}

/** What the kernel answers for a hook as a whole. */
function ofHook(ask: (...args: Parameters<KernelAnswer['ask']>) => boolean): KernelAnswer {
  return { ask, whole: () => true };
}

function isInterface({ pattern, values }: Term, name: string): boolean {
  return pattern !== null ? pattern.test(name) : values.some((value) => interfaceMatches(name, value));
}

function isHost({ pattern, values }: Term, host: string | null): boolean {
  const name = host ?? '';
  return pattern !== null ? pattern.test(name) : values.includes(name);
}

/** A number of the packet's metadata. */
function ofMetadata(
  of: (metadata: NonNullable<Packet['metadata']>) => number,
): (term: Term) => (packet: Packet) => boolean {
  return ({ numbers }) =>
    ({ metadata }) =>
      metadata !== null && numbers.includes(of(metadata));
}

const uidTest = fact(PACKET_FACTS.UID);

/** Fields Apple knows, and ours after `flowid`. */
const FIELDS: readonly Field[] = [
  {
    name: 'if',
    text: true,
    kernel: ofHook((term, hook) => isInterface(term, hook.interface.name)),
    compile: (term) => (packet) => isInterface(term, packet.interface?.name ?? ''),
  },
  {
    name: 'proc',
    listed: 'process.name',
    text: true,
    ofOwner: true,
    kernel: fact(PACKET_FACTS.COMM, 'name'),
    compile: (term) => ofProcess('process', (process) => nameMatches(term, process?.name ?? '')),
  },
  {
    name: 'pid',
    listed: 'process.pid',
    text: false,
    number,
    ofOwner: true,
    kernel: fact(PACKET_FACTS.PID),
    compile: ({ numbers }) =>
      ofProcess('process', (process) => process !== null && numbers.includes(process.pid)),
  },
  {
    name: 'svc',
    listed: 'pktap.svc',
    text: false,
    number: serviceClassByName,
    kernel: fact(PACKET_FACTS.SERVICE_CLASS),
    compile: ofMetadata(({ serviceClass }) => serviceClass),
  },
  {
    name: 'dir',
    listed: 'frame.dir',
    text: false,
    number: (text) => DIRECTIONS[text.toLowerCase()] ?? null,
    kernel: ofHook(({ numbers }, { direction }) => numbers.includes(DIRECTIONS[direction]!)),
    compile: ofMetadata(({ direction }) => direction),
  },
  {
    name: 'eproc',
    listed: 'eprocess.name',
    text: true,
    compile: (term) => ofProcess('effectiveProcess', (process) => nameMatches(term, process?.name ?? '')),
  },
  {
    name: 'epid',
    listed: 'eprocess.pid',
    text: false,
    number,
    kernel: fact(PACKET_FACTS.EFFECTIVE_PID),
    compile: ({ numbers }) =>
      ofProcess('effectiveProcess', (process) => process !== null && numbers.includes(process.pid)),
  },
  {
    name: 'dlt',
    text: false,
    number: (text) => LINK_TYPES[text.toUpperCase()] ?? (NUMBER.test(text) ? Number(text) : null),
    kernel: ofHook(({ numbers }, hook) => numbers.includes(hook.interface.linkType)),
    compile:
      ({ numbers }) =>
      (packet) =>
        numbers.includes(packet.linkType),
  },
  {
    name: 'flowid',
    listed: 'pktap.flowid',
    text: false,
    number,
    kernel: fact(PACKET_FACTS.FLOW_ID, 'equal'),
    compile: ofMetadata(({ flowId }) => flowId),
  },
  {
    name: 'uid',
    listed: 'process.uid',
    text: false,
    number,
    ofOwner: true,
    kernel: uidTest,
    compile: ({ numbers }) => ofProcess('process', (process) => numbers.includes(process?.uid ?? -1)),
  },
  {
    name: 'user',
    listed: 'process.user',
    text: true,
    ofOwner: true,
    kernel: {
      // The kernel knows users by number; '' is one without a name.
      ask: (term, hook) =>
        term.pattern !== null || term.values.includes('')
          ? 'maybe'
          : uidTest.ask({ ...term, numbers: term.values.flatMap(userIds) }, hook),
      whole: ({ pattern, values }) => pattern === null && !values.includes(''),
    },
    compile: processText((process) => process?.user),
  },
  {
    name: 'ppid',
    listed: 'process.ppid',
    text: false,
    number,
    kernel: fact(PACKET_FACTS.PPID),
    compile: ({ numbers }) => ofProcess('process', (process) => numbers.includes(process?.parentPid ?? -1)),
  },
  { name: 'exe', text: true, compile: processText((process) => process?.path) },
  { name: 'cmd', text: true, compile: processText((process) => process?.args?.join(' ')) },
  {
    name: 'container',
    text: true,
    compile: ({ pattern, values }) =>
      ofProcess('process', (process) => {
        const of = process?.container;
        if (pattern !== null) return of != null && (pattern.test(of.id) || pattern.test(of.name ?? ''));
        return values.some((value) =>
          value === '' ? of == null : of != null && (of.id.startsWith(value) || of.name === value),
        );
      }),
  },
  { name: 'pod', text: true, compile: processText((process) => process?.container?.pod) },
  {
    name: 'netns',
    listed: 'process.netns',
    text: false,
    // A namespace goes by its inode number, its path or its name.
    number: (text) => (/^\d/.test(text) ? number(text) : namespaceNumber(text)),
    kernel: fact(PACKET_FACTS.NETNS),
    compile: ({ numbers }) => ofProcess('process', (process) => numbers.includes(process?.netns ?? -1)),
  },
  {
    name: 'tree',
    text: false,
    number: (text) => {
      const root = number(text);
      return root === COMMAND_TREE ? null : root;
    },
    trees: true,
    ofOwner: true,
    kernel: {
      ask: (term, { trees }) => {
        if (trees.length === 0) return 'maybe';
        const bits = term.numbers.reduce((sum, root) => sum | (1 << trees.indexOf(root)), 0);
        return { test: { offset: PACKET_FACTS.TREES, compare: 'bits' }, term: { ...term, numbers: [bits] } };
      },
      whole: (_, followsTrees) => followsTrees,
    },
    compile: ({ numbers }) => treeOf(numbers),
  },
  {
    name: 'thread',
    listed: 'process.thread',
    text: false,
    number,
    kernel: fact(PACKET_FACTS.THREAD),
    compile: ofMetadata(({ threadId }) => threadId),
  },
  {
    name: 'flags',
    listed: 'pktap.flags',
    text: false,
    number: (text) => (text === '' ? 0 : (packetFlagByName(text) ?? null)),
    kernel: fact(PACKET_FACTS.FLAGS, 'bits'),
    compile: ({ numbers }) => {
      const any = numbers.reduce((sum, flag) => sum | flag, 0);
      const none = numbers.includes(0);
      return ({ metadata }) =>
        metadata !== null && ((metadata.flags & any) !== 0 || (none && metadata.flags === 0));
    },
  },
  {
    name: 'unit',
    text: true,
    compile: ({ pattern, values }) =>
      ofProcess('process', (process) => {
        const units = unitsOf(process?.cgroup ?? '');
        if (pattern !== null) return units.some((unit) => pattern.test(unit));
        return values.some((value) => (value === '' ? units.length === 0 : units.includes(unitName(value))));
      }),
  },
  {
    name: 'cgroup',
    text: true,
    compile: ({ pattern, values }) =>
      ofProcess('process', (process) => {
        const path = process?.cgroup ?? '';
        return pattern !== null ? pattern.test(path) : values.some((value) => isBelow(path, value));
      }),
  },
  { name: 'reason', text: true, compile: reasonOf },
  {
    name: 'host',
    listed: 'host',
    text: true,
    // Of a capture, one host is all there is.
    kernel: ofHook((term, hook) => isHost(term, hook.interface.host)),
    compile: (term) => (packet) => isHost(term, packet.interface?.host ?? null),
  },
];

export const FIELD_NAMES: readonly string[] = FIELDS.map(({ name }) => name);

/** @returns the field of a name; undefined for an unknown one */
export function fieldByName(name: string): Field | undefined {
  return FIELDS.find((field) => field.name === name);
}

/** @returns the field that asks the same as one of the list (decode/facts/fields.ts); undefined: there is none */
export function fieldListedAs(name: string): Field | undefined {
  return FIELDS.find(({ listed }) => listed === name);
}
