// Objects of RSVP. Source: RFC 2205, 2961 (message IDs), 3209 (tunnels), 3473 (GMPLS), 4090 (fast reroute),
// 4124 (classes), 4875 (point to multipoint), 5063 (restart).

import { OVERRUN } from '../../endings.js';
import { float32Text } from '../../float.js';
import { bitsOf, hex, ipv4Text, ipv6Text, wordOf } from '../../inline.js';
import { ETHERTYPES } from '../../link/ethernet.js';
import type { Bits, Printer, Words } from '../../printer.js';
import { LSP_ENCODINGS, SWITCHING_CAPABILITIES } from '../../tables/gmpls.js';
import { errorPrinters } from './error.js';
import { integrity } from './integrity.js';
import { PAYLOADS, RsvpClass } from './numbers.js';
import { properties, route, userInterface } from './route.js';
import { service } from './service.js';
import { FILTERS, SENDERS, SESSIONS } from './session.js';
import { entries, lines, number, type ObjectPrinter, Shown } from './types.js';

/** %#x. */
const marked = (value: number): string => (value === 0 ? '0' : `0x${hex(value)}`);

/** An address of each version, with `word` in front. */
const addressed = (word: string): Readonly<Record<number, ObjectPrinter>> => ({
  1: lines(4, (p, at) => [`IPv4 ${word}: ${ipv4Text(p, at)}`]),
  2: lines(16, (p, at) => [`IPv6 ${word}: ${ipv6Text(p, at)}`]),
});

const LABELS: Readonly<Record<number, ObjectPrinter>> = {
  1: entries(4, (p, at) => `Label: ${p.u32(at)}`),
  2: lines(4, (p, at) => [`Generalized Label: ${p.u32(at)}`]),
  3: lines(12, (p, at) => [
    `Waveband ID: ${p.u32(at)}`,
    `Start Label: ${p.u32(at + 4)}, Stop Label: ${p.u32(at + 8)}`,
  ]),
};

const STYLES: Words = { 10: 'Fixed Filter', 17: 'Wildcard Filter', 18: 'Shared Explicit' };

function layer3(p: Printer, at: number): string {
  return `L3 Protocol ID: ${wordOf(ETHERTYPES, p.u16(at + 2), 'Unknown Protocol (0x%04x)')}`;
}

const REQUESTS: Readonly<Record<number, ObjectPrinter>> = {
  1: entries(4, layer3),
  2: lines(12, (p, at) => [
    `${layer3(p, at)},${p.u8(at + 4) >= 0x80 ? 'no' : ''} merge capability`,
    `Minimum VPI/VCI: ${p.u16(at + 4) & 0xfff}/${p.u16(at + 6) & 0xfff}`,
    `Maximum VPI/VCI: ${p.u16(at + 8) & 0xfff}/${p.u16(at + 10) & 0xfff}`,
  ]),
  3: lines(12, (p, at) => {
    const width = (p.u16(at + 4) >> 7) & 3;
    return [
      layer3(p, at),
      `Minimum/Maximum DLCI: ${p.u32(at + 4) & 0x7fffff}/${p.u32(at + 8) & 0x7fffff}` +
        `, ${width === 0 ? '10' : width === 2 ? '23' : ''} bit DLCI`,
    ];
  }),
  4: lines(4, (p, at) => {
    const payload = p.u16(at + 2);
    return [
      `LSP Encoding Type: ${wordOf(LSP_ENCODINGS, p.u8(at), 'Unknown')} (${p.u8(at)})`,
      `Switching Type: ${wordOf(SWITCHING_CAPABILITIES, p.u8(at + 1), 'Unknown')} (${p.u8(at + 1)})` +
        `, Payload ID: ${wordOf(PAYLOADS, payload, 'Unknown')} (${number(payload, 4)})`,
    ];
  }),
};

function hello(p: Printer, at: number): string[] {
  return [`Source Instance: ${number(p.u32(at), 8)}, Destination Instance: ${number(p.u32(at + 4), 8)}`];
}

const CAPABILITIES: Bits = [
  [0x4, 'RecoveryPath Transmit Enabled'],
  [0x2, 'RecoveryPath Desired'],
  [0x1, 'RecoveryPath Srefresh Capable'],
];

