// SCTP's data: DATA, I-DATA and I-FORWARD-TSN chunks. Source: RFC 9260, 8260; identifiers: IANA.

import { dumpUnknown, unknownIsDumped } from '../../hexdump.js';
import { below, wordOf } from '../../inline.js';
import type { Printer, Words } from '../../printer.js';
import { printers } from '../../table.js';
import type { SctpPacket } from './packet.js';

const DATA = 12;
const INTERLEAVED = 16;
const FORWARD_ENTRY = 8;
const Flag = { LAST: 0x01, FIRST: 0x02, UNORDERED: 0x04, IMMEDIATE: 0x08 } as const;
const M3UA = 3;
const PAYLOADS: Words = {
  1: 'ISDN Q.921',
  2: 'M2UA',
  [M3UA]: 'M3UA',
  4: 'SUA',
  5: 'M2PA',
  6: 'V5.2',
  7: 'H.248',
  8: 'BICC',
  9: 'TALI',
  10: 'DUA',
  11: 'ASAP',
  12: 'ENRP',
  13: 'H.323',
  14: 'Q.IPC',
  15: 'SIMCO',
  16: 'DDPSC',
  17: 'DDPSSC',
  18: 'S1AP',
  19: 'RUA',
  20: 'HNBAP',
  21: 'ForCES HP',
  22: 'ForCES MP',
  23: 'ForCES LP',
  24: 'SBc-AP',
  25: 'NBAP',
  27: 'X2AP',
};

/** `(U)(B)(E) `: what a data chunk is of its message. */
function flagText(flags: number): string {
  const unordered = (flags & Flag.UNORDERED) !== 0 ? '(U)' : '';
  const first = (flags & Flag.FIRST) !== 0 ? '(B)' : '';
  const last = (flags & Flag.LAST) !== 0 ? '(E)' : '';
  return unordered + first + last;
}

/** ` [chunk length 0 == 0]` and true when a data chunk has no data. */
function empty(p: Printer, length: number): boolean {
  if (length === 0) p.text(' [chunk length 0 == 0]');
  return length === 0;
}

export function data(p: Printer, at: number, length: number, flags: number, packet: SctpPacket): boolean {
  const words = flagText(flags);
  p.text(words === '' ? '' : `${words} `);
  if (below(p, 'chunk length', length, DATA)) return false;
  const identifier = p.u32(at + 8);
  p.text(`[TSN: ${p.u32(at)}] [SID: ${p.u16(at + 4)}] [SSEQ ${p.u16(at + 6)}] `);
  p.text(`[PPID ${wordOf(PAYLOADS, identifier, '0x%x')}] `);
  if (empty(p, length - DATA)) return false;
  payload(p, at + DATA, length - DATA, identifier, packet);
  return true;
}

export function interleavedData(
  p: Printer,
  at: number,
  length: number,
  flags: number,
  packet: SctpPacket,
): boolean {
  const words = `${(flags & Flag.IMMEDIATE) !== 0 ? '(I)' : ''}${flagText(flags)}`;
  p.text(words === '' ? '' : `${words} `);
  if (below(p, 'chunk length', length, INTERLEAVED)) return false;
  const number = p.u32(at + 12);
  p.text(`[TSN: ${p.u32(at)}] [SID: ${p.u16(at + 4)}] [MID: ${p.u32(at + 8)}] `);
  const first = (flags & Flag.FIRST) !== 0;
  p.text(first ? `[PPID ${wordOf(PAYLOADS, number, '0x%x')}] ` : `[FSN: ${number}] `);
  if (empty(p, length - INTERLEAVED)) return false;
  // Only a first fragment says what its message is.
  if (first) payload(p, at + INTERLEAVED, length - INTERLEAVED, number, packet);
  else if (p.options.verbose >= 2) dump(p, at + INTERLEAVED, length - INTERLEAVED, ': ');
  return true;
}

function payload(p: Printer, at: number, length: number, identifier: number, packet: SctpPacket): void {
  if (identifier >= 21 && identifier <= 23) packet.forces = true;
  if (packet.forces) printers.forces(p, at, length);
  else if (p.options.verbose < 2) return;
  else if (identifier === M3UA) printers.m3ua(p, at, length);
  else dump(p, at, length, ':');
  p.protocol = 'sctp';
}

function dump(p: Printer, at: number, length: number, heading: string): void {
  p.text('[Payload');
  if (unknownIsDumped(p)) {
    p.text(heading);
    dumpUnknown(p, at, length);
  }
  p.char(93);
}

export function interleavedForward(p: Printer, at: number, length: number): boolean {
  if (below(p, 'chunk length', length, 4)) return false;
  p.text(`[TSN: ${p.u32(at)}] `);
  if (p.options.verbose < 2) return true;
  const end = at + length;
  for (at += 4; end - at >= FORWARD_ENTRY; at += FORWARD_ENTRY) {
    p.text(`[SID: ${p.u16(at)}] ${(p.u16(at + 2) & 1) !== 0 ? '(U)' : ''}[MID: ${p.u32(at + 4)}] `);
  }
  return true;
}
