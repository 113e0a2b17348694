// Options of Pragmatic General Multicast. Source: RFC 3208, section 9; draft-ietf-rmt-bb-pgmcc.

import { hex } from '../../inline.js';
import type { Printer } from '../../printer.js';
import { familyWidth, numericAddress } from './address.js';

const HEADER = 4;
const END = 0x80;
const Option = {
  LENGTH: 0x00,
  NAK_LIST: 0x02,
  REDIRECT: 0x07,
  PATH: 0x0c,
  CONGESTION_REPORT: 0x10,
  CONGESTION_DATA: 0x12,
  CONGESTION_FEEDBACK: 0x13,
} as const;

/** Options of one length: their names, lengths and texts. The numbers begin behind four bytes of header. */
const FIXED: Readonly<
  Record<number, readonly [name: string, size: number, text: (...n: number[]) => string]>
> = {
  0x01: ['FRAGMENT', 16, (seq, off, len) => `FRAG seq ${seq} off ${off} len ${len}`],
  0x03: ['JOIN', 8, (seq) => `JOIN ${seq}`],
  0x04: ['NAK_BO_IVL', 12, (interval, seq) => `BACKOFF ivl ${interval} ivlseq ${seq}`],
  0x05: ['NAK_BO_RNG', 12, (most, least) => `BACKOFF max ${most} min ${least}`],
  0x08: ['PARITY_PRM', 8, (size) => `PARITY MAXTGS ${size}`],
  0x09: ['PARITY_GRP', 8, (group) => `PARITY GROUP ${group}`],
  0x0a: ['CURR_TGSIZE', 8, (size) => `PARITY ATGS ${size}`],
  0x0b: ['NBR_UNREACH', 4, () => 'NBR_UNREACH'],
  0x0d: ['SYN', 4, () => 'SYN'],
  0x0e: ['FIN', 4, () => 'FIN'],
  0x0f: ['RST', 4, () => 'RST'],
  0x11: ['CRQST', 4, () => 'CRQST'],
};
/** Options that end with an address: their names, bytes in front of it, and texts. */
const ADDRESSED: Readonly<Record<number, readonly [name: string, size: number, text: string]>> = {
  [Option.REDIRECT]: ['OPT_REDIRECT', 8, 'REDIRECT'],
  [Option.CONGESTION_DATA]: ['OPT_PGMCC_DATA', 12, 'PGMCC DATA'],
  [Option.CONGESTION_FEEDBACK]: ['OPT_PGMCC_FEEDBACK', 12, 'PGMCC FEEDBACK'],
};

/** What an option took: its bytes in the packet and of those that are left, both -1 when it is wrong. */
interface Used {
  readonly bytes: number;
  readonly left: number;
}
const WRONG: Used = { bytes: -1, left: -1 };

/** @returns where the data begins, -1 when an option is wrong */
export function pgmOptions(p: Printer, at: number): number {
  p.need(at, HEADER);
  const first = p.u8(at) & ~END;
  if (first !== Option.LENGTH) {
    p.text(`[First option bad, should be PGM_OPT_LENGTH, is ${first}]`);
    return -1;
  }
  if (p.u8(at + 1) !== HEADER) {
    p.text(`[Bad OPT_LENGTH option, length ${p.u8(at + 1)} != ${HEADER}]`);
    return -1;
  }
  const total = p.u16(at + 2);
  if (total < HEADER) {
    p.text(`[Bad total option length ${total} < ${HEADER}]`);
    return -1;
  }
  p.text(` OPTS LEN ${total}`);
  at += HEADER;
  let left = total - HEADER;
  while (left > 0) {
    if (left < HEADER) return noRoom(p);
    p.need(at, 2);
    const type = p.u8(at);
    const size = p.u8(at + 1);
    if (size < HEADER) {
      p.text(`[Bad option, length ${size} < ${HEADER}]`);
      return at + 2;
    }
    if (left < size) return noRoom(p);
    p.need(at, size);
    const used = option(p, type, at, size);
    if (used.bytes < 0) return -1;
    at += used.bytes;
    left -= used.left;
    if ((type & END) !== 0) break;
  }
  return at;
}

function noRoom(p: Printer): number {
  p.text('[Total option length leaves no room for final option]');
  return -1;
}

function option(p: Printer, type: number, at: number, size: number): Used {
  const kind = type & ~END;
  const fixed = FIXED[kind];
  if (fixed !== undefined) {
    const [name, right, text] = fixed;
    if (size !== right) return bad(p, `OPT_${name}`, `${size} != ${right}`);
    const numbers = [4, 8, 12].map((place) => (place < size ? p.u32(at + place) : 0));
    p.text(` ${text(...numbers)}`);
    return { bytes: size, left: size };
  }
  const addressed = ADDRESSED[kind];
  if (addressed !== undefined) return withAddress(p, addressed, at, size);
  switch (kind) {
    case Option.LENGTH:
      if (size !== HEADER) return bad(p, 'OPT_LENGTH', `${size} != ${HEADER}`);
      p.text(` OPTS LEN (extra?) ${p.u16(at + 2)}`);
      return { bytes: size, left: size };
    case Option.NAK_LIST:
      return nakList(p, at, size);
    case Option.PATH:
      p.text(` PATH_NLA [${size}]`);
      break;
    case Option.CONGESTION_REPORT:
      p.text(' CR');
      break;
    default:
      p.text(` OPT_${hex(type, 2).toUpperCase()} [${size}] `);
  }
  // These are skipped from behind their lengths on.
  return { bytes: size + 2, left: size };
}

function bad(p: Printer, name: string, what: string): Used {
  p.text(`[Bad ${name} option, length ${what}]`);
  return WRONG;
}

/** tcpdump does not count the header of the list to what is left. */
function nakList(p: Printer, at: number, size: number): Used {
  p.text(' NAK LIST');
  let left = size - HEADER;
  for (let number = at + HEADER; left > 0; number += 4, left -= 4) {
    if (left < 4) {
      p.text('[Option length not a multiple of 4]');
      return WRONG;
    }
    p.text(` ${p.u32(number)}`);
  }
  return { bytes: size, left: size - HEADER };
}

function withAddress(
  p: Printer,
  [name, fixed, text]: readonly [string, number, string],
  at: number,
  size: number,
): Used {
  const feedback = name === 'OPT_PGMCC_FEEDBACK';
  if (size < fixed) return bad(p, feedback ? `PGM_${name}` : name, `${size} < ${fixed}`);
  const width = familyWidth(p.u16(at + fixed - 4));
  if (size !== fixed + width) return bad(p, name, `${size} != ${fixed} + address size`);
  const address = numericAddress(p, at + fixed, width);
  p.text(` ${text}${fixed > 8 ? ` ${p.u32(at + 4)}` : ''} ${address}`);
  return { bytes: size, left: size };
}