function capability(p: Printer, at: number): string[] {
  const value = p.u32(at);
  const reserved = (value & ~7) >>> 0;
  const flags = `Flags: [${bitsOf(CAPABILITIES, value & 7, 'none')}]`;
  return reserved === 0 ? [flags] : [`[reserved=${number(reserved, 8)} must be zero]`, flags];
}

const SESSION_FLAGS: Bits = [
  [0x01, 'Local Protection'],
  [0x02, 'Label Recording'],
  [0x04, 'SE Style'],
  [0x08, 'Bandwidth protection'],
  [0x10, 'Node protection'],
];

function sessionAttribute(p: Printer, at: number, length: number, indent: string): Shown {
  if (length < 4) throw OVERRUN;
  const size = p.u8(at + 3);
  if (length < 4 + size) throw OVERRUN;
  p.text(`${indent}  Session Name: `);
  p.safeBytes(at + 4, size);
  const flags = p.u8(at + 2);
  p.text(
    `${indent}  Setup Priority: ${p.u8(at)}, Holding Priority: ${p.u8(at + 1)}` +
      `, Flags: [${bitsOf(SESSION_FLAGS, flags, 'none')}] (${marked(flags)})`,
  );
  return Shown.WHOLLY;
}

/** A neighbour's interface; behind an IPv6 one there is always more than is known. */
function neighbour(six: boolean): ObjectPrinter {
  const width = six ? 16 : 4;
  return (p, at, length, indent) => {
    if (length < width + 4) throw OVERRUN;
    p.text(
      `${indent}  Previous/Next Interface: ${six ? ipv6Text(p, at) : ipv4Text(p, at)}` +
        `, Logical Interface Handle: ${number(p.u32(at + width), 8)}`,
    );
    return six || length > width + 4 ? Shown.PARTLY : Shown.WHOLLY;
  };
}

function protectionText(p: Printer, at: number): string {
  const bandwidth = float32Text(p, at + 4, (value) => Math.fround(value * 8) / 1000000);
  return (
    `Setup Priority: ${p.u8(at)}, Holding Priority: ${p.u8(at + 1)}, Hop-limit: ${p.u8(at + 2)}` +
    `, Bandwidth: ${bandwidth} Mbps`
  );
}

const FAST_REROUTES: Readonly<Record<number, ObjectPrinter>> = {
  1: lines(20, (p, at) => [
    protectionText(p, at),
    `Include-any: ${number(p.u32(at + 8), 8)}, Exclude-any: ${number(p.u32(at + 12), 8)}` +
      `, Include-all: ${number(p.u32(at + 16), 8)}`,
  ]),
  7: lines(16, (p, at) => [
    protectionText(p, at),
    `Include Colors: ${number(p.u32(at + 8), 8)}, Exclude Colors: ${number(p.u32(at + 12), 8)}`,
  ]),
};

const identifiers = entries(4, (p, at) => `  Message-ID ${number(p.u32(at), 8)} (${p.u32(at)})`, 4);
const messageIds: ObjectPrinter = (p, at, length, indent, message) => {
  if (length < 4) throw OVERRUN;
  p.text(`${indent}  Flags [${number(p.u8(at), 2)}], epoch: ${p.u24(at + 1)}`);
  return identifiers(p, at, length, indent, message);
};

const ADMIN_FLAGS: Bits = [
  [0x80000000, 'Reflect'],
  [0x00000004, 'Testing'],
  [0x00000002, 'Admin-down'],
  [0x00000001, 'Delete-in-progress'],
];

const LABEL_ACTIONS: Words = {
  0: 'Inclusive list',
  1: 'Exclusive list',
  2: 'Inclusive range',
  3: 'Exclusive range',
};

function labelSet(p: Printer, at: number, length: number, indent: string): Shown {
  if (length < 4) throw OVERRUN;
  const action = p.u8(at);
  const word = wordOf(LABEL_ACTIONS, action, 'Unknown');
  p.text(`${indent}  Action: ${word} (${action}), Label type: ${p.u8(at + 3) & 0x7f}`);
  if (action === 2 || action === 3) {
    if (length < 12) throw OVERRUN;
    p.text(`${indent}  Start range: ${p.u32(at + 4)}, End range: ${p.u32(at + 8)}`);
    return Shown.WHOLLY;
  }
  for (let i = 1; i * 4 + 4 <= length; i++) p.text(`${indent}  Subchannel #${i}: ${p.u32(at + i * 4)}`);
  return Shown.WHOLLY;
}

