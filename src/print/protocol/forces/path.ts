// Operations of ForCES: the paths to what they are on, data, results. Source: RFC 5810, section 7.1.

import { completes, OVERRUN } from '../../endings.js';
import { hexWhole } from '../../hexdump.js';
import { counted, hex, wordOf } from '../../inline.js';
import type { Printer } from '../../printer.js';
import {
  HEADER,
  ILV_HEADER,
  next,
  spaces,
  TLVS,
  Tlv,
  type TlvPrinter,
  tlvWrong,
  topType,
  WRONG,
} from './tlv.js';

/** What an operation may have, and what a path's flags say it has. */
const Mask = { FULL: 1, SPARSE: 2, RESULT: 4, KEY: 8, APPEND: 0x10, RANGE: 0x20 } as const;
const PathFlag = { KEY: 1, RANGE: 2, APPEND: 4 } as const;
const OPERATION_LEAST = 8;
const PATH_HEADER = 4;
/** Bytes of a range or the least of a key. */
const DESCRIPTION = 12;
/** Paths inside each other that are followed, by their indent: a packet full of them ends here. */
const MOST_INDENT = 1500;
const RESULT_SIZE = 4;
const RESERVED_RESULT = 0x18;
const UNSPECIFIED = 0xff;
const RESULTS = {
  ...counted(
    0,
    'SUCCESS|INVALID HEADER|LENGTH MISMATCH|VERSION MISMATCH|INVALID DESTINATION PID|LFB UNKNOWN|LFB NOT FOUND|' +
      'LFB INSTANCE ID NOT FOUND|INVALID PATH|COMPONENT DOES NOT EXIST|EXISTS ALREADY|NOT FOUND|READ ONLY|' +
      'INVALID ARRAY CREATION|VALUE OUT OF RANGE|CONTENTS TOO LONG|INVALID PARAMETERS|INVALID MESSAGE TYPE|' +
      'INVALID FLAGS|INVALID TLV|EVENT ERROR|NOT SUPPORTED|MEMORY ERROR|INTERNAL ERROR',
  ),
  [UNSPECIFIED]: 'UNSPECIFIED ERROR',
};
const BOTH = Mask.FULL | Mask.SPARSE;

/** Bytes nobody asked for. */
export const unknownOperation: TlvPrinter = (p, offset, length, _mask, indent) => {
  if (p.options.verbose > 2) {
    const blank = spaces(indent - 1);
    p.text(`${blank}Data[`);
    hexWhole(p, `\n${blank}`, offset, length);
    p.text(`\n${blank}]\n`);
  }
};

/** Paths to the end of the bytes. */
const paths: TlvPrinter = (p, offset, length, mask, indent) => {
  let [at, left] = [offset, length];
  while (left !== 0) {
    const size = p.u16(at + 2);
    if (tlvWrong(size, left) !== 0) break;
    const type = p.u16(at);
    const inside = size - HEADER;
    if (p.options.verbose > 2) {
      const name = wordOf(TLVS, type, '#%d');
      p.text(`${spaces(indent)}${name}, length ${size} (data encapsulated ${inside} Bytes)`);
    }
    const from = at + HEADER;
    if (!completes(() => path(p, from, inside, mask, indent + 1)))
      failed(p, 'pdata_print(ndo, dp, tlvl - TLV_HDRL, op_msk, indent + 1)');
    at += next(size);
    left -= next(size);
  }
  if (left === 0) return;
  const excess = (left - p.u16(at + 2)) >>> 0;
  p.text(`\n\t\tMessy PATHDATA TLV header, type (0x${hex(p.u16(at))})\n\t\texcess of ${excess} Bytes `);
  throw OVERRUN;
};

/** The text for a part that broke the rules: 5.0 names the call that found it. So did what holds the part. */
function failed(p: Printer, what: string): never {
  p.text(` [${what} 4294967295 == 4294967295]`);
  throw OVERRUN;
}

