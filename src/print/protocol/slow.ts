// Slow protocols: link aggregation (LACP), its marker, and Ethernet OAM. Source: IEEE 802.3ad, 802.3ah.

import { printUnknownData } from '../hexdump.js';
import { bitsOf, hex, macText, wordOf } from '../inline.js';
import type { Bits, Printer, Words } from '../printer.js';
import { printOam } from './oam.js';

const Subtype = { LACP: 1, MARKER: 2, OAM: 3 } as const;
const SUBTYPES: Words = { [Subtype.LACP]: 'LACP', [Subtype.MARKER]: 'MARKER', [Subtype.OAM]: 'OAM' };
const VERSION = 1;
const TOO_SHORT = '\n\t\t packet is too short';

const TLV_HEADER = 2;
const TERMINATOR = 0;
const STATES: Bits = [
  [0x01, 'Activity'],
  [0x02, 'Timeout'],
  [0x04, 'Aggregation'],
  [0x08, 'Synchronization'],
  [0x10, 'Collecting'],
  [0x20, 'Distributing'],
  [0x40, 'Default'],
  [0x80, 'Expired'],
];

/** What a type of information is called, how long it is, and how it prints. */
type Information = readonly [name: string, size: number, print: (p: Printer, at: number) => void];

const LACP: Readonly<Record<number, Information>> = {
  1: ['Actor Information', 20, partner],
  2: ['Partner Information', 20, partner],
  3: ['Collector Information', 16, (p, at) => p.text(`\n\t  Max Delay ${p.u16(at)}`)],
};
const MARKER: Readonly<Record<number, Information>> = {
  1: ['Marker Information', 16, marker],
};

/** A frame of a slow protocol. */
export function printSlow(p: Printer, offset: number, length: number): void {
  p.protocol = 'slow';
  const { verbose } = p.options;
  const tooShort = verbose > 0 ? TOO_SHORT : ' (packet is too short)';
  if (length < 1) {
    p.text(tooShort);
    return;
  }
  const subtype = p.u8(offset);
  const name = wordOf(SUBTYPES, subtype, 'unknown (%u)');
  if (subtype !== Subtype.LACP && subtype !== Subtype.MARKER) {
    p.text(`${name}, length ${length}`);
    if (subtype !== Subtype.OAM) printUnknownData(p, '\n\t', offset, length);
    else if (verbose > 0 && !printOam(p, offset + 1, length - 1)) p.text(TOO_SHORT);
    return;
  }
  if (length < 2) {
    p.text(tooShort);
    return;
  }
  const version = p.u8(offset + 1);
  if (version !== VERSION) {
    p.text(`${name} version ${version} packet not supported`);
    return;
  }
  p.text(`${name}v${version}, length ${length}`);
  if (verbose === 0) return;
  if (!information(p, offset + 2, length - 2, subtype === Subtype.LACP ? LACP : MARKER)) p.text(TOO_SHORT);
}

/** @returns false when the frame ends within a piece of information */
function information(
  p: Printer,
  at: number,
  left: number,
  types: Readonly<Record<number, Information>>,
): boolean {
  while (left !== 0) {
    if (left < TLV_HEADER) return false;
    const type = p.u8(at);
    const size = p.u8(at + 1);
    const known = types[type];
    const name = type === TERMINATOR ? 'Terminator' : (known?.[0] ?? 'Unknown');
    p.text(`\n\t${name} TLV (0x${hex(type, 2)}), length ${size}`);
    if (type === TERMINATOR) return true;
    if (size < TLV_HEADER) {
      p.text(`\n\t    ERROR: illegal length - should be >= ${TLV_HEADER}`);
      return true;
    }
    if (left < size) return false;
    p.need(at, size);
    const body = at + TLV_HEADER;
    if (known === undefined) {
      if (p.options.verbose <= 1) printUnknownData(p, '\n\t  ', body, size - TLV_HEADER);
    } else if (size !== known[1]) p.text(`\n\t    ERROR: illegal length - should be ${known[1]}`);
    else known[2](p, body);
    if (p.options.verbose > 1) printUnknownData(p, '\n\t  ', body, size - TLV_HEADER);
    at += size;
    left -= size;
  }
  return true;
}

function partner(p: Printer, at: number): void {
  p.text(
    `\n\t  System ${macText(p, at + 2)}, System Priority ${p.u16(at)}, Key ${p.u16(at + 8)}` +
      `, Port ${p.u16(at + 12)}, Port Priority ${p.u16(at + 10)}` +
      `\n\t  State Flags [${bitsOf(STATES, p.u8(at + 14), 'none')}]`,
  );
}

function marker(p: Printer, at: number): void {
  p.text(
    `\n\t  Request System ${macText(p, at + 2)}, Request Port ${p.u16(at)}` +
      `, Request Transaction ID 0x${hex(p.u32(at + 8), 8)}`,
  );
}
