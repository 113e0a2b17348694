// Builds pcapng blocks in place in the output file's buffer.

import { nameBytes } from '../../packet/index.js';
import type { OutputFile } from '../node/outputfile.js';
import { BLOCK_OVERHEAD, BODY, Option } from './format.js';

/** Longest value an option can have. */
export const MAXIMUM_OPTION = 0xffff;

/** One block at a time: `begin`, then fields and options, then `end`, which makes it part of the file. */
export class BlockBuilder {
  buffer!: Uint8Array;
  view!: DataView;
  /** Where the next field goes. */
  at = 0;
  littleEndian = true;
  #file!: OutputFile;
  #start = 0;
  /** Bytes of the block that lie elsewhere. */
  #elsewhere = 0;

  /** Takes the file to build in. */
  use(file: OutputFile): void {
    this.#file = file;
  }

  /** @param room bytes the body may take, options and their end included */
  begin(type: number, room: number): void {
    const file = this.#file;
    file.room(room + BLOCK_OVERHEAD);
    this.buffer = file.buffer;
    this.view = file.view;
    this.#start = file.at;
    this.#elsewhere = 0;
    this.view.setUint32(file.at, type, this.littleEndian);
    this.at = file.at + BODY;
  }

  u16(value: number): void {
    this.view.setUint16(this.at, value, this.littleEndian);
    this.at += 2;
  }

  u32(value: number): void {
    this.view.setUint32(this.at, value, this.littleEndian);
    this.at += 4;
  }

  /** Zeros up to a multiple of 4. */
  pad(): void {
    while (((this.at + this.#elsewhere) & 3) !== (this.#start & 3)) this.buffer[this.at++] = 0;
  }

  /** Bytes that stay in somebody else's buffer (OutputFile.insert). */
  insert(buffer: Uint8Array, start: number, length: number): void {
    this.#file.at = this.at;
    this.#file.insert(buffer, start, length);
    this.#elsewhere += length;
  }

  option16(code: number, value: number): void {
    this.#header(code, 2);
    this.u16(value);
    this.u16(0);
  }

  option32(code: number, value: number): void {
    this.#header(code, 4);
    this.u32(value);
  }

  /** A 64-bit value given as its upper and lower half. */
  option64(code: number, high: number, low: number): void {
    this.#header(code, 8);
    this.#u64(high, low);
  }

  /** Two values of 32 bits, as times in statistics blocks are: upper half first whatever the order. */
  optionPair(code: number, first: number, second: number): void {
    this.#header(code, 8);
    this.u32(first);
    this.u32(second);
  }

  optionBig(code: number, value: bigint): void {
    this.#header(code, 8);
    this.view.setBigUint64(this.at, BigInt.asUintN(64, value), this.littleEndian);
    this.at += 8;
  }

  /** The first 65,535 bytes of a value. */
  optionBytes(code: number, value: Uint8Array): void {
    const length = Math.min(value.length, MAXIMUM_OPTION);
    this.#header(code, length);
    this.buffer.set(length === value.length ? value : value.subarray(0, length), this.at);
    this.at += length;
    this.pad();
  }

  /** Options as they were read. */
  raw(options: Uint8Array): void {
    this.buffer.set(options, this.at);
    this.at += options.length;
    this.pad();
  }

  endOfOptions(): void {
    this.#header(Option.END, 0);
  }

  /** Ends the block. */
  end(): void {
    const length = this.at + 4 - this.#start + this.#elsewhere;
    this.view.setUint32(this.#start + 4, length, this.littleEndian);
    this.view.setUint32(this.at, length, this.littleEndian);
    this.#file.at = this.at + 4;
  }

  #header(code: number, length: number): void {
    this.view.setUint16(this.at, code, this.littleEndian);
    this.view.setUint16(this.at + 2, length, this.littleEndian);
    this.at += 4;
  }

  #u64(high: number, low: number): void {
    this.u32(this.littleEndian ? low : high);
    this.u32(this.littleEndian ? high : low);
  }
}

/**
 * @param text any text
 * @returns its UTF-8, cut between characters to fit an option
 */
export function optionText(text: string): Uint8Array {
  const bytes = nameBytes(text);
  if (bytes.length <= MAXIMUM_OPTION) return bytes;
  let end = MAXIMUM_OPTION;
  while (end > 0 && (bytes[end]! & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end);
}

/** What a value of `length` bytes takes as an option. */
export function optionSize(length: number): number {
  return 4 + ((Math.min(length, MAXIMUM_OPTION) + 3) & ~3);
}
