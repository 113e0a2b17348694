// IEEE 802.15.4 frames. Source: IEEE 802.15.4-2015, section 7.

import { completes, OVERRUN } from '../../endings.js';
import { dumpUnknown } from '../../hexdump.js';
import { hex } from '../../inline.js';
import type { Printer } from '../../printer.js';
import { commandData, longAddress, pendingAddresses, shortAddress, superframe, timeSlots } from './beacon.js';
import { crc16, crc32, securityHeader } from './check.js';
import { headerElements, payloadElements } from './element.js';
import { commandName, FRAMES } from './names.js';

const Type = { BEACON: 0, COMMAND: 3, MULTIPURPOSE: 5 } as const;
/** Bits of the control field of frames but for multipurpose ones. */
const Bit = {
  SECURED: 0x0008,
  PENDING: 0x0010,
  ACKNOWLEDGE: 0x0020,
  COMPRESSED: 0x0040,
  NO_SEQUENCE: 0x0100,
  ELEMENTS: 0x0200,
} as const;
const BITS = [
  [Bit.SECURED, 'Security Enabled, '],
  [Bit.PENDING, 'Frame Pending, '],
  [Bit.ACKNOWLEDGE, 'AR, '],
  [Bit.COMPRESSED, 'PAN ID Compression, '],
  [Bit.NO_SEQUENCE, 'Sequence Number Suppression, '],
  [Bit.ELEMENTS, 'IE present, '],
] as const;
/** Those of multipurpose frames, whose control field is short without the first. */
const Long = {
  LONG: 0x0008,
  NETWORK: 0x0100,
  SECURED: 0x0200,
  NO_SEQUENCE: 0x0400,
  ELEMENTS: 0x8000,
} as const;
const LONG_BITS = [
  [Long.SECURED, 'Security Enabled, '],
  [0x0800, 'Frame Pending, '],
  [0x4000, 'AR, '],
  [Long.NETWORK, 'PAN ID Present, '],
  [Long.NO_SEQUENCE, 'Sequence Number Suppression, '],
  [Long.ELEMENTS, 'IE present, '],
] as const;
/** Bytes of an address by its mode; the second is reserved. */
const ADDRESS_SIZES = [0, -1, 2, 8];
/** Bytes of the integrity code by the security level. */
const CODE_SIZES = [0, 4, 8, 16];
const ENCRYPTED = 4;

/** A frame, and what of it is left to print. */
interface Frame {
  at: number;
  left: number;
  /** The check value in the frame and the one it should hold. */
  readonly stored: number;
  readonly computed: number;
}

/**
 * Prints a frame of `length` bytes.
 * @returns whether it was printed to its end
 */
export function printWpan(p: Printer, offset: number, length: number): boolean {
  p.protocol = '802.15.4';
  if (length < 2) {
    p.truncated();
    return length !== 0;
  }
  const control = p.le16(offset);
  const type = control & 7;
  p.text(`IEEE 802.15.4 ${FRAMES[type]} packet `);
  let printed = false;
  completes(() => {
    if (type <= Type.COMMAND) printed = standard(p, offset, length, control, type);
    else if (type === Type.MULTIPURPOSE) printed = multipurpose(p, offset, length, control);
  });
  return printed;
}

/** Takes the check value off a frame: which kind it has depends on the radio, and is tried. */
function checked(p: Printer, at: number, length: number, least4: number, least2: number): Frame {
  if (length >= least4) {
    const stored = p.le32(at + length - 4);
    if (crc32(p, at, length - 4) === stored) return { at, left: length - 4, stored, computed: stored };
  }
  if (length < least2) return { at, left: length, stored: 0, computed: 0 };
  const stored = p.le16(at + length - 2);
  const computed = crc16(p, at, length - 2);
  return { at, left: computed === stored ? length - 2 : length, stored, computed };
}

function skip(frame: Frame, count: number): void {
  frame.at += count;
  frame.left = (frame.left - count) >>> 0;
}

function standard(p: Printer, offset: number, length: number, control: number, type: number): boolean {
  const frame = checked(p, offset, length, 4, 4);
  const { verbose } = p.options;
  const version = (control >> 12) & 3;
  p.text(`v${version} `);
  if (verbose > 2) for (const [bit, word] of BITS) if ((control & bit) !== 0) p.text(word);
  if ((control & Bit.NO_SEQUENCE) !== 0) {
    if (version < 2) p.text('[ERROR: Sequence number suppressed on frames where version < 2]');
    if (verbose > 0) p.text('seq suppressed ');
    if (!room(p, frame, 2)) return false;
    skip(frame, 2);
  } else if (!sequence(p, frame)) return false;
  const destination = ADDRESS_SIZES[(control >> 10) & 3]!;
  const source = ADDRESS_SIZES[(control >> 14) & 3]!;
  if (!validModes(p, source, destination)) return false;
  const compressed = (control & Bit.COMPRESSED) !== 0;
  if (version < 2 && compressed && (destination === 0 || source === 0)) {
    p.text('[ERROR: PAN ID Compression != 0, and only one address with frame version < 2]');
  }
  const networks = present(version, compressed, source, destination);
  if (!address(p, frame, networks.destination, destination)) return false;
  p.text(' < ');
  if (!address(p, frame, networks.source, source)) return false;
  p.char(32);
  const secured = (control & Bit.SECURED) !== 0;
  middle(p, frame, secured, (control & Bit.ELEMENTS) !== 0);
  if (type === Type.BEACON && version < 2) {
    if (!completes(() => beacon(p, frame))) return true;
  } else if (type === Type.COMMAND) command(p, frame);
  dumpUnknown(p, frame.at, frame.left);
  return true;
}

