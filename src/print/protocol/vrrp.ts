// Routers that stand in for each other: VRRP (RFC 3768, 5798), CARP (OpenBSD), HSRP (RFC 2281).

import { checksum, transportChecksum } from '../checksum.js';
import { hex, ipv4Text, ipv6Text, wordOf } from '../inline.js';
import type { Printer, Words } from '../printer.js';

const PROTOCOL = 112;
const ADVERTISEMENT = 1;
/** What no router on the way may have decremented. */
const TTL = 255;
const SIMPLE = 1;
const AUTHENTICATION: Words = { 0: 'none', 1: 'simple', 2: 'ah' };

export function printVrrp(p: Printer, offset: number, length: number): void {
  p.protocol = 'vrrp';
  p.protocolCaps();
  const version = p.u8(offset) >> 4;
  const type = p.u8(offset) & 15;
  p.text(`v${version}, ${type === ADVERTISEMENT ? 'Advertisement' : `unknown type (${type})`}`);
  if (p.ttl !== TTL) p.text(`, (ttl ${p.ttl})`);
  if (version < 2 || version > 3 || type !== ADVERTISEMENT) return;
  p.text(`, vrid ${p.u8(offset + 1)}, prio ${p.u8(offset + 2)}`);
  let authentication = 0;
  if (version === 2) {
    authentication = p.u8(offset + 4);
    p.text(`, authtype ${wordOf(AUTHENTICATION, authentication, '#%u')}`);
    p.text(`, intvl ${p.u8(offset + 5)}s, length ${length}`);
  } else p.text(`, intvl ${p.u16(offset + 4) & 0xfff}cs, length ${length}`);
  if (p.options.verbose === 0) return;
  if (p.has(offset, length)) {
    const sum = version === 2 ? checksum(p, offset, length) : transportChecksum(p, offset, length, PROTOCOL);
    if (sum !== 0) p.text(`, (bad vrrp cksum ${hex(p.u16(offset + 6))})`);
  }
  const count = p.u8(offset + 3);
  p.text(', addrs');
  if (count > 1) p.text(`(${count})`);
  p.char(58);
  const six = p.ipVersion === 6;
  let at = offset + 8;
  for (let i = 0; i < count; i++) {
    p.text(`${i === 0 ? ' ' : ','}${six ? ipv6Text(p, at) : ipv4Text(p, at)}`);
    at += six ? 16 : 4;
  }
  if (version === 2 && authentication === SIMPLE) {
    p.text(' auth "');
    p.safeUntilNul(at, 8);
    p.char(34);
  }
}

export function printCarp(p: Printer, offset: number, length: number): void {
  p.protocol = 'carp';
  p.protocolCaps();
  const version = p.u8(offset) >> 4;
  const type = p.u8(offset) & 15;
  p.text(`v${version}-${type === ADVERTISEMENT ? 'advertise' : 'unknown'} ${length}: `);
  if (p.ttl !== TTL) p.text(`[ttl=${p.ttl}!] `);
  if (version !== 2 || type !== ADVERTISEMENT) return;
  p.text(
    `vhid=${p.u8(offset + 1)} advbase=${p.u8(offset + 5)} advskew=${p.u8(offset + 2)}` +
      ` authlen=${p.u8(offset + 3)} `,
  );
  if (p.options.verbose > 0 && p.has(offset, length) && checksum(p, offset, length) !== 0) {
    p.text(` (bad carp cksum ${hex(p.u16(offset + 6))}!)`);
  }
  p.text(`counter=${p.u64(offset + 8)}`);
}

const HSRP_CODES: Words = { 0: 'hello', 1: 'coup', 2: 'resign' };
const HSRP_STATES: Words = { 0: 'initial', 1: 'learn', 2: 'listen', 4: 'speak', 8: 'standby', 16: 'active' };

export function printHsrp(p: Printer, offset: number, length: number): void {
  p.protocol = 'hsrp';
  p.protocolCaps();
  const version = p.u8(offset);
  p.text(`v${version}`);
  if (version !== 0) return;
  p.char(45);
  p.text(`${wordOf(HSRP_CODES, p.u8(offset + 1), 'unknown (%u)')} `);
  p.text(`${length}: `);
  p.text(`state=${wordOf(HSRP_STATES, p.u8(offset + 2), 'Unknown (%u)')} `);
  p.text(`group=${p.u8(offset + 6)} `);
  const reserved = p.u8(offset + 7);
  if (reserved !== 0) p.text(`[reserved=${reserved}!] `);
  p.text(`addr=${ipv4Text(p, offset + 16)}`);
  if (p.options.verbose === 0) return;
  p.text(' hellotime=');
  p.relativeTime(p.u8(offset + 3));
  p.text(' holdtime=');
  p.relativeTime(p.u8(offset + 4));
  p.text(` priority=${p.u8(offset + 5)}`);
  p.text(' auth="');
  p.safeUntilNul(offset + 8, 8);
  p.char(34);
}
