// Ad Hoc Configuration Protocol. Source: draft-chroboczek-ahcp-00, ahcpd 0.53.

import { captured, counted, hex, ipv4Text, ipv6Text, wordOf } from '../inline.js';
import type { Printer } from '../printer.js';

const MAGIC = 43;
const VERSION = 1;
const HEADER = 24;
const Field = { HOPS: 2, ORIGINAL_HOPS: 3, NONCE: 4, SOURCE: 8, DESTINATION: 16 } as const;
const BODY_HEADER = 4;
const MESSAGES = counted(0, 'Discover|Offer|Request|Ack|Nack|Release');

/** Options that are a type alone. */
const OPTION_BARE = 1;
const OPTIONS = counted(
  0,
  'Pad|Mandatory|Origin Time|Expires|My-IPv6-Address|My-IPv4-Address|IPv6 Prefix|IPv4 Prefix|IPv6 Address|' +
    'IPv4 Address|IPv6 Prefix Delegation|IPv4 Prefix Delegation|Name Server|NTP Server',
);

/** One of the same things that an option lists, and its size. */
type Item = readonly [size: number, text: (p: Printer, at: number) => string];
const address6: Item = [16, ipv6Text];
const address4: Item = [4, ipv4Text];
const prefix6: Item = [17, (p, at) => `${ipv6Text(p, at)}/${p.u8(at + 16)}`];
const prefix4: Item = [5, (p, at) => `${ipv4Text(p, at)}/${p.u8(at + 4)}`];
const LISTS: Readonly<Record<number, Item>> = {
  4: address6,
  5: address4,
  6: prefix6,
  8: address6,
  9: address4,
  10: prefix6,
  11: prefix4,
  12: address6,
  13: address6,
};
/** Options with one number of four bytes. */
const NUMBERS: Readonly<Record<number, (p: Printer, at: number) => string>> = {
  2: (p, at) => `${new Date(p.u32(at) * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`,
  3: (p, at) => `${p.u32(at)}s`,
};

/** Ends a part that is wrong: what it should have had must have been captured. */
function wrong(p: Printer, at: number, length: number): void {
  p.invalid();
  p.need(at, length);
}

/** Prints an AHCP packet. */
export function printAhcp(p: Printer, offset: number, length: number): void {
  p.protocol = 'ahcp';
  p.protocolCaps();
  if (length < 2 || p.u8(offset) !== MAGIC) {
    wrong(p, offset, length);
    return;
  }
  const version = p.u8(offset + 1);
  if (version !== VERSION) {
    p.text(` Version ${version} (unknown)`);
    p.need(offset, length);
    return;
  }
  p.text(' Version 1');
  if (length < HEADER) {
    wrong(p, offset, length);
    return;
  }
  if (p.options.verbose > 0) {
    p.text(`\n\tHopcount ${p.u8(offset + Field.HOPS)}`);
    p.text(`, Original Hopcount ${p.u8(offset + Field.ORIGINAL_HOPS)}`);
    p.text(`, Nonce 0x${hex(p.u32(offset + Field.NONCE), 8)}`);
    p.text(`, Source Id ${node(p, offset + Field.SOURCE)}`);
    p.text(`, Destination Id ${node(p, offset + Field.DESTINATION)}`);
  } else p.need(offset, HEADER);
  body(p, offset + HEADER, length - HEADER);
}

function node(p: Printer, at: number): string {
  return captured(p, () => p.mac64(at));
}

function body(p: Printer, at: number, length: number): void {
  if (length < BODY_HEADER) {
    wrong(p, at, length);
    return;
  }
  const type = p.u8(at);
  const zero = p.u8(at + 1);
  const size = p.u16(at + 2);
  at += BODY_HEADER;
  length -= BODY_HEADER;
  if (p.options.verbose > 0) {
    p.text(`\n\t${wordOf(MESSAGES, type, 'Unknown-%u')}`);
    if (zero !== 0) p.text(`, MBZ ${zero}`);
    p.text(`, Length ${size}`);
  }
  if (size > length) wrong(p, at, length);
  else if (p.options.verbose > 1) options(p, at, at + size);
  else p.need(at, size);
}

function options(p: Printer, at: number, end: number): void {
  while (at < end) {
    const type = p.u8(at++);
    p.text(`\n\t ${wordOf(OPTIONS, type, 'Unknown-%u')}`);
    if (type <= OPTION_BARE) continue;
    const size = at < end ? p.u8(at) : 0;
    if (at === end || at + 1 + size > end) {
      if (at < end) at++;
      wrong(p, at, end - at);
      return;
    }
    at++;
    option(p, type, at, size);
    at += size;
  }
}

function option(p: Printer, type: number, at: number, length: number): void {
  const number = NUMBERS[type];
  const item = LISTS[type];
  if (number !== undefined) {
    if (length === 4) p.text(`: ${number(p, at)}`);
    else wrong(p, at, length);
  } else if (item !== undefined) {
    const [size, text] = item;
    const end = at + length;
    for (let separator = ': '; at < end; separator = ', ', at += size) {
      if (end - at < size) {
        wrong(p, at, end - at);
        return;
      }
      p.text(`${separator}${text(p, at)}`);
    }
  } else {
    p.text(` (Length ${length})`);
    p.need(at, length);
  }
}
