// What the OSI network layer's protocols share: identifiers, addresses and the checksum. Source: ISO 9577, 8348, 8473.

import { hex, hexBytes } from '../../inline.js';
import type { Printer, Words } from '../../printer.js';

export const Nlpid = {
  NULL: 0x00,
  Q933: 0x08,
  CLNP: 0x81,
  ESIS: 0x82,
  ISIS: 0x83,
  IP6: 0x8e,
  IP: 0xcc,
  PPP: 0xcf,
} as const;

/** Network layer protocol identifiers. */
export const NLPIDS: Words = {
  0x00: 'NULL',
  0x08: 'Q.933',
  0x09: 'LMI',
  0x80: 'SNAP',
  0x81: 'CLNP',
  0x82: 'ES-IS',
  0x83: 'IS-IS',
  0x84: 'CONS',
  0x85: 'IDRP',
  0x8a: 'X25 ES-IS',
  0x8e: 'IPv6',
  0xb1: 'FRF.15',
  0xc1: 'ISIS_SPB',
  0xcc: 'IPv4',
  0xcf: 'PPP',
};

const NSAP_MOST = 20;
/** Bytes of a system's identifier. */
export const SYSTEM_ID = 6;
/** A system's identifier and a pseudonode's number. */
export const NODE_ID = SYSTEM_ID + 1;
/** A node's identifier and a fragment's number. */
export const LSP_ID = NODE_ID + 1;

/** An address: its bytes in pairs behind the first one. */
export function nsapText(p: Printer, at: number, length: number): string {
  const digits = hexBytes(p, at, length);
  if (length < 1 || length > NSAP_MOST) return 'isonsap_string: illegal length';
  return [digits.slice(0, 2), ...(digits.slice(2).match(/.{1,4}/g) ?? [])].join('.');
}

/** The identifier of a system, node or fragment, by its length. */
export function idText(p: Printer, at: number, length: number): string {
  const digits = hexBytes(p, at, length);
  const system = (digits.slice(0, 2 * SYSTEM_ID).match(/.{1,4}/g) ?? []).join('.');
  const node = length < NODE_ID ? '' : `.${digits.slice(2 * SYSTEM_ID, 2 * NODE_ID)}`;
  return `${system}${node}${length === LSP_ID ? `-${digits.slice(2 * NODE_ID)}` : ''}`;
}

/** Identifiers with their numbers, as `IPv4 (0xcc), IPv6 (0x8e)`. */
export function protocolList(p: Printer, at: number, count: number): void {
  for (let i = 0; i < count; i++) {
    const id = p.u8(at + i);
    p.text(`${NLPIDS[id] ?? 'unknown'} (0x${hex(id, 2)})${i + 1 < count ? ', ' : ''}`);
  }
}

/** Whether a checksum is right, where it can be told. @param field where it is, from `offset` */
export function printOsiChecksum(
  p: Printer,
  offset: number,
  value: number,
  field: number,
  length: number,
): void {
  if (value === 0 || !p.has(offset + field, 2) || field > length || !p.has(offset, length)) {
    p.text(' (unverified)');
    return;
  }
  const right = fletcher(p.view(offset, length), field);
  p.text(value === right ? ' (correct)' : ` (incorrect should be 0x${hex(right, 4)})`);
}

/** The checksum that the bytes should have at `field` (ISO 8473-1, annex C.3), in numbers of 32 bits. */
function fletcher(bytes: Uint8Array, field: number): number {
  let first = 0;
  let second = 0;
  for (let i = 0; i < bytes.length; i++) {
    if (i !== field && i !== field + 1) first = (first + bytes[i]!) >>> 0;
    second = (second + first) >>> 0;
  }
  first %= 255;
  second %= 255;
  const product = Math.imul(bytes.length - field, first);
  let x = (product - first - second) | 0;
  let y = (second - product - 1) | 0;
  if (y >= 0) y++;
  if (x < 0) x--;
  x = x % 255 || 255;
  y = y % 255 || 255;
  return ((x << 8) | (y & 0xff)) & 0xffff;
}
