// Values of DHCP options. Source: RFC 2132, 3004, 3046, 3442, 4702, 8572.

import { printUnknownData } from '../../hexdump.js';
import { hex, ipv4Text, wordOf } from '../../inline.js';
import type { Printer, Words } from '../../printer.js';

/** Prints a value, all of it captured. @returns how many of its bytes it used */
export type Value = (p: Printer, offset: number, length: number) => number;

/** As many things of one size as fit, commas between them. */
function list(size: number, one: (p: Printer, offset: number) => string, separator = ','): Value {
  return (p, offset, length) => {
    const count = Math.floor(length / size);
    for (let i = 0; i < count; i++) p.text(`${i > 0 ? separator : ''}${one(p, offset + i * size)}`);
    return count * size;
  };
}

export const addresses = list(4, ipv4Text);
export const integers = list(4, (p, offset) => String(p.s32(offset)));
export const numbers = list(4, (p, offset) => String(p.u32(offset)));
export const shorts = list(2, (p, offset) => String(p.u16(offset)));
export const bytes = list(1, (p, offset) => String(p.u8(offset)), '.');
const hexBytes = list(1, (p, offset) => hex(p.u8(offset), 2), ':');

const pairList = list(8, (p, offset) => `(${ipv4Text(p, offset)}:${ipv4Text(p, offset + 4)})`);

/** What is wrong with a value; none of it is used, or all of it. */
function wrong(p: Printer, what: string, used: number): number {
  p.text(`[${what}]`);
  p.invalid();
  return used;
}

/** The same behind an option's length, where no colon is when that is zero. */
function tooShort(p: Printer, length: number, what: string, used = length): number {
  if (length === 0) p.char(32);
  return wrong(p, what, used);
}

export const booleans: Value = (p, offset, length) => {
  if (length !== 1) return tooShort(p, length, 'length != 1 byte');
  const value = p.u8(offset);
  p.text(value === 0 ? 'N' : value === 1 ? 'Y' : `${value}?`);
  return 1;
};

export const pairs: Value = (p, offset, length) =>
  length < 8 || length % 8 !== 0 ? tooShort(p, length, 'length != N x 8 bytes') : pairList(p, offset, length);

function quoted(p: Printer, offset: number, length: number): void {
  p.char(34);
  p.safeBytes(offset, length);
  p.char(34);
}

export const text: Value = (p, offset, length) => {
  quoted(p, offset, length);
  return length;
};

/** What is not known, by its length. */
export const unknown: Value = (p, offset, length) => {
  if (length % 2 === 1) return bytes(p, offset, length);
  return (length % 4 === 2 ? shorts : numbers)(p, offset, length);
};

/** One byte that is a word. */
function word(words: Words): Value {
  return (p, offset, length) => {
    if (length < 1) return tooShort(p, length, 'length < 1 bytes');
    p.word(words, p.u8(offset), '#%d');
    return 1;
  };
}

export const nodeType = word({ 1: 'b-node', 2: 'p-node', 4: 'm-node', 8: 'h-node' });
export const overload = word({ 1: 'file', 2: 'sname', 3: 'file+sname' });

const MESSAGES: Words = {
  1: 'Discover',
  2: 'Offer',
  3: 'Request',
  4: 'Decline',
  5: 'ACK',
  6: 'NACK',
  7: 'Release',
  8: 'Inform',
  10: 'LeaseQuery',
  11: 'LeaseUnassigned',
  12: 'LeaseUnknown',
  13: 'LeaseActive',
};

export const message: Value = (p, offset, length) => {
  if (length !== 1) return bytes(p, offset, length);
  p.word(MESSAGES, p.u8(offset), 'Unknown (%u)');
  return 1;
};

const FQDN_FLAGS = ['S', 'O', 'E', 'N'] as const;

