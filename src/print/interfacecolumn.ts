// Interface and direction in front of a packet, as tcpdump prints them of `-i any`: `eth0  In  `.

import { Direction, LinkType, type Packet, visible } from '../packet/index.js';
import { COOKED_TYPES } from './link/cooked.js';
import type { Printer } from './printer.js';

/** Cooked packets' types. Source: linux/if_packet.h. */
const Type = { HOST: 0, BROADCAST: 1, MULTICAST: 2, OUTGOING: 4 } as const;
const WIDTH = 5;
const MAC_LENGTH = 6;

/** To everybody, to a group, or to us: what the kernel makes of the address a packet that came in was sent to. */
function typeOf(packet: Packet): number {
  if (packet.metadata?.direction === Direction.OUT) return Type.OUTGOING;
  const { buffer, offset } = packet;
  if (packet.linkType !== LinkType.ETHERNET || packet.capturedLength < MAC_LENGTH) return Type.HOST;
  if ((buffer[offset]! & 1) === 0) return Type.HOST;
  for (let i = 0; i < MAC_LENGTH; i++) if (buffer[offset + i] !== 0xff) return Type.MULTICAST;
  return Type.BROADCAST;
}

/** Writes the column; nothing for a packet of no known interface. */
export function writeInterfaceColumn(p: Printer, packet: Packet): void {
  if (packet.interface === null) return;
  p.utf8(visible(packet.interface.name).padEnd(WIDTH));
  p.char(32);
  p.text(COOKED_TYPES[typeOf(packet)]!.padEnd(3));
  p.char(32);
}
