// What IEEE 802.15.4's beacons and commands hold. Source: IEEE 802.15.4-2015, sections 7.3.1 and 7.5.

import { OVERRUN } from '../../endings.js';
import { hex } from '../../inline.js';
import type { Printer } from '../../printer.js';

/** A short address. */
export function shortAddress(p: Printer, at: number): string {
  return hex(p.le16(at), 4);
}

/** An extended address, whose bytes are in reverse order. */
export function longAddress(p: Printer, at: number): string {
  const bytes = p.view(at, 8);
  return Array.from(bytes, (byte) => hex(byte, 2))
    .reverse()
    .join(':');
}

/** Bytes in hexadecimal, a space behind each. */
export function spacedBytes(p: Printer, at: number, count: number): void {
  for (let i = 0; i < count; i++) p.text(`${hex(p.u8(at + i), 2)} `);
}

/** How the time between beacons is divided. */
export function superframe(p: Printer, specification: number): void {
  if (p.options.verbose === 0) return;
  const four = (shift: number) => (specification >> shift) & 15;
  p.text(`\n\tBeacon order = ${four(0)}, Superframe order = ${four(4)}, Final CAP Slot = ${four(8)}`);
  if ((specification & 0x1000) !== 0) p.text(', BLE enabled');
  if ((specification & 0x4000) !== 0) p.text(', PAN Coordinator');
  if ((specification & 0x8000) !== 0) p.text(', Association Permit');
}

/** Guaranteed time slots; OVERRUN when they are cut. @returns bytes used */
export function timeSlots(p: Printer, at: number, left: number): number {
  const count = p.u8(at) & 7;
  if (count === 0) {
    if (p.options.verbose > 0) p.text('\n\tGTS Descriptor Count = 0, ');
    return 1;
  }
  const size = 2 + count * 3;
  if (left < size) {
    p.text(' [ERROR: Truncated GTS Info List]');
    throw OVERRUN;
  }
  if (p.options.verbose < 2) return size;
  p.text(`GTS Descriptor Count = ${count}, `);
  p.text(`GTS Directions Mask = ${hex(p.u8(at + 1) & 0x7f, 2)}, [ `);
  for (let i = 0, slot = at + 2; i < count; i++, slot += 3) {
    p.text('[ ');
    p.text(shortAddress(p, slot));
    // tcpdump takes the second byte of the address for the slot.
    const second = p.u8(slot + 1);
    p.text(`, Start slot = ${second & 15}, Length = ${second >> 4} ] `);
  }
  p.text(']');
  return size;
}

/** Devices for which something waits; OVERRUN when they are cut. @returns bytes used */
export function pendingAddresses(p: Printer, at: number, left: number): number {
  const first = p.u8(at);
  const shorts = first & 7;
  const longs = (first >> 4) & 7;
  const size = 1 + shorts * 2 + longs * 8;
  const { verbose } = p.options;
  if (verbose > 0) {
    p.text(`\n\tPending address list, # short addresses = ${shorts}, # extended addresses = ${longs}`);
  }
  if (left < size) {
    p.text(' [ERROR: Pending address list truncated]');
    throw OVERRUN;
  }
  if (verbose < 2) return size;
  at++;
  if (shorts > 0) {
    p.text(', Short address list = [ ');
    for (let i = 0; i < shorts; i++, at += 2) p.text(`${shortAddress(p, at)} `);
    p.text(']');
  }
  if (longs > 0) {
    p.text(', Extended address list = [ ');
    for (let i = 0; i < longs; i++, at += 8) p.text(`${longAddress(p, at)} `);
    p.text(']');
  }
  return size;
}

const CAPABILITIES = [
  [0x04, 'AC powered, '],
  [0x08, 'Receiver on when idle, '],
  [0x10, 'Fast association, '],
  [0x40, 'Security supported, '],
  [0x80, 'Allocate address, '],
] as const;
const STATES: Readonly<Record<number, string>> = {
  0x00: 'Association successful',
  0x01: 'PAN at capacity',
  0x02: 'PAN access denied',
  0x03: 'Hooping sequence offset duplication',
  0x80: 'Fast association successful',
};
const REASONS = [
  'Reserved',
  'Reason = The coordinator wishes the device to leave PAN',
  'Reason = The device wishes to leave the PAN',
];

/** Commands of which the lengths are known: their names in complaints, the lengths, and their printers. */
const COMMANDS: Readonly<
  Record<
    number,
    readonly [
      name: string,
      least: number,
      most: number,
      print: (p: Printer, at: number, size: number) => void,
    ]
  >
> = {
  1: ['Association request', 1, 1, association],
  2: ['Association response', 3, 3, associated],
  3: ['Disassociation Notification', 1, 1, disassociation],
  8: ['Coordinator Realignment', 7, 8, realignment],
  9: ['GTS Request', 1, 1, slotRequest],
};
/** Commands without data. */
const FIRST_EMPTY = 4;
const LAST_EMPTY = 7;

/** The data of a command; OVERRUN when there are too many or too few bytes. @returns bytes used */
export function commandData(p: Printer, command: number, at: number, size: number): number {
  if (command >= FIRST_EMPTY && command <= LAST_EMPTY) return 0;
  const known = COMMANDS[command];
  if (known === undefined) {
    p.text('Command Data = ');
    spacedBytes(p, at, size);
    return 0;
  }
  const [name, least, most, print] = known;
  if (size < least || size > most) {
    p.text(`Invalid ${name} command length`);
    throw OVERRUN;
  }
  print(p, at, size);
  return size;
}

function association(p: Printer, at: number): void {
  const capabilities = p.u8(at);
  p.text((capabilities & 0x02) !== 0 ? 'FFD, ' : 'RFD, ');
  for (const [bit, word] of CAPABILITIES) if ((capabilities & bit) !== 0) p.text(word);
}

function associated(p: Printer, at: number): void {
  p.text('Short address = ');
  p.text(shortAddress(p, at));
  const state = p.u8(at + 2);
  p.text(`, ${STATES[state] ?? `Status = 0x${hex(state, 2)}`}`);
}

function disassociation(p: Printer, at: number): void {
  const reason = REASONS[p.u8(at)];
  // tcpdump reads a reason that it does not know from two bytes further on.
  p.text(reason ?? `Reason = 0x${hex(p.u8(at + 2), 2)}`);
}

function realignment(p: Printer, at: number, size: number): void {
  p.text(`Pan ID = 0x${shortAddress(p, at)}, Coordinator short address = `);
  p.text(shortAddress(p, at + 2));
  const channel = p.u8(at + 4);
  const page = size === 8 ? p.u8(at + 7) : 0x80;
  // Without a page its place has the upper bits of the channel.
  if ((page & 0x80) !== 0) p.text(`, Channel Number = ${channel | ((page & 0x7f) << 8)}`);
  else p.text(`, Channel Number = ${channel}, page = ${page}`);
  p.text(', Short address = ');
  p.text(shortAddress(p, at + 5));
}

function slotRequest(p: Printer, at: number): void {
  const request = p.u8(at);
  p.text(
    `GTS Length = ${request & 15}, ${(request & 0x10) !== 0 ? 'Receive-only GTS' : 'Transmit-only GTS'}` +
      `, ${(request & 0x20) !== 0 ? 'GTS allocation' : 'GTS deallocations'}`,
  );
}
