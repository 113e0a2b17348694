// IPv4: header, options, fragments. Source: RFC 791, RFC 2113, RFC 3168.

import { checksum, shouldBe } from '../checksum.js';
import type { Printer, Words } from '../printer.js';
import { printTransport, transportName } from '../transport.js';

const Field = {
  TOS: 1,
  LENGTH: 2,
  ID: 4,
  FRAGMENT: 6,
  TTL: 8,
  PROTOCOL: 9,
  CHECKSUM: 10,
  SOURCE: 12,
  DESTINATION: 16,
};
const MINIMUM = 20;
const FRAGMENT_OFFSET = 0x1fff;
const MORE_FRAGMENTS = 0x2000;
const FLAGS = [
  [0x4000, 'DF'],
  [0x2000, '+'],
  [0x8000, 'rsvd'],
] as const;

const Option = { EOL: 0, NOP: 1, RR: 7, TS: 68, SECURITY: 130, LSRR: 131, RA: 148, SSRR: 137 } as const;
const OPTIONS: Words = {
  0: 'EOL',
  1: 'NOP',
  7: 'RR',
  68: 'timestamp',
  130: 'security',
  131: 'LSRR',
  137: 'SSRR',
  148: 'RA',
  151: 'RFC1393',
};
/** Encapsulations nested deeper than this are an attack. */
const MAX_DEPTH = 16;

/** An IPv4 packet; `length` is what the layer below has for it. */
export function printIp(p: Printer, offset: number, length: number): void {
  p.protocol = 'ip';
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
  print(p, offset, length);
  p.ipHeader = outerHeader;
  p.ipVersion = outerVersion;
  p.ipDestination = outerDestination;
  p.ipFragmented = outerFragmented;
  p.ttl = outerTtl;
  p.depth--;
}

function print(p: Printer, offset: number, length: number): void {
  const options = p.options;
  // -e has named the protocol already
  if (!options.linkHeader || p.depth > 1) p.text('IP ');
  const first = p.u8(offset);
  if (first >> 4 !== 4) {
    if (first >> 4 === 6) p.text(' [wrong link-layer encapsulation]');
    else {
      p.text(' [version ');
      p.dec(first >> 4);
      p.text(' != 4]');
    }
    p.invalid();
    return;
  }
  const headerLength = (first & 15) * 4;
  if (headerLength < MINIMUM) {
    p.text('[header length ');
    p.dec(headerLength);
    p.text(' < 20]');
    p.invalid();
    return;
  }
  let total = p.u16(offset + Field.LENGTH);
  let presumedTso = false;
  if (length < total) {
    p.text('[total length ');
    p.dec(total);
    p.text(' > length ');
    p.dec(length);
    p.char(93);
    p.invalid();
    p.char(32);
  }
  if (total < headerLength) {
    if (total === 0 && length > headerLength) {
      presumedTso = true;
      total = length;
    } else {
      p.text('[total length ');
      p.dec(total);
      p.text(' < header length ');
      p.dec(headerLength);
      p.char(93);
      p.invalid();
      return;
    }
  }
  // What the packet does not claim is the link layer's padding.
  p.pushSnapEnd(offset + total);
  let rest = total - headerLength;
  const fragment = p.u16(offset + Field.FRAGMENT);
  p.ttl = p.u8(offset + Field.TTL);
  const protocol = p.u8(offset + Field.PROTOCOL);
  if (options.verbose > 0) verbose(p, offset, headerLength, total, fragment, protocol, presumedTso);
  p.ipHeader = offset;
  p.ipVersion = 4;
  p.ipDestination = offset + Field.DESTINATION;
  p.ipFragmented = (fragment & (FRAGMENT_OFFSET | MORE_FRAGMENTS)) !== 0;

  if ((fragment & FRAGMENT_OFFSET) === 0) {
    const payload = offset + headerLength;
    if (!hasOwnAddresses(protocol)) {
      p.ipv4(offset + Field.SOURCE);
      p.text(' > ');
      p.ipv4(offset + Field.DESTINATION);
      p.text(': ');
    }
    printTransport(p, protocol, payload, rest);
  } else {
    // A later fragment has no header of its own to print.
    if (options.quiet) rest = 0;
    p.ipv4(offset + Field.SOURCE);
    p.text(' > ');
    p.ipv4(offset + Field.DESTINATION);
    p.char(58);
    const name = options.numeric ? null : (options.names?.protocol(protocol) ?? null);
    p.char(32);
    if (name === null) {
      p.text('ip-proto-');
      p.dec(protocol);
    } else p.safeText(name);
  }
  p.pop();
}

/** TCP, UDP, SCTP and DCCP print the addresses with their ports. */
function hasOwnAddresses(protocol: number): boolean {
  return protocol === 6 || protocol === 17 || protocol === 132 || protocol === 33;
}

