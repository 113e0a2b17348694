// Link Layer Discovery Protocol: the TLVs of IEEE 802.1AB; those of organizations are in files of their own.

import { printUnknownData } from '../../hexdump.js';
import { bitsOf, hex, ipv4Text, ipv6Text, macText, wordOf } from '../../inline.js';
import type { Printer, Words } from '../../printer.js';
import { ADDRESS_FAMILIES, AddressFamily } from '../../tables/addressfamilies.js';
import { OUI_NAMES } from '../../tables/oui.js';
import { printDcbx } from './dcbx.js';
import { print8021, print8023 } from './ieee.js';
import { printMed } from './med.js';
import { CAPABILITIES, CHASSIS_IDS, INTERFACE_NUMBERINGS, PORT_IDS, TLVS } from './numbers.js';

const Type = {
  END: 0,
  CHASSIS: 1,
  PORT: 2,
  TTL: 3,
  PORT_DESCRIPTION: 4,
  SYSTEM_NAME: 5,
  SYSTEM_DESCRIPTION: 6,
  CAPABILITIES: 7,
  MANAGEMENT: 8,
  ORGANIZATION: 127,
} as const;
const Organization = {
  IANA: 0x00005e,
  IEEE_8021: 0x0080c2,
  IEEE_8023: 0x00120f,
  TIA: 0x0012bb,
  DCBX: 0x001b21,
};
const MUD_URL = 1;

/** Which subtypes of an identifier are Ethernet addresses, network addresses and texts. */
interface Identifier {
  readonly words: Words;
  readonly ethernet: number;
  readonly network: number;
}
const CHASSIS: Identifier = { words: CHASSIS_IDS, ethernet: 4, network: 5 };
const PORT: Identifier = { words: PORT_IDS, ethernet: 3, network: 4 };

/** What a TLV's printer found: nothing more to say, bytes to dump, or a TLV that is too short for its type. */
const Rest = { NONE: 0, UNKNOWN: 1, CUT: 2 } as const;
type Rest = (typeof Rest)[keyof typeof Rest];

export function printLldp(p: Printer, offset: number, length: number): void {
  p.protocol = 'lldp';
  const { verbose } = p.options;
  p.text(`LLDP, length ${length}`);
  const end = offset + length;
  let at = offset;
  while (end - at >= 2) {
    const head = p.u16(at);
    const type = head >> 9;
    const size = head & 0x1ff;
    at += 2;
    if (verbose > 0) p.text(`\n\t${wordOf(TLVS, type, 'Unknown')} TLV (${type}), length ${size}`);
    if (type === Type.END || size === 0) return;
    const rest = p.has(at, size) && size <= end - at ? tlv(p, type, at, size) : Rest.CUT;
    if (rest === Rest.CUT) {
      p.truncated();
      return;
    }
    if (verbose > 1 || (verbose > 0 && rest === Rest.UNKNOWN)) printUnknownData(p, '\n\t  ', at, size);
    at += size;
  }
}

function tlv(p: Printer, type: number, at: number, size: number): Rest {
  if (type === Type.SYSTEM_NAME) {
    p.text(': ');
    p.safeUntilNul(at, size);
    return Rest.NONE;
  }
  if (p.options.verbose === 0) return Rest.NONE;
  switch (type) {
    case Type.CHASSIS:
      return identifier(p, CHASSIS, at, size);
    case Type.PORT:
      return identifier(p, PORT, at, size);
    case Type.TTL:
      if (size < 2) return Rest.CUT;
      p.text(`: TTL ${p.u16(at)}s`);
      return Rest.NONE;
    case Type.PORT_DESCRIPTION:
      p.text(': ');
      p.safeUntilNul(at, size);
      return Rest.NONE;
    case Type.SYSTEM_DESCRIPTION:
      p.text('\n\t  ');
      p.safeUntilNul(at, size);
      return Rest.NONE;
    case Type.CAPABILITIES:
      if (size < 4) return Rest.CUT;
      p.text(`\n\t  System  Capabilities ${capabilities(p.u16(at))}`);
      p.text(`\n\t  Enabled Capabilities ${capabilities(p.u16(at + 2))}`);
      return Rest.NONE;
    case Type.MANAGEMENT:
      return management(p, at, size) ? Rest.NONE : Rest.CUT;
    case Type.ORGANIZATION:
      return size < 3 ? Rest.CUT : organization(p, at, size);
    default:
      return Rest.UNKNOWN;
  }
}

