// RADIUS. Source: RFC 2865, 2866; attributes: IANA's registry of RADIUS types.

import { printUnknownData } from '../../hexdump.js';
import { below, hex, hexBytes, wordOf } from '../../inline.js';
import type { Printer } from '../../printer.js';
import * as numbers from './numbers.js';
import * as value from './value.js';

type Attribute = readonly [name: string, print: value.Value];

/** Attributes in a row that are strings. */
const strings = (names: string): readonly Attribute[] =>
  names.split(' ').map((name) => [name, value.string] as const);

const UNASSIGNED: Attribute = ['Unassigned', value.opaque];

/** By number, from 1. */
const ATTRIBUTES: readonly Attribute[] = [
  ['User-Name', value.string],
  ['User-Password', value.opaque],
  ['CHAP-Password', value.opaque],
  ['NAS-IP-Address', value.address],
  ['NAS-Port', value.number],
  ['Service-Type', value.named(numbers.SERVICES)],
  ['Framed-Protocol', value.named(numbers.FRAMED_PROTOCOLS)],
  ['Framed-IP-Address', value.selectedAddress],
  ['Framed-IP-Netmask', value.address],
  ['Framed-Routing', value.named(numbers.FRAMED_ROUTINGS)],
  ['Filter-Id', value.string],
  ['Framed-MTU', value.number],
  ['Framed-Compression', value.named(numbers.COMPRESSIONS)],
  ['Login-IP-Host', value.selectedAddress],
  ['Login-Service', value.named(numbers.LOGIN_SERVICES)],
  ['Login-TCP-Port', value.number],
  UNASSIGNED,
  ...strings('Reply-Message Callback-Number Callback-Id'),
  UNASSIGNED,
  ['Framed-Route', value.string],
  ['Framed-IPX-Network', value.ipxNetwork],
  ...strings('State Class'),
  ['Vendor-Specific', value.vendor],
  ['Session-Timeout', value.seconds],
  ['Idle-Timeout', value.seconds],
  ['Termination-Action', value.named(numbers.TERMINATION_ACTIONS)],
  ...strings('Called-Station-Id Calling-Station-Id NAS-Identifier Proxy-State'),
  ...strings('Login-LAT-Service Login-LAT-Node Login-LAT-Group'),
  ['Framed-AppleTalk-Link', value.special(0, 'Unnumbered')],
  ['Framed-AppleTalk-Network', value.special(0, 'NAS assigned')],
  ['Framed-AppleTalk-Zone', value.string],
  ['Acct-Status-Type', value.named(numbers.STATUSES)],
  ['Acct-Delay-Time', value.seconds],
  ['Acct-Input-Octets', value.number],
  ['Acct-Output-Octets', value.number],
  ['Acct-Session-Id', value.string],
  ['Acct-Authentic', value.named(numbers.AUTHENTICATIONS)],
  ['Acct-Session-Time', value.seconds],
  ['Acct-Input-Packets', value.number],
  ['Acct-Output-Packets', value.number],
  ['Acct-Terminate-Cause', value.named(numbers.TERMINATION_CAUSES)],
  ['Acct-Multi-Session-Id', value.string],
  ['Acct-Link-Count', value.number],
  ['Acct-Input-Gigawords', value.number],
  ['Acct-Output-Gigawords', value.number],
  UNASSIGNED,
  ['Event-Timestamp', value.date],
  ['Egress-VLANID', value.vlan],
  ['Ingress-Filters', value.named(numbers.INGRESS_FILTERS)],
  ['Egress-VLAN-Name', value.vlanName],
  ['User-Priority-Table', value.opaque],
  ['CHAP-Challenge', value.string],
  ['NAS-Port-Type', value.named(numbers.PORT_TYPES)],
  ['Port-Limit', value.number],
  ['Login-LAT-Port', value.string],
  ['Tunnel-Type', value.taggedNamed(numbers.TUNNELS)],
  ['Tunnel-Medium-Type', value.taggedNamed(numbers.MEDIA)],
  ['Tunnel-Client-Endpoint', value.taggedString],
  ['Tunnel-Server-Endpoint', value.taggedString],
  ['Acct-Tunnel-Connection', value.string],
  ['Tunnel-Password', value.tunnelPassword],
  ['ARAP-Password', value.arapPassword],
  ['ARAP-Features', value.arapFeatures],
  ['ARAP-Zone-Access', value.named(numbers.ZONES)],
  ...strings('ARAP-Security ARAP-Security-Data'),
  ['Password-Retry', value.number],
  ['Prompt', value.named(numbers.PROMPTS)],
  ...strings('Connect-Info Configuration-Token'),
  ['EAP-Message', value.eap],
  ['Message-Authenticator', value.string],
  ['Tunnel-Private-Group-ID', value.taggedString],
  ['Tunnel-Assignment-ID', value.taggedString],
  ['Tunnel-Preference', value.taggedNumber],
  ['ARAP-Challenge-Response', value.arapResponse],
  ['Acct-Interim-Interval', value.seconds],
  ['Acct-Tunnel-Packets-Lost', value.number],
  ...strings('NAS-Port-Id Framed-Pool CUI'),
  ['Tunnel-Client-Auth-ID', value.taggedString],
  ['Tunnel-Server-Auth-ID', value.taggedString],
  ['NAS-Filter-Rule', value.string],
  UNASSIGNED,
  ['Originating-Line-Info', value.opaque],
  ['NAS-IPv6-Address', value.address6],
  ['Framed-Interface-ID', value.opaque],
  ['Framed-IPv6-Prefix', value.prefix6],
  ['Login-IPv6-Host', value.address6],
  ...strings('Framed-IPv6-Route Framed-IPv6-Pool'),
  ['Error-Cause', value.errorCause],
  ['EAP-Key-Name', value.opaque],
  ...strings('Digest-Response Digest-Realm Digest-Nonce Digest-Response-Auth Digest-Nextnonce'),
  ...strings('Digest-Method Digest-URI Digest-Qop Digest-Algorithm Digest-Entity-Body-Hash'),
  ...strings('Digest-CNonce Digest-Nonce-Count Digest-Username Digest-Opaque Digest-Auth-Param'),
  ...strings('Digest-AKA-Auts Digest-Domain Digest-Stale Digest-HA1 SIP-AOR'),
  ['Delegated-IPv6-Prefix', value.prefix6],
  ['MIP6-Feature-Vector', value.mobileFeatures],
  ['MIP6-Home-Link-Prefix', value.homeLinkPrefix],
  ['Operator-Name', value.operator],
  ['Location-Information', value.location],
  ['Location-Data', value.locationData],
  ['Basic-Location-Policy-Rules', value.policy],
];
const UNKNOWN: Attribute = ['Unknown', value.opaque];
const HEADER = 20;
const LONGEST = 4096;

