// Routes of each address family and their next hops. Source: RFC 4760, 8277 (labels), 4364 (VPN), 4684 (route targets),
// 6514 (multicast VPN), 6037 (MDT), 4761 and 6074 (VPLS), RFC 986 and 1888 for addresses in NSAPs.

import { OVERRUN } from '../../endings.js';
import { hex, hexBytes, ipv4Text, ipv6Text } from '../../inline.js';
import type { Printer } from '../../printer.js';
import { AddressFamily } from '../../tables/addressfamilies.js';
import { l2vpnRoute } from './l2vpn.js';
import { mdtRoute, multicastRoute } from './multicast.js';
import { Safi } from './numbers.js';
import { asText, maskedAddress, maskedBytes, nsapText, prefix, rdText } from './prefix.js';
import { ILLEGAL, line, type NlriPrinter, STOP } from './route.js';

const RD = 8;
const LABEL_BITS = 24;
const RD_BITS = 64;
const NSAP_BITS = 152;

/** How an address family prints. */
export interface Family {
  readonly route: NlriPrinter;
  /** Prints a next hop. @returns bytes used */
  readonly nextHop: (p: Printer, at: number, left: number) => number;
}

/** A next hop of `size` bytes. */
function hop(size: number, text: (p: Printer, at: number) => string): Family['nextHop'] {
  return (p, at, left) => {
    p.text(left < size ? 'invalid len' : text(p, at));
    return Math.min(left, size);
  };
}

const hop4 = hop(4, ipv4Text);
const hop6 = hop(16, ipv6Text);
const hopVpn4 = hop(RD + 4, (p, at) => `RD: ${rdText(p, at)}, ${ipv4Text(p, at + RD)}`);
const hopVpn6 = hop(RD + 16, (p, at) => `RD: ${rdText(p, at)}, ${ipv6Text(p, at + RD)}`);

function hopNsap(p: Printer, at: number, left: number): number {
  p.text(nsapText(p.view(at, left)));
  return left;
}

function hopVpnNsap(p: Printer, at: number, left: number): number {
  if (left < RD + 1) {
    p.text('invalid len');
    return left;
  }
  if (!p.has(at, left)) throw OVERRUN;
  p.text(`RD: ${rdText(p, at)}, ${nsapText(p.view(at + RD, left - RD))}`);
  if (p.u32(at + RD) === 0x47000601) p.text(` = ${ipv4Text(p, at + RD + 4)}`);
  else if (p.u24(at + RD) === 0x350000) p.text(` = ${ipv6Text(p, at + RD + 3)}`);
  return left;
}

/** Plain prefixes, each behind a path identifier when `ids` say so. */
function plain(width: number): NlriPrinter {
  return (p, at, left, ids) => {
    const identified = width === 4 ? ids.four : ids.six;
    const id = identified ? p.u32(at) : 0;
    const found = prefix(p, identified ? at + 4 : at, left, width);
    if (found === null) p.text(ILLEGAL);
    else line(p, found.text);
    if (!identified) return found?.size ?? STOP;
    p.text(`   Path Id: ${id}`);
    // A wrong prefix takes back one byte of its identifier's four.
    return (found?.size ?? STOP) + 4;
  };
}

function labelText(p: Printer, at: number): string {
  const label = p.u24(at);
  return `label:${label >>> 4} ${(label & 1) === 0 ? '(BOGUS: Bottom of Stack NOT set!)' : '(bottom)'}`;
}

/** Prefixes behind one label, whose bits count as the prefix's. */
function labelled(width: number): NlriPrinter {
  return (p, at, left) => {
    if (!p.has(at, 4)) throw OVERRUN;
    if (left < 4) return STOP;
    const bits = p.u8(at) - LABEL_BITS;
    if (bits < 0 || bits > width * 8) {
      p.text(ILLEGAL);
      return STOP;
    }
    const used = Math.ceil(bits / 8);
    if (width === 4 && left - 4 < used) return STOP;
    line(p, `${maskedAddress(p, at + 4, bits, width)}, ${labelText(p, at + 1)}`);
    return 4 + used;
  };
}

/** Prefixes of `most` bits behind a label and a route distinguisher. */
function vpn(most: number, text: (p: Printer, at: number, bits: number) => string): NlriPrinter {
  return (p, at) => {
    const bits = p.u8(at) - LABEL_BITS - RD_BITS;
    if (bits < 0 || bits > most) {
      p.text(ILLEGAL);
      return STOP;
    }
    const what = text(p, at + 12, bits);
    line(p, `RD: ${rdText(p, at + 4)}, ${what}, ${labelText(p, at + 1)}`);
    return 12 + Math.ceil(bits / 8);
  };
}

