// Transparent Inter-Process Communication. Source: draft-spec-tipc-07.

import { counted, hex, wordOf } from '../inline.js';
import type { Printer, Words } from '../printer.js';

const USERS: Words = {
  ...counted(
    0,
    'Low Importance Data payload|Medium Importance Data payload|High Importance Data payload|' +
      'Critical Importance Data payload||Broadcast Link Protocol internal|' +
      'Message Bundler Protocol internal|Link State Protocol internal|Connection Manager internal',
  ),
  ...counted(
    10,
    'Link Changeover Protocol internal|Name Table Update Protocol internal|' +
      'Message Fragmentation Protocol internal|Neighbor Detection Protocol internal',
  ),
};
/** Users whose messages have the header of data. */
const PAYLOAD: readonly number[] = [0, 1, 2, 3, 8, 11];
const INTERNAL: readonly number[] = [5, 6, 7, 10, 12];
const LINK_CONFIGURATION = 13;
const TYPES = counted(0, 'CONN_MSG|MCAST_MSG|NAMED_MSG|DIRECT_MSG');
const CONFIGURATION_TYPES = counted(0, 'Link request|Link response');
/** Words of a header that has no nodes of origin and destination. */
const SHORT = 6;

/** A TIPC message. Users that are unknown print nothing. */
export function printTipc(p: Printer, offset: number): void {
  p.protocol = 'tipc';
  const user = (p.u32(offset) >>> 25) & 15;
  if (PAYLOAD.includes(user)) payload(p, offset);
  else if (user === LINK_CONFIGURATION) configuration(p, offset);
  else if (INTERNAL.includes(user)) internal(p, offset);
}

/** Zone, cluster and node. */
function node(p: Printer, at: number): string {
  const address = p.u32(at);
  return `${address >>> 24}.${(address >>> 12) & 0xfff}.${address & 0xfff}`;
}

/** What begins every message, with who speaks to whom in it. */
function heading(p: Printer, offset: number, ends: string, types: Words): string {
  const word = p.u32(offset);
  const user = wordOf(USERS, (word >>> 25) & 15, 'unknown');
  const type = wordOf(types, p.u32(offset + 4) >>> 29, 'Unknown');
  return (
    `TIPC v${word >>> 29}.0 ${ends}, headerlength ${headerWords(p, offset) * 4} bytes` +
    `, MessageSize ${word & 0x1ffff} bytes, ${user}, messageType ${type}`
  );
}

function headerWords(p: Printer, offset: number): number {
  return (p.u32(offset) >>> 21) & 15;
}

function payload(p: Printer, offset: number): void {
  p.need(offset, 24);
  const source = p.u32(offset + 16);
  const destination = p.u32(offset + 20);
  if (headerWords(p, offset) <= SHORT) {
    p.text(heading(p, offset, `${node(p, offset + 12)}:${source} > ${destination}`, TYPES));
    return;
  }
  const ends = `${node(p, offset + 24)}:${source} > ${node(p, offset + 28)}:${destination}`;
  p.text(heading(p, offset, ends, TYPES));
  if (p.options.verbose === 0) return;
  p.text(
    `\n\tPrevious Node ${node(p, offset + 12)}, Broadcast Ack ${p.u16(offset + 6)}` +
      `, Link Ack ${p.u16(offset + 8)}, Link Sequence ${p.u16(offset + 10)}`,
  );
}

function internal(p: Printer, offset: number): void {
  const ends = `${node(p, offset + 24)} > ${node(p, offset + 28)}`;
  p.text(`${heading(p, offset, ends, TYPES)} (0x${hex(p.u32(offset + 4), 8)})`);
  if (p.options.verbose === 0) return;
  p.text(
    `\n\tPrevious Node ${node(p, offset + 12)}, Session No. ${p.u16(offset + 20)}` +
      `, Broadcast Ack ${p.u16(offset + 6)}, Sequence Gap ${p.u16(offset + 4) & 0x1fff}` +
      `,  Broadcast Gap After ${p.u16(offset + 8)}, Broadcast Gap To ${p.u16(offset + 10)}` +
      `, Last Sent Packet No. ${p.u16(offset + 16)}, Next sent Packet No. ${p.u16(offset + 18)}` +
      `, Transport Sequence ${p.u32(offset + 32)}, msg_count ${p.u16(offset + 36)}` +
      `, Link Tolerance ${p.u16(offset + 38)}`,
  );
}

function configuration(p: Printer, offset: number): void {
  const ends = `${node(p, offset + 12)} > ${node(p, offset + 8)}`;
  p.text(heading(p, offset, ends, CONFIGURATION_TYPES));
  if (p.options.verbose === 0) return;
  p.need(offset + 20, 4);
  p.text(
    `\n\tNodeSignature ${p.u16(offset + 6)}, network_id ${p.u32(offset + 16)}, media_id ${p.u8(offset + 23)}`,
  );
}
