// Fields of SMB and NetBIOS messages by templates, as tcpdump has shown them since 1995: text with the kinds of the
// fields in square brackets. A `|` ends the message when there are no bytes left, a `#` ends the template, what follows
// a `*` is repeated to the end. Bytes left behind a template are dumped. Sources: RFC 1002, MS-CIFS.

import type { Printer } from '../printer.js';
import { type NetbiosName, nameLength, nameType, readName } from './netbiosname.js';
import { asctime, dosTime, fileTime } from './smbtime.js';

/** Returned in place of an offset when a message was cut. */
export const CUT = -1;
const ATTRIBUTES = 'READONLY|HIDDEN|SYSTEM|VOLUME|DIR|ARCHIVE|';
/** Characters of a string that are shown. */
const MOST_STRING = 1000;
const NAME_WIDTH = 15;
const PER_LINE = 16;

/** What one packet's fields say about later ones, and what one message says about the next. */
export interface SmbState {
  packet: number;
  /** Where the message begins: names point back from there, and Unicode strings are even from there. */
  start: number;
  unicode: boolean;
  /** Length of the next counted string, null when none was said. */
  stringLength: number | null;
  request: boolean;
  /** Subcommand and level of the last request of a transaction. */
  transaction: number;
  level: number;
}

const states = new WeakMap<Printer, SmbState>();

/** The state for a message that begins at `start`. */
export function smbState(p: Printer, start: number): SmbState {
  let state = states.get(p);
  if (state === undefined) {
    state = { packet: 0, start, unicode: false, stringLength: null, request: false, transaction: 0, level: 0 };
    states.set(p, state);
  }
  if (state.packet !== p.packetNumber) {
    state.packet = p.packetNumber;
    state.stringLength = null;
  }
  state.start = start;
  return state;
}

type Step =
  | { readonly kind: 'text' | 'item'; readonly text: string }
  | { readonly kind: 'check' | 'end' }
  | { readonly kind: 'repeat'; readonly steps: readonly Step[] };

const compiled = new Map<string, readonly Step[]>();

/** The steps of a template, made once. */
function stepsOf(template: string): readonly Step[] {
  let steps = compiled.get(template);
  if (steps === undefined) {
    steps = compile(template);
    compiled.set(template, steps);
  }
  return steps;
}

