// IPv6: header and extension headers. Source: RFC 8200, RFC 2675 (jumbograms), RFC 8754 (segment routing).

import type { Printer, Words } from '../printer.js';
import { printers } from '../table.js';
import { printTransport } from '../transport.js';

const HEADER = 40;
const Field = { LENGTH: 4, NEXT: 6, HOP_LIMIT: 7, SOURCE: 8, DESTINATION: 24 } as const;
const MAX_DEPTH = 16;

const NEXT_HEADERS: Words = {
  0: 'HBH',
  1: 'ICMP',
  2: 'IGMP',
  4: 'IPv4',
  6: 'TCP',
  8: 'EGP',
  9: 'IGRP',
  17: 'UDP',
  33: 'DCCP',
  41: 'IPv6',
  43: 'Routing',
  44: 'Fragment',
  46: 'RSVP',
  47: 'GRE',
  50: 'ESP',
  51: 'AH',
  55: 'Mobile IP',
  58: 'ICMPv6',
  59: 'no next header',
  60: 'DSTOPT',
  88: 'EIGRP',
  89: 'OSPF',
  97: 'Ethernet',
  103: 'PIM',
  108: 'Compressed IP',
  112: 'VRRP',
  113: 'PGM',
  132: 'SCTP',
  135: 'Mobility',
  136: 'UDP-Lite',
};

/** An IPv6 packet; `length` is what the layer below has for it. */
export function printIp6(p: Printer, offset: number, length: number): void {
  p.protocol = 'ip6';
  if (++p.depth > MAX_DEPTH) {
    p.text('[nesting too deep]');
    p.invalid();
    p.depth--;
    return;
  }
  const { ipHeader, ipVersion, ipDestination, ipFragmented, ttl } = p;
  print(p, offset, length);
  p.ipHeader = ipHeader;
  p.ipVersion = ipVersion;
  p.ipDestination = ipDestination;
  p.ipFragmented = ipFragmented;
  p.ttl = ttl;
  p.depth--;
}

function print(p: Printer, offset: number, length: number): void {
  const options = p.options;
  if (!options.linkHeader || p.depth > 1) p.text('IP6 ');
  if (length < HEADER) {
    p.text(' [length ');
    p.dec(length);
    p.text(' < 40]');
    p.invalid();
    return;
  }
  const version = p.u8(offset) >> 4;
  if (version !== 6) {
    p.text(' [version ');
    p.dec(version);
    p.text(' != 6]');
    p.invalid();
    return;
  }
  const claimed = p.u16(offset + Field.LENGTH);
  let total = claimed + HEADER;
  let big = false;
  if (length < total) {
    p.text('[header+payload length ');
    p.dec(total);
    p.text(' > length ');
    p.dec(length);
    p.char(93);
    p.invalid();
    p.char(32);
  }
  const next = p.u8(offset + Field.NEXT);
  const jumbo = claimed === 0 && next === 0;
  if (claimed === 0 && next !== 0 && next !== 59 && length > HEADER) {
    // GSO made it too large for the field.
    total = length;
    big = true;
  }
  if (options.verbose > 0) verbose(p, offset, claimed, next);
  if (big) {
    p.text('[real length ');
    p.dec(total);
    p.text(', presumed BIG TCP] ');
  }
  // A jumbogram's length comes with its option.
  p.pushSnapEnd(offset + (jumbo ? length : total));
  p.ipHeader = offset;
  p.ipVersion = 6;
  p.ipDestination = offset + Field.DESTINATION;
  p.ipFragmented = false;
  p.ttl = p.u8(offset + Field.HOP_LIMIT);
  if (!(next === 6 || next === 17 || next === 132 || next === 33)) {
    p.ipv6(offset + Field.SOURCE);
    p.text(' > ');
    p.ipv6(offset + Field.DESTINATION);
    p.text(': ');
  }
  extensions(p, offset, next, jumbo ? 0 : total - HEADER, length, jumbo);
  p.pop();
}

function verbose(p: Printer, offset: number, claimed: number, next: number): void {
  const first = p.u32(offset);
  p.char(40);
  const trafficClass = (first >>> 20) & 0xff;
  if (trafficClass !== 0) {
    p.text('class 0x');
    p.hex0(trafficClass, 2);
    p.text(', ');
  }
  const flow = first & 0xfffff;
  if (flow !== 0) {
    p.text('flowlabel 0x');
    p.hex0(flow, 5);
    p.text(', ');
  }
  p.text('hlim ');
  p.dec(p.u8(offset + Field.HOP_LIMIT));
  p.text(', next-header ');
  p.word(NEXT_HEADERS, next, 'unknown');
  p.text(' (');
  p.dec(next);
  p.text('), payload length ');
  p.dec(claimed);
  p.text(') ');
}

