// TCP's options. Source: IANA's list; RFC 9293, 7323 (timestamps), 2018 (SACK), 2385 (MD5), 5925 (AO), 5482 (user
// timeout), 7413 (fast open), 6994 (experiments), 8684 (multipath), draft-ietf-tcpm-accurate-ecn (AccECN).

import type { Printer, Words } from '../../printer.js';
import { Constant } from '../../writer.js';
import { Signature, verifySignature } from './md5.js';
import { multipath } from './mptcp.js';

const MINIMUM = 20;
const Kind = {
  EOL: 0,
  NOP: 1,
  MSS: 2,
  WINDOW_SCALE: 3,
  SACK_PERMITTED: 4,
  SACK: 5,
  ECHO: 6,
  ECHO_REPLY: 7,
  TIMESTAMPS: 8,
  CC: 11,
  CC_NEW: 12,
  CC_ECHO: 13,
  MD5: 19,
  SCPS: 20,
  USER_TIMEOUT: 28,
  AUTHENTICATION: 29,
  MULTIPATH: 30,
  FAST_OPEN: 34,
  EXPERIMENT_2: 254,
} as const;

const NAMES: Words = {
  0: 'eol',
  1: 'nop',
  2: 'mss',
  3: 'wscale',
  4: 'sackOK',
  5: 'sack',
  6: 'echo',
  7: 'echoreply',
  8: 'TS',
  11: 'cc',
  12: 'ccnew',
  13: '',
  19: 'md5',
  20: 'scps',
  28: 'uto',
  29: 'tcp-ao',
  30: 'mptcp',
  34: 'tfo',
  172: 'exp-acc0',
  174: 'exp-acc1',
  254: 'exp',
};

const NOP = new Constant('nop');
const VALUE = new Constant(' val ');
const ECHO_REPLY = new Constant(' ecr ');

const DIGEST = 16;
/** Experiment that became fast open. */
const FAST_OPEN_MAGIC = 0xf989;

/**
 * Prints the options of the segment at `tcp`.
 * @param length of the segment
 * @param base what SACK edges are relative to
 * @returns false when they are broken: `[bad opt]]` is said, and nothing more can be
 */
export function tcpOptions(
  p: Printer,
  tcp: number,
  headerLength: number,
  length: number,
  flags: number,
  base: number,
): boolean {
  const end = tcp + headerLength;
  for (let at = tcp + MINIMUM; at < end; ) {
    if (at > tcp + MINIMUM) p.char(44);
    const kind = p.u8(at);
    if (kind === Kind.NOP) {
      p.put(NOP);
      at++;
      continue;
    }
    if (kind === Kind.EOL) {
      p.text('eol');
      return true;
    }
    const size = p.u8(at + 1);
    if (size < 2 || at + size > end) return bad(p, at > tcp + MINIMUM);
    const name = NAMES[kind];
    if (name === undefined) {
      p.text('unknown-');
      p.dec(kind);
    } else p.text(name);
    const used = option(p, tcp, at, kind, size, end, headerLength, length, flags, base);
    if (used < 0) return bad(p, at > tcp + MINIMUM);
    if (used !== size) p.text(`[len ${size}]`);
    at += used;
  }
  return true;
}

/** The brackets are closed when an option stands before the bad one. */
function bad(p: Printer, close: boolean): false {
  p.text('[bad opt]');
  if (close) p.char(93);
  return false;
}

/** Fails, with -1, unless `count` bytes from `at` are within the header; throws unless they were captured. */
function data(p: Printer, at: number, count: number, end: number): boolean {
  if (at + count > end) return false;
  p.need(at, count);
  return true;
}

