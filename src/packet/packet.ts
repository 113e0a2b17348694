// The words every room uses: what a source hands on, a filter asks and an output writes.

/** Bytes of a packet that are kept at most. Source: tcpdump's MAXIMUM_SNAPLEN. */
export const MAXIMUM_SNAPSHOT_LENGTH = 262_144;

/** Direction of a packet as its host sees it. The numbers are those of pcapng's epb_flags, bits 0-1. */
export const Direction = { UNKNOWN: 0, IN: 1, OUT: 2 } as const;
export type Direction = (typeof Direction)[keyof typeof Direction];

/** Metadata flags, the numbers of Apple's pcapng option 0x8004. */
export const PacketFlag = {
  NEW_FLOW: 0x1,
  KEEP_ALIVE: 0x2,
  RETRANSMISSION: 0x4,
  SOCKET: 0x8,
  NEXUS_CHANNEL: 0x10,
  WAKE: 0x20,
  ULPN: 0x40,
  LPW: 0x80,
} as const;

/** Flags and the words for them, in Apple's order. */
export const PACKET_FLAG_WORDS: readonly (readonly [flag: number, word: string])[] = [
  [PacketFlag.NEW_FLOW, 'nf'],
  [PacketFlag.KEEP_ALIVE, 'ka'],
  [PacketFlag.RETRANSMISSION, 're'],
  [PacketFlag.SOCKET, 'so'],
  [PacketFlag.NEXUS_CHANNEL, 'ch'],
  [PacketFlag.WAKE, 'wk'],
];

/** @returns the flag that a word stands for, in any case; undefined for an unknown one */
export function packetFlagByName(name: string): number | undefined {
  return PACKET_FLAG_WORDS.find(([, word]) => word === name.toLowerCase())?.[0];
}

/** Container a process runs in, as its cgroup path and the container runtime's own files name it. */
export interface Container {
  readonly id: string;
  readonly runtime: string;
  readonly name: string | null;
  readonly pod: string | null;
  readonly namespace: string | null;
}

/** A process. One object per process and set of facts: outputs may key caches on its identity. Null: unknown. */
export interface Process {
  readonly pid: number;
  /** The process's name (Linux comm, Darwin's proc name): '' when unknown. */
  readonly name: string;
  readonly path: string | null;
  /** Command line, split. */
  readonly args: readonly string[] | null;
  readonly parentPid: number | null;
  readonly uid: number | null;
  readonly user: string | null;
  /** 16 bytes: Mach-O UUID, or the first 16 of the ELF build ID. */
  readonly uuid: Uint8Array | null;
  /** Nanoseconds since the epoch. */
  readonly startTime: bigint | null;
  /** cgroup path below the cgroup2 mount. */
  readonly cgroup: string | null;
  readonly container: Container | null;
  /** Inode number of the process's network namespace. */
  readonly netns: number | null;
  /** Process IDs of itself and of those it descends from, as far as known and asked for. */
  readonly lineage: readonly number[] | null;
  readonly comment: string | null;
}

const UNKNOWN_PROCESS: Process = {
  pid: -1,
  name: '',
  path: null,
  args: null,
  parentPid: null,
  uid: null,
  user: null,
  uuid: null,
  startTime: null,
  cgroup: null,
  container: null,
  netns: null,
  lineage: null,
  comment: null,
};

/**
 * @param facts what is known; the rest is null (pid -1, name '')
 * @returns a process with every field present, so that all have one hidden class
 */
export function makeProcess(facts: Partial<Process>): Process {
  return { ...UNKNOWN_PROCESS, ...facts };
}

/** An interface packets were captured on. Null: unknown. */
export interface Interface {
  readonly name: string;
  readonly description: string | null;
  /** LINKTYPE_ number of its packets. */
  readonly linkType: number;
  /** Snapshot length in bytes, 0: no limit. */
  readonly snapshotLength: number;
  /** Kernel's interface index, 0 unknown. */
  readonly index: number;
  /** Interface type as RFC 1573 numbers it: 6 Ethernet, 24 loopback, 131 tunnel, 0 unknown. */
  readonly type: number;
  readonly mac: Uint8Array | null;
  /** Bits a second. */
  readonly speed: bigint | null;
  readonly os: string | null;
  readonly hardware: string | null;
  /** Capture filter in its own words. */
  readonly filter: string | null;
  /** The host of a fleet that it belongs to; null: this machine, or whichever wrote the file. */
  readonly host: string | null;
}

/**
 * @param facts what is known of the interface; name and linkType are needed
 * @returns an interface with every field present
 */
export function makeInterface(facts: Partial<Interface> & Pick<Interface, 'name' | 'linkType'>): Interface {
  return {
    description: null,
    snapshotLength: 0,
    index: 0,
    type: 0,
    mac: null,
    speed: null,
    os: null,
    hardware: null,
    filter: null,
    host: null,
    ...facts,
  };
}

