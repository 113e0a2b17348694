// LLDP's TLVs of IEEE 802.1 (VLANs, data center bridging, edge virtual bridging) and 802.3 (clause 79).

import { bitsOf, hex, wordOf } from '../../inline.js';
import type { Printer } from '../../printer.js';
import {
  AUTONEGOTIATION,
  EVB_MODES,
  IEEE_8021_SUBTYPES,
  IEEE_8023_SUBTYPES,
  MAU_TYPES,
  POWER,
  POWER_CLASSES,
  POWER_PAIRS,
  PROTOCOL_VLAN_FLAGS,
  SUPPORTED_ENABLED,
} from './numbers.js';

const Subtype8021 = {
  PORT_VLAN: 1,
  PROTOCOL_VLAN: 2,
  VLAN_NAME: 3,
  PROTOCOL: 4,
  AGGREGATION: 7,
  CONGESTION: 8,
  ETS: 9,
  ETS_RECOMMENDATION: 10,
  FLOW_CONTROL: 11,
  APPLICATION: 12,
  EVB: 13,
  CDCP: 14,
} as const;
/** Bytes a subtype has at least; a TLV with fewer shows its subtype only. */
const LEAST_8021: { readonly [subtype: number]: number } = {
  1: 6,
  2: 7,
  3: 6,
  4: 5,
  7: 9,
  8: 6,
  9: 25,
  10: 25,
  11: 6,
  12: 5,
  13: 9,
  14: 8,
};
const Subtype8023 = { MAC_PHY: 1, POWER: 2, AGGREGATION: 3, FRAME_SIZE: 4 } as const;
const LEAST_8023: { readonly [subtype: number]: number } = { 1: 9, 2: 7, 3: 9, 4: 6 };
const EIGHT = [0, 1, 2, 3, 4, 5, 6, 7] as const;

/**
 * A TLV of IEEE 802.1; `at` is that of its identifier of three bytes.
 * @returns false when its subtype is unknown
 */
export function print8021(p: Printer, at: number, size: number): boolean {
  if (size < 4) return true;
  const subtype = p.u8(at + 3);
  p.text(`\n\t  ${wordOf(IEEE_8021_SUBTYPES, subtype, 'unknown')} Subtype (${subtype})`);
  const least = LEAST_8021[subtype];
  if (least === undefined) return false;
  if (size < least) return true;
  const first = p.u8(at + 4);
  switch (subtype) {
    case Subtype8021.PORT_VLAN:
      p.text(`\n\t    port vlan id (PVID): ${p.u16(at + 4)}`);
      break;
    case Subtype8021.PROTOCOL_VLAN:
      p.text(`\n\t    port and protocol vlan id (PPVID): ${p.u16(at + 5)}`);
      p.text(`, flags [${bitsOf(PROTOCOL_VLAN_FLAGS, first, 'none')}] (0x${hex(first, 2)})`);
      break;
    case Subtype8021.VLAN_NAME:
      p.text(`\n\t    vlan id (VID): ${p.u16(at + 4)}`);
      if (size > 6) name(p, '\n\t    vlan name: ', at + 6, size - 6);
      break;
    case Subtype8021.PROTOCOL:
      name(p, '\n\t    protocol identity: ', at + 4, size - 4);
      break;
    case Subtype8021.AGGREGATION:
      aggregation(p, at + 4);
      break;
    case Subtype8021.CONGESTION:
      p.text(`\n\t    Pre-Priority CNPV Indicator${priorityBits(first)}`);
      p.text(`\n\t    Pre-Priority Ready Indicator${priorityBits(p.u8(at + 5))}`);
      break;
    case Subtype8021.ETS:
      p.text(
        `\n\t    Willing:${first >> 7}, CBS:${(first >> 6) & 2}, RES:${(first >> 3) & 7}, Max TCs:${first & 7}`,
      );
      transmission(p, at + 5);
      break;
    case Subtype8021.ETS_RECOMMENDATION:
      p.text(`\n\t    RES: ${first}`);
      transmission(p, at + 5);
      break;
    case Subtype8021.FLOW_CONTROL:
      p.text(`\n\t    Willing: ${first >> 7}, MBC: ${(first >> 6) & 1}, RES: ${(first >> 4) & 3}`);
      p.text(`, PFC cap:${first & 15} \n\t    PFC Enable${priorityBits(p.u8(at + 5))}`);
      break;
    case Subtype8021.APPLICATION:
      p.text(`\n\t    RES: ${first}`);
      applications(p, at + 5, size - 5);
      break;
    case Subtype8021.EVB:
      virtualBridging(p, at + 4);
      break;
    case Subtype8021.CDCP:
      channels(p, at + 4, size - 4);
  }
  return true;
}

/** A text with its length before it, when all of it is there. */
function name(p: Printer, label: string, at: number, size: number): void {
  const length = p.u8(at);
  if (length > size - 1) return;
  p.text(label);
  p.safeUntilNul(at + 1, length);
}

function aggregation(p: Printer, at: number): void {
  const status = bitsOf(SUPPORTED_ENABLED, p.u8(at), 'none');
  p.text(`\n\t    aggregation status [${status}], aggregation port ID ${p.u32(at + 1)}`);
}

