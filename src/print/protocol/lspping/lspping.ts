// LSP ping: echoes along labelled paths. Source: RFC 4379, 5884 (BFD).

import { printUnknownData } from '../../hexdump.js';
import { counted, hex, ipv4Text, ipv6Text, wordOf } from '../../inline.js';
import { ntpTime } from '../../ntptime.js';
import type { Printer, Words } from '../../printer.js';
import { ENTERPRISES } from '../../tables/enterprises.js';
import { FEC_PRINTERS, FECS } from './fec.js';

const HEADER = 32;
const TLV_HEADER = 4;
const VERSION = 1;
const Field = {
  VERSION: 0,
  TYPE: 4,
  REPLY_MODE: 5,
  CODE: 6,
  SUBCODE: 7,
  HANDLE: 8,
  SEQUENCE: 12,
  SENT: 16,
  RECEIVED: 24,
} as const;
const MESSAGES: Words = { 1: 'MPLS Echo Request', 2: 'MPLS Echo Reply' };
const REPLY_MODES: Words = {
  1: 'Do not reply',
  2: 'Reply via an IPv4/IPv6 UDP packet',
  3: 'Reply via an IPv4/IPv6 UDP packet with Router Alert',
  4: 'Reply via application level control channel',
};
const CODES = counted(
  0,
  'No return code or return code contained in the Error Code TLV|Malformed echo request received|' +
    'One or more of the TLVs was not understood|Replying router is an egress for the FEC at stack depth|' +
    'Replying router has no mapping for the FEC at stack depth|Reserved|Reserved|Reserved|' +
    'Label switched at stack-depth|Label switched but no MPLS forwarding at stack-depth|' +
    'Mapping for this FEC is not the given label at stack depth|No label entry at stack-depth|' +
    'Protocol not associated with interface at FEC stack depth|' +
    'Premature termination of ping due to label stack shrinking to a single label',
);
/** Codes whose texts end with the depth, which the subcode is. */
const WITH_DEPTH: ReadonlySet<number> = new Set([3, 4, 8, 10, 11, 12]);

const Tlv = { FEC_STACK: 1, DOWNSTREAM: 2, ENTERPRISE: 5, BFD: 15 } as const;
const TLVS: Words = {
  1: 'Target FEC Stack',
  2: 'Downstream Mapping',
  3: 'Pad',
  5: 'Vendor Enterprise Code',
  7: 'Interface Label Stack',
  9: 'Error Code',
  10: 'Reply TOS Byte',
  15: 'BFD Discriminator',
  0xfc00: 'Vendor Private Code',
};

export function printLspPing(p: Printer, offset: number, length: number): void {
  p.protocol = 'lspping';
  if (length < HEADER) {
    tooShort(p);
    return;
  }
  p.need(offset, HEADER);
  const version = p.u16(offset + Field.VERSION);
  if (version !== VERSION) {
    p.text(`LSP-PING version ${version} packet not supported`);
    return;
  }
  const type = p.u8(offset + Field.TYPE);
  if (p.options.verbose < 1) {
    const word = wordOf(MESSAGES, type, 'unknown (%u)');
    p.text(`LSP-PINGv${version}, ${word}, seq ${p.u32(offset + Field.SEQUENCE)}, length: ${length}`);
    return;
  }
  header(p, offset, type, length);
  let at = offset + HEADER;
  for (let left = length - HEADER; left > 0; ) {
    const used = tlv(p, at, left);
    if (used === 0) return;
    at += used;
    left -= used;
  }
}

function tooShort(p: Printer): void {
  p.text('\n\t\t packet is too short');
}

function header(p: Printer, at: number, type: number, length: number): void {
  const mode = p.u8(at + Field.REPLY_MODE);
  p.text(
    `\n\tLSP-PINGv${VERSION}, msg-type: ${wordOf(MESSAGES, type, 'unknown')} (${type}), length: ${length}` +
      `\n\t  reply-mode: ${wordOf(REPLY_MODES, mode, 'unknown')} (${mode})`,
  );
  const code = p.u8(at + Field.CODE);
  const subcode = p.u8(at + Field.SUBCODE);
  p.text(
    `\n\t  Return Code: ${wordOf(CODES, code, 'unknown')}${WITH_DEPTH.has(code) ? ` ${subcode}` : ''} (${code})` +
      `\n\t  Return Subcode: (${subcode})`,
  );
  p.text(
    `\n\t  Sender Handle: 0x${hex(p.u32(at + Field.HANDLE), 8)}, Sequence: ${p.u32(at + Field.SEQUENCE)}`,
  );
  const received = at + Field.RECEIVED;
  const unset = p.u32(received) === 0 && p.u32(received + 4) === 0;
  p.text(`\n\t  TimeStamp Sent: ${ntpTime(p, at + Field.SENT)}`);
  p.text(`\n\t  TimeStamp Received: ${unset ? 'no timestamp' : ntpTime(p, received)}`);
}

/** Bytes up to the next multiple of four. */
const padded = (size: number): number => (size + 3) & ~3;

