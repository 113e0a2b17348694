// ES-IS, by which OSI's end systems and routers find each other. Source: ISO 9542.

import { printUnknownData } from '../../hexdump.js';
import { captured, hex, macText, wordOf } from '../../inline.js';
import type { Printer, Words } from '../../printer.js';
import { nsapText, printOsiChecksum, protocolList } from './osi.js';

const HEADER = 9;
const Field = { LENGTH: 1, VERSION: 2, TYPE: 4, HOLD: 5, CHECKSUM: 7 } as const;
const VERSION = 1;
const TYPE_MASK = 0x1f;
const Type = { ESH: 2, ISH: 4, REDIRECT: 6 } as const;
const TYPES: Words = { 2: 'ESH', 4: 'ISH', 6: 'redirect' };
const MAC = 6;
const Option = { PROTOCOLS: 129, CONFIGURATION_TIME: 198 } as const;
const OPTIONS: Words = {
  129: 'Protocols supported',
  195: 'QoS Maintenance',
  197: 'Security',
  198: 'ES Configuration Time',
  205: 'Priority',
  225: 'Address Mask',
  226: 'SNPA Mask',
};

/** Where the header is read and how much of it is left. */
interface Rest {
  at: number;
  left: number;
}

/** Prints an ES-IS packet. */
export function printEsis(p: Printer, offset: number, length: number): void {
  p.protocol = 'esis';
  const { linkHeader, verbose } = p.options;
  if (!linkHeader) p.text('ES-IS');
  if (length <= 2) {
    p.text(p.options.quiet ? 'bad pkt!' : 'no header at all!');
    return;
  }
  p.need(offset, HEADER);
  const size = p.u8(offset + Field.LENGTH);
  const version = p.u8(offset + Field.VERSION);
  if (version !== VERSION) {
    p.text(` version ${version} packet not supported`);
    return;
  }
  if (size > length) {
    p.text(` length indicator(${size}) > PDU size (${length})!`);
    return;
  }
  if (size < HEADER + 2) {
    tooShort(p, offset, size);
    return;
  }
  const type = p.u8(offset + Field.TYPE) & TYPE_MASK;
  const separator = linkHeader ? '' : ', ';
  if (verbose === 0) {
    p.text(`${separator}${wordOf(TYPES, type, 'unknown type (%u)')}, length ${length}`);
    return;
  }
  p.text(`${separator}length ${length}\n\t${wordOf(TYPES, type, 'unknown type: %u')} (${type})`);
  p.text(`, v: ${version}`);
  const checksum = p.u16(offset + Field.CHECKSUM);
  p.text(`, checksum: 0x${hex(checksum, 4)}`);
  printOsiChecksum(p, offset, checksum, Field.CHECKSUM, size);
  p.text(`, holding time: ${p.u16(offset + Field.HOLD)}s, length indicator: ${size}`);
  if (verbose > 1) printUnknownData(p, '\n\t', offset, HEADER);
  const rest: Rest = { at: offset + HEADER, left: size - HEADER };
  if (addresses(p, type, rest)) options(p, rest);
}

/** A header indicator too small to be one, and all that was captured. */
export function tooShort(p: Printer, offset: number, size: number): void {
  p.text(` length indicator ${size} < min PDU size:`);
  for (let at = offset; at < p.snapEnd; at++) p.text(hex(p.u8(at), 2).toUpperCase());
}

/** The addresses that every type has its own of. @returns whether options can follow */
function addresses(p: Printer, type: number, rest: Rest): boolean {
  switch (type) {
    case Type.REDIRECT:
      return redirect(p, rest);
    case Type.ESH: {
      const count = byte(p, rest, 'esh');
      if (count < 0) return false;
      p.text(`\n\t  Number of Source Addresses: ${count}`);
      for (let i = 0; i < count; i++) if (!entity(p, rest, 'esh')) return false;
      return true;
    }
    case Type.ISH:
      return entity(p, rest, 'ish');
    default:
      if (p.options.verbose <= 1 && p.has(rest.at, 1)) {
        printUnknownData(p, '\n\t  ', rest.at, p.available(rest.at));
      }
      return false;
  }
}

/** The next byte; -1 when there is none, which is said with the packet's `name`. */
function byte(p: Printer, rest: Rest, name: string): number {
  const value = p.u8(rest.at);
  if (rest.left < 1) {
    p.text(`, bad ${name}/li`);
    return -1;
  }
  rest.at++;
  rest.left--;
  return value;
}

/** An address behind its length. @returns its length, -1 when there is none */
function address(p: Printer, rest: Rest, name: string): number {
  const length = byte(p, rest, name);
  if (length < 0) return -1;
  p.need(rest.at, length);
  if (rest.left < length) {
    p.text(`, bad ${name}/li`);
    return -1;
  }
  rest.at += length;
  rest.left -= length;
  return length;
}

/** The title of a network entity. @returns false when there is none */
function entity(p: Printer, rest: Rest, name: string): boolean {
  const length = address(p, rest, name);
  if (length < 0) return false;
  p.text(`\n\t  NET (length: ${length}): ${nsapText(p, rest.at - length, length)}`);
  return true;
}

function redirect(p: Printer, rest: Rest): boolean {
  const destination = address(p, rest, 'redirect');
  if (destination < 0) return false;
  p.text(`\n\t  ${nsapText(p, rest.at - destination, destination)}`);
  const link = address(p, rest, 'redirect');
  if (link < 0) return false;
  const linkAt = rest.at - link;
  // The byte with the last address's length is not taken from what is left.
  const next = byte(p, rest, 'redirect');
  if (next < 0) return false;
  rest.left++;
  p.need(rest.at, next);
  if (rest.left < next) {
    p.text(', bad redirect/li');
    return false;
  }
  rest.at += next;
  rest.left -= next;
  const linkText = link === MAC ? macText(p, linkAt) : captured(p, () => p.linkAddress(linkAt, link));
  p.text(`\n\t  SNPA (length: ${link}): ${linkText === '' ? '<empty>' : linkText}`);
  if (next !== 0) p.text(`\n\t  NET (length: ${next}) ${nsapText(p, rest.at - next, next)}`);
  return true;
}

function options(p: Printer, rest: Rest): void {
  let { at, left } = rest;
  while (left !== 0) {
    if (left < 2) {
      p.text(', bad opts/li');
      return;
    }
    const type = p.u8(at);
    let length = p.u8(at + 1);
    at += 2;
    left -= 2;
    if (length > left) {
      p.text(`, opt (${type}) too long`);
      return;
    }
    p.text(`\n\t  ${wordOf(OPTIONS, type, 'Unknown')} Option #${type}, length ${length}, value: `);
    if (type === Option.CONFIGURATION_TIME) p.text(length === 2 ? `${p.u16(at)}s` : '(bad length)');
    else if (type === Option.PROTOCOLS) {
      protocolList(p, at, length);
      // tcpdump looks for the next option where these identifiers are.
      left -= length;
      length = 0;
    } else printUnknownData(p, '\n\t  ', at, length);
    if (p.options.verbose > 1) printUnknownData(p, '\n\t  ', at, length);
    at += length;
    left -= length;
  }
}
