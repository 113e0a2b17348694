// What is known of a process, as text: pieces for the parentheses of -k, and the block that -kv puts under a packet.

import { type Container, type Packet, type Process, visible } from '../packet/index.js';
import { hexOf } from './inline.js';
import type { Printer } from './printer.js';
import { TimestampWriter } from './timestamp.js';

const INDENT = '\n    ';
/** Characters of a command line or path in the text: a packet's line is no place for megabytes. */
const LONGEST = 1024;
const DATE_TIME = 4;
/** Digits of a container's ID that are enough for its runtime's command. */
const SHORT_ID = 12;

const startTimes = new TimestampWriter(DATE_TIME, false);

/** Text from elsewhere: UTF-8, with escapes for what would not be seen as itself, and not endless. */
export function writeForeign(p: Printer, text: string): void {
  const s = text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
  if (/^[\x20-\x7e]*$/.test(s)) {
    p.text(s);
    return;
  }
  p.utf8(visible(s));
}

const UUID_GROUPS = [4, 2, 2, 2, 6] as const;

/** @returns the text of a UUID, 16 bytes */
export function formatUuid(uuid: Uint8Array): string {
  const hex = hexOf(uuid);
  let at = 0;
  return UUID_GROUPS.map((bytes) => {
    const group = hex.slice(at, at + bytes * 2);
    at += bytes * 2;
    return group;
  }).join('-');
}

/** A command line that a shell would take apart again into the same words. */
export function commandText(args: readonly string[]): string {
  let text = '';
  for (const word of args) {
    if (text.length > LONGEST) break;
    const quoted = /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
    text += text === '' ? quoted : ` ${quoted}`;
  }
  return text;
}

export function userText(process: Process): string | null {
  if (process.user !== null) return process.user;
  return process.uid === null ? null : String(process.uid);
}

export function writeStart(p: Printer, time: bigint): void {
  startTimes.write(p, Number(time / 1_000_000_000n), Number(time % 1_000_000_000n));
  p.pos--; // the blank that parts a time stamp from its packet
}

/** `name (runtime ID)`, or what is known of that. */
export function containerText(container: Container): string {
  const id = container.id.slice(0, /^[0-9a-f]{64}$/.test(container.id) ? SHORT_ID : undefined);
  const inside = [container.runtime, id].filter((part) => part !== '').join(' ');
  return container.name === null || container.name === container.id
    ? inside
    : `${container.name} (${inside})`;
}

/** `namespace/pod`, or null outside of pods. */
export function podText(container: Container): string | null {
  if (container.pod === null) return null;
  return container.namespace === null ? container.pod : `${container.namespace}/${container.pod}`;
}

/** A line of the block: what is known, with commas between; nothing at all when nothing is. */
class Line {
  private empty = true;
  constructor(private readonly p: Printer) {}

  /** @param what null: not known */
  add(label: string, what: string | null): this {
    if (what === null || what === '') return this;
    this.begin(label);
    writeForeign(this.p, what);
    return this;
  }

  begin(label: string): void {
    this.p.text(this.empty ? INDENT : ', ');
    this.p.text(label);
    this.empty = false;
  }
}

function writeProcess(p: Printer, word: string, process: Process): void {
  const { name, pid, uid, user, parentPid, startTime, uuid, container } = process;
  const first = new Line(p);
  first.add(word, `${name}${pid === -1 ? '' : `:${pid}`}`);
  first.add('user ', user === null ? userText(process) : `${user} (${uid})`);
  first.add('parent ', parentPid === null ? null : String(parentPid));
  if (startTime !== null) {
    first.begin('started ');
    writeStart(p, startTime);
  }
  const second = new Line(p);
  second.add('executable ', process.path).add('UUID ', uuid === null ? null : formatUuid(uuid));
  new Line(p).add('command ', process.args === null ? null : commandText(process.args));
  const place = new Line(p);
  place.add('cgroup ', process.cgroup);
  place.add('network namespace ', process.netns === null ? null : String(process.netns));
  if (container !== null)
    new Line(p).add('container ', containerText(container)).add('pod ', podText(container));
  new Line(p).add('comment ', process.comment);
}

/** Whether the options ask for the block. */
export function wantsProcessBlock(options: { metadata: string; verbose: number; oneLine: boolean }): boolean {
  return options.metadata !== '' && options.verbose > 0 && !options.oneLine;
}

/** Everything about a packet's processes, on lines of their own under it. */
export function writeProcessBlock(p: Printer, packet: Packet): void {
  const { metadata } = packet;
  if (metadata === null) return;
  if (metadata.process !== null) writeProcess(p, 'process ', metadata.process);
  if (metadata.effectiveProcess !== null) writeProcess(p, 'for process ', metadata.effectiveProcess);
}