function compile(template: string): Step[] {
  const steps: Step[] = [];
  const repeat = template.indexOf('*');
  const once = repeat < 0 ? template : template.slice(0, repeat);
  for (const [, item, sign, text] of once.matchAll(/\[([^\]]*)\]|([|#])|([^[|#]+)/g)) {
    if (item !== undefined) steps.push({ kind: 'item', text: item });
    else if (sign !== undefined) steps.push({ kind: sign === '|' ? 'check' : 'end' });
    else steps.push({ kind: 'text', text: text! });
  }
  if (repeat >= 0) steps.push({ kind: 'repeat', steps: compile(template.slice(repeat + 1)) });
  return steps;
}

/**
 * Prints what a template says of the bytes from `offset` to `end`.
 * @returns where the next field is, CUT when the message was cut
 */
export function printFields(
  p: Printer,
  state: SmbState,
  offset: number,
  template: string,
  end: number,
  unicode = false,
): number {
  const at = printSteps(new Fields(p, state, unicode), offset, stepsOf(template), end);
  // A template that ended where it wanted to leaves the rest to the caller.
  if (at.ended || at.offset === CUT || at.offset >= end) return at.offset;
  p.text(`Data: (${end - at.offset} bytes)\n`);
  dumpBytes(p, at.offset, end - at.offset);
  return end;
}

interface Where {
  readonly offset: number;
  /** The rest of the bytes is nobody's business here. */
  readonly ended: boolean;
}

function printSteps(fields: Fields, offset: number, steps: readonly Step[], end: number): Where {
  const { p } = fields;
  for (const [i, step] of steps.entries()) {
    switch (step.kind) {
      case 'text':
        p.text(step.text);
        break;
      case 'check':
        if (offset >= end) return { offset, ended: true };
        break;
      case 'end':
        return { offset, ended: true };
      case 'item': {
        if (offset >= end) return { offset, ended: true };
        offset = fields.print(offset, step.text, end);
        if (offset !== CUT) break;
        const next = steps[i + 1];
        if (next?.kind === 'text' && next.text.startsWith('\n')) p.char(10);
        return { offset, ended: true };
      }
      case 'repeat':
        while (offset < end) {
          const at = printSteps(fields, offset, step.steps, end);
          if (at.offset === CUT || at.offset === offset) return { offset: at.offset, ended: true };
          offset = at.offset;
        }
        return { offset, ended: true };
    }
  }
  return { offset, ended: false };
}

/** `length` bytes in hexadecimal and as text, in lines (smb_data_print). */
export function dumpBytes(p: Printer, offset: number, length: number): void {
  for (let line = 0; line < length; line += PER_LINE) {
    const count = Math.min(PER_LINE, length - line);
    p.text(`[${line.toString(16).toUpperCase().padStart(3, '0')}] `);
    for (let i = 0; i < count; i++) {
      p.text(`${p.u8(offset + line + i).toString(16).toUpperCase().padStart(2, '0')} `);
      if (i % 8 === 7) p.char(32);
    }
    if (count < PER_LINE) {
      const missing = PER_LINE - count;
      p.text(missing > 8 ? '  ' : ' ');
      p.text('   '.repeat(missing));
    }
    p.safeBytes(offset + line, Math.min(count, 8));
    p.char(32);
    if (count > 8) p.safeBytes(offset + line + 8, count - 8);
    p.char(10);
  }
}

/** Prints the fields of one item. */
class Fields {
  private reverse = false;

  constructor(
    readonly p: Printer,
    private readonly state: SmbState,
    private readonly unicode: boolean,
  ) {}

  /** @returns where the next field is, CUT when the message was cut */
  print(offset: number, item: string, end: number): number {
    this.reverse = false;
    const kinds = item.match(/\{[^}]*\}|[PsnT]\d+|l[a-zA-Z]|./g) ?? [];
    let left = kinds.length;
    for (const kind of kinds) {
      if (offset >= end) break;
      left--;
      const next = this.field(offset, kind, end);
      if (next === null) {
        this.p.truncated();
        return CUT;
      }
      offset = next;
    }
    if (offset >= end && left > 0) this.p.text('END OF BUFFER\n');
    return offset;
  }

  /** @returns where the next field is, null when the message was cut */
  private field(at: number, kind: string, end: number): number | null {
    const { p } = this;
    const count = Number(kind.slice(1));
    switch (kind[0]) {
      case 'a':
        this.bits(p.u8(at), ATTRIBUTES);
        return at + 1;
      case 'A':
        this.bits(p.le16(at), ATTRIBUTES);
        return at + 2;
      case '{':
        this.bits(p.u8(at), kind.slice(1, -1));
        return at + 1;
      case 'P':
        return p.has(at, count) ? at + count : null;
      case 'r':
        this.reverse = !this.reverse;
        return at;
      case 'b':
        this.both(p.u8(at));
        return at + 1;
      case 'u':
        this.both(this.u16(at));
        return at + 2;
      case 'U':
        this.both(this.u32(at));
        return at + 4;
      case 'D':
        this.both(this.u32(at), this.u32(at) | 0);
        return at + 4;
      case 'L':
        this.both(this.reverse ? p.u64(at) : p.le64(at));
        return at + 8;
      case 'M':
        if (!p.has(at, 8)) return null;
        this.both((BigInt(this.u32(at)) << 32n) | BigInt(this.u32(at + 4)));
        return at + 8;
      case 'B':
        this.hex(p.u8(at));
        return at + 1;
      case 'w':
        this.hex(this.u16(at));
        return at + 2;
      case 'W':
        this.hex(this.u32(at));
        return at + 4;
      case 'l':
        return this.length(at, kind);
      case 'S':
      case 'R':
        return this.terminated(at, this.unicode && kind === 'S');
      case 'Z':
      case 'Y':
        return this.buffer(at, this.unicode && kind === 'Z', end);
      case 's':
        return p.has(at, count) ? this.padded(at, count) : null;
      case 'c':
      case 'C':
        return this.counted(at, kind === 'C');
      case 'n':
        return count === 1 ? this.name(at, end) : this.plainName(at);
      case 'T':
        return this.time(at, count);
      default:
        p.text(kind);
        return at;
    }
  }

  private u16(at: number): number {
    return this.reverse ? this.p.u16(at) : this.p.le16(at);
  }

  private u32(at: number): number {
    return this.reverse ? this.p.u32(at) : this.p.le32(at);
  }

  /** A number in decimal and hexadecimal. */
  private both(value: number | bigint, decimal: number | bigint = value): void {
    this.p.text(`${decimal} (0x${value.toString(16)})`);
  }

  private hex(value: number): void {
    this.p.text(`0x${value.toString(16).toUpperCase()}`);
  }

  /** The names of the set bits, lowest first; a name without a bar behind it is none. */
  private bits(value: number, names: string): void {
    const each = names.split('|').slice(0, -1);
    for (const [bit, name] of each.entries()) {
      if (name !== '' && ((value >> bit) & 1) !== 0) this.p.text(`${name} `);
    }
  }

  /** The length of a string further on. */
  private length(at: number, kind: string): number {
    const size = kind === 'lb' ? 1 : kind === 'lu' ? 2 : 4;
    const value = size === 1 ? this.p.u8(at) : size === 2 ? this.u16(at) : this.u32(at);
    this.state.stringLength = value;
    this.p.dec(value);
    return at + size;
  }

  /** A string that a zero ends. */
  private terminated(at: number, unicode: boolean): number | null {
    const { p } = this;
    const from = this.even(at, unicode);
    if (from === null) return null;
    const width = unicode ? 2 : 1;
    const unit = (i: number): number => (unicode ? p.le16(i) : p.u8(i));
    let to = from;
    while (unit(to) !== 0) to += width;
    this.shown(from, to, width);
    return to + width;
  }

  /** Where a Unicode string begins: behind what makes its place even. Null when that was not captured. */
  private even(at: number, unicode: boolean): number | null {
    if (!unicode || (at - this.state.start) % 2 === 0) return at;
    return this.p.has(at, 1) ? at + 1 : null;
  }

  /** The units from `from` to `to`, those that are not printable ASCII as dots. */
  private shown(from: number, to: number, width: number): void {
    const { p } = this;
    const last = Math.min(to, from + MOST_STRING * width);
    for (let i = from; i < last; i += width) {
      const c = width === 2 ? p.le16(i) : p.u8(i);
      p.char(c >= 0x20 && c <= 0x7e ? c : 46);
    }
  }

  /** A string behind the byte that says so. */
  private buffer(at: number, unicode: boolean, end: number): number | null {
    const type = this.p.u8(at);
    if (type === 4 || type === 2) return this.terminated(at + 1, unicode);
    this.p.text(`Error! ASCIIZ buffer of type ${type}`);
    return end;
  }

  /** A string whose length was said before. */
  private counted(at: number, string: boolean): number | null {
    const { p } = this;
    const length = this.state.stringLength;
    if (length === null) {
      p.text('{stringlen not set}');
      return null;
    }
    if (!string) return p.has(at, length) ? this.padded(at, length) : null;
    const from = this.even(at, this.unicode);
    if (from === null) return null;
    const width = this.unicode ? 2 : 1;
    let to = from;
    let ended = false;
    for (; to + width <= from + length; to += width) {
      ended = (this.unicode ? p.le16(to) : p.u8(to)) === 0;
      if (ended) break;
    }
    this.shown(from, to, width);
    // What is behind a zero, or half a character, is skipped, and must be there.
    return p.has(from, length) ? from + length : null;
  }

  /** Text up to a zero, padded with spaces to its place. */
  private padded(at: number, length: number): number {
    const { p } = this;
    let used = 0;
    for (; used < length; used++) {
      const c = p.u8(at + used);
      if (c === 0) break;
      p.safeChar(c);
    }
    p.text(' '.repeat(length - used));
    return at + length;
  }

  private name(at: number, end: number): number | null {
    const name: NetbiosName | null = readName(this.p, this.state.start, at, end);
    const length = name === null ? null : nameLength(this.p, at, end);
    if (name === null || length === null) return null;
    const text = name.text.split('\0', 1)[0]!.slice(0, NAME_WIDTH);
    this.p.safeText(text);
    this.nameType(NAME_WIDTH - text.length, name.type);
    return at + length;
  }

  /** A name that is not coded: fifteen characters and its type. */
  private plainName(at: number): number {
    const type = this.p.u8(at + NAME_WIDTH);
    this.padded(at, NAME_WIDTH);
    this.nameType(0, type);
    return at + NAME_WIDTH + 1;
  }

  private nameType(missing: number, type: number): void {
    this.p.text(' '.repeat(missing));
    this.p.text(` NameType=0x${type.toString(16).toUpperCase().padStart(2, '0')} (${nameType(type)})`);
  }

  private time(at: number, kind: number): number | null {
    const { p } = this;
    if (kind === 3) {
      if (!p.has(at, 8)) return null;
      p.text(asctime(fileTime(p.le32(at + 4), p.u8(at + 3))));
      return at + 8;
    }
    const date = p.le32(at);
    // The halves of the second kind are the other way round.
    const swapped = kind === 2 ? ((date << 16) | (date >>> 16)) >>> 0 : date;
    p.text(asctime(date === 0xffffffff ? 0 : dosTime(swapped)));
    return at + 4;
  }
}
