// Optimized Link State Routing. Source: RFC 3626; olsr.org for link quality, name service and smart gateways.

import { printUnknownData } from '../hexdump.js';
import { below, fixed, hex, ipv4Text, ipv6Text, maskLength4, maskLength6, wordOf } from '../inline.js';
import type { Printer, Words } from '../printer.js';

const Message = { HELLO: 1, TC: 2, MID: 3, HNA: 4, NAME_SERVICE: 130, HELLO_LQ: 201, TC_LQ: 202 } as const;
const MESSAGES: Words = {
  1: 'Hello',
  2: 'TC',
  3: 'MID',
  4: 'HNA',
  128: 'Powerinfo',
  130: 'Nameservice',
  201: 'Hello-LQ',
  202: 'TC-LQ',
};
const LINKS: Words = { 0: 'Unspecified', 1: 'Asymmetric', 2: 'Symmetric', 3: 'Lost' };
const NEIGHBORS: Words = { 0: 'Not-Neighbor', 1: 'Symmetric', 2: 'Symmetric-MPR' };
const GATEWAYS = [
  [0x01, ' LINKSPEED'],
  [0x02, ' IPV4'],
  [0x04, ' IPV4-NAT'],
  [0x08, ' IPV6'],
  [0x10, ' IPv6-PREFIX'],
] as const;
const LINK_SPEED = 0x01;
const MOST_SPEED = 320000000;
const HEADER = 4;
const NETWORKS_A_LINE = 4;

/** A time in four bits of mantissa and four of exponent, as seconds. */
function seconds(code: number): string {
  return fixed((1 + (code >> 4) / 16) * 0.0625 * (1 << (code & 15)), 3);
}

/** A line's speed in kbit/s, from five bits of mantissa and three of exponent. */
function speed(code: number): number {
  if (code === 0) return 0;
  return code === 0xff ? MOST_SPEED : ((code >> 3) + 1) * 10 ** (code & 7);
}

export function printOlsr(p: Printer, offset: number, length: number): void {
  p.protocol = 'olsr';
  const v6 = p.ipVersion === 6;
  p.text(v6 ? 'OLSRv6' : 'OLSRv4');
  if (below(p, 'packet length', length, HEADER)) {
    p.invalid();
    return;
  }
  const size = Math.min(length, p.u16(offset));
  p.text(`, seq 0x${hex(p.u16(offset + 2), 4)}, length ${size}`);
  if (p.options.verbose < 1) return;
  for (let at = offset + HEADER; at < offset + size; ) {
    const used = message(p, at, size, v6);
    if (used === 0) return;
    at += used;
  }
}

/** @returns its length, 0 when nothing can follow */
function message(p: Printer, offset: number, size: number, v6: boolean): number {
  const header = v6 ? 24 : 12;
  p.need(offset, header);
  const type = p.u8(offset);
  const length = p.u16(offset + 2);
  if (type === 0 || length === 0) return 0;
  const valid = length >= header && length <= size;
  const last = offset + header - 4;
  p.text(
    `\n\t${wordOf(MESSAGES, type, 'Unknown')} Message (0x${hex(type, 2)}), originator ${address(p, offset + 4, v6)}` +
      `, ttl ${p.u8(last)}, hop ${p.u8(last + 1)}\n\t  vtime ${seconds(p.u8(offset + 1))}s` +
      `, msg-seq 0x${hex(p.u16(last + 2), 4)}, length ${length}${valid ? '' : ' (invalid)'}`,
  );
  if (!valid) return 0;
  return body(p, type, offset + header, length - header, v6) ? length : 0;
}

function address(p: Printer, offset: number, v6: boolean): string {
  return v6 ? ipv6Text(p, offset) : ipv4Text(p, offset);
}

/** @returns false when the rest of the packet cannot be trusted */
function body(p: Printer, type: number, offset: number, length: number, v6: boolean): boolean {
  switch (type) {
    case Message.HELLO:
    case Message.HELLO_LQ:
      if (below(p, 'message length', length, 4)) break;
      hello(p, offset, length, type === Message.HELLO_LQ, v6);
      return true;
    case Message.TC:
    case Message.TC_LQ:
      if (below(p, 'message length', length, 4)) break;
      p.need(offset, 4);
      p.text(`\n\t    advertised neighbor seq 0x${hex(p.u16(offset), 4)}`);
      neighbors(p, offset + 4, length - 4, type === Message.TC_LQ, v6);
      return true;
    case Message.MID:
      for (const step = v6 ? 16 : 4; length >= step; offset += step, length -= step) {
        p.text(`\n\t  interface address ${address(p, offset, v6)}`);
      }
      return true;
    case Message.HNA:
      if (v6) networks6(p, offset, length);
      else networks4(p, offset, length);
      return true;
    case Message.NAME_SERVICE:
      if (below(p, 'message length', length, 4)) break;
      if (names(p, offset, length, v6)) return true;
      break;
    default:
      printUnknownData(p, '\n\t    ', offset, length);
      return true;
  }
  p.invalid();
  return false;
}

