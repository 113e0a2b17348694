// Structures of OpenFlow 1.0 that several messages have: ports, matches, actions, queues.

import { counted, hex, wordOf } from '../../inline.js';
import type { Words } from '../../printer.js';
import { type Body, bitmap, checked, flags, type Part } from './fields.js';
import { vendorAction } from './openflow10vendor.js';

const PORTS: Words = {
  65280: 'MAX',
  ...counted(0xfff8, 'IN_PORT|TABLE|NORMAL|FLOOD|ALL|CONTROLLER|LOCAL|NONE'),
};
const CONTROLLER = 0xfffd;
export const PORT_CONFIG = flags('PORT_DOWN|NO_STP|NO_RECV|NO_RECV_STP|NO_FLOOD|NO_FWD|NO_PACKET_IN');
const LINK_DOWN = 1;
const STP_MASK = 0x300;
const STP_STATES = ['STP_LISTEN', 'STP_LEARN', 'STP_FORWARD', 'STP_BLOCK'];
export const PORT_FEATURES = flags(
  '10MB_HD|10MB_FD|100MB_HD|100MB_FD|1GB_HD|1GB_FD|10GB_FD|COPPER|FIBER|AUTONEG|PAUSE|PAUSE_ASYM',
);
const ACTION_NAMES =
  'OUTPUT|SET_VLAN_VID|SET_VLAN_PCP|STRIP_VLAN|SET_DL_SRC|SET_DL_DST|SET_NW_SRC|SET_NW_DST|SET_NW_TOS|SET_TP_SRC|' +
  'SET_TP_DST|ENQUEUE';
const VENDOR = 0xffff;
const ACTIONS: Words = { ...counted(0, ACTION_NAMES), [VENDOR]: 'VENDOR' };
export const ACTION_FLAGS = flags(ACTION_NAMES);
const ACTION_LEAST = 8;
/** Bytes of an action's type and length. */
const ACTION_HEADER = 4;
/** Lengths of the actions. */
const ACTION_LENGTHS = [8, 8, 8, 8, 16, 16, 8, 8, 8, 8, 8, 16];
/** What a bit of a match's wildcards leaves open. */
const Wild = {
  IN_PORT: 1,
  DL_VLAN: 2,
  DL_SRC: 4,
  DL_DST: 8,
  DL_TYPE: 16,
  NW_PROTO: 32,
  TP_SRC: 64,
  TP_DST: 128,
  DL_VLAN_PCP: 1 << 20,
  NW_TOS: 1 << 21,
} as const;
export const WILDCARDS_ASSIGNED = (1 << 22) - 1;
const NW_SRC_SHIFT = 8;
const NW_DST_SHIFT = 14;
const NW_BITS = 0x3f;
const NO_VLAN = 0xffff;
const LAST_VLAN = 0xffe;
const ARP = 0x0806;
const IP = 0x0800;
const ICMP = 1;
const QUEUE_LEAST = 8;
const PROPERTIES = counted(0, 'NONE|MIN_RATE');
const PROPERTY_LENGTHS = [8, 16];
const MIN_RATE = 1;
const ALL_QUEUES: Words = { 4294967295: 'ALL' };

/** A port by its number or its name. */
export const portText = (port: number): string => wordOf(PORTS, port, '%u');

/** A queue by its number, or all of them. */
export const queueText = (queue: number): string => wordOf(ALL_QUEUES, queue, '%u');

const vlanText = (vlan: number): string =>
  vlan === NO_VLAN ? 'NONE' : `${vlan}${vlan > 0 && vlan <= LAST_VLAN ? '' : ' (bogus)'}`;

const priorityText = (priority: number): string => `${priority}${priority <= 7 ? '' : ' (bogus)'}`;

