// A metadata filter as a function over packets.

import type { Packet, PacketFilter, Process } from '../../packet/index.js';
import { compileFact, PacketFacts } from './facts.js';
import type { Node, Term } from './parser.js';

/** Bytes of a process name that Linux keeps (TASK_COMM_LEN - 1). */
const COMM = 15;

/** Whether a known name is the one asked for; of a longer one the kernel keeps the first 15 bytes. */
export function nameMatches(name: string, wanted: string): boolean {
  if (name === wanted) return true;
  const bytes = Buffer.byteLength(wanted);
  return bytes > COMM && Buffer.byteLength(name) === COMM && wanted.startsWith(name);
}

/** `en0` is that interface, `en` every one that begins so, in whatever namespace (`en0@web`) unless that is said too. */
export function interfaceMatches(name: string, wanted: string): boolean {
  if (wanted.includes('@')) return name === wanted;
  const at = name.indexOf('@');
  if (at > 0) return interfaceMatches(name.slice(0, at), wanted);
  return /\d$/.test(wanted) ? name === wanted : name.startsWith(wanted);
}

/** A test of a process's facts, remembered by process: there are far fewer of them than packets. */
function byProcess(
  test: (process: Process | null) => boolean,
  of: (packet: Packet) => Process | null,
): PacketFilter {
  let last: Process | null = null;
  let answer = test(null);
  const answers = new WeakMap<Process, boolean>();
  return (packet) => {
    const process = of(packet);
    if (process === last) return answer;
    last = process;
    if (process === null) {
      answer = test(null);
    } else {
      const known = answers.get(process);
      answer = known ?? test(process);
      if (known === undefined) answers.set(process, answer);
    }
    return answer;
  };
}

const owner = (packet: Packet): Process | null => packet.metadata?.process ?? null;
const effective = (packet: Packet): Process | null => packet.metadata?.effectiveProcess ?? null;

function text(term: Term, of: (process: Process | null) => string): (process: Process | null) => boolean {
  const { pattern, values } = term;
  if (pattern !== null) return (process) => pattern.test(of(process));
  return (process) => values.includes(of(process));
}

/**
 * Descendants of processes. Where the source does not know who descends from whom (a file), by the parents of the
 * processes that its packets named so far.
 */
function tree(roots: readonly number[]): PacketFilter {
  const parents = new Map<number, number | null>();
  const descends = (pid: number): boolean => {
    const seen = new Set<number>();
    for (let at: number | null = pid; at !== null && !seen.has(at); at = parents.get(at) ?? null) {
      if (roots.includes(at)) return true;
      seen.add(at);
    }
    return false;
  };
  let last: Process | null = null;
  let answer = false;
  return (packet) => {
    const process = owner(packet);
    if (process === last || process === null) return process !== null && answer;
    last = process;
    if (process.lineage !== null) {
      answer = process.lineage.some((pid) => roots.includes(pid));
    } else {
      parents.set(process.pid, process.parentPid);
      answer = descends(process.pid);
    }
    return answer;
  };
}

/** Kinds of systemd's units that have cgroups. Source: systemd.unit(5), cgroups of systemd.slice(5). */
const UNIT = /^[^/]+\.(?:service|scope|slice|socket|mount|swap)$/;

/** systemd's units that a cgroup belongs to: the innermost, and those around it. */
function unitsOf(cgroup: string): string[] {
  return cgroup.split('/').filter((part) => UNIT.test(part));
}

/** `ssh` is ssh.service, as systemctl(1) has it. */
function unitName(value: string): string {
  return UNIT.test(value) ? value : `${value}.service`;
}

/** Whether a cgroup is the one asked for or lies in it; '' asks for those that are not known. */
function isBelow(path: string, wanted: string): boolean {
  if (path === '' || wanted === '') return path === wanted;
  const folder = wanted.endsWith('/') ? wanted.slice(0, -1) : wanted;
  return path === folder || path === wanted || path.startsWith(`${folder}/`);
}

/** Why a packet was dropped: the kernel's word, or its number; '' asks for packets that were not. */
function reason({ values, pattern }: Term): PacketFilter {
  if (pattern !== null)
    return ({ metadata }) =>
      metadata !== null && metadata.dropReason !== 0 && pattern.test(metadata.dropReasonName);
  const words = values.map((value) => value.toUpperCase().replace(/^SKB_DROP_REASON_/, ''));
  const numbers = values.filter((value) => /^(0x[0-9a-fA-F]+|\d+)$/.test(value)).map(Number);
  return ({ metadata }) =>
    metadata === null || metadata.dropReason === 0
      ? words.includes('')
      : numbers.includes(metadata.dropReason) ||
        (metadata.dropReasonName !== '' && words.includes(metadata.dropReasonName));
}

