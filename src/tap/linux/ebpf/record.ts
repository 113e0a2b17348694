// Records of the ring, and of sockets' owners, as kernel/record.h has them: words for the offsets, and the owner's check.

import { OWNER as Owner } from './layouts.js';

export {
  COUNT_METADATA,
  COUNT_NO_ROOM,
  COUNT_RECEIVED,
  EXECUTION as Execution,
  EXECUTION_MARK,
  FLAG_NAMED_LATER,
  FLAG_NO_LINK_HEADER,
  FLAG_VLAN,
  FLOW_COUNT as FlowCount,
  FLOW_KEY as FlowKey,
  NAME_SIZE,
  OWNER as Owner,
  RECORD as Field,
} from './layouts.js';

/** Bits of FLAGS that are pcapng's. */
export const PACKET_FLAGS = 0xffff;

const MIX = 0x9e3779b97f4a7c15n;

/** Puts the check into an owner's record. As check_of() in kernel/current.c. */
export function sealOwner(record: Uint8Array): void {
  const view = new DataView(record.buffer, record.byteOffset, Owner.SIZE);
  let mixed = 0n;
  for (let at = 0; at < Owner.NETNS; at += 8) {
    mixed = BigInt.asUintN(64, (mixed ^ view.getBigUint64(at, true)) * MIX);
  }
  const trees = BigInt(view.getUint16(Owner.TREES, true));
  const last = BigInt(view.getUint32(Owner.NETNS, true)) | (trees << 32n);
  mixed = BigInt.asUintN(64, (mixed ^ last) * MIX);
  view.setUint32(Owner.CHECK, Number(mixed >> 32n), true);
}
