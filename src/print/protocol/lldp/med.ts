// LLDP's TLVs for media endpoint devices. Source: ANSI/TIA-1057; RFC 3825 and 4776 for locations.

import { printUnknownData } from '../../hexdump.js';
import { bitsOf, fixed, hex, wordOf } from '../../inline.js';
import type { Printer } from '../../printer.js';
import {
  ALTITUDES,
  APPLICATIONS,
  CIVIC_LOCATIONS,
  CIVIC_TYPES,
  DATUMS,
  INVENTORY,
  LOCATION_FORMATS,
  MED_CAPABILITIES,
  MED_DEVICES,
  MED_SUBTYPES,
  POLICY_FLAGS,
  POWER_PRIORITIES,
  POWER_SOURCES,
} from './numbers.js';

const Subtype = { CAPABILITIES: 1, POLICY: 2, LOCATION: 3, POWER: 4 } as const;
/** Bytes a subtype has at least; a TLV with fewer shows its subtype only. */
const LEAST: { readonly [subtype: number]: number } = { 1: 7, 2: 8, 3: 5, 4: 7 };
const Format = { COORDINATES: 1, CIVIC: 2, EMERGENCY_NUMBER: 3 } as const;
const COORDINATES = 21;
/** Power is told in tenths of a watt up to here; more is reserved. */
const MOST_POWER = 1023;

/**
 * A TLV of TIA; `at` is that of its identifier of three bytes.
 * @returns false when its subtype is unknown
 */
export function printMed(p: Printer, at: number, size: number): boolean {
  if (size < 4) return true;
  const subtype = p.u8(at + 3);
  p.text(`\n\t  ${wordOf(MED_SUBTYPES, subtype, 'unknown')} Subtype (${subtype})`);
  const inventory = INVENTORY[subtype];
  if (inventory !== undefined) {
    p.text(`\n\t  ${inventory} `);
    p.safeUntilNul(at + 4, size - 4);
    return true;
  }
  const least = LEAST[subtype];
  if (least === undefined) return false;
  if (size < least) return true;
  if (subtype === Subtype.CAPABILITIES) capabilities(p, at + 4);
  else if (subtype === Subtype.POLICY) policy(p, at + 4);
  else if (subtype === Subtype.LOCATION) location(p, at, size);
  else power(p, at + 4);
  return true;
}

function capabilities(p: Printer, at: number): void {
  const flags = p.u16(at);
  p.text(`\n\t    Media capabilities [${bitsOf(MED_CAPABILITIES, flags, 'none')}] (0x${hex(flags, 4)})`);
  const device = p.u8(at + 2);
  p.text(`\n\t    Device type [${wordOf(MED_DEVICES, device, 'unknown')}] (0x${hex(device, 2)})`);
}

function policy(p: Printer, at: number): void {
  const application = p.u8(at);
  p.text(
    `\n\t    Application type [${wordOf(APPLICATIONS, application, 'none')}] (0x${hex(application, 2)})`,
  );
  p.text(`, Flags [${bitsOf(POLICY_FLAGS, p.u8(at + 1), 'none')}]`);
  const marks = p.u16(at + 2);
  p.text(`\n\t    Vlan id ${(p.u16(at + 1) >> 1) & 0xfff}`);
  p.text(`, L2 priority ${(marks >> 6) & 7}, DSCP value ${marks & 63}`);
}

/** `at` is that of the TLV: its formats count from there. */
function location(p: Printer, at: number, size: number): void {
  const format = p.u8(at + 4);
  p.text(`\n\t    Location data format ${wordOf(LOCATION_FORMATS, format, 'unknown')} (0x${hex(format, 2)})`);
  switch (format) {
    case Format.COORDINATES:
      if (size >= COORDINATES) coordinates(p, at + 5);
      break;
    case Format.CIVIC:
      if (size >= 6) civic(p, at + 5, size - 5);
      break;
    case Format.EMERGENCY_NUMBER:
      p.text('\n\t    ECS ELIN id ');
      p.safeUntilNul(at + 5, size - 5);
      break;
    default:
      p.text('\n\t    Location ID ');
      printUnknownData(p, '\n\t      ', at + 5, size - 5);
  }
}

/** The resolution and the lower 34 bits of a latitude or longitude. */
function angle(p: Printer, name: string, at: number): void {
  const value = (p.u8(at) & 3) * 0x100000000 + p.u32(at + 1);
  p.text(`\n\t    ${name} resolution ${p.u8(at) >> 2}, ${name.toLowerCase()} value ${value}`);
}

function coordinates(p: Printer, at: number): void {
  angle(p, 'Latitude', at);
  angle(p, 'Longitude', at + 5);
  const altitude = p.u8(at + 10) >> 4;
  p.text(`\n\t    Altitude type ${wordOf(ALTITUDES, altitude, 'unknown')} (${altitude})`);
  p.text(`\n\t    Altitude resolution ${(p.u16(at + 10) >> 6) & 63}`);
  p.text(`, altitude value 0x${hex(p.u32(at + 11) & 0x3fffffff)}`);
  const datum = p.u8(at + 15);
  p.text(`\n\t    Datum ${wordOf(DATUMS, datum, 'unknown')} (0x${hex(datum, 2)})`);
}

/** A civic address: its length, whose location, the country, then elements of type, length and text. */
function civic(p: Printer, at: number, size: number): void {
  const length = p.u8(at);
  if (length < 3 || size < 2 + length) return;
  const what = p.u8(at + 1);
  p.text(
    `\n\t    LCI length ${length}, LCI what ${wordOf(CIVIC_LOCATIONS, what, 'unknown')} (0x${hex(what, 2)})`,
  );
  p.text(', Country-code ');
  p.safeUntilNul(at + 2, 2);
  let left = length - 3;
  at += 4;
  while (left >= 2) {
    const type = p.u8(at);
    const used = p.u8(at + 1);
    at += 2;
    left -= 2;
    p.text(`\n\t      CA type '${wordOf(CIVIC_TYPES, type, 'unknown')}' (${type}), length ${used}: `);
    if (type === 0 || used === 0 || used > left) return;
    p.safeUntilNul(at, used);
    at += used;
    left -= used;
  }
}

function power(p: Printer, at: number): void {
  const kind = p.u8(at);
  p.text(`\n\t    Power type [${(kind & 3) !== 0 ? 'PD' : 'PSE'} device]`);
  p.text(`, Power source [${wordOf(POWER_SOURCES, (kind >> 4) & 3, 'none')}]`);
  const priority = kind & 15;
  p.text(`\n\t    Power priority [${wordOf(POWER_PRIORITIES, priority, 'none')}] (0x${hex(priority, 2)})`);
  const value = p.u16(at + 1);
  p.text(value > MOST_POWER ? `, Power ${value} (Reserved)` : `, Power ${fixed(value / 10, 1)} Watts`);
}
