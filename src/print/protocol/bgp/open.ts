// Open messages and their capabilities. Source: RFC 4271 (4.2), 5492, 9072 (long parameters), 4760, 4724 (graceful
// restart), 6793 (AS numbers of four bytes), 7911 (several paths), 8205 (BGPsec), 8277 (several labels), 9234 (roles).

import { OVERRUN } from '../../endings.js';
import { printUnknownData } from '../../hexdump.js';
import { bitsOf, ipv4Text, wordOf } from '../../inline.js';
import type { Bits, Printer, Words } from '../../printer.js';
import { ADDRESS_FAMILIES } from '../../tables/addressfamilies.js';
import { familyText } from './numbers.js';
import { asText } from './prefix.js';

const Field = { VERSION: 19, AS: 20, HOLD_TIME: 22, ID: 24, LENGTH: 28, TYPE: 29, LONG_LENGTH: 30 } as const;
const OPEN = 29;
/** The type of a first parameter that says that lengths have two bytes. */
const LONG = 255;
const CAPABILITIES_PARAMETER = 2;
const PARAMETERS: Words = { 1: 'Authentication Information', 2: 'Capabilities Advertisement' };

const CAPABILITIES: Words = {
  1: 'Multiprotocol Extensions',
  2: 'Route Refresh',
  3: 'Cooperative Route Filtering',
  4: 'Multiple Routes to a Destination',
  5: 'Extended Next Hop Encoding',
  6: 'BGP Extended Message',
  7: 'BGPsec',
  8: 'Multiple Labels',
  9: 'Role Capability',
  64: 'Graceful Restart',
  65: '32-Bit AS Number',
  67: 'Dynamic Capability',
  68: 'Multisession BGP',
  69: 'Multiple Paths',
  70: 'Enhanced Route Refresh',
  71: 'Long-lived Graceful Restart',
  128: 'Route Refresh (Cisco)',
};
const RESTART_FLAGS: Bits = [
  [0x8, 'R'],
  [0x4, 'N'],
];
const ROLES: Words = { 0: 'Provider', 1: 'RS', 2: 'RS-Client', 3: 'Customer', 4: 'Peer' };
const DIRECTIONS: Words = { 1: 'Receive', 2: 'Send', 3: 'Both' };
/** Address families taken for bits, in the order of the numbers but for the two last. */
const FAMILY_BITS: Bits = [...Array.from({ length: 15 }, (_, i) => i + 1), 196, 25].map((afi) => [
  afi,
  ADDRESS_FAMILIES[afi]!,
]);

/** An open message; OVERRUN is thrown where it ends too early. */
export function openMessage(p: Printer, at: number, length: number): void {
  if (!p.has(at, OPEN) || length < OPEN) throw OVERRUN;
  p.text(`\n\t  Version ${p.u8(at + Field.VERSION)}, my AS ${asText(p, p.u16(at + Field.AS))}, `);
  p.text(`Holdtime ${p.u16(at + Field.HOLD_TIME)}s, ID ${ipv4Text(p, at + Field.ID)}`);
  let size = p.u8(at + Field.LENGTH);
  // What is at the first parameter's place is looked at even when there is none.
  const long = p.u8(at + Field.TYPE) === LONG;
  if (long) size = p.u16(at + Field.LONG_LENGTH);
  p.text(`\n\t  Optional parameters${long ? ' (Extended)' : ''}, length: ${size}`);
  const header = long ? 3 : 2;
  const start = OPEN + (long ? 3 : 0);
  // A message that ends within the long form's head has no end.
  const end = length < start ? Number.POSITIVE_INFINITY : length - start;
  for (let i = 0; i < size; ) {
    const parameter = at + start + i;
    if (!p.has(parameter, header) || end < header + i) throw OVERRUN;
    const type = p.u8(parameter);
    const count = long ? p.u16(parameter + 1) : p.u8(parameter + 1);
    if (header + i + count > size) {
      p.text(`\n\t     Option ${type}, length: ${count}, goes past the end of the options`);
      return;
    }
    p.text(`\n\t    Option ${wordOf(PARAMETERS, type, 'Unknown')} (${type}), length: ${count}`);
    if (type !== CAPABILITIES_PARAMETER) p.text(`\n\t      no decoder for option ${type}`);
    else capabilities(p, parameter + header, count);
    i += header + count;
  }
}

