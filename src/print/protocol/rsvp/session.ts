// Sessions of RSVP, their senders and filters. Source: RFC 2205 (A.1, A.9, A.10), 3209 (4.6), 4875 (19).

import { ipv4Text, ipv6Text } from '../../inline.js';
import { lines, number, type ObjectPrinter } from './types.js';

const tunnel4 = lines(12, (p, at) => [
  `IPv4 Tunnel EndPoint: ${ipv4Text(p, at)}, Tunnel ID: ${number(p.u16(at + 6), 4)}` +
    `, Extended Tunnel ID: ${ipv4Text(p, at + 8)}`,
]);
/** What a reservation is for. */
export const SESSIONS: Readonly<Record<number, ObjectPrinter>> = {
  1: lines(8, (p, at) => [
    `IPv4 DestAddress: ${ipv4Text(p, at)}, Protocol ID: ${number(p.u8(at + 4), 2)}`,
    `Flags: [${number(p.u8(at + 5), 2)}], DestPort ${p.u16(at + 6)}`,
  ]),
  2: lines(20, (p, at) => [
    `IPv6 DestAddress: ${ipv6Text(p, at)}, Protocol ID: ${number(p.u8(at + 16), 2)}`,
    `Flags: [${number(p.u8(at + 17), 2)}], DestPort ${p.u16(at + 18)}`,
  ]),
  7: tunnel4,
  8: lines(36, (p, at) => [
    `IPv6 Tunnel EndPoint: ${ipv6Text(p, at)}, Tunnel ID: ${number(p.u16(at + 18), 4)}` +
      `, Extended Tunnel ID: ${ipv6Text(p, at + 20)}`,
  ]),
  11: tunnel4,
  13: lines(12, (p, at) => [
    `IPv4 P2MP LSP ID: ${ipv4Text(p, at)}, Tunnel ID: ${number(p.u16(at + 6), 4)}` +
      `, Extended Tunnel ID: ${ipv4Text(p, at + 8)}`,
  ]),
  14: lines(26, (p, at) => [
    `IPv6 P2MP LSP ID: ${number(p.u32(at), 8)}, Tunnel ID: ${number(p.u16(at + 6), 4)}` +
      `, Extended Tunnel ID: ${ipv6Text(p, at + 8)}`,
  ]),
};

const source4 = lines(8, (p, at) => [`Source Address: ${ipv4Text(p, at)}, Source Port: ${p.u16(at + 6)}`]);
const source6 = lines(20, (p, at) => [`Source Address: ${ipv6Text(p, at)}, Source Port: ${p.u16(at + 18)}`]);
const multipoint4 = lines(16, (p, at) => [
  `IPv4 Tunnel Sender Address: ${ipv4Text(p, at)}, LSP ID: ${number(p.u16(at + 6), 4)}`,
  `Sub-Group Originator ID: ${ipv4Text(p, at + 8)}, Sub-Group ID: ${number(p.u16(at + 12), 4)}`,
]);
const multipoint6 = lines(40, (p, at) => [
  `IPv6 Tunnel Sender Address: ${ipv6Text(p, at)}, LSP ID: ${number(p.u16(at + 18), 4)}`,
  `Sub-Group Originator ID: ${ipv6Text(p, at + 20)}, Sub-Group ID: ${number(p.u16(at + 38), 4)}`,
]);
/** Who sends. */
export const SENDERS: Readonly<Record<number, ObjectPrinter>> = {
  1: source4,
  2: source6,
  7: lines(8, (p, at) => [
    `IPv4 Tunnel Sender Address: ${ipv4Text(p, at)}, LSP-ID: ${number(p.u16(at + 6), 4)}`,
  ]),
  12: multipoint4,
  13: multipoint6,
};
/** Whose traffic a reservation is for. */
export const FILTERS: Readonly<Record<number, ObjectPrinter>> = {
  1: source4,
  2: source6,
  3: lines(20, (p, at) => [`Source Address: ${ipv6Text(p, at)}, Flow Label: ${p.u24(at + 17)}`]),
  7: lines(8, (p, at) => [`Source Address: ${ipv4Text(p, at)}, LSP-ID: ${number(p.u16(at + 6), 4)}`]),
  // Four bytes of the address are shown.
  8: lines(20, (p, at) => [`Source Address: ${ipv4Text(p, at)}, LSP-ID: ${number(p.u16(at + 18), 4)}`]),
  12: multipoint4,
  13: multipoint6,
};
