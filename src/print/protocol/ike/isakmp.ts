// Internet key exchange: ISAKMP's header, who began, and the payloads of IKEv1 (RFC 2408, 2409) by ikev1.ts and of
// IKEv2 (RFC 7296) by ikev2.ts. ESP and IKE over UDP port 4500 (RFC 3948).

import { hexBytes } from '../../inline.js';
import type { Printer } from '../../printer.js';
import { printEsp } from '../esp/esp.js';
import { exchangeName, payloadName } from './payload.js';
import { printIkev1Payloads } from './v1.js';
import { printIkev2Payloads } from './v2.js';

const HEADER_LENGTH = 28;
const MAXIMUM_INITIATORS = 20;
const ZERO_COOKIE = '0000000000000000';

const Flag = { ENCRYPTED: 0x01, COMMIT: 0x02, INITIATOR: 0x08, VERSION: 0x10, RESPONSE: 0x20 } as const;

/** Who sent the first packet of an exchange, by its cookie. */
interface Exchange {
  readonly cookie: string;
  readonly initiator: string;
  readonly responder: string;
}

class Exchanges {
  private readonly list: Exchange[] = [];
  private next = 0;

  get full(): boolean {
    return this.list.length === MAXIMUM_INITIATORS;
  }

  find(cookie: string): Exchange | null {
    return this.list.find((exchange) => exchange.cookie === cookie) ?? null;
  }

  add(exchange: Exchange): void {
    this.list[this.next] = exchange;
    this.next = (this.next + 1) % MAXIMUM_INITIATORS;
  }
}

const exchanges = new WeakMap<Printer, Exchanges>();

function exchangesOf(p: Printer): Exchanges {
  let found = exchanges.get(p);
  if (found === undefined) {
    found = new Exchanges();
    exchanges.set(p, found);
  }
  return found;
}

/** An ISAKMP message. */
export function printIsakmp(p: Printer, offset: number, length: number): void {
  const { verbose } = p.options;
  p.protocol = 'isakmp';
  if (!p.has(offset, HEADER_LENGTH)) {
    p.truncated();
    return;
  }
  p.text('isakmp');
  const version = p.u8(offset + 17);
  const major = version >> 4;
  if (verbose > 0) p.text(` ${major}.${version & 0x0f} msgid ${hexBytes(p, offset + 20, 4)}`);
  if (verbose > 1) p.text(` cookie ${hexBytes(p, offset, 8)}->${hexBytes(p, offset + 8, 8)}`);
  p.char(58);
  if (major === 1) printVersion1(p, offset, length);
  else if (major === 2) printVersion2(p, offset, length);
}

function printVersion1(p: Printer, offset: number, length: number): void {
  const phase = p.u32(offset + 20) === 0 ? 1 : 2;
  p.text(phase === 1 ? ' phase 1' : ' phase 2/others');
  p.text(` ${side(p, offset)} ${exchangeName(p.u8(offset + 18))}`);
  const flags = p.u8(offset + 19);
  if (flags !== 0) {
    p.text(`[${(flags & Flag.ENCRYPTED) !== 0 ? 'E' : ''}${(flags & Flag.COMMIT) !== 0 ? 'C' : ''}]`);
  }
  if (p.options.verbose === 0) return;
  p.char(58);
  const next = p.u8(offset + 16);
  if ((flags & Flag.ENCRYPTED) !== 0) p.text(` [encrypted ${payloadName(next)}]`);
  else printIkev1Payloads(p, next, offset + HEADER_LENGTH);
  printMismatch(p, offset, length);
}

/** I or R when the packet's sender began or answered the exchange, ? when that was not seen. */
function side(p: Printer, offset: number): string {
  const known = exchangesOf(p);
  const cookie = hexBytes(p, offset, 8);
  const exchange = known.find(cookie);
  const size = p.ipVersion === 6 ? 16 : 4;
  const source = p.ipVersion === 6 ? p.ipHeader + 8 : p.ipHeader + 12;
  const hasAddresses = p.ipVersion !== 0 && p.has(source, 2 * size);
  if (exchange === null) {
    // tcpdump's table starts out zeroed, so a zero cookie is found in it, without an address.
    if (cookie === ZERO_COOKIE && !known.full) return '?';
    if (p.u32(offset + 8) !== 0 || p.u32(offset + 12) !== 0) return '?';
    if (hasAddresses) {
      const initiator = hexBytes(p, source, size);
      known.add({ cookie, initiator, responder: hexBytes(p, source + size, size) });
    }
    return 'I';
  }
  if (!hasAddresses) return '?';
  const sender = hexBytes(p, source, size);
  if (sender === exchange.initiator) return 'I';
  return sender === exchange.responder ? 'R' : '?';
}

function printVersion2(p: Printer, offset: number, length: number): void {
  p.text(p.u32(offset + 20) === 0 ? ' parent_sa' : ' child_sa ');
  p.text(` ${exchangeName(p.u8(offset + 18))}`);
  const flags = p.u8(offset + 19);
  if (flags !== 0) {
    p.text(`[${(flags & Flag.INITIATOR) !== 0 ? 'I' : ''}${(flags & Flag.VERSION) !== 0 ? 'V' : ''}`);
    p.text(`${(flags & Flag.RESPONSE) !== 0 ? 'R' : ''}]`);
  }
  if (p.options.verbose === 0) return;
  p.char(58);
  const next = p.u8(offset + 16);
  if ((flags & Flag.ENCRYPTED) !== 0) p.text(` [encrypted ${payloadName(next)}]`);
  else {
    const cookies = p.view(offset, 16).slice();
    printIkev2Payloads(p, next, offset + HEADER_LENGTH, (flags & Flag.INITIATOR) !== 0, cookies);
  }
  printMismatch(p, offset, length);
}

function printMismatch(p: Printer, offset: number, length: number): void {
  const said = p.u32(offset + 24);
  if (said !== length) p.text(` (len mismatch: isakmp ${said}/ip ${length})`);
}

/** UDP port 4500: a keep-alive, IKE behind four zero bytes, or ESP. */
export function printIsakmpRfc3948(p: Printer, offset: number, length: number): void {
  p.protocol = 'isakmp_rfc3948';
  if (length === 1 && p.u8(offset) === 0xff) p.text('isakmp-nat-keep-alive');
  else if (length < 4) p.truncated();
  else if (p.u32(offset) === 0) {
    p.text('NONESP-encap: ');
    printIsakmp(p, offset + 4, length - 4);
  } else {
    p.text('UDP-encap: ');
    printEsp(p, offset, length);
  }
}
