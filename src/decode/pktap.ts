// PKTAP headers in front of packets (DLT_PKTAP, link types 258 and 149): read into a packet's metadata, versions 1 and 2.
// Source: XNU bsd/net/pktap.h and bsd/net/droptap.h. Little-endian on every machine that writes it.

import {
  Direction,
  type Interface,
  LinkType,
  linkTypeOf,
  makeInterface,
  makeProcess,
  nameText,
  type Packet,
  PacketFlag,
  PacketMetadata,
  type Process,
} from '../packet/index.js';

/** Offsets in a header of version 1; the packet begins `LENGTH` bytes in. */
export const Version1 = {
  LENGTH: 0,
  TYPE: 4,
  LINK_TYPE: 8,
  INTERFACE: 12,
  FLAGS: 36,
  FAMILY: 40,
  LINK_HEADER_LENGTH: 44,
  LINK_TRAILER_LENGTH: 48,
  PID: 52,
  NAME: 56,
  IP_PROTOCOL: 73,
  TRACE_TAG: 74,
  SERVICE_CLASS: 76,
  INTERFACE_TYPE: 80,
  INTERFACE_UNIT: 82,
  EFFECTIVE_PID: 84,
  EFFECTIVE_NAME: 88,
  /** Headers of old end here. */
  SHORT_LENGTH: 108,
  FLOW_ID: 108,
  COMPRESSION_GENERATION: 112,
  SECONDS: 116,
  MICROSECONDS: 120,
  UUID: 124,
  EFFECTIVE_UUID: 140,
  FULL_LENGTH: 156,
  DROP_REASON: 156,
  DROP_FUNCTION_LENGTH: 160,
  DROP_LINE: 162,
  DROP_FUNCTION: 164,
} as const;

/** Offsets in a header of version 2; strings and UUIDs lie where its first bytes say. */
const Version2 = {
  LENGTH: 0,
  UUID_OFFSET: 1,
  EFFECTIVE_UUID_OFFSET: 2,
  INTERFACE_OFFSET: 3,
  NAME_OFFSET: 4,
  EFFECTIVE_NAME_OFFSET: 5,
  LINK_TYPE: 6,
  LINK_HEADER_LENGTH: 8,
  LINK_TRAILER_LENGTH: 10,
  INTERFACE_TYPE: 12,
  IP_PROTOCOL: 14,
  FAMILY: 16,
  SERVICE_CLASS: 20,
  FLOW_ID: 24,
  PID: 28,
  EFFECTIVE_PID: 32,
  FLAGS: 36,
  FIXED_LENGTH: 40,
} as const;

export const PktapType = { NONE: 0, PACKET: 1, DROPPED: 2 } as const;

export const PktapFlag = {
  IN: 0x1,
  OUT: 0x2,
  PROCESS_DELEGATED: 0x4,
  INTERFACE_DELEGATED: 0x8,
  TIMESTAMP: 0x2000,
  NEW_FLOW: 0x4000,
  RETRANSMISSION: 0x8000,
  KEEP_ALIVE: 0x1_0000,
  SOCKET: 0x2_0000,
  NEXUS_CHANNEL: 0x4_0000,
  VERSION_2: 0x8_0000,
  WAKE: 0x10_0000,
} as const;

export const INTERFACE_NAME_SIZE = 24;
export const PROCESS_NAME_SIZE = 17;
const UUID_SIZE = 16;

/** The header's flags and ours, for those that mean the same. */
export const FLAG_PAIRS: readonly (readonly [pktap: number, packet: number])[] = [
  [PktapFlag.NEW_FLOW, PacketFlag.NEW_FLOW],
  [PktapFlag.KEEP_ALIVE, PacketFlag.KEEP_ALIVE],
  [PktapFlag.RETRANSMISSION, PacketFlag.RETRANSMISSION],
  [PktapFlag.SOCKET, PacketFlag.SOCKET],
  [PktapFlag.NEXUS_CHANNEL, PacketFlag.NEXUS_CHANNEL],
  [PktapFlag.WAKE, PacketFlag.WAKE],
];

/** Processes remembered at once; a file that names more starts over. */
const MAXIMUM_PROCESSES = 16_384;
const MAXIMUM_INTERFACES = 256;
/** Of one ID: they are gone through for each packet. */
const MAXIMUM_NAMES = 64;

interface KnownProcess {
  readonly nameBytes: Uint8Array;
  readonly process: Process;
}

/**
 * @param linkType LINKTYPE_ number
 * @returns whether its packets carry a PKTAP header, or may (USER2)
 */
