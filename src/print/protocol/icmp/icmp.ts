// ICMP. Source: RFC 792, RFC 950, RFC 1191, RFC 1256, RFC 4884 (extensions), RFC 8335 (extended echo).

import { checksum, shouldBe } from '../../checksum.js';
import type { Printer, Words } from '../../printer.js';
import { printIp } from '../ip/ip.js';
import { extendedReply, extendedRequest, multiPart } from './extensions.js';

const UNREACHABLE_TEXT: Words = {
  0: 'net %a unreachable',
  1: 'host %a unreachable',
  5: '%a unreachable - source route failed',
  6: 'net %a unreachable - unknown',
  7: 'host %a unreachable - unknown',
  8: '%a unreachable - source host isolated',
  9: 'net %a unreachable - admin prohibited',
  10: 'host %a unreachable - admin prohibited',
  11: 'net %a unreachable - tos prohibited',
  12: 'host %a unreachable - tos prohibited',
  13: 'host %a unreachable - admin prohibited filter',
  14: 'host %a unreachable - host precedence violation',
  15: 'host %a unreachable - precedence cutoff',
};
const REDIRECT_FORMS: Words = {
  0: 'redirect %a to net ',
  1: 'redirect %a to host ',
  2: 'redirect-tos %a to net ',
  3: 'redirect-tos %a to host ',
};
const PORT_PROTOCOLS: Words = { 6: 'tcp', 17: 'udp' };

/** Messages that quote the packet they are about, and those of them that may have an extension behind it. */
const QUOTING = new Set([3, 4, 5, 11, 12]);
const EXTENDED = new Set([3, 11, 12]);
/** tcpdump makes the first line's text in a buffer of 512 bytes: what does not fit is left out. */
const MOST_TEXT = 511;

/** An ICMP message, `length` bytes by the IP header. */
export function printIcmp(p: Printer, offset: number, length: number): void {
  p.protocol = 'icmp';
  const verbose = p.options.verbose;
  const type = p.u8(offset);
  const code = p.u8(offset + 1);
  const start = p.pos;
  p.text('ICMP ');
  const text = p.pos;
  try {
    summary(p, offset, type, code);
  } catch (error) {
    // Nothing of a cut message is shown.
    p.pos = start;
    throw error;
  }
  p.pos = Math.min(p.pos, text + MOST_TEXT);
  p.text(', length ');
  p.dec(length);
  if (verbose === 0) return;
  if (!p.ipFragmented && p.has(offset, length)) {
    const sum = checksum(p, offset, length);
    if (sum !== 0) {
      const field = p.u16(offset + 2);
      p.text(' (wrong icmp cksum ');
      p.hex(field);
      p.text(' (->');
      p.hex(shouldBe(field, sum));
      p.text(')!)');
    }
  }
  if (QUOTING.has(type)) {
    p.text('\n\t');
    const inner = offset + 8;
    const size = p.u16(inner + 2);
    // What is quoted says how long it was; an extension may follow it.
    p.pushSnapEnd(inner + size);
    printIp(p, inner, size);
    p.pop();
    p.protocol = 'icmp';
    if (EXTENDED.has(type)) multiPart(p, offset, length);
  }
  if (type === 42) extendedRequest(p, p.u8(offset + 7), offset + 8);
  else if (type === 43) extendedReply(p, p.u8(offset + 7), code);
}

