// Objects of the Link Management Protocol. Source: RFC 4204 (13); OIF UNI 1.0 (9.4.2).

import { bitsOf, hex, ipv4Text, ipv6Text, wordOf } from '../../inline.js';
import type { Bits, Printer, Words } from '../../printer.js';
import { LSP_ENCODINGS, megabits, SWITCHING_CAPABILITIES } from '../../tables/gmpls.js';
import {
  CHANNEL_STATUSES,
  CONCATENATION_FLAGS,
  DATA_LINK_FLAGS,
  DIVERSITY_FLAGS,
  LINK_TYPES,
  MONITORING_FLAGS,
  OVERHEAD_FLAGS,
  SIGNALLING_FLAGS,
  SIGNALS,
  SUMMARY_ERRORS,
  TE_LINK_FLAGS,
  TRANSPARENCY_FLAGS,
  VERIFY_ERRORS,
  VERIFY_FLAGS,
} from './numbers.js';

/** Prints what is in an object. @returns true when its bytes are to be shown too */
type ObjectPrinter = (p: Printer, at: number, length: number) => boolean;

const INCORRECT = ' (not correct for object)';
const INDENT = '\n\t    ';

/** An object that has one length, and its lines. */
function exactly(
  size: number,
  lines: (p: Printer, at: number) => readonly string[],
  indent = INDENT,
): ObjectPrinter {
  return (p, at, length) => {
    if (length !== size) p.text(INCORRECT);
    else for (const line of lines(p, at)) p.text(`${indent}${line}`);
    return false;
  };
}

/** What a link is known by: an address of a version, or a number. */
interface Name {
  readonly width: number;
  readonly text: (p: Printer, at: number) => string;
}

/** Of an address its first four bytes are shown in hexadecimal. */
function first(p: Printer, at: number): string {
  return `(0x${hex(p.u32(at), 8)})`;
}

const NAME_4: Name = { width: 4, text: (p, at) => `${ipv4Text(p, at)} ${first(p, at)}` };
const NAME_6: Name = { width: 16, text: (p, at) => `${ipv6Text(p, at)} ${first(p, at)}` };
const UNNUMBERED: Name = { width: 4, text: (p, at) => `${p.u32(at)} ${first(p, at)}` };
const NAMES = [NAME_4, NAME_6, UNNUMBERED] as const;

/** An object that is one name. */
const named = (word: string, name: Name): ObjectPrinter =>
  exactly(name.width, (p, at) => [`${word}: ${name.text(p, at)}`]);

const link4 = named('IPv4 Link ID', NAME_4);
const link6 = named('IPv6 Link ID', NAME_6);
const unnumbered = named('Link ID', UNNUMBERED);
const links = { 1: link4, 2: link4, 3: link6, 4: link6, 5: unnumbered, 6: unnumbered };

/** A printer for each kind of name, by type. */
function byName(make: (name: Name) => ObjectPrinter): Readonly<Record<number, ObjectPrinter>> {
  return Object.fromEntries(NAMES.map((name, i) => [i + 1, make(name)]));
}

/** Flags and both ends of a link. */
function ends(p: Printer, at: number, name: Name, flags: Bits, word: string): readonly string[] {
  return [
    `Flags: [${bitsOf(flags, p.u8(at), 'none')}]`,
    `Local ${word}: ${name.text(p, at + 4)}`,
    `Remote ${word}: ${name.text(p, at + 4 + name.width)}`,
  ];
}

const teLink = (name: Name): ObjectPrinter =>
  exactly(4 + 2 * name.width, (p, at) => ends(p, at, name, TE_LINK_FLAGS, 'Link-ID'));

const dataLink =
  (name: Name): ObjectPrinter =>
  (p, at, length) => {
    const fixed = 4 + 2 * name.width;
    if (length < fixed) {
      p.text(INCORRECT);
      return false;
    }
    for (const line of ends(p, at, name, DATA_LINK_FLAGS, 'Interface ID')) p.text(`${INDENT}${line}`);
    return dataLinkParts(p, at + fixed, length - fixed);
  };

const Part = { SWITCHING: 1, WAVELENGTH: 2 } as const;
const PARTS: Words = { 1: 'Interface Switching Type', 2: 'Wavelength' };

/** @returns true when one is unknown: none is read behind it */
function dataLinkParts(p: Printer, at: number, left: number): boolean {
  while (left > 0) {
    const type = p.u8(at);
    const size = p.u8(at + 1);
    p.text(`\n\t    Subobject, Type: ${wordOf(PARTS, type, 'Unknown')} (${type}), Length: ${size}`);
    if (size < 4 || size % 4 !== 0 || left < size) {
      const why = size < 4 ? 'too short' : size % 4 !== 0 ? 'not a multiple of 4' : '';
      p.text(` (${why === '' ? 'goes past the end of the object' : why})`);
      return false;
    }
    if (PARTS[type] === undefined) return true;
    if (type === Part.SWITCHING) {
      const switching = p.u8(at + 2);
      const encoding = p.u8(at + 3);
      p.text(
        `\n\t      Switching Type: ${wordOf(SWITCHING_CAPABILITIES, switching, 'Unknown')} (${switching})`,
      );
      p.text(`\n\t      Encoding Type: ${wordOf(LSP_ENCODINGS, encoding, 'Unknown')} (${encoding})`);
      p.text(`\n\t      Min Reservable Bandwidth: ${megabits(p, at + 4)}`);
      p.text(`\n\t      Max Reservable Bandwidth: ${megabits(p, at + 8)}`);
    } else p.text(`\n\t      Wavelength: ${p.u32(at + 4)}`);
    at += size;
    left -= size;
  }
  return false;
}