function positive(term: Term): PacketFilter {
  const { numbers, values, pattern } = term;
  switch (term.field) {
    case 'if':
      return (packet) => {
        const name = packet.interface?.name ?? '';
        return pattern !== null ? pattern.test(name) : values.some((value) => interfaceMatches(name, value));
      };
    case 'proc':
    case 'eproc': {
      const name = (process: Process | null): string => process?.name ?? '';
      const test = (process: Process | null): boolean =>
        pattern !== null
          ? pattern.test(name(process))
          : values.some((value) => nameMatches(name(process), value));
      return byProcess(test, term.field === 'proc' ? owner : effective);
    }
    case 'pid':
      return byProcess((process) => process !== null && numbers.includes(process.pid), owner);
    case 'epid':
      return byProcess((process) => process !== null && numbers.includes(process.pid), effective);
    case 'ppid':
      return byProcess((process) => numbers.includes(process?.parentPid ?? -1), owner);
    case 'uid':
      return byProcess((process) => numbers.includes(process?.uid ?? -1), owner);
    case 'netns':
      return byProcess((process) => numbers.includes(process?.netns ?? -1), owner);
    case 'tree':
      return tree(numbers);
    case 'user':
      return byProcess(
        text(term, (process) => process?.user ?? ''),
        owner,
      );
    case 'exe':
      return byProcess(
        text(term, (process) => process?.path ?? ''),
        owner,
      );
    case 'cmd':
      return byProcess(
        text(term, (process) => process?.args?.join(' ') ?? ''),
        owner,
      );
    case 'container':
      return byProcess((process) => {
        const of = process?.container;
        if (pattern !== null) return of != null && (pattern.test(of.id) || pattern.test(of.name ?? ''));
        return values.some((value) =>
          value === '' ? of == null : of != null && (of.id.startsWith(value) || of.name === value),
        );
      }, owner);
    case 'pod':
      return byProcess(
        text(term, (process) => process?.container?.pod ?? ''),
        owner,
      );
    case 'svc':
      return (packet) => packet.metadata !== null && numbers.includes(packet.metadata.serviceClass);
    case 'dir':
      return (packet) => packet.metadata !== null && numbers.includes(packet.metadata.direction);
    case 'flowid':
      return (packet) => packet.metadata !== null && numbers.includes(packet.metadata.flowId);
    case 'dlt':
      return (packet) => numbers.includes(packet.linkType);
    case 'thread':
      return (packet) => packet.metadata !== null && numbers.includes(packet.metadata.threadId);
    case 'flags': {
      const any = numbers.reduce((sum, flag) => sum | flag, 0);
      const none = numbers.includes(0);
      return ({ metadata }) =>
        metadata !== null && ((metadata.flags & any) !== 0 || (none && metadata.flags === 0));
    }
    case 'unit':
      return byProcess((process) => {
        const units = unitsOf(process?.cgroup ?? '');
        if (pattern !== null) return units.some((unit) => pattern.test(unit));
        return values.some((value) => (value === '' ? units.length === 0 : units.includes(unitName(value))));
      }, owner);
    case 'cgroup':
      return byProcess((process) => {
        const path = process?.cgroup ?? '';
        if (pattern !== null) return pattern.test(path);
        return values.some((value) => isBelow(path, value));
      }, owner);
    case 'reason':
      return reason(term);
  }
}

function asksFacts(node: Node): boolean {
  if (node.kind === 'not') return asksFacts(node.of);
  return node.kind === 'fact' || (node.kind !== 'term' && (asksFacts(node.left) || asksFacts(node.right)));
}

/** Compiles a tree once; but for what a packet's payload says, the function allocates nothing. */
export function compile(node: Node): PacketFilter {
  const packets = new PacketFacts();
  const test = compileNode(node, packets);
  if (!asksFacts(node)) return test;
  return (packet) => {
    packets.next(packet);
    return test(packet);
  };
}

function compileNode(node: Node, packets: PacketFacts): PacketFilter {
  switch (node.kind) {
    case 'fact': {
      const test = compileFact(node, packets);
      return node.negated ? (packet) => !test(packet) : test;
    }
    case 'and': {
      const left = compileNode(node.left, packets);
      const right = compileNode(node.right, packets);
      return (packet) => left(packet) && right(packet);
    }
    case 'or': {
      const left = compileNode(node.left, packets);
      const right = compileNode(node.right, packets);
      return (packet) => left(packet) || right(packet);
    }
    case 'not': {
      const of = compileNode(node.of, packets);
      return (packet) => !of(packet);
    }
    case 'term': {
      const test = positive(node);
      return node.negated ? (packet) => !test(packet) : test;
    }
  }
}