/** One TLV that says how a commit went. */
const commitResult: TlvPrinter = (p, offset, length, mask, indent) => {
  const type = p.u16(offset);
  const size = p.u16(offset + 2);
  const name = wordOf(TLVS, type, '#%d');
  p.text(`genoptlvprint - ${name} TLV type 0x${hex(type)} len ${size}\n`);
  if (tlvWrong(size, length) !== 0) {
    p.text(`\t\t\tInvalid ForCES TLV type=${hex(type)}`);
    throw OVERRUN;
  }
  if (!topType(type)) {
    p.text(`#0 TLV type 0x${hex(type)} len ${size}\n`);
    throw OVERRUN;
  }
  const inside = size - HEADER;
  if (p.options.verbose > 2) {
    p.text(`${spaces(indent)}${name}, length ${size} (data length ${inside} Bytes)`);
  }
  path(p, offset + HEADER, inside, mask, indent + 1);
};

interface OperationType {
  readonly name: string;
  readonly mask: number;
  readonly print?: TlvPrinter;
}

const INVALID: OperationType = { name: 'Invalid OPTLV', mask: 0, print: unknownOperation };
const OPERATIONS: readonly OperationType[] = [
  INVALID,
  { name: ' Set', mask: BOTH, print: paths },
  { name: ' SetProp', mask: BOTH, print: paths },
  { name: ' SetResp', mask: Mask.RESULT, print: paths },
  { name: ' SetPropResp', mask: Mask.RESULT, print: paths },
  { name: ' Del', mask: 0, print: paths },
  { name: ' DelResp', mask: Mask.RESULT, print: paths },
  { name: ' Get', mask: 0, print: paths },
  { name: ' GetProp', mask: 0, print: paths },
  { name: ' GetResp', mask: BOTH | Mask.RESULT, print: paths },
  { name: ' GetPropResp', mask: Mask.FULL | Mask.RESULT, print: paths },
  { name: ' Report', mask: BOTH, print: paths },
  { name: ' Commit', mask: 0 },
  { name: ' RCommit', mask: Mask.RESULT, print: commitResult },
  { name: ' RTRCOMP', mask: 0 },
];

/** An operation, whose TLV is at `offset`; what is wrong in it ends it alone. */
export function operation(p: Printer, offset: number, indent: number): void {
  const type = p.u16(offset);
  const length = p.u16(offset + 2);
  const size = length - HEADER;
  const found = OPERATIONS[type] ?? INVALID;
  const heading = `Oper TLV ${found.name}(0x${hex(type)}) length ${length}\n`;
  if (p.options.verbose > 2) p.text(`${spaces(indent)}${heading}`);
  if (size < OPERATION_LEAST) {
    p.text(`\t\t${heading}\t\tTruncated data size ${size} minimum required ${OPERATION_LEAST}\n`);
    unknownOperation(p, offset + HEADER, size, found.mask, indent);
  } else completes(() => found.print?.(p, offset + HEADER, size, found.mask, indent + 1));
}

/** One path: identifiers, perhaps a range or a key, then data or another path. */
const path: TlvPrinter = (p, offset, length, operationMask, indent) => {
  p.need(offset, PATH_HEADER);
  if (length < PATH_HEADER) {
    p.text(` [len ${length} < ${PATH_HEADER}]`);
    throw OVERRUN;
  }
  if (indent > MOST_INDENT) throw OVERRUN;
  const flags = p.u16(offset);
  const count = p.u16(offset + 2);
  if (p.options.verbose > 2) {
    p.text(`\n${spaces(indent)}Pathdata: Flags 0x${hex(flags)} ID count ${count}\n`);
  }
  let mask = operationMask;
  if ((flags & PathFlag.KEY) !== 0) mask |= Mask.KEY;
  if ((flags & PathFlag.RANGE) !== 0) mask |= Mask.RANGE;
  if ((flags & PathFlag.APPEND) !== 0) mask |= Mask.APPEND;
  const at = offset + PATH_HEADER;
  const left = length - PATH_HEADER;
  if (left < count * 4) {
    p.text(`\t\t\ttruncated IDs expected ${count * 4}B got ${left}B\n`);
    hexWhole(p, '\t\t\tID Data[', at, left);
    p.text(']\n');
    throw OVERRUN;
  }
  if ((mask & Mask.RANGE) !== 0 && (mask & Mask.KEY) !== 0) {
    p.text('\t\t\tIllegal to have both Table ranges and keys\n');
    throw OVERRUN;
  }
  const more = pathContent(p, at, left, count, mask, indent);
  if (more > 0) paths(p, at + left - more, more, mask, indent + 1);
};

