// What LDP's messages are made of. Source: RFC 5036 (3.4), 3479 (fault tolerance), 3988 (MTU), 5918 (wildcards),
// 7552 (two families of addresses).

import { printUnknownData } from '../../hexdump.js';
import { below, counted, hex, ipv4Text, ipv6Text, wordOf } from '../../inline.js';
import type { Printer, Words } from '../../printer.js';
import { ADDRESS_FAMILIES, AddressFamily } from '../../tables/addressfamilies.js';
import { forwardingClass } from './fec.js';

export const LDP_MESSAGES: Words = {
  0x0001: 'Notification',
  0x0100: 'Hello',
  0x0200: 'Initialization',
  0x0201: 'Keepalive',
  0x0300: 'Address',
  0x0301: 'Address Withdraw',
  0x0400: 'Label Mapping',
  0x0401: 'Label Request',
  0x0402: 'Label Withdraw',
  0x0403: 'Label Release',
  0x0404: 'Label Abort Request',
};
const TLVS: Words = {
  0x0100: 'FEC',
  0x0101: 'Address List',
  0x0103: 'Hop Count',
  0x0104: 'Path Vector',
  0x0200: 'Generic Label',
  0x0201: 'ATM Label',
  0x0202: 'Frame-Relay Label',
  0x0300: 'Status',
  0x0301: 'Extended Status',
  0x0302: 'Returned PDU',
  0x0303: 'Returned Message',
  0x0400: 'Common Hello Parameters',
  0x0401: 'IPv4 Transport Address',
  0x0402: 'Configuration Sequence Number',
  0x0403: 'IPv6 Transport Address',
  0x0500: 'Common Session Parameters',
  0x0501: 'ATM Session Parameters',
  0x0502: 'Frame-Relay Session Parameters',
  0x0503: 'Fault-Tolerant Session Parameters',
  0x050b: 'Typed Wildcard FEC Capability',
  0x0600: 'Label Request Message ID',
  0x0601: 'MTU',
  0x0701: 'Dual-Stack Capability',
};
const STATUSES = counted(
  0,
  'Success|Bad LDP Identifier|Bad Protocol Version|Bad PDU Length|Unknown Message Type|Bad Message Length|' +
    'Unknown TLV|Bad TLV Length|Malformted TLV Value|Hold Timer Expired|Shutdown|Loop Detected|Unknown FEC|' +
    'No Route|No Label Resources|Label Resources/Available|Session Rejected/No Hello|' +
    'Session Rejected/Parameters Advertisement Mode|Session Rejected/Parameters Max PDU Length|' +
    'Session Rejected/Parameters Label Range|KeepAlive Timer Expired|Label Request Aborted|' +
    'Missing Message Parameters|Unsupported Address Family|Session Rejected/Bad KeepAlive Time|Internal Error',
);
const PREFERENCES: Words = { 0x40: 'IPv4', 0x60: 'IPv6' };
const HEADER = 4;

/** Prints a TLV's value. @returns false when it is too short, which is said already */
type ValuePrinter = (p: Printer, at: number, length: number) => boolean;

/** A value of `least` bytes that is one text. */
function value(least: number, text: (p: Printer, at: number) => string): ValuePrinter {
  return (p, at, length) => {
    if (below(p, 'tlv length', length, least)) return false;
    p.text(`\n\t      ${text(p, at)}`);
    return true;
  };
}

const VALUES: Readonly<Record<number, ValuePrinter>> = {
  0x0100: forwardingClass,
  0x0101: addresses,
  0x0103: value(1, (p, at) => `Hop Count: ${p.u8(at)}`),
  0x0104: pathVector,
  0x0200: value(4, (p, at) => `Label: ${p.u32(at) & 0xfffff}`),
  0x0300: status,
  0x0400: value(4, hello),
  0x0401: value(4, (p, at) => `IPv4 Transport Address: ${ipv4Text(p, at)}`),
  0x0402: value(4, (p, at) => `Sequence Number: ${p.u32(at)}`),
  0x0403: value(16, (p, at) => `IPv6 Transport Address: ${ipv6Text(p, at)}`),
  0x0500: session,
  0x0503: faultTolerance,
  0x050b: value(1, (p, at) => ((p.u8(at) & 0x80) !== 0 ? 'Support' : 'No Support')),
  0x0601: value(2, (p, at) => `MTU: ${p.u16(at)}`),
  0x0701: value(4, (p, at) => `Transport Connection Preference: ${wordOf(PREFERENCES, p.u8(at), 'Unknown')}`),
};