/** @returns bytes the option has by its kind, type and length included; -1 when it is broken */
function option(
  p: Printer,
  tcp: number,
  at: number,
  kind: number,
  size: number,
  end: number,
  headerLength: number,
  length: number,
  flags: number,
  base: number,
): number {
  const body = at + 2;
  switch (kind) {
    case Kind.TIMESTAMPS:
      if (!data(p, body, 8, end)) return -1;
      p.put(VALUE);
      p.dec(p.u32(body));
      p.put(ECHO_REPLY);
      p.dec(p.u32(body + 4));
      return 10;
    case Kind.MSS:
      if (!data(p, body, 2, end)) return -1;
      p.char(32);
      p.dec(p.u16(body));
      return 4;
    case Kind.WINDOW_SCALE:
      if (!data(p, body, 1, end)) return -1;
      p.char(32);
      p.dec(p.u8(body));
      return 3;
    case Kind.SACK_PERMITTED:
      return 2;
    case Kind.SACK:
      return sack(p, body, size, end, base);
    case Kind.ECHO:
    case Kind.ECHO_REPLY:
    case Kind.CC:
    case Kind.CC_NEW:
    case Kind.CC_ECHO:
      if (!data(p, body, 4, end)) return -1;
      p.char(32);
      p.dec(p.u32(body));
      return 6;
    case Kind.MD5:
      if (!data(p, body, DIGEST, end)) return -1;
      signature(p, tcp, headerLength, length, body);
      return DIGEST + 2;
    case Kind.SCPS:
      if (!data(p, body, 2, end)) return -1;
      p.text(' cap ');
      p.hex0(p.u8(body), 2);
      p.text(` id ${p.u8(body + 1)}`);
      return 4;
    case Kind.USER_TIMEOUT: {
      if (!data(p, body, 2, end)) return -1;
      const timeout = p.u16(body);
      p.text(' 0x');
      p.hex(timeout);
      // The lowest bit says minutes.
      p.text(` ${(timeout >> 1) * ((timeout & 1) === 1 ? 60 : 1)}`);
      return 4;
    }
    case Kind.AUTHENTICATION:
      return authentication(p, body, size, end);
    case Kind.MULTIPATH: {
      p.need(at, size);
      p.pushSnapEnd(at + size);
      const good = multipath(p, at, size, flags);
      p.pop();
      return good ? size : -1;
    }
    case Kind.FAST_OPEN:
      p.need(at, size);
      p.char(32);
      fastOpen(p, body, size - 2);
      return size;
    case Kind.EXPERIMENT_2: {
      p.need(at, size);
      if (size < 4) return -1;
      const magic = p.u16(body);
      p.char(45);
      if (magic === FAST_OPEN_MAGIC) {
        p.text('tfo');
        fastOpen(p, body + 2, size - 4);
      } else p.hex0(magic, 4);
      return size;
    }
    default:
      if (size > 2) {
        p.text(' 0x');
        for (let i = 0; i < size - 2; i++) p.hex0(p.u8(body + i), 2);
      }
      return size;
  }
}

function sack(p: Printer, body: number, size: number, end: number, base: number): number {
  const count = size - 2;
  if (count % 8 !== 0) {
    p.text(' invalid sack');
    return size;
  }
  p.char(32);
  p.dec(count / 8);
  p.char(32);
  for (let i = 0; i < count; i += 8) {
    if (!data(p, body + i, 8, end)) return -1;
    p.char(123);
    p.dec((p.u32(body + i) - base) >>> 0);
    p.char(58);
    p.dec((p.u32(body + i + 4) - base) >>> 0);
    p.char(125);
  }
  return size;
}

function signature(p: Printer, tcp: number, headerLength: number, length: number, digest: number): void {
  p.char(32);
  switch (verifySignature(p, tcp, headerLength, length, digest)) {
    case Signature.VALID:
      p.text('valid');
      return;
    case Signature.INVALID:
      p.invalid();
      return;
    default:
      p.text("can't check - ");
      for (let i = 0; i < DIGEST; i++) p.hex0(p.u8(digest + i), 2);
  }
}

function authentication(p: Printer, body: number, size: number, end: number): number {
  if (size < 4) {
    p.invalid();
    return size;
  }
  if (body + size - 2 > end) return -1;
  p.text(` keyid ${p.u8(body)}`);
  p.text(` rnextkeyid ${p.u8(body + 1)}`);
  if (size > 4) {
    p.text(' mac 0x');
    for (let i = 4; i < size; i++) p.hex0(p.u8(body + i - 2), 2);
  }
  return size;
}

function fastOpen(p: Printer, offset: number, length: number): void {
  if (length === 0) p.text(' cookiereq');
  else if (length % 2 !== 0 || length < 4 || length > 16) p.invalid();
  else {
    p.text(' cookie ');
    for (let i = 0; i < length; i++) p.hex0(p.u8(offset + i), 2);
  }
}