function room(p: Printer, frame: Frame, needed: number): boolean {
  if (frame.left < needed) p.truncated();
  return frame.left >= needed;
}

function sequence(p: Printer, frame: Frame): boolean {
  const number = p.u8(frame.at + 2);
  if (p.options.verbose > 0) p.text(`seq ${hex(number, 2)} `);
  if (!room(p, frame, 3)) return false;
  skip(frame, 3);
  return true;
}

function validModes(p: Printer, source: number, destination: number): boolean {
  if (source >= 0 && destination >= 0) return true;
  p.text(`[ERROR: Invalid ${source < 0 ? 'src' : 'dst'} address mode]`);
  return false;
}

/** Which of a frame's networks are in it. */
function present(
  version: number,
  compressed: boolean,
  source: number,
  destination: number,
): { source: boolean; destination: boolean } {
  if (version >= 2) {
    const both = source === 8 && destination === 8;
    if (compressed) {
      if (source === 0 && destination === 0) return { source: false, destination: true };
      if (both || source === 0 || destination === 0) return { source: false, destination: false };
    } else if (both) return { source: false, destination: true };
  }
  return { source: !compressed && source > 0, destination: destination > 0 };
}

/** A network, or none, and an address in it. */
function address(p: Printer, frame: Frame, network: boolean, size: number): boolean {
  if (network) {
    if (frame.left < 2) {
      p.text('[ERROR: Truncated before dst_pan]');
      return false;
    }
    p.text(`${shortAddress(p, frame.at)}:`);
    skip(frame, 2);
  } else p.text('-:');
  if (frame.left < size) {
    p.text('[ERROR: Truncated before dst_addr]');
    return false;
  }
  if (size === 0) p.text('none');
  else p.text(size === 2 ? shortAddress(p, frame.at) : longAddress(p, frame.at));
  skip(frame, size);
  return true;
}

/** What is between the addresses and the payload: security, elements, and the checks' values; OVERRUN where it is cut. */
function middle(p: Printer, frame: Frame, secured: boolean, elements: boolean): void {
  let level = 0;
  if (secured) {
    const header = securityHeader(p, frame.at, frame.left);
    p.need(frame.at, header);
    level = p.u8(frame.at) & 7;
    skip(frame, header);
  }
  const codeSize = CODE_SIZES[level & 3]!;
  if (frame.left < codeSize) {
    p.text('[ERROR: Truncated before MIC]');
    throw OVERRUN;
  }
  frame.left -= codeSize;
  const code = frame.at + frame.left;
  if (elements) lists(p, frame, level >= ENCRYPTED);
  if (p.options.verbose <= 2) return;
  if (codeSize > 0) {
    p.text('\n\tMIC ');
    for (let i = 0; i < codeSize; i++) p.text(hex(p.u8(code + i), 2));
    p.char(32);
  }
  if (frame.computed === frame.stored) p.text(`FCS ${hex(frame.stored)} `);
  else p.text(`wrong FCS ${hex(frame.stored)} vs ${hex(frame.computed)} (assume no FCS stored) `);
}

function lists(p: Printer, frame: Frame, encrypted: boolean): void {
  const header = headerElements(p, frame.at, frame.left);
  skip(frame, header.size);
  if (!header.payload) return;
  if (encrypted) p.text('Payload IEs present, but encrypted, cannot print ');
  else skip(frame, payloadElements(p, frame.at, frame.left));
}

/** OVERRUN when it is wrong: the rest is not shown. */
function beacon(p: Printer, frame: Frame): void {
  if (frame.left < 2) {
    p.text('[ERROR: Truncated before beacon information]');
    throw OVERRUN;
  }
  superframe(p, p.le16(frame.at));
  skip(frame, 2);
  for (const [what, print] of [
    ['GTS info', timeSlots],
    ['pending addresses', pendingAddresses],
  ] as const) {
    if (frame.left < 1) {
      p.text(`[ERROR: Truncated before ${what}]`);
      throw OVERRUN;
    }
    skip(frame, print(p, frame.at, frame.left));
  }
}

function command(p: Printer, frame: Frame): void {
  if (frame.left < 1) {
    p.text('[ERROR: Truncated before Command ID]');
    return;
  }
  const id = p.u8(frame.at);
  p.text(`Command ID = ${commandName(id)} `);
  skip(frame, 1);
  if (frame.left > 0) completes(() => skip(frame, commandData(p, id, frame.at, frame.left)));
}

function multipurpose(p: Printer, offset: number, length: number, control: number): boolean {
  const frame = checked(p, offset, length, 5, 3);
  const { verbose } = p.options;
  const long = (control & Long.LONG) !== 0;
  if (long) {
    p.text(`v${(control >> 12) & 3} `);
    if (verbose > 2) for (const [bit, word] of LONG_BITS) if ((control & bit) !== 0) p.text(word);
    if ((control & Long.NO_SEQUENCE) !== 0) {
      if (!room(p, frame, 2)) return false;
      skip(frame, 2);
    } else if (!sequence(p, frame)) return false;
  } else {
    const number = p.u8(frame.at + 1);
    skip(frame, 2);
    if (verbose > 0) p.text(`seq ${hex(number, 2)} `);
  }
  const destination = ADDRESS_SIZES[(control >> 4) & 3]!;
  const source = ADDRESS_SIZES[(control >> 6) & 3]!;
  if (!validModes(p, source, destination)) return false;
  if (!address(p, frame, long && (control & Long.NETWORK) !== 0, destination)) return false;
  p.text(' <  ');
  if (!address(p, frame, false, source)) return false;
  p.char(32);
  const secured = long && (control & Long.SECURED) !== 0;
  middle(p, frame, secured, long && (control & Long.ELEMENTS) !== 0);
  dumpUnknown(p, frame.at, frame.left);
  return true;
}
