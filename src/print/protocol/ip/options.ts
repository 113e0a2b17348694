// IPv4's options. Source: RFC 791, RFC 2113 (router alert).

import type { Printer, Words } from '../../printer.js';

const Option = { EOL: 0, NOP: 1, RR: 7, TS: 68, LSRR: 131, SSRR: 137, RA: 148 } as const;

const OPTION_WORDS: Words = {
  0: 'EOL',
  1: 'NOP',
  7: 'RR',
  68: 'timestamp',
  82: 'traceroute',
  130: 'security',
  131: 'LSRR',
  137: 'SSRR',
  148: 'RA',
};

/** A length and a pointer behind the type; the first address of a route. */
const ROUTE_HEADER = 3;
const TIMESTAMP_HEADER = 4;
const TimestampKind = { ONLY: 0, WITH_ADDRESS: 1, PRESPECIFIED: 3 } as const;

/**
 * Prints the options, separated by commas.
 * @returns false when one is cut; what is cut in its type or length ends the packet
 */
export function ipOptions(p: Printer, offset: number, length: number): boolean {
  const end = offset + length;
  for (let at = offset; at < end; ) {
    if (at > offset) p.char(44);
    const type = p.u8(at);
    p.word(OPTION_WORDS, type, 'unknown %u');
    let size = 1;
    if (type !== Option.NOP && type !== Option.EOL) {
      size = p.u8(at + 1);
      if (size < 2) {
        badLength(p, size);
        return true;
      }
    }
    if (at + size > end) {
      badLength(p, size);
      return true;
    }
    if (!p.has(at, size)) return false;
    switch (type) {
      case Option.EOL:
        return true;
      case Option.TS:
        if (!timestamps(p, at, size)) return false;
        break;
      case Option.RR:
      case Option.SSRR:
      case Option.LSRR:
        if (!route(p, at, size)) return false;
        break;
      case Option.RA:
        if (size < 4) badLength(p, size);
        else if (p.u16(at + 2) !== 0) p.text(` value ${p.u16(at + 2)}`);
        break;
    }
    at += size;
  }
  return true;
}

function badLength(p: Printer, length: number): void {
  p.text(` [bad length ${length}]`);
}

/** The addresses of a recorded or given route; a comma behind those the packet has been to. */
function route(p: Printer, offset: number, size: number): boolean {
  if (size < ROUTE_HEADER) {
    badLength(p, size);
    return true;
  }
  if ((size + 1) % 4 !== 0) badLength(p, size);
  // A pointer of 0 is past everything, as an unsigned number less one is.
  const pointer = (p.u8(offset + 2) - 1) >>> 0;
  if (pointer < ROUTE_HEADER || (pointer + 1) % 4 !== 0 || pointer > size + 1)
    p.text(` [bad ptr ${p.u8(offset + 2)}]`);
  for (let at = ROUTE_HEADER; at < size; at += 4) {
    // A route may end in a part of an address.
    if (!p.has(offset + at, 4)) return false;
    p.char(32);
    p.ipv4(offset + at);
    if (pointer > at) p.char(44);
  }
  return true;
}

function timestamps(p: Printer, offset: number, size: number): boolean {
  if (size < TIMESTAMP_HEADER) {
    p.text(`[bad length ${size}]`);
    return true;
  }
  p.text(' TS{');
  const kind = p.u8(offset + 3) & 15;
  const hop = kind === TimestampKind.ONLY ? 4 : 8;
  if ((size - TIMESTAMP_HEADER) % hop !== 0) p.text(`[bad length ${size}]`);
  const pointer = (p.u8(offset + 2) - 1) >>> 0;
  if (pointer < TIMESTAMP_HEADER || (pointer - TIMESTAMP_HEADER) % hop !== 0 || pointer > size + 1) {
    p.text(`[bad ptr ${p.u8(offset + 2)}]`);
  }
  let at = 0;
  switch (kind) {
    case TimestampKind.ONLY:
      p.text('TSONLY');
      at = TIMESTAMP_HEADER;
      break;
    case TimestampKind.WITH_ADDRESS:
      p.text('TS+ADDR');
      at = TIMESTAMP_HEADER;
      break;
    case TimestampKind.PRESPECIFIED:
      p.text('PRESPEC');
      at = TIMESTAMP_HEADER;
      break;
    default:
      p.text(`[bad ts type ${kind}]`);
  }
  if (at > 0) {
    for (; at < size; at += hop) {
      if (!p.has(offset + at, hop)) return false;
      p.text(pointer === at ? ' ^ ' : ' ');
      p.dec(p.u32(offset + at + hop - 4));
      p.char(64);
      if (hop === 8) p.ipv4(offset + at);
    }
  }
  if (pointer === at) p.text(' ^ ');
  const overflow = p.u8(offset + 3) >> 4;
  p.text(overflow === 0 ? '}' : ` [${overflow} hops not recorded]} `);
  return true;
}

/** Offset of the address the packet will end at, which its checksums count: a source route's last one. */
export function lastAddress(p: Printer, header: number, headerLength: number): number {
  const destination = header + 16;
  const end = header + headerLength;
  const b = p.buffer;
  for (let at = header + 20; at < end; ) {
    const type = b[at]!;
    if (type === Option.EOL) break;
    if (type === Option.NOP) {
      at++;
      continue;
    }
    const size = at + 1 < end ? b[at + 1]! : 0;
    if (size < 2 || at + size > end) break;
    if ((type === Option.SSRR || type === Option.LSRR) && size >= 7) return at + size - 4;
    at += size;
  }
  return destination;
}
