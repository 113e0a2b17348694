// What a packet says, as an object.

import { DEFAULT_FIELDS, Facts, type FieldValue } from '../decode/facts/index.js';
import type { Packet } from '../packet/index.js';

/** Fields by their names (docs/fields.md): those that are known. Times are nanoseconds since the epoch. */
export type PacketRecord = Readonly<Partial<Record<string, FieldValue>>>;

/**
 * @param packet one that is valid: in a callback the one at hand, or a copy
 * @param fields names of those that are wanted; default: every one but `info`
 * @returns what is known; it shares nothing with the packet
 */
export function decode(packet: Packet, fields?: readonly string[]): PacketRecord {
  const facts = new Facts();
  facts.read(packet);
  const record: Record<string, FieldValue> = {};
  for (const { name, of } of DEFAULT_FIELDS) {
    if (fields !== undefined && !fields.includes(name)) continue;
    const value = of(facts);
    if (value !== null) record[name] = value;
  }
  return record;
}