/** Walks the extension headers to the transport. */
function extensions(
  p: Printer,
  header: number,
  next: number,
  length: number,
  whole: number,
  jumbo: boolean,
): void {
  let at = header + HEADER;
  let total = length;
  let jumboPending = jumbo;
  for (;;) {
    if (at > p.snapEnd) {
      p.text('[remaining caplen(');
      p.dec(0);
      p.text(') < header length(');
      p.dec(at - p.snapEnd);
      p.text(')]');
      p.invalid();
      return;
    }
    switch (next) {
      case 0:
      case 60: {
        p.protocol = next === 0 ? 'hbhopt' : 'dstopt';
        const size = (p.u8(at + 1) + 1) * 8;
        const found = optionsHeader(p, at, size, next === 0, jumboPending);
        if (next === 0 && jumboPending) {
          jumboPending = false;
          if (found === null) {
            p.text('[No valid Jumbo Payload Hop-by-Hop option found]');
            p.invalid();
            return;
          }
          total = found;
          if (whole < total + HEADER) {
            p.text('[header+payload length ');
            p.dec(total + HEADER);
            p.text(' > length ');
            p.dec(whole);
            p.char(93);
            p.invalid();
            p.char(32);
          }
        }
        next = p.u8(at);
        at += size;
        total -= size;
        break;
      }
      case 43: {
        p.protocol = 'rt6';
        const size = (p.u8(at + 1) + 1) * 8;
        routing(p, at);
        p.char(32);
        next = p.u8(at);
        at += size;
        total -= size;
        break;
      }
      case 44: {
        p.protocol = 'frag6';
        const first = fragment(p, at, total);
        if (!first) return;
        p.char(32);
        p.ipFragmented = true;
        next = p.u8(at);
        at += 8;
        total -= 8;
        break;
      }
      case 51: {
        p.protocol = 'ah';
        next = p.u8(at);
        const size = printers.ah(p, at, total);
        at += size;
        total -= size;
        break;
      }
      case 135:
        printers.mobility(p, at, total);
        return;
      case 59:
        p.text('no next header');
        return;
      default:
        printTransport(p, next, at, total);
        return;
    }
    if (next === 59) {
      p.text('no next header');
      return;
    }
  }
}

/** Options of a hop-by-hop or destination options header. @returns the jumbo payload length, or null */
function optionsHeader(
  p: Printer,
  at: number,
  size: number,
  hopByHop: boolean,
  jumbo: boolean,
): number | null {
  p.need(at, size);
  p.text(hopByHop ? 'HBH ' : 'DSTOPT ');
  let found: number | null = null;
  const verbose = p.options.verbose > 0;
  for (let i = 2; i < size; ) {
    const type = p.u8(at + i);
    if (type === 0) {
      if (verbose) p.text('(pad1)');
      i++;
      continue;
    }
    if (i + 1 >= size) {
      p.text('[trailing]');
      break;
    }
    const length = p.u8(at + i + 1);
    if (i + 2 + length > size) {
      p.text('[option length ');
      p.dec(length);
      p.text(' too long]');
      p.invalid();
      break;
    }
    if (type === 1) {
      if (verbose) p.text('(padn)');
    } else if (type === 5) {
      if (verbose) {
        p.text('(rtalert: 0x');
        p.hex0(p.u16(at + i + 2), 4);
        p.text(') ');
      }
    } else if (type === 0xc2 && length === 4) {
      const value = p.u32(at + i + 2);
      if (jumbo && found === null) found = value;
      if (verbose) {
        p.text('(jumbo: ');
        p.dec(value);
        p.text(') ');
      }
    } else if (verbose) {
      p.text(type === 201 ? '(homeaddr: ' : '(unknown opt-type 0x');
      if (type === 201 && length >= 16) {
        p.ipv6(at + i + 2);
        p.char(41);
      } else {
        p.hex0(type, 2);
        p.text(' len=');
        p.dec(length);
        p.char(41);
      }
    }
    i += 2 + length;
  }
  if (verbose) p.char(32);
  return found;
}

function routing(p: Printer, at: number): void {
  const words = p.u8(at + 1);
  const type = p.u8(at + 2);
  const left = p.u8(at + 3);
  p.text('RT6 (len=');
  p.dec(words);
  p.text(', type=');
  p.dec(type);
  if (type === 0) p.text(' [Deprecated]');
  p.text(', segleft=');
  p.dec(left);
  if (type === 0 || type === 2) {
    p.text(', rsv=0x');
    p.hex(p.u32(at + 4));
    for (let i = 0; i < words >> 1; i++) segment(p, at + 8 + 16 * i, i);
    if (left > 0 && (words & 1) === 0 && words > 0) p.ipDestination = at + 8 + 16 * ((words >> 1) - 1);
  } else if (type === 4) {
    const last = p.u8(at + 4);
    p.text(', last-entry=');
    p.dec(last);
    p.text(', flags=0x');
    p.hex(p.u8(at + 5));
    p.text(', tag=');
    p.hex(p.u16(at + 6));
    const end = at + 8 + words * 8;
    let i = 0;
    for (; i <= last && at + 8 + 16 * (i + 1) <= end; i++) segment(p, at + 8 + 16 * i, i);
    if (p.options.verbose > 0) segmentTlvs(p, at + 8 + 16 * i, end);
    if (left > 0) p.ipDestination = at + 8;
  } else {
    p.text(', unknown type');
  }
  p.char(41);
}

function segment(p: Printer, at: number, i: number): void {
  p.text(', [');
  p.dec(i);
  p.char(93);
  p.ipv6(at);
}

function segmentTlvs(p: Printer, at: number, end: number): void {
  while (at < end) {
    const type = p.u8(at);
    p.text(', TLV-type=');
    p.text(type === 0 ? 'Pad1' : type === 4 ? 'PadN' : type === 5 ? 'HMAC' : 'Unknown');
    p.char(40);
    p.dec(type);
    p.char(41);
    if (type === 0) {
      at++;
      continue;
    }
    const length = p.u8(at + 1);
    p.text(', TLV-len=');
    p.dec(length);
    at += 2 + length;
  }
}

/** @returns whether it is the first fragment, which has the next header */
function fragment(p: Printer, at: number, length: number): boolean {
  p.text('frag (');
  const field = p.u16(at + 2);
  const id = p.u32(at + 4);
  if (p.options.verbose > 0) {
    p.text('0x');
    p.hex0(id, 8);
    p.char(58);
  }
  p.dec(field & 0xfff8);
  p.char(124);
  p.dec(length - 8);
  p.char(41);
  return (field & 0xfff8) === 0;
}
