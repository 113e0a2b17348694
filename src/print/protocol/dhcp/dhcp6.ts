// DHCPv6. Source: RFC 8415; options: IANA's registry of DHCPv6 parameters.

import { ipv6Text, wordOf } from '../../inline.js';
import type { Printer, Words } from '../../printer.js';
import * as value from './dhcp6option.js';
import { Result } from './dhcp6option.js';

const MESSAGES: Words = {
  1: 'solicit',
  2: 'advertise',
  3: 'request',
  4: 'confirm',
  5: 'renew',
  6: 'rebind',
  7: 'reply',
  8: 'release',
  9: 'decline',
  10: 'reconfigure',
  11: 'inf-req',
  12: 'relay-fwd',
  13: 'relay-reply',
  14: 'leasequery',
  15: 'leasequery-reply',
};
const Relay = { FORWARD: 12, REPLY: 13 } as const;
const LINK = 2;
const PEER = 18;
const RELAY_OPTIONS = 34;
const OPTIONS = 4;
/** Options in options and messages in messages: more is no traffic but an attack. */
const DEEPEST = 500;

/** An option's value that may hold options or a message. */
type Nested = (p: Printer, offset: number, length: number, depth: number) => Result;

/** Options behind a header of `size` bytes. */
const holding =
  (size: number, header: (p: Printer, offset: number) => void): Nested =>
  (p, offset, length, depth) => {
    if (length < size) return Result.ODD;
    header(p, offset);
    options(p, offset + size, offset + length, depth + 1);
    return Result.GOOD;
  };

const association = holding(12, (p, offset) => {
  p.text(` IAID:${p.u32(offset)} T1:${p.u32(offset + 4)} T2:${p.u32(offset + 8)}`);
});

const QUERIES: Words = { 1: 'by-address', 2: 'by-clientID' };

const wanted: Nested = (p, offset, length) => {
  if (length % 2 !== 0) return Result.ODD;
  for (let i = 0; i < length; i += 2) p.text(` ${optionName(p.u16(offset + i))}`);
  return Result.GOOD;
};

const relayed: Nested = (p, offset, length, depth) => {
  p.text(' (');
  p.pushSnapEnd(offset + length);
  message(p, offset, length, depth + 1);
  p.pop();
  return Result.GOOD;
};

const OPTION_TYPES: Readonly<Record<number, readonly [name: string, print: Nested]>> = {
  1: ['client-ID', value.identifier],
  2: ['server-ID', value.identifier],
  3: ['IA_NA', association],
  4: ['IA_TA', holding(4, (p, offset) => p.text(` IAID:${p.u32(offset)}`))],
  5: [
    'IA_ADDR',
    holding(24, (p, offset) => {
      p.text(` ${ipv6Text(p, offset)} pltime:${p.u32(offset + 16)} vltime:${p.u32(offset + 20)}`);
    }),
  ],
  6: ['option-request', wanted],
  7: ['preference', value.byte],
  8: ['elapsed-time', value.short],
  9: ['relay-message', relayed],
  11: ['authentication', value.authentication],
  12: ['server-unicast', value.nothing],
  13: ['status-code', value.status],
  14: ['rapid-commit', value.nothing],
  15: ['user-class', value.texts],
  16: ['vendor-class', value.vendorClass],
  17: ['vendor-specific-info', value.vendorOptions],
  18: ['interface-ID', value.bytes],
  19: ['reconfigure-message', value.reconfigure],
  20: ['reconfigure-accept', value.nothing],
  21: ['SIP-servers-domain', value.domains],
  22: ['SIP-servers-address', value.addresses],
  23: ['DNS-server', value.addresses],
  24: ['DNS-search-list', value.domains],
  25: ['IA_PD', association],
  26: [
    'IA_PD-prefix',
    holding(25, (p, offset) => {
      p.text(` ${ipv6Text(p, offset + 9)}/${p.u8(offset + 8)}`);
      p.text(` pltime:${p.u32(offset)} vltime:${p.u32(offset + 4)}`);
    }),
  ],
  27: ['NIS-server', value.addresses],
  28: ['NIS+-server', value.addresses],
  29: ['NIS-domain-name', value.nothing],
  30: ['NIS+-domain-name', value.nothing],
  31: ['SNTP-servers', value.addresses],
  32: ['lifetime', value.number],
  33: ['BCMCS-domain-name', value.nothing],
  34: ['BCMCS-server', value.addresses],
  36: ['Geoconf-Civic', value.nothing],
  37: ['Remote-ID', value.remote],
  38: ['Subscriber-ID', value.bytes],
  39: ['Client-FQDN', value.nothing],
  40: ['PANA-agent', value.addresses],
  41: ['POSIX-timezone', value.text],
  42: ['POSIX-tz-database', value.text],
  43: ['Echo-request-option', wanted],
  44: [
    'Lease-query',
    holding(17, (p, offset) => {
      p.text(` ${wordOf(QUERIES, p.u8(offset), 'type_%u')} ${ipv6Text(p, offset + 1)}`);
    }),
  ],
  45: ['LQ-client-data', holding(0, () => {})],
  46: ['Clt-time', value.number],
  47: ['LQ-relay-data', value.relayData],
  48: ['LQ-client-link', value.addresses],
  56: ['NTP-server', value.timeServers],
  59: ['Bootfile-URL', value.address],
  64: ['AFTR-Name', value.router],
  112: ['MUD-URL', value.text],
  136: ['SZTP-redirect', value.texts],
};

const optionName = (type: number): string => OPTION_TYPES[type]?.[0] ?? `opt_${type}`;

/** A DHCPv6 message. */
export function printDhcp6(p: Printer, offset: number, length: number): void {
  message(p, offset, length, 0);
}

function message(p: Printer, offset: number, length: number, depth: number): void {
  p.protocol = 'dhcp6';
  p.text('dhcp6');
  if (!p.has(offset, OPTIONS) || depth > DEEPEST) {
    p.truncated();
    return;
  }
  const type = p.u8(offset);
  p.text(` ${wordOf(MESSAGES, type, 'msgtype-%u')}`);
  if (p.options.verbose === 0) return;
  p.text(' (');
  const end = Math.min(offset + length, p.snapEnd);
  if (type === Relay.FORWARD || type === Relay.REPLY) {
    p.text(`linkaddr=${ipv6Text(p, offset + LINK)}`);
    p.text(` peeraddr=${ipv6Text(p, offset + PEER)}`);
    options(p, offset + RELAY_OPTIONS, end, depth);
  } else {
    p.text(`xid=${p.u24(offset + 1).toString(16)}`);
    options(p, offset + OPTIONS, end, depth);
  }
  p.char(41);
}

/** Options up to `end`; one that is not whole ends them. */
function options(p: Printer, offset: number, end: number, depth: number): void {
  for (let at = offset; at < end; ) {
    const whole = end - at >= 4 && p.has(at, 4) && end - at - 4 >= p.u16(at + 2) && depth <= DEEPEST;
    if (!whole) {
      p.truncated();
      return;
    }
    const type = p.u16(at);
    const length = p.u16(at + 2);
    p.text(` (${optionName(type)}`);
    if (!p.has(at + 4, length)) {
      p.truncated();
      return;
    }
    const result = OPTION_TYPES[type]?.[1](p, at + 4, length, depth) ?? Result.GOOD;
    if (result === Result.CUT) {
      p.truncated();
      return;
    }
    p.text(result === Result.ODD ? ' ?)' : ')');
    at += 4 + length;
  }
}
