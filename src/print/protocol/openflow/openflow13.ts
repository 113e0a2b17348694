// Messages of OpenFlow 1.3: names of all, bodies of those without a structure of variable length but for their data.
// Source: OpenFlow Switch Specification 1.3.4.

import { counted, hex, wordOf } from '../../inline.js';
import type { Bits, Words } from '../../printer.js';
import {
  type Body,
  bitmap,
  checked,
  data,
  errorOf,
  FRAGMENTS,
  flags,
  type MessageType,
  type Part,
  vendorName,
} from './fields.js';

const CAPABILITIES = flags(
  'FLOW_STATS|TABLE_STATS|PORT_STATS|GROUP_STATS||IP_REASM|QUEUE_STATS||PORT_BLOCKED',
);
const MISS_LENGTHS: Words = { 65509: 'MAX', 65535: 'NO_BUFFER' };
const TABLES: Words = { 254: 'MAX', 255: 'ALL' };
const PORTS: Words = {
  4294967040: 'MAX',
  ...counted(0xfffffff8, 'IN_PORT|TABLE|NORMAL|FLOOD|ALL|CONTROLLER|LOCAL|ANY'),
};
const PORT_CONFIG = flags('PORT_DOWN||NO_RECV|||NO_FWD|NO_PACKET_IN');
const PORT_STATE = flags('LINK_DOWN|BLOCKED|LIVE');
const PORT_FEATURES = flags(
  '10MB_HD|10MB_FD|100MB_HD|100MB_FD|1GB_HD|1GB_FD|10GB_FD|40GB_FD|100GB_FD|1TB_FD|OTHER|COPPER|FIBER|AUTONEG|' +
    'PAUSE|PAUSE_ASYM',
);
const ROLES = counted(0, 'NOCHANGE|EQUAL|MASTER|SLAVE');
const VERSIONS = flags('1.0|1.1|1.2|1.3|1.4|1.5');
const PACKET_REASONS = flags('NO_MATCH|ACTION|INVALID_TTL');
const PORT_REASON_FLAGS = flags('ADD|DELETE|MODIFY');
const PORT_REASONS = counted(0, 'ADD|DELETE|MODIFY');
const ELEMENTS: Words = { 1: 'VERSIONBITMAP' };
const ELEMENT_LEAST = 4;
const VERSION_BITMAP = 1;
const ERRORS: Words = {
  ...counted(
    0,
    'HELLO_FAILED|BAD_REQUEST|BAD_ACTION|BAD_INSTRUCTION|BAD_MATCH|FLOW_MOD_FAILED|GROUP_MOD_FAILED|' +
      'PORT_MOD_FAILED|TABLE_MOD_FAILED|QUEUE_OP_FAILED|SWITCH_CONFIG_FAILED|ROLE_REQUEST_FAILED|' +
      'METER_MOD_FAILED|TABLE_FEATURES_FAILED',
  ),
  65535: 'EXPERIMENTER',
};
/** Codes of each of the errors. */
const CODES: readonly Words[] = [
  counted(0, 'INCOMPATIBLE|EPERM'),
  counted(
    0,
    'BAD_VERSION|BAD_TYPE|BAD_MULTIPART|BAD_EXPERIMENTER|BAD_EXP_TYPE|EPERM|BAD_LEN|BUFFER_EMPTY|BUFFER_UNKNOWN|' +
      'BAD_TABLE_ID|IS_SLAVE|BAD_PORT|BAD_PACKET|MULTIPART_BUFFER_OVERFLOW',
  ),
  counted(
    0,
    'BAD_TYPE|BAD_LEN|BAD_EXPERIMENTER|BAD_EXP_TYPE|BAD_OUT_PORT|BAD_ARGUMENT|EPERM|TOO_MANY|BAD_QUEUE|' +
      'BAD_OUT_GROUP|MATCH_INCONSISTENT|UNSUPPORTED_ORDER|BAD_TAG|BAD_SET_TYPE|BAD_SET_LEN|BAD_SET_ARGUMENT',
  ),
  counted(
    0,
    'UNKNOWN_INST|UNSUP_INST|BAD_TABLE_ID|UNSUP_METADATA|UNSUP_METADATA_MASK|BAD_EXPERIMENTER|BAD_EXP_TYPE|' +
      'BAD_LEN|EPERM',
  ),
  counted(
    0,
    'BAD_TYPE|BAD_LEN|BAD_TAG|BAD_DL_ADDR_MASK|BAD_NW_ADDR_MASK|BAD_WILDCARDS|BAD_FIELD|BAD_VALUE|BAD_MASK|' +
      'BAD_PREREQ|DUP_FIELD|EPERM',
  ),
  counted(0, 'UNKNOWN|TABLE_FULL|BAD_TABLE_ID|OVERLAP|EPERM|BAD_TIMEOUT|BAD_COMMAND|BAD_FLAGS'),
  counted(
    0,
    'GROUP_EXISTS|INVALID_GROUP|WEIGHT_UNSUPPORTED|OUT_OF_GROUPS|OUT_OF_BUCKETS|CHAINING_UNSUPPORTED|' +
      'WATCH_UNSUPPORTED|LOOP|UNKNOWN_GROUP|CHAINED_GROUP|BAD_TYPE|BAD_COMMAND|BAD_BUCKET|BAD_MATCH|EPERM',
  ),
  counted(0, 'BAD_PORT|BAD_HW_ADDR|BAD_CONFIG|BAD_ADVERTISE|EPERM'),
  counted(0, 'BAD_TABLE|BAD_CONFIG|EPERM'),
  counted(0, 'BAD_PORT|BAD_QUEUE|EPERM'),
  counted(0, 'BAD_FLAGS|BAD_LEN|EPERM'),
  counted(0, 'STALE|UNSUP|BAD_ROLE'),
  counted(
    0,
    'UNKNOWN|METER_EXISTS|INVALID_METER|UNKNOWN_METER|BAD_COMMAND|BAD_FLAGS|BAD_RATE|BAD_BURST|BAD_BAND|' +
      'BAD_BAND_VALUE|OUT_OF_METERS|OUT_OF_BANDS',
  ),
  counted(0, 'BAD_TABLE|BAD_METADATA|BAD_TYPE|BAD_LEN|BAD_ARGUMENT|EPERM'),
];

