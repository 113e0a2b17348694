// Headers in front of packets whose numbers are in the byte order of the machine that captured: those of a big-endian file
// are turned round, as libpcap does, in the window itself. Source: LINKTYPE_USB_LINUX, LINKTYPE_NFLOG, LINKTYPE_PFLOG,
// LINKTYPE_LINUX_SLL (CAN).

import { LinkType, type Packet } from '../packet/index.js';

/** Bytes of the fields one after another; negative ones are left as they are. */
const USB = [8, -4, 2, -2, 8, 4, 4, 4, 4] as const;
const USB_TRANSFER = 9;
const USB_SETUP = 40;
const ISOCHRONOUS = 0;
/** What follows in the longer header; the last field is the number of descriptors. */
const USB_MAPPED = [4, 4, 4, 4] as const;
const USB_MAPPED_HEADER = 64;
const DESCRIPTORS = 60;
const DESCRIPTOR = [4, 4, 4, -4] as const;
const DESCRIPTOR_SIZE = 16;

/** User and process, and those of the rule. */
const PFLOG_OWNERS = 44;
const OWNER = [4] as const;
const OWNERS = 4;

const NFLOG_HEADER = 4;
const NFLOG_TLV = 4;

const SLL = { PROTOCOL: 14, HEADER: 16 } as const;
const SLL2 = { PROTOCOL: 0, HEADER: 20 } as const;
/** Protocols of CAN, and what of their headers is turned. */
const CAN: ReadonlyMap<number, readonly number[]> = new Map([
  [0x0c, [4]],
  [0x0d, [4]],
  [0x0e, [4, -2, 2, 4]],
]);

/** Turns what a packet of a file of the other byte order begins with, where it has such numbers. */
export function turnHeader(packet: Packet): void {
  const { buffer, offset, capturedLength } = packet;
  const end = offset + capturedLength;
  switch (packet.linkType) {
    case LinkType.USB_LINUX:
      turnUsb(buffer, offset, end);
      break;
    case LinkType.USB_LINUX_MMAPPED:
      turnUsb(buffer, offset, end);
      turnMapped(buffer, offset, end);
      break;
    case LinkType.NFLOG:
      turnNflog(buffer, offset, end);
      break;
    case LinkType.PFLOG:
      turnPflog(buffer, offset, end);
      break;
    case LinkType.LINUX_SLL:
      turnCan(buffer, offset, end, SLL.PROTOCOL, SLL.HEADER);
      break;
    case LinkType.LINUX_SLL2:
      turnCan(buffer, offset, end, SLL2.PROTOCOL, SLL2.HEADER);
      break;
  }
}

/** Turns those of the fields that were captured whole. */
function turn(b: Uint8Array, at: number, end: number, sizes: readonly number[]): void {
  for (const size of sizes) {
    const next = at + Math.abs(size);
    if (next > end) return;
    if (size > 0) b.subarray(at, next).reverse();
    at = next;
  }
}

function isIsochronous(b: Uint8Array, offset: number, end: number): boolean {
  return offset + USB_TRANSFER < end && b[offset + USB_TRANSFER] === ISOCHRONOUS;
}

function turnUsb(b: Uint8Array, offset: number, end: number): void {
  turn(b, offset, end, USB);
  // Two numbers stand where other transfers have what the device is asked, byte by byte.
  if (isIsochronous(b, offset, end)) turn(b, offset + USB_SETUP, end, [4, 4]);
}

function turnMapped(b: Uint8Array, offset: number, end: number): void {
  turn(b, offset + USB_SETUP + 8, end, USB_MAPPED);
  const first = offset + USB_MAPPED_HEADER;
  if (first > end || !isIsochronous(b, offset, end)) return;
  let left = u32(b, offset + DESCRIPTORS);
  for (let at = first; left > 0 && at < end; at += DESCRIPTOR_SIZE, left--) turn(b, at, end, DESCRIPTOR);
}

function turnNflog(b: Uint8Array, offset: number, end: number): void {
  if (offset + NFLOG_HEADER > end || b[offset + 1] !== 0) return;
  let at = offset + NFLOG_HEADER;
  while (at + NFLOG_TLV <= end) {
    turn(b, at, end, [2, 2]);
    const size = ((b[at]! | (b[at + 1]! << 8)) + 3) & ~3;
    if (size < NFLOG_TLV) return;
    at += size;
  }
}

function turnPflog(b: Uint8Array, offset: number, end: number): void {
  const header = Math.min(end, offset + (b[offset] ?? 0));
  for (let i = 0; i < OWNERS; i++) turn(b, offset + PFLOG_OWNERS + 4 * i, header, OWNER);
}

function turnCan(b: Uint8Array, offset: number, end: number, protocol: number, header: number): void {
  if (offset + header > end) return;
  const fields = CAN.get((b[offset + protocol]! << 8) | b[offset + protocol + 1]!);
  if (fields !== undefined) turn(b, offset + header, end, fields);
}

/** A number that was turned. */
function u32(b: Uint8Array, at: number): number {
  return (b[at]! | (b[at + 1]! << 8) | (b[at + 2]! << 16) | (b[at + 3]! << 24)) >>> 0;
}
