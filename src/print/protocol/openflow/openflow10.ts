// Messages of OpenFlow 1.0. Source: OpenFlow Switch Specification 1.0.0.

import { counted, hex, wordOf } from '../../inline.js';
import { ethernetFrame } from '../../link/ethernet.js';
import type { Words } from '../../printer.js';
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
} from './fields.js';
import {
  ACTION_FLAGS,
  actions,
  match,
  PORT_CONFIG,
  PORT_FEATURES,
  phyPort,
  portText,
  queues,
} from './openflow10parts.js';
import { statsReply, statsRequest } from './openflow10stats.js';
import { vendorMessage } from './openflow10vendor.js';

const PHY_PORT = 48;
const CAPABILITIES = flags(
  'FLOW_STATS|TABLE_STATS|PORT_STATS|STP|RESERVED|IP_REASM|QUEUE_STATS|ARP_MATCH_IP',
);
const CAPABILITIES_ASSIGNED = 0xef;
const COMMANDS = counted(0, 'ADD|MODIFY|MODIFY_STRICT|DELETE|DELETE_STRICT');
const FIRST_DELETE = 3;
const LAST_DELETE = 4;
const FLOW_FLAGS = flags('SEND_FLOW_REM|CHECK_OVERLAP|EMERG');
const BUFFERS: Words = { 4294967295: 'NONE' };
const PACKET_REASONS = counted(0, 'NO_MATCH|ACTION');
const REMOVED_REASONS = counted(0, 'IDLE_TIMEOUT|HARD_TIMEOUT|DELETE');
const PORT_REASONS = counted(0, 'ADD|DELETE|MODIFY');
const ERRORS = counted(
  0,
  'HELLO_FAILED|BAD_REQUEST|BAD_ACTION|FLOW_MOD_FAILED|PORT_MOD_FAILED|QUEUE_OP_FAILED',
);
/** Codes of each of the errors. */
const CODES: readonly Words[] = [
  counted(0, 'INCOMPATIBLE|EPERM'),
  counted(
    0,
    'BAD_VERSION|BAD_TYPE|BAD_STAT|BAD_VENDOR|BAD_SUBTYPE|EPERM|BAD_LEN|BUFFER_EMPTY|BUFFER_UNKNOWN',
  ),
  counted(
    0,
    'BAD_TYPE|BAD_LEN|BAD_VENDOR|BAD_VENDOR_TYPE|BAD_OUT_PORT|BAD_ARGUMENT|EPERM|TOO_MANY|BAD_QUEUE',
  ),
  counted(0, 'ALL_TABLES_FULL|OVERLAP|EPERM|BAD_EMERG_TIMEOUT|BAD_COMMAND|UNSUPPORTED'),
  counted(0, 'BAD_PORT|BAD_HW_ADDR'),
  counted(0, 'BAD_PORT|BAD_QUEUE|EPERM'),
];
/** -v's that a frame inside a message costs. */
const FRAME_VERBOSITY = 3;

const featuresReply: Part = checked((b) => {
  const { p } = b;
  p.text(`\n\t dpid 0x${b.u64().toString(16).padStart(16, '0')}`);
  p.text(`, n_buffers ${b.u32()}`);
  p.text(`, n_tables ${b.u8()}`);
  b.pass(3);
  const capabilities = b.u32();
  bitmap(p, `\n\t capabilities 0x${hex(capabilities, 8)}`, capabilities, CAPABILITIES, CAPABILITIES_ASSIGNED);
  const known = b.u32();
  bitmap(p, `\n\t actions 0x${hex(known, 8)}`, known, ACTION_FLAGS);
  while (b.left > 0) {
    b.least('\n\t  port def. length', b.left, PHY_PORT);
    phyPort(b.part(PHY_PORT));
    b.pass(PHY_PORT);
  }
});

const switchConfig: Part = (b) => {
  b.p.text(`\n\t flags ${wordOf(FRAGMENTS, b.u16(), 'invalid (0x%04x)')}`);
  b.p.text(`, miss_send_len ${b.u16()}`);
};

/** A number of 16 bits behind its word, when it is not zero. */
function unlessZero(b: Body, word: string): void {
  const value = b.u16();
  if (value !== 0) b.p.text(`, ${word} ${value}`);
}

const flowMod: Part = (b) => {
  const { p } = b;
  match(b, '\n\t ');
  p.text(`\n\t cookie 0x${b.u64().toString(16).padStart(16, '0')}`);
  const command = b.u16();
  p.text(`, command ${wordOf(COMMANDS, command, 'invalid (0x%04x)')}`);
  unlessZero(b, 'idle_timeout');
  unlessZero(b, 'hard_timeout');
  unlessZero(b, 'priority');
  if (command < FIRST_DELETE) p.text(`, buffer_id ${wordOf(BUFFERS, b.u32(), '0x%08x')}`);
  else b.pass(4);
  if (command === FIRST_DELETE || command === LAST_DELETE) p.text(`, out_port ${portText(b.u16())}`);
  else b.pass(2);
  const value = b.u16();
  bitmap(p, `, flags 0x${hex(value, 4)}`, value, FLOW_FLAGS);
  actions(b, '\n\t ');
};

