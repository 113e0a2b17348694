// What a pcapng file says besides packets, for those who copy it: blocks, interfaces, and the packet at hand as its block has it.

import type { Interface, Process } from '../../packet/index.js';
import type { Clock } from './time.js';

/** A block as it lies in the file, all of it. Reused: copy what is kept. */
export interface RawBlock {
  type: number;
  buffer: Uint8Array;
  /** The block is [start, start + length). */
  start: number;
  length: number;
  littleEndian: boolean;
  /** The interface a description or statistics block is about. */
  interface: Interface | null;
  /** A process's block or entry: whoever copies packets writes those for the packets. */
  ofProcess: boolean;
}

/** What the file says of an interface, and what it takes to read its packets. */
export interface SectionInterface {
  readonly interface: Interface;
  readonly clock: Clock;
  readonly snapshotLength: number;
  /** Bytes of frame check sequence at the end of each packet; null: not said. */
  readonly fcsLength: number | null;
  /** Options of its block that Interface has no word for, as they lie in the file. For copies. */
  readonly otherOptions: Uint8Array | null;
  /** Whether the block has a name, which may be empty. */
  readonly hasName: boolean;
  /** Their byte order. */
  readonly littleEndian: boolean;
  /** The process that its description says all its packets are of; null: it says none. */
  readonly process: Process | null;
}

/** What the file says of the packet at hand, for copies: its options lie in the packet's buffer. */
export interface PacketRecord {
  /** Interface its block names; that of a PKTAP header is another. */
  interface: Interface | null;
  interfaceNumber: number;
  /** Time in the interface's units, upper and lower 32 bits. */
  timeHigh: number;
  timeLow: number;
  /** Bytes of the packet in its block. */
  capturedLength: number;
  optionsStart: number;
  optionsEnd: number;
  littleEndian: boolean;
  /** Number of the process block it names, and where in the packet's buffer; -1: none. */
  process: number;
  processAt: number;
  effectiveProcess: number;
  effectiveProcessAt: number;
  /** Process ID of the standard's option; -1: none. */
  pid: number;
  /** What its comments say of its process: nothing, what we write there, or something in another's words. */
  naming: 'none' | 'own' | 'foreign';
  /** Where the value of our own comment lies in the packet's buffer; -1: there is none. */
  ownCommentAt: number;
  /** It is a Simple Packet Block: without a time, of the section's first interface. */
  simple: boolean;
}

/** A record that says nothing yet. */
export function makePacketRecord(): PacketRecord {
  return {
    interface: null,
    interfaceNumber: 0,
    timeHigh: 0,
    timeLow: 0,
    capturedLength: 0,
    optionsStart: 0,
    optionsEnd: 0,
    littleEndian: true,
    process: -1,
    processAt: 0,
    effectiveProcess: -1,
    effectiveProcessAt: 0,
    pid: -1,
    naming: 'none',
    ownCommentAt: -1,
    simple: false,
  };
}
