// The Network Time Protocol. Source: RFC 1305, RFC 5905; extension fields: RFC 7822; control messages: RFC 9327.

import { hexOnly } from '../hexdump.js';
import { below, hex, hexBytes, ipv4Text, wordOf } from '../inline.js';
import { ntpDelta, ntpTime } from '../ntptime.js';
import type { Printer, Words } from '../printer.js';

const MODES: Words = {
  0: 'unspecified',
  1: 'symmetric active',
  2: 'symmetric passive',
  3: 'Client',
  4: 'Server',
  5: 'Broadcast',
  6: 'Control Message',
  7: 'Reserved',
};
const CONTROL = 6;
const LEAPS: Words = { 0x00: '', 0x40: '+1s', 0x80: '-1s', 0xc0: 'clock unsynchronized' };
const Stratum = { UNSPECIFIED: 0, PRIMARY: 1, LAST: 15, INFO_QUERY: 62, INFO_REPLY: 63 } as const;
const Field = {
  STRATUM: 1,
  POLL: 2,
  PRECISION: 3,
  ROOT_DELAY: 4,
  ROOT_DISPERSION: 8,
  REFERENCE_ID: 12,
  REFERENCE: 16,
  ORIGIN: 24,
  RECEIVE: 32,
  TRANSMIT: 40,
} as const;
const TIME_LENGTH = 48;
/** The version from which on extension fields may follow the header. */
const EXTENSIBLE = 4;
/** An extension field is this long at least, and a message authentication code no longer than that. */
const Extension = { HEADER: 4, LEAST: 16, MOST_MAC: 24 } as const;
/** Types of extension fields. Source: IANA; Autokey's, which clash with those of NTS, are left out. */
const EXTENSIONS: Words = {
  0x0104: 'Unique Identifier',
  0x0204: 'NTS Cookie',
  0x0304: 'NTS Cookie Placeholder',
  0x0404: 'NTS Authenticator and Encrypted Extension Fields',
  0x2005: 'UDP Checksum Complement',
};
const KEY_LENGTH = 4;
const CONTROL_LENGTH = 12;
/** Lengths of the digests that may follow a key: none, MD5's, SHA-1's. */
const DIGESTS: readonly number[] = [0, 16, 20];

/** An NTP message of any version. */
export function printNtp(p: Printer, offset: number, length: number): void {
  p.protocol = 'ntp';
  const first = p.u8(offset);
  const mode = first & 0x07;
  p.text(`NTPv${(first >> 3) & 0x07}, ${MODES[mode]}, length ${length}`);
  if (p.options.verbose === 0) return;
  const leap = first & 0xc0;
  p.text(`\n\tLeap indicator: ${LEAPS[leap]} (${leap})`);
  if (mode > CONTROL) return;
  const valid = mode === CONTROL ? control(p, offset, length) : time(p, offset, length, (first >> 3) & 7);
  if (valid) return;
  p.invalid();
  p.need(offset, length);
}

function stratumName(stratum: number): string {
  if (stratum === Stratum.UNSPECIFIED) return 'unspecified';
  if (stratum === Stratum.PRIMARY) return 'primary reference';
  return stratum <= Stratum.LAST ? 'secondary reference' : 'reserved';
}

/** A power of two as seconds; nothing when it is out of range. */
function interval(log2: number): string {
  if (Math.abs(log2) >= 32) return '';
  return log2 >= 0 ? ` (${2 ** log2}s)` : ` (1/${2 ** -log2}s)`;
}

/** 16 bits of seconds, 16 of their fraction. */
function shortTime(p: Printer, offset: number): string {
  const millionths = Math.floor((p.u16(offset + 2) / 0x10000) * 1e6);
  return `${p.u16(offset)}.${String(millionths).padStart(6, '0')}`;
}