/** A port of a switch. */
export const phyPort: Part = (b) => {
  const { p } = b;
  p.text(`\n\t  port_no ${portText(b.u16())}`);
  p.need(b.at, 6);
  p.text(', hw_addr ');
  b.mac();
  b.quoted(', name', 16);
  if (p.options.verbose < 2) {
    p.need(b.at, 24);
    return;
  }
  const config = b.u32();
  bitmap(p, `\n\t   config 0x${hex(config, 8)}`, config, PORT_CONFIG);
  const state = b.u32();
  const stp = STP_STATES[(state & STP_MASK) >> 8];
  const down = (state & LINK_DOWN) === 0 ? '' : ', LINK_DOWN';
  const bogus = (state & ~(STP_MASK | LINK_DOWN)) === 0 ? '' : ' (bogus)';
  p.text(`\n\t   state 0x${hex(state, 8)} (${stp}${down})${bogus}`);
  for (const word of ['curr', 'advertised', 'supported', 'peer']) {
    const value = b.u32();
    bitmap(p, `\n\t   ${word} 0x${hex(value, 8)}`, value, PORT_FEATURES);
  }
};

/** What packets a flow is of: those fields that are not left open. */
export function match(b: Body, prefix: string): void {
  const { p } = b;
  const wildcards = b.u32();
  const given = (bit: number): boolean => (wildcards & bit) === 0;
  if ((wildcards & ~WILDCARDS_ASSIGNED) !== 0) p.text(`${prefix}wildcards 0x${hex(wildcards, 8)} (bogus)`);
  const field = (bit: number, size: number, text: () => string): void => {
    if (given(bit)) p.text(`${prefix}match ${text()}`);
    else b.pass(size);
  };
  const address = (bit: number, word: string): void => {
    if (!given(bit)) {
      b.pass(6);
      return;
    }
    p.need(b.at, 6);
    p.text(`${prefix}match ${word} `);
    b.mac();
  };
  field(Wild.IN_PORT, 2, () => `in_port ${portText(b.u16())}`);
  address(Wild.DL_SRC, 'dl_src');
  address(Wild.DL_DST, 'dl_dst');
  field(Wild.DL_VLAN, 2, () => `dl_vlan ${vlanText(b.u16())}`);
  field(Wild.DL_VLAN_PCP, 1, () => `dl_vlan_pcp ${priorityText(b.u8())}`);
  b.pass(1);
  const type = b.u16();
  field(Wild.DL_TYPE, 0, () => `dl_type 0x${hex(type, 4)}`);
  field(Wild.NW_TOS, 1, () => `nw_tos 0x${hex(b.u8(), 2)}`);
  const protocol = b.u8();
  const typed = (wanted: number): boolean => given(Wild.DL_TYPE) && type === wanted;
  field(Wild.NW_PROTO, 0, () => `${typed(ARP) ? 'arp_opcode' : 'nw_proto'} ${protocol}`);
  b.pass(2);
  for (const [word, shift] of [
    ['nw_src', NW_SRC_SHIFT],
    ['nw_dst', NW_DST_SHIFT],
  ] as const) {
    const open = (wildcards >> shift) & NW_BITS;
    if (open >= 32) b.pass(4);
    else {
      p.need(b.at, 4);
      p.text(`${prefix}match ${word} `);
      b.ipv4();
      p.text(`/${32 - open}`);
    }
  }
  const icmp = typed(IP) && given(Wild.NW_PROTO) && protocol === ICMP;
  field(Wild.TP_SRC, 2, () => `${icmp ? 'icmp_type' : 'tp_src'} ${b.u16()}`);
  if (given(Wild.TP_DST)) p.text(`${prefix}match ${icmp ? 'icmp_code' : 'tp_dst'} ${b.u16()}`);
  else b.pad(2);
}