export const clientName: Value = (p, offset, length) => {
  if (length < 3) return tooShort(p, length, 'length < 3 bytes');
  const flags = p.u8(offset);
  if (flags >> 4 !== 0) {
    wrong(p, `MBZ nibble 0x${hex(flags >> 4)} != 0`, 0);
    p.char(32);
  }
  if ((flags & 0x0f) !== 0) p.text(`[${FQDN_FLAGS.filter((_, bit) => flags & (1 << bit)).join('')}] `);
  const codes = [p.u8(offset + 1), p.u8(offset + 2)];
  if (codes.some((code) => code !== 0)) p.text(`${codes.join('/')} `);
  quoted(p, offset + 3, length - 3);
  return length;
};

const HARDWARE: Words = {
  1: 'ether',
  6: 'ieee802',
  7: 'arcnet',
  15: 'frelay',
  23: 'strip',
  24: 'ieee1394',
};

export const clientIdentifier: Value = (p, offset, length) => {
  if (length < 1) return tooShort(p, length, 'length < 1 bytes');
  const type = p.u8(offset);
  if (type === 0) quoted(p, offset + 1, length - 1);
  else {
    p.text(`${wordOf(HARDWARE, type, 'hardware-type %u,')} `);
    hexBytes(p, offset + 1, length - 1);
  }
  return length;
};

const AGENT: Words = { 1: 'Circuit-ID', 2: 'Remote-ID', 6: 'Subscriber-ID' };

export const agent: Value = (p, offset, length) => {
  let used = 0;
  while (length - used >= 2) {
    const type = p.u8(offset + used);
    const size = p.u8(offset + used + 1);
    used += 2;
    p.text(`\n\t      ${wordOf(AGENT, type, 'Unknown')} SubOption ${type}, length ${size}: `);
    if (size > length - used) {
      p.text('length goes past end of option');
      return length;
    }
    if (AGENT[type] === undefined) printUnknownData(p, '\n\t\t', offset + used, size);
    else p.safeBytes(offset + used, size);
    used += size;
  }
  return used;
};

/** Destinations of as many bytes as their masks need, and routers (RFC 3442). */
export const routes: Value = (p, offset, length) => {
  if (length < 5) return tooShort(p, length, 'length < 5 bytes');
  for (let used = 0; used < length; ) {
    if (used > 0) p.char(44);
    const width = p.u8(offset + used);
    used++;
    if (width > 32) return wrong(p, `Mask width (${width}) > 32`, length);
    const octets = Math.ceil(width / 8);
    if (length - used < octets + 4) {
      return wrong(p, `Remaining length (${length - used}) < ${octets + 4} bytes`, length);
    }
    const octet = (i: number): number => (i < octets ? p.u8(offset + used + i) : 0);
    const destination = width === 0 ? 'default' : `${[0, 1, 2, 3].map(octet).join('.')}/${width}`;
    p.text(`(${destination}:${ipv4Text(p, offset + used + octets)})`);
    used += octets + 4;
  }
  return length;
};

export const userClass: Value = (p, offset, length) => {
  if (length < 2) return tooShort(p, length, 'length < 2 bytes');
  for (let used = 0, instance = 1; used < length; instance++) {
    const size = p.u8(offset + used);
    used++;
    p.text(`\n\t      instance#${instance}: `);
    if (size === 0) return wrong(p, 'suboption length == 0', length);
    if (length - used < size) {
      // tcpdump has no bracket behind it.
      p.text(`[length ${length - used} < suboption length ${size}`);
      p.invalid();
      return length;
    }
    quoted(p, offset + used, size);
    p.text(`, length ${size}`);
    used += size;
  }
  return length;
};

/** Addresses of bootstrap servers (RFC 8572). */
export const bootstrap: Value = (p, offset, length) => {
  let used = 0;
  while (length - used >= 2) {
    const size = p.u16(offset + used);
    used += 2;
    p.text(`\n\t\t    length ${size}: `);
    if (length - used < size) {
      p.text('length goes past end of option');
      return length;
    }
    quoted(p, offset + used, size);
    used += size;
  }
  if (used < length) wrong(p, 'length < 2 bytes', 0);
  return used;
};