/** A bit for each priority, the lowest bit first. */
function priorityBits(bits: number): string {
  const values = EIGHT.map((i) => `${(bits >> i) & 1}  `).join('');
  return `\n\t     Priority : 0  1  2  3  4  5  6  7\n\t     Value    : ${values}`;
}

function columns(values: readonly number[]): string {
  return values.map((value) => String(value).padEnd(3)).join(' ');
}

/** Enhanced transmission selection: classes of the priorities, shares and algorithms of the classes. */
function transmission(p: Printer, at: number): void {
  const classes = EIGHT.map((i) => (p.u8(at + (i >> 1)) >> (i % 2 === 0 ? 4 : 0)) & 15);
  const header = columns(EIGHT).trimEnd();
  p.text(
    `\n\t    Priority Assignment Table\n\t     Priority : ${header}\n\t     Value    : ${columns(classes)}`,
  );
  const shares = EIGHT.map((i) => p.u8(at + 4 + i));
  p.text(`\n\t    TC Bandwidth Table\n\t     TC%   : ${header}\n\t     Value : ${columns(shares)}`);
  const algorithms = EIGHT.map((i) => p.u8(at + 12 + i));
  p.text('\n\t    TSA Assignment Table');
  p.text(`\n\t     Traffic Class: ${header}\n\t     Value        : ${columns(algorithms)}`);
}

function applications(p: Printer, at: number, size: number): void {
  if (size === 0 || size % 3 !== 0) return;
  p.text('\n\t    Application Priority Table');
  for (const end = at + size; at < end; at += 3) {
    const field = p.u8(at);
    p.text(`\n\t      Priority: ${field >> 5}, RES: ${(field >> 3) & 3}, Sel: ${field & 7}`);
    p.text(`, Protocol ID: ${p.u16(at + 1)}`);
  }
}

function virtualBridging(p: Printer, at: number): void {
  const bridge = p.u8(at);
  p.text(`\n\t    EVB Bridge Status\n\t      RES: ${bridge >> 3}, BGID: ${(bridge >> 2) & 1}`);
  p.text(`, RRCAP: ${(bridge >> 1) & 1}, RRCTR: ${bridge & 1}`);
  const station = p.u8(at + 1);
  p.text(`\n\t    EVB Station Status\n\t      RES: ${station >> 4}, SGID: ${(station >> 3) & 1}`);
  p.text(`, RRREQ: ${(station >> 2) & 1},RRSTAT: ${station & 3}`);
  const retry = p.u8(at + 2);
  const mode = p.u8(at + 3);
  p.text(`\n\t    R: ${retry >> 5}, RTE: ${retry & 31}, EVB Mode: ${EVB_MODES[mode >> 6]} [${mode >> 6}]`);
  p.text(`\n\t    ROL: ${(mode >> 5) & 1}, RWD: ${mode & 31}, `);
  const keep = p.u8(at + 4);
  p.text(`RES: ${keep >> 6}, ROL: ${(keep >> 5) & 1}, RKA: ${keep & 31}`);
}

/** S-channel discovery and configuration. */
function channels(p: Printer, at: number, size: number): void {
  const field = p.u8(at);
  p.text(`\n\t    Role: ${field >> 7}, RES: ${(field >> 4) & 7}, Scomp: ${(field >> 3) & 1} `);
  p.text(`ChnCap: ${p.u16(at + 2) & 0xfff}`);
  if ((size - 4) % 3 !== 0) return;
  for (let pair = at + 4; pair < at + size; pair += 3) {
    const channel = p.u24(pair);
    p.text(`
	    SCID: ${channel >> 12}, SVID: ${channel & 0xfff}`);
  }
}

/**
 * A TLV of IEEE 802.3; `at` is that of its identifier of three bytes.
 * @returns false when its subtype is unknown
 */
export function print8023(p: Printer, at: number, size: number): boolean {
  if (size < 4) return true;
  const subtype = p.u8(at + 3);
  p.text(`\n\t  ${wordOf(IEEE_8023_SUBTYPES, subtype, 'unknown')} Subtype (${subtype})`);
  const least = LEAST_8023[subtype];
  if (least === undefined) return false;
  if (size < least) return true;
  const first = p.u8(at + 4);
  switch (subtype) {
    case Subtype8023.MAC_PHY: {
      p.text(`\n\t    autonegotiation [${bitsOf(SUPPORTED_ENABLED, first, 'none')}] (0x${hex(first, 2)})`);
      const able = p.u16(at + 5);
      p.text(
        `\n\t    PMD autoneg capability [${bitsOf(AUTONEGOTIATION, able, 'unknown')}] (0x${hex(able, 4)})`,
      );
      const type = p.u16(at + 7);
      p.text(`\n\t    MAU type ${wordOf(MAU_TYPES, type, 'unknown')} (0x${hex(type, 4)})`);
      break;
    }
    case Subtype8023.POWER:
      p.text(`\n\t    MDI power support [${bitsOf(POWER, first, 'none')}]`);
      p.text(`, power pair ${wordOf(POWER_PAIRS, p.u8(at + 5), 'unknown')}`);
      p.text(`, power class ${wordOf(POWER_CLASSES, p.u8(at + 6), 'unknown')}`);
      break;
    case Subtype8023.AGGREGATION:
      aggregation(p, at + 4);
      break;
    case Subtype8023.FRAME_SIZE:
      p.text(`\n\t    MTU size ${p.u16(at + 4)}`);
  }
  return true;
}
