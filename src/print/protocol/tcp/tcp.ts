// TCP: flags, relative sequence numbers, and what the ports say follows. Source: RFC 9293; ports: IANA.

import { shouldBe, transportChecksum } from '../../checksum.js';
import { ARROW, COLON, LENGTH } from '../../constants.js';
import { type Printer, type ProtocolPrinter, TRUNCATED } from '../../printer.js';
import { isForgetful, type PrinterName, printers } from '../../table.js';
import { Constant, Constants } from '../../writer.js';
import { tcpOptions } from './options.js';
import { resetPayload } from './reset.js';
import { TcpStates } from './states.js';

const Field = {
  SOURCE: 0,
  DESTINATION: 2,
  SEQUENCE: 4,
  ACK: 8,
  OFFSET: 12,
  FLAGS: 13,
  WINDOW: 14,
  CHECKSUM: 16,
  URGENT: 18,
} as const;
const MINIMUM = 20;
const PROTOCOL = 6;

const Flag = { FIN: 0x01, SYN: 0x02, RST: 0x04, ACK: 0x10, URG: 0x20 } as const;

/** Letters of the flags, lowest bit first; the ninth is AccECN's AE. */
const FLAG_LETTERS = 'FSRP.UEWe';
const FLAGS = new Constants((flags) => {
  const letters = [...FLAG_LETTERS].filter((_, bit) => (flags >> bit) & 1).join('');
  return `Flags [${letters || 'none'}]`;
});

const QUIET = new Constant('tcp ');
const SEQUENCE = new Constant(', seq ');
const ACKNOWLEDGED = new Constant(', ack ');
const WINDOW = new Constant(', win ');
const OPTIONS = new Constant(', options [');
const CHECKSUM = new Constant(', cksum 0x');
const CORRECT = new Constant(' (correct)');

const NFS = 2049;

/** Printers by port, in the order they are asked: the lower of the two well-known ports decides. Some do not put a colon
 * in front of themselves. */
const BY_PORT: readonly (readonly [ports: readonly number[], name: PrinterName, heading?: string])[] = [
  [[21], 'ftp', ': '],
  [[22], 'ssh'],
  [[23], 'telnet'],
  [[25], 'smtp', ': '],
  [[43], 'whois', ': '],
  [[53], 'dnsTcp'],
  [[80], 'http', ': '],
  [[139], 'netbiosSession'],
  [[179], 'bgp'],
  [[323], 'rpkiRtr'],
  [[445], 'smbTcp'],
  [[554], 'rtsp', ': '],
  [[639], 'msdp'],
  [[646], 'ldp'],
  [[1723], 'pptp'],
  [[6379], 'resp'],
  [[10288], 'beep'],
  [[6633, 6653], 'openflow'],
  [[8080], 'http', ': '],
  [[8554], 'rtsp', ': '],
];

/** BY_PORT's printers. */
const PRINTERS: readonly ProtocolPrinter[] = BY_PORT.map(([, name]) => printers[name] as ProtocolPrinter);

/** Printers that --smb alone asks. */
const SMB: readonly PrinterName[] = ['netbiosSession', 'smbTcp'];

/** A port's place in BY_PORT; BY_PORT.length for the others. */
function placesByPort(smb: boolean): Uint8Array {
  const places = new Uint8Array(65536).fill(BY_PORT.length);
  BY_PORT.forEach(([ports, name], place) => {
    if (smb || !SMB.includes(name)) for (const port of ports) places[port] = place;
  });
  return places;
}
const PLACES = placesByPort(false);
let smbPlaces: Uint8Array | null = null;

/** The place of a pair of ports' line, BY_PORT.length when there is none. */
function placeOf(p: Printer, source: number, destination: number): number {
  if (!p.options.smb) return Math.min(PLACES[source]!, PLACES[destination]!);
  smbPlaces ??= placesByPort(true);
  return Math.min(smbPlaces[source]!, smbPlaces[destination]!);
}

/** -T: what the payload is whatever the ports say. Types that TCP does not carry print nothing. */
const BY_TYPE: Readonly<Record<string, ProtocolPrinter>> = {
  zmtp1: printers.zmtp1,
  resp: printers.resp,
  domain: printers.dnsTcp,
  rpki: printers.rpkiRtr,
};

const states = new WeakMap<Printer, TcpStates>();
let lastPrinter: Printer | null = null;
let lastStates: TcpStates = new TcpStates();

