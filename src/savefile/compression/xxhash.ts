// xxHash, 32 bits: the checksum of LZ4 frames. Source: xxHash's specification (doc/xxhash_spec.md).

const PRIME_1 = 0x9e37_79b1;
const PRIME_2 = 0x85eb_ca77;
const PRIME_3 = 0xc2b2_ae3d;
const PRIME_4 = 0x27d4_eb2f;
const PRIME_5 = 0x1656_67b1;
const STRIPE = 16;

/** The hash of bytes that come in pieces. Seed 0. */
export class XxHash32 {
  #a = (PRIME_1 + PRIME_2) | 0;
  #b = PRIME_2 | 0;
  #c = 0;
  #d = -PRIME_1 | 0;
  #length = 0;
  readonly #rest = new Uint8Array(STRIPE);
  #held = 0;

  update(bytes: Uint8Array): this {
    this.#length += bytes.length;
    let at = 0;
    if (this.#held > 0) {
      at = Math.min(STRIPE - this.#held, bytes.length);
      this.#rest.set(bytes.subarray(0, at), this.#held);
      this.#held += at;
      if (this.#held < STRIPE) return this;
      this.#stripe(this.#rest, 0);
      this.#held = 0;
    }
    for (; at + STRIPE <= bytes.length; at += STRIPE) this.#stripe(bytes, at);
    this.#rest.set(bytes.subarray(at));
    this.#held = bytes.length - at;
    return this;
  }

  #stripe(b: Uint8Array, at: number): void {
    this.#a = round(this.#a, u32(b, at));
    this.#b = round(this.#b, u32(b, at + 4));
    this.#c = round(this.#c, u32(b, at + 8));
    this.#d = round(this.#d, u32(b, at + 12));
  }

  /** The hash of all bytes so far. */
  digest(): number {
    let hash =
      this.#length >= STRIPE
        ? (rotate(this.#a, 1) + rotate(this.#b, 7) + rotate(this.#c, 12) + rotate(this.#d, 18)) | 0
        : PRIME_5;
    hash = (hash + this.#length) | 0;
    let at = 0;
    for (; at + 4 <= this.#held; at += 4) {
      hash = Math.imul(rotate((hash + Math.imul(u32(this.#rest, at), PRIME_3)) | 0, 17), PRIME_4);
    }
    for (; at < this.#held; at++) {
      hash = Math.imul(rotate((hash + Math.imul(this.#rest[at]!, PRIME_5)) | 0, 11), PRIME_1);
    }
    hash = Math.imul(hash ^ (hash >>> 15), PRIME_2);
    hash = Math.imul(hash ^ (hash >>> 13), PRIME_3);
    return (hash ^ (hash >>> 16)) >>> 0;
  }
}

function round(sum: number, lane: number): number {
  return Math.imul(rotate((sum + Math.imul(lane, PRIME_2)) | 0, 13), PRIME_1);
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function u32(b: Uint8Array, at: number): number {
  return b[at]! | (b[at + 1]! << 8) | (b[at + 2]! << 16) | (b[at + 3]! << 24);
}
