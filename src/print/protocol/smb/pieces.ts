// The values that fields of SMB and NetBIOS have. Numbers are little-endian unless their name says otherwise.

import { bare, CUT, type Layout, line, type Piece, type Step, text } from './layout.js';
import type { SmbState } from './state.js';
import { countedString, encodedName, paddedText, plainName, typedString, zeroTerminated } from './strings.js';
import { dosTime, fileTime, swappedDosTime } from './times.js';

type Read = (s: SmbState, at: number) => number;

/** A decimal number with its hexadecimal form behind it. */
function decimal(size: number, read: Read): Piece {
  return (s, at) => {
    const value = read(s, at);
    s.p.text(`${value} (0x${(value >>> 0).toString(16)})`);
    return at + size;
  };
}

/** Digits in upper case. */
function hexadecimal(size: number, read: Read): Piece {
  return (s, at) => {
    s.p.text(`0x${read(s, at).toString(16).toUpperCase()}`);
    return at + size;
  };
}

/** The length of a string that comes later. */
function stringLength(size: number, read: Read): Piece {
  return (s, at) => {
    s.stringLength = read(s, at);
    s.p.dec(s.stringLength);
    return at + size;
  };
}

const u8: Read = (s, at) => s.p.u8(at);
const le16: Read = (s, at) => s.p.le16(at);
const le32: Read = (s, at) => s.p.le32(at);

export const DEC8 = decimal(1, u8);
export const DEC16 = decimal(2, le16);
const DEC32 = decimal(4, le32);
const INT32 = decimal(4, (s, at) => s.p.le32(at) | 0);
export const HEX8 = hexadecimal(1, u8);
export const HEX16 = hexadecimal(2, le16);
export const HEX32 = hexadecimal(4, le32);
export const BE_DEC16 = decimal(2, (s, at) => s.p.u16(at));
export const BE_DEC32 = decimal(4, (s, at) => s.p.u32(at));
export const BE_HEX16 = hexadecimal(2, (s, at) => s.p.u16(at));
export const LENGTH8 = stringLength(1, u8);
export const LENGTH16 = stringLength(2, le16);
export const LENGTH32 = stringLength(4, le32);

const DEC64: Piece = (s, at) => {
  const value = s.p.le64(at);
  s.p.text(`${value} (0x${value.toString(16)})`);
  return at + 8;
};

/** Offsets and lengths of locks: the high half first, each half little-endian. */
export const MIXED64: Piece = (s, at) => {
  if (!s.p.has(at, 8)) return CUT;
  const value = (BigInt(s.p.le32(at)) << 32n) | BigInt(s.p.le32(at + 4));
  s.p.text(`${value} (0x${value.toString(16)})`);
  return at + 8;
};

/** `count` bytes that are not shown. */
export function skip(count: number): Piece {
  return (s, at) => (s.p.has(at, count) ? at + count : CUT);
}

/** Names of the bits of a number from the lowest on, '' for one without; a space behind each that is set. */
function flags(names: readonly string[], size: number, read: Read): Piece {
  return (s, at) => {
    const value = read(s, at);
    names.forEach((name, bit) => {
      if (name !== '' && ((value >> bit) & 1) !== 0) s.p.text(`${name} `);
    });
    return at + size;
  };
}

export const flags8 = (...names: readonly string[]): Piece => flags(names, 1, u8);

const ATTRIBUTES = ['READONLY', 'HIDDEN', 'SYSTEM', 'VOLUME', 'DIR', 'ARCHIVE'];
export const ATTRIBUTES8 = flags(ATTRIBUTES, 1, u8);
const ATTRIBUTES16 = flags(ATTRIBUTES, 2, le16);

/** To a zero: UTF-16 where the message says so. */
export const STRING: Piece = (s, at) => zeroTerminated(s, at, s.unicode);
/** To a zero: ASCII always. */
export const ASCII: Piece = (s, at) => zeroTerminated(s, at, false);
/** A string behind a byte that says it is one. */
const TYPED_STRING: Piece = (s, at, end) => typedString(s, at, end, s.unicode);
export const TYPED_ASCII: Piece = (s, at, end) => typedString(s, at, end, false);
/** As long as a field before it says. */
export const COUNTED_STRING: Piece = (s, at) => countedString(s, at);
/** The same, of bytes. */
export const COUNTED_TEXT: Piece = (s, at) => {
  if (s.stringLength < 0) {
    s.p.text('{stringlen not set}');
    return CUT;
  }
  return paddedText(s, at, s.stringLength);
};
/** `count` bytes of text. */
export const fixedText =
  (count: number): Piece =>
  (s, at) =>
    paddedText(s, at, count);

/** A NetBIOS name in the half-ASCII of RFC 1001, or a pointer to one. */
export const ENCODED_NAME: Piece = encodedName;
/** A NetBIOS name of sixteen bytes as it is. */
export const PLAIN_NAME: Piece = plainName;

/** Times end their line. */
export const DOS_TIME: Piece = dosTime;
export const SWAPPED_DOS_TIME: Piece = swappedDosTime;
export const FILE_TIME: Piece = fileTime;

const of =
  (piece: Piece) =>
  (label: string): Layout =>
    line(label, piece);

export const dec16 = of(DEC16);
export const dec32 = of(DEC32);
export const dec64 = of(DEC64);
export const int32 = of(INT32);
export const hex8 = of(HEX8);
export const hex16 = of(HEX16);
export const hex32 = of(HEX32);
export const attributes = of(ATTRIBUTES16);
export const string = of(STRING);
export const typed = of(TYPED_STRING);

/** `label=` and a time, which ends its line. */
export const time = (label: string, piece: Piece = SWAPPED_DOS_TIME): readonly Step[] => [
  text(`${label}=`),
  bare(piece),
];

/** `label=(0x1,0x2)`: `count` words. */
export function words(label: string, count: number, separator = ','): Step[] {
  const pieces = Array.from({ length: count }, () => HEX16);
  const between = pieces.flatMap((piece, i) => (i === 0 ? [piece] : [separator, piece]));
  return [text(`${label}=(`), bare(...between), text(')')];
}
