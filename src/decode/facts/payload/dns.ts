// DNS messages: the question, the code, the answers' addresses and names. Source: RFC 1035.

import { u16, u32 } from '../../link.js';
import { ipv4Text, ipv6Text } from './address.js';

const HEADER = 12;
/** Pointers followed in a name, and records looked at in a message: more is an attack. */
const MAXIMUM_POINTERS = 64;
const MAXIMUM_RECORDS = 64;
/** Characters of a name, escapes not counted (RFC 1035 2.3.4). */
const MAXIMUM_NAME = 255;

const Type = { A: 1, CNAME: 5, PTR: 12, AAAA: 28 } as const;
const TYPES: Readonly<Record<number, string>> = {
  1: 'A',
  2: 'NS',
  5: 'CNAME',
  6: 'SOA',
  12: 'PTR',
  15: 'MX',
  16: 'TXT',
  28: 'AAAA',
  33: 'SRV',
  35: 'NAPTR',
  41: 'OPT',
  43: 'DS',
  46: 'RRSIG',
  47: 'NSEC',
  48: 'DNSKEY',
  52: 'TLSA',
  64: 'SVCB',
  65: 'HTTPS',
  251: 'IXFR',
  252: 'AXFR',
  255: 'ANY',
  257: 'CAA',
};

export interface DnsAnswer {
  /** Whose record it is. */
  readonly name: string;
  readonly type: string;
  /** An address or a name; null for other types. */
  readonly value: string | null;
  /** Seconds. */
  readonly ttl: number;
}

export interface Dns {
  readonly id: number;
  readonly response: boolean;
  readonly opcode: number;
  /** The response's code (RFC 1035 4.1.1): 0 no error, 3 no such name. */
  readonly code: number;
  /** Name of the first question, without the dot at its end; the root is '.'. Null: no question, or cut off. */
  readonly question: string | null;
  /** A, AAAA, …, or TYPE and its number (RFC 3597). */
  readonly questionType: string | null;
  readonly answers: readonly DnsAnswer[];
}

interface Name {
  readonly text: string;
  /** Behind it. */
  readonly next: number;
}

/** A name's label as files of zones have it: dots and what is not printable escaped (RFC 1035 5.1). */
function labelText(b: Uint8Array, at: number, length: number): string {
  let text = '';
  for (let i = at; i < at + length; i++) {
    const c = b[i]!;
    if (c === 0x2e || c === 0x5c) text += `\\${String.fromCharCode(c)}`;
    else if (c > 0x20 && c < 0x7f) text += String.fromCharCode(c);
    else text += `\\${String(c).padStart(3, '0')}`;
  }
  return text;
}

/** @returns null where the name is broken or cut off */
function readName(b: Uint8Array, start: number, end: number, at: number): Name | null {
  const labels: string[] = [];
  let next = -1;
  let length = 0;
  for (let pointers = 0; at < end; ) {
    const size = b[at]!;
    if (size === 0) return { text: labels.join('.') || '.', next: next < 0 ? at + 1 : next };
    if (size >= 0xc0) {
      if (at + 2 > end || ++pointers > MAXIMUM_POINTERS) return null;
      if (next < 0) next = at + 2;
      at = start + (u16(b, at) & 0x3fff);
      continue;
    }
    length += size + 1;
    if (size > 63 || at + 1 + size > end || length > MAXIMUM_NAME) return null;
    labels.push(labelText(b, at + 1, size));
    at += 1 + size;
  }
  return null;
}

/**
 * @param b bytes
 * @param start where the message begins (over TCP behind its length)
 * @param end of what was captured
 * @returns null when these are no DNS header
 */
export function readDns(b: Uint8Array, start: number, end: number): Dns | null {
  if (start + HEADER > end) return null;
  const flags = u16(b, start + 2);
  const questions = u16(b, start + 4);
  const records = u16(b, start + 6);
  const dns = {
    id: u16(b, start),
    response: (flags & 0x8000) !== 0,
    opcode: (flags >> 11) & 15,
    code: flags & 15,
    question: null as string | null,
    questionType: null as string | null,
    answers: [] as DnsAnswer[],
  };
  let at = start + HEADER;
  for (let i = 0; i < questions; i++) {
    const name = i < MAXIMUM_RECORDS ? readName(b, start, end, at) : null;
    if (name === null || name.next + 4 > end) return dns;
    if (i === 0) {
      dns.question = name.text;
      dns.questionType = typeText(u16(b, name.next));
    }
    at = name.next + 4;
  }
  for (let i = 0; i < Math.min(records, MAXIMUM_RECORDS); i++) {
    const name = readName(b, start, end, at);
    if (name === null || name.next + 10 > end) break;
    const type = u16(b, name.next);
    const data = name.next + 10;
    const size = u16(b, name.next + 8);
    if (data + size > end) break;
    dns.answers.push({
      name: name.text,
      type: typeText(type),
      value: recordValue(b, start, end, type, data, size),
      ttl: u32(b, name.next + 4),
    });
    at = data + size;
  }
  return dns;
}

function typeText(type: number): string {
  return TYPES[type] ?? `TYPE${type}`;
}

function recordValue(
  b: Uint8Array,
  start: number,
  end: number,
  type: number,
  at: number,
  size: number,
): string | null {
  if (type === Type.A && size === 4) return ipv4Text(b, at);
  if (type === Type.AAAA && size === 16) return ipv6Text(b, at);
  if (type === Type.CNAME || type === Type.PTR) return readName(b, start, end, at)?.text ?? null;
  return null;
}
