// What routers ask caches of the resource public key infrastructure. Source: RFC 6810.

import { printUnknownData } from '../hexdump.js';
import { counted, hex, ipv4Text, ipv6Text, wordOf } from '../inline.js';
import type { Printer, Words } from '../printer.js';

const HEADER = 8;
const PREFIX_4 = 20;
const PREFIX_6 = 32;
const Type = { IP4: 4, IP6: 6, ERROR: 10 } as const;
const TYPES: Words = {
  0: 'Serial Notify',
  1: 'Serial Query',
  2: 'Reset Query',
  3: 'Cache Response',
  4: 'IPV4 Prefix',
  6: 'IPV6 Prefix',
  7: 'End of Data',
  8: 'Cache Reset',
  10: 'Error Report',
};
/** The length of each type that has one only. */
const LENGTHS: { readonly [type: number]: number } = {
  0: 12,
  1: 12,
  2: HEADER,
  3: HEADER,
  [Type.IP4]: PREFIX_4,
  [Type.IP6]: PREFIX_6,
  7: 12,
  8: HEADER,
};
const ERRORS = counted(
  0,
  'Corrupt Data|Internal Error|No Data Available|Invalid Request|Unsupported Protocol Version|' +
    'Unsupported PDU Type|Withdrawal of Unknown Record|Duplicate Announcement Received',
);

/** A segment's payload. */
export function printRpkiRtr(p: Printer, offset: number, length: number): void {
  p.protocol = 'rpki_rtr';
  if (p.options.verbose === 0) {
    p.text(', RPKI-RTR');
    return;
  }
  for (const end = offset + length; offset < end; ) offset += unit(p, offset, end - offset, 0);
}

/**
 * @param level 1 in an error report
 * @returns bytes used
 */
function unit(p: Printer, at: number, left: number, level: number): number {
  const used = readUnit(p, at, left, level);
  if (used > 0) return used;
  p.invalid();
  p.need(at, left);
  return left;
}

/** @returns bytes used, 0 when something is wrong */
function readUnit(p: Printer, at: number, left: number, level: number): number {
  if (left < HEADER) {
    p.text(`(${left} bytes is too few to decode)`);
    return 0;
  }
  const version = p.u8(at);
  if (version !== 0) {
    p.text(`\n\tRPKI-RTRv${version} (unknown)`);
    return left;
  }
  const type = p.u8(at + 1);
  const length = p.u32(at + 4);
  p.text(`\n\tRPKI-RTRv${version}, ${wordOf(TYPES, type, 'Unknown')} PDU (${type}), length: ${length}`);
  if (length < HEADER || length > left || length !== (LENGTHS[type] ?? length)) return 0;
  const indent = `\n\t  ${'  '.repeat(level)}`;
  switch (type) {
    case Type.IP4:
      p.text(
        `${indent}IPv4 Prefix ${ipv4Text(p, at + 12)}/${p.u8(at + 9)}-${p.u8(at + 10)}${origin(p, at, length)}`,
      );
      break;
    case Type.IP6:
      p.text(
        `${indent}IPv6 Prefix ${ipv6Text(p, at + 12)}/${p.u8(at + 9)}-${p.u8(at + 10)}${origin(p, at, length)}`,
      );
      break;
    case Type.ERROR:
      if (!errorReport(p, at, length, level)) return 0;
      break;
    default:
      if (TYPES[type] === undefined) p.need(at, length);
      else if (length > HEADER) {
        p.text(`${indent}Session ID: 0x${hex(p.u16(at + 2), 4)}, Serial: ${p.u32(at + HEADER)}`);
      } else if (type === 3) p.text(`${indent}Session ID: 0x${hex(p.u16(at + 2), 4)}`);
  }
  if (p.options.verbose > 1 || TYPES[type] === undefined) printUnknownData(p, '\n\t  ', at, length);
  return length;
}

/** What follows a prefix: the number of its AS comes last. */
function origin(p: Printer, at: number, length: number): string {
  return `, origin-as ${p.u32(at + length - 4)}, flags 0x${hex(p.u8(at + HEADER), 2)}`;
}

/** An error, the unit that made it, and words. Sums are those of 32 bits. @returns false when a length is wrong */
function errorReport(p: Printer, at: number, length: number, level: number): boolean {
  const indent = `\n\t  ${'  '.repeat(level)}`;
  let used = HEADER + 4;
  if (length < used) return false;
  const size = p.u32(at + HEADER);
  const code = p.u16(at + 2);
  p.text(
    `${indent}Error code: ${wordOf(ERRORS, code, 'Unknown')} (${code}), Encapsulated PDU length: ${size}`,
  );
  if (size > 0) {
    const end = (used + size) >>> 0;
    if (length < end) return false;
    if (level > 0) p.need(at, end);
    else {
      p.text(`${indent}  -----encapsulated PDU-----`);
      unit(p, at + used, size, 1);
    }
    used = end;
  }
  if (length < used + 4) return false;
  const words = p.u32(at + used);
  used += 4;
  if (words > 0) {
    if (length < (used + words) >>> 0) return false;
    p.text(`${indent}Error text: `);
    p.safeBytes(at + used, words);
  }
  return true;
}