const portMod: Part = (b) => {
  const { p } = b;
  p.text(`\n\t port_no ${portText(b.u16())}`);
  p.need(b.at, 6);
  p.text(', hw_addr ');
  b.mac();
  for (const [word, names] of [
    ['config', PORT_CONFIG],
    ['mask', PORT_CONFIG],
    ['advertise', PORT_FEATURES],
  ] as const) {
    const value = b.u32();
    bitmap(p, `\n\t  ${word} 0x${hex(value, 8)}`, value, names);
  }
  b.pad(4);
};

/** The frame of a message, as a packet of its own with enough -v. */
function frame(b: Body): void {
  const { p } = b;
  if (b.left === 0) return;
  p.text(`\n\t data (${b.left} octets)`);
  if (p.options.verbose < FRAME_VERBOSITY) {
    b.rest();
    return;
  }
  p.text(', frame decoding below\n');
  p.pushSnapEnd(b.at + b.left);
  p.lessVerbose(FRAME_VERBOSITY, () => ethernetFrame(p, b.at, b.left));
  p.pop();
}

const packetOut: Part = checked((b) => {
  const { p } = b;
  p.text(`\n\t buffer_id 0x${hex(b.u32(), 8)}`);
  p.text(`, in_port ${portText(b.u16())}`);
  const length = b.u16();
  p.text(`, actions_len ${length}`);
  b.most('actions_len', length, b.left);
  actions(b.part(length), '\n\t ');
  b.pass(length);
  frame(b);
});

const packetIn: Part = (b) => {
  const { p } = b;
  p.text(`\n\t buffer_id ${wordOf(BUFFERS, b.u32(), '0x%08x')}`);
  p.text(`, total_len ${b.u16()}`);
  p.text(`, in_port ${portText(b.u16())}`);
  p.text(`, reason ${wordOf(PACKET_REASONS, b.u8(), 'invalid (0x%02x)')}`);
  b.pad(1);
  frame(b);
};

const flowRemoved: Part = (b) => {
  const { p } = b;
  match(b, '\n\t ');
  p.text(`\n\t cookie 0x${b.u64().toString(16).padStart(16, '0')}`);
  unlessZero(b, 'priority');
  p.text(`, reason ${wordOf(REMOVED_REASONS, b.u8(), 'unknown (0x%02x)')}`);
  b.pass(1);
  p.text(`, duration_sec ${b.u32()}`);
  p.text(`, duration_nsec ${b.u32()}`);
  unlessZero(b, 'idle_timeout');
  b.pass(2);
  p.text(`, packet_count ${b.u64()}`);
  p.text(`, byte_count ${b.u64()}`);
};

const portStatus: Part = (b) => {
  b.p.text(`\n\t reason ${wordOf(PORT_REASONS, b.u8(), 'invalid (0x%02x)')}`);
  b.pass(7);
  phyPort(b);
};

/** A port and what is behind it up to a boundary. */
const port =
  (padding: number): Part =>
  (b) => {
    b.p.text(`\n\t port ${portText(b.u16())}`);
    b.pad(padding);
  };

const queueConfigReply: Part = (b) => {
  port(6)(b);
  queues(b);
};

/** Messages by their types. */
export const MESSAGES_10: readonly MessageType[] = [
  { name: 'HELLO', print: data },
  { name: 'ERROR', least: 4, print: errorOf(ERRORS, CODES) },
  { name: 'ECHO_REQUEST', print: data },
  { name: 'ECHO_REPLY', print: data },
  { name: 'VENDOR', least: 4, print: vendorMessage },
  { name: 'FEATURES_REQUEST', length: 0 },
  { name: 'FEATURES_REPLY', least: 24, print: featuresReply },
  { name: 'GET_CONFIG_REQUEST', length: 0 },
  { name: 'GET_CONFIG_REPLY', length: 4, print: switchConfig },
  { name: 'SET_CONFIG', length: 4, print: switchConfig },
  { name: 'PACKET_IN', least: 10, print: packetIn },
  { name: 'FLOW_REMOVED', length: 80, print: flowRemoved },
  { name: 'PORT_STATUS', length: 56, print: portStatus },
  { name: 'PACKET_OUT', least: 8, print: packetOut },
  { name: 'FLOW_MOD', least: 64, print: flowMod },
  { name: 'PORT_MOD', length: 24, print: portMod },
  { name: 'STATS_REQUEST', least: 4, print: statsRequest },
  { name: 'STATS_REPLY', least: 4, print: statsReply },
  { name: 'BARRIER_REQUEST', length: 0 },
  { name: 'BARRIER_REPLY', length: 0 },
  { name: 'QUEUE_GET_CONFIG_REQUEST', length: 4, print: port(2) },
  { name: 'QUEUE_GET_CONFIG_REPLY', least: 8, print: queueConfigReply },
];
