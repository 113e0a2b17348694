// ForCES, between forwarding and control elements: the header, and the TLVs that a type of message has. Source:
// RFC 5810.

import { completes } from '../../endings.js';
import { hexWhole } from '../../hexdump.js';
import { counted, hex, wordOf } from '../../inline.js';
import type { Printer, Words } from '../../printer.js';
import { associationResult, lfbSelect, redirect, teardownReason } from './messages.js';
import {
  next,
  Operation,
  opBits,
  HEADER as TLV_HEADER,
  TLVS,
  type TlvPrinter,
  tlvWrong,
  topType,
} from './tlv.js';

const Field = {
  VERSION: 0,
  TYPE: 1,
  LENGTH: 2,
  SOURCE: 4,
  DESTINATION: 8,
  CORRELATOR: 12,
  FLAGS: 20,
} as const;
const HEADER = 24;
/** Which numbers of TLVs a message may have on top. */
const Top = { NONE: 1, ANY: 2, SOME: 4, TWO: 0x20, ONE: 0x10, MANY: 0xf0 } as const;
/** Where TLVs on top are indented to. */
const INDENT = 9;

interface MessageType {
  readonly name: string;
  readonly flags: number;
  readonly operations: number;
  readonly print?: TlvPrinter;
}

const O = Operation;
const MESSAGES: { readonly [type: number]: MessageType } = {
  1: { name: 'Association Setup', flags: Top.ANY | Top.TWO, operations: opBits(O.REPORT), print: lfbSelect },
  2: { name: 'Association TearDown', flags: Top.SOME | Top.ONE, operations: 0, print: teardownReason },
  3: {
    name: 'Config',
    flags: Top.SOME | Top.MANY,
    operations: opBits(O.SET, O.SETPROP, O.DEL, O.COMMIT, O.RTRCOMP),
    print: lfbSelect,
  },
  4: { name: 'Query', flags: Top.SOME | Top.MANY, operations: opBits(O.GET, O.GETPROP), print: lfbSelect },
  5: {
    name: 'Event Notification',
    flags: Top.SOME | Top.ONE,
    operations: opBits(O.REPORT),
    print: lfbSelect,
  },
  6: { name: 'Packet Redirect', flags: Top.SOME | Top.MANY, operations: 0, print: redirect },
  15: { name: 'HeartBeat', flags: Top.NONE, operations: 0 },
  17: { name: 'Association Response', flags: Top.SOME | Top.ONE, operations: 0, print: associationResult },
  19: {
    name: 'Config Response',
    flags: Top.SOME | Top.MANY,
    operations: opBits(O.SETRESP, O.SETPRESP, O.DELRESP, O.RCOMMIT),
    print: lfbSelect,
  },
  20: {
    name: 'Query Response',
    flags: Top.SOME | Top.MANY,
    operations: opBits(O.GETRESP, O.GETPRESP),
    print: lfbSelect,
  },
};
/** Types that are none to begin with; 18 is one without a name. */
const KNOWN_TYPES = new Set([1, 2, 3, 4, 5, 6, 15, 17, 18, 19, 20]);
const ACKS = counted(0, 'NoACK|SuccessACK|FailureACK|AlwaysACK');
const MODES = counted(0, 'EMReserved|execute-all-or-none|execute-until-failure|continue-execute-on-failure');
const TRANSACTIONS = counted(0, 'Standalone|2PCtransaction');
const PHASES = counted(0, 'StartofTransaction|MiddleofTransaction|EndofTransaction|abort');
const NODES: Words = {
  4294967293: 'AllCEsBroadcast',
  4294967294: 'AllFEsBroadcast',
  4294967295: 'AllBroadcast',
};

/** A message of ForCES. */
export function printForces(p: Printer, offset: number, length: number): void {
  p.protocol = 'forces';
  p.need(offset, HEADER);
  if (!message(p, offset, length)) p.invalid();
}

