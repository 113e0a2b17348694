// A packet's flow: the two ends and the protocol, the same in both directions.

import type { Headers } from './headers.js';

/** FNV-1a's constants. */
const BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

/** One end's number: FNV-1a over port and address, then mixed, so that the sum of two depends on which port is whose. */
function endHash(b: Uint8Array, from: number, length: number, port: number): number {
  let h = Math.imul(Math.imul(BASIS ^ (port >> 8), PRIME) ^ (port & 255), PRIME);
  for (let i = from; i < from + length; i++) h = Math.imul(h ^ b[i]!, PRIME);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function addressLength(h: Headers): number {
  return h.version === 4 ? 4 : 16;
}

/**
 * @param h of an IP packet
 * @returns 1 to 2^32 - 1; different flows may have the same
 */
export function flowId(h: Headers): number {
  const size = addressLength(h);
  const source = endHash(h.buffer, h.source, size, h.sourcePort & 0xffff);
  const destination = endHash(h.buffer, h.destination, size, h.destinationPort & 0xffff);
  return (source + destination + h.protocol) >>> 0 || 1;
}

/**
 * @param h of an IP packet
 * @returns whether the source comes first in the flow's key: by address, then by port
 */
export function sourceFirst(h: Headers): boolean {
  const { buffer: b, source, destination } = h;
  const size = addressLength(h);
  for (let i = 0; i < size; i++) {
    const difference = b[source + i]! - b[destination + i]!;
    if (difference !== 0) return difference < 0;
  }
  return h.sourcePort <= h.destinationPort;
}

/**
 * A key for maps: the protocol, both addresses, both ports, a character a byte.
 * @param h of an IP packet
 * @returns the same for both directions; flows are different when their keys are
 */
export function flowKey(h: Headers): string {
  const size = addressLength(h);
  const first = sourceFirst(h);
  const text = (at: number): string => Buffer.prototype.latin1Slice.call(h.buffer, at, at + size);
  const port = (number: number): string => String.fromCharCode(number < 0 ? 0 : number);
  return (
    String.fromCharCode(h.protocol & 0xff) +
    text(first ? h.source : h.destination) +
    text(first ? h.destination : h.source) +
    port(first ? h.sourcePort : h.destinationPort) +
    port(first ? h.destinationPort : h.sourcePort)
  );
}