/** @returns bytes used, 0 when nothing can follow */
function tlv(p: Printer, at: number, left: number): number {
  if (left < TLV_HEADER) {
    tooShort(p);
    return 0;
  }
  const type = p.u16(at);
  const size = p.u16(at + 2);
  p.text(`\n\t  ${wordOf(TLVS, type, 'Unknown')} TLV (${type}), length: ${size}`);
  if (size === 0) return TLV_HEADER;
  if (left < TLV_HEADER + size) {
    tooShort(p);
    return 0;
  }
  const body = at + TLV_HEADER;
  p.need(body, size);
  const shown = value(p, type, body, size);
  if (shown === Shown.WRONG) return 0;
  if (p.options.verbose > 1 || shown === Shown.PARTLY) printUnknownData(p, '\n\t    ', body, size);
  const used = TLV_HEADER + padded(size);
  if (left < used) {
    tooShort(p);
    return 0;
  }
  return used;
}

/** What a value's printer did: said all, not all so that its bytes are shown too, or that nothing can follow. */
const Shown = { WHOLLY: 0, PARTLY: 1, WRONG: 2 } as const;
type Shown = (typeof Shown)[keyof typeof Shown];

function value(p: Printer, type: number, at: number, size: number): Shown {
  switch (type) {
    case Tlv.FEC_STACK:
      return fecStack(p, at, size);
    case Tlv.DOWNSTREAM:
      downstream(p, at, size);
      return Shown.PARTLY;
    case Tlv.BFD:
      if (cut(p, size, 4)) return Shown.PARTLY;
      p.text(`\n\t    BFD Discriminator 0x${hex(p.u32(at), 8)}`);
      return Shown.WHOLLY;
    case Tlv.ENTERPRISE: {
      if (cut(p, size, 4)) return Shown.PARTLY;
      const vendor = p.u32(at);
      p.text(`\n\t    Vendor: ${wordOf(ENTERPRISES, vendor, 'Unknown')} (0x${hex(vendor, 4)})`);
      return Shown.WHOLLY;
    }
    default:
      if (p.options.verbose <= 1) printUnknownData(p, '\n\t    ', at, size);
      return Shown.WHOLLY;
  }
}

/** True, and said so, when a TLV has fewer than `least` bytes left. */
function cut(p: Printer, left: number, least: number): boolean {
  if (left >= least) return false;
  p.text('\n\t      TLV is too short');
  return true;
}

function fecStack(p: Printer, at: number, left: number): Shown {
  while (left > 0) {
    if (cut(p, left, TLV_HEADER)) return Shown.PARTLY;
    const type = p.u16(at);
    const size = p.u16(at + 2);
    const body = at + TLV_HEADER;
    if (cut(p, left, TLV_HEADER + size)) return Shown.PARTLY;
    p.need(body, size);
    p.text(`\n\t    ${wordOf(FECS, type, 'Unknown')} subTLV (${type}), length: ${size}`);
    const printer = FEC_PRINTERS[type];
    let known = false;
    if (printer !== undefined) {
      known = size === printer.size;
      p.text(
        `\n\t      ${known ? printer.text(p, body) : `invalid subTLV length, should be ${printer.size}`}`,
      );
    }
    if (p.options.verbose > 1 || !known) printUnknownData(p, '\n\t      ', body, size);
    const whole = padded(size);
    if (left < TLV_HEADER + whole) {
      p.text('\n\t\t TLV is too short');
      return Shown.WRONG;
    }
    // The next one is looked for where a sub-TLV without a head would end.
    at += whole;
    left -= TLV_HEADER + whole;
  }
  return Shown.WHOLLY;
}

const ADDRESS_TYPES: Words = { 1: 'IPv4', 2: 'Unnumbered IPv4', 3: 'IPv6', 4: 'IPv6' };
const MAPPING_HEADER = 4;
const MULTIPATH_HEADER = 4;

/** Where a packet goes next. What follows the addresses is not read. */
function downstream(p: Printer, at: number, size: number): void {
  if (cut(p, size, MAPPING_HEADER)) return;
  const type = p.u8(at + 2);
  p.text(`\n\t    MTU: ${p.u16(at)}, Address-Type: ${wordOf(ADDRESS_TYPES, type, 'unknown')} (${type})`);
  let left = size;
  if (ADDRESS_TYPES[type] !== undefined) {
    const width = type < 3 ? 4 : 16;
    const numbered = type % 2 === 1;
    const whole = MAPPING_HEADER + width + (numbered ? width : 4);
    if (cut(p, left, whole)) return;
    const address = (offset: number) => (width === 4 ? ipv4Text(p, offset) : ipv6Text(p, offset));
    const other = at + MAPPING_HEADER + width;
    p.text(
      `\n\t    Downstream IP: ${address(at + MAPPING_HEADER)}\n\t    Downstream Interface ` +
        (numbered ? `IP: ${address(other)}` : `Index: 0x${hex(p.u32(other), 8)}`),
    );
    left -= whole;
  }
  cut(p, left, MULTIPATH_HEADER);
}