/** The fields of each action behind its length. */
const ACTION_FIELDS: readonly Part[] = [
  (b) => {
    const port = b.u16();
    b.p.text(`, port ${portText(port)}`);
    if (port === CONTROLLER) b.p.text(`, max_len ${b.u16()}`);
    else b.pad(2);
  },
  (b) => {
    b.p.text(`, vlan_vid ${vlanText(b.u16())}`);
    b.pad(2);
  },
  (b) => {
    b.p.text(`, vlan_pcp ${priorityText(b.u8())}`);
    b.pad(3);
  },
  (b) => b.pad(4),
  ethernetAddress,
  ethernetAddress,
  networkAddress,
  networkAddress,
  (b) => {
    b.p.text(`, nw_tos 0x${hex(b.u8(), 2)}`);
    b.pad(3);
  },
  transportPort,
  transportPort,
  (b) => {
    b.p.text(`, port ${portText(b.u16())}`);
    b.pass(6);
    b.p.text(`, queue_id ${queueText(b.u32())}`);
  },
];

function ethernetAddress(b: Body): void {
  b.p.need(b.at, 6);
  b.p.text(', dl_addr ');
  b.mac();
  b.pad(6);
}

function networkAddress(b: Body): void {
  b.p.need(b.at, 4);
  b.p.text(', nw_addr ');
  b.ipv4();
}

function transportPort(b: Body): void {
  b.p.text(`, tp_port ${b.u16()}`);
  b.pad(2);
}

/** Actions to the end of the bytes. */
export function actions(body: Body, prefix: string): void {
  checked((b) => {
    while (b.left > 0) action(b, prefix);
  })(body);
}

function action(b: Body, prefix: string): void {
  const { p } = b;
  p.text(`${prefix}action`);
  b.least('remaining length', b.left, ACTION_LEAST);
  const type = b.u16();
  p.text(` type ${wordOf(ACTIONS, type, 'invalid (0x%04x)')}`);
  const length = b.u16();
  p.text(`, len ${length}`);
  b.least('alen', length, ACTION_LEAST);
  b.most('alen', length, b.left + ACTION_HEADER);
  const vendor = type === VENDOR;
  const right = vendor ? length % 8 === 0 : length === (ACTION_LENGTHS[type] ?? length);
  if (!right) p.text(' (bogus)');
  const rest = length - ACTION_HEADER;
  if (right && vendor) {
    vendorAction(b.part(rest));
    b.pass(rest);
  } else if (right && type < ACTION_FIELDS.length) ACTION_FIELDS[type]!(b);
  else b.pad(rest);
}

/** Queues to the end of the bytes. */
export const queues: Part = checked((b) => {
  const { p } = b;
  while (b.left > 0) {
    p.text('\n\t ');
    b.least('remaining length', b.left, QUEUE_LEAST);
    p.text(` queue_id ${b.u32()}`);
    const length = b.u16();
    p.text(`, len ${length}`);
    b.least('prop. desc. length', length, QUEUE_LEAST);
    b.most('prop. desc. length', length, b.left + 6);
    b.pad(2);
    const rest = length - QUEUE_LEAST;
    if (p.options.verbose >= 2) properties(b.part(rest));
    else p.need(b.at, rest);
    b.pass(rest);
  }
});

const properties: Part = checked((b) => {
  const { p } = b;
  while (b.left > 0) {
    p.text('\n\t  ');
    b.least('remaining length', b.left, QUEUE_LEAST);
    const property = b.u16();
    p.text(` property ${wordOf(PROPERTIES, property, 'invalid (0x%04x)')}`);
    const length = b.u16();
    p.text(`, len ${length}`);
    b.least('property length', length, QUEUE_LEAST);
    b.most('property length', length, b.left + 4);
    b.pad(4);
    const right = length === (PROPERTY_LENGTHS[property] ?? length);
    if (!right) p.text(' (bogus)');
    if (right && property === MIN_RATE) {
      const rate = b.u16();
      p.text(rate > 1000 ? ', rate disabled' : `, rate ${Math.trunc(rate / 10)}.${rate % 10}%`);
      b.pad(6);
    } else b.pad(length - QUEUE_LEAST);
  }
});