/** A RADIUS packet. */
export function printRadius(p: Printer, offset: number, length: number): void {
  p.protocol = 'radius';
  p.text('RADIUS');
  if (!valid(p, offset, length)) p.invalid();
}

/** @returns false when a length is wrong, and which was said */
function valid(p: Printer, offset: number, length: number): boolean {
  if (below(p, 'length', length, HEADER)) return false;
  p.need(offset, HEADER);
  const said = p.u16(offset + 2);
  if (below(p, 'length', said, HEADER)) return false;
  if (value.above(p, 'length', said, LONGEST) || value.above(p, 'length', said, length)) return false;
  const code = p.u8(offset);
  const kind = `${wordOf(numbers.CODES, code, 'Unknown Command')} (${code}), id: 0x${hex(p.u8(offset + 1), 2)}, `;
  if (p.options.verbose === 0) {
    p.text(`, ${kind}length: ${said}`);
    return true;
  }
  p.text(`, length: ${said}\n\t${kind}Authenticator: ${hexBytes(p, offset + 4, 16)}`);
  return attributes(p, offset + HEADER, offset + said);
}

/** @returns false when a length is wrong, and which was said */
function attributes(p: Printer, offset: number, end: number): boolean {
  for (let at = offset; at < end; ) {
    if (below(p, 'length', end - at, 2)) return false;
    const size = p.u8(at + 1);
    const type = p.u8(at);
    const [name, print] = ATTRIBUTES[type - 1] ?? UNKNOWN;
    p.text(`\n\t  ${name} Attribute (${type}), length: ${size}`);
    if (below(p, 'length', size, 2) || value.above(p, 'length', size, end - at)) return false;
    p.text(', Value: ');
    if (size > 2 && !print(p, at + 2, size - 2)) p.invalid();
    if (p.options.verbose > 1) printUnknownData(p, '\n\t    ', at + 2, size - 2);
    at += size;
  }
  return true;
}
