// TCP: flags, sequence numbers, options, and what its ports say follows. Source: RFC 9293.

import { shouldBe, transportChecksum } from '../checksum.js';
import { printEndpoints } from '../ports.js';
import type { Printer, ProtocolPrinter } from '../printer.js';
import { printers } from '../table.js';
import { TcpStates } from './tcp-state.js';

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
};
const MINIMUM = 20;
const PROTOCOL = 6;
const FIN = 0x01;
const SYN = 0x02;
const RST = 0x04;
const ACK = 0x10;
const URG = 0x20;

/** Letters of the flags, lowest bit first; the ninth is AccECN's AE. */
const FLAG_LETTERS = 'FSRP.UEWe';
const FLAG_TEXTS = Array.from({ length: 512 }, (_, flags) =>
  flags === 0 ? 'none' : [...FLAG_LETTERS].filter((_, bit) => (flags >> bit) & 1).join(''),
);

/** Printers by port, in the order they are asked. */
const BY_PORT: readonly (readonly [ports: readonly number[], print: ProtocolPrinter])[] = [
  [[23], printers.telnet],
  [[25, 587], printers.smtp],
  [[43, 4321], printers.whois],
  [[53], printers.dnsTcp],
  [[80, 8080, 8000, 3128], printers.http],
  [[110], printers.beep],
  [[139], printers.nbtTcp],
  [[179], printers.bgp],
  [[1723], printers.pptp],
  [[445], printers.smbTcp],
  [[554, 8554], printers.rtsp],
  [[639], printers.msdp],
  [[646], printers.ldp],
  [[6379], printers.resp],
  [[6653, 6633], printers.openflow],
  [[21], printers.ftp],
  [[22], printers.ssh],
  [[323], printers.rpkiRtr],
  [[5060], printers.sip],
  [[10288], printers.beep],
];

const PLACES = new Map<number, number>();
BY_PORT.forEach(([ports], place) => {
  for (const port of ports) PLACES.set(port, place);
});

/** Printers that begin with their protocol's name, after a colon. */
const TEXT: ReadonlySet<ProtocolPrinter> = new Set([
  printers.http,
  printers.rtsp,
  printers.sip,
  printers.ftp,
  printers.smtp,
  printers.whois,
]);

const states = new WeakMap<Printer, TcpStates>();

/** A TCP segment, `length` bytes by the IP header. */
export function printTcp(p: Printer, offset: number, length: number): void {
  p.protocol = 'tcp';
  const options = p.options;
  if (!p.has(offset, 4)) {
    addresses(p, -1, -1);
    p.text(' [|tcp]');
    return;
  }
  const source = p.u16(offset + Field.SOURCE);
  const destination = p.u16(offset + Field.DESTINATION);
  addresses(p, source, destination);
  if (!p.has(offset, MINIMUM)) {
    p.text(' [|tcp]');
    return;
  }
  const headerLength = (p.u8(offset + Field.OFFSET) >> 4) * 4;
  const flags = p.u8(offset + Field.FLAGS) | ((p.u8(offset + Field.OFFSET) & 1) << 8);
  if (options.quiet) {
    p.text('tcp ');
    p.int(length - headerLength);
    if (headerLength > length) {
      p.text(' [bad hdr length ');
      p.dec(headerLength);
      p.text(', too long, > ');
      p.dec(length);
      p.char(93);
    }
    return;
  }
  let seq = p.u32(offset + Field.SEQUENCE);
  let ack = p.u32(offset + Field.ACK);
  let reversed = false;
  let firstSequence = 0;
  let firstAck = 0;
  if (!options.absoluteSequence && (flags & ACK) !== 0) {
    let table = states.get(p);
    if (table === undefined) {
      table = new TcpStates();
      states.set(p, table);
    }
    const known = table.find(p, source, destination, seq, ack, (flags & SYN) !== 0);
    reversed = table.reversed;
    firstSequence = table.sequence;
    firstAck = table.acknowledgement;
    if (known) {
      seq = (seq - (reversed ? firstAck : firstSequence)) >>> 0;
      ack = (ack - (reversed ? firstSequence : firstAck)) >>> 0;
    }
  }
  if (headerLength < MINIMUM || headerLength > length) {
    p.text(' [bad hdr length ');
    p.dec(headerLength);
    p.text(headerLength > length ? ', too long, > ' : ', too short, < ');
    p.dec(headerLength > length ? length : MINIMUM);
    p.char(93);
    return;
  }
  const payload = length - headerLength;
  p.text('Flags [');
  p.text(FLAG_TEXTS[flags]!);
  p.char(93);
  if (options.verbose > 0 && !options.noChecksums && !p.ipFragmented && p.has(offset, length)) {
    const field = p.u16(offset + Field.CHECKSUM);
    const sum = transportChecksum(p, offset, length, PROTOCOL);
    p.text(', cksum 0x');
    p.hex0(field, 4);
    if (sum === 0) p.text(' (correct)');
    else {
      p.text(' (incorrect -> 0x');
      p.hex0(shouldBe(field, sum), 4);
      p.char(41);
    }
  }
  if (options.verbose > 1 || payload > 0 || (flags & (SYN | FIN | RST)) !== 0) {
    p.text(', seq ');
    p.dec(seq);
    if (payload > 0) {
      p.char(58);
      p.dec((seq + payload) >>> 0);
    }
  }
  if ((flags & ACK) !== 0) {
    p.text(', ack ');
    p.dec(ack);
  }
  p.text(', win ');
  p.dec(p.u16(offset + Field.WINDOW));
  if ((flags & URG) !== 0) {
    p.text(', urg ');
    p.dec(p.u16(offset + Field.URGENT));
  }
  if (headerLength > MINIMUM) {
    p.text(', options [');
    const base = reversed ? firstSequence : firstAck;
    tcpOptions(p, offset + MINIMUM, headerLength - MINIMUM, flags, base);
    p.char(93);
  }
  p.text(', length ');
  p.dec(payload);
  if (payload === 0) return;
  const body = offset + headerLength;
  p.sourcePort = source;
  p.destinationPort = destination;
  if ((flags & RST) !== 0) {
    if (options.verbose > 0) resetReason(p, body, payload);
    else p.need(body, payload);
    return;
  }
  const a = PLACES.get(source) ?? BY_PORT.length;
  const b = PLACES.get(destination) ?? BY_PORT.length;
  const entry = BY_PORT[Math.min(a, b)];
  if (entry === undefined) return;
  if (TEXT.has(entry[1])) p.text(': ');
  entry[1](p, body, payload);
}

