// Datagram Congestion Control Protocol. Source: RFC 4340.

import { shouldBe, transportChecksum } from '../../checksum.js';
import { counted, hex, ipv4Text, ipv6Text, wordOf } from '../../inline.js';
import type { Printer } from '../../printer.js';
import { dccpOption } from './option.js';

const PROTOCOL = 33;
const Field = {
  SOURCE: 0,
  DESTINATION: 2,
  OFFSET: 4,
  COVERAGE: 5,
  CHECKSUM: 6,
  TYPE: 8,
  SEQUENCE: 9,
  LONG_SEQUENCE: 10,
} as const;
/** The header with a sequence number of 24 bits, and of 48. */
const HEADER = 12;
const LONG_HEADER = 16;
const LONG = 0x01;

const Type = { REQUEST: 0, RESPONSE: 1, DATA: 2, RESET: 7 } as const;
const TYPES = counted(
  0,
  'DCCP-Request|DCCP-Response|DCCP-Data|DCCP-Ack|DCCP-DataAck|DCCP-CloseReq|DCCP-Close|DCCP-Reset|DCCP-Sync|DCCP-SyncAck',
);
/** Bytes that the types have behind the header. */
const TYPE_SIZES = [4, 12, 0, 8, 8, 8, 8, 12, 8, 8];
/** Of a Response's and a Reset's, the acknowledgement takes the first eight. */
const BEHIND_ACKNOWLEDGEMENT = 8;
const RESETS = counted(
  0,
  'unspecified|closed|aborted|no_connection|packet_error|option_error|mandatory_error|connection_refused|bad_service_code|too_busy|bad_init_cookie|aggression_penalty',
);

/** A DCCP packet, `length` bytes by the IP header. */
export function printDccp(p: Printer, offset: number, length: number): void {
  p.protocol = 'dccp';
  p.need(offset, HEADER);
  if (missing(p, 'dccp', length, HEADER)) return;
  const long = (p.u8(offset + Field.TYPE) & LONG) !== 0;
  const header = long ? LONG_HEADER : HEADER;
  if (missing(p, 'dccp', length, header)) return;
  p.need(offset, header);
  const size = p.u8(offset + Field.OFFSET) * 4;
  p.text(`${address(p, 12, 8)}.${p.u16(offset + Field.SOURCE)} > `);
  p.text(`${address(p, 16, 24)}.${p.u16(offset + Field.DESTINATION)}: `);
  p.protocolCaps();
  if (p.options.quiet) {
    p.text(` ${(length - size) >>> 0}`);
    if (size > length) p.text(` [bad hdr length ${size} - too long, > ${length}]`);
    return;
  }
  if (p.options.verbose > 0) printCoverage(p, offset, length);
  p.char(32);
  const type = (p.u8(offset + Field.TYPE) >> 1) & 15;
  const fixed = header + (TYPE_SIZES[type] ?? 0);
  const name = wordOf(TYPES, type, 'unknown-type-%u');
  if (missing(p, name, length, fixed)) return;
  const body = offset + header;
  p.text(`${name} ${detail(p, type, body, offset + fixed)}`);
  if (type !== Type.DATA && type !== Type.REQUEST) {
    p.text(`(ack=${long ? p.u48(body + 2) : p.u24(body + 1)}) `);
  }
  if (p.options.verbose < 2) return;
  p.text(`seq ${long ? p.u48(offset + Field.LONG_SEQUENCE) : p.u24(offset + Field.SEQUENCE)}`);
  if (size > fixed) options(p, offset + fixed, size - fixed);
}

function address(p: Printer, offset4: number, offset6: number): string {
  return p.ipVersion === 6 ? ipv6Text(p, p.ipHeader + offset6) : ipv4Text(p, p.ipHeader + offset4);
}

function missing(p: Printer, name: string, length: number, size: number): boolean {
  if (length >= size) return false;
  p.text(`truncated-${name} - ${size - length} bytes missing!`);
  return true;
}

/** What the checksum covers, and whether it is right. */
function printCoverage(p: Printer, offset: number, length: number): void {
  const field = p.u8(offset + Field.COVERAGE);
  const words = field & 15;
  p.text(` (CCVal ${field >> 4}, CsCov ${words}`);
  if (p.has(offset, length)) {
    const covered = words === 0 ? length : Math.min(length, (p.u8(offset + Field.OFFSET) + words - 1) * 4);
    const sum = transportChecksum(p, offset, length, PROTOCOL, covered);
    const claimed = p.u16(offset + Field.CHECKSUM);
    p.text(`, cksum 0x${hex(claimed, 4)} `);
    p.text(sum === 0 ? '(correct)' : `(incorrect -> 0x${hex(shouldBe(claimed, sum), 4)})`);
  }
  p.char(41);
}

/** What a type has of its own, all of it captured up to `end`. */
function detail(p: Printer, type: number, body: number, end: number): string {
  switch (type) {
    case Type.REQUEST:
      return `(service=${p.u32(body)}) `;
    case Type.RESPONSE:
      p.need(body, end - body);
      return `(service=${p.u32(body + BEHIND_ACKNOWLEDGEMENT)}) `;
    case Type.RESET:
      p.need(body, end - body);
      return `(code=${wordOf(RESETS, p.u8(body + BEHIND_ACKNOWLEDGEMENT), 'invalid')}) `;
    default:
      return '';
  }
}

function options(p: Printer, at: number, left: number): void {
  p.text(' <');
  for (;;) {
    const used = dccpOption(p, at, left);
    if (used === 0 || left <= used) break;
    at += used;
    left -= used;
    p.text(', ');
  }
  p.char(62);
}
