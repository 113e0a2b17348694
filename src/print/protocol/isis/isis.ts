// IS-IS: the header of each packet type. Source: ISO 10589, RFC 1195.

import { printUnknownData } from '../../hexdump.js';
import { below, hex, wordOf } from '../../inline.js';
import { type Printer, TRUNCATED, type Words } from '../../printer.js';
import { idText, LSP_ID, NODE_ID, printOsiChecksum, SYSTEM_ID } from '../osi/osi.js';
import { isisTlvs } from './tlv.js';
import type { IsisPacket } from './value.js';

const COMMON = 8;
const Field = { FIXED: 1, VERSION: 2, ID_LENGTH: 3, TYPE: 4, PDU_VERSION: 5, AREAS: 7 } as const;
const VERSION = 1;
const AREAS_DEFAULT = 3;
const AREAS_WRONG = 255;
const CIRCUITS: Words = { 1: 'Level 1 only', 2: 'Level 2 only', 3: 'Level 1, Level 2' };
const LSP_LEVELS: Words = { 0: 'Unused 0x0 (invalid)', 1: 'L1 IS', 2: 'Unused 0x2 (invalid)', 3: 'L2 IS' };

/** One kind of packet. Offsets are from behind the common header. */
interface Kind {
  /** Bytes of its header. */
  readonly header: number;
  /** Where the packet's length is. */
  readonly length: number;
  readonly brief: (p: Printer, at: number) => void;
  /** Prints the header's fields; `length` is the packet's as far as it is captured by its own field. */
  readonly fields: (p: Printer, at: number, claimed: number, length: number) => void;
  /** How a wrong length of the header is said. */
  readonly bogus?: readonly [start: string, should: number];
}

const lanHello: Kind = {
  header: 19,
  length: 9,
  brief: (p, at) => {
    p.text(`, src-id ${idText(p, at + 1, SYSTEM_ID)}`);
    p.text(`, lan-id ${idText(p, at + 12, NODE_ID)}, prio ${p.u8(at + 11)}`);
  },
  fields: (p, at, claimed) => {
    p.text(
      `\n\t  source-id: ${idText(p, at + 1, SYSTEM_ID)},  holding time: ${p.u16(at + 7)}s${circuit(p, at)}`,
    );
    p.text(
      `\n\t  lan-id:    ${idText(p, at + 12, NODE_ID)}, Priority: ${p.u8(at + 11) & 0x7f}, PDU length: ${claimed}`,
    );
  },
};
const pointToPointHello: Kind = {
  header: 12,
  length: 9,
  brief: (p, at) => p.text(`, src-id ${idText(p, at + 1, SYSTEM_ID)}`),
  fields: (p, at, claimed) => {
    p.text(
      `\n\t  source-id: ${idText(p, at + 1, SYSTEM_ID)}, holding time: ${p.u16(at + 7)}s${circuit(p, at)}`,
    );
    p.text(`\n\t  circuit-id: 0x${hex(p.u8(at + 11), 2)}, PDU length: ${claimed}`);
  },
};
const linkState: Kind = {
  header: 19,
  length: 0,
  brief: (p, at) =>
    p.text(
      `, lsp-id ${idText(p, at + 4, LSP_ID)}, seq 0x${hex(p.u32(at + 12), 8)}` +
        `, lifetime ${String(p.u16(at + 2)).padStart(5)}s`,
    ),
  fields: linkStateFields,
  bogus: [', ', 19],
};
const completeSequence: Kind = {
  header: 25,
  length: 0,
  brief: (p, at) => p.text(`, src-id ${idText(p, at + 2, NODE_ID)}`),
  fields: (p, at, claimed) => {
    p.text(`\n\t  source-id:    ${idText(p, at + 2, NODE_ID)}, PDU length: ${claimed}`);
    p.text(`\n\t  start lsp-id: ${idText(p, at + 9, LSP_ID)}`);
    p.text(`\n\t  end lsp-id:   ${idText(p, at + 17, LSP_ID)}`);
  },
};
const partialSequence: Kind = {
  header: 9,
  length: 0,
  brief: completeSequence.brief,
  fields: (p, at, claimed) =>
    p.text(`\n\t  source-id:    ${idText(p, at + 2, NODE_ID)}, PDU length: ${claimed}`),
  bogus: ['- ', 17],
};
const KINDS: Readonly<Record<number, readonly [name: string, kind: Kind]>> = {
  15: ['L1 Lan IIH', lanHello],
  16: ['L2 Lan IIH', lanHello],
  17: ['p2p IIH', pointToPointHello],
  18: ['L1 LSP', linkState],
  20: ['L2 LSP', linkState],
  24: ['L1 CSNP', completeSequence],
  25: ['L2 CSNP', completeSequence],
  26: ['L1 PSNP', partialSequence],
  27: ['L2 PSNP', partialSequence],
};

