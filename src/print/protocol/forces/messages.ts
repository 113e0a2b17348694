// TLVs on top of messages of ForCES: what is selected and done with it, results, redirected packets.

import { OVERRUN } from '../../endings.js';
import { hexWhole } from '../../hexdump.js';
import { counted, hex, wordOf } from '../../inline.js';
import type { Printer } from '../../printer.js';
import { operation, unknownOperation } from './path.js';
import { HEADER, ILV_HEADER, next, spaces, Tlv, type TlvPrinter, tlvWrong } from './tlv.js';

/** What a selector has in front of its operations, and least has with one. */
const Selector = { HEADER: 8, LEAST: 12 } as const;
const CLASSES = counted(0, 'Invalid TLV|FEObj LFB|FEProtoObj LFB');
const LAST_OPERATION = 14;
const VENDOR_OPERATION = 0x8000;
const REASONS = counted(
  0,
  'Normal Teardown|Loss of Heartbeats|Out of bandwidth|Out of Memory|Application Crash',
);
const RESULTS = counted(0, 'Success |FE ID invalid |permission denied |Unknown ');
const Most = { REASON: 255, RESULT: 3 } as const;
const RESULT_SIZE = 4;
const REDIRECT_LEAST = 8;

/** What is left behind TLVs that do not fit. */
function messy(p: Printer, at: number, left: number, what: string): void {
  if (left === 0) return;
  const excess = (left - p.u16(at + 2)) >>> 0;
  p.text(`\n\t\tMessy ${what} TLV header, type (0x${hex(p.u16(at))})\n\t\texcess of ${excess} Bytes `);
  throw OVERRUN;
}

function allowed(operation: number, mask: number): boolean {
  if (operation === 0) return false;
  if (operation <= LAST_OPERATION) return ((1 << (operation - 1)) & mask) !== 0;
  return operation >= VENDOR_OPERATION;
}

/** A logical function block, and operations on it. */
export const lfbSelect: TlvPrinter = (p, offset, length, mask, indent) => {
  const size = length - HEADER;
  if (size <= Selector.LEAST) {
    p.text(`\n\t\tundersized lfb selector: ${Selector.LEAST - size} bytes missing! `);
    throw OVERRUN;
  }
  p.need(offset, Selector.HEADER);
  const { verbose } = p.options;
  if (verbose > 2) {
    const number = p.u32(offset);
    const name = wordOf(CLASSES, number, '#%d');
    p.text(`\n${spaces(indent)}${name}(Classid ${hex(number)}) instance ${hex(p.u32(offset + 4))}\n`);
  }
  let at = offset + Selector.HEADER;
  let left = size - Selector.HEADER;
  while (left !== 0) {
    const type = p.u16(at);
    const inside = p.u16(at + 2);
    if (tlvWrong(inside, left) !== 0) break;
    if (allowed(type, mask)) operation(p, at, indent + 1);
    else {
      if (verbose < 3) p.char(10);
      p.text(`\t\tINValid oper-TLV type 0x${hex(type)} length ${inside} for this ForCES message\n`);
      unknownOperation(p, at, left, 0, indent + 1);
    }
    at += next(inside);
    left -= next(inside);
  }
  messy(p, at, left, 'oper');
};

/** The number in a TLV that says why or how. */
function code(p: Printer, offset: number, length: number, name: string, most: number): number {
  const size = length - HEADER;
  if (size !== RESULT_SIZE) {
    p.text(`illegal ${name}-TLV: ${size} bytes!\n`);
    throw OVERRUN;
  }
  const value = p.u32(offset);
  if (value <= most) return value;
  p.text(`illegal ${name} result code: ${value}!\n`);
  throw OVERRUN;
}

/** Why an association ends. */
export const teardownReason: TlvPrinter = (p, offset, length, _mask, indent) => {
  const value = code(p, offset, length, 'ASTresult', Most.REASON);
  const blank = spaces(indent);
  if (p.options.verbose > 2) {
    p.text(`Teardown reason:\n${blank}${wordOf(REASONS, value, 'unknown (%u)')}(${hex(value)})\n${blank}`);
  }
};

/** Whether an association is. */
export const associationResult: TlvPrinter = (p, offset, length, _mask, indent) => {
  const value = code(p, offset, length, 'ASRresult', Most.RESULT);
  const blank = spaces(indent);
  if (p.options.verbose > 2) p.text(`\n${blank}${RESULTS[value]}(${hex(value)})\n${blank}`);
};

/** A packet on its way between data paths, with what is known of it. */
export const redirect: TlvPrinter = (p, offset, length, _mask, indent) => {
  const size = length - HEADER;
  if (size <= REDIRECT_LEAST) {
    p.text(`\n\t\ttruncated Redirect TLV: ${REDIRECT_LEAST - size} bytes missing! `);
    throw OVERRUN;
  }
  let [at, left] = [offset, size];
  while (left !== 0) {
    const type = p.u16(at);
    const inside = p.u16(at + 2);
    if (tlvWrong(inside, left) !== 0) {
      p.text('Bad Redirect data\n');
      break;
    }
    if (type === Tlv.METADATA) metadata(p, at + HEADER, inside - HEADER, indent + 1);
    else if (type === Tlv.REDIRECT_DATA) redirected(p, at + HEADER, inside - HEADER, indent + 1);
    else p.text(`Unknown REDIRECT TLV 0x${hex(type)} len ${inside}\n`);
    at += next(inside);
    left -= next(inside);
  }
  messy(p, at, left, 'Redirect');
};

function metadata(p: Printer, offset: number, length: number, indent: number): void {
  p.text(`\n${spaces(indent)} METADATA length ${length}\n`);
  let [at, left] = [offset, length];
  while (left !== 0) {
    const size = left < ILV_HEADER ? 0 : p.u32(at + 4);
    if (tlvWrong(size, left, ILV_HEADER) !== 0) return;
    p.text(`${spaces(indent + 1)}MetaID 0x${hex(p.u32(at))} length ${size}\n`);
    if (p.options.verbose > 2) {
      hexWhole(p, '\t\t[', at + ILV_HEADER, size - ILV_HEADER);
      p.text(' ]\n');
    }
    at += next(size);
    left -= next(size);
  }
}

function redirected(p: Printer, offset: number, length: number, indent: number): void {
  p.text(`\n${spaces(indent)} Redirect Data length ${length}\n`);
  if (p.options.verbose < 3) return;
  p.text('\t\t[');
  hexWhole(p, '\n\t\t', offset, length);
  p.text('\n\t\t]');
}
