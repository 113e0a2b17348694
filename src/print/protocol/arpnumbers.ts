// Numbers that ARP over every hardware shares. Source: IANA, Address Resolution Protocol Parameters.

import { hex } from '../inline.js';
import type { Words } from '../printer.js';
import { etherTypeName } from './inner.js';

export const Hardware = { FRAME_RELAY: 15, ATM: 19 } as const;

export const HARDWARE: Words = {
  1: 'Ethernet',
  6: 'TokenRing',
  7: 'ArcNet',
  [Hardware.FRAME_RELAY]: 'FrameRelay',
  [Hardware.ATM]: 'ATM',
  23: 'Strip',
  24: 'IEEE 1394',
  32: 'InfiniBand',
};

export const Operation = {
  REQUEST: 1,
  REPLY: 2,
  REVERSE_REQUEST: 3,
  REVERSE_REPLY: 4,
  INVERSE_REQUEST: 8,
  INVERSE_REPLY: 9,
  NACK: 10,
} as const;

export const OPERATIONS: Words = {
  [Operation.REQUEST]: 'Request',
  [Operation.REPLY]: 'Reply',
  [Operation.REVERSE_REQUEST]: 'Reverse Request',
  [Operation.REVERSE_REPLY]: 'Reverse Reply',
  [Operation.INVERSE_REQUEST]: 'Inverse Request',
  [Operation.INVERSE_REPLY]: 'Inverse Reply',
  [Operation.NACK]: 'NACK Reply',
};

/** Whether addresses of an EtherType are IPv4's: its own and that of trailers (RFC 893). */
export function isIpv4(protocol: number): boolean {
  return protocol === 0x0800 || protocol === 0x1000;
}

export function protocolName(protocol: number): string {
  return etherTypeName(protocol) ?? `Unknown Protocol (0x${hex(protocol, 4)})`;
}