/** @returns bytes left over */
function pathContent(
  p: Printer,
  offset: number,
  length: number,
  count: number,
  mask: number,
  indent: number,
): number {
  const shown = p.options.verbose > 2;
  const blank = spaces(indent);
  if ((mask & Mask.APPEND) !== 0 && shown) p.text(`${blank}TABLE APPEND\n`);
  for (let i = 0; i < count; i++) {
    const id = p.u32(offset + 4 * i);
    if (shown) p.text(`${blank}ID#${String(i + 1).padStart(2, '0')}: ${id}\n`);
  }
  let at = offset + 4 * count;
  let left = length - 4 * count;
  if ((mask & (Mask.RANGE | Mask.KEY)) !== 0) {
    if (left < DESCRIPTION) {
      p.text(`pathlength ${left} with key/range too short ${DESCRIPTION}\n`);
      throw OVERRUN;
    }
    const used = (mask & Mask.RANGE) !== 0 ? range(p, at, blank) : key(p, at, left);
    at += used;
    left -= used;
  }
  return left === 0 ? 0 : content(p, at, left, mask, indent);
}

function range(p: Printer, at: number, blank: string): number {
  const [first, last] = [p.u32(at + 4), p.u32(at + 8)];
  if (p.options.verbose > 2) p.text(`${blank}Table range: [${first},${last}]\n`);
  return DESCRIPTION;
}

function key(p: Printer, at: number, left: number): number {
  const size = p.u16(at + 6);
  if (size < HEADER) {
    p.text(`key content length ${size} < ${HEADER}\n`);
    throw OVERRUN;
  }
  if (left < 4 + size) {
    p.text('key content too short\n');
    throw OVERRUN;
  }
  return 4 + size;
}

interface Content {
  readonly name: string;
  readonly mask: number;
  readonly print: TlvPrinter;
}

function content(p: Printer, at: number, left: number, mask: number, indent: number): number {
  const type = p.u16(at);
  const size = p.u16(at + 2);
  const wrong = tlvWrong(size, left);
  const found = CONTENTS[type];
  if (wrong !== 0 || found === undefined) {
    p.text(
      wrong !== 0
        ? `${WRONG[wrong]} Outstanding bytes ${left} for TLV type 0x${hex(type)} TLV len ${size}\n`
        : `Invalid path data content type 0x${hex(type)} len ${size}\n`,
    );
    if (size === 0) return left;
    hexWhole(p, 'Bad Data val\n\t  [', at, left);
    p.text(']\n');
    throw OVERRUN;
  }
  const padding = next(size) - size;
  if (p.options.verbose > 2 && type !== Tlv.PATH_DATA) {
    const pad = padding === 0 ? '' : ` pad ${padding}`;
    p.text(`${spaces(indent)}  ${found.name} (Length ${size} DataLen ${size - HEADER}${pad} Bytes)\n`);
  }
  expected(p, type, mask, found.mask);
  if (!completes(() => found.print(p, at, next(size), mask, indent + 2)))
    failed(p, 'ops->print(ndo, (const u_char *)pdtlv, tll + pad + TLV_HDRL, op_msk, indent + 2)');
  return left - next(size);
}

