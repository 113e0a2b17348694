// Options of a pcapng block: u16 code, u16 length, the value padded to 4 bytes; until code 0 or the end of the block.

import { nameText } from '../../packet/index.js';
import { Option } from './format.js';

/** Goes through a run of options without allocating: `while (options.next()) switch (options.code) …`. */
export class Options {
  code = 0;
  length = 0;
  /** Where the value lies in the buffer. */
  at = 0;
  #view: DataView = new DataView(new ArrayBuffer(0));
  #buffer: Uint8Array = new Uint8Array(0);
  #place = 0;
  #end = 0;
  #little = true;

  /**
   * @param start where the first option is
   * @param end where the block's options end at the latest
   */
  begin(buffer: Uint8Array, view: DataView, start: number, end: number, littleEndian: boolean): this {
    this.#buffer = buffer;
    this.#view = view;
    this.#place = start;
    this.#end = end;
    this.#little = littleEndian;
    return this;
  }

  /** Moves to the next option. False at the end, or where an option claims more than there is. */
  next(): boolean {
    const place = this.#place;
    if (place + 4 > this.#end) return false;
    const code = this.#view.getUint16(place, this.#little);
    const length = this.#view.getUint16(place + 2, this.#little);
    if (code === Option.END || place + 4 + length > this.#end) return false;
    this.code = code;
    this.length = length;
    this.at = place + 4;
    this.#place = place + 4 + ((length + 3) & ~3);
    return true;
  }

  /** The value as text, without the NUL some writers end it with. */
  text(): string {
    const bytes = Buffer.from(this.#buffer.buffer, this.#buffer.byteOffset + this.at, this.length);
    let end = this.length;
    while (end > 0 && bytes[end - 1] === 0) end--;
    return nameText(bytes, 0, end);
  }

  /** The value as texts with NULs between them. */
  texts(): string[] {
    if (this.length === 0) return [];
    return nameText(Buffer.from(this.#buffer.buffer, this.#buffer.byteOffset + this.at, this.length)).split(
      '\0',
    );
  }

  /** A copy of the value. */
  bytes(): Uint8Array {
    return this.#buffer.slice(this.at, this.at + this.length);
  }

  /** A copy of all of it: code, length, value, padding. */
  whole(): Uint8Array {
    return this.#buffer.slice(this.at - 4, Math.min(this.#place, this.#end));
  }

  /** Those from here on that are wanted, one behind the other as they lie in the file, each padded to 4 bytes. */
  chosen(wants: (code: number) => boolean): Uint8Array {
    const bytes = new Uint8Array(this.#end - this.#place + 3);
    let at = 0;
    while (this.next()) {
      if (!wants(this.code)) continue;
      bytes.set(this.#buffer.subarray(this.at - 4, this.at + this.length), at);
      at += 4 + ((this.length + 3) & ~3);
    }
    return bytes.slice(0, at);
  }

  /** The value as u16, 0 when it is too short for one; so with the others. */
  u16(): number {
    return this.length < 2 ? 0 : this.#view.getUint16(this.at, this.#little);
  }

  u32(): number {
    return this.length < 4 ? 0 : this.#view.getUint32(this.at, this.#little);
  }

  /** The second u32 of the value. */
  secondU32(): number {
    return this.length < 8 ? 0 : this.#view.getUint32(this.at + 4, this.#little);
  }

  u64(): bigint {
    return this.length < 8 ? 0n : this.#view.getBigUint64(this.at, this.#little);
  }

  i64(): bigint {
    return this.length < 8 ? 0n : this.#view.getBigInt64(this.at, this.#little);
  }
}
