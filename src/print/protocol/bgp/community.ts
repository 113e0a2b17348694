// Communities of routes. Source: RFC 1997, 4360 and IANA's registry of extended communities, 8097 (origin validation),
// 4577 (OSPF), 4761 (layer 2), 9012 (tunnels).

import { OVERRUN } from '../../endings.js';
import { bitsOf, hex, hexBytes, ipv4Text, wordOf } from '../../inline.js';
import type { Bits, Printer, Words } from '../../printer.js';
import { megabits } from '../../tables/gmpls.js';
import { L2_ENCAPSULATIONS } from '../l2vpn.js';
import { asText } from './prefix.js';

const WELL_KNOWN: Words = { 1: 'NO_EXPORT', 2: 'NO_ADVERTISE', 3: 'NO_EXPORT_SUBCONFED' };
const WELL_KNOWN_FIRST = 0xffffff00;

const FLAGS: Bits = [
  [0x8000, 'vendor-specific'],
  [0x4000, 'non-transitive'],
];
const KINDS: Words = {
  0x0002: 'target',
  0x0102: 'target',
  0x0202: 'target',
  0x0003: 'origin',
  0x0103: 'origin',
  0x0203: 'origin',
  0x4004: 'link-BW',
  0x4300: 'origin-validation-state',
  0x0005: 'ospf-domain',
  0x0105: 'ospf-domain',
  0x0205: 'ospf-domain',
  0x8005: 'ospf-domain',
  0x0306: 'ospf-route-type',
  0x8000: 'ospf-route-type',
  0x030c: 'encapsulation',
  0x0107: 'ospf-router-id',
  0x8001: 'ospf-router-id',
  0x800a: 'layer2-info',
  0x8800: 'eigrp-general-route (flag, tag)',
  0x8801: 'eigrp-route-metric (AS, delay)',
  0x8802: 'eigrp-route-metric (reliability, nexthop, bandwidth)',
  0x8803: 'eigrp-route-metric (load, MTU)',
  0x8804: 'eigrp-external-route (remote-AS, remote-ID)',
  0x8805: 'eigrp-external-route (remote-proto, remote-metric)',
  0x0009: 'source-AS',
  0x010b: 'vrf-route-import',
  0x000a: 'l2vpn-id',
  0xf10a: 'l2vpn-id',
};
const VALIDATION: Words = { 0: 'valid', 1: 'not found', 2: 'invalid' };
const TUNNELS: Words = {
  1: 'L2TPv3 over IP',
  2: 'GRE',
  3: 'Transmit Tunnel',
  4: 'IPsec',
  5: 'IP in IP with IPsec',
  6: 'MPLS in IP with IPsec',
  7: 'IP in IP',
  8: 'VXLAN',
  9: 'NVGRE',
  10: 'MPLS',
  11: 'MPLS in GRE',
  12: 'VXLAN GPE',
  13: 'MPLS in UDP',
  14: 'IPv6',
  15: 'SR TE',
  16: 'Bare',
  17: 'SR',
};
const OspfRoute = { EXTERNAL: 5, NSSA: 7 } as const;
const OSPF_ROUTES: Words = {
  1: 'Router',
  2: 'Network',
  3: 'Summary',
  5: 'External',
  7: 'NSSA External',
  129: 'MPLS-VPN Sham',
};

export function communities(p: Printer, at: number, length: number): void {
  if (length % 4 !== 0) {
    p.text('invalid len');
    return;
  }
  for (; length > 0; at += 4, length -= 4) {
    if (!p.has(at, 4)) throw OVERRUN;
    const community = p.u32(at);
    const known = WELL_KNOWN[community - WELL_KNOWN_FIRST];
    if (known !== undefined) p.text(` ${known}`);
    else p.text(`${community >>> 16}:${community & 0xffff}${length > 4 ? ', ' : ''}`);
  }
}

export function extendedCommunities(p: Printer, at: number, length: number): void {
  if (length % 8 !== 0) {
    p.text('invalid len');
    return;
  }
  for (; length > 0; at += 8, length -= 8) {
    if (!p.has(at, 2)) throw OVERRUN;
    const kind = p.u16(at);
    const word = wordOf(KINDS, kind, 'unknown extd community typecode');
    p.text(`\n\t    ${word} (0x${hex(kind, 4)}), Flags [${bitsOf(FLAGS, kind, 'none')}]`);
    if (!p.has(at, 8)) throw OVERRUN;
    p.text(': ');
    p.text(valueText(p, kind, at));
  }
}

/** The six bytes behind the kind of an extended community. */
function valueText(p: Printer, kind: number, at: number): string {
  switch (kind) {
    case 0x0002:
    case 0x0003:
    case 0x000a:
      return `${p.u16(at + 2)}:${p.u32(at + 4)} (= ${ipv4Text(p, at + 4)})`;
    case 0x0102:
    case 0x0103:
    case 0xf10a:
    case 0x010b:
      return `${ipv4Text(p, at + 2)}:${p.u16(at + 6)}`;
    case 0x0202:
    case 0x0203:
      return `${asText(p, p.u32(at + 2))}:${p.u16(at + 6)}`;
    case 0x4004:
      return `bandwidth: ${megabits(p, at + 4)}`;
    case 0x4300: {
      const reserved = p.u8(at + 2) * 0x100000000 + p.u32(at + 3);
      const wrong = reserved === 0 ? '' : `[the reserved field 0x${reserved.toString(16)} MUST be 0] `;
      return `${wrong}ovs: ${wordOf(VALIDATION, p.u8(at + 7), 'unknown origin validation state')}`;
    }
    case 0x0005:
    case 0x0105:
    case 0x0205:
    case 0x8005:
    case 0x0107:
    case 0x8001:
      return ipv4Text(p, at + 2);
    case 0x0306:
    case 0x8000:
      return ospfRoute(p, at);
    case 0x800a: {
      const encapsulation = wordOf(L2_ENCAPSULATIONS, p.u8(at + 2), 'unknown encaps');
      return `${encapsulation} Control Flags [0x${hex(p.u8(at + 3), 2)}]:MTU ${p.u16(at + 4)}`;
    }
    case 0x0009:
      return `AS ${p.u16(at + 2)}`;
    case 0x030c:
      return `Tunnel type: ${wordOf(TUNNELS, p.u16(at + 6), 'unknown encaps')}`;
    default:
      return hexBytes(p, at + 2, 6);
  }
}

function ospfRoute(p: Printer, at: number): string {
  const type = p.u8(at + 6);
  const second = (p.u8(at + 7) & 1) !== 0 ? 'E2' : '';
  const external = type === OspfRoute.EXTERNAL || type === OspfRoute.NSSA ? 'E1' : '';
  return (
    `area:${ipv4Text(p, at + 2)}, router-type:${wordOf(OSPF_ROUTES, type, 'unknown (0x%02x)')}` +
    `, metric-type:${second}${external}`
  );
}