const classType = { 1: lines(4, (p, at) => [`CT: ${p.u8(at + 3) & 7}`]) };
const services = { 2: service };
const RESTART = lines(8, (p, at) => [`Restart  Time: ${p.u32(at)}ms, Recovery Time: ${p.u32(at + 4)}ms`]);
const DETOUR = entries(8, (p, at) => `PLR-ID: ${ipv4Text(p, at)}, Avoid-Node-ID: ${ipv4Text(p, at + 4)}`);

/** By class and type. A class that is here has its unknown types shown in hexadecimal under -v too. */
export const OBJECT_PRINTERS: Readonly<Record<number, Readonly<Record<number, ObjectPrinter>>>> = {
  [RsvpClass.SESSION]: SESSIONS,
  [RsvpClass.HOP]: { 1: neighbour(false), 2: neighbour(true), 3: neighbour(false), 4: neighbour(true) },
  [RsvpClass.INTEGRITY]: { 1: integrity },
  [RsvpClass.TIME_VALUES]: { 1: lines(4, (p, at) => [`Refresh Period: ${p.u32(at)}ms`]) },
  [RsvpClass.ERROR]: errorPrinters,
  [RsvpClass.STYLE]: {
    1: lines(4, (p, at) => [
      `Reservation Style: ${wordOf(STYLES, p.u24(at + 1), 'Unknown')}, Flags: [${number(p.u8(at), 2)}]`,
    ]),
  },
  [RsvpClass.FLOW]: services,
  [RsvpClass.FILTER]: FILTERS,
  [RsvpClass.SENDER_TEMPLATE]: SENDERS,
  [RsvpClass.SENDER_TRAFFIC]: services,
  [RsvpClass.ADVERTISEMENT]: services,
  [RsvpClass.CONFIRM]: addressed('Receiver Address'),
  [RsvpClass.LABEL]: LABELS,
  [RsvpClass.LABEL_REQUEST]: REQUESTS,
  [RsvpClass.EXPLICIT_ROUTE]: { 1: route },
  [RsvpClass.RECORD_ROUTE]: { 1: route },
  [RsvpClass.HELLO]: { 1: lines(8, hello), 2: lines(8, hello) },
  [RsvpClass.MESSAGE_ID]: { 1: messageIds, 2: messageIds },
  [RsvpClass.MESSAGE_ID_ACK]: { 1: messageIds, 2: messageIds },
  [RsvpClass.MESSAGE_ID_LIST]: { 1: messageIds, 2: messageIds },
  [RsvpClass.RECOVERY_LABEL]: LABELS,
  [RsvpClass.UPSTREAM_LABEL]: LABELS,
  [RsvpClass.LABEL_SET]: { 1: labelSet },
  [RsvpClass.SUB_LSP]: {
    1: lines(4, (p, at) => [`Sub-LSP destination address: ${ipv4Text(p, at)}`]),
    2: lines(16, (p, at) => [`Sub-LSP destination address: ${ipv6Text(p, at)}`]),
  },
  [RsvpClass.DETOUR]: { 7: DETOUR },
  [RsvpClass.CLASS_TYPE]: classType,
  [RsvpClass.CLASS_TYPE_OLD]: classType,
  [RsvpClass.SUGGESTED_LABEL]: LABELS,
  [RsvpClass.RESTART]: { 1: RESTART },
  [RsvpClass.CAPABILITY]: { 1: lines(4, capability) },
  [RsvpClass.NOTIFY]: addressed('Notify Node Address'),
  [RsvpClass.ADMIN_STATUS]: {
    1: lines(4, (p, at) => [`Flags [${bitsOf(ADMIN_FLAGS, p.u32(at), 'none')}]`]),
  },
  [RsvpClass.PROPERTIES]: { 1: properties },
  [RsvpClass.FAST_REROUTE]: FAST_REROUTES,
  [RsvpClass.SESSION_ATTRIBUTE]: { 7: sessionAttribute },
  [RsvpClass.UNI]: { 1: userInterface },
};