const portText = (port: number): string => wordOf(PORTS, port, '%u');

/** Flags of 32 bits behind their word. */
function flagged(b: Body, word: string, names: Bits): void {
  const value = b.u32();
  bitmap(b.p, `${word} 0x${hex(value, 8)}`, value, names);
}

/** A port's number and hardware address with their padding. */
function portHeading(b: Body, line: string): void {
  b.p.text(`${line}port_no ${portText(b.u32())}`);
  b.pass(4);
  b.p.need(b.at, 6);
  b.p.text(', hw_addr ');
  b.mac();
  b.pass(2);
}

function port(b: Body): void {
  const { p } = b;
  portHeading(b, '\n\t  ');
  b.quoted(', name', 16);
  if (p.options.verbose < 2) {
    p.need(b.at, 32);
    return;
  }
  flagged(b, '\n\t   config', PORT_CONFIG);
  flagged(b, '\n\t   state', PORT_STATE);
  for (const word of ['curr', 'advertised', 'supported', 'peer']) flagged(b, `\n\t   ${word}`, PORT_FEATURES);
  p.text(`\n\t   curr_speed ${b.u32()}kbps`);
  p.text(`\n\t   max_speed ${b.u32()}kbps`);
}

const featuresReply: Part = (b) => {
  const { p } = b;
  p.text(`\n\t dpid 0x${b.u64().toString(16).padStart(16, '0')}`);
  p.text(`, n_buffers ${b.u32()}`);
  p.text(`, n_tables ${b.u8()}`);
  p.text(`, auxiliary_id ${b.u8()}`);
  b.pass(2);
  flagged(b, '\n\t capabilities', CAPABILITIES);
  b.pad(4);
};

const switchConfig: Part = (b) => {
  b.p.text(`\n\t flags ${wordOf(FRAGMENTS, b.u16(), 'invalid (0x%04x)')}`);
  b.p.text(`, miss_send_len ${wordOf(MISS_LENGTHS, b.u16(), '%u')}`);
};

const tableMod: Part = (b) => {
  b.p.text(`\n\t table_id ${wordOf(TABLES, b.u8(), '%u')}`);
  b.pass(3);
  b.p.text(`, config 0x${hex(b.u32(), 8)}`);
};

const role: Part = (b) => {
  b.p.text(`\n\t role ${wordOf(ROLES, b.u32(), 'invalid (0x%08x)')}`);
  b.pass(4);
  b.p.text(`, generation_id 0x${b.u64().toString(16).padStart(16, '0')}`);
};