function verbose(
  p: Printer,
  offset: number,
  headerLength: number,
  total: number,
  fragment: number,
  protocol: number,
  presumedTso: boolean,
): void {
  const tos = p.u8(offset + Field.TOS);
  p.text('(tos 0x');
  p.hex(tos);
  switch (tos & 3) {
    case 1:
      p.text(',ECT(1)');
      break;
    case 2:
      p.text(',ECT(0)');
      break;
    case 3:
      p.text(',CE');
      break;
  }
  const ttl = p.u8(offset + Field.TTL);
  p.text(', ttl ');
  p.dec(ttl);
  p.text(', id ');
  p.dec(p.u16(offset + Field.ID));
  p.text(', offset ');
  p.dec((fragment & FRAGMENT_OFFSET) * 8);
  p.text(', flags [');
  p.bits(FLAGS, fragment & 0xe000, 'none');
  p.text('], proto ');
  const name = transportName(p, protocol);
  p.text(name ?? 'unknown');
  p.text(' (');
  p.dec(protocol);
  p.text('), length ');
  p.dec(p.u16(offset + Field.LENGTH) === 0 ? total : p.u16(offset + Field.LENGTH));
  if (presumedTso) p.text(' [was 0, presumed TSO]');
  if (headerLength > MINIMUM) {
    p.text(', options (');
    ipOptions(p, offset + MINIMUM, headerLength - MINIMUM);
    p.char(41);
  }
  if (!p.options.noChecksums && p.has(offset, headerLength)) {
    const sum = checksum(p, offset, headerLength);
    if (sum !== 0) {
      const field = p.u16(offset + Field.CHECKSUM);
      p.text(', bad cksum ');
      p.hex(field);
      p.text(' (->');
      p.hex(shouldBe(field, sum));
      p.text(')!');
    }
  }
  p.text(p.options.oneLine ? ') ' : ')\n    ');
}

function ipOptions(p: Printer, offset: number, length: number): void {
  let separator = '';
  while (length > 0) {
    p.text(separator);
    separator = ',';
    const type = p.u8(offset);
    p.word(OPTIONS, type, 'unknown %u');
    if (type === Option.NOP || type === Option.EOL) {
      offset++;
      length--;
      if (type === Option.EOL) {
        return;
      }
      continue;
    }
    const size = p.u8(offset + 1);
    if (size < 2) {
      p.text(' [bad length ');
      p.dec(size);
      p.char(93);
      return;
    }
    if (size > length) {
      p.text(' [bad length ');
      p.dec(size);
      p.char(93);
      return;
    }
    p.need(offset, size);
    switch (type) {
      case Option.TS:
        timestamps(p, offset, size);
        break;
      case Option.RR:
      case Option.SSRR:
      case Option.LSRR:
        route(p, offset, size);
        break;
      case Option.RA:
        if (size < 4) {
          p.text(' [bad length ');
          p.dec(size);
          p.char(93);
        } else if (p.u16(offset + 2) !== 0) {
          p.text(' value ');
          p.dec(p.u16(offset + 2));
        }
        break;
    }
    offset += size;
    length -= size;
  }
}

function route(p: Printer, offset: number, size: number): void {
  if (size < 3) {
    p.text(' [bad length ');
    p.dec(size);
    p.char(93);
    return;
  }
  if ((size + 1) % 4 !== 0) {
    p.text(' [bad length ');
    p.dec(size);
    p.char(93);
  }
  const pointer = p.u8(offset + 2) - 1;
  if (pointer < 3 || (pointer + 1) % 4 !== 0) {
    p.text(' [bad ptr ');
    p.dec(p.u8(offset + 2));
    p.char(93);
  }
  for (let at = 3; at < size; at += 4) {
    p.char(32);
    p.ipv4(offset + at);
    if (pointer > at) p.char(44);
  }
}

function timestamps(p: Printer, offset: number, size: number): void {
  if (size < 4) {
    p.text('[bad length ');
    p.dec(size);
    p.char(93);
    return;
  }
  p.text(' TS{');
  const kind = p.u8(offset + 3) & 15;
  const hop = kind === 0 ? 4 : 8;
  if ((size - 4) % hop !== 0) {
    p.text('[bad length ');
    p.dec(size);
    p.char(93);
  }
  const pointer = p.u8(offset + 2) - 1;
  let length = size;
  if (pointer < 4 || (pointer - 4) % hop !== 0 || pointer > length) {
    p.text('[bad ptr ');
    p.dec(p.u8(offset + 2));
    p.char(93);
  }
  let type = '';
  if (kind === 0) p.text('TSONLY');
  else if (kind === 1) p.text('TS+ADDR');
  else if (kind === 3) p.text('PRESPEC');
  else {
    p.text('[bad ts type ');
    p.dec(kind);
    p.char(93);
    length = 0;
  }
  for (let at = 4; at + hop <= length; at += hop) {
    if (pointer === at) type = ' ^ ';
    p.text(type === '' ? ' ' : type);
    type = '';
    if (hop === 8) {
      p.ipv4(offset + at);
      p.char(64);
    }
    p.dec(p.u32(offset + at + hop - 4));
  }
  if (pointer === length) p.text(' ^ ');
  const overflow = p.u8(offset + 3) >> 4;
  if (overflow !== 0) {
    p.text(' [');
    p.dec(overflow);
    p.text(' hops not recorded]} ');
  } else p.char(125);
}
