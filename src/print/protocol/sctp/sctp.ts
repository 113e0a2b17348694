// Stream Control Transmission Protocol: the header and its chunks. Source: RFC 9260, 8260 (I-DATA), 5061 (ASCONF),
// 6525 (RE-CONFIG), 3758 (FORWARD-TSN).

import { below, ipv4Text, ipv6Text, wordOf } from '../../inline.js';
import type { Printer, Words } from '../../printer.js';
import { addressConfiguration, addressConfigurationAck } from './address.js';
import { data, interleavedData, interleavedForward } from './data.js';
import type { SctpPacket } from './packet.js';
import { reconfiguration } from './reconfig.js';

const HEADER = 12;
const CHUNK_HEADER = 4;
const INITIATION = 16;
const ACKNOWLEDGEMENT = 12;
const CHUNKS: Words = {
  0: 'DATA',
  1: 'INIT',
  2: 'INIT ACK',
  3: 'SACK',
  4: 'HB REQ',
  5: 'HB ACK',
  6: 'ABORT',
  7: 'SHUTDOWN',
  8: 'SHUTDOWN ACK',
  9: 'OP ERR',
  10: 'COOKIE ECHO',
  11: 'COOKIE ACK',
  12: 'ECN ECHO',
  13: 'ECN CWR',
  14: 'SHUTDOWN COMPLETE',
  64: 'I-DATA',
  128: 'ASCONF-ACK',
  130: 'RE-CONFIG',
  192: 'FOR CUM TSN',
  193: 'ASCONF',
  194: 'I-FORWARD-FSN',
};
/** Ports of ForCES (RFC 5811). */
const FORCES_PORTS: Words = { 6704: 'ForCES HP', 6705: 'ForCES MP', 6706: 'ForCES LP' };

/**
 * Prints a chunk's body.
 * @returns false when it is wrong and nothing behind it can be trusted
 */
type ChunkPrinter = (
  p: Printer,
  offset: number,
  length: number,
  flags: number,
  packet: SctpPacket,
) => boolean;

const PRINTERS: Readonly<Record<number, ChunkPrinter>> = {
  0: data,
  1: initiation,
  2: initiation,
  3: acknowledgement,
  64: interleavedData,
  128: addressConfigurationAck,
  130: reconfiguration,
  193: addressConfiguration,
  194: interleavedForward,
};

export function printSctp(p: Printer, offset: number, length: number): void {
  p.protocol = 'sctp';
  if (below(p, 'length', length, HEADER)) {
    p.invalid();
    return;
  }
  p.need(offset, HEADER);
  const source = p.u16(offset);
  const destination = p.u16(offset + 2);
  p.text(`${address(p, 12, 8)}.${source} > ${address(p, 16, 24)}.${destination}: sctp`);
  const packet: SctpPacket = { forces: false, left: length - HEADER };
  for (const port of [source, destination]) {
    const word = FORCES_PORTS[port];
    if (word === undefined) continue;
    p.text(`[${word}]`);
    packet.forces = true;
  }
  if (!chunks(p, offset + HEADER, packet)) p.invalid();
}

function address(p: Printer, offset4: number, offset6: number): string {
  return p.ipVersion === 6 ? ipv6Text(p, p.ipHeader + offset6) : ipv4Text(p, p.ipHeader + offset4);
}

/** @returns false when a chunk is wrong inside */
function chunks(p: Printer, at: number, packet: SctpPacket): boolean {
  const verbose = p.options.verbose >= 2;
  for (let number = 1; packet.left !== 0; number++) {
    const heading = verbose ? `\n\t${number}) ` : `${number === 1 ? ' (' : ', ('}${number}) `;
    if (packet.left < CHUNK_HEADER) {
      p.text(`${heading}[chunk descriptor cut off at end of packet]`);
      return true;
    }
    p.need(at, CHUNK_HEADER);
    const size = p.u16(at + 2);
    const padding = -size & 3;
    if (size < CHUNK_HEADER || packet.left < padding) {
      const why = size < CHUNK_HEADER ? '< size of chunk descriptor' : '> remaining data in packet';
      p.text(`${heading}[Bad chunk length ${size}, ${why}]`);
      return true;
    }
    p.need(at, size);
    const type = p.u8(at);
    p.text(`${heading}[${wordOf(CHUNKS, type, 'Unknown chunk type: 0x%x')}] `);
    packet.left = (packet.left - size) >>> 0;
    const print = PRINTERS[type];
    if (print?.(p, at + CHUNK_HEADER, size - CHUNK_HEADER, p.u8(at + 1), packet) === false) return false;
    at += size;
    p.need(at, padding);
    at += padding;
    packet.left = (packet.left - padding) >>> 0;
  }
  return true;
}

function initiation(p: Printer, at: number, length: number): boolean {
  if (below(p, 'chunk length', length, INITIATION)) return false;
  p.text(`[init tag: ${p.u32(at)}] [rwnd: ${p.u32(at + 4)}] [OS: ${p.u16(at + 8)}] `);
  p.text(`[MIS: ${p.u16(at + 10)}] [init TSN: ${p.u32(at + 12)}] `);
  return true;
}

function acknowledgement(p: Printer, at: number, length: number): boolean {
  if (below(p, 'chunk length', length, ACKNOWLEDGEMENT)) return false;
  const cumulative = p.u32(at);
  const gaps = p.u16(at + 8);
  const duplicates = p.u16(at + 10);
  p.text(`[cum ack ${cumulative}] [a_rwnd ${p.u32(at + 4)}] [#gap acks ${gaps}] [#dup tsns ${duplicates}] `);
  const end = at + length;
  at += ACKNOWLEDGEMENT;
  for (let i = 1; at < end && i <= gaps; i++, at += 4) {
    if (below(p, 'chunk length', end - at, 4)) return false;
    const start = (cumulative + p.u16(at)) >>> 0;
    p.text(`\n\t\t[gap ack block #${i}: start = ${start}, end = ${(cumulative + p.u16(at + 2)) >>> 0}] `);
  }
  for (let i = 1; at < end && i <= duplicates; i++, at += 4) {
    if (below(p, 'chunk length', end - at, 4)) return false;
    p.text(`\n\t\t[dup TSN #${i}: ${p.u32(at)}] `);
  }
  return true;
}
