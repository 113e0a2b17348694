// The pcapng format's numbers. Sources: draft-ietf-opsawg-pcapng; Apple's tcpdump and libpcap for the local ones;
// Wireshark's registry of private enterprise numbers for custom blocks.

export const BlockType = {
  SECTION: 0x0a0d_0d0a,
  INTERFACE: 1,
  /** The obsolete Packet Block. */
  PACKET: 2,
  SIMPLE_PACKET: 3,
  NAME_RESOLUTION: 4,
  STATISTICS: 5,
  ENHANCED_PACKET: 6,
  JOURNAL: 9,
  SECRETS: 10,
  CUSTOM: 0x0bad,
  CUSTOM_NO_COPY: 0x4000_0bad,
  /** Apple's. */
  PROCESS: 0x8000_0001,
  OS_EVENT: 0x8000_0002,
} as const;

/** Decryption Secrets Block: keys of TLS as programs log them. */
export const TLS_KEY_LOG = 0x544c534b;

export const BYTE_ORDER_MAGIC = 0x1a2b_3c4d;

/** Type, length, and the length again at the end. */
export const BLOCK_OVERHEAD = 12;
/** Offset of a block's body. */
export const BODY = 8;

/** Fixed parts of the bodies, in bytes. */
export const FixedLength = {
  SECTION: 16,
  INTERFACE: 8,
  PACKET: 20,
  SIMPLE_PACKET: 4,
  STATISTICS: 12,
  ENHANCED_PACKET: 20,
  PROCESS: 4,
} as const;

/** Options of every block. */
export const Option = { END: 0, COMMENT: 1 } as const;
/** Custom options: u32 private enterprise number, then text or bytes; the last two are not to be copied. */
export const CustomOption = { TEXT: 2988, BYTES: 2989, TEXT_NO_COPY: 19372, BYTES_NO_COPY: 19373 } as const;

export const SectionOption = { HARDWARE: 2, OS: 3, APPLICATION: 4 } as const;

export const InterfaceOption = {
  NAME: 2,
  DESCRIPTION: 3,
  IPV4: 4,
  IPV6: 5,
  MAC: 6,
  EUI: 7,
  SPEED: 8,
  TIME_RESOLUTION: 9,
  TIME_ZONE: 10,
  FILTER: 11,
  OS: 12,
  FCS_LENGTH: 13,
  TIME_OFFSET: 14,
  HARDWARE: 15,
  TX_SPEED: 16,
  RX_SPEED: 17,
  /** Apple's: index of the effective interface. */
  EFFECTIVE_INTERFACE: 0x8001,
} as const;

export const PacketOption = {
  FLAGS: 2,
  HASH: 3,
  DROP_COUNT: 4,
  PACKET_ID: 5,
  QUEUE: 6,
  VERDICT: 7,
  PROCESS_THREAD: 8,
  /** Apple's, as are the rest. */
  PROCESS: 0x8001,
  SERVICE_CLASS: 0x8002,
  EFFECTIVE_PROCESS: 0x8003,
  METADATA_FLAGS: 0x8004,
  FLOW_ID: 0x8005,
  TRACE_TAG: 0x8006,
  DROP_REASON: 0x8007,
  DROP_LINE: 0x8008,
  DROP_FUNCTION: 0x8009,
  COMPRESSION_GENERATION: 0x800a,
} as const;

export const StatisticsOption = {
  START_TIME: 2,
  END_TIME: 3,
  RECEIVED: 4,
  DROPPED_BY_INTERFACE: 5,
  ACCEPTED_BY_FILTER: 6,
  DROPPED_BY_OS: 7,
  DELIVERED: 8,
} as const;

/** Apple's Process Information Block. */
export const ProcessOption = {
  NAME: 2,
  PATH: 3,
  UUID: 4,
  /** Ours, of the numbers that are for local use: what the block has no place for (processfacts.ts), behind FACTS_MAGIC. */
  FACTS: 0x9a70,
} as const;
/** Where it begins so, an option of that number is ours. The last two bytes are a version. */
export const FACTS_MAGIC = Uint8Array.of(0x70, 0x6b, 0x74, 0x61, 0x70, 0, 1, 0);

/** Wireshark's custom blocks; what follows the number is little-endian whatever the section's order. */
export const WIRESHARK_ENTERPRISE = 32622;
export const WIRESHARK_PROCESS_ENTRY = 3;
export const EntryOption = {
  COMMENT: 1,
  NAME: 2,
  PATH: 3,
  ARGUMENTS: 4,
  PARENT_PID: 5,
  USER_ID: 6,
  USER_NAME: 7,
  UUID: 8,
  START_TIME: 9,
} as const;
