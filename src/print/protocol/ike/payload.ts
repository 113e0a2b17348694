// What IKEv1 and IKEv2 payloads share: their names, the generic header, hexadecimal data, attributes.

import { hexBytes } from '../../inline.js';
import type { Printer } from '../../printer.js';

/** Next payload, a reserved or critical bit, and the length, which every payload begins with. */
export const GENERIC_LENGTH = 4;

/** Nested payloads a hostile packet may make us print inside each other. */
export const MAXIMUM_DEPTH = 200;

const PAYLOAD_NAMES: readonly (string | undefined)[] = [
  ...['none', 'sa', 'p', 't', 'ke', 'id', 'cert', 'cr', 'hash', 'sig', 'nonce', 'n', 'd', 'vid'],
  ...Array.from({ length: 19 }, (_, i) => `pay${14 + i}`),
  ...['v2sa', 'v2ke', 'v2IDi', 'v2IDr', 'v2cert', 'v2cr', 'v2auth', 'v2nonce', 'v2n', 'v2d', 'v2vid'],
  ...['v2TSi', 'v2TSr', 'v2e', 'v2cp', 'v2eap'],
];

const EXCHANGE_NAMES: { readonly [type: number]: string } = {
  0: 'none',
  1: 'base',
  2: 'ident',
  3: 'auth',
  4: 'agg',
  5: 'inf',
  32: 'oakley-quick',
  33: 'oakley-newgroup',
  34: 'ikev2_init',
  35: 'ikev2_auth',
  36: 'child_sa',
  37: 'inf2',
};

/** IPsec protocols, and the transforms of each. */
const PROTOCOLS = [undefined, 'isakmp', 'ipsec-ah', 'ipsec-esp', 'ipcomp'];

export const ESP_TRANSFORMS = [
  undefined,
  '1des-iv64',
  '1des',
  '3des',
  'rc5',
  'idea',
  'cast',
  'blowfish',
  '3idea',
  '1des-iv32',
  'rc4',
  'null',
  'aes',
] as const;

export const GROUPS = [
  undefined,
  'modp768',
  'modp1024',
  'EC2N 2^155',
  'EC2N 2^185',
  'modp1536',
  'iana-grp06',
  'iana-grp07',
  'iana-grp08',
  'iana-grp09',
  'iana-grp10',
  'iana-grp11',
  'iana-grp12',
  'iana-grp13',
  'modp2048',
  'modp3072',
  'modp4096',
  'modp6144',
  'modp8192',
] as const;

/** The name of `value` in a list, or `#value`. */
export function nameOr(names: readonly (string | undefined)[], value: number): string {
  return names[value] ?? `#${value}`;
}

export function payloadName(type: number): string {
  return nameOr(PAYLOAD_NAMES, type);
}

export function exchangeName(type: number): string {
  return EXCHANGE_NAMES[type] ?? `#${type}`;
}

export function protocolName(protocol: number): string {
  return nameOr(PROTOCOLS, protocol);
}

/** A payload as its printer gets it: the generic header was captured, and `length` is more than that. */
export interface Payload {
  readonly type: number;
  readonly offset: number;
  readonly length: number;
  readonly depth: number;
}

/** ` [|name]` and no further payload. */
export function cut(p: Printer, name: string): null {
  p.text(` [|${name}]`);
  return null;
}

/** Bytes in hexadecimal. @returns false, with nothing written, when they were not all captured */
export function printRaw(p: Printer, offset: number, length: number): boolean {
  if (!p.has(offset, length)) return false;
  p.text(hexBytes(p, offset, length));
  return true;
}

/** The first ten bytes and the last twenty before the end of the packet. @returns false when not captured */
export function printSomeData(p: Printer, offset: number): boolean {
  const end = p.snapEnd;
  const remaining = end - offset;
  const head = remaining > 10 || remaining < 0 ? 10 : remaining;
  const tail = Math.max(end - 20, offset + head);
  p.text(' data=(');
  if (!printRaw(p, offset, head)) return false;
  p.text('...');
  if (tail !== end && !printRaw(p, tail, end - tail)) return false;
  p.char(41);
  return true;
}

/** With -vvv the payload's bytes behind the generic header. @returns false when not captured */
export function printContents(p: Printer, payload: Payload): boolean {
  if (p.options.verbose <= 2) return true;
  p.char(32);
  return printRaw(p, payload.offset + GENERIC_LENGTH, payload.length - GENERIC_LENGTH);
}

/** An attribute's name, and the words of its short values. */
export interface Attribute {
  readonly name: string;
  readonly values?: readonly (string | undefined)[];
}

export type Attributes = { readonly [type: number]: Attribute };

/**
 * The data attributes from `offset` to the end of the payload.
 * @returns where the next payload is, null when the packet was cut
 */
export function printAttributes(
  p: Printer,
  offset: number,
  end: number,
  attributes: Attributes | null,
): number | null {
  while (offset < p.snapEnd && offset < end) {
    const next = printAttribute(p, offset, end, attributes);
    if (next === null) return null;
    offset = next;
  }
  return offset;
}

function printAttribute(
  p: Printer,
  offset: number,
  end: number,
  attributes: Attributes | null,
): number | null {
  const short = (p.u8(offset) & 0x80) !== 0;
  const length = short ? 0 : p.u16(offset + 2);
  if (end < offset + 4 + length) {
    p.text('[|attr]');
    return end + 1;
  }
  p.char(40);
  const type = p.u16(offset) & 0x7fff;
  const attribute = attributes?.[type];
  p.text(`type=${attribute?.name ?? `#${type}`} `);
  let whole = true;
  if (short) {
    p.text('value=');
    const word = attributes === null ? undefined : attribute?.values?.[p.u16(offset + 2)];
    if (word !== undefined) p.text(word);
    else whole = printRaw(p, offset + 2, 2);
  } else {
    p.text(`len=${length} value=`);
    whole = printRaw(p, offset + 4, length);
  }
  p.char(41);
  return whole ? offset + 4 + length : null;
}

/** A newline and four spaces for each level, in front of a payload. */
export function indent(p: Printer, depth: number): void {
  p.char(10);
  for (let i = 0; i < depth; i++) p.text('    ');
  p.char(40);
}
