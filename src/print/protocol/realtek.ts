// Realtek's protocols: remote control (RRCP), echo, loop detection and switch tags. Source: the data sheets of RTL8324,
// RTL8306, RTL8366; openrrcp.org.ru.

import { counted, hex, macText, wordOf } from '../inline.js';
import type { Printer } from '../printer.js';

const Protocol = { RRCP: 0x01, ECHO: 0x02, LOOP: 0x03, LOOP_2: 0x23, TAG_8: 0x04 } as const;
/** Tags whose lower four bits are data. */
const TAG_8306 = 0x90;
const TAG_8366 = 0xa0;

const Field = {
  OPCODE: 1,
  KEY: 2,
  DOWNLINK: 4,
  UPLINK: 5,
  UPLINK_MAC: 6,
  CHIP: 12,
  VENDOR: 14,
  ADDRESS: 4,
  DATA: 6,
  COOKIE_1: 10,
  COOKIE_2: 14,
} as const;
const REPLY = 0x80;
const HELLO = 0;
const SET = 2;
const OPCODES = counted(0, 'hello|get|set');

/**
 * A frame of one of them.
 * @param source, destination offsets of the link-layer addresses, -1 where there are none
 */
export function printRealtek(
  p: Printer,
  offset: number,
  _length: number,
  source: number,
  destination: number,
): void {
  p.protocol = 'rtl';
  if (source >= 0 && destination >= 0) p.text(`${macText(p, source)} > ${macText(p, destination)}, `);
  const protocol = p.u8(offset);
  if (protocol === Protocol.RRCP) remoteControl(p, offset);
  else if (protocol === Protocol.ECHO) p.text('REP');
  else if (protocol === Protocol.LOOP || protocol === Protocol.LOOP_2) p.text('RLDP');
  else if (protocol === Protocol.TAG_8) p.text('Realtek 8-byte DSA tag');
  else if ((protocol & 0xf0) === TAG_8306) p.text('Realtek RTL8306 4-byte DSA tag');
  else if ((protocol & 0xf0) === TAG_8366) p.text('Realtek RTL8366RB 4-byte DSA tag');
  else p.text(`Realtek unknown type 0x${hex(protocol, 2)}`);
}

function remoteControl(p: Printer, offset: number): void {
  p.protocol = 'rrcp';
  const field = p.u8(offset + Field.OPCODE);
  const opcode = field & ~REPLY;
  const reply = (field & REPLY) !== 0;
  p.text(`RRCP ${reply ? 'reply' : 'query'}: ${wordOf(OPCODES, opcode, 'unknown opcode (0x%02x)')}`);
  const register = opcode !== HELLO && opcode <= SET;
  if (register) {
    p.need(offset + Field.ADDRESS, 6);
    p.text(
      ` addr=0x${hex(p.le16(offset + Field.ADDRESS), 4)}, data=0x${hex(p.le32(offset + Field.DATA), 8)}`,
    );
  }
  p.text(`, auth=0x${hex(p.u16(offset + Field.KEY), 4)}`);
  if (register) {
    p.need(offset + Field.COOKIE_1, 8);
    p.text(`, cookie=0x${hex(p.u32(offset + Field.COOKIE_2), 8)}${hex(p.u32(offset + Field.COOKIE_1), 8)} `);
  } else if (opcode === HELLO && reply) {
    p.need(offset + Field.DOWNLINK, 14);
    p.text(
      ` downlink_port=${p.u8(offset + Field.DOWNLINK)}, uplink_port=${p.u8(offset + Field.UPLINK)}` +
        `, uplink_mac=${macText(p, offset + Field.UPLINK_MAC)}` +
        `, vendor_id=${hex(p.u32(offset + Field.VENDOR), 8)} ,chip_id=${hex(p.u16(offset + Field.CHIP), 4)} `,
    );
  }
}
