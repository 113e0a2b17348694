// The NetBIOS name service, over UDP port 137. Source: RFC 1002 section 4.2.

import type { Printer, Words } from '../../printer.js';
import { CHECK, CUT, dump, END, type Layout, layout, line, plain, printLayout, text } from './layout.js';
import { BE_DEC32, BE_HEX16, DEC8, ENCODED_NAME, HEX8, PLAIN_NAME } from './pieces.js';
import { type SmbState, stateOf } from './state.js';

const HEADER = 12;
const OPERATIONS: Words = {
  0: 'QUERY',
  5: 'REGISTRATION',
  6: 'RELEASE',
  7: 'WACK',
  8: 'REFRESH(8)',
  9: 'REFRESH',
  15: 'MULTIHOMED REGISTRATION',
};
const BROADCAST = 0x1;
/** More records than these are not believed. */
const MOST_RECORDS = 100;
/** The type of an answer to a node's status. */
const STATUS = 0x21;
/** Bytes of an address with its flags. */
const ADDRESS = 6;

const question: Layout = layout(
  CHECK,
  line('Name', ENCODED_NAME),
  line('QuestionType', BE_HEX16),
  line('QuestionClass', BE_HEX16),
  END,
);
const recordName: Layout = layout(line('Name', ENCODED_NAME), END);
const recordHead: Layout = layout(
  line('ResType', BE_HEX16),
  line('ResClass', BE_HEX16),
  line('TTL', BE_DEC32),
);
const address: Layout = layout(
  line('AddrType', BE_HEX16),
  line('Address', DEC8, '.', DEC8, '.', DEC8, '.', DEC8),
);
const nameCount: Layout = layout(line('NumNames', HEX8));
const nodeName: Layout = layout(plain('Name', PLAIN_NAME), text('\t'), END);
const additional: Layout = layout(text('AdditionalData:\n'));

const NODE_TYPES = ['B', 'P', 'M', '_'];
const NODE_FLAGS = [
  [0x10, '<DEREGISTERING> '],
  [0x08, '<CONFLICT> '],
  [0x04, '<ACTIVE> '],
  [0x02, '<PERMANENT> '],
] as const;

export function printNameService(p: Printer, offset: number, length: number): void {
  p.protocol = 'nbt_udp137';
  p.need(offset, HEADER);
  if (length <= 0) return;
  const s = stateOf(p);
  s.start = offset;
  const first = p.u8(offset + 2);
  const second = p.u8(offset + 3);
  const response = (first & 0x80) !== 0;
  const operation = (first >> 3) & 15;
  const flags = ((first & 7) << 4) | (second >> 4);
  const code = second & 15;
  if (p.options.verbose > 1) p.text('\n>>> ');
  p.text(`NBT UDP PACKET(137): ${OPERATIONS[operation] ?? 'OPUNKNOWN'}`);
  if (response) p.text(code !== 0 ? '; NEGATIVE' : '; POSITIVE');
  p.text(response ? '; RESPONSE' : '; REQUEST');
  p.text((flags & BROADCAST) !== 0 ? '; BROADCAST' : '; UNICAST');
  if (p.options.verbose < 2) return;
  const [questions, answers, authorities, more] = [4, 6, 8, 10].map((at) => p.u16(offset + at)) as [
    number,
    number,
    number,
    number,
  ];
  p.text(
    `\nTrnID=0x${p.u16(offset).toString(16).toUpperCase()}\nOpCode=${operation}\n` +
      `NmFlags=0x${flags.toString(16).toUpperCase()}\nRcode=${code}\nQueryCount=${questions}\n` +
      `AnswerCount=${answers}\nAuthorityCount=${authorities}\nAddressRecCount=${more}\n`,
  );
  const records = answers + authorities + more;
  if (questions > MOST_RECORDS || records > MOST_RECORDS) {
    p.text('Corrupt packet??\n');
    return;
  }
  sections(s, offset, length, questions, records);
}

function sections(s: SmbState, offset: number, length: number, questions: number, records: number): void {
  const end = offset + length;
  let at = offset + HEADER;
  if (questions > 0) s.p.text('QuestionRecords:\n');
  for (let i = 0; i < questions; i++) {
    at = printLayout(s, question, at, end);
    if (at === CUT) return;
  }
  if (records > 0) s.p.text('\nResourceRecords:\n');
  for (let i = 0; i < records; i++) {
    at = record(s, at, end);
    if (at === CUT) return;
  }
  if (at < end) printLayout(s, additional, at, end);
}

/** @returns where the record ends, CUT when there is no more to print */
function record(s: SmbState, from: number, end: number): number {
  const { p } = s;
  let at = printLayout(s, recordName, from, end);
  if (at === CUT) return CUT;
  const type = p.u16(at);
  at = printLayout(s, recordHead, at, at + 8);
  if (at === CUT) return CUT;
  const size = p.u16(at);
  p.text(`ResourceLength=${size}\nResourceData=\n`);
  at += 2;
  if (size === ADDRESS) return printLayout(s, address, at, at + size);
  if (type === STATUS) return names(s, at, end);
  if (at >= end) return CUT;
  dump(s, at, Math.min(size, end - at));
  return at + size;
}

/** The names of a node, each with its flags. */
function names(s: SmbState, from: number, end: number): number {
  const { p } = s;
  const count = p.u8(from);
  let at = printLayout(s, nameCount, from, from + 1);
  for (let i = 0; i < count; i++) {
    at = printLayout(s, nodeName, at, end);
    if (at === CUT) return CUT;
    if (!p.has(at, 1)) {
      p.truncated();
      return CUT;
    }
    if (at >= end) return CUT;
    const flags = p.u8(at);
    if ((flags & 0x80) !== 0) p.text('<GROUP> ');
    p.text(`${NODE_TYPES[(flags >> 5) & 3]} `);
    for (const [bit, word] of NODE_FLAGS) if ((flags & bit) !== 0) p.text(word);
    p.char(10);
    at += 2;
  }
  return at;
}
