// What a file says of a process that Process has no word for. Copies write it again.

import type { Process } from '../../packet/index.js';

/** Options as they lie in the file. */
export interface ProcessLeftovers {
  readonly block: Uint8Array | null;
  readonly entry: Uint8Array | null;
  /** Byte order of the block's options; an entry's are always little-endian. */
  readonly littleEndian: boolean;
}

/** A process of a file that says more of it; most are not. */
interface FileProcess extends Process {
  readonly leftovers?: ProcessLeftovers;
}

/** @returns the same process, with what else its file says of it */
export function withLeftovers(process: Process, leftovers: ProcessLeftovers): Process {
  const whole: FileProcess = { ...process, leftovers };
  return whole;
}

/** @returns null: its file says no more, or it comes from none */
export function leftoversOf(process: FileProcess): ProcessLeftovers | null {
  return process.leftovers ?? null;
}