const asynchronous: Part = (b) => {
  for (const [word, names] of [
    ['packet_in', PACKET_REASONS],
    ['port_status', PORT_REASON_FLAGS],
    ['flow_removed', PORT_REASON_FLAGS],
  ] as const) {
    flagged(b, `\n\t ${word}_mask[EM]`, names);
    flagged(b, `\n\t ${word}_mask[S]`, names);
  }
};

const portMod: Part = (b) => {
  portHeading(b, '\n\t ');
  flagged(b, '\n\t  config', PORT_CONFIG);
  flagged(b, '\n\t  mask', PORT_CONFIG);
  flagged(b, '\n\t  advertise', PORT_FEATURES);
  b.pad(4);
};

const portStatus: Part = (b) => {
  // An unknown reason is not shown: the text has no place for it.
  b.p.text(`\n\t reason ${wordOf(PORT_REASONS, b.u8(), 'invalid (0x02x)')}`);
  b.pass(7);
  port(b);
};

const hello: Part = checked((b) => {
  const { p } = b;
  while (b.left > 0) {
    p.text('\n\t');
    b.least('remaining length', b.left, ELEMENT_LEAST);
    const type = b.u16();
    p.text(` type ${wordOf(ELEMENTS, type, 'unknown (0x%04x)')}`);
    const length = b.u16();
    p.text(`, length ${length}`);
    b.least('bitmap length', length, ELEMENT_LEAST);
    b.most('bitmap length', length, b.left + ELEMENT_LEAST);
    const rest = length - ELEMENT_LEAST;
    // One bitmap names all versions there are; more of them are not expected.
    if (type === VERSION_BITMAP && rest === 4) flagged(b, ', bitmap', VERSIONS);
    else {
      if (type === VERSION_BITMAP) p.text(' (bogus)');
      b.pad(rest);
    }
  }
});

const experimenter: Part = (b) => {
  const number = b.u32();
  b.p.text(`\n\t experimenter 0x${hex(number, 8)} (${vendorName(number)})`);
  b.p.text(`, exp_type 0x${hex(b.u32(), 8)}`);
  data(b);
};

const queueConfigRequest: Part = (b) => {
  b.p.text(`\n\t port ${portText(b.u32())}`);
  b.pad(4);
};

/** Messages by their types. */
export const MESSAGES_13: readonly MessageType[] = [
  { name: 'HELLO', print: hello },
  { name: 'ERROR', least: 4, print: errorOf(ERRORS, CODES) },
  { name: 'ECHO_REQUEST', print: data },
  { name: 'ECHO_REPLY', print: data },
  { name: 'EXPERIMENTER', least: 8, print: experimenter },
  { name: 'FEATURES_REQUEST', length: 0 },
  { name: 'FEATURES_REPLY', length: 24, print: featuresReply },
  { name: 'GET_CONFIG_REQUEST', length: 0 },
  { name: 'GET_CONFIG_REPLY', length: 4, print: switchConfig },
  { name: 'SET_CONFIG', length: 4, print: switchConfig },
  { name: 'PACKET_IN' },
  { name: 'FLOW_REMOVED' },
  { name: 'PORT_STATUS', length: 72, print: portStatus },
  { name: 'PACKET_OUT' },
  { name: 'FLOW_MOD' },
  { name: 'GROUP_MOD' },
  { name: 'PORT_MOD', length: 32, print: portMod },
  { name: 'TABLE_MOD', length: 8, print: tableMod },
  { name: 'MULTIPART_REQUEST' },
  { name: 'MULTIPART_REPLY' },
  { name: 'BARRIER_REQUEST', length: 0 },
  { name: 'BARRIER_REPLY', length: 0 },
  { name: 'QUEUE_GET_CONFIG_REQUEST', length: 8, print: queueConfigRequest },
  { name: 'QUEUE_GET_CONFIG_REPLY' },
  { name: 'ROLE_REQUEST', length: 16, print: role },
  { name: 'ROLE_REPLY', length: 16, print: role },
  { name: 'GET_ASYNC_REQUEST', length: 0 },
  { name: 'GET_ASYNC_REPLY', length: 24, print: asynchronous },
  { name: 'SET_ASYNC', length: 24, print: asynchronous },
  { name: 'METER_MOD' },
];
