// ASN.1 values in BER as SNMP has them: read and shown. Source: X.690; types: RFC 1155, 3416.

import { hex } from '../../inline.js';
import type { Printer } from '../../printer.js';
import { type MibNode, mibRoot } from './mib.js';

/** What a value is, as far as SNMP cares. */
export const Kind = {
  ANY: 0,
  NULL: 1,
  OCTETS: 2,
  OBJECT: 3,
  INTEGER: 4,
  UNSIGNED: 5,
  UNSIGNED64: 6,
  STRING: 7,
  SEQUENCE: 8,
  ADDRESS: 9,
  PDU: 10,
  EXCEPTION: 11,
} as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

export interface Element {
  readonly kind: Kind;
  /** The tag's number. */
  readonly id: number;
  /** Bytes of the whole element, its header too. */
  readonly size: number;
  /** The content. */
  readonly offset: number;
  readonly length: number;
  /** Integers' values: the low 32 bits, or 64. */
  readonly value: number | bigint;
}

const UNIVERSAL = [
  ...['U-0', 'Boolean', 'Integer', 'Bitstring', 'String', 'Null', 'ObjID', 'ObjectDes', 'U-8', 'U-9'],
  ...['U-10', 'U-11', 'U-12', 'U-13', 'U-14', 'U-15', 'Sequence', 'Set'],
];
const APPLICATION = ['IpAddress', 'Counter', 'Gauge', 'TimeTicks', 'Opaque', 'C-5', 'Counter64'];
const CONTEXT = [
  ...['GetRequest', 'GetNextRequest', 'GetResponse', 'SetRequest', 'Trap', 'GetBulk', 'Inform', 'V2Trap'],
  'Report',
];
/** Names by class and number. */
const CLASSES = [UNIVERSAL, APPLICATION, CONTEXT, ['P-0']];
const EXCEPTIONS = ['noSuchObject', 'noSuchInstance', 'endOfMibView'];
const FORMS = ['P', 'C'];

/** What primitive values of a class are by their number; others are octets, and their names are said. */
const PRIMITIVES: readonly Readonly<Record<number, Kind>>[] = [
  { 2: Kind.INTEGER, 4: Kind.STRING, 5: Kind.NULL, 6: Kind.OBJECT },
  { 0: Kind.ADDRESS, 1: Kind.UNSIGNED, 2: Kind.UNSIGNED, 3: Kind.UNSIGNED, 6: Kind.UNSIGNED64 },
  { 0: Kind.EXCEPTION, 1: Kind.EXCEPTION, 2: Kind.EXCEPTION },
  {},
];
const Class = { UNIVERSAL: 0, CONTEXT: 2 } as const;
const CLASS_LETTERS = ['U', 'A', 'x', 'x'];
const SEQUENCE = 16;
const EXTENDED = 0x1f;
const MORE = 0x80;

/** Reads the element at `offset`; null when it is none, after saying why. */
export function parse(p: Printer, offset: number, length: number): Element | null {
  const end = offset + length;
  const fail = (why: string): null => {
    p.text(`[${why}]`);
    return null;
  };
  if (length < 1) return fail('nothing to parse');
  const tag = p.u8(offset);
  const form = (tag >> 5) & 1;
  const type = tag >> 6;
  let id = tag & EXTENDED;
  let at = offset + 1;
  if (id === EXTENDED) {
    id = 0;
    while ((p.u8(at) & MORE) !== 0) {
      if (end - at < 1) return fail('Xtagfield?');
      id = (id << 7) | (p.u8(at) & ~MORE);
      at++;
    }
    if (end - at < 1) return fail('Xtagfield?');
    // One byte of it counts, as tcpdump has it.
    id = ((id << 7) | p.u8(at)) & 0xff;
    at++;
  }
  if (end - at < 1) return fail('no asnlen');
  let size = p.u8(at++);
  if ((size & MORE) !== 0) {
    const octets = size % MORE;
    if (end - at < octets) return fail(`asnlen? ${end - at}<${octets}`);
    if (!p.has(at, octets)) return cut(p);
    size = 0;
    for (let i = 0; i < octets; i++) size = ((size << 8) | p.u8(at++)) >>> 0;
  }
  if (end - at < size) return fail(`len${end - at}<asnlen${size}`);
  const names = CLASSES[type]!;
  if (id >= names.length) return fail(`id?${FORMS[form]}/x/${id}`);
  if (!p.has(at, size)) return cut(p);
  const kind = form === 0 ? primitive(p, type, id) : constructed(p, type, id);
  if (kind === Kind.INTEGER && size === 0) return fail('asnlen=0');
  return { kind, id, size: at - offset + size, offset: at, length: size, value: number(p, kind, at, size) };
}

function cut(p: Printer): null {
  p.truncated();
  return null;
}

function primitive(p: Printer, type: number, id: number): Kind {
  const kind = PRIMITIVES[type]![id];
  if (kind !== undefined) return kind;
  if (type === Class.CONTEXT) return Kind.ANY;
  p.text(`[P/${CLASS_LETTERS[type]}/${CLASSES[type]![id]}]`);
  return Kind.OCTETS;
}

