// The pcap format's numbers. Sources: draft-ietf-opsawg-pcap; libpcap sf-pcap.c; Wireshark wiretap/libpcap.h for IXIA's.

import { MAXIMUM_SNAPSHOT_LENGTH } from '../../packet/index.js';

export const FILE_HEADER_LENGTH = 24;
export const RECORD_HEADER_LENGTH = 16;
/** Kuznetzov's records go on with u32 interface index, u16 protocol, u8 packet type, u8 padding. */
export const KUZNETZOV_RECORD_HEADER_LENGTH = 24;
/** IXIA's file header goes on with u32: bytes of all records. */
export const IXIA_FILE_HEADER_LENGTH = 28;

/** Offsets in the file header. */
export const FileHeader = {
  MAGIC: 0,
  VERSION_MAJOR: 4,
  VERSION_MINOR: 6,
  ZONE: 8,
  ACCURACY: 12,
  SNAPSHOT_LENGTH: 16,
  LINK_TYPE: 20,
} as const;

/** Offsets in a record's header. */
export const RecordHeader = {
  SECONDS: 0,
  FRACTION: 4,
  CAPTURED_LENGTH: 8,
  LENGTH: 12,
  KUZNETZOV_INDEX: 16,
} as const;

export const VERSION_MAJOR = 2;
export const VERSION_MINOR = 4;

/** The link type's word: the number, and whether and how long a frame check sequence ends each packet. */
export const LINK_TYPE_MASK = 0x03ff_ffff;
export const FCS_PRESENT = 0x0400_0000;
/** Bits 28-31: its length in units of 16 bits. */
export const FCS_LENGTH_SHIFT = 28;

export type PcapVariant = 'pcap' | 'kuznetzov' | 'ixia';

/** Magic numbers, read in the writer's byte order. */
export const MAGICS: ReadonlyMap<number, readonly [variant: PcapVariant, nanoseconds: boolean]> = new Map([
  [0xa1b2_c3d4, ['pcap', false]],
  [0xa1b2_3c4d, ['pcap', true]],
  [0xa1b2_cd34, ['kuznetzov', false]],
  [0x1c00_01ab, ['ixia', false]],
  [0x1c00_01ac, ['ixia', false]],
]);

export const MAGIC_MICRO = 0xa1b2_c3d4;
export const MAGIC_NANO = 0xa1b2_3c4d;

/** Largest packet of a link type, as libpcap has it: for those that are larger than most, else MAXIMUM_SNAPSHOT_LENGTH. */
const LARGER = new Map([
  [231, 128 * 1024 * 1024], // D-Bus
  [249, 128 * 1024 * 1024], // USBPcap
  [279, 1024 * 1024], // EBHSCR
  [189, 128 * 1024 * 1024], // USB Linux
  [220, 128 * 1024 * 1024], // USB Linux mmapped
  [266, 128 * 1024 * 1024], // USB Darwin
]);

/**
 * @param linkType LINKTYPE_ number
 * @returns bytes of its largest packet, beyond which a file is taken for broken
 */
export function maximumPacket(linkType: number): number {
  return LARGER.get(linkType) ?? MAXIMUM_SNAPSHOT_LENGTH;
}
