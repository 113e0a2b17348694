// Pragmatic General Multicast, in IP or in UDP. Source: RFC 3208.

import { counted, hex, hexBytes } from '../../inline.js';
import { type Printer, TRUNCATED } from '../../printer.js';
import { printers } from '../../table.js';
import { familyWidth, numericAddress } from './address.js';
import { pgmOptions } from './option.js';

const PROTOCOL = 113;
const HEADER = 16;
const Field = { SOURCE: 0, DESTINATION: 2, TYPE: 4, OPTIONS: 5, GLOBAL_ID: 8, LENGTH: 14 } as const;
const Type = {
  SPM: 0,
  POLL: 1,
  POLR: 2,
  ODATA: 4,
  RDATA: 5,
  NAK: 8,
  NULL_NAK: 9,
  NCF: 10,
  ACK: 11,
  SPMR: 12,
} as const;
const NAKS = counted(8, 'NAK|NNAK|NCF');
const HAS_OPTIONS = 0x01;

/** A PGM packet, `length` bytes by the header in front of it. */
export function printPgm(p: Printer, offset: number, length: number): void {
  p.protocol = 'pgm';
  const underIp = p.buffer[p.ipHeader + (p.ipVersion === 6 ? 6 : 9)] === PROTOCOL;
  if (!p.has(offset, 4)) {
    address(p, 12, 8);
    p.text(' > ');
    address(p, 16, 24);
    p.char(58);
    throw TRUNCATED;
  }
  if (underIp) {
    address(p, 12, 8);
    p.char(46);
  }
  p.tcpPort(p.u16(offset + Field.SOURCE));
  p.text(' > ');
  if (underIp) {
    address(p, 16, 24);
    p.char(46);
  }
  p.tcpPort(p.u16(offset + Field.DESTINATION));
  p.text(': ');
  p.need(offset, HEADER);
  const claimed = p.u16(offset + Field.LENGTH);
  p.text(`PGM, length ${claimed}`);
  if (p.options.verbose === 0) return;
  p.text(` 0x${hexBytes(p, offset + Field.GLOBAL_ID, 6)} `);
  const type = p.u8(offset + Field.TYPE);
  let at = message(p, type, offset + HEADER);
  if ((p.u8(offset + Field.OPTIONS) & HAS_OPTIONS) !== 0) {
    at = pgmOptions(p, at);
    if (at < 0) return;
  }
  p.text(` [${length}]`);
  if (p.options.packetType === 'pgm_zmtp1' && (type === Type.ODATA || type === Type.RDATA)) {
    printers.zmtp1Datagram(p, at, claimed);
  }
}

function address(p: Printer, offset4: number, offset6: number): void {
  if (p.ipVersion === 6) p.ipv6(p.ipHeader + offset6);
  else p.ipv4(p.ipHeader + offset4);
}

/** @returns where the options begin */
function message(p: Printer, type: number, at: number): number {
  switch (type) {
    case Type.SPM: {
      p.need(at, 16);
      const width = familyWidth(p.u16(at + 12));
      const path = numericAddress(p, at + 16, width);
      p.text(`SPM seq ${p.u32(at)} trail ${p.u32(at + 4)} lead ${p.u32(at + 8)} nla ${path}`);
      return at + 16 + width;
    }
    case Type.POLL:
      return poll(p, at);
    case Type.POLR:
      p.need(at, 8);
      p.text(`POLR seq ${p.u32(at)} round ${p.u16(at + 4)}`);
      return at + 8;
    case Type.ODATA:
    case Type.RDATA:
      p.need(at, 8);
      p.text(`${type === Type.ODATA ? 'ODATA' : 'RDATA'} trail ${p.u32(at + 4)} seq ${p.u32(at)}`);
      return at + 8;
    case Type.NAK:
    case Type.NULL_NAK:
    case Type.NCF:
      return negative(p, type, at);
    case Type.ACK:
      p.need(at, 8);
      p.text(`ACK seq ${p.u32(at)}`);
      return at + 8;
    case Type.SPMR:
      p.text('SPMR');
      return at - HEADER;
    default:
      p.text(`UNKNOWN type 0x${hex(type, 2)}`);
      return at - HEADER;
  }
}

function poll(p: Printer, at: number): number {
  p.need(at, 12);
  const width = familyWidth(p.u16(at + 8));
  const path = numericAddress(p, at + 12, width);
  const rest = at + 12 + width;
  p.need(rest, 12);
  p.text(
    `POLL seq ${p.u32(at)} round ${p.u16(at + 4)} nla ${path} ivl ${p.u32(rest)}` +
      ` rnd 0x${hex(p.u32(rest + 4), 8)} mask 0x${hex(p.u32(rest + 8), 8)}`,
  );
  return rest + 12;
}

/** The source and the group of what is missing. tcpdump looks for the group's family where its address is. */
function negative(p: Printer, type: number, at: number): number {
  p.need(at, 8);
  const sourceWidth = familyWidth(p.u16(at + 4));
  const source = numericAddress(p, at + 8, sourceWidth);
  const groupAt = at + 8 + sourceWidth + 4;
  const groupWidth = familyWidth(p.u16(groupAt));
  const group = numericAddress(p, groupAt, groupWidth);
  p.text(`${NAKS[type]} (${source} -> ${group}), seq ${p.u32(at)}`);
  return groupAt + groupWidth;
}
