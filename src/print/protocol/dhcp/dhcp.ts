// BOOTP and DHCP. Source: RFC 951, 2131; options: IANA's registry of BOOTP vendor extensions and DHCP options.

import { hex, macText } from '../../inline.js';
import type { Printer } from '../../printer.js';
import * as value from './option.js';

type Option = readonly [name: string, print: value.Value];

const { addresses, bytes, booleans, numbers, shorts, text } = value;
const PAD = 0;
const END = 255;

const OPTIONS: Readonly<Record<number, Option>> = {
  0: ['PAD', bytes],
  1: ['Subnet-Mask', addresses],
  2: ['Time-Zone', value.integers],
  3: ['Default-Gateway', addresses],
  4: ['Time-Server', addresses],
  5: ['IEN-Name-Server', addresses],
  6: ['Domain-Name-Server', addresses],
  7: ['LOG', addresses],
  8: ['CS', addresses],
  9: ['LPR-Server', addresses],
  10: ['IM', addresses],
  11: ['RL', addresses],
  12: ['Hostname', text],
  13: ['BS', shorts],
  14: ['DP', text],
  15: ['Domain-Name', text],
  16: ['SS', addresses],
  17: ['RP', text],
  18: ['EP', text],
  19: ['IPF', booleans],
  20: ['SRT', booleans],
  21: ['PF', value.pairs],
  22: ['RSZ', shorts],
  23: ['TTL', bytes],
  24: ['MTU-Timeout', numbers],
  25: ['MTU-Table', shorts],
  26: ['MTU', shorts],
  27: ['LSN', booleans],
  28: ['BR', addresses],
  29: ['MD', booleans],
  30: ['MS', booleans],
  31: ['Router-Discovery', booleans],
  32: ['RSA', addresses],
  33: ['Static-Route', value.pairs],
  34: ['UT', booleans],
  35: ['AT', numbers],
  36: ['IE', booleans],
  37: ['TT', bytes],
  38: ['KI', numbers],
  39: ['KG', booleans],
  40: ['YD', text],
  41: ['YS', addresses],
  42: ['NTP', addresses],
  43: ['Vendor-Option', bytes],
  44: ['Netbios-Name-Server', addresses],
  45: ['WDD', addresses],
  46: ['Netbios-Node', value.nodeType],
  47: ['Netbios-Scope', text],
  48: ['XFS', addresses],
  49: ['XDM', addresses],
  50: ['Requested-IP', addresses],
  51: ['Lease-Time', numbers],
  52: ['OO', value.overload],
  53: ['DHCP-Message', value.message],
  54: ['Server-ID', addresses],
  55: ['Parameter-Request', parameters],
  56: ['MSG', text],
  57: ['MSZ', shorts],
  58: ['RN', numbers],
  59: ['RB', numbers],
  60: ['Vendor-Class', text],
  61: ['Client-ID', value.clientIdentifier],
  64: ['N+D', shorts],
  65: ['N+S', addresses],
  66: ['TFTP', text],
  67: ['BF', text],
  68: ['MH', addresses],
  69: ['SMTP', addresses],
  70: ['POP3', addresses],
  71: ['NNTP', addresses],
  72: ['WWW', addresses],
  73: ['FG', addresses],
  74: ['IRC', addresses],
  75: ['STS', addresses],
  76: ['STDA', addresses],
  77: ['User-Class', value.userClass],
  78: ['SLP-DA', bytes],
  79: ['SLP-SCOPE', bytes],
  80: ['SLP-NA', text],
  81: ['FQDN', value.clientName],
  82: ['Agent-Information', value.agent],
  83: ['ARMT', bytes],
  88: ['TZSTR', text],
  89: ['FQDNS', bytes],
  90: ['AUTH', bytes],
  91: ['Last-Transaction-Time', value.integers],
  92: ['Associated-IP', addresses],
  93: ['ARCH', shorts],
  94: ['NDI', bytes],
  95: ['LDAP', text],
  97: ['GUID', bytes],
  98: ['UAP', text],
  100: ['POSIX-TZ', text],
  101: ['TZ-Name', text],
  108: ['IPv6-Only-Preferred', numbers],
  112: ['NI', addresses],
  113: ['NITAG', text],
  114: ['URL', text],
  116: ['Auto-Configure', booleans],
  117: ['NSSEARCH', shorts],
  118: ['SUBNET', addresses],
  121: ['Classless-Static-Route', value.routes],
  143: ['SZTP-Redirect', value.bootstrap],
  150: ['TFTP-Server-Address', addresses],
  161: ['MUD-URL', text],
  249: ['Classless-Static-Route-Microsoft', value.routes],
  255: ['END', bytes],
};
const UNKNOWN: Option = ['Unknown', value.unknown];

/** Names of the options that are wanted, four in a line. */
function parameters(p: Printer, offset: number, length: number): number {
  for (let i = 0; i < length; i++) {
    const wanted = p.u8(offset + i);
    p.text(`${i % 4 === 0 ? '\n\t      ' : ', '}${(OPTIONS[wanted] ?? UNKNOWN)[0]} (${wanted})`);
  }
  return length;
}