export function isPktap(linkType: number): boolean {
  return linkType === LinkType.PKTAP || linkType === LinkType.USER2;
}

// What every packet asks for, under names that are not exported: constants then, not loaded anew each time.
const V1 = Version1;
const V2 = Version2;
const FLAG = PktapFlag;
const TYPE = PktapType;
const { IN, OUT } = Direction;
const THEIR_FLAGS = FLAG_PAIRS.map(([theirs]) => theirs);
const OUR_FLAGS = FLAG_PAIRS.map(([, ours]) => ours);
/** A power of 2. */
const RECENT = 256;

/** Takes PKTAP headers off packets. Objects for processes and interfaces are made once and found by their bytes. */
export class PktapUnwrapper {
  readonly #processes = new Map<number, KnownProcess[]>();
  #processCount = 0;
  /** Processes met lately, by the lowest bits of their ID. */
  readonly #recent: (KnownProcess | null)[] = new Array<KnownProcess | null>(RECENT).fill(null);
  readonly interfaces: Interface[] = [];
  readonly #interfaceBytes: Uint8Array[] = [];
  readonly #metadata = new PacketMetadata();
  /** Bytes of header taken off the last packet, right before its bytes; 0: none. */
  headerLength = 0;

  /**
   * @param snapshotLength of the file, for the interfaces
   * @param keep leaves the header in front of the packet and its link type, and only fills in the metadata
   */
  constructor(
    readonly snapshotLength: number,
    readonly keep: boolean,
  ) {}

  /**
   * Fills in the packet's metadata and interface from its header and makes the packet what follows the header. A
   * packet whose header makes no sense stays as it is, without metadata.
   */
  unwrap(packet: Packet): void {
    packet.metadata = null;
    packet.interface = null;
    this.headerLength = 0;
    const { buffer, offset, capturedLength } = packet;
    if (capturedLength < V2.FIXED_LENGTH) return;
    if (packet.linkType === LinkType.USER2 && !isLikely(buffer, offset, capturedLength)) return;
    const second = (u32(buffer, offset + V1.FLAGS) & FLAG.VERSION_2) !== 0;
    const length = second
      ? this.#version2(packet, buffer, offset, capturedLength)
      : this.#version1(packet, buffer, offset, capturedLength);
    if (length === 0) return;
    packet.metadata = this.#metadata;
    if (this.keep) return;
    this.headerLength = length;
    packet.offset = offset + length;
    packet.capturedLength = capturedLength - length;
    packet.length = Math.max(packet.length - length, packet.capturedLength);
  }

