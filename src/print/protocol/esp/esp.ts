// IPsec Encapsulating Security Payload (RFC 4303), decrypted where -E has its secret.

import { hex } from '../../inline.js';
import type { Printer } from '../../printer.js';
import type { Secrets } from '../../services.js';
import { printTransport } from '../../transport.js';

const HEADER_LENGTH = 8;

/** @returns -E's secrets; null without -E */
export function secretsOf(p: Printer): Secrets | null {
  const text = p.options.espSecret;
  return text === null ? null : (p.services.secrets?.(text) ?? null);
}

/** An ESP packet. */
export function printEsp(p: Printer, offset: number, length: number): void {
  p.protocol = 'esp';
  p.text('ESP');
  const spi = p.u32(offset);
  p.text(`(spi=0x${hex(spi, 8)}`);
  p.text(`,seq=0x${hex(p.u32(offset + 4))})`);
  p.text(`, length ${length}`);
  const known = secretsOf(p);
  if (known === null) return;
  let destination: Uint8Array;
  if (p.ipVersion === 6) {
    // A jumbogram's payload is not decrypted.
    if (p.u16(p.ipHeader + 4) === 0) return;
    destination = p.view(p.ipHeader + 24, 16);
  } else {
    // The next header is in the last fragment.
    if (p.ipVersion !== 4 || p.ipFragmented) return;
    destination = p.view(p.ipHeader + 16, 4);
  }
  const cipher = known.find(spi, destination);
  if (cipher === null) return;
  const start = offset + HEADER_LENGTH + cipher.ivLength;
  if (p.snapEnd - start < cipher.icvLength) {
    p.truncated();
    return;
  }
  const size = p.snapEnd - cipher.icvLength - start;
  const iv = p.view(offset + HEADER_LENGTH, cipher.ivLength);
  const plain = cipher.decrypt(iv, p.view(start, size));
  if (plain === null) return;
  // The plaintext goes behind a copy of what led to it, so that the IP header stays where printers look for it.
  const front = offset - p.ipHeader;
  const bytes = new Uint8Array(front + size);
  bytes.set(p.buffer.subarray(p.ipHeader, offset));
  bytes.set(plain, front);
  const { ipHeader, ipDestination } = p;
  p.pushBuffer(bytes);
  p.ipDestination -= ipHeader;
  p.ipHeader = 0;
  printPlain(p, front, size);
  p.ipHeader = ipHeader;
  p.ipDestination = ipDestination;
  p.pop();
}

function printPlain(p: Printer, offset: number, size: number): void {
  const padding = size < 2 ? 0 : p.u8(offset + size - 2);
  if (padding + 2 > size) {
    p.truncated();
    return;
  }
  const length = size - padding - 2;
  const next = p.u8(offset + size - 1);
  p.text(': ');
  p.pushSnapEnd(offset + length);
  printTransport(p, next, offset, length);
  p.pop();
}
