// ATA over Ethernet, version 1. Source: AoEr11 (Coraid).

import { bitsOf, counted, hex, macText, wordOf } from '../inline.js';
import type { Bits, Printer, Words } from '../printer.js';

const VERSION = 1;
const HEADER = 10;
const ERROR = 0x04;
const FLAGS: Bits = [
  [0x08, 'Response'],
  [ERROR, 'Error'],
  [0x02, 'MBZ-1'],
  [0x01, 'MBZ-0'],
];
const ERRORS = counted(
  1,
  'Unrecognized command code|Bad argument parameter|Device unavailable|Config string present|Unsupported version|Target is reserved',
);
const COMMANDS = counted(0, 'Issue ATA Command|Query Config Information|MAC Mask List|Reserve/Release');
const ATA_FLAGS: Bits = [
  [0x80, 'MBZ-7'],
  [0x40, 'Ext48'],
  [0x20, 'MBZ-5'],
  [0x10, 'Device'],
  [0x08, 'MBZ-3'],
  [0x04, 'MBZ-2'],
  [0x02, 'Async'],
  [0x01, 'Write'],
];
const CONFIG_COMMANDS = counted(
  0,
  'read config string|test config string|test config string prefix|set config string|force set config string',
);
const MAX_CONFIG = 1024;
const MASK_COMMANDS = counted(0, 'Read Mac Mask List|Edit Mac Mask List');
const MASK_ERRORS = counted(1, 'Unspecified Error|Bad DCmd directive|Mask list full');
const DIRECTIVES = counted(0, 'No Directive|Add mac address to mask list|Delete mac address from mask list');
const DIRECTIVE = 8;
const RESERVE_COMMANDS = counted(0, 'Read reserve list|Set reserve list|Force set reserve list');
const MAC = 6;

/** Printers of the commands' arguments. Each returns -1, or where its argument is wrong. */
const ARGUMENTS: Readonly<Record<number, (p: Printer, at: number, left: number) => number>> = {
  0: issue,
  1: query,
  2: masks,
  3: reserve,
};
const RIGHT = -1;

/** An AoE message. A wrong one has to be captured whole. */
export function printAoe(p: Printer, offset: number, length: number): void {
  p.protocol = 'aoe';
  p.text(`AoE length ${length}`);
  const wrong = message(p, offset, length);
  if (wrong === RIGHT) return;
  p.invalid();
  p.need(wrong, offset + length - wrong);
}

function word(words: Words, value: number): string {
  return wordOf(words, value, 'Unknown (0x%02x)');
}

function message(p: Printer, at: number, length: number): number {
  if (length < 1) return at;
  const first = p.u8(at);
  p.text(`, Ver ${first >> 4}`);
  if (first >> 4 !== VERSION) return RIGHT;
  if (length < HEADER) return at;
  const flags = first & 15;
  p.text(`, Flags: [${bitsOf(FLAGS, flags, 'none')}]`);
  if (p.options.verbose === 0) return RIGHT;
  if ((flags & ERROR) !== 0) p.text(`\n\tError: ${wordOf(ERRORS, p.u8(at + 1), 'Invalid (%u)')}`);
  p.text(`\n\tMajor: 0x${hex(p.u16(at + 2), 4)}`);
  p.text(`, Minor: 0x${hex(p.u8(at + 4), 2)}`);
  const command = p.u8(at + 5);
  p.text(`, Command: ${word(COMMANDS, command)}`);
  p.text(`, Tag: 0x${hex(p.u32(at + 6), 8)}`);
  return ARGUMENTS[command]?.(p, at + HEADER, length - HEADER) ?? RIGHT;
}

function issue(p: Printer, at: number, left: number): number {
  if (left < 12) return at;
  p.text(`\n\tAFlags: [${bitsOf(ATA_FLAGS, p.u8(at), 'none')}]`);
  p.text(`, Err/Feature: ${p.u8(at + 1)}`);
  p.text(`, Sector Count: ${p.u8(at + 2)}`);
  p.text(`, Cmd/Status: ${p.u8(at + 3)}`);
  for (let i = 0; i < 6; i++) p.text(`${i === 0 ? '\n\t' : ', '}lba${i}: ${p.u8(at + 4 + i)}`);
  p.need(at + 10, 2);
  if (left > 12) p.text(`\n\tData: ${left - 12} bytes`);
  return RIGHT;
}

function query(p: Printer, at: number, left: number): number {
  if (left < 8) return at;
  p.text(`\n\tBuffer Count: ${p.u16(at)}`);
  p.text(`, Firmware Version: ${p.u16(at + 2)}`);
  p.text(`, Sector Count: ${p.u8(at + 4)}`);
  const both = p.u8(at + 5);
  // tcpdump's own words for a command it does not know.
  p.text(`, AoE: ${both >> 4}, CCmd: ${CONFIG_COMMANDS[both & 15] ?? 'Unknown (0x02x)'}`);
  const size = p.u16(at + 6);
  at += 8;
  if (size > MAX_CONFIG || size > left - 8) return at;
  if (size > 0) {
    p.text(`\n\tConfig String (length ${size}): `);
    p.safeBytes(at, size);
  }
  return RIGHT;
}

function masks(p: Printer, at: number, left: number): number {
  if (left < 4) return at;
  p.text(`\n\tMCmd: ${word(MASK_COMMANDS, p.u8(at + 1))}`);
  p.text(`, MError: ${word(MASK_ERRORS, p.u8(at + 2))}`);
  const count = p.u8(at + 3);
  p.text(`, Dir Count: ${count}`);
  at += 4;
  if (count * DIRECTIVE > left - 4) return at;
  for (let i = 0; i < count; i++, at += DIRECTIVE) {
    p.text(`\n\t DCmd: ${word(DIRECTIVES, p.u8(at + 1))}`);
    p.text(`, Ethernet Address: ${macText(p, at + 2)}`);
  }
  return RIGHT;
}

function reserve(p: Printer, at: number, left: number): number {
  if (left < 2 || (left - 2) % MAC !== 0) return at;
  p.text(`\n\tRCmd: ${word(RESERVE_COMMANDS, p.u8(at))}`);
  const count = p.u8(at + 1);
  p.text(`, NMacs: ${count}`);
  at += 2;
  if (count * MAC !== left - 2) return at;
  for (let i = 0; i < count; i++, at += MAC) p.text(`\n\tEthernet Address ${i}: ${macText(p, at)}`);
  return RIGHT;
}
