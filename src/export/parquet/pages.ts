// What Parquet's pages are made of: levels and dictionary numbers in few bits, values one after the other. Source: apache/parquet-format,
// Encodings.md.

/** A growing run of bytes, little-endian. */
export class PageBytes {
  bytes = new Uint8Array(64 * 1024);
  private view = new DataView(this.bytes.buffer);
  length = 0;

  private room(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(2 * this.bytes.length, this.length + count));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
  }

  byte(n: number): void {
    this.room(1);
    this.bytes[this.length++] = n;
  }

  u32(n: number): void {
    this.room(4);
    this.view.setUint32(this.length, n, true);
    this.length += 4;
  }

  /** A whole number below 2^53 as one of 64 bits. */
  i64(n: number): void {
    this.room(8);
    this.view.setUint32(this.length, n >>> 0, true);
    this.view.setInt32(this.length + 4, Math.floor(n / 0x1_0000_0000), true);
    this.length += 8;
  }

  big(n: bigint): void {
    this.room(8);
    this.view.setBigInt64(this.length, n, true);
    this.length += 8;
  }

  /** Bytes behind their length. */
  block(bytes: Uint8Array): void {
    this.u32(bytes.length);
    this.room(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  unsigned(n: number): void {
    for (; n > 0x7f; n >>>= 7) this.byte((n & 0x7f) | 0x80);
    this.byte(n);
  }

  /** Numbers of `width` bits: one run when all are the same, bits packed otherwise. */
  packed(numbers: ArrayLike<number>, count: number, width: number): void {
    let same = true;
    for (let i = 1; i < count && same; i++) same = numbers[i] === numbers[0];
    if (same) {
      this.unsigned(count << 1);
      for (let bits = 0; bits < width; bits += 8) this.byte((numbers[0]! >>> bits) & 0xff);
      return;
    }
    const groups = (count + 7) >> 3;
    this.unsigned((groups << 1) | 1);
    this.room(groups * width);
    const { bytes } = this;
    let at = this.length;
    let held = 0;
    let bits = 0;
    for (let i = 0; i < groups * 8; i++) {
      // Below 2^24 and 7 bits that are held: no more than 31.
      held |= (i < count ? numbers[i]! : 0) << bits;
      bits += width;
      while (bits >= 8) {
        bytes[at++] = held & 0xff;
        held >>>= 8;
        bits -= 8;
      }
    }
    this.length = at;
  }

  /** Levels of a page of the first version: behind their length. */
  levels(levels: ArrayLike<number>, count: number, width: number): void {
    const start = this.length;
    this.u32(0);
    this.packed(levels, count, width);
    this.view.setUint32(start, this.length - start - 4, true);
  }

  taken(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }
}

/** Bits that numbers below `count` need, one at least. */
export function bitsFor(count: number): number {
  return Math.max(1, 32 - Math.clz32(count - 1));
}
