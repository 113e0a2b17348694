// Connectivity Fault Management. Source: IEEE 802.1Q (formerly 802.1ag), ITU-T Y.1731.

import { printUnknownData } from '../../hexdump.js';
import { bitsOf, counted, fixed, hex, macText, wordOf } from '../../inline.js';
import type { Bits, Printer, Words } from '../../printer.js';
import { cfmTlv, tooShort } from './tlv.js';

const HEADER = 4;
const Field = { LEVEL_VERSION: 0, OPCODE: 1, FLAGS: 2, FIRST_TLV: 3 } as const;
const Opcode = { CONTINUITY_CHECK: 1, LINKTRACE_REPLY: 4, LINKTRACE: 5 } as const;
const OPCODES = counted(
  1,
  'Continuity Check Message|Loopback Reply|Loopback Message|Linktrace Reply|Linktrace Message',
);
/** Bytes of the messages that are taken apart, and tcpdump's number for the complaint about fewer. */
const SIZES: Readonly<Record<number, readonly [size: number, complaint: number]>> = {
  [Opcode.CONTINUITY_CHECK]: [70, 1],
  [Opcode.LINKTRACE]: [17, 4],
  [Opcode.LINKTRACE_REPLY]: [6, 5],
};

/** Seconds between continuity checks, in single precision as tcpdump has them. */
const INTERVALS = [0, 0.003333, 0.01, 0.1, 1, 10, 60, 600].map(Math.fround);
const MIN_LIFETIME = 3.25;
const MAX_LIFETIME = 3.5;
const REMOTE_DEFECT = 0x80;
/** The names of the maintenance domain and association share so many bytes. */
const NAMES = 48;
const MD_NONE = 1;
const MD_MAC = 3;
const MD_FORMATS = counted(
  0,
  'IEEE 802.1|No MD Name present|DNS string|MAC + 16Bit Integer|Character string',
);
const MA_FORMATS = counted(0, 'IEEE 802.1|Primary VID|Character string|16Bit Integer|RFC2685 VPN-ID');
const MA_TEXT = 2;
const LINKTRACE_FLAGS: Bits = [[0x80, 'Use Forwarding-DB only']];
const REPLY_FLAGS: Bits = [
  [0x80, 'UseFDB Only'],
  [0x40, 'FwdYes'],
  [0x20, 'Terminal MEP'],
];
const REPLY_ACTIONS: Words = { 1: 'Exact Match', 2: 'Filtering DB', 3: 'MIP CCM DB' };

/** A CFM message. */
export function printCfm(p: Printer, offset: number, length: number): void {
  p.protocol = 'cfm';
  if (length < HEADER) {
    tooShort(p);
    return;
  }
  p.need(offset, HEADER);
  const version = p.u8(offset + Field.LEVEL_VERSION) & 0x1f;
  if (version !== 0) {
    p.text(`CFMv${version} not supported, length ${length}`);
    return;
  }
  const opcode = p.u8(offset + Field.OPCODE);
  p.text(
    `CFMv${version} ${wordOf(OPCODES, opcode, 'unknown (%u)')}` +
      `, MD Level ${p.u8(offset + Field.LEVEL_VERSION) >> 5}, length ${length}`,
  );
  if (p.options.verbose === 0) return;
  const first = p.u8(offset + Field.FIRST_TLV);
  const left = length - HEADER;
  p.text(`\n\tFirst TLV offset ${first}`);
  if (first > left) {
    p.text(` (too large, must be <= ${left})`);
    return;
  }
  const at = offset + HEADER;
  const known = SIZES[opcode];
  if (known === undefined) printUnknownData(p, '\n\t  ', at, left - first);
  else {
    const [size, complaint] = known;
    if (first < size) {
      p.text(` (too small ${complaint}, must be >= ${size})`);
      return;
    }
    p.need(at, size);
    if (!message(p, opcode, at, p.u8(offset + Field.FLAGS))) return;
  }
  tlvs(p, at + first, left - first);
}

/** @returns false when it is wrong and the rest cannot be trusted */
function message(p: Printer, opcode: number, at: number, flags: number): boolean {
  if (opcode === Opcode.CONTINUITY_CHECK) return continuityCheck(p, at, flags);
  const reply = opcode === Opcode.LINKTRACE_REPLY;
  p.text(
    `, Flags [${bitsOf(reply ? REPLY_FLAGS : LINKTRACE_FLAGS, flags, 'none')}]` +
      `\n\t  Transaction-ID 0x${hex(p.u32(at), 8)}, ttl ${p.u8(at + 4)}`,
  );
  if (reply) {
    const action = p.u8(at + 5);
    p.text(`\n\t  Replay-Action ${wordOf(REPLY_ACTIONS, action, 'Unknown')} (${action})`);
  } else p.text(`\n\t  Original-MAC ${macText(p, at + 5)}, Target-MAC ${macText(p, at + 11)}`);
  return true;
}

function continuityCheck(p: Printer, at: number, flags: number): boolean {
  const code = flags & 7;
  p.text(`, Flags [CCM Interval ${code}${(flags & REMOTE_DEFECT) !== 0 ? ', RDI' : ''}]`);
  if (code !== 0) {
    const seconds = INTERVALS[code]!;
    p.text(
      `\n\t  CCM Interval ${fixed(seconds, 3)}s, min CCM Lifetime ${fixed(seconds * MIN_LIFETIME, 3)}s` +
        `, max CCM Lifetime ${fixed(seconds * MAX_LIFETIME, 3)}s`,
    );
  }
  p.text(`\n\t  Sequence Number 0x${hex(p.u32(at), 8)}, MA-End-Point-ID 0x${hex(p.u16(at + 4), 4)}`);
  at += 6;
  const end = at + NAMES;
  const format = p.u8(at++);
  p.text(`\n\t  MD Name Format ${wordOf(MD_FORMATS, format, 'Unknown')} (${format})`);
  if (format !== MD_NONE) {
    const size = p.u8(at++);
    p.text(`, MD Name length ${size}`);
    // The association's name, one byte at least, has to fit too.
    if (size > end - at - 3) {
      p.text(` (too large, must be <= ${end - at - 2})`);
      return false;
    }
    domainName(p, format, at, size);
    at += size;
  }
  return associationName(p, at, end);
}

function domainName(p: Printer, format: number, at: number, size: number): void {
  p.text('\n\t  MD Name: ');
  if (format === 2 || format === 4) p.safeUntilNul(at, size);
  else if (format === MD_MAC) p.text(`\n\t  MAC ${size === 6 ? macText(p, at) : '(length invalid)'}`);
  else printUnknownData(p, '\n\t    ', at, size);
}

function associationName(p: Printer, at: number, end: number): boolean {
  const format = p.u8(at);
  const size = p.u8(at + 1);
  at += 2;
  p.text(`\n\t  MA Name-Format ${wordOf(MA_FORMATS, format, 'Unknown')} (${format}), MA name length ${size}`);
  if (size > end - at) {
    p.text(` (too large, must be <= ${end - at})`);
    return false;
  }
  p.text('\n\t  MA Name: ');
  if (format === MA_TEXT) p.safeUntilNul(at, size);
  else printUnknownData(p, '\n\t    ', at, size);
  return true;
}

function tlvs(p: Printer, at: number, left: number): void {
  while (left > 0) {
    const used = cfmTlv(p, at, left);
    if (used === 0) return;
    at += used;
    left -= used;
  }
}
