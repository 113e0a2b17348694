// ARP for IPv4 over Ethernet. Source: RFC 826.

import { u16 } from '../../link.js';
import { ipv4Text, macText } from './address.js';

const LENGTH = 28;
const OPERATIONS: Readonly<Record<number, string>> = { 1: 'request', 2: 'reply' };

export interface Arp {
  /** request, reply, or the number. */
  readonly operation: string;
  readonly senderMac: string;
  readonly senderAddress: string;
  readonly targetMac: string;
  readonly targetAddress: string;
}

/** @returns null when it is cut off, or of other addresses */
export function readArp(b: Uint8Array, at: number, end: number): Arp | null {
  if (at + LENGTH > end || u16(b, at) !== 1 || u16(b, at + 2) !== 0x0800) return null;
  if (b[at + 4] !== 6 || b[at + 5] !== 4) return null;
  const operation = u16(b, at + 6);
  return {
    operation: OPERATIONS[operation] ?? String(operation),
    senderMac: macText(b, at + 8),
    senderAddress: ipv4Text(b, at + 14),
    targetMac: macText(b, at + 18),
    targetAddress: ipv4Text(b, at + 24),
  };
}
