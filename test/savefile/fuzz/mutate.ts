// Breaks files at random, the same way for the same seed.

/** Numbers where lengths and counts go wrong. */
const EDGES = [
  0, 1, 2, 3, 4, 7, 8, 11, 12, 13, 15, 16, 20, 24, 28, 31, 32, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000,
  0x8001, 0x8003, 0xffff, 0x1_0000, 0x4_0000, 0xf_fffc, 0x10_0000, 0x100_0000, 0x7fff_fffc, 0x7fff_ffff,
  0x8000_0000, 0xffff_fff0, 0xffff_fffc, 0xffff_ffff, 0x0a0d_0d0a, 0x1a2b_3c4d, 0x0bad, 258, 149, 32_622,
];

/** Deterministic numbers: mulberry32. */
export function random(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Longest file made. */
const LONGEST = 1 << 18;

/**
 * @param seed a whole file
 * @param other another one, parts of which may come in
 * @returns a new buffer: the file with one to eight changes
 */
export function mutate(seed: Buffer, other: Buffer, pick: (below: number) => number): Buffer {
  let bytes = Buffer.from(seed);
  for (let left = 1 + pick(pick(4) === 0 ? 8 : 3); left > 0; left--) bytes = change(bytes, other, pick);
  return bytes.subarray(0, LONGEST);
}

function change(bytes: Buffer, other: Buffer, pick: (below: number) => number): Buffer<ArrayBuffer> {
  const copy = Buffer.from(bytes);
  const { length } = copy;
  if (length < 8) return Buffer.concat([copy, other.subarray(0, 64)]);
  const at = pick(length);
  const word = (at & ~3) + 4 <= length ? at & ~3 : 0;
  const span = 1 + pick(Math.min(length - at, 200));
  switch (pick(11)) {
    case 0:
      copy[at]! ^= 1 << pick(8);
      return copy;
    case 1:
      copy[at] = pick(256);
      return copy;
    case 2:
    case 3: {
      const value = EDGES[pick(EDGES.length)]!;
      pick(2) === 0 ? copy.writeUInt32LE(value, word) : copy.writeUInt32BE(value, word);
      return copy;
    }
    case 4: {
      const value = EDGES[pick(EDGES.length)]! & 0xffff;
      pick(2) === 0 ? copy.writeUInt16LE(value, word) : copy.writeUInt16BE(value, word);
      return copy;
    }
    case 5: {
      // A length that is nearly right.
      const value = (copy.readUInt32LE(word) + pick(17) - 8) >>> 0;
      copy.writeUInt32LE(value, word);
      return copy;
    }
    case 6:
      return Buffer.from(copy.subarray(0, at));
    case 7:
      return Buffer.concat([copy.subarray(0, at), copy.subarray(at + span)]);
    case 8:
      return Buffer.concat([copy.subarray(0, word), copy.subarray(word, word + span), copy.subarray(word)]);
    case 9: {
      const from = pick(other.length) & ~3;
      return Buffer.concat([copy.subarray(0, word), other.subarray(from, from + span), copy.subarray(word)]);
    }
    default:
      return moveBlock(copy, pick);
  }
}

/** Doubles a pcapng block, or takes it away. */
function moveBlock(bytes: Buffer<ArrayBuffer>, pick: (below: number) => number): Buffer<ArrayBuffer> {
  const little = bytes[8] === 0x4d;
  const starts: number[] = [];
  for (let at = 0; at + 12 <= bytes.length; ) {
    starts.push(at);
    const length = little ? bytes.readUInt32LE(at + 4) : bytes.readUInt32BE(at + 4);
    if (length < 12 || length % 4 !== 0) break;
    at += length;
  }
  if (starts.length === 0) return bytes;
  const at = starts[pick(starts.length)]!;
  const length = little ? bytes.readUInt32LE(at + 4) : bytes.readUInt32BE(at + 4);
  const block = bytes.subarray(at, at + length);
  const rest = bytes.subarray(at + length);
  if (pick(2) === 0) return Buffer.concat([bytes.subarray(0, at), rest]);
  const to = starts[pick(starts.length)]!;
  return Buffer.concat([bytes.subarray(0, to), block, bytes.subarray(to)]);
}