/** The connections a printer has seen. */
function statesOf(p: Printer): TcpStates {
  if (p === lastPrinter) return lastStates;
  let found = states.get(p);
  if (found === undefined) {
    found = new TcpStates();
    states.set(p, found);
  }
  lastPrinter = p;
  lastStates = found;
  return found;
}

/** A TCP segment, `length` bytes by the IP header. */
export function printTcp(p: Printer, offset: number, length: number): void {
  p.protocol = 'tcp';
  const options = p.options;
  const shown = underIp(p);
  if (!p.has(offset, 4)) {
    sourceAddress(p);
    p.text(' > ');
    destinationAddress(p);
    p.char(58);
    throw TRUNCATED;
  }
  const b = p.buffer;
  const source = (b[offset]! << 8) | b[offset + 1]!;
  const destination = (b[offset + 2]! << 8) | b[offset + 3]!;
  if (shown) {
    sourceAddress(p);
    p.char(46);
  }
  p.tcpPort(source);
  p.put(ARROW);
  if (shown) {
    destinationAddress(p);
    p.char(46);
  }
  p.tcpPort(destination);
  p.put(COLON);
  p.need(offset, MINIMUM);
  const headerLength = (b[offset + Field.OFFSET]! >> 4) * 4;
  if (headerLength < MINIMUM) {
    p.text(
      ` tcp ${(length - headerLength) >>> 0} [bad hdr length ${headerLength} - too short, < ${MINIMUM}] (invalid)`,
    );
    return;
  }
  if (options.quiet) {
    p.put(QUIET);
    p.dec((length - headerLength) >>> 0);
    if (headerLength > length) tooLong(p, headerLength, length);
    return;
  }
  const flags = b[offset + Field.FLAGS]! | ((b[offset + Field.OFFSET]! & 1) << 8);
  p.put(FLAGS.of(flags));
  let seq = p.u32(offset + Field.SEQUENCE);
  let ack = p.u32(offset + Field.ACK);
  /** What the edges of selective acknowledgements are relative to. */
  let base = 0;
  if (!options.absoluteSequence && (flags & Flag.ACK) !== 0) {
    const table = statesOf(p);
    if (table.find(p, source, destination, seq, ack, (flags & Flag.SYN) !== 0)) {
      seq = (seq - table.sequence) >>> 0;
      ack = (ack - table.acknowledgement) >>> 0;
    }
    base = table.acknowledgement;
  }
  if (headerLength > length) {
    tooLong(p, headerLength, length);
    return;
  }
  if (options.verbose > 0 && !options.noChecksums && !p.ipFragmented && p.has(offset, length)) {
    printChecksum(p, offset, length);
  }
  const payload = length - headerLength;
  if (payload > 0 || options.verbose > 1 || (flags & (Flag.SYN | Flag.FIN | Flag.RST)) !== 0) {
    p.put(SEQUENCE);
    p.dec(seq);
    if (payload > 0) {
      p.char(58);
      p.dec((seq + payload) >>> 0);
    }
  }
  if ((flags & Flag.ACK) !== 0) {
    p.put(ACKNOWLEDGED);
    p.dec(ack);
  } else if (ack !== 0 && options.verbose > 1) {
    p.text(`, [ack ${ack} != 0 while ACK flag not set]`);
  }
  p.put(WINDOW);
  p.dec((b[offset + Field.WINDOW]! << 8) | b[offset + Field.WINDOW + 1]!);
  if ((flags & Flag.URG) !== 0) {
    p.text(', urg ');
    p.dec(p.u16(offset + Field.URGENT));
  } else {
    const urgent = (b[offset + Field.URGENT]! << 8) | b[offset + Field.URGENT + 1]!;
    if (urgent !== 0 && options.verbose > 1) p.text(`, [urg ${urgent} != 0 while URG flag not set]`);
  }
  if (headerLength > MINIMUM) {
    p.put(OPTIONS);
    if (!tcpOptions(p, offset, headerLength, length, flags, base)) return;
    p.char(93);
  }
  p.put(LENGTH);
  p.dec(payload);
  if (payload > 0) printPayload(p, offset, headerLength, payload, flags, source, destination);
}