/** The message in words, without its length. */
function summary(p: Printer, offset: number, type: number, code: number): void {
  switch (type) {
    case 0:
    case 8:
      p.text(type === 8 ? 'echo request, id ' : 'echo reply, id ');
      p.dec(p.u16(offset + 4));
      p.text(', seq ');
      p.dec(p.u16(offset + 6));
      break;
    case 3:
      unreachable(p, offset, code);
      break;
    case 4:
      p.text('source quench');
      break;
    case 5:
      withAddress(p, REDIRECT_FORMS[code] ?? `redirect-#${code} %a to `, offset + 8 + 16);
      p.ipv4(offset + 4);
      break;
    case 9:
      routerAdvertisement(p, offset);
      break;
    case 10:
      p.text('router solicitation');
      break;
    case 11:
      p.need(offset + 8 + 16, 4);
      p.text(
        code === 0
          ? 'time exceeded in-transit'
          : code === 1
            ? 'ip reassembly time exceeded'
            : `time exceeded-#${code}`,
      );
      break;
    case 12:
      if (code !== 0) p.text(`parameter problem - code ${code}`);
      else {
        p.text('parameter problem - octet ');
        p.dec(p.u8(offset + 4));
      }
      break;
    case 13:
      p.text('time stamp query id ');
      p.dec(p.u16(offset + 4));
      p.text(' seq ');
      p.dec(p.u16(offset + 6));
      break;
    case 14:
      p.text('time stamp reply id ');
      p.dec(p.u16(offset + 4));
      p.text(' seq ');
      p.dec(p.u16(offset + 6));
      p.text(': org ');
      timeOfDay(p, offset + 8);
      p.text(', recv ');
      timeOfDay(p, offset + 12);
      p.text(', xmit ');
      timeOfDay(p, offset + 16);
      break;
    case 15:
      p.text('information request');
      break;
    case 16:
      p.text('information reply');
      break;
    case 17:
      p.text('address mask request');
      break;
    case 18:
      p.text('address mask is 0x');
      p.hex0(p.u32(offset + 8), 8);
      break;
    case 42:
    case 43:
      p.text(type === 42 ? 'extended echo request, id ' : 'extended echo reply, id ');
      p.dec(p.u16(offset + 4));
      p.text(', seq ');
      p.dec(p.u8(offset + 6));
      break;
    default:
      p.text('type-#');
      p.dec(type);
  }
}

/** Writes a text with one address in it. */
function withAddress(p: Printer, form: string, address: number): void {
  const [before, after] = form.split('%a');
  p.text(before!);
  if (after === undefined) return;
  p.ipv4(address);
  p.text(after);
}

function unreachable(p: Printer, offset: number, code: number): void {
  const quoted = offset + 8;
  const destination = quoted + 16;
  if (code === 2) {
    p.ipv4(destination);
    p.text(' protocol ');
    p.dec(p.u8(quoted + 9));
    p.text(' unreachable');
    return;
  }
  if (code === 3) {
    const protocol = p.u8(quoted + 9);
    const ports = quoted + (p.u8(quoted) & 15) * 4;
    const port = p.u16(ports + 2);
    p.ipv4(destination);
    p.char(32);
    const name = PORT_PROTOCOLS[protocol];
    if (name === undefined) {
      p.text('protocol ');
      p.dec(protocol);
      p.text(' port ');
      p.dec(port);
    } else {
      p.text(name);
      p.text(' port ');
      if (protocol === 17) p.udpPort(port);
      else p.tcpPort(port);
    }
    p.text(' unreachable');
    return;
  }
  if (code === 4) {
    const mtu = p.u16(offset + 6);
    p.ipv4(destination);
    p.text(' unreachable - need to frag');
    if (mtu !== 0) {
      p.text(' (mtu ');
      p.dec(mtu);
      p.char(41);
    }
    return;
  }
  const form = UNREACHABLE_TEXT[code];
  if (form === undefined) {
    withAddress(p, '%a unreachable - #', destination);
    p.dec(code);
    return;
  }
  withAddress(p, form, destination);
}

function routerAdvertisement(p: Printer, offset: number): void {
  p.text('router advertisement lifetime ');
  const lifetime = p.u16(offset + 6);
  if (lifetime < 60) p.dec(lifetime);
  else if (lifetime < 3600) {
    p.dec(Math.floor(lifetime / 60));
    p.char(58);
    p.dec0(lifetime % 60, 2);
  } else {
    p.dec(Math.floor(lifetime / 3600));
    p.char(58);
    p.dec0(Math.floor(lifetime / 60) % 60, 2);
    p.char(58);
    p.dec0(lifetime % 60, 2);
  }
  const count = p.u8(offset + 4);
  p.char(32);
  p.dec(count);
  p.char(58);
  const size = p.u8(offset + 5);
  if (size !== 2) {
    p.text(' [size ');
    p.dec(size);
    p.char(93);
    return;
  }
  for (let i = 0; i < count; i++) {
    p.text(' {');
    p.ipv4(offset + 8 + 8 * i);
    p.char(32);
    p.dec(p.u32(offset + 12 + 8 * i));
    p.char(125);
  }
}

function timeOfDay(p: Printer, offset: number): void {
  const value = p.u32(offset);
  const seconds = Math.floor(value / 1000);
  p.dec0(Math.floor(seconds / 3600), 2);
  p.char(58);
  p.dec0(Math.floor(seconds / 60) % 60, 2);
  p.char(58);
  p.dec0(seconds % 60, 2);
  p.char(46);
  p.dec0(value % 1000, 3);
}
