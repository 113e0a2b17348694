// What TLVs of ForCES have in common. Source: RFC 5810, section 6.1.

import { counted } from '../../inline.js';
import type { Printer, Words } from '../../printer.js';

/** Bytes of a TLV's type and length. */
export const HEADER = 4;
/** Bytes of an ILV's type and length. */
export const ILV_HEADER = 8;

/** Operations on what a TLV selects. */
export const Operation = {
  SET: 1,
  SETPROP: 2,
  SETRESP: 3,
  SETPRESP: 4,
  DEL: 5,
  DELRESP: 6,
  GET: 7,
  GETPROP: 8,
  GETRESP: 9,
  GETPRESP: 10,
  REPORT: 11,
  COMMIT: 12,
  RCOMMIT: 13,
  RTRCOMP: 14,
} as const;

/** Types of TLVs. */
export const Tlv = {
  PATH_DATA: 0x110,
  KEY_INFO: 0x111,
  FULL_DATA: 0x112,
  SPARSE_DATA: 0x113,
  RESULT: 0x114,
  METADATA: 0x115,
  REDIRECT_DATA: 0x116,
} as const;

export const TLVS: Words = {
  ...counted(0, 'Invalid TLV|REDIRECT TLV'),
  ...counted(0x10, 'ASResult TLV|ASTreason TLV'),
  ...counted(
    Tlv.PATH_DATA,
    'PATH-DATA TLV|KEYINFO TLV|FULLDATA TLV|SPARSEDATA TLV|RESULT TLV|METADATA TLV|REDIRECTDATA TLV',
  ),
  4096: 'LFBselect TLV',
};

/** What is wrong with a length. */
export const WRONG = counted(1, 'Invalid total length|xLV too short|xLV too long|data padding missing');

/**
 * Prints what is in a TLV of `length` bytes, its data at `offset`; in some of them the TLV is.
 * OVERRUN when it breaks the rules.
 */
export type TlvPrinter = (p: Printer, offset: number, length: number, mask: number, indent: number) => void;

/** The bits that stand for operations. */
export function opBits(...operations: readonly number[]): number {
  return operations.reduce((bits, operation) => bits | (1 << (operation - 1)), 0);
}

/** Bytes a TLV takes up, padded to four. */
export const next = (length: number): number => Math.ceil(length / 4) * 4;

/** What is wrong with the length of a TLV in `left` bytes, 0 for nothing. */
export function tlvWrong(length: number, left: number, least = HEADER): number {
  if (left < least) return 1;
  if (length < least) return 2;
  if (length > left) return 3;
  return left < next(length) ? 4 : 0;
}

/** Spaces. */
export const spaces = (count: number): string => ' '.repeat(Math.max(0, count));

/** Types of TLVs that may be on top. */
export function topType(type: number): boolean {
  return type === 1 || type === 0x1000 || (type >= 0x10 && type <= 0x11) || (type >= 0x110 && type <= 0x116);
}