  #version1(packet: Packet, buffer: Uint8Array, offset: number, available: number): number {
    const length = u32(buffer, offset + V1.LENGTH);
    const type = u32(buffer, offset + V1.TYPE);
    if (length < V1.SHORT_LENGTH || length > available || type > TYPE.DROPPED) return 0;
    const metadata = this.#metadata;
    metadata.clear();
    const full = length >= V1.FULL_LENGTH;
    metadata.process = this.#process(
      buffer,
      u32(buffer, offset + V1.PID) | 0,
      offset + V1.NAME,
      PROCESS_NAME_SIZE,
      full ? offset + V1.UUID : 0,
    );
    metadata.effectiveProcess = this.#process(
      buffer,
      u32(buffer, offset + V1.EFFECTIVE_PID) | 0,
      offset + V1.EFFECTIVE_NAME,
      PROCESS_NAME_SIZE,
      full ? offset + V1.EFFECTIVE_UUID : 0,
    );
    this.#flags(u32(buffer, offset + V1.FLAGS));
    metadata.serviceClass = u32(buffer, offset + V1.SERVICE_CLASS) | 0;
    metadata.traceTag = u16(buffer, offset + V1.TRACE_TAG);
    if (length >= V1.COMPRESSION_GENERATION) metadata.flowId = u32(buffer, offset + V1.FLOW_ID);
    if (length >= V1.SECONDS) {
      metadata.compressionGeneration = u32(buffer, offset + V1.COMPRESSION_GENERATION);
    }
    if (type === TYPE.DROPPED && length >= V1.DROP_FUNCTION_LENGTH) {
      this.#drop(buffer, offset, length);
    }
    const linkType = linkTypeOf(u32(buffer, offset + V1.LINK_TYPE));
    packet.interface = this.#interface(
      buffer,
      offset + V1.INTERFACE,
      INTERFACE_NAME_SIZE,
      linkType,
      u16(buffer, offset + V1.INTERFACE_TYPE),
    );
    if (!this.keep) packet.linkType = linkType;
    return length;
  }

  #drop(buffer: Uint8Array, offset: number, length: number): void {
    const metadata = this.#metadata;
    metadata.dropReason = u32(buffer, offset + V1.DROP_REASON);
    const size = length > V1.DROP_FUNCTION_LENGTH ? buffer[offset + V1.DROP_FUNCTION_LENGTH]! : 0;
    if (size === 0 || length < V1.DROP_FUNCTION + size) return;
    metadata.dropLine = u16(buffer, offset + V1.DROP_LINE);
    metadata.dropFunction = text(buffer, offset + V1.DROP_FUNCTION, size);
  }

  #version2(packet: Packet, buffer: Uint8Array, offset: number, available: number): number {
    const length = buffer[offset + V2.LENGTH]!;
    if (length < V2.FIXED_LENGTH || length > available) return 0;
    const metadata = this.#metadata;
    metadata.clear();
    const field = (at: number, size: number): number => {
      const place = buffer[offset + at]!;
      return place >= V2.FIXED_LENGTH && place + size <= length ? offset + place : 0;
    };
    const roomOf = (place: number, most: number): number => Math.min(most, offset + length - place);
    const name = field(V2.NAME_OFFSET, 1);
    const effectiveName = field(V2.EFFECTIVE_NAME_OFFSET, 1);
    const named = field(V2.INTERFACE_OFFSET, 1);
    metadata.process = this.#process(
      buffer,
      u32(buffer, offset + V2.PID) | 0,
      name,
      roomOf(name, PROCESS_NAME_SIZE),
      field(V2.UUID_OFFSET, UUID_SIZE),
    );
    metadata.effectiveProcess = this.#process(
      buffer,
      u32(buffer, offset + V2.EFFECTIVE_PID) | 0,
      effectiveName,
      roomOf(effectiveName, PROCESS_NAME_SIZE),
      field(V2.EFFECTIVE_UUID_OFFSET, UUID_SIZE),
    );
    this.#flags(u32(buffer, offset + V2.FLAGS));
    metadata.serviceClass = u32(buffer, offset + V2.SERVICE_CLASS) | 0;
    metadata.flowId = u32(buffer, offset + V2.FLOW_ID);
    const linkType = linkTypeOf(u16(buffer, offset + V2.LINK_TYPE));
    packet.interface = this.#interface(
      buffer,
      named,
      roomOf(named, INTERFACE_NAME_SIZE),
      linkType,
      u16(buffer, offset + V2.INTERFACE_TYPE),
    );
    if (!this.keep) packet.linkType = linkType;
    return length;
  }

  #flags(flags: number): void {
    const metadata = this.#metadata;
    if ((flags & FLAG.IN) !== 0) metadata.direction = IN;
    else if ((flags & FLAG.OUT) !== 0) metadata.direction = OUT;
    let ours = 0;
    for (let i = 0; i < THEIR_FLAGS.length; i++) if ((flags & THEIR_FLAGS[i]!) !== 0) ours |= OUR_FLAGS[i]!;
    metadata.flags = ours;
  }

  /** `name`, of `most` bytes at most, and `uuid` are places in the buffer, 0: absent. */
  #process(buffer: Uint8Array, pid: number, name: number, most: number, uuid: number): Process | null {
    if (uuid !== 0 && isZero(buffer, uuid)) uuid = 0;
    const place = pid & (RECENT - 1);
    const recent = this.#recent[place]!;
    if (recent !== null && recent.process.pid === pid && matches(recent, buffer, name, most, uuid)) {
      return recent.process;
    }
    const nameLength = name === 0 ? 0 : stringLength(buffer, name, most);
    if (pid === -1 && nameLength === 0 && uuid === 0) return null;
    const known = this.#processes.get(pid);
    if (known !== undefined) {
      for (const one of known) {
        if (!matches(one, buffer, name, most, uuid)) continue;
        this.#recent[place] = one;
        return one.process;
      }
    }
    if (this.#processCount >= MAXIMUM_PROCESSES) {
      this.#processes.clear();
      this.#processCount = 0;
    }
    const process = makeProcess({
      pid,
      name: name === 0 ? '' : text(buffer, name, nameLength),
      uuid: uuid === 0 ? null : buffer.slice(uuid, uuid + UUID_SIZE),
    });
    const entry = { nameBytes: buffer.slice(name, name + nameLength), process };
    const list = this.#processes.get(pid);
    if (list === undefined) this.#processes.set(pid, [entry]);
    else if (list.push(entry) > MAXIMUM_NAMES) {
      list.shift();
      this.#processCount--;
    }
    this.#processCount++;
    return process;
  }

  #interface(buffer: Uint8Array, name: number, most: number, linkType: number, type: number): Interface {
    const length = name === 0 ? 0 : stringLength(buffer, name, most);
    for (let i = 0; i < this.interfaces.length; i++) {
      const known = this.interfaces[i]!;
      const bytes = this.#interfaceBytes[i]!;
      if (known.linkType !== linkType || known.type !== type || bytes.length !== length) continue;
      if (same(buffer, name, bytes)) return known;
    }
    if (this.interfaces.length >= MAXIMUM_INTERFACES) {
      this.interfaces.length = 0;
      this.#interfaceBytes.length = 0;
    }
    const added = makeInterface({
      name: name === 0 ? '' : text(buffer, name, length),
      linkType,
      type,
      snapshotLength: this.snapshotLength,
    });
    this.interfaces.push(added);
    this.#interfaceBytes.push(buffer.slice(name, name + length));
    return added;
  }
}