const channelStatus =
  (name: Name): ObjectPrinter =>
  (p, at, length) => {
    for (let i = 0; i + name.width + 4 <= length; i += name.width + 4) {
      const status = p.u32(at + i + name.width);
      const active = status >>> 31;
      const transmit = (status >>> 30) & 1;
      const state = status & 0x3ffffff;
      p.text(`\n\t    Interface ID: ${name.text(p, at + i)}`);
      p.text(`\n\t\t    Active: ${active === 1 ? 'Allocated' : 'Non-allocated'} (${active})`);
      p.text(`\n\t\t    Direction: ${transmit === 1 ? 'Transmit' : 'Receive'} (${transmit})`);
      p.text(`\n\t\t    Channel Status: ${wordOf(CHANNEL_STATUSES, state, 'Unknown')} (${state})`);
    }
    return false;
  };

const channelRequest =
  (name: Name): ObjectPrinter =>
  (p, at, length) => {
    for (let i = 0; i + name.width <= length; i += name.width) {
      p.text(`\n\t    Interface ID: ${name.text(p, at + i)}`);
    }
    return false;
  };

/** Bits that are taken for the one that says so. */
const PAYLOAD_TESTS = 8000;

function verifyBegin(p: Printer, at: number): string[] {
  const transport = p.u16(at + 10);
  const capable = (transport & PAYLOAD_TESTS) !== 0 ? ' (Payload test messages capable)' : '';
  return [
    `Flags: ${bitsOf(VERIFY_FLAGS, p.u16(at), 'none')}`,
    `Verify Interval: ${p.u16(at + 2)}`,
    `Data links: ${p.u32(at + 4)}`,
    `Encoding type: ${wordOf(LSP_ENCODINGS, p.u8(at + 8), 'Unknown')}`,
    `Verify Transport Mechanism: ${transport} (0x${hex(transport)})${capable}`,
    `Transmission Rate: ${megabits(p, at + 12)}`,
    `Wavelength: ${p.u32(at + 16)}`,
  ];
}

/** What a client's port can do; its last line stands further in. */
function portAttributes(p: Printer, at: number): string[] {
  const type = p.u8(at);
  const signal = p.u8(at + 1);
  const signals = SIGNALS[type];
  return [
    `Link Type: ${wordOf(LINK_TYPES, type, 'Unknown')} (${type})`,
    ...(signals === undefined ? [] : [`Signal Type: ${wordOf(signals, signal, 'Unknown')} (${signal})`]),
    `Transparency: ${bitsOf(OVERHEAD_FLAGS, p.u8(at + 2), 'none')}`,
    `Contiguous Concatenation Types: ${bitsOf(CONCATENATION_FLAGS, p.u8(at + 3), 'none')}`,
    `Minimum NCC: ${p.u16(at + 4)}`,
    `Maximum NCC: ${p.u16(at + 6)}`,
    `Minimum NVC:${p.u16(at + 8)}`,
    `Maximum NVC:${p.u16(at + 10)}`,
    `   Local Interface ID: ${NAME_4.text(p, at + 12)}`,
  ];
}

const SERVICE_INDENT = '\n\t ';
const services: Readonly<Record<number, ObjectPrinter>> = {
  1: exactly(
    4,
    (p, at) => [`Flags: ${bitsOf(SIGNALLING_FLAGS, p.u8(at), 'none')}`, ` UNI Version: ${p.u8(at + 1)}`],
    SERVICE_INDENT,
  ),
  2: exactly(16, portAttributes, SERVICE_INDENT),
  3: exactly(
    8,
    (p, at) => [
      `Transparency Flags: ${bitsOf(TRANSPARENCY_FLAGS, p.u32(at), 'none')}`,
      `TCM Monitoring Flags: ${bitsOf(MONITORING_FLAGS, p.u8(at + 7), 'none')}`,
    ],
    SERVICE_INDENT,
  ),
  4: exactly(
    4,
    (p, at) => [`Diversity: Flags: ${bitsOf(DIVERSITY_FLAGS, p.u8(at + 3), 'none')}`],
    SERVICE_INDENT,
  ),
};

const errors = (bits: Bits): ObjectPrinter =>
  exactly(4, (p, at) => [`Error Code: ${bitsOf(bits, p.u32(at), 'none')}`]);
const channel = named('Control Channel ID', UNNUMBERED);
const node = named('Node ID', NAME_4);

/** By class and type. */
export const OBJECT_PRINTERS: Readonly<Record<number, Readonly<Record<number, ObjectPrinter>>>> = {
  1: { 1: channel, 2: channel },
  2: { 1: node, 2: node },
  3: links,
  4: links,
  5: { 1: named('Message ID', UNNUMBERED), 2: named('Message ID Ack', UNNUMBERED) },
  6: {
    1: exactly(4, (p, at) => [`Hello Interval: ${p.u16(at)}`, `Hello Dead Interval: ${p.u16(at + 2)}`]),
  },
  7: { 1: exactly(8, (p, at) => [`Tx Seq: ${p.u32(at)}, Rx Seq: ${p.u32(at + 4)}`]) },
  8: { 1: exactly(20, verifyBegin) },
  9: {
    1: exactly(4, (p, at) => [
      `Verify Dead Interval: ${p.u16(at)}`,
      `Verify Transport Response: ${p.u16(at + 2)}`,
    ]),
  },
  10: { 1: exactly(4, (p, at) => [`Verify ID: ${p.u32(at)}`]) },
  11: byName(teLink),
  12: byName(dataLink),
  13: byName(channelStatus),
  14: byName(channelRequest),
  20: { 1: errors(VERIFY_ERRORS), 2: errors(SUMMARY_ERRORS) },
  51: services,
};