const Field = {
  HARDWARE: 1,
  HARDWARE_LENGTH: 2,
  HOPS: 3,
  TRANSACTION: 4,
  SECONDS: 8,
  FLAGS: 10,
  ADDRESSES: 12,
  CLIENT: 28,
  SERVER_NAME: 44,
  FILE: 108,
  VENDOR: 236,
} as const;
const REQUEST = 1;
const ETHERNET = 1;
const ETHERNET_LENGTH = 6;
const BROADCAST = 0x8000;
const SERVER_NAME_LENGTH = 64;
const FILE_LENGTH = 128;
const Cookie = { RFC1048: 0x63825363, CMU: 0x434d5500 } as const;

/** A BOOTP or DHCP message. */
export function printDhcp(p: Printer, offset: number, length: number): void {
  p.protocol = 'bootp';
  const operation = p.u8(offset);
  p.text(`BOOTP/DHCP, ${{ 1: 'Request', 2: 'Reply' }[operation] ?? `unknown (0x${hex(operation, 2)})`}`);
  const hardware = p.u8(offset + Field.HARDWARE);
  const ethernet = p.u8(offset + Field.HARDWARE_LENGTH) === ETHERNET_LENGTH && hardware === ETHERNET;
  if (ethernet && operation === REQUEST) p.text(` from ${macText(p, offset + Field.CLIENT)}`);
  p.text(`, length ${length}`);
  if (p.options.verbose === 0) return;
  p.need(offset + Field.SECONDS, 2);
  if (hardware !== ETHERNET) p.text(`, htype ${hardware}`);
  if (!ethernet) p.text(`, hlen ${p.u8(offset + Field.HARDWARE_LENGTH)}`);
  const hops = p.u8(offset + Field.HOPS);
  if (hops !== 0) p.text(`, hops ${hops}`);
  const transaction = p.u32(offset + Field.TRANSACTION);
  if (transaction !== 0) p.text(`, xid 0x${hex(transaction)}`);
  const seconds = p.u16(offset + Field.SECONDS);
  if (seconds !== 0) p.text(`, secs ${seconds}`);
  const flags = p.u16(offset + Field.FLAGS);
  p.text(`, Flags [${(flags & BROADCAST) !== 0 ? 'Broadcast' : 'none'}]`);
  if (p.options.verbose > 1) p.text(` (0x${hex(flags, 4)})`);
  address(p, '\n\t  Client-IP ', offset + Field.ADDRESSES);
  address(p, '\n\t  Your-IP ', offset + Field.ADDRESSES + 4);
  address(p, '\n\t  Server-IP ', offset + Field.ADDRESSES + 8);
  address(p, '\n\t  Gateway-IP ', offset + Field.ADDRESSES + 12);
  if (ethernet) p.text(`\n\t  Client-Ethernet-Address ${macText(p, offset + Field.CLIENT)}`);
  if (!name(p, 'sname', offset + Field.SERVER_NAME, SERVER_NAME_LENGTH)) return;
  if (!name(p, 'file', offset + Field.FILE, FILE_LENGTH)) return;
  const vendor = offset + Field.VENDOR;
  const cookie = p.u32(vendor);
  if (cookie === Cookie.RFC1048) options(p, vendor);
  else if (cookie === Cookie.CMU) printCmu(p, vendor);
  else if (cookie !== 0) p.text(`\n\t  Vendor-#0x${hex(cookie)}`);
}

/** An address unless it is zero. */
function address(p: Printer, label: string, offset: number): void {
  if (p.u32(offset) === 0) return;
  p.text(label);
  p.ipv4(offset);
}

/** A name, if there is one. @returns false when it has no end, which was said */
function name(p: Printer, label: string, offset: number, limit: number): boolean {
  if (p.u8(offset) === 0) return true;
  p.text(`\n\t  ${label} "`);
  const ended = p.safeZeroTerminated(offset, limit) !== 0;
  p.char(34);
  if (!ended) p.truncated();
  return ended;
}

/** The vendor extensions of RFC 1048 and later, up to their end or that of the captured bytes. */
function options(p: Printer, offset: number): void {
  const { verbose } = p.options;
  p.text('\n\t  Vendor-rfc1048 Extensions');
  p.text(`\n\t    Magic Cookie 0x${hex(Cookie.RFC1048)}`);
  for (let at = offset + 4; p.has(at, 1); ) {
    const type = p.u8(at++);
    const bare = type === PAD || type === END;
    if (bare && verbose < 3) {
      if (type === END) return;
      continue;
    }
    const length = bare ? 0 : p.u8(at++);
    const [label, print] = OPTIONS[type] ?? UNKNOWN;
    p.text(`\n\t    ${label} (${type}), length ${length}${length > 0 ? ': ' : ''}`);
    if (type === PAD) {
      let count = 1;
      for (; p.has(at, 1) && p.u8(at) === PAD; at++) count++;
      if (count > 1) p.text(`, occurs ${count}`);
    }
    p.need(at, length);
    const used = print(p, at, length);
    if (used < length) p.text(`\n\t  trailing data length ${length - used}`);
    at += length;
  }
}

/** What Carnegie Mellon's extensions have: a mask, a gateway and servers. */
function printCmu(p: Printer, offset: number): void {
  p.text(' vend-cmu');
  p.need(offset + 4, 4);
  const flags = p.u8(offset + 4);
  if ((flags & ~1) !== 0) p.text(` F:0x${hex(flags)}`);
  address(p, ' DG:', offset + 12);
  address(p, (flags & 1) !== 0 ? ' SM:' : ' SM*:', offset + 8);
  ['NS1', 'NS2', 'IEN1', 'IEN2', 'TS1', 'TS2'].forEach((label, i) => {
    address(p, ` ${label}:`, offset + 16 + 4 * i);
  });
}
