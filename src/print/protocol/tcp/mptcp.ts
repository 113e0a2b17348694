// Multipath TCP, versions 0 and 1, in TCP's option 30. Source: RFC 6824, RFC 8684.

import type { Bits, Printer, Words } from '../../printer.js';
import { formatFallback } from '../../printer.js';

const SYN = 0x02;
const ACK = 0x10;

type SubtypePrinter = (p: Printer, at: number, length: number, flags: number) => boolean;

const CAPABLE_FLAGS: Bits = [
  [0x80, 'A'],
  [0x40, 'B'],
  [0x20, 'C'],
  [0x10, 'D'],
  [0x08, 'E'],
  [0x04, 'F'],
  [0x02, 'G'],
  [0x01, 'H'],
];
const CHECKSUMS = 0x80;

const DssFlag = { ACK: 0x01, LONG_ACK: 0x02, MAPPING: 0x04, LONG_SEQUENCE: 0x08, FIN: 0x10 } as const;
const BACKUP = 0x01;

const ADDRESS_KINDS: Words = { 0: 'v1', 1: 'v1-echo', 4: 'v0-ip4', 6: 'v0-ip6' };

const RESET_FLAGS: Bits = [
  [0x8, 'U'],
  [0x4, 'V'],
  [0x2, 'W'],
  [0x1, 'T'],
];
const RESET_REASONS: Words = {
  0: 'Unspecified error',
  1: 'MPTCP-specific error',
  2: 'Lack of resources',
  3: 'Administratively prohibited',
  4: 'Too much outstanding data',
  5: 'Unacceptable performance',
  6: 'Middlebox interference',
};

const SUBTYPES: readonly (readonly [name: string, print: SubtypePrinter])[] = [
  ['capable', capable],
  ['join', join],
  ['dss', dataSequence],
  ['add-addr', addAddress],
  ['rem-addr', removeAddress],
  ['prio', priority],
  ['fail', fail],
  ['fast-close', fastClose],
  ['tcprst', reset],
];

/**
 * Prints the option at `at`, `length` bytes with its kind and length.
 * @param flags TCP's
 * @returns false when it is broken
 */
export function multipath(p: Printer, at: number, length: number, flags: number): boolean {
  p.protocol = 'mptcp';
  if (length < 3) return false;
  const subtype = SUBTYPES[p.u8(at + 2) >> 4];
  p.char(32);
  p.dec(length);
  p.char(32);
  if (subtype === undefined) {
    p.text('unknown');
    return true;
  }
  p.text(subtype[0]);
  return subtype[1](p, at, length, flags);
}

function long(p: Printer, at: number): string {
  return p.u64(at).toString(16);
}

function hexBytes(p: Printer, at: number, count: number): void {
  for (let i = 0; i < count; i++) p.hex0(p.u8(at + i), 2);
}

function capable(p: Printer, at: number, length: number, flags: number): boolean {
  const first = (length === 4 || length === 12) && (flags & SYN) !== 0;
  const third = (length === 20 || length === 22 || length === 24) && (flags & (SYN | ACK)) === ACK;
  if (!first && !third) return false;
  const version = p.u8(at + 2) & 15;
  if (version > 1) {
    p.text(` Unknown Version (${version})`);
    return true;
  }
  const bits = p.u8(at + 3);
  p.text(` v${version} flags [`);
  p.bits(CAPABLE_FLAGS, bits, 'none', '');
  p.char(93);
  if ((bits & CHECKSUMS) !== 0) p.text(' csum');
  if (length === 4) return true;
  p.text(` {0x${long(p, at + 4)}`);
  if (length >= 20) p.text(`,0x${long(p, at + 12)}`);
  // RFC 8684 section 3.1: 22 bytes hold the length of data, or a checksum alone if checksums were agreed on.
  if ((length === 22 && (bits & CHECKSUMS) === 0) || length === 24) p.text(`,data_len=${p.u16(at + 20)}`);
  p.char(125);
  return true;
}

