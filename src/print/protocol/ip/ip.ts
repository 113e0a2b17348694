// IPv4: header, options, fragments. Source: RFC 791, RFC 2113 (router alert), RFC 3168 (ECN).

import { checksum, shouldBe } from '../../checksum.js';
import { ARROW, COLON } from '../../constants.js';
import type { Printer } from '../../printer.js';
import { ipProtocolWord } from '../../tables/ipprotocols.js';
import { hasOwnAddresses, printIpProtocol, printTransport } from '../../transport.js';
import { Constant, Constants } from '../../writer.js';
import { ipOptions, lastAddress } from './options.js';

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
} as const;
const MINIMUM = 20;
const FRAGMENT_OFFSET = 0x1fff;
const MORE_FRAGMENTS = 0x2000;
/** The largest length the header can say; what is larger came to us by segmentation offload (BIG TCP). */
const MOST = 65535;
/** The flags by the three bits of theirs: more fragments, don't fragment, reserved. */
const FLAG_WORDS = ['none', '+', 'DF', '+, DF', 'rsvd', '+, rsvd', 'DF, rsvd', '+, DF, rsvd'] as const;
const ECN_WORDS = ['', ',ECT(1)', ',ECT(0)', ',CE'] as const;

/** What is said of a header's time to live (upper byte) and type of service, up to its ID. */
const BEGINNINGS = new Constants((key) => {
  const tos = key & 0xff;
  const ttl = key >> 8;
  return `(tos 0x${tos.toString(16)}${ECN_WORDS[tos & 3]}${ttl > 0 ? `, ttl ${ttl}` : ''}, id `;
});

/** What is said of a packet that is no later fragment, by flags (upper byte) and protocol: from its offset to its length. */
const FIRSTS = new Constants((key) => `, offset 0${flagsText(key >> 8)}${protocolText(key & 0xff)}`);

function flagsText(flags: number): string {
  return `, flags [${FLAG_WORDS[flags]}`;
}

function protocolText(protocol: number): string {
  return `], proto ${ipProtocolWord(protocol)} (${protocol}), length `;
}

const NAME = new Constant('IP ');
const OFFSET = new Constant(', offset ');
const END = new Constant(') ');
const END_OF_LINE = new Constant(')\n    ');

/** Encapsulations nested deeper than this are an attack on the stack. */
export const MAX_DEPTH = 128;

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
  packet(p, offset, length);
  p.ipHeader = outerHeader;
  p.ipVersion = outerVersion;
  p.ipDestination = outerDestination;
  p.ipFragmented = outerFragmented;
  p.ttl = outerTtl;
  p.depth--;
}

function packet(p: Printer, offset: number, length: number): void {
  const options = p.options;
  // -e has named the protocol already. 5.0 names it before it reads a byte of the header.
  if (!options.linkHeader) p.put(NAME);
  if (length < MINIMUM) {
    p.text(` [length ${length} < ${MINIMUM}]`);
    p.invalid();
    return;
  }
  const first = p.u8(offset);
  if (first >> 4 !== 4) {
    p.text(` [version ${first >> 4} != 4]`);
    p.invalid();
    return;
  }
  const headerLength = (first & 15) * 4;
  if (headerLength < MINIMUM) {
    p.text(` [header length ${headerLength} < ${MINIMUM}]`);
    p.invalid();
    return;
  }
  const claimed = p.u16(offset + Field.LENGTH);
  let total = claimed;
  if (claimed > length) {
    p.text(`[total length ${claimed} > length ${length}]`);
    p.invalid();
    p.char(32);
  }
  if (claimed === 0 && segmented(p.u8(offset + Field.PROTOCOL))) {
    // Segmentation is left to the network card: the length is not known yet.
    total = length;
  }
  if (total < headerLength) {
    p.text(`[total length ${total} < header length ${headerLength}]`);
    p.invalid();
    return;
  }
  p.need(offset, MINIMUM);
  // What the packet does not claim is the link layer's padding; what the link layer does not have is not there.
  total = Math.min(total, length);
  p.pushSnapEnd(offset + total);
  const b = p.buffer;
  const fragment = (b[offset + Field.FRAGMENT]! << 8) | b[offset + Field.FRAGMENT + 1]!;
  const protocol = b[offset + Field.PROTOCOL]!;
  if (options.verbose > 0 && !verbose(p, offset, headerLength, length)) {
    addresses(p, offset);
    p.truncated();
    p.pop();
    return;
  }
  if ((fragment & FRAGMENT_OFFSET) === 0) {
    if (!hasOwnAddresses(protocol)) addresses(p, offset);
    if (!p.has(offset, headerLength)) {
      p.text(` [remaining caplen(${p.available(offset)}) < header length(${headerLength})]`);
      p.need(offset, headerLength);
    }
    p.ipHeader = offset;
    p.ipVersion = 4;
    p.ipDestination =
      headerLength === MINIMUM ? offset + Field.DESTINATION : lastAddress(p, offset, headerLength);
    p.ipFragmented = (fragment & MORE_FRAGMENTS) !== 0;
    p.ttl = b[offset + Field.TTL]!;
    printTransport(p, protocol, offset + headerLength, total - headerLength);
  } else {
    // A later fragment has no header of its own to print.
    p.ipv4(offset + Field.SOURCE);
    p.text(' > ');
    p.ipv4(offset + Field.DESTINATION);
    p.char(58);
    printIpProtocol(p, protocol);
  }
  p.pop();
}

/** Whether network cards segment the protocol: TCP, and UDP that carries it in a tunnel. */
function segmented(protocol: number): boolean {
  return protocol === 6 || protocol === 17;
}

/** `source > destination: ` of the header at `offset`. */
function addresses(p: Printer, offset: number): void {
  p.ipv4(offset + Field.SOURCE);
  p.put(ARROW);
  p.ipv4(offset + Field.DESTINATION);
  p.put(COLON);
}

/** The header in parentheses. @returns false when its options are cut */
function verbose(p: Printer, offset: number, headerLength: number, length: number): boolean {
  const b = p.buffer;
  p.put(BEGINNINGS.of((b[offset + Field.TTL]! << 8) | b[offset + Field.TOS]!));
  p.dec(p.u16(offset + Field.ID));
  const fragment = p.u16(offset + Field.FRAGMENT);
  const protocol = b[offset + Field.PROTOCOL]!;
  if ((fragment & FRAGMENT_OFFSET) === 0) p.put(FIRSTS.of(((fragment >> 13) << 8) | protocol));
  else {
    p.put(OFFSET);
    p.dec((fragment & FRAGMENT_OFFSET) * 8);
    p.text(flagsText(fragment >> 13));
    p.text(protocolText(protocol));
  }
  const claimed = p.u16(offset + Field.LENGTH);
  if (claimed > 0) p.dec(claimed);
  else {
    p.dec(length);
    p.text(length > MOST ? ' [was 0, presumed BIG TCP]' : ' [was 0, presumed TSO]');
  }
  let whole = true;
  if (headerLength > MINIMUM) {
    p.text(', options (');
    whole = ipOptions(p, offset + MINIMUM, headerLength - MINIMUM);
    if (!whole) p.text(' [truncated-option]');
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
  p.put(p.options.oneLine ? END : END_OF_LINE);
  return whole;
}