function constructed(p: Printer, type: number, id: number): Kind {
  if (type === Class.UNIVERSAL && id === SEQUENCE) return Kind.SEQUENCE;
  if (type === Class.CONTEXT) return Kind.PDU;
  p.text(`C/${type === Class.UNIVERSAL ? 'U' : 'x'}/${CLASSES[type]![id]}`);
  return Kind.OCTETS;
}

function number(p: Printer, kind: Kind, offset: number, length: number): number | bigint {
  if (kind === Kind.UNSIGNED64) {
    let value = 0n;
    for (let i = Math.max(0, length - 8); i < length; i++) value = (value << 8n) | BigInt(p.u8(offset + i));
    return value;
  }
  if (kind !== Kind.INTEGER && kind !== Kind.UNSIGNED) return 0;
  let value = kind === Kind.INTEGER && p.s8(offset) < 0 ? -1 : 0;
  for (let i = Math.max(0, length - 4); i < length; i++) value = (value << 8) | p.u8(offset + i);
  return kind === Kind.INTEGER ? value : value >>> 0;
}

/** Shows a value. */
export function show(p: Printer, element: Element): void {
  const { kind, id, offset, length } = element;
  switch (kind) {
    case Kind.OCTETS:
      octets(p, element);
      break;
    case Kind.OBJECT:
      object(p, offset, length);
      break;
    case Kind.INTEGER:
    case Kind.UNSIGNED:
    case Kind.UNSIGNED64:
      p.text(String(element.value));
      break;
    case Kind.STRING:
      string(p, element);
      break;
    case Kind.SEQUENCE:
      p.text(`Seq(${length})`);
      break;
    case Kind.ADDRESS:
      if (length !== 4) p.text('[inetaddr len!=4]');
      for (let i = 0; i < length; i++) p.text(`${i > 0 ? '.' : ''}${p.u8(offset + i)}`);
      break;
    case Kind.EXCEPTION:
      p.text(`[${EXCEPTIONS[id]}]`);
      break;
    case Kind.PDU:
      p.text(`${CONTEXT[id]}(${length})`);
      break;
    case Kind.ANY:
      p.text('[BE_ANY!?]');
      break;
    default:
  }
}

/** Bytes in hexadecimal, an underscore before each. */
export function octets(p: Printer, { offset, length }: Element): void {
  for (let i = 0; i < length; i++) p.text(`_${hex(p.u8(offset + i), 2)}`);
}

/** In quotes when all of it is printable, else in hexadecimal. */
export function string(p: Printer, { offset, length }: Element): void {
  const bytes = p.view(offset, length);
  if (bytes.every((c) => c >= 0x20 && c < 0x7f)) {
    p.char(34);
    p.safeBytes(offset, length);
    p.char(34);
  } else p.text(Array.from(bytes, (c) => hex(c, 2)).join('_'));
}

/** Objects whose names are shown from below them only, and what stands for them. */
const SHORTENED: readonly (readonly [prefix: string, path: readonly number[]])[] = [
  ['', [1, 3, 6, 1, 2, 1]],
  ['E:', [1, 3, 6, 1, 4, 1]],
  ['X:', [1, 3, 6, 1, 3]],
  ['S:', [1, 3, 6, 1, 6, 3]],
];

/** An object identifier: names as far as there are, then numbers; numbers alone under -n. */
function object(p: Printer, offset: number, length: number): void {
  const named = !p.options.numeric;
  let at = offset;
  let node: MibNode | undefined;
  let first = true;
  let dot = true;
  const short = named && length > 2 ? shortened(p, offset, length) : undefined;
  if (short !== undefined) {
    const [prefix, path] = short;
    p.text(prefix);
    for (const number of [...path]) node = (node ?? mibRoot()).children.get(number);
    at += path.length - 1;
    first = false;
    dot = false;
  } else if (named) node = mibRoot();
  const one = (number: number): void => {
    node = node?.children.get(number);
    p.text(`${dot ? '.' : ''}${node?.name ?? number}`);
    dot = true;
  };
  for (let number = 0; at < offset + length; at++) {
    const byte = p.u8(at);
    number = ((number << 7) + (byte & ~MORE)) >>> 0;
    if ((byte & MORE) !== 0) continue;
    if (first) {
      // The first number is two: 40 times the one and the other.
      const top = Math.min(2, Math.floor(number / 40));
      one(top);
      number -= top * 40;
      first = false;
    }
    one(number);
    number = 0;
  }
}

function shortened(p: Printer, offset: number, length: number): (typeof SHORTENED)[number] | undefined {
  return SHORTENED.find(([, path]) => {
    const bytes = [path[0]! * 40 + path[1]!, ...path.slice(2)];
    return length >= bytes.length && bytes.every((byte, i) => p.u8(offset + i) === byte);
  });
}
