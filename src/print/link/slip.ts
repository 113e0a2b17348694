// Serial line IP, and what BPF puts in front of it: a direction and the compressed header (RFC 1144). Source:
// LINKTYPE_SLIP, LINKTYPE_SLIP_BSDOS.

import type { Printer } from '../printer.js';
import { printIp, printIp6 } from '../protocol/inner.js';

const HEADER = 16;
const COMPRESSED = 1;
const Kind = { IP: 0x40, UNCOMPRESSED: 0x70, COMPRESSED: 0x80 } as const;
/** A header that BPF restored keeps its connection where IPv4 has the protocol. */
const CONNECTION = COMPRESSED + 9;
/** What of a TCP/IP header the compressed one has. */
const Change = { C: 0x40, I: 0x20, S: 0x08, A: 0x04, W: 0x02, U: 0x01, MASK: 0x0f } as const;
/** Impossible sets of changes, for echoed characters and for data that flows one way. */
const ECHOED = Change.S | Change.W | Change.U;
const ONE_WAY = Change.S | Change.A | Change.W | Change.U;

/** What packets before have said. */
interface Seen {
  /** Bytes of data in a connection's last packet, by direction and connection: the next one's changes are relative. */
  readonly lengths: readonly [Map<number, number>, Map<number, number>];
  connection: number;
}
const seen = new WeakMap<Printer, Seen>();

function seenBy(p: Printer): Seen {
  let found = seen.get(p);
  if (found === undefined) {
    found = { lengths: [new Map(), new Map()], connection: 255 };
    seen.set(p, found);
  }
  return found;
}

/** A link of SLIP packets. */
export function printSlipLink(p: Printer, offset: number, length: number): void {
  p.protocol = 'slip';
  p.need(offset, HEADER);
  p.linkHeaderLength += HEADER;
  const at = offset + HEADER;
  length -= HEADER;
  if (p.options.linkHeader) heading(p, offset, at, length);
  const version = p.u8(at) >> 4;
  if (version === 4) printIp(p, at, length);
  else if (version === 6) printIp6(p, at, length);
  else p.text(`ip v${version}`);
}

/** A link of BSD/OS' SLIP packets. */
export function printSlipBsdosLink(p: Printer, offset: number, length: number): void {
  p.protocol = 'slip_bsdos';
  p.need(offset, HEADER);
  p.linkHeaderLength += HEADER;
  printIp(p, offset + HEADER, length - HEADER);
}

function heading(p: Printer, offset: number, ip: number, length: number): void {
  const direction = p.u8(offset);
  p.text(direction === 0 ? 'I ' : direction === 1 ? 'O ' : `Invalid direction ${direction} `);
  const link = seenBy(p);
  const lengths = link.lengths[direction];
  const first = p.u8(offset + COMPRESSED);
  const kind = first & 0xf0;
  if (kind === Kind.IP) {
    p.text(`ip ${length + HEADER}: `);
  } else if (kind === Kind.UNCOMPRESSED) {
    link.connection = p.u8(offset + CONNECTION);
    p.text(`utcp ${link.connection}: `);
    lengths?.set(link.connection, dataLength(p, ip, length));
  } else if (lengths !== undefined) {
    if ((first & Kind.COMPRESSED) !== 0) {
      compressed(p, offset + COMPRESSED, ip, length, link, lengths);
      p.text(': ');
    } else {
      p.text(`slip-${first}!: `);
    }
  }
}

/** Bytes behind the IPv4 and TCP headers, as an unsigned number. */
function dataLength(p: Printer, ip: number, length: number): number {
  p.need(ip, 20);
  const tcp = ip + (p.u8(ip) & 0xf) * 4;
  p.need(tcp, 20);
  return (length - (tcp - ip) - (p.u8(tcp + 12) >> 4) * 4) >>> 0;
}

function compressed(
  p: Printer,
  start: number,
  ip: number,
  length: number,
  link: Seen,
  lengths: Map<number, number>,
): void {
  const changes = p.u8(start);
  let at = start + 1;
  if ((changes & Change.C) !== 0) {
    link.connection = p.u8(at++);
    p.text(`ctcp ${link.connection}`);
  } else {
    p.text('ctcp *');
  }
  // The checksum is TCP's.
  at += 2;
  /** The next change, one byte or a zero and two. */
  const change = (): number => {
    const short = p.u8(at);
    const value = short === 0 ? p.u16(at + 1) : short;
    // A short one is not stepped over: so tcpdump reads them.
    if (short === 0) at += 3;
    return value;
  };
  const last = lengths.get(link.connection) ?? 0;
  const set = changes & Change.MASK;
  if (set === ECHOED) p.text(` *SA+${last}`);
  else if (set === ONE_WAY) p.text(` *S+${last}`);
  else {
    if ((changes & Change.U) !== 0) p.text(` U=${change()}`);
    if ((changes & Change.W) !== 0) {
      const window = (change() << 16) >> 16;
      p.text(` W${window >= 0 ? '+' : ''}${window}`);
    }
    if ((changes & Change.A) !== 0) p.text(` A+${change()}`);
    if ((changes & Change.S) !== 0) p.text(` S+${change()}`);
  }
  if ((changes & Change.I) !== 0) p.text(` I+${change()}`);
  const data = dataLength(p, ip, length);
  lengths.set(link.connection, data);
  p.text(` ${data} (${at - start})`);
}
