// What the house uses of Node's Buffer, for browsers: the bundle takes it wherever `Buffer` stands (browserbundle.js).

type Encoding = 'utf8' | 'latin1' | 'hex';

const encoder = new TextEncoder();
// As Node: what is no UTF-8 is replaced, and a byte order mark stays.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
/** Characters that are made at a time: each is an argument. */
const PIECE = 4096;

function latin1(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += PIECE)
    text += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  return text;
}

function encoded(text: string, encoding: Encoding): Uint8Array {
  switch (encoding) {
    case 'utf8':
      return encoder.encode(text);
    case 'latin1':
      return Uint8Array.from(text, (character) => character.charCodeAt(0));
    case 'hex':
      return Uint8Array.from({ length: text.length >> 1 }, (_, i) =>
        Number.parseInt(text.slice(2 * i, 2 * i + 2), 16),
      );
  }
}

/** Bytes with Node's names for what is done with them. */
export class Buffer extends Uint8Array {
  // biome-ignore lint/suspicious/noExplicitAny: other than Uint8Array.from, as Node's.
  static override from(value: any, encoding: any = 'utf8', length?: any): any {
    if (typeof value === 'string') return Buffer.over(encoded(value, encoding));
    if (ArrayBuffer.isView(value) || Array.isArray(value))
      return new Buffer(value as unknown as ArrayLike<number>);
    return new Buffer(value, encoding === 'utf8' ? 0 : encoding, length);
  }

  static over(bytes: Uint8Array): Buffer {
    return new Buffer(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.length);
  }

  static alloc(length: number): Buffer {
    return new Buffer(length);
  }

  static allocUnsafeSlow(length: number): Buffer {
    return new Buffer(length);
  }

  static byteLength(text: string): number {
    return encoder.encode(text).length;
  }

  /** By the first byte that differs, then by the length. */
  static compare(one: Uint8Array, other: Uint8Array): -1 | 0 | 1 {
    const common = Math.min(one.length, other.length);
    for (let i = 0; i < common; i++) if (one[i] !== other[i]) return one[i]! < other[i]! ? -1 : 1;
    return one.length === other.length ? 0 : one.length < other.length ? -1 : 1;
  }

  static concat(parts: readonly Uint8Array[]): Buffer {
    const all = new Buffer(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }

  latin1Slice(start?: number, end?: number): string {
    return latin1(Uint8Array.prototype.subarray.call(this, start, end));
  }

  utf8Slice(start?: number, end?: number): string {
    return decoder.decode(Uint8Array.prototype.subarray.call(this, start, end));
  }

  override toString(encoding: Encoding = 'utf8', start = 0, end = this.length): string {
    const bytes = this.subarray(start, end);
    switch (encoding) {
      case 'utf8':
        return decoder.decode(bytes);
      case 'latin1':
        return latin1(bytes);
      case 'hex':
        return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
    }
  }

  copy(target: Uint8Array, at = 0, start = 0, end = this.length): number {
    const bytes = this.subarray(start, Math.min(end, start + target.length - at));
    target.set(bytes, at);
    return bytes.length;
  }

  writeInt32LE(value: number, at = 0): void {
    new DataView(this.buffer, this.byteOffset).setInt32(at, value, true);
  }

  writeBigUInt64LE(value: bigint, at = 0): void {
    new DataView(this.buffer, this.byteOffset).setBigUint64(at, value, true);
  }
}