/** What is known of a packet besides its bytes. One instance is reused by its source for every packet. */
export class PacketMetadata {
  process: Process | null = null;
  effectiveProcess: Process | null = null;
  /** Thread that sent or received it, 0 unknown. */
  threadId = 0;
  /** SERVICE_CLASS_UNKNOWN (-1) when not known. */
  serviceClass = -1;
  direction: Direction = Direction.UNKNOWN;
  /** PacketFlag bits. */
  flags = 0;
  /** 0 unknown, as are the next ones. */
  flowId = 0;
  traceTag = 0;
  compressionGeneration = 0;
  /** Why the packet was dropped; 0: it was not. */
  dropReason = 0;
  dropLine = 0;
  /** Function that dropped it. '' unknown. */
  dropFunction = '';
  /** The drop reason in the kernel's own words. '' unknown. */
  dropReasonName = '';

  /** The same facts in an object of their own. */
  copy(): PacketMetadata {
    return this.copyTo(new PacketMetadata());
  }

  /** @returns the other one, with the same facts */
  copyTo(other: PacketMetadata): PacketMetadata {
    other.process = this.process;
    other.effectiveProcess = this.effectiveProcess;
    other.threadId = this.threadId;
    other.serviceClass = this.serviceClass;
    other.direction = this.direction;
    other.flags = this.flags;
    other.flowId = this.flowId;
    other.traceTag = this.traceTag;
    other.compressionGeneration = this.compressionGeneration;
    other.dropReason = this.dropReason;
    other.dropLine = this.dropLine;
    other.dropFunction = this.dropFunction;
    other.dropReasonName = this.dropReasonName;
    return other;
  }

  /** Forgets everything, before the source fills in the next packet's facts. */
  clear(): void {
    this.process = null;
    this.effectiveProcess = null;
    this.threadId = 0;
    this.serviceClass = -1;
    this.direction = Direction.UNKNOWN;
    this.flags = 0;
    this.flowId = 0;
    this.traceTag = 0;
    this.compressionGeneration = 0;
    this.dropReason = 0;
    this.dropLine = 0;
    this.dropFunction = '';
    this.dropReasonName = '';
  }
}

const NO_BYTES = new Uint8Array(0);

/**
 * One captured packet: a view into its source's buffer. The source reuses the object and the buffer: whoever keeps
 * anything beyond the call it was handed to must copy it.
 */
export class Packet {
  /** The source's buffer; the packet's bytes are [offset, offset + capturedLength). */
  buffer: Uint8Array = NO_BYTES;
  offset = 0;
  /** Bytes we have. */
  capturedLength = 0;
  /** Bytes on the wire. */
  length = 0;
  /** Time stamp: seconds since the epoch, and nanoseconds 0..999,999,999 (a broken file may hold more). */
  seconds = 0;
  nanoseconds = 0;
  /** LINKTYPE_ number of the bytes. */
  linkType = 0;
  /** Whether the file's byte order is big-endian, which loopback headers of BSD have too. */
  bigEndian = false;
  interface: Interface | null = null;
  /** Null when the source knows nothing but the bytes (a plain pcap file). */
  metadata: PacketMetadata | null = null;
  /** The packet's own comments (pcapng opt_comment). */
  comments: readonly string[] | null = null;
  /** Packets the source lost between the previous packet and this one (pcapng epb_dropcount). */
  dropCount = 0;

  /** The same packet with bytes and metadata of its own, to be kept as long as it is wanted. */
  copy(): Packet {
    return this.copyWith(this.data.slice(), 0);
  }

  /** The same packet with metadata of its own, and its bytes at a place where they were copied to. */
  copyWith(buffer: Uint8Array, offset: number): Packet {
    const { metadata } = this;
    return this.copyTo(new Packet(), buffer, offset, metadata === null ? null : metadata.copy());
  }

  /** @returns the other one, as this one is but for these */
  copyTo(copy: Packet, buffer: Uint8Array, offset: number, metadata: PacketMetadata | null): Packet {
    copy.buffer = buffer;
    copy.offset = offset;
    copy.metadata = metadata;
    copy.capturedLength = this.capturedLength;
    copy.length = this.length;
    copy.seconds = this.seconds;
    copy.nanoseconds = this.nanoseconds;
    copy.linkType = this.linkType;
    copy.bigEndian = this.bigEndian;
    copy.interface = this.interface;
    copy.comments = this.comments;
    copy.dropCount = this.dropCount;
    return copy;
  }

  /** The captured bytes. Allocates: for tests, libraries' users and slow paths. */
  get data(): Uint8Array {
    return this.buffer.subarray(this.offset, this.offset + this.capturedLength);
  }
}
