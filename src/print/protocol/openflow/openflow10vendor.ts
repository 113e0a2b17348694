// What vendors add to OpenFlow 1.0, that of Big Switch Networks by its fields. Sources: Loxigen, OFTest.

import { counted, hex, wordOf } from '../../inline.js';
import type { Words } from '../../printer.js';
import { type Body, checked, data, type Part, vendorName } from './fields.js';

const BIG_SWITCH = 0x5c16c7;
const SUBTYPES: Words = {
  ...counted(
    0,
    'SET_IP_MASK|GET_IP_MASK_REQUEST|GET_IP_MASK_REPLY|SET_MIRRORING|GET_MIRRORING_REQUEST|GET_MIRRORING_REPLY|' +
      'SHELL_COMMAND|SHELL_OUTPUT|SHELL_STATUS|GET_INTERFACES_REQUEST|GET_INTERFACES_REPLY|' +
      'SET_PKTIN_SUPPRESSION_REQUEST|SET_L2_TABLE_REQUEST|GET_L2_TABLE_REQUEST|GET_L2_TABLE_REPLY|' +
      'VIRTUAL_PORT_CREATE_REQUEST|VIRTUAL_PORT_CREATE_REPLY|VIRTUAL_PORT_REMOVE_REQUEST|BW_ENABLE_SET_REQUEST|' +
      'BW_ENABLE_GET_REQUEST|BW_ENABLE_GET_REPLY|BW_CLEAR_DATA_REQUEST|BW_CLEAR_DATA_REPLY|BW_ENABLE_SET_REPLY|' +
      'SET_L2_TABLE_REPLY|SET_PKTIN_SUPPRESSION_REPLY|VIRTUAL_PORT_REMOVE_REPLY|HYBRID_GET_REQUEST|' +
      'HYBRID_GET_REPLY|||PDU_TX_REQUEST|PDU_TX_REPLY|PDU_RX_REQUEST|PDU_RX_REPLY|PDU_RX_TIMEOUT',
  ),
};
const ON_OFF = counted(0, 'OFF|ON');
const ACTIONS = counted(1, 'MIRROR|SET_TUNNEL_DST||CHECKSUM');
const MIRROR = 1;
const STAGES = counted(0, 'INGRESS|EGRESS');
const VLAN = 0x8100;

/** The vendor, and what is its. */
function vendor(b: Body, bigSwitch: Part): void {
  const number = b.u32();
  b.p.text(`, vendor 0x${hex(number, 8)} (${vendorName(number)})`);
  (number === BIG_SWITCH ? bigSwitch : data)(b);
}

const mask: Part = (b) => {
  b.exactly('len', b.left, 8);
  b.p.text(`, index ${b.u8()}`);
  b.pass(3);
  b.p.need(b.at, 4);
  b.p.text(', mask ');
  b.ipv4();
};

const mirroring: Part = (b) => {
  b.exactly('len', b.left, 4);
  b.p.text(`, report_mirror_ports ${wordOf(ON_OFF, b.u8(), 'bogus (%u)')}`);
  b.pad(3);
};

const nothing: Part = (b) => b.exactly('len', b.left, 0);

const shell: Part = (b) => {
  b.p.text(", data '");
  b.p.safeBytes(b.at, b.left);
  b.p.char(39);
};

const MESSAGES: { readonly [subtype: number]: Part } = {
  0: mask,
  1: (b) => {
    b.exactly('len', b.left, 8);
    b.p.text(`, index ${b.u8()}`);
    b.pad(7);
  },
  2: mask,
  3: mirroring,
  4: mirroring,
  5: mirroring,
  6: (b) => {
    b.least('len', b.left, 4);
    b.p.text(`, service ${b.u32()}`);
    shell(b);
  },
  7: shell,
  8: (b) => {
    b.exactly('len', b.left, 4);
    b.p.text(`, status 0x${hex(b.u32(), 8)}`);
  },
  9: nothing,
  13: nothing,
  17: (b) => {
    b.exactly('len', b.left, 4);
    b.p.text(`, vport_no ${b.u32()}`);
  },
  19: nothing,
  21: nothing,
  27: nothing,
};

const bigSwitchMessage: Part = checked((b) => {
  b.p.text('\n\t');
  b.least('len', b.left, 4);
  const subtype = b.u32();
  b.p.text(` subtype ${wordOf(SUBTYPES, subtype, 'unknown (0x%08x)')}`);
  const print = MESSAGES[subtype];
  if (print === undefined) b.rest();
  else print(b);
});

const bigSwitchAction: Part = checked((b) => {
  const { p } = b;
  p.text('\n\t ');
  b.least('len', b.left, 4);
  const subtype = b.u32();
  p.text(` subtype ${wordOf(ACTIONS, subtype, 'unknown (0x%08x)')}`);
  if (subtype !== MIRROR) {
    b.rest();
    return;
  }
  b.exactly('len', b.left, 12);
  p.text(`, dest_port ${b.u32()}`);
  const tag = b.u32();
  const protocol = tag >>> 16;
  if (protocol === 0) p.text(', vlan_tag none');
  else if (protocol === VLAN) p.text(`, vlan_tag 802.1Q (${tagText(tag & 0xffff)})`);
  else p.text(`, vlan_tag unknown (0x${hex(protocol, 4)})`);
  p.text(`, copy_stage ${wordOf(STAGES, b.u8(), 'unknown (%u)')}`);
  b.pad(3);
});

/** The tag control information of IEEE 802.1Q. */
function tagText(tag: number): string {
  return `vlan ${tag & 0xfff}, p ${tag >> 13}${(tag & 0x1000) === 0 ? '' : ', DEI'}`;
}

/** A vendor's message. */
export const vendorMessage: Part = (b) => vendor(b, bigSwitchMessage);

/** A vendor's action. */
export const vendorAction: Part = checked((b) => {
  b.least('len', b.left, 4);
  vendor(b, bigSwitchAction);
});

/** A vendor's statistics. */
export const vendorData: Part = checked((b) => {
  b.least('len', b.left, 4);
  vendor(b, data);
});
