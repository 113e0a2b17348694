// Cisco's VLAN Trunking Protocol, versions 1 to 3. Source: Cisco, Understanding VLAN Trunk Protocol.

import { printUnknownData } from '../hexdump.js';
import { below, counted, hex, hexBytes, ipv4Text, wordOf } from '../inline.js';
import type { Printer } from '../printer.js';

const HEADER = 36;
const Field = { VERSION: 0, TYPE: 1, THIRD: 2, DOMAIN_LENGTH: 3, DOMAIN: 4 } as const;
const DOMAIN_SIZE = 32;
const LAST_VERSION = 3;
const Type = { SUMMARY: 1, SUBSET: 2, REQUEST: 3 } as const;
const TYPES = counted(1, 'Summary advertisement|Subset advertisement|Advertisement request|Join message');
/** What the third byte of each type is. */
const THIRDS = counted(1, 'Followers|Seq number|Rsvd|Rsvd');

/** The fixed part of a VLAN's information. */
const VLAN = 12;
const VlanField = { LENGTH: 0, STATUS: 1, TYPE: 2, NAME_LENGTH: 3, ID: 4, MTU: 6, INDEX: 8 } as const;
const VLAN_TYPES = counted(1, 'Ethernet|FDDI|TrCRF|FDDI-net|TrBRF');
const VLAN_STATES = counted(0, 'Operational|Suspended');
const Tlv = { STP_TYPE: 3, PRUNING: 6, BRIDGE_TYPE: 7, HOP_COUNT: 9, BACKUP: 10 } as const;
const TLVS = counted(
  1,
  'Source-Routing Ring Number TLV|Source-Routing Bridge Number TLV|STP type TLV|Parent VLAN TLV|' +
    'Translationally bridged VLANs TLV|Pruning TLV|Bridge Type TLV|Max ARP Hop Count TLV|' +
    'Max STE Hop Count TLV|Backup CRF Mode TLV',
);
const STP_TYPES = counted(1, 'SRT|SRB|Auto');
/** Values that are one or else another. */
const CHOICES: Readonly<Record<number, readonly [one: string, other: string]>> = {
  [Tlv.PRUNING]: ['Enabled', 'Disabled'],
  [Tlv.BRIDGE_TYPE]: ['SRB', 'SRT'],
  [Tlv.BACKUP]: ['Backup', 'Not backup'],
};

/** A VTP message. A wrong one has to be captured whole. */
export function printVtp(p: Printer, offset: number, length: number): void {
  p.protocol = 'vtp';
  p.protocolCaps();
  if (message(p, offset, length)) return;
  p.invalid();
  p.need(offset, length);
}

/** @returns false when it is wrong */
function message(p: Printer, offset: number, length: number): boolean {
  if (below(p, 'length', length, HEADER)) return false;
  p.need(offset, HEADER);
  const version = p.u8(offset + Field.VERSION);
  if (below(p, 'version', version, 1)) return false;
  if (version > LAST_VERSION) {
    p.text(` [version ${version} > ${LAST_VERSION}]`);
    return false;
  }
  const type = p.u8(offset + Field.TYPE);
  p.text(
    `v${version}, Message ${wordOf(TYPES, type, 'Unknown message type')} (0x${hex(type, 2)}), length ${length}`,
  );
  if (p.options.verbose === 0) {
    p.need(offset, length);
    return true;
  }
  p.text('\n\tDomain name: ');
  const domain = p.u8(offset + Field.DOMAIN_LENGTH);
  if (domain < 1 || domain > DOMAIN_SIZE) {
    p.text(` [MgmtD Len ${domain}]`);
    return false;
  }
  p.safeUntilNul(offset + Field.DOMAIN, domain);
  p.text(`, ${wordOf(THIRDS, type, 'Unknown')}: ${p.u8(offset + Field.THIRD)}`);
  const body = offset + HEADER;
  if (type === Type.SUMMARY) summary(p, body);
  else if (type === Type.REQUEST) p.text(`\n\tStart value: ${p.u32(body)}`);
  else if (type === Type.SUBSET) {
    p.text(`, Config Rev ${hex(p.u32(body))}`);
    return vlans(p, body + 4, offset + length);
  }
  return true;
}

function summary(p: Printer, at: number): void {
  p.need(at, 8);
  p.text(`\n\t  Config Rev ${hex(p.u32(at))}, Updater ${ipv4Text(p, at + 4)}`);
  p.need(at + 8, 12);
  p.text(`, Timestamp 0x${hexBytes(p, at + 8, 4)} 0x${hexBytes(p, at + 12, 4)} 0x${hexBytes(p, at + 16, 4)}`);
  p.text(`, MD5 digest: ${hexBytes(p, at + 20, 16)}`);
}

function vlans(p: Printer, at: number, end: number): boolean {
  while (at < end) {
    const size = p.u8(at + VlanField.LENGTH);
    if (size === 0) break;
    p.need(at, size);
    if (size < VLAN) return false;
    p.text(
      `\n\tVLAN info status ${wordOf(VLAN_STATES, p.u8(at + VlanField.STATUS), 'Unknown')}` +
        `, type ${wordOf(VLAN_TYPES, p.u8(at + VlanField.TYPE), 'Unknown')}` +
        `, VLAN-id ${p.u16(at + VlanField.ID)}, MTU ${p.u16(at + VlanField.MTU)}` +
        `, SAID 0x${hex(p.u32(at + VlanField.INDEX), 8)}, Name `,
    );
    const name = p.u8(at + VlanField.NAME_LENGTH);
    // Names fill words.
    const fixed = VLAN + ((name + 3) & ~3);
    if (size < fixed) return false;
    p.safeUntilNul(at + VLAN, name);
    if (!tlvs(p, at + fixed, at + size)) return false;
    at += size;
  }
  return true;
}

function tlvs(p: Printer, at: number, end: number): boolean {
  while (at < end) {
    if (end - at < 2) return false;
    const type = p.u8(at);
    const words = p.u8(at + 1);
    const size = 2 + words * 2;
    p.text(`\n\t\t${wordOf(TLVS, type, 'Unknown')} (0x${hex(type, 4)}) TLV`);
    if (end - at < size) {
      p.text(' (TLV goes past the end of the packet)');
      return false;
    }
    if (words !== 1) {
      p.text(` [TLV length ${words} != 1]`);
      return false;
    }
    printTlv(p, type, at, size);
    at += size;
  }
  return true;
}

function printTlv(p: Printer, type: number, at: number, size: number): void {
  const value = p.u16(at + 2);
  const choice = CHOICES[type];
  if (type === Tlv.HOP_COUNT) p.text(`, ${value}`);
  else if (type === Tlv.STP_TYPE) p.text(`, ${wordOf(STP_TYPES, value, 'Unknown')} (${value})`);
  else if (choice !== undefined) p.text(`, ${value === 1 ? choice[0] : choice[1]} (${value})`);
  else printUnknownData(p, '\n\t\t  ', at, size);
}
