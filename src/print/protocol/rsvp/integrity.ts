// Digests of RSVP's messages. Source: RFC 2747, with HMAC-MD5 (RFC 2104).

import { OVERRUN } from '../../endings.js';
import { hexBytes, hexOf } from '../../inline.js';
import { hmacMd5 } from '../../md5.js';
import type { Printer } from '../../printer.js';
import { type RsvpMessage, Shown } from './types.js';

const INTEGRITY = 32;
const DIGEST = 16;

/** A key's name and the digest under it. */
export function integrity(
  p: Printer,
  at: number,
  length: number,
  indent: string,
  message: RsvpMessage,
): Shown {
  if (length < INTEGRITY) throw OVERRUN;
  const flags = p.u8(at) >= 0x80 ? 'Handshake' : 'none';
  p.text(
    `${indent}  Key-ID 0x${hexBytes(p, at + 2, 6)}, Sequence 0x${hexBytes(p, at + 8, 8)}, Flags [${flags}]`,
  );
  const digest = at + INTEGRITY - DIGEST;
  p.text(`${indent}  MD5-sum 0x${hexBytes(p, digest, DIGEST)} `);
  p.text(` (${checked(p, digest, message)})`);
  return Shown.WHOLLY;
}

/** Whether the digest is right under the key of -M; when not, what it should be is said too. */
function checked(p: Printer, digest: number, message: RsvpMessage): string {
  const secret = p.options.tcpMd5Secret;
  if (secret === null || !p.has(message.at, message.size)) return 'unchecked';
  const copy = Uint8Array.from(p.view(message.at, message.size));
  const start = digest - message.at;
  copy.fill(0, start, start + DIGEST);
  copy.fill(0, 2, 4);
  const right = hexOf(hmacMd5(new TextEncoder().encode(secret), copy));
  if (right === hexBytes(p, digest, DIGEST)) return 'valid';
  p.text(right);
  return 'invalid';
}
