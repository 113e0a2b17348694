// TCP's MD5 signature option and -M, the secret to check it with. Source: RFC 2385.

import { hexBytes, hexOf, latin1 } from '../../inline.js';
import { md5 } from '../../md5.js';
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
  const header = Uint8Array.from(p.view(tcp, HEADER));
  header.fill(0, CHECKSUM, CHECKSUM + 2);
  const right = md5(pseudoHeader(p), header, p.view(tcp + headerLength, payload), latin1(secret));
  return hexOf(right) === hexBytes(p, digest, DIGEST) ? Signature.VALID : Signature.INVALID;
}

/** The pseudo-header with the lengths as the IP header has them. */
function pseudoHeader(p: Printer): Uint8Array {
  const ip = p.ipHeader;
  const six = p.ipVersion === 6;
  const header = new Uint8Array(six ? 40 : 12);
  const view = new DataView(header.buffer);
  if (six) {
    header.set(p.view(ip + 8, 32));
    view.setUint32(32, p.u16(ip + 4));
    header[39] = PROTOCOL;
  } else {
    header.set(p.view(ip + 12, 8));
    header[9] = PROTOCOL;
    view.setUint16(10, p.u16(ip + 2) - (p.u8(ip) & 15) * 4);
  }
  return header;
}
