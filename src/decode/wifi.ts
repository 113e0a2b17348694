// IEEE 802.11: from a frame's first byte, or that of what monitors put in front of it, to the LLC header of its data.
// Sources: IEEE 802.11-2020 9.2 and 9.3.2, https://www.radiotap.org, libpcap's ppi.h.

import { LinkType } from '../packet/index.js';

/** Frame control, its first byte: type and subtype. */
const Control = { VERSION: 0x03, TYPE: 0x0c, DATA: 0x08, EMPTY: 0x40, QOS: 0x80 } as const;
/** Frame control, its second byte. */
const Flag = { TO_DS: 0x01, FROM_DS: 0x02, PROTECTED: 0x40, ORDER: 0x80 } as const;
const HEADER = 24;
const ADDRESS = 6;
const QOS_CONTROL = 2;
const HT_CONTROL = 4;
/** In the QoS control field: several MSDUs, each behind a header like Ethernet's, whose first one counts. */
const AGGREGATE = 0x80;
const SUBFRAME = 14;
/** In its second byte, of stations of a mesh: their own header comes first. It has a flag, the time to live, a number, and addresses. */
const MESH = 0x01;
const MESH_HEADER = 6;
const MESH_ADDRESSES = 0x03;
/** In the sequence control field. */
const FRAGMENT = 0x0f;

/** Where the LLC header of an 802.11 frame's data begins; -1: it has none, it is encrypted, or cut off before. */
function ofFrame(b: Uint8Array, at: number, end: number, padded: boolean): number {
  if (at + HEADER > end) return -1;
  const [control, flags] = [b[at]!, b[at + 1]!];
  const { VERSION, TYPE, DATA, EMPTY, QOS } = Control;
  if ((control & VERSION) !== 0 || (control & TYPE) !== DATA || (control & EMPTY) !== 0) return -1;
  // Data of a later fragment goes on where the one before ended.
  if ((flags & Flag.PROTECTED) !== 0 || (b[at + 22]! & FRAGMENT) !== 0) return -1;
  let header = HEADER;
  if ((flags & Flag.TO_DS) !== 0 && (flags & Flag.FROM_DS) !== 0) header += ADDRESS;
  let aggregate = false;
  let mesh = false;
  if ((control & QOS) !== 0) {
    if (at + header + QOS_CONTROL > end) return -1;
    aggregate = (b[at + header]! & AGGREGATE) !== 0;
    mesh = (flags & Flag.FROM_DS) !== 0 && (b[at + header + 1]! & MESH) !== 0;
    header += QOS_CONTROL;
    if ((flags & Flag.ORDER) !== 0) header += HT_CONTROL;
  }
  if (padded) header = (header + 3) & ~3;
  const data = at + header + (aggregate ? SUBFRAME : 0);
  const behind = mesh ? behindMesh(b, data, end) : -1;
  // Outside a mesh the bit is part of a number: what follows tells.
  return behind >= 0 && isSnap(b, behind, end) ? behind : data;
}

/** Where the data behind a mesh's header begins; -1: it is none. */
function behindMesh(b: Uint8Array, at: number, end: number): number {
  const addresses = at < end ? b[at]! : -1;
  return addresses < 0 || addresses >= MESH_ADDRESSES ? -1 : at + MESH_HEADER + addresses * ADDRESS;
}

/** Whether an LLC header of SNAP is there that names no organisation. */
function isSnap(b: Uint8Array, at: number, end: number): boolean {
  return at + 6 <= end && big32(b, at) === 0xaaaa0300 && b[at + 4] === 0 && b[at + 5] === 0;
}

/** Bits of radiotap's first word of what is there, and of its flags. */
const Radiotap = { TSFT: 1 << 0, FLAGS: 1 << 1, MORE: 0x80, PADDED: 0x20, HEAD: 8 } as const;

/** Whether radiotap says that the header in front of the data is padded to 4 bytes. */
function isPadded(b: Uint8Array, at: number, end: number): boolean {
  const { TSFT, FLAGS, MORE, PADDED, HEAD } = Radiotap;
  if ((b[at + 4]! & FLAGS) === 0) return false;
  let words = at + HEAD;
  // The highest bit of each word says that another follows.
  while (words <= end && (b[words - 1]! & MORE) !== 0) words += 4;
  // Each value is aligned to its size from the header's beginning.
  const flags = (b[at + 4]! & TSFT) === 0 ? words : at + ((words - at + 7) & ~7) + 8;
  return flags < end && (b[flags]! & PADDED) !== 0;
}

const PRISM_HEADER = 144;
/** The first word of AVS's header, whose last digit is its version, and which PRISM's link type has at times. */
const AVS_MAGIC = 0x80211000;
/** As long as AVS's length is read of it. */
const AVS_HEAD = 8;

function big32(b: Uint8Array, at: number): number {
  return ((b[at]! << 24) | (b[at + 1]! << 16) | (b[at + 2]! << 8) | b[at + 3]!) >>> 0;
}

function ofAvs(b: Uint8Array, at: number, end: number): number {
  return ofFrame(b, at + big32(b, at + 4), end, false);
}

/**
 * @param linkType one of 802.11
 * @returns where the LLC header of the data begins, perhaps behind what was captured; -1: there is none
 */
export function wifiData(b: Uint8Array, at: number, end: number, linkType: number): number {
  if (linkType === LinkType.IEEE802_11) return ofFrame(b, at, end, false);
  if (at + AVS_HEAD > end) return -1;
  switch (linkType) {
    case LinkType.IEEE802_11_RADIOTAP: {
      const frame = at + (b[at + 2]! | (b[at + 3]! << 8));
      return ofFrame(b, frame, end, isPadded(b, at, Math.min(frame, end)));
    }
    case LinkType.IEEE802_11_AVS:
      return ofAvs(b, at, end);
    default: {
      const magic = big32(b, at);
      const isAvs = magic === AVS_MAGIC + 1 || magic === AVS_MAGIC + 2;
      return isAvs ? ofAvs(b, at, end) : ofFrame(b, at + PRISM_HEADER, end, false);
    }
  }
}

const PPI_HEADER = 8;

/** The link type of what PPI's header is in front of; -1: it is cut off, or nests. */
export function ppiLinkType(b: Uint8Array, at: number, end: number): number {
  if (at + PPI_HEADER > end) return -1;
  const linkType = b[at + 4]! | (b[at + 5]! << 8) | (b[at + 6]! << 16) | (b[at + 7]! << 24);
  const length = b[at + 2]! | (b[at + 3]! << 8);
  return length < PPI_HEADER || linkType === LinkType.PPI ? -1 : linkType;
}
