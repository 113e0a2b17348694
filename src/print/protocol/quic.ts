// QUIC (RFC 9000): what is readable of its packets without keys. Short headers do not say how long their connection
// identifier is, so the ones seen in long headers are remembered.

import { hex, hexBytes, hexOf } from '../inline.js';
import type { Printer } from '../printer.js';

const PacketType = { INITIAL: 0, ZERO_RTT: 1, HANDSHAKE: 2, RETRY: 3 } as const;
const TYPE_NAMES = ['initial', '0-rtt', 'handshake', 'retry'];
const MAXIMUM_ID = 20;
/** The integrity tag of a retry packet, and the least that is protected in a short one. */
const TAG_LENGTH = 16;
const MAXIMUM_TOKEN = 1000;
const REMEMBERED_IDS = 512;

/** Connection identifiers in the order they are looked through; a hit moves to the front. */
class ConnectionIds {
  private readonly ids: Uint8Array[] = [];
  private next = 0;

  /** @returns the identifier at the start of `[offset, end)`, or null */
  find(bytes: Uint8Array, offset: number, end: number): Uint8Array | null {
    const { ids } = this;
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i]!;
      if (id.length > end - offset || !startsWith(bytes, offset, id)) continue;
      ids[i] = ids[0]!;
      ids[0] = id;
      return id;
    }
    return null;
  }

  add(bytes: Uint8Array, offset: number, length: number): void {
    if (length === 0 || this.find(bytes, offset, offset + length) !== null) return;
    this.ids[this.next] = bytes.slice(offset, offset + length);
    this.next = (this.next + 1) % REMEMBERED_IDS;
  }
}

function startsWith(bytes: Uint8Array, offset: number, id: Uint8Array): boolean {
  for (let i = 0; i < id.length; i++) if (bytes[offset + i] !== id[i]) return false;
  return true;
}

const connections = new WeakMap<Printer, ConnectionIds>();

function connectionsOf(p: Printer): ConnectionIds {
  let ids = connections.get(p);
  if (ids === undefined) {
    ids = new ConnectionIds();
    connections.set(p, ids);
  }
  return ids;
}

/** Whether a datagram looks like QUIC: the fixed bit is set. */
export function detectQuic(p: Printer, offset: number, length: number): boolean {
  return length >= 1 && (p.u8(offset) & 0x40) !== 0;
}

/** The QUIC packets of a datagram. */
export function printQuic(p: Printer, offset: number, _length: number): void {
  p.protocol = 'quic';
  p.text('quic');
  const end = p.snapEnd;
  while (offset < end) {
    offset = printPacket(p, offset, end);
    // Zeros between packets are padding.
    while (offset < end && p.u8(offset) === 0) offset++;
  }
}

/** @returns where the next packet is */
function printPacket(p: Printer, offset: number, end: number): number {
  const first = p.u8(offset);
  offset++;
  if ((first & 0x80) === 0) {
    printShort(p, offset, end);
    return end;
  }
  const type = (first >> 4) & 3;
  const version = p.u32(offset);
  offset += 4;
  p.text(version === 0 ? ', version negotiation' : `, ${TYPE_NAMES[type]}`);
  if (version > 1) p.text(`, v${hex(version)}`);
  offset = printId(p, 'dcid', offset);
  offset = printId(p, 'scid', offset);
  if (version === 0) {
    printVersions(p, offset, end);
    return end;
  }
  if (type === PacketType.RETRY) {
    p.text(', token ');
    if (end - offset > TAG_LENGTH) p.text(hexBytes(p, offset, end - offset - TAG_LENGTH));
    else p.truncated();
    return end;
  }
  if (type === PacketType.INITIAL) {
    const size = integerSize(p, offset);
    const token = Number(integer(p, offset, size));
    offset += size;
    if (token > 0 && token < MAXIMUM_TOKEN) {
      p.text(`, token ${hexBytes(p, offset, token)}`);
      offset += token;
    }
  }
  const size = integerSize(p, offset);
  const payload = integer(p, offset, size);
  offset += size;
  p.text(`, length ${payload}`);
  if (payload <= BigInt(end - offset)) return offset + Number(payload);
  p.truncated();
  return end;
}

function printId(p: Printer, name: string, offset: number): number {
  const length = p.u8(offset);
  offset++;
  if (length === 0 || length > MAXIMUM_ID) return offset;
  p.text(`, ${name} ${hexBytes(p, offset, length)}`);
  connectionsOf(p).add(p.buffer, offset, length);
  return offset + length;
}

function printVersions(p: Printer, offset: number, end: number): void {
  for (; offset < end; offset += 4) {
    if (end - offset < 4) {
      p.truncated();
      return;
    }
    p.text(`, version 0x${hex(p.u32(offset))}`);
  }
}

function printShort(p: Printer, offset: number, end: number): void {
  p.text(', protected');
  if (end - offset <= TAG_LENGTH) {
    p.truncated();
    return;
  }
  const id = connectionsOf(p).find(p.buffer, offset, end);
  if (id !== null) p.text(`, dcid ${hexOf(id)}`);
}

/** Bytes of the variable-length integer at `offset` (section 16). */
function integerSize(p: Printer, offset: number): number {
  return 1 << (p.u8(offset) >> 6);
}

function integer(p: Printer, offset: number, size: number): bigint {
  let value = BigInt(p.u8(offset) & 0x3f);
  for (let i = 1; i < size; i++) value = (value << 8n) | BigInt(p.u8(offset + i));
  return value;
}