function capabilities(flags: number): string {
  return `[${bitsOf(CAPABILITIES, flags, 'none')}] (0x${hex(flags, 4)})`;
}

function identifier(p: Printer, kind: Identifier, at: number, size: number): Rest {
  if (size < 2) return Rest.CUT;
  const subtype = p.u8(at);
  p.text(`\n\t  Subtype ${wordOf(kind.words, subtype, 'Unknown')} (${subtype}): `);
  if (subtype === kind.ethernet) {
    if (size < 7) return Rest.CUT;
    p.mac(at + 1);
  } else if (subtype === kind.network) {
    const address = networkAddress(p, at + 1, size - 1);
    if (address === null) return Rest.CUT;
    p.text(address);
  } else if (kind.words[subtype] !== undefined) {
    p.safeUntilNul(at + 1, size - 1);
  } else return Rest.UNKNOWN;
  return Rest.NONE;
}

/** @returns null when it is too short for its family */
function networkAddress(p: Printer, at: number, size: number): string | null {
  if (size < 1) return null;
  const family = p.u8(at);
  const name = `AFI ${wordOf(ADDRESS_FAMILIES, family, 'Unknown')} (${family})`;
  switch (family) {
    case AddressFamily.IP:
      return size < 5 ? null : `${name}: ${ipv4Text(p, at + 1)}`;
    case AddressFamily.IP6:
      return size < 17 ? null : `${name}: ${ipv6Text(p, at + 1)}`;
    case AddressFamily.IEEE_802:
      return size < 7 ? null : `${name}: ${macText(p, at + 1)}`;
    default:
      return `${name}, no AF printer !`;
  }
}

/** @returns false when it is cut short */
function management(p: Printer, at: number, size: number): boolean {
  const end = at + size;
  const length = p.u8(at++);
  if (length > end - at) return false;
  const address = networkAddress(p, at, length);
  if (address === null) return false;
  p.text(`\n\t  Management Address length ${length}, ${address}`);
  at += length;
  if (end - at < 5) return false;
  const numbering = p.u8(at);
  p.text(`\n\t  ${wordOf(INTERFACE_NUMBERINGS, numbering, 'Unknown')} Interface Numbering (${numbering})`);
  p.text(`: ${p.u32(at + 1)}`);
  at += 5;
  if (at === end) return true;
  const identifierLength = p.u8(at++);
  if (identifierLength > end - at) return false;
  if (identifierLength > 0) {
    p.text(`\n\t  OID length ${identifierLength}`);
    p.safeUntilNul(at, identifierLength);
  }
  return true;
}

function organization(p: Printer, at: number, size: number): Rest {
  const oui = p.u24(at);
  p.text(`: OUI ${wordOf(OUI_NAMES, oui, 'Unknown')} (0x${hex(oui, 6)})`);
  return organizationPrinter(oui)(p, at, size) ? Rest.NONE : Rest.UNKNOWN;
}

/** @returns what prints an organization's TLVs, false when it does not know the subtype */
function organizationPrinter(oui: number): (p: Printer, at: number, size: number) => boolean {
  switch (oui) {
    case Organization.IEEE_8021:
      return print8021;
    case Organization.IEEE_8023:
      return print8023;
    case Organization.TIA:
      return printMed;
    case Organization.DCBX:
      return printDcbx;
    case Organization.IANA:
      return printIana;
    default:
      return () => false;
  }
}

/** The one TLV of IANA: where a device's Manufacturer Usage Description is (RFC 8520). */
function printIana(p: Printer, at: number, size: number): boolean {
  if (size < 8) return true;
  const subtype = p.u8(at + 3);
  p.text(`\n\t  ${subtype === MUD_URL ? 'MUD-URL' : 'unknown'} Subtype (${subtype})`);
  if (subtype !== MUD_URL) return false;
  p.text('\n\t  MUD-URL=');
  p.safeBytes(at + 4, size - 4);
  return true;
}
