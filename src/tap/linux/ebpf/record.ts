// Offsets of a ring record. The layout is kernel/record.h's.

/** Offsets in bytes from the record's start. */
export const Field = {
  SECONDS: 0,
  NANOSECONDS: 4,
  IFINDEX: 8,
  NETNS: 12,
  LENGTH: 16,
  CAPTURED: 20,
  DIRECTION: 24,
  FLAGS: 28,
  FLOW: 32,
  SERVICE: 36,
  VLAN_TCI: 40,
  VLAN_PROTO: 42,
  DROP_REASON: 44,
  DROP_PLACE: 48,
  OWNER: 56,
  DATA: 120,
} as const;

/** Offsets in bytes from the owner's start. */
export const Owner = {
  PID: 0,
  TID: 4,
  UID: 8,
  PPID: 12,
  COMM: 16,
  START: 32,
  CGROUP: 40,
  NETNS: 48,
  SEEN: 52,
  TREES: 54,
  CHECK: 56,
  SIZE: 64,
} as const;

/** Offsets in bytes from the start of a started program's record. */
export const Execution = {
  PID: 0,
  /** Where a packet's record has its nanoseconds. */
  MARK: 4,
  DEVICE: 8,
  NAMES: 12,
  COMM: 16,
  START: 32,
  PATH_LENGTH: 40,
  ARGS_LENGTH: 44,
  INODE: 48,
  CHANGED: 56,
  PATH: 64,
  ARGS: 832,
} as const;

/** Execution.MARK of a started program. */
export const EXECUTION_MARK = 0xffffffff;

/** Bits of FLAGS that are pcapng's. */
export const PACKET_FLAGS = 0xffff;
/** A dropped packet without its link-layer header. */
export const FLAG_NO_LINK_HEADER = 0x20000;
/** Whose the packet is may be known when its answer has passed. */
export const FLAG_NAMED_LATER = 0x40000;
/** A VLAN tag is not among the bytes. */
export const FLAG_VLAN = 0x10000;

const MIX = 0x9e3779b97f4a7c15n;

/** Puts the check into an owner's record. As check_of() in kernel/tap.c. */
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
