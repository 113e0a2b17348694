// xxHash, 64 bits: the checksum of zstd frames. Source: xxHash's specification (doc/xxhash_spec.md). A number of 64 bits is
// two halves of 32: BigInt takes ten times as long.

const STRIPE = 32;
/** The primes' halves, upper first. */
const P1H = 0x9e37_79b1 | 0;
const P1L = 0x85eb_ca87 | 0;
const P2H = 0xc2b2_ae3d | 0;
const P2L = 0x27d4_eb4f | 0;
const P3H = 0x1656_67b1;
const P3L = 0x9e37_79f9 | 0;
const P4H = 0x85eb_ca77 | 0;
const P4L = 0xc2b2_ae63 | 0;
const P5H = 0x27d4_eb2f;
const P5L = 0x1656_67c5;

/** Upper 32 bits of the product of two unsigned numbers of 32 bits. */
function high(a: number, b: number): number {
  const al = a & 0xffff;
  const ah = a >>> 16;
  const bl = b & 0xffff;
  const bh = b >>> 16;
  const middle = ah * bl + ((al * bl) >>> 16);
  const other = al * bh + (middle & 0xffff);
  return (ah * bh + (middle >>> 16) + (other >>> 16)) | 0;
}

/** The hash of bytes that come in pieces. Seed 0. */
export class XxHash64 {
  /** Four sums of 64 bits, lower half first. */
  readonly #sums = new Int32Array(8);
  #length = 0;
  readonly #rest = new Uint8Array(STRIPE);
  #held = 0;
  /** The value at hand, while it is worked on. */
  #h = 0;
  #l = 0;

  constructor() {
    this.reset();
  }

  reset(): void {
    const sums = this.#sums;
    this.#load(P1H, P1L);
    this.#add(P2H, P2L);
    sums[0] = this.#l;
    sums[1] = this.#h;
    sums[2] = P2L;
    sums[3] = P2H;
    sums[4] = 0;
    sums[5] = 0;
    // Minus the first prime.
    sums[6] = -P1L | 0;
    sums[7] = ~P1H | 0;
    this.#length = 0;
    this.#held = 0;
  }

  update(bytes: Uint8Array): this {
    this.#length += bytes.length;
    let at = 0;
    if (this.#held > 0) {
      at = Math.min(STRIPE - this.#held, bytes.length);
      this.#rest.set(bytes.subarray(0, at), this.#held);
      this.#held += at;
      if (this.#held < STRIPE) return this;
      this.#stripes(this.#rest, 0, STRIPE);
      this.#held = 0;
    }
    const end = at + ((bytes.length - at) & -STRIPE);
    this.#stripes(bytes, at, end);
    this.#held = bytes.length - end;
    this.#rest.set(bytes.subarray(end));
    return this;
  }

  #stripes(b: Uint8Array, at: number, end: number): void {
    const sums = this.#sums;
    for (; at < end; at += STRIPE) {
      for (let lane = 0; lane < 8; lane += 2) {
        const place = at + lane * 4;
        this.#load(sums[lane + 1]!, sums[lane]!);
        this.#round(u32(b, place + 4), u32(b, place));
        sums[lane] = this.#l;
        sums[lane + 1] = this.#h;
      }
    }
  }

  /** The lower 32 bits of the hash of all bytes so far: what a frame ends with. */
  low(): number {
    const sums = this.#sums;
    if (this.#length >= STRIPE) {
      let h = 0;
      let l = 0;
      for (const [lane, bits] of [1, 7, 12, 18].entries()) {
        this.#load(sums[2 * lane + 1]!, sums[2 * lane]!);
        this.#rotate(bits);
        this.#add(h, l);
        h = this.#h;
        l = this.#l;
      }
      for (let lane = 0; lane < 8; lane += 2) {
        this.#load(0, 0);
        this.#round(sums[lane + 1]!, sums[lane]!);
        this.#xor(h, l);
        this.#multiply(P1H, P1L);
        this.#add(P4H, P4L);
        h = this.#h;
        l = this.#l;
      }
      this.#load(h, l);
    } else this.#load(P5H, P5L);
    this.#add(Math.floor(this.#length / 2 ** 32), this.#length | 0);
    const rest = this.#rest;
    let at = 0;
    for (; at + 8 <= this.#held; at += 8) {
      const h = this.#h;
      const l = this.#l;
      this.#load(0, 0);
      this.#round(u32(rest, at + 4), u32(rest, at));
      this.#xor(h, l);
      this.#rotate(27);
      this.#multiply(P1H, P1L);
      this.#add(P4H, P4L);
    }
    if (at + 4 <= this.#held) {
      this.#mix(u32(rest, at), P1H, P1L, 23, P2H, P2L);
      this.#add(P3H, P3L);
      at += 4;
    }
    for (; at < this.#held; at++) this.#mix(rest[at]!, P5H, P5L, 11, P1H, P1L);
    this.#xor(0, this.#h >>> 1);
    this.#multiply(P2H, P2L);
    this.#xor(this.#h >>> 29, (this.#h << 3) | (this.#l >>> 29));
    this.#multiply(P3H, P3L);
    return (this.#l ^ this.#h) >>> 0;
  }

  /** Takes in a few of the last bytes: a number of 32 bits times a prime, then rotated, then times another. */
  #mix(word: number, ph: number, pl: number, bits: number, qh: number, ql: number): void {
    const h = this.#h;
    const l = this.#l;
    this.#load(0, word);
    this.#multiply(ph, pl);
    this.#xor(h, l);
    this.#rotate(bits);
    this.#multiply(qh, ql);
  }

  #load(h: number, l: number): void {
    this.#h = h | 0;
    this.#l = l | 0;
  }

  #add(h: number, l: number): void {
    const sum = (this.#l >>> 0) + (l >>> 0);
    this.#h = (this.#h + h + (sum > 0xffff_ffff ? 1 : 0)) | 0;
    this.#l = sum | 0;
  }

  #xor(h: number, l: number): void {
    this.#h ^= h;
    this.#l ^= l;
  }

  #multiply(h: number, l: number): void {
    const a = this.#l;
    this.#h = (high(a, l) + Math.imul(a, h) + Math.imul(this.#h, l)) | 0;
    this.#l = Math.imul(a, l);
  }

  /** To the left, by less than 32. */
  #rotate(bits: number): void {
    const h = this.#h;
    const l = this.#l;
    this.#h = (h << bits) | (l >>> (32 - bits));
    this.#l = (l << bits) | (h >>> (32 - bits));
  }

  #round(h: number, l: number): void {
    const sumH = this.#h;
    const sumL = this.#l;
    this.#load(h, l);
    this.#multiply(P2H, P2L);
    this.#add(sumH, sumL);
    this.#rotate(31);
    this.#multiply(P1H, P1L);
  }
}

function u32(b: Uint8Array, at: number): number {
  return b[at]! | (b[at + 1]! << 8) | (b[at + 2]! << 16) | (b[at + 3]! << 24);
}
