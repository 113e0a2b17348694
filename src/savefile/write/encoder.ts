// What the formats written have in common.

import type { Packet, PacketMemory } from '../../packet/index.js';
import { type OutputFile, WORTH_A_PIECE } from '../node/outputfile.js';
import type { CopyOrigin } from './copy.js';

/** Whether a packet is best written from where it lies. */
export function lends(memory: PacketMemory | null, buffer: Uint8Array, length: number): boolean {
  return memory !== null && buffer === memory.bytes && length >= WORTH_A_PIECE;
}

export interface Encoder {
  /** Packets left out, because the file has no room for what they are. */
  readonly leftOut: number;
  /** The packets from now on are those of `origin`, whatever else it holds is copied with them. */
  copyFrom(origin: CopyOrigin): void;
  /** Begins a file: its header. Once per file of a rotation. */
  begin(file: OutputFile): void;
  /** Adds a packet to the file begun last. */
  packet(packet: Packet): void;
  /** Adds keys that decrypt packets that come; left out: the format has no room for them. */
  secrets?(keys: Uint8Array): void;
  /** Adds what comes at the end of a file. */
  end(): void;
}