/** Address families that a header may tell, as Darwin numbers them. */
const FAMILIES: readonly number[] = [0, 2, 30];

/**
 * Whether what USER2, which anybody may use, has in front of a packet is a header: lengths, kind and family are those that
 * there are, and the interface has a name.
 */
function isLikely(b: Uint8Array, at: number, available: number): boolean {
  if ((u32(b, at + V1.FLAGS) & FLAG.VERSION_2) !== 0) {
    const length = b[at + V2.LENGTH]!;
    const place = b[at + V2.INTERFACE_OFFSET]!;
    return (
      length >= V2.FIXED_LENGTH &&
      length <= available &&
      FAMILIES.includes(u16(b, at + V2.FAMILY)) &&
      place >= V2.FIXED_LENGTH &&
      isName(b, at + place, Math.min(INTERFACE_NAME_SIZE, length - place))
    );
  }
  if (available < V1.SHORT_LENGTH) return false;
  const length = u32(b, at + V1.LENGTH);
  const type = u32(b, at + V1.TYPE);
  return (
    length >= V1.SHORT_LENGTH &&
    length <= available &&
    (type === TYPE.PACKET || type === TYPE.DROPPED) &&
    FAMILIES.includes(u32(b, at + V1.FAMILY)) &&
    isName(b, at + V1.INTERFACE, INTERFACE_NAME_SIZE)
  );
}

/** Whether there is a name of an interface: a letter and more letters and digits, up to a NUL or the end. */
function isName(b: Uint8Array, at: number, most: number): boolean {
  let i = 0;
  for (; i < most && b[at + i] !== 0; i++) if (b[at + i]! <= 0x20 || b[at + i]! >= 0x7f) return false;
  return i > 0;
}

/** Whether a name of at most `most` bytes and a UUID, absent at 0, are those of a process. */
function matches(
  { nameBytes, process }: KnownProcess,
  buffer: Uint8Array,
  name: number,
  most: number,
  uuid: number,
): boolean {
  const { length } = nameBytes;
  if (name === 0 ? length > 0 : !same(buffer, name, nameBytes)) return false;
  if (name !== 0 && (length > most || (length < most && buffer[name + length] !== 0))) return false;
  return process.uuid === null ? uuid === 0 : uuid !== 0 && same(buffer, uuid, process.uuid);
}

function u16(b: Uint8Array, at: number): number {
  return b[at]! | (b[at + 1]! << 8);
}

function u32(b: Uint8Array, at: number): number {
  return (b[at]! | (b[at + 1]! << 8) | (b[at + 2]! << 16) | (b[at + 3]! << 24)) >>> 0;
}

function text(buffer: Uint8Array, at: number, length: number): string {
  const bytes = Buffer.from(buffer.buffer, buffer.byteOffset + at, length);
  const end = bytes.indexOf(0);
  return nameText(bytes, 0, end < 0 ? length : end);
}

function stringLength(buffer: Uint8Array, at: number, most: number): number {
  for (let i = 0; i < most; i++) if (buffer[at + i] === 0) return i;
  return most;
}

function same(buffer: Uint8Array, at: number, bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if (buffer[at + i] !== bytes[i]) return false;
  return true;
}

function isZero(buffer: Uint8Array, at: number): boolean {
  for (let i = 0; i < UUID_SIZE; i++) if (buffer[at + i] !== 0) return false;
  return true;
}