/** @returns false when the message breaks the rules */
function message(p: Printer, offset: number, length: number): boolean {
  const number = p.u8(offset + Field.TYPE);
  if (!KNOWN_TYPES.has(number)) {
    p.text(`Invalid ForCES message type ${number}\n`);
    return false;
  }
  const said = p.u16(offset + Field.LENGTH) * 4;
  const type = MESSAGES[number];
  if (type === undefined) {
    p.text(`\n\tUnknown ForCES message type=0x${hex(number)}`);
    return false;
  }
  p.text(`\n\tForCES ${type.name} `);
  if (said < HEADER || said !== length) {
    p.text(`Illegal ForCES pkt len - min ${HEADER}, total recvd ${length}, advertised ${said} `);
    return false;
  }
  const { verbose } = p.options;
  const flags = p.u32(offset + Field.FLAGS);
  if (verbose > 0) addresses(p, offset, said, flags);
  if (verbose > 1) flagWords(p, flags);
  if (!topTlvs(p, offset + HEADER, said - HEADER, type)) return false;
  if (verbose > 3) {
    p.text('\n\t  Raw ForCES message\n\t [');
    hexWhole(p, '\n\t ', offset, length);
    p.text('\n\t ]');
  }
  return true;
}

function addresses(p: Printer, offset: number, length: number, flags: number): void {
  const version = p.u8(offset + Field.VERSION) >> 4;
  p.text(`\n\tForCES Version ${version} len ${length}B flags 0x${hex(flags, 8)} `);
  const source = p.u32(offset + Field.SOURCE);
  const destination = p.u32(offset + Field.DESTINATION);
  p.text(
    `\n\tSrcID 0x${hex(source)}(${nodeKind(source)}) DstID 0x${hex(destination)}(${nodeKind(destination)})` +
      ` Correlator 0x${p.u64(offset + Field.CORRELATOR).toString(16)}`,
  );
}

/** What an identifier stands for. */
function nodeKind(node: number): string {
  if (node <= 0x3fffffff) return 'FE';
  if (node <= 0x7fffffff) return 'CE';
  if (node >= 0xc0000000 && node <= 0xffffffef) return 'AllMulticast';
  return NODES[node] ?? 'ForCESreserved';
}

function flagWords(p: Printer, flags: number): void {
  const part = (shift: number, bits: number): number => (flags >>> shift) & ((1 << bits) - 1);
  const named = (words: Words, value: number): string => `${words[value]}(0x${value})`;
  p.text(
    `\n\tForCES flags:\n\t  ${named(ACKS, part(30, 2))}, prio=${part(27, 3)}, ${named(MODES, part(22, 2))},` +
      `\n\t  ${named(TRANSACTIONS, part(21, 1))}, ${named(PHASES, part(19, 2))}\n` +
      `\t  Extra flags: rsv(b5-7) 0x${hex(part(24, 3))} rsv(b13-31) 0x${hex(part(0, 19))}\n`,
  );
}

/** @returns false when they break the rules */
function topTlvs(p: Printer, offset: number, length: number, type: MessageType): boolean {
  const { flags, print } = type;
  if (length > TLV_HEADER) {
    if ((flags & Top.NONE) !== 0) {
      p.text(`<0x${hex(flags)}>Illegal Top level TLV!\n`);
      return false;
    }
  } else {
    if ((flags & Top.ANY) !== 0) return true;
    if ((flags & Top.SOME) !== 0) {
      p.text('\tTop level TLV Data missing!\n');
      return false;
    }
  }
  if (print === undefined) return true;
  let [at, left, most] = [offset, length, flags >> 4];
  while (left !== 0) {
    const number = p.u16(at);
    const size = p.u16(at + 2);
    if (tlvWrong(size, left) !== 0) break;
    if (!topType(number)) {
      p.text(`\n\tInvalid ForCES Top TLV type=0x${hex(number)}`);
      return false;
    }
    if (p.options.verbose > 2) {
      const name = wordOf(TLVS, number, '#%d');
      p.text(`\t${name}, length ${size} (data length ${size - TLV_HEADER} Bytes)`);
    }
    const from = at + TLV_HEADER;
    if (!completes(() => print(p, from, size, type.operations, INDENT))) {
      p.text(` [rc 4294967295 < 0]`);
      return false;
    }
    const step = next(size);
    at += step;
    left -= step;
    most--;
    if (most === 0) break;
  }
  if (left === 0) return true;
  p.text(`\tMess TopTLV header: min ${TLV_HEADER}, total ${left} advertised ${p.u16(at + 2)} `);
  return false;
}
