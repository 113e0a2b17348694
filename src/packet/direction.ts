// Which direction of packets is wanted.

import { Direction } from './packet.js';
import type { PacketFilter } from './source.js';

/** @returns null where every packet passes */
export function passesDirection(wanted: 'in' | 'out' | 'inout' | null): PacketFilter | null {
  if (wanted !== 'in' && wanted !== 'out') return null;
  const other = wanted === 'in' ? Direction.OUT : Direction.IN;
  // Most files say nothing of directions; tcpdump asks for none of theirs.
  return (packet) => packet.metadata === null || packet.metadata.direction !== other;
}
