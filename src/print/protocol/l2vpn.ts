// What a layer-2 VPN or a pseudowire carries. Source: RFC 6624 and 4446, IANA's registries.

import { counted } from '../inline.js';
import type { Words } from '../printer.js';

/** By BGP's numbers. */
export const L2_ENCAPSULATIONS: Words = {
  ...counted(
    0,
    'Reserved|Frame Relay|ATM AAL5 SDU VCC transport|ATM transparent cell transport|Ethernet (VLAN) Tagged Mode|' +
      'Ethernet Raw Mode|Cisco HDLC|PPP|SONET/SDH Circuit Emulation Service over MPLS|' +
      'ATM n-to-one VCC cell transport|ATM n-to-one VPC cell transport|IP layer 2 transport',
  ),
  15: 'Frame Relay Port mode',
  17: 'Structure-agnostic E1 over packet',
  18: 'Structure-agnostic T1 (DS1) over packet',
  19: 'VPLS',
  20: 'Structure-agnostic T3 (DS3) over packet',
  21: 'Nx64kbit/s Basic Service using Structure-aware',
  25: 'Frame Relay DLCI',
  ...counted(
    40,
    'Structure-agnostic E3 over packet|Octet-aligned playload for Structure-agnostic DS1 circuits|' +
      'E1 Nx64kbit/s with CAS using Structure-aware|DS1 (ESF) Nx64kbit/s with CAS using Structure-aware|' +
      'DS1 (SF) Nx64kbit/s with CAS using Structure-aware',
  ),
};

/** By MPLS' numbers. */
export const PSEUDOWIRES: Words = {
  ...counted(
    0,
    'Reserved|Frame Relay DLCI (Martini Mode)|ATM AAL5 SDU VCC transport|ATM transparent cell transport|' +
      'Ethernet VLAN|Ethernet|Cisco-HDLC|PPP|SONET/SDH Circuit Emulation Service over MPLS|' +
      'ATM n-to-one VCC cell transport|ATM n-to-one VPC cell transport|IP Layer2 Transport|' +
      'ATM one-to-one VCC Cell Mode|ATM one-to-one VPC Cell Mode|ATM AAL5 PDU VCC transport|Frame-Relay Port mode|' +
      'SONET/SDH Circuit Emulation over Packet|Structure-agnostic E1 over Packet|' +
      'Structure-agnostic T1 (DS1) over Packet|Structure-agnostic E3 over Packet|' +
      'Structure-agnostic T3 (DS3) over Packet|CESoPSN basic mode|TDMoIP basic mode|CESoPSN TDM with CAS|' +
      'TDMoIP TDM with CAS|Frame Relay DLCI',
  ),
  64: 'IP-interworking',
};
