// IPv6: the header and the way through its extension headers. Source: RFC 8200, RFC 2675 (jumbograms).

import { ARROW, COLON } from '../../constants.js';
import type { Printer } from '../../printer.js';
import { printers } from '../../table.js';
import { ipProtocolWord } from '../../tables/ipprotocols.js';
import { hasOwnAddresses, printTransport } from '../../transport.js';
import { Constant, Constants } from '../../writer.js';
import { MAX_DEPTH } from './ip.js';
import {
  destinationOptions,
  fragmentHeader,
  hopByHopOptions,
  INVALID,
  routingHeader,
} from './ip6extensions.js';

const HEADER = 40;
const Field = { LENGTH: 4, NEXT: 6, HOP_LIMIT: 7, SOURCE: 8, DESTINATION: 24 } as const;
/** The largest payload the length field can say; what is larger came to us by segmentation offload (BIG TCP). */
const MOST = 65535;

const Next = {
  HOP_BY_HOP: 0,
  ROUTING: 43,
  FRAGMENT: 44,
  NONE: 59,
  DESTINATION_OPTIONS: 60,
  MOBILITY_OLD: 62,
  MOBILITY: 135,
} as const;

/** What says the next header, by its number. */
const NEXT_HEADERS = new Constants(
  (next) => `, next-header ${ipProtocolWord(next)} (${next}), payload length `,
);

const NAME = new Constant('IP6 ');
const HOP_LIMIT = new Constant('hlim ');
const END = new Constant(') ');

/** An IPv6 packet; `length` is what the layer below has for it. */
export function printIp6(p: Printer, offset: number, length: number): void {
  p.protocol = 'ip6';
  if (++p.depth > MAX_DEPTH) {
    p.text('[nesting too deep]');
    p.invalid();
    p.depth--;
    return;
  }
  const outerHeader = p.ipHeader;
  const outerVersion = p.ipVersion;
  const outerDestination = p.ipDestination;
  const outerFragmented = p.ipFragmented;
  const outerTtl = p.ttl;
  packet(p, offset, length);
  p.ipHeader = outerHeader;
  p.ipVersion = outerVersion;
  p.ipDestination = outerDestination;
  p.ipFragmented = outerFragmented;
  p.ttl = outerTtl;
  p.depth--;
}

function packet(p: Printer, offset: number, length: number): void {
  // -e has named the protocol already. 5.0 names it before it reads a byte of the header.
  if (!p.options.linkHeader) p.put(NAME);
  if (length < HEADER) {
    p.text(` [length ${length} < ${HEADER}]`);
    p.invalid();
    return;
  }
  const version = p.u8(offset) >> 4;
  if (version !== 6) {
    p.text(` [version ${version} != 6]`);
    p.invalid();
    return;
  }
  const claimed = p.u16(offset + Field.LENGTH);
  if (claimed + HEADER > length) tooLong(p, claimed + HEADER, length);
  const b = p.buffer;
  const next = p.u8(offset + Field.NEXT);
  const big = claimed === 0 && next !== Next.HOP_BY_HOP && length - HEADER > MOST;
  if (p.options.verbose > 0) {
    verbose(p, offset, claimed, next);
    // Only a packet not yet segmented is longer than the length field can say and has no jumbo option.
    if (big) p.text(`[real length ${length}, presumed BIG TCP] `);
  }
  p.need(offset, HEADER);
  const end = claimed === 0 ? length : claimed + HEADER;
  p.pushSnapEnd(offset + end);
  p.ipHeader = offset;
  p.ipVersion = 6;
  p.ipDestination = offset + Field.DESTINATION;
  p.ipFragmented = false;
  p.ttl = b[offset + Field.HOP_LIMIT]!;
  if (!hasOwnAddresses(next)) {
    p.ipv6(offset + Field.SOURCE);
    p.put(ARROW);
    p.ipv6(offset + Field.DESTINATION);
    p.put(COLON);
    if (isExtension(next)) {
      extensions(p, offset, length, claimed, next);
      p.pop();
      return;
    }
  }
  let payload = end - HEADER;
  if (claimed === 0 && !big) {
    // No payload: what follows is the link layer's padding.
    payload = 0;
    p.changeSnapEnd(offset + HEADER);
  }
  printTransport(p, next, offset + HEADER, payload);
  p.pop();
}

function tooLong(p: Printer, total: number, length: number): void {
  p.text(`[header+payload length ${total} > length ${length}]`);
  p.invalid();
  p.char(32);
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
  const hopLimit = p.u8(offset + Field.HOP_LIMIT);
  p.put(HOP_LIMIT);
  p.dec(hopLimit);
  p.put(NEXT_HEADERS.of(next));
  p.dec(claimed);
  p.put(END);
}

function isExtension(next: number): boolean {
  switch (next) {
    case Next.HOP_BY_HOP:
    case Next.ROUTING:
    case Next.FRAGMENT:
    case Next.DESTINATION_OPTIONS:
    case Next.MOBILITY:
    case Next.MOBILITY_OLD:
      return true;
    default:
      return false;
  }
}

/** Why the hop-by-hop options header must not stand where it does. */
function misplaced(p: Printer, again: boolean): void {
  p.text(
    again
      ? '[The Hop-by-Hop Options header was already found]'
      : "[The Hop-by-Hop Options header don't follow the IPv6 header]",
  );
  p.invalid();
}

/** Walks the extension headers to the upper layer. */
function extensions(p: Printer, header: number, length: number, claimed: number, next: number): void {
  let at = header;
  let size = HEADER;
  /** Without a length, the jumbo option that says it is still to come. */
  let rest = (claimed === 0 ? length : claimed) + HEADER;
  let payload = claimed;
  let jumbo = false;
  let routed = false;
  let afterHopByHop = false;
  for (;;) {
    if (rest < size) {
      p.truncated();
      return;
    }
    at += size;
    rest -= size;
    if (!isExtension(next)) break;
    switch (next) {
      case Next.HOP_BY_HOP: {
        if (afterHopByHop || at > header + HEADER) {
          misplaced(p, afterHopByHop);
          return;
        }
        afterHopByHop = true;
        p.protocol = 'hbh';
        size = (p.u8(at + 1) + 1) * 8;
        const found = hopByHopOptions(p, at, size, payload);
        if (found > 0) {
          jumbo = true;
          payload = found;
        } else if (payload === 0) {
          p.text('[No valid Jumbo Payload Hop-by-Hop option found]');
          p.invalid();
          return;
        }
        if (found === INVALID) return;
        break;
      }
      case Next.DESTINATION_OPTIONS:
        p.protocol = 'dstopt';
        size = (p.u8(at + 1) + 1) * 8;
        if (!destinationOptions(p, at, size)) return;
        break;
      case Next.ROUTING:
        p.protocol = 'rt6';
        size = routingHeader(p, at, !routed);
        if (size === INVALID) return;
        routed = true;
        break;
      case Next.FRAGMENT:
        p.protocol = 'frag6';
        size = fragmentHeader(p, at, header, claimed);
        if (size === INVALID || at + size >= p.snapEnd) return;
        p.ipFragmented = true;
        break;
      default:
        printers.mobility(p, at);
        return;
    }
    next = p.u8(at);
    p.protocol = 'ip6';
  }
  if (jumbo) {
    const total = payload + HEADER;
    if (total < at - header) {
      p.truncated();
      return;
    }
    if (total > length) tooLong(p, total, length);
    p.changeSnapEnd(header + total);
    rest = total - (at - header);
  } else if (payload === 0) {
    // No payload that could hold the extension header.
    p.truncated();
    return;
  }
  printTransport(p, next, at, rest);
}