/** Whether what a segment of these ports carries has no bearing on the text of later packets. */
function payloadLeavesNothing(p: Printer, source: number, destination: number): boolean {
  const place = placeOf(p, source, destination);
  if (place < BY_PORT.length) return isForgetful(BY_PORT[place]![1]);
  return source !== NFS && destination !== NFS;
}

/**
 * Remembers what a segment leaves behind, as `printTcp` would.
 * @returns whether that is all that printing it would leave behind
 */
export function followTcp(p: Printer, offset: number, length: number): boolean {
  const { options } = p;
  if (length < MINIMUM || !p.has(offset, MINIMUM)) return false;
  if (options.quiet) return true;
  const source = p.u16(offset);
  const destination = p.u16(offset + 2);
  const headerLength = (p.u8(offset + Field.OFFSET) >> 4) * 4;
  if (headerLength < MINIMUM) return true;
  const flags = p.u8(offset + Field.FLAGS);
  if (length > headerLength && (flags & Flag.RST) === 0 && !payloadLeavesNothing(p, source, destination))
    return false;
  if (options.absoluteSequence) return true;
  if ((flags & Flag.ACK) === 0) return true;
  const seq = p.u32(offset + Field.SEQUENCE);
  const ack = p.u32(offset + Field.ACK);
  statesOf(p).find(p, source, destination, seq, ack, (flags & Flag.SYN) !== 0);
  return true;
}

function tooLong(p: Printer, headerLength: number, length: number): void {
  p.text(` [bad hdr length ${headerLength} - too long, > ${length}] (invalid)`);
}

function printChecksum(p: Printer, offset: number, length: number): void {
  const field = p.u16(offset + Field.CHECKSUM);
  const sum = transportChecksum(p, offset, length, PROTOCOL);
  p.put(CHECKSUM);
  p.hex0(field, 4);
  if (sum === 0) p.put(CORRECT);
  else {
    p.text(' (incorrect -> 0x');
    p.hex0(shouldBe(field, sum), 4);
    p.char(41);
  }
}

function printPayload(
  p: Printer,
  offset: number,
  headerLength: number,
  payload: number,
  flags: number,
  source: number,
  destination: number,
): void {
  if (!p.has(offset, headerLength)) {
    p.text(` [remaining caplen(${p.available(offset)}) < header length(${headerLength})]`);
    p.need(offset, headerLength);
  }
  const body = offset + headerLength;
  if ((flags & Flag.RST) !== 0) {
    if (p.options.verbose > 0) resetPayload(p, body, payload);
    p.need(body, payload);
    return;
  }
  p.sourcePort = source;
  p.destinationPort = destination;
  if (p.options.packetType !== null) {
    BY_TYPE[p.options.packetType]?.(p, body, payload);
    return;
  }
  const place = placeOf(p, source, destination);
  if (place < BY_PORT.length) {
    const heading = BY_PORT[place]![2];
    if (heading !== undefined) p.text(heading);
    PRINTERS[place]!(p, body, payload);
  } else if (source === NFS || destination === NFS) {
    printNfs(p, body, payload, source, destination);
  }
}

/** A call to the NFS port or an answer from it, behind the record mark of RPC over TCP (RFC 5531). */
function printNfs(p: Printer, offset: number, length: number, source: number, destination: number): void {
  if (length < 4 || !p.has(offset, 12)) return;
  const fragment = Math.min(p.u32(offset) & 0x7fffffff, length - 4);
  const message = offset + 4;
  const direction = p.u32(message + 4);
  if (destination === NFS && direction === 0) {
    p.text(`: NFS request xid ${p.u32(message)} `);
    printers.nfsRequest(p, message, fragment);
  } else if (source === NFS && direction === 1) {
    p.text(`: NFS reply xid ${p.u32(message)} `);
    printers.nfsReply(p, message, fragment);
  }
}

/** Whether the IP header itself says TCP follows: behind extension headers its addresses are not shown again. */
function underIp(p: Printer): boolean {
  return p.buffer[p.ipHeader + (p.ipVersion === 4 ? 9 : 6)] === PROTOCOL;
}

function sourceAddress(p: Printer): void {
  if (p.ipVersion === 4) p.ipv4(p.ipHeader + 12);
  else p.ipv6(p.ipHeader + 8);
}

function destinationAddress(p: Printer): void {
  if (p.ipVersion === 4) p.ipv4(p.ipHeader + 16);
  else p.ipv6(p.ipHeader + 24);
}