/** Complains about data that the operation or the path's flags do not go with. */
function expected(p: Printer, type: number, mask: number, wanted: number): void {
  if (type === Tlv.PATH_DATA) return;
  if ((mask & Mask.KEY) !== 0) {
    if (type !== Tlv.KEY_INFO) p.text('Based on flags expected KEYINFO TLV!\n');
  } else if ((mask & wanted) === 0) {
    p.text(`Illegal DATA encoding for type 0x${hex(type)} programmed ${hex(wanted)} got ${hex(mask)}\n`);
  }
}

const result: TlvPrinter = (p, offset, length, _mask, indent) => {
  const size = length - HEADER;
  if (size !== RESULT_SIZE) {
    p.text(`illegal RESULT-TLV: ${size} bytes!\n`);
    throw OVERRUN;
  }
  p.need(offset + HEADER, RESULT_SIZE);
  const value = p.u8(offset + HEADER);
  if (value >= RESERVED_RESULT && value < UNSPECIFIED) {
    p.text(`illegal reserved result code: 0x${hex(value)}!\n`);
    throw OVERRUN;
  }
  if (p.options.verbose > 2) {
    p.text(`${spaces(indent)}  Result: ${wordOf(RESULTS, value, '#%d')} (code 0x${hex(value)})\n`);
  }
};

const fullData: TlvPrinter = (p, offset, length, _mask, indent) => {
  p.need(offset, HEADER);
  if (p.u16(offset) !== Tlv.FULL_DATA) {
    p.text('Error: expecting FULLDATA!\n');
    throw OVERRUN;
  }
  if (p.options.verbose > 2) {
    const blank = spaces(indent + 1);
    p.text(`${blank}[`);
    hexWhole(p, `\n${blank}`, offset + HEADER, length - HEADER);
    p.text(`\n${blank}]`);
  }
};

const sparseData: TlvPrinter = (p, offset, length, _mask, indent) => {
  p.need(offset, HEADER);
  let at = offset + HEADER;
  let left = length - HEADER;
  if (left < ILV_HEADER) {
    p.text('Error: BAD SPARSEDATA-TLV!\n');
    throw OVERRUN;
  }
  while (left !== 0) {
    const size = left < ILV_HEADER ? 0 : p.u32(at + 4);
    const wrong = tlvWrong(size, left, ILV_HEADER);
    if (wrong !== 0) {
      p.text(`Error: ${WRONG[wrong]}, rlen ${left}\n`);
      throw OVERRUN;
    }
    if (p.options.verbose > 2) {
      p.text(`\n${spaces(indent)} ILV: type ${hex(p.u32(at))} length ${size}\n`);
      hexWhole(p, '\t\t[', at + ILV_HEADER, size - ILV_HEADER);
    }
    at += next(size);
    left -= next(size);
  }
};

const keyInfo: TlvPrinter = (p, offset, length, mask, indent) => {
  p.text(`${spaces(indent)}Keyinfo: Key 0x${hex(p.u32(offset + HEADER))}\n`);
  const at = offset + HEADER + 4;
  const type = p.u16(at);
  const size = p.u16(at + 2);
  const wrong = tlvWrong(size, length);
  if (wrong !== 0) {
    p.text(`${WRONG[wrong]} TLV type 0x${hex(type)} len ${size}\n`);
    throw OVERRUN;
  }
  fullData(p, at + HEADER, size, mask, indent);
};

/** What a path may lead to, by the type of its TLV. */
const CONTENTS: { readonly [type: number]: Content } = {
  [Tlv.PATH_DATA]: { name: 'Inner PATH-DATA TLV', mask: 0, print: paths },
  [Tlv.KEY_INFO]: { name: 'KEYINFO TLV', mask: 0, print: keyInfo },
  [Tlv.FULL_DATA]: { name: 'FULLDATA TLV', mask: Mask.FULL, print: fullData },
  [Tlv.SPARSE_DATA]: { name: 'SPARSEDATA TLV', mask: Mask.SPARSE, print: sparseData },
  [Tlv.RESULT]: { name: 'RESULT TLV', mask: Mask.RESULT, print: result },
};
