// How values of metadata filters are compared with what packets and processes have.

import type { Packet, PacketFilter, Process } from '../../packet/index.js';
import type { Term } from './node.js';

/** Bytes of a process name that Linux keeps (TASK_COMM_LEN - 1). */
const COMM = 15;

/** Whether a known name is the one asked for; of a longer one the kernel keeps the first 15 bytes. */
function isName(name: string, wanted: string): boolean {
  if (name === wanted) return true;
  const bytes = Buffer.byteLength(wanted);
  return bytes > COMM && Buffer.byteLength(name) === COMM && wanted.startsWith(name);
}

/** Whether a process's name is one of those a term asks for. */
export function nameMatches({ pattern, values }: Term, name: string): boolean {
  return pattern !== null ? pattern.test(name) : values.some((value) => isName(name, value));
}

/** `en0` is that interface, `en` every one that begins so, in whatever namespace (`en0@web`) unless that is said too. */
export function interfaceMatches(name: string, wanted: string): boolean {
  if (wanted.includes('@')) return name === wanted;
  const at = name.indexOf('@');
  if (at > 0) return interfaceMatches(name.slice(0, at), wanted);
  return /\d$/.test(wanted) ? name === wanted : name.startsWith(wanted);
}

/** A test of the facts of a packet's process, remembered by process: there are far fewer of them than packets. */
export function ofProcess(
  which: 'process' | 'effectiveProcess',
  test: (process: Process | null) => boolean,
): PacketFilter {
  return which === 'process' ? byProcess(test, owner) : byProcess(test, effective);
}

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

/** A text of the packet's process: one of the values, or what the pattern matches. */
export function processText(
  of: (process: Process | null) => string | null | undefined,
): (term: Term) => PacketFilter {
  return ({ pattern, values }) =>
    ofProcess('process', (process) => {
      const text = of(process) ?? '';
      return pattern !== null ? pattern.test(text) : values.includes(text);
    });
}

/**
 * Descendants of processes. Where the source does not know who descends from whom (a file), by the parents of the
 * processes that its packets named so far.
 */
export function treeOf(roots: readonly number[]): PacketFilter {
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
export function unitsOf(cgroup: string): string[] {
  return cgroup.split('/').filter((part) => UNIT.test(part));
}

/** `ssh` is ssh.service, as systemctl(1) has it. */
export function unitName(value: string): string {
  return UNIT.test(value) ? value : `${value}.service`;
}

/** Whether a cgroup is the one asked for or lies in it; '' asks for those that are not known. */
export function isBelow(path: string, wanted: string): boolean {
  if (path === '' || wanted === '') return path === wanted;
  const folder = wanted.endsWith('/') ? wanted.slice(0, -1) : wanted;
  return path === folder || path === wanted || path.startsWith(`${folder}/`);
}

/** Why a packet was dropped: the kernel's word, or its number; '' asks for packets that were not. */
export function reasonOf({ values, pattern }: Term): PacketFilter {
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