function hello(p: Printer, offset: number, length: number, quality: boolean, v6: boolean): void {
  p.text(`\n\t  hello-time ${seconds(p.u8(offset + 2))}s, MPR willingness ${p.u8(offset + 3)}`);
  let at = offset + 4;
  let left = length - 4;
  while (left >= 4) {
    p.need(at, 4);
    const size = p.u16(at + 2);
    const code = p.u8(at);
    const valid = size <= left && size >= 4;
    p.text(
      `\n\t    link-type ${LINKS[code & 3]}, neighbor-type ${wordOf(NEIGHBORS, code >> 2, 'Unknown')}` +
        `, len ${size}${valid ? '' : ' (invalid)'}`,
    );
    if (!valid) return;
    p.need(at, size);
    neighbors(p, at + 4, size - 4, quality, v6);
    at += size;
    left -= size;
  }
}

/** Plain neighbors are IPv4 addresses whatever carries the packet. */
function neighbors(p: Printer, offset: number, length: number, quality: boolean, v6: boolean): void {
  if (!quality) {
    p.text('\n\t      neighbor\n\t\t');
    for (; length >= 4; offset += 4, length -= 4) p.text(`${ipv4Text(p, offset)} `);
    return;
  }
  const width = v6 ? 16 : 4;
  const step = width + 4;
  for (; length >= step; offset += step, length -= step) {
    p.need(offset, step);
    p.text(
      `\n\t      neighbor ${address(p, offset, v6)}, link-quality ${fixed(p.u8(offset + width) / 2.55, 2)}%` +
        `, neighbor-link-quality ${fixed(p.u8(offset + width + 1) / 2.55, 2)}%`,
    );
  }
}

function networks6(p: Printer, offset: number, length: number): void {
  p.text(`\n\t  Advertised networks (total ${Math.floor(length / 32)})`);
  for (; length >= 32; offset += 32, length -= 32) {
    p.need(offset, 32);
    p.text(`\n\t    #0: ${ipv6Text(p, offset)}/${maskLength6(p, offset + 16)}`);
  }
}

function networks4(p: Printer, offset: number, length: number): void {
  p.text(`\n\t  Advertised networks (total ${Math.floor(length / 8)})`);
  for (let i = 0; length >= 8; i++, offset += 8, length -= 8) {
    p.need(offset, 8);
    p.text(i % NETWORKS_A_LINE === 0 ? '\n\t    ' : ', ');
    const flags = p.u8(offset + 5);
    if (p.u32(offset) === 0 && p.u8(offset + 4) === 0 && flags !== 0) {
      // The default route with flags in its mask is a smart gateway's.
      p.text('Smart-Gateway:');
      for (const [bit, word] of GATEWAYS) if ((flags & bit) !== 0) p.text(word);
      const known = (flags & LINK_SPEED) !== 0;
      p.text(` ${known ? speed(p.u8(offset + 6)) : 0}/${known ? speed(p.u8(offset + 7)) : 0}`);
    } else p.text(`${ipv4Text(p, offset)}/${maskLength4(p.u32(offset + 4)) >>> 0}`);
  }
}

/** @returns false when an entry is longer than its message */
function names(p: Printer, offset: number, length: number, v6: boolean): boolean {
  const count = p.u16(offset + 2);
  const width = v6 ? 16 : 4;
  const valid = count > 0 && count * (4 + width) <= length;
  p.text(`\n\t  Version ${p.u16(offset)}, Entries ${count}${valid ? '' : ' (invalid)'}`);
  if (!valid) return true;
  let at = offset + 4;
  let left = length - 4;
  for (let i = 0; i < count && left >= 4; i++) {
    const type = p.u16(at);
    const size = p.u16(at + 2);
    at += 4;
    left -= 4;
    const fits = size > 0 && width + size <= left;
    p.text(
      `\n\t    #${i}: type ${type === 0 ? '000000' : `0x${hex(type, 4)}`}, length ${size}${fits ? '' : ' (invalid)'}`,
    );
    if (!fits) return true;
    const whole = width + size + ((4 - (size % 4)) % 4);
    if (below(p, 'name entry length', left, whole)) return false;
    p.need(at, whole);
    p.text(`, address ${address(p, at, v6)}, name "`);
    p.safeBytes(at + width, size);
    p.char(34);
    at += whole;
    left -= whole;
  }
  return true;
}