/** @returns false when the message is too short */
function time(p: Printer, offset: number, length: number, version: number): boolean {
  if (below(p, 'length', length, TIME_LENGTH)) return false;
  const stratum = p.u8(offset + Field.STRATUM);
  p.text(`, Stratum ${stratum} (${stratumName(stratum)})`);
  const poll = p.s8(offset + Field.POLL);
  p.text(`, poll ${poll}${interval(poll)}`);
  p.text(`, precision ${p.s8(offset + Field.PRECISION)}`);
  p.text('\n\tRoot Delay: ');
  p.text(shortTime(p, offset + Field.ROOT_DELAY));
  p.text(', Root dispersion: ');
  p.text(shortTime(p, offset + Field.ROOT_DISPERSION));
  p.text(', Reference-ID: ');
  const reference = offset + Field.REFERENCE_ID;
  switch (stratum) {
    case Stratum.UNSPECIFIED:
      // A kiss code says why there is no answer.
      if (isPrintable(p.u8(reference))) p.safeBytes(reference, 4);
      else {
        p.text('(unspec)');
        p.need(reference, 4);
      }
      break;
    case Stratum.PRIMARY:
      p.safeBytes(reference, 4);
      break;
    case Stratum.INFO_QUERY:
    case Stratum.INFO_REPLY:
      p.text(`${ipv4Text(p, reference)} INFO_${stratum === Stratum.INFO_QUERY ? 'QUERY' : 'REPLY'}`);
      return true;
    default:
      p.text(`0x${hex(p.u32(reference), 8)}`);
  }
  stamps(p, offset);
  trailer(p, offset, length, version);
  return true;
}

function isPrintable(c: number): boolean {
  return c >= 0x20 && c < 0x7f;
}

function stamps(p: Printer, offset: number): void {
  const origin = offset + Field.ORIGIN;
  const receive = offset + Field.RECEIVE;
  const transmit = offset + Field.TRANSMIT;
  p.text('\n\t  Reference Timestamp:  ');
  p.text(ntpTime(p, offset + Field.REFERENCE));
  p.text('\n\t  Origin Timestamp:     ');
  p.text(ntpTime(p, origin));
  p.text('\n\t  Receive Timestamp:    ');
  p.text(ntpTime(p, receive));
  p.text('\n\t  Transmit Timestamp:   ');
  p.text(ntpTime(p, transmit));
  p.text('\n\t    Originator - Receive Timestamp:  ');
  p.text(ntpDelta(p, origin, receive));
  p.text('\n\t    Originator - Transmit Timestamp: ');
  p.text(ntpDelta(p, origin, transmit));
}

/** Extension fields, then the key and its digest when what is left is as long as they are; else it is counted. */
function trailer(p: Printer, offset: number, length: number, version: number): void {
  const end = offset + length;
  let at = offset + TIME_LENGTH;
  if (version === EXTENSIBLE) at = extensions(p, at, end);
  const left = end - at;
  if (left === 0) return;
  const digest = left - KEY_LENGTH;
  if (!DIGESTS.includes(digest)) {
    p.text(`\n\t(${left} more bytes after the header and extension fields)`);
    return;
  }
  p.text(`\n\tKey id: ${p.u32(at)}`);
  if (digest === 0) return;
  p.text(`\n\tAuthentication: ${hexBytes(p, at + KEY_LENGTH, digest)}`);
}

/** What is longer than an authentication code can be is an extension field. @returns where the fields end */
function extensions(p: Printer, at: number, end: number): number {
  while (end - at > Extension.MOST_MAC) {
    const type = p.u16(at);
    const size = p.u16(at + 2);
    if (size < Extension.LEAST || size % 4 !== 0 || size > end - at) break;
    p.text(`\n\tExtension field: ${wordOf(EXTENSIONS, type, 'Unknown')} (0x${hex(type, 4)}), length ${size}`);
    if (p.options.verbose > 2) hexOnly(p, '\n\t  ', at + Extension.HEADER, size - Extension.HEADER);
    p.need(at, size);
    at += size;
  }
  return at;
}

/** @returns false when the message is too short, or its data too long */
function control(p: Printer, offset: number, length: number): boolean {
  if (below(p, 'length', length, CONTROL_LENGTH)) return false;
  const flags = p.u8(offset + 1);
  const response = flags & 0x80 ? 'Response' : 'Request';
  const error = flags & 0x40 ? 'Error' : 'OK';
  p.text(`, ${response}, ${error}, ${flags & 0x20 ? 'More' : 'Last'}, OpCode=${flags & 0x1f}\n`);
  p.text(`\tSequence=${p.u16(offset + 2)}`);
  const status = p.u16(offset + 4);
  p.text(`, Status=${status === 0 ? '' : '0x'}${status.toString(16)}`);
  p.text(`, Assoc.=${p.u16(offset + 6)}`);
  p.text(`, Offset=${p.u16(offset + 8)}`);
  const count = p.u16(offset + 10);
  p.text(`, Count=${count}`);
  if (CONTROL_LENGTH + count > length) return false;
  if (count === 0) return true;
  p.need(offset + CONTROL_LENGTH, count);
  p.text('\n\tTO-BE-DONE: data not interpreted');
  return true;
}
