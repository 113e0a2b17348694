// TCP's MD5 signature option and -M, the secret to check it with. Source: RFC 2385.

import { builtin } from '../../../builtin.js';
import type { Printer } from '../../printer.js';

export const Signature = { VALID: 0, INVALID: 1, UNCHECKED: 2 } as const;
export type Signature = (typeof Signature)[keyof typeof Signature];

const HEADER = 20;
const CHECKSUM = 16;
const DIGEST = 16;
const PROTOCOL = 6;

/**
 * Checks the digest of the segment at `tcp`; says why when it cannot.
 * @param length of the segment
 * @param digest where the option's digest is
 */
export function verifySignature(
  p: Printer,
  tcp: number,
  headerLength: number,
  length: number,
  digest: number,
): Signature {
  const payload = length - headerLength;
  if (!p.has(tcp + headerLength, payload)) {
    p.text('snaplen too short, ');
    return Signature.UNCHECKED;
  }
  const secret = p.options.tcpMd5Secret;
  if (secret === null) {
    p.text('shared secret not supplied with -M, ');
    return Signature.UNCHECKED;
  }
  const hash = builtin('node:crypto').createHash('md5');
  hash.update(pseudoHeader(p));
  const header = Uint8Array.from(p.view(tcp, HEADER));
  header.fill(0, CHECKSUM, CHECKSUM + 2);
  hash.update(header);
  hash.update(p.view(tcp + headerLength, payload));
  hash.update(secret, 'latin1');
  return hash.digest().equals(p.view(digest, DIGEST)) ? Signature.VALID : Signature.INVALID;
}

/** The pseudo-header with the lengths as the IP header has them. */
function pseudoHeader(p: Printer): Buffer {
  const ip = p.ipHeader;
  if (p.ipVersion === 6) {
    const header = Buffer.alloc(40);
    header.set(p.view(ip + 8, 32));
    header.writeUInt32BE(p.u16(ip + 4), 32);
    header[39] = PROTOCOL;
    return header;
  }
  const header = Buffer.alloc(12);
  header.set(p.view(ip + 12, 8));
  header[9] = PROTOCOL;
  header.writeUInt16BE((p.u16(ip + 2) - (p.u8(ip) & 15) * 4) & 0xffff, 10);
  return header;
}