function join(p: Printer, at: number, length: number, flags: number): boolean {
  const good =
    (length === 12 && (flags & SYN) !== 0) ||
    (length === 16 && (flags & (SYN | ACK)) === (SYN | ACK)) ||
    (length === 24 && (flags & ACK) !== 0);
  if (!good) return false;
  if (length === 24) {
    p.text(' hmac 0x');
    hexBytes(p, at + 4, 20);
    return true;
  }
  if ((p.u8(at + 2) & BACKUP) !== 0) p.text(' backup');
  p.text(` id ${p.u8(at + 3)}`);
  if (length === 12) p.text(` token 0x${p.u32(at + 4).toString(16)} nonce 0x${p.u32(at + 8).toString(16)}`);
  else p.text(` hmac 0x${long(p, at + 4)} nonce 0x${p.u32(at + 12).toString(16)}`);
  return true;
}

function dataSequence(p: Printer, at: number, length: number, flags: number): boolean {
  if (length < 4 || (flags & SYN) !== 0) return false;
  const bits = p.u8(at + 3);
  if ((bits & DssFlag.FIN) !== 0) p.text(' fin');
  const end = at + length;
  at += 4;
  if ((bits & DssFlag.ACK) !== 0) {
    p.text(' ack ');
    const size = (bits & DssFlag.LONG_ACK) !== 0 ? 8 : 4;
    if (end - at < size) return false;
    number(p, at, size);
    at += size;
  }
  if ((bits & DssFlag.MAPPING) !== 0) {
    p.text(' seq ');
    const size = (bits & DssFlag.LONG_SEQUENCE) !== 0 ? 8 : 4;
    if (end - at < size) return false;
    number(p, at, size);
    at += size;
    if (end - at < 4) return false;
    p.text(' subseq ');
    p.dec(p.u32(at));
    at += 4;
    if (end - at < 2) return false;
    p.text(' len ');
    p.dec(p.u16(at));
    at += 2;
    // There only when it was agreed on.
    if (end - at >= 2) {
      p.text(' csum 0x');
      p.hex(p.u16(at));
      at += 2;
    }
  }
  return at === end;
}

function number(p: Printer, at: number, size: number): void {
  if (size === 4) p.dec(p.u32(at));
  else p.text(String(p.u64(at)));
}

const ADDRESS_LENGTHS: ReadonlySet<number> = new Set([8, 10, 16, 18, 20, 22, 28, 30]);

function addAddress(p: Printer, at: number, length: number): boolean {
  if (!ADDRESS_LENGTHS.has(length)) return false;
  const four = length < 20;
  p.text(` ${ADDRESS_KINDS[p.u8(at + 2) & 15] ?? '[bad version/echo]'} id ${p.u8(at + 3)} `);
  if (four) p.ipv4(at + 4);
  else p.ipv6(at + 4);
  let next = at + (four ? 8 : 20);
  const rest = at + length - next;
  if (rest === 2 || rest === 10) {
    p.text(`:${p.u16(next)}`);
    next += 2;
  }
  if (rest >= 8) p.text(` hmac 0x${long(p, next)}`);
  return true;
}

function removeAddress(p: Printer, at: number, length: number): boolean {
  if (length < 4) return false;
  p.text(' id');
  for (let i = 3; i < length; i++) p.text(` ${p.u8(at + i)}`);
  return true;
}

function priority(p: Printer, at: number, length: number): boolean {
  if (length !== 3 && length !== 4) return false;
  p.text((p.u8(at + 2) & BACKUP) !== 0 ? ' backup' : ' non-backup');
  if (length === 4) p.text(` id ${p.u8(at + 3)}`);
  return true;
}

function fail(p: Printer, at: number, length: number): boolean {
  if (length !== 12) return false;
  p.text(` seq ${p.u64(at + 4)}`);
  return true;
}

function fastClose(p: Printer, at: number, length: number): boolean {
  if (length !== 12) return false;
  p.text(` key 0x${long(p, at + 4)}`);
  return true;
}

function reset(p: Printer, at: number, length: number): boolean {
  if (length !== 4) return false;
  p.text(' flags [');
  p.bits(RESET_FLAGS, p.u8(at + 2) & 15, 'none', '');
  const reason = p.u8(at + 3);
  p.text(`] reason ${RESET_REASONS[reason] ?? formatFallback('unknown (0x%02x)', reason)}`);
  return true;
}
