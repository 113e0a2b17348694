// Statistics of OpenFlow 1.0.

import { counted, hex, wordOf } from '../../inline.js';
import type { Words } from '../../printer.js';
import { type Body, bitmap, checked, flags, type Part } from './fields.js';
import { actions, match, portText, queueText, WILDCARDS_ASSIGNED } from './openflow10parts.js';
import { vendorData } from './openflow10vendor.js';

const Type = { DESC: 0, FLOW: 1, AGGREGATE: 2, TABLE: 3, PORT: 4, QUEUE: 5, VENDOR: 0xffff } as const;
const TYPES: Words = { ...counted(0, 'DESC|FLOW|AGGREGATE|TABLE|PORT|QUEUE'), [Type.VENDOR]: 'VENDOR' };
const TABLES: Words = { 254: 'EMERG', 255: 'ALL' };
const REPLY_FLAGS = flags('MORE');
const WILDCARDS = flags(
  'IN_PORT|DL_VLAN|DL_SRC|DL_DST|DL_TYPE|NW_PROTO|TP_SRC|TP_DST|||||||||||||DL_VLAN_PCP|NW_TOS',
);
const Length = {
  FLOW_REQUEST: 44,
  SHORT_REQUEST: 8,
  DESC: 1056,
  FLOW: 88,
  AGGREGATE: 24,
  TABLE: 64,
  PORT: 104,
  QUEUE: 32,
} as const;
const PORT_COUNTERS = [
  'rx_packets',
  'tx_packets',
  'rx_bytes',
  'tx_bytes',
  'rx_dropped',
  'tx_dropped',
  'rx_errors',
  'tx_errors',
  'rx_frame_err',
  'rx_over_err',
  'rx_crc_err',
  'collisions',
];

const tableText = (table: number): string => wordOf(TABLES, table, '%u');

/** A request for statistics. */
export const statsRequest: Part = checked((b) => {
  const { p } = b;
  const type = b.u16();
  p.text(`\n\t type ${wordOf(TYPES, type, 'invalid (0x%04x)')}`);
  const bits = b.u16();
  p.text(`, flags 0x${hex(bits, 4)}${bits === 0 ? '' : ' (bogus)'}`);
  switch (type) {
    case Type.DESC:
    case Type.TABLE:
      b.exactly('len', b.left, 0);
      break;
    case Type.FLOW:
    case Type.AGGREGATE:
      b.exactly('len', b.left, Length.FLOW_REQUEST);
      match(b, '\n\t ');
      p.text(`\n\t table_id ${tableText(b.u8())}`);
      b.pass(1);
      p.text(`, out_port ${portText(b.u16())}`);
      break;
    case Type.PORT:
      b.exactly('len', b.left, Length.SHORT_REQUEST);
      p.text(`\n\t port_no ${portText(b.u16())}`);
      b.pad(6);
      break;
    case Type.QUEUE:
      b.exactly('len', b.left, Length.SHORT_REQUEST);
      p.text(`\n\t port_no ${portText(b.u16())}`);
      b.pass(2);
      p.text(`, queue_id ${queueText(b.u32())}`);
      break;
    case Type.VENDOR:
      vendorData(b);
      break;
  }
});

/** Counters of 64 bits behind their words. */
function counters(b: Body, words: readonly string[]): void {
  for (const word of words) b.p.text(`, ${word} ${b.u64()}`);
}

/** Entries to the end of the bytes, each of `length` bytes or more, on lines of their own. */
const entries = (line: string, length: number, print: Part): Part =>
  checked((b) => {
    while (b.left > 0) {
      b.p.text(line);
      b.least('remaining length', b.left, length);
      print(b);
    }
  });

const description: Part = checked((b) => {
  b.p.text('\n\t ');
  b.exactly('len', b.left, Length.DESC);
  b.quoted(' mfr_desc', 256);
  b.quoted('\n\t  hw_desc', 256);
  b.quoted('\n\t  sw_desc', 256);
  b.quoted('\n\t  serial_num', 32);
  b.quoted('\n\t  dp_desc', 256);
});

const flows: Part = entries('\n\t', Length.FLOW, (b) => {
  const { p } = b;
  const length = p.u16(b.at);
  p.text(` length ${length}`);
  b.least('entry_len', length, Length.FLOW);
  b.most('entry_len', length, b.left);
  b.pass(2);
  p.text(`, table_id ${tableText(b.u8())}`);
  b.pass(1);
  match(b, '\n\t  ');
  p.text(`\n\t  duration_sec ${b.u32()}`);
  p.text(`, duration_nsec ${b.u32()}`);
  p.text(`, priority ${b.u16()}`);
  p.text(`, idle_timeout ${b.u16()}`);
  p.text(`, hard_timeout ${b.u16()}`);
  b.pass(6);
  p.text(`, cookie 0x${b.u64().toString(16).padStart(16, '0')}`);
  counters(b, ['packet_count', 'byte_count']);
  actions(b.part(length - Length.FLOW), '\n\t  ');
  b.pass(length - Length.FLOW);
});

const aggregate: Part = checked((b) => {
  const { p } = b;
  p.text('\n\t');
  b.exactly('remaining length', b.left, Length.AGGREGATE);
  p.text(` packet_count ${b.u64()}`);
  counters(b, ['byte_count']);
  p.text(`, flow_count ${b.u32()}`);
  b.pad(4);
});

const tables: Part = entries('\n\t', Length.TABLE, (b) => {
  const { p } = b;
  p.text(` table_id ${tableText(b.u8())}`);
  b.pass(3);
  b.quoted(', name', 32);
  const wildcards = b.u32();
  bitmap(p, `\n\t  wildcards 0x${hex(wildcards, 8)}`, wildcards, WILDCARDS, WILDCARDS_ASSIGNED);
  p.text(`\n\t  max_entries ${b.u32()}`);
  p.text(`, active_count ${b.u32()}`);
  counters(b, ['lookup_count', 'matched_count']);
});

const ports: Part = entries('\n\t ', Length.PORT, (b) => {
  b.p.text(` port_no ${portText(b.u16())}`);
  if (b.p.options.verbose < 2) {
    b.pad(Length.PORT - 2);
    return;
  }
  b.pass(6);
  counters(b, PORT_COUNTERS);
});

const queueStats: Part = entries('\n\t ', Length.QUEUE, (b) => {
  b.p.text(` port_no ${portText(b.u16())}`);
  b.pass(2);
  b.p.text(`, queue_id ${b.u32()}`);
  counters(b, ['tx_bytes', 'tx_packets', 'tx_errors']);
});

const REPLIES: { readonly [type: number]: Part } = {
  [Type.DESC]: description,
  [Type.FLOW]: flows,
  [Type.AGGREGATE]: aggregate,
  [Type.TABLE]: tables,
  [Type.PORT]: ports,
  [Type.QUEUE]: queueStats,
  [Type.VENDOR]: vendorData,
};

/** Statistics. */
export const statsReply: Part = (b) => {
  const type = b.u16();
  b.p.text(`\n\t type ${wordOf(TYPES, type, 'invalid (0x%04x)')}`);
  const bits = b.u16();
  bitmap(b.p, `, flags 0x${hex(bits, 4)}`, bits, REPLY_FLAGS);
  const print = REPLIES[type];
  if (print === undefined) b.rest();
  else print(b);
};