const writePort = (p: Printer, port: number): void => p.tcpPort(port);

function addresses(p: Printer, source: number, destination: number): void {
  printEndpoints(p, PROTOCOL, source, destination, writePort);
}

/** What a reset says of itself (RFC 9293 3.5.3): text in brackets. */
function resetReason(p: Printer, offset: number, length: number): void {
  p.text(' [RST');
  let count = length;
  if (count > 30) {
    count = 30;
    p.char(43);
  }
  p.char(32);
  p.safeBytes(offset, count);
  p.char(93);
}

const NAMES: { readonly [kind: number]: string } = {
  0: 'eol',
  1: 'nop',
  2: 'mss',
  3: 'wscale',
  4: 'sackOK',
  5: 'sack',
  6: 'echo',
  7: 'echoreply',
  8: 'TS',
  11: 'cc',
  12: 'ccnew',
  13: 'ccecho',
  19: 'md5',
  28: 'uto',
  29: 'tcp-ao',
  30: 'mptcp',
  34: 'tfo',
  172: 'exp-acc0',
  174: 'exp-acc1',
  253: 'exp',
  254: 'exp',
};

/** @param base what SACK edges are relative to */
function tcpOptions(p: Printer, offset: number, length: number, flags: number, base: number): void {
  const end = offset + length;
  let separator = false;
  while (offset < end) {
    if (separator) p.char(44);
    separator = true;
    const kind = p.u8(offset);
    const name = NAMES[kind];
    if (name === undefined) {
      p.text('unknown-');
      p.dec(kind);
    } else p.text(name);
    if (kind === 0) return;
    if (kind === 1) {
      offset++;
      continue;
    }
    if (offset + 1 >= end) {
      p.text('[bad opt]');
      return;
    }
    const size = p.u8(offset + 1);
    if (size < 2 || offset + size > end) {
      p.text('[bad opt]');
      return;
    }
    const body = offset + 2;
    const rest = size - 2;
    switch (kind) {
      case 2:
        p.char(32);
        p.dec(p.u16(body));
        break;
      case 3:
        p.char(32);
        p.dec(p.u8(body));
        break;
      case 4:
        break;
      case 5:
        if (rest % 8 !== 0 || (flags & ACK) === 0) {
          p.text(' invalid sack');
        } else {
          p.char(32);
          p.dec(rest / 8);
          p.char(32);
          for (let at = body; at < body + rest; at += 8) {
            p.char(123);
            p.dec((p.u32(at) - base) >>> 0);
            p.char(58);
            p.dec((p.u32(at + 4) - base) >>> 0);
            p.char(125);
          }
        }
        break;
      case 8:
        p.text(' val ');
        p.dec(p.u32(body));
        p.text(' ecr ');
        p.dec(p.u32(body + 4));
        break;
      case 6:
      case 7:
      case 11:
      case 12:
      case 13:
        p.char(32);
        p.dec(p.u32(body));
        break;
      case 28: {
        const timeout = p.u16(body);
        p.text(' 0x');
        p.hex(timeout);
        break;
      }
      case 34:
        if (rest === 0) p.text('  cookiereq');
        else {
          p.text('  cookie ');
          hexBytes(p, body, rest);
        }
        break;
      default:
        if (rest > 0) {
          p.text(' 0x');
          hexBytes(p, body, rest);
        }
    }
    offset += size;
  }
}

function hexBytes(p: Printer, offset: number, count: number): void {
  for (let i = 0; i < count; i++) p.hex0(p.u8(offset + i), 2);
}
