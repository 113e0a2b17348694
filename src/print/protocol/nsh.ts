// Network Service Header (RFC 8300).

import { hex, wordOf } from '../inline.js';
import type { Printer, Words } from '../printer.js';
import { printEthernetPayload, printIp, printIp6 } from './inner.js';

/** The base header and the service path header, four bytes each. */
const HEADERS_LENGTH = 8;
const WORD = 4;

const MetadataType = { FIXED: 1, VARIABLE: 2 } as const;
const METADATA_TYPES: Words = { 0: 'reserved', 1: '1', 2: '2', 15: 'experimental' };

const NextProtocol = { IPV4: 1, IPV6: 2, ETHERNET: 3 } as const;
const NEXT_PROTOCOLS: Words = {
  1: 'IPv4',
  2: 'IPv6',
  3: 'Ethernet',
  4: 'NSH',
  5: 'MPLS',
  254: 'Experiment 1',
  255: 'Experiment 2',
};

/** An NSH header, its metadata with -vvv, and what it carries. */
export function printNsh(p: Printer, offset: number, length: number): void {
  p.protocol = 'nsh';
  if (!printHeaders(p, offset, length)) p.invalid();
}

function printHeaders(p: Printer, offset: number, length: number): boolean {
  const { verbose } = p.options;
  if (length < HEADERS_LENGTH) {
    p.text(` (packet length ${length} < ${HEADERS_LENGTH})`);
    return false;
  }
  const base = p.u32(offset);
  const version = base >>> 30;
  const words = (base >>> 16) & 0x3f;
  const metadata = (base >>> 8) & 0x0f;
  const next = base & 0xff;
  p.text('NSH, ');
  if (verbose > 1) p.text(`ver ${version}, `);
  if (version !== 0) return true;
  p.text(`flags [${(base & 0x20000000) !== 0 ? 'O' : 'none'}], `);
  if (verbose > 2) {
    p.text(`TTL ${(base >>> 22) & 0x3f}, length ${words}, `);
    p.text(`md type ${wordOf(METADATA_TYPES, metadata, 'unknown (0x%02x)')}, `);
  }
  if (verbose > 1) p.text(`next-protocol ${wordOf(NEXT_PROTOCOLS, next, 'unknown (0x%02x)')}, `);
  if (length < words * WORD) {
    p.text(` (too many headers for packet length ${length})`);
    return false;
  }
  p.text(`service-path-id 0x${hex(p.u24(offset + 4), 6)}, `);
  p.text(`service-index 0x${hex(p.u8(offset + 7))}`);
  if (words < 2) {
    p.text(' (less than two headers)');
    return false;
  }
  if (verbose > 2 && metadata === MetadataType.FIXED) {
    if (!printFixedMetadata(p, offset + HEADERS_LENGTH, words)) return false;
  } else if (verbose > 2 && metadata === MetadataType.VARIABLE) {
    if (!printVariableMetadata(p, offset + HEADERS_LENGTH, words - 2)) return false;
  } else p.need(offset + HEADERS_LENGTH, (words - 2) * WORD);
  p.text(verbose > 0 ? '\n    ' : ': ');
  offset += words * WORD;
  length -= words * WORD;
  switch (next) {
    case NextProtocol.IPV4:
      printIp(p, offset, length);
      break;
    case NextProtocol.IPV6:
      printIp6(p, offset, length);
      break;
    case NextProtocol.ETHERNET:
      printEthernetPayload(p, offset, length);
      break;
    default:
      p.text('ERROR: unknown-next-protocol');
  }
  return true;
}

/** Four words. */
function printFixedMetadata(p: Printer, offset: number, words: number): boolean {
  if (words !== 6) {
    p.text(' (length for the MD type)');
    return false;
  }
  for (let n = 0; n < 4; n++) p.text(`\n        Context[0${n}]: 0x${hex(p.u32(offset + n * WORD), 8)}`);
  return true;
}

/** Class, type, length and value, each value padded to a word. */
function printVariableMetadata(p: Printer, offset: number, words: number): boolean {
  let used = 0;
  while (used < words) {
    const classOf = p.u16(offset);
    const type = p.u8(offset + 2);
    const length = p.u8(offset + 3) & 0x7f;
    offset += WORD;
    p.text(`\n        TLV Class ${classOf}, Type ${type}, Len ${length}`);
    used++;
    const padded = Math.ceil(length / WORD);
    if (words < used + padded) {
      p.text(' (length too big)');
      return false;
    }
    if (length === 0) continue;
    p.text('\n            Value: ');
    for (let i = 0; i < length; i++) p.text(`${i === 0 ? '0x' : ':'}${hex(p.u8(offset + i), 2)}`);
    p.need(offset, padded * WORD);
    offset += padded * WORD;
    used += padded;
  }
  return true;
}
