// IS-IS authentication, checked where -M has its secret. Source: RFC 5304 (HMAC-MD5), 5310 (other functions).

import { printUnknownData } from '../../hexdump.js';
import { hexBytes, hexOf, latin1, wordOf } from '../../inline.js';
import { hmacMd5 } from '../../md5.js';
import type { Printer, Words } from '../../printer.js';
import type { IsisPacket } from './value.js';

const Type = { PASSWORD: 1, GENERIC: 3, MD5: 54 } as const;
const TYPES: Words = {
  1: 'simple text password',
  3: 'Generic Crypto key-id',
  54: 'HMAC-MD5 password',
  255: 'Routing Domain private password',
};
const DIGEST = 16;
/** Lifetime and checksum of a link state packet, which change on the way: they are zeroed in every packet. */
const LIFETIME = 10;
const CHECKSUM = 24;

/** Prints an authentication field. */
export function authentication(p: Printer, at: number, length: number, packet: IsisPacket): void {
  if (length < 1) return;
  const type = p.u8(at);
  at++;
  length--;
  p.text(`\n\t      ${wordOf(TYPES, type, 'unknown Authentication type 0x%02x')}: `);
  switch (type) {
    case Type.PASSWORD:
      p.safeUntilNul(at, length);
      break;
    case Type.MD5:
      hexUntilCut(p, at, length);
      if (length !== DIGEST) p.text(', (invalid subTLV) ');
      p.text(` (${verified(p, at, packet)})`);
      break;
    case Type.GENERIC:
      if (length < 2) return;
      p.text(`${p.u16(at)}, password: `);
      hexUntilCut(p, at + 2, length - 2);
      break;
    default:
      printUnknownData(p, '\n\t\t  ', at, length);
  }
}

/** The captured bytes of it in hexadecimal. */
function hexUntilCut(p: Printer, at: number, length: number): void {
  for (let i = 0; i < length; i++) p.hex0(p.u8(at + i), 2);
}

/** Whether the digest is right; prints the right one when it is not. */
function verified(p: Printer, at: number, packet: IsisPacket): string {
  const secret = p.options.tcpMd5Secret;
  const digest = at - packet.offset;
  if (secret === null || !p.has(packet.offset, packet.length) || digest + DIGEST > packet.length)
    return 'unchecked';
  const bytes = Uint8Array.from(p.view(packet.offset, packet.length));
  bytes.fill(0, digest, digest + DIGEST);
  bytes.fill(0, LIFETIME, LIFETIME + 2);
  bytes.fill(0, CHECKSUM, CHECKSUM + 2);
  const right = hexOf(hmacMd5(latin1(secret), bytes));
  if (right === hexBytes(p, at, DIGEST)) return 'valid';
  p.text(right);
  return 'invalid';
}