/** A TLV of which `left` bytes are there. @returns bytes used, 0 when it is longer than its message */
export function printLdpTlv(p: Printer, at: number, left: number): number {
  p.need(at, HEADER);
  const field = p.u16(at);
  const type = field & 0x3fff;
  const length = p.u16(at + 2);
  if (HEADER + length > left) {
    p.text('\n\t\t TLV contents go past end of message');
    return 0;
  }
  p.text(
    `\n\t    ${wordOf(TLVS, type, 'Unknown')} TLV (0x${hex(type, 4)}), length: ${length}` +
      `, Flags: [${(field & 0x8000) !== 0 ? 'continue processing' : 'ignore'}` +
      ` and ${(field & 0x4000) !== 0 ? 'do' : "don't"} forward if unknown]`,
  );
  const print = VALUES[type];
  if (print !== undefined) {
    if (!print(p, at + HEADER, length)) p.invalid();
  } else if (p.options.verbose <= 1) printUnknownData(p, '\n\t      ', at + HEADER, length);
  return HEADER + length;
}

function hello(p: Printer, at: number): string {
  const flags = p.u16(at + 2);
  return (
    `Hold Time: ${p.u16(at)}s, Flags: [${(flags & 0x8000) !== 0 ? 'Targeted' : 'Link'} Hello` +
    `${(flags & 0x4000) !== 0 ? ', Request for targeted Hellos' : ''}]`
  );
}

function addresses(p: Printer, at: number, length: number): boolean {
  if (below(p, 'tlv length', length, 2)) return false;
  const family = p.u16(at);
  p.text(`\n\t      Address Family: ${wordOf(ADDRESS_FAMILIES, family, 'Unknown (%u)')}, addresses`);
  const step = family === AddressFamily.IP ? 4 : family === AddressFamily.IP6 ? 16 : 0;
  if (step === 0) return true;
  for (let i = 2; i + step <= length; i += step) {
    p.text(` ${step === 4 ? ipv4Text(p, at + i) : ipv6Text(p, at + i)}`);
  }
  return true;
}

function pathVector(p: Printer, at: number, length: number): boolean {
  if (below(p, 'tlv length', length, 4)) return false;
  p.text(`\n\t      Path Vector: ${ipv4Text(p, at)}`);
  for (let i = 4; i + 4 <= length; i += 4) p.text(`, ${ipv4Text(p, at + i)}`);
  return true;
}

function session(p: Printer, at: number, length: number): boolean {
  if (below(p, 'tlv length', length, 14)) return false;
  const flags = p.u16(at + 4);
  p.text(
    `\n\t      Version: ${p.u16(at)}, Keepalive: ${p.u16(at + 2)}s` +
      `, Flags: [Downstream ${(flags & 0x8000) !== 0 ? 'On Demand' : 'Unsolicited'}` +
      `, Loop Detection ${(flags & 0x4000) !== 0 ? 'Enabled' : 'Disabled'}]`,
  );
  p.text(
    `\n\t      Path Vector Limit ${flags & 0xff}, Max-PDU length: ${p.u16(at + 6)}` +
      `, Receiver Label-Space-ID ${ipv4Text(p, at + 8)}:${p.u16(at + 12)}`,
  );
  return true;
}

function status(p: Printer, at: number, length: number): boolean {
  if (below(p, 'tlv length', length, 10)) return false;
  const code = p.u32(at);
  p.text(
    `\n\t      Status Code: ${wordOf(STATUSES, code & 0x3fffffff, 'Unknown')}` +
      `, Flags: [${code >>> 31 !== 0 ? 'Fatal error' : 'Advisory Notification'}` +
      ` and ${(code & 0x40000000) !== 0 ? 'do' : "don't"} forward]`,
  );
  const id = p.u32(at + 4);
  if (id !== 0) p.text(`, causing Message ID: 0x${hex(id, 8)}`);
  const type = p.u16(at + 8);
  if (type !== 0) p.text(`, Message Type: ${wordOf(LDP_MESSAGES, type, 'Unknown')}`);
  return true;
}

function faultTolerance(p: Printer, at: number, length: number): boolean {
  if (below(p, 'tlv length', length, 12)) return false;
  const flags = p.u16(at);
  const not = (bit: number, word: string): string => ((flags & bit) !== 0 ? '' : word);
  p.text(
    `\n\t      Flags: [${not(0x8000, 'No ')}Reconnect, ${not(0x8, "Don't ")}Save State` +
      `, ${not(0x4, 'No ')}All-Label Protection` +
      `, ${(flags & 0x2) !== 0 ? 'Sequence Numbered Label' : 'All Labels'} Checkpoint` +
      `, ${not(0x1, "Don't ")}Re-Learn State]`,
  );
  const reconnect = p.u32(at + 4);
  if (reconnect !== 0) p.text(`, Reconnect Timeout: ${reconnect}ms`);
  const recovery = p.u32(at + 8);
  if (recovery !== 0) p.text(`, Recovery Time: ${recovery}ms`);
  return true;
}
