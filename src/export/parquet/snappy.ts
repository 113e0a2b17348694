// Snappy's compression, for Parquet's pages where Node has no Zstandard. Source: google/snappy, format_description.txt.

const HASH_BITS = 14;
/** Matches are looked for this far back: their offsets then have two bytes. */
const WINDOW = 65_535;
/** Bytes at the end in which no match begins. */
const MARGIN = 15;
const MOST_COPIED = 64;

/** @returns the bytes, compressed */
export function snappyCompress(input: Uint8Array): Uint8Array {
  const { length } = input;
  const out = new Uint8Array(32 + length + Math.ceil(length / 6));
  const view = new DataView(input.buffer, input.byteOffset, length);
  let to = 0;
  for (let n = length; ; n >>>= 7) {
    out[to++] = n > 0x7f ? (n & 0x7f) | 0x80 : n;
    if (n <= 0x7f) break;
  }
  /** Bytes from here on are written as they are. */
  let pending = 0;
  const literal = (end: number): void => {
    const size = end - pending;
    if (size === 0) return;
    const n = size - 1;
    if (n < 60) out[to++] = n << 2;
    else {
      const bytes = n < 0x100 ? 1 : n < 0x10000 ? 2 : n < 0x1000000 ? 3 : 4;
      out[to++] = (59 + bytes) << 2;
      for (let i = 0; i < bytes; i++) out[to++] = (n >>> (8 * i)) & 0xff;
    }
    out.set(input.subarray(pending, end), to);
    to += size;
  };
  // Places of four bytes by their hash, one more than they are: 0 is none.
  const table = new Int32Array(1 << HASH_BITS);
  let misses = 0;
  for (let at = 0; at < length - MARGIN; ) {
    const word = view.getUint32(at, true);
    const hash = Math.imul(word, 0x1e35a7bd) >>> (32 - HASH_BITS);
    const found = table[hash]! - 1;
    table[hash] = at + 1;
    if (found < 0 || at - found > WINDOW || view.getUint32(found, true) !== word) {
      // What does not compress is passed over ever faster.
      at += 1 + (misses++ >> 5);
      continue;
    }
    misses = 0;
    literal(at);
    let end = at + 4;
    while (end < length && input[end] === input[found + end - at]) end++;
    const offset = at - found;
    for (let rest = end - at; rest > 0; ) {
      const size = Math.min(rest, MOST_COPIED);
      out[to++] = ((size - 1) << 2) | 2;
      out[to++] = offset & 0xff;
      out[to++] = offset >> 8;
      rest -= size;
    }
    at = end;
    pending = end;
  }
  literal(length);
  return out.subarray(0, to);
}