function nsapPrefix(p: Printer, at: number, bits: number): string {
  const bytes = maskedBytes(p, at, bits, Math.ceil(bits / 8));
  return `${nsapText(bytes)}/${bits}`;
}

/** A prefix of OSI's; its address is read from where one with a label has it. */
function nsapRoute(p: Printer, at: number): number {
  const bits = p.u8(at);
  if (bits > NSAP_BITS) {
    p.text(ILLEGAL);
    return STOP;
  }
  line(p, nsapPrefix(p, at + 4, bits));
  return 1 + Math.ceil(bits / 8);
}

/** A route target and the AS that wants its routes. */
function routeTarget(p: Printer, at: number): number {
  const bits = p.u8(at);
  if (bits === 0) {
    p.text('\n\t      default route target');
    return 1;
  }
  const origin = bits < 32 ? 0 : p.u32(at + 1);
  if (bits < 32 || bits > 96) {
    p.text('\n\t      (illegal prefix length)');
    return STOP;
  }
  const rest = bits - 32;
  const target = maskedBytes(p, at + 5, rest, 8);
  p.text(`\n\t      origin AS: ${asText(p, origin)}, ${targetText(p, target, rest)}`);
  return 5 + Math.ceil(rest / 8);
}

function targetText(p: Printer, target: Uint8Array, bits: number): string {
  if (bits === 0) return 'route-target: 0:0/0';
  p.pushBuffer(target);
  const digits = (hexBytes(p, 0, Math.ceil(bits / 8)).match(/.{1,4}/g) ?? []).join(' ');
  const type = p.u16(0);
  const kind = bits < 16 ? 'partial' : type;
  let text: string;
  if (kind === 'partial') text = `route-target: partial-type: (${digits}/${bits})`;
  else if (kind === 0x0002) text = `route-target: ${p.u16(2)}:${p.u32(4)}/${bits} (${digits})`;
  else if (kind === 0x0102) {
    text = `route-target: ${target.subarray(2, 6).join('.')}:${p.u16(6)}/${bits} (${digits})`;
  } else if (kind === 0x0202) text = `route-target: ${asText(p, p.u32(2))}:${p.u16(6)}/${bits} (${digits})`;
  else text = `route target: unknown-type(${hex(type, 4)}) (${digits}/${bits})`;
  p.pop();
  return text;
}

const IP4: Family = { route: plain(4), nextHop: hop4 };
const IP6: Family = { route: plain(16), nextHop: hop6 };
const VPN4: Family = { route: vpn(32, (p, at, bits) => maskedAddress(p, at, bits, 4)), nextHop: hopVpn4 };
const VPN6: Family = { route: vpn(128, (p, at, bits) => maskedAddress(p, at, bits, 16)), nextHop: hopVpn6 };
const NSAP: Family = { route: nsapRoute, nextHop: hopNsap };
const VPN_NSAP: Family = { route: vpn(NSAP_BITS, nsapPrefix), nextHop: hopVpnNsap };
const L2VPN: Family = { route: l2vpnRoute, nextHop: hop4 };

const PLAIN = [Safi.UNICAST, Safi.MULTICAST, Safi.UNICAST_MULTICAST];
const VPN = [Safi.VPN_UNICAST, Safi.VPN_MULTICAST, Safi.VPN_BOTH];
const FAMILIES = new Map<number, Family>();
for (const [afi, safis, family] of [
  [AddressFamily.IP, PLAIN, IP4],
  [AddressFamily.IP, [Safi.LABELLED], { route: labelled(4), nextHop: hop4 }],
  [AddressFamily.IP, VPN, VPN4],
  [AddressFamily.IP, [Safi.ROUTE_TARGET], { route: routeTarget, nextHop: hop4 }],
  [AddressFamily.IP, [Safi.MULTICAST_VPN], { route: multicastRoute, nextHop: hop4 }],
  [AddressFamily.IP, [Safi.MDT], { route: mdtRoute, nextHop: hop4 }],
  [AddressFamily.IP6, PLAIN, IP6],
  [AddressFamily.IP6, [Safi.LABELLED], { route: labelled(16), nextHop: hop6 }],
  [AddressFamily.IP6, VPN, VPN6],
  [AddressFamily.NSAP, PLAIN, NSAP],
  [AddressFamily.NSAP, VPN, VPN_NSAP],
  [AddressFamily.L2VPN, VPN, L2VPN],
  [AddressFamily.VPLS, [Safi.VPLS], L2VPN],
] as const) {
  for (const safi of safis) FAMILIES.set((afi << 8) | safi, family);
}

/** How the routes of an address family print; undefined when they do not. */
export function routeFamily(afi: number, safi: number): Family | undefined {
  return FAMILIES.get((afi << 8) | safi);
}
