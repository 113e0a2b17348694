// Writes PKTAP headers, version 1, in front of packets: link type 258. Offsets and flags are those of pktap.ts.

import { Direction, dltOf, type Interface, nameBytes, type Packet, type Process } from '../packet/index.js';
import { Link } from './link.js';
import {
  FLAG_PAIRS,
  INTERFACE_NAME_SIZE,
  PktapFlag,
  PktapType,
  PROCESS_NAME_SIZE,
  Version1,
} from './pktap.js';

/** Address families as Darwin numbers them: the header was made there. */
const FAMILY_IPV4 = 2;
const FAMILY_IPV6 = 30;

/** Filled anew for each packet. */
const link = new Link();

/**
 * @returns bytes of the header that `writePktapHeader` writes for this packet
 */
export function pktapHeaderLength(packet: Packet): number {
  const { metadata } = packet;
  if (metadata === null || metadata.dropReason === 0) return Version1.FULL_LENGTH;
  const name = Buffer.byteLength(metadata.dropFunction);
  return name === 0 ? Version1.DROP_FUNCTION_LENGTH + 1 : Version1.DROP_FUNCTION + Math.min(name, 0xff) + 1;
}

/**
 * Writes a header of `length` bytes (from `pktapHeaderLength`) at `at`.
 */
export function writePktapHeader(packet: Packet, target: Uint8Array, at: number, length: number): void {
  const { metadata } = packet;
  const view = new DataView(target.buffer, target.byteOffset + at, length);
  target.fill(0, at, at + length);
  const skip = link.ipOffset(packet);
  view.setUint32(Version1.LENGTH, length, true);
  view.setUint32(Version1.TYPE, length > Version1.FULL_LENGTH ? PktapType.DROPPED : PktapType.PACKET, true);
  view.setUint32(Version1.LINK_TYPE, dltOf(packet.linkType), true);
  view.setInt32(Version1.PID, -1, true);
  view.setInt32(Version1.EFFECTIVE_PID, -1, true);
  view.setInt32(Version1.SERVICE_CLASS, metadata === null ? -1 : metadata.serviceClass, true);
  if (skip >= 0) addressing(packet, view, skip);
  if (packet.interface !== null) nameInterface(packet.interface, target, at, view);
  view.setUint32(Version1.SECONDS, packet.seconds, true);
  view.setUint32(Version1.MICROSECONDS, Math.floor(packet.nanoseconds / 1000), true);
  let flags = PktapFlag.TIMESTAMP as number;
  if (metadata !== null) {
    if (metadata.direction === Direction.IN) flags |= PktapFlag.IN;
    else if (metadata.direction === Direction.OUT) flags |= PktapFlag.OUT;
    for (const [theirs, ours] of FLAG_PAIRS) if ((metadata.flags & ours) !== 0) flags |= theirs;
    view.setUint16(Version1.TRACE_TAG, metadata.traceTag, true);
    view.setUint32(Version1.FLOW_ID, metadata.flowId, true);
    view.setUint32(Version1.COMPRESSION_GENERATION, metadata.compressionGeneration, true);
    nameProcess(metadata.process, target, at, Version1.PID, Version1.NAME, Version1.UUID);
    nameProcess(
      metadata.effectiveProcess,
      target,
      at,
      Version1.EFFECTIVE_PID,
      Version1.EFFECTIVE_NAME,
      Version1.EFFECTIVE_UUID,
    );
    if (length > Version1.FULL_LENGTH) {
      view.setUint32(Version1.DROP_REASON, metadata.dropReason, true);
      if (length > Version1.DROP_FUNCTION) {
        const size = length - Version1.DROP_FUNCTION - 1;
        view.setUint8(Version1.DROP_FUNCTION_LENGTH, size);
        view.setUint16(Version1.DROP_LINE, metadata.dropLine, true);
        target.set(Buffer.from(metadata.dropFunction).subarray(0, size), at + Version1.DROP_FUNCTION);
      }
    }
  }
  view.setUint32(Version1.FLAGS, flags, true);
}

/** What the packet itself says: family, protocol, how long its link header is. */
function addressing(packet: Packet, view: DataView, skip: number): void {
  const { buffer, offset, capturedLength } = packet;
  const four = buffer[offset + skip]! >> 4 === 4;
  view.setUint32(Version1.FAMILY, four ? FAMILY_IPV4 : FAMILY_IPV6, true);
  view.setUint32(Version1.LINK_HEADER_LENGTH, skip, true);
  const protocol = skip + (four ? 9 : 6);
  if (protocol < capturedLength) view.setUint8(Version1.IP_PROTOCOL, buffer[offset + protocol]!);
}

function nameInterface(named: Interface, target: Uint8Array, at: number, view: DataView): void {
  putName(named.name, target, at + Version1.INTERFACE, INTERFACE_NAME_SIZE);
  view.setUint16(Version1.INTERFACE_TYPE, named.type, true);
  const unit = /\d+$/.exec(named.name);
  if (unit !== null) view.setUint16(Version1.INTERFACE_UNIT, Number(unit[0]) & 0xffff, true);
}

function nameProcess(
  process: Process | null,
  target: Uint8Array,
  at: number,
  pid: number,
  name: number,
  uuid: number,
): void {
  if (process === null) return;
  new DataView(target.buffer, target.byteOffset + at + pid, 4).setInt32(0, process.pid, true);
  putName(process.name, target, at + name, PROCESS_NAME_SIZE);
  if (process.uuid !== null) target.set(process.uuid.subarray(0, 16), at + uuid);
}

/** Room for `size` bytes, the last of which stays NUL. */
function putName(name: string, target: Uint8Array, at: number, size: number): void {
  for (let i = 0; i < name.length; i++) {
    if (name.charCodeAt(i) >= 0x80) {
      target.set(nameBytes(name).subarray(0, size - 1), at);
      return;
    }
  }
  const length = Math.min(name.length, size - 1);
  for (let i = 0; i < length; i++) target[at + i] = name.charCodeAt(i);
}