function capabilities(p: Printer, at: number, length: number): void {
  for (const end = at + length; at < end; ) {
    if (!p.has(at, 2)) {
      p.truncated();
      return;
    }
    const type = p.u8(at);
    const size = p.u8(at + 1);
    p.text(`\n\t      ${wordOf(CAPABILITIES, type, 'Unknown')} (${type}), length: ${size}`);
    if (!p.has(at + 2, size)) {
      p.truncated();
      return;
    }
    if (!capability(p, type, at + 2, size)) return;
    if (p.options.verbose > 1 && size !== 0) printUnknownData(p, '\n\t\t', at + 2, size);
    at += 2 + size;
  }
}

/** Capabilities that say what they say by being there. */
const SILENT: ReadonlySet<number> = new Set([2, 6, 70, 71, 128]);
/** The least length of those that are not read on when they are shorter. */
const LEAST: { readonly [type: number]: number } = { 1: 4, 9: 1, 64: 2, 65: 4 };

/** @returns false when nothing behind it is to be read */
function capability(p: Printer, type: number, at: number, size: number): boolean {
  const least = LEAST[type] ?? 0;
  if (size < least) {
    p.text(` (too short, < ${least})`);
    return false;
  }
  switch (type) {
    case 1:
      p.text(`\n\t\t${familyText(p.u16(at), p.u8(at + 3))}`);
      return true;
    case 7:
      if (size !== 3) {
        p.text(` [${size} != 3]`);
        return false;
      }
      security(p, at);
      return true;
    case 8:
      for (let i = 0; i + 4 <= size; i += 4) {
        p.text(`\n\t\t${familyText(p.u16(at + i), p.u8(at + i + 2))}, Count: ${p.u8(at + i + 3)}`);
      }
      return true;
    case 9: {
      const role = p.u8(at);
      p.text(`\n\t\tRole name ${wordOf(ROLES, role, 'Unassigned')} (${role})`);
      return true;
    }
    case 64:
      restart(p, at, size);
      return true;
    case 65:
      p.text(`\n\t\t 4 Byte AS ${asText(p, p.u32(at))}`);
      return true;
    case 69:
      paths(p, at, size);
      return true;
    default:
      if (SILENT.has(type)) return true;
      p.text(`\n\t\tno decoder for Capability ${type}`);
      if (p.options.verbose <= 1) printUnknownData(p, '\n\t\t', at, size);
      return true;
  }
}

function security(p: Printer, at: number): void {
  const first = p.u8(at);
  const send = (first >> 3) & 1;
  const afi = p.u16(at + 1);
  // The version is shown where it stands, in the upper four bits.
  p.text(
    `\n\t\tVersion ${first & 0xf0}, Direction ${send === 1 ? 'Send' : 'Receive'} (${send})` +
      `, AFI ${bitsOf(FAMILY_BITS, afi, 'Unknown')} (${afi})`,
  );
}

function restart(p: Printer, at: number, size: number): void {
  const first = p.u16(at);
  p.text(
    `\n\t\tRestart Flags: [${bitsOf(RESTART_FLAGS, first >> 12, 'none')}], Restart Time ${first & 0xfff}s`,
  );
  for (let i = 2; i + 4 <= size; i += 4) {
    const preserved = (p.u8(at + i + 3) & 0x80) !== 0 ? 'yes' : 'no';
    p.text(
      `\n\t\t  ${familyText(p.u16(at + i), p.u8(at + i + 2))}, Forwarding state preserved: ${preserved}`,
    );
  }
}

function paths(p: Printer, at: number, size: number): void {
  if (size === 0) p.text(' (bogus)');
  for (let i = 0; i < size; i += 4) {
    if (size - i < 4) {
      p.invalid();
      return;
    }
    const direction = wordOf(DIRECTIONS, p.u8(at + i + 3), 'Bogus (0x%02x)');
    p.text(`\n\t\t${familyText(p.u16(at + i), p.u8(at + i + 2))}, Send/Receive: ${direction}`);
  }
}