function circuit(p: Printer, at: number): string {
  return `, Flags: [${wordOf(CIRCUITS, p.u8(at), 'unknown circuit type 0x%02x')}]`;
}

/** Prints an IS-IS packet. @returns false when it is wrong: then it is dumped */
export function printIsis(p: Printer, offset: number, length: number): boolean {
  p.protocol = 'isis';
  p.need(offset, COMMON);
  if (length < COMMON) throw TRUNCATED;
  if (!p.options.linkHeader) p.text('IS-IS');
  const fixed = p.u8(offset + Field.FIXED);
  const wrong = whatIsWrong(p, offset, length, fixed);
  if (wrong !== null) {
    p.text(wrong);
    return false;
  }
  const type = p.u8(offset + Field.TYPE);
  const [name, kind] = KINDS[type] ?? [null, null];
  const { verbose } = p.options;
  p.text(p.options.linkHeader ? '' : ', ');
  if (verbose === 0) p.text(name ?? `unknown PDU-Type ${type}`);
  else commonHeader(p, offset, length, name ?? `unknown, type ${type}`);
  const at = offset + COMMON;
  if (kind === null) {
    if (verbose === 0) p.text(`, length ${length}`);
    else printUnknownData(p, '\n\t  ', at, length);
    return verbose === 0;
  }
  const header = COMMON + kind.header;
  if (fixed !== header) {
    const [start, should] = kind.bogus ?? [', ', header];
    p.text(`${start}bogus fixed header length ${fixed} should be ${should}`);
    return false;
  }
  p.need(at, kind.header);
  if (length < header) throw TRUNCATED;
  if (verbose === 0) {
    kind.brief(p, at);
    p.text(`, length ${length}`);
    return true;
  }
  const claimed = p.u16(at + kind.length);
  const packet: IsisPacket = { offset, length: Math.min(length, claimed) };
  kind.fields(p, at, claimed, packet.length);
  if (verbose > 1) printUnknownData(p, '\n\t  ', at, kind.header);
  if (below(p, 'packet length', packet.length, header)) p.invalid();
  else isisTlvs(p, packet, offset + header);
  return true;
}

/** What keeps the packet from being read, or null. */
function whatIsWrong(p: Printer, offset: number, length: number, fixed: number): string | null {
  const version = p.u8(offset + Field.VERSION);
  if (version !== VERSION) return `version ${version} packet not supported`;
  const size = p.u8(offset + Field.ID_LENGTH);
  if (size !== SYSTEM_ID && size !== 0) return `system ID length of ${size} is not supported`;
  const pduVersion = p.u8(offset + Field.PDU_VERSION);
  if (pduVersion !== VERSION) return `version ${pduVersion} packet not supported`;
  if (length < fixed) return `fixed header length ${fixed} > packet length ${length}`;
  if (fixed < COMMON) return `fixed header length ${fixed} < minimum header size ${COMMON}`;
  return p.u8(offset + Field.AREAS) === AREAS_WRONG ? 'bad packet -- 255 areas' : null;
}

function commonHeader(p: Printer, offset: number, length: number, name: string): void {
  const areas = p.u8(offset + Field.AREAS);
  p.text(`length ${length}`);
  p.text(
    `\n\t${name}, hlen: ${p.u8(offset + Field.FIXED)}, v: ${VERSION}, pdu-v: ${VERSION}` +
      `, sys-id-len: ${SYSTEM_ID} (${p.u8(offset + Field.ID_LENGTH)})` +
      `, max-area: ${areas === 0 ? AREAS_DEFAULT : areas} (${areas})`,
  );
  if (p.options.verbose > 1) printUnknownData(p, '\n\t', offset, COMMON);
}

function linkStateFields(p: Printer, at: number, claimed: number, length: number): void {
  const id = at + 4;
  const checksum = p.u16(at + 16);
  p.text(
    `\n\t  lsp-id: ${idText(p, id, LSP_ID)}, seq: 0x${hex(p.u32(at + 12), 8)}` +
      `, lifetime: ${String(p.u16(at + 2)).padStart(5)}s\n\t  chksum: 0x${hex(checksum, 4)}`,
  );
  // The sum is over what follows the lifetime, which changes on the way.
  printOsiChecksum(p, id, checksum, at + 16 - id, (length - (COMMON + id - at)) >>> 0);
  const flags = p.u8(at + 18);
  const attached = [
    [0x08, 'default '],
    [0x10, 'delay '],
    [0x20, 'expense '],
    [0x40, 'error '],
  ] as const;
  p.text(`, PDU length: ${claimed}, Flags: [ ${(flags & 0x04) === 0 ? '' : 'Overload bit set, '}`);
  for (const [bit, word] of attached) if ((flags & bit) !== 0) p.text(word);
  if ((flags & 0x78) !== 0) p.text('ATT bit set, ');
  if ((flags & 0x80) !== 0) p.text('P bit set, ');
  p.text(`${LSP_LEVELS[flags & 3]} ]`);
}
