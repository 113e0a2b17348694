// What QUIC's first packets are encrypted by, where there is no Node: WebCrypto would have us wait for each packet.
// Source: FIPS 180-4 (SHA-256), FIPS 197 (AES), NIST SP 800-38D (GCM), RFC 2104 (HMAC).

const BLOCK = 64;
const ROUNDS = 10;

/** The first 32 bits of the fractional parts of roots of the first primes. */
function fractions(count: number, root: number): Uint32Array {
  const words = new Uint32Array(count);
  let found = 0;
  for (let n = 2; found < count; n++) {
    let prime = true;
    for (let i = 2; i * i <= n; i++) if (n % i === 0) prime = false;
    if (prime) words[found++] = (n ** (1 / root) % 1) * 2 ** 32;
  }
  return words;
}

const START = fractions(8, 2);
const CONSTANTS = fractions(64, 3);

function sha256(data: Uint8Array): Uint8Array {
  const padded = new Uint8Array(Math.ceil((data.length + 9) / BLOCK) * BLOCK);
  padded.set(data);
  padded[data.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(data.length / 2 ** 29));
  view.setUint32(padded.length - 4, data.length << 3);
  const state = START.slice();
  const w = new Int32Array(64);
  for (let at = 0; at < padded.length; at += BLOCK) {
    for (let i = 0; i < 16; i++) w[i] = view.getInt32(at + 4 * i);
    for (let i = 16; i < 64; i++) {
      const x = w[i - 15]!;
      const y = w[i - 2]!;
      const s0 = turn(x, 7) ^ turn(x, 18) ^ (x >>> 3);
      const s1 = turn(y, 17) ^ turn(y, 19) ^ (y >>> 10);
      w[i] = w[i - 16]! + s0 + w[i - 7]! + s1;
    }
    compress(state, w);
  }
  const hash = new Uint8Array(32);
  const out = new DataView(hash.buffer);
  for (let i = 0; i < 8; i++) out.setUint32(4 * i, state[i]!);
  return hash;
}

function turn(x: number, by: number): number {
  return (x >>> by) | (x << (32 - by));
}

function compress(state: Uint32Array, w: Int32Array): void {
  let [a, b, c, d, e, f, g, h] = state as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  for (let i = 0; i < 64; i++) {
    const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + CONSTANTS[i]! + w[i]!) | 0;
    const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  for (const [i, word] of [a, b, c, d, e, f, g, h].entries()) state[i] = state[i]! + word;
}

/** HMAC with SHA-256. */
export function hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array {
  const padded = new Uint8Array(BLOCK);
  padded.set(key.length > BLOCK ? sha256(key) : key);
  const inner = new Uint8Array(BLOCK + data.length);
  inner.set(padded.map((byte) => byte ^ 0x36));
  inner.set(data, BLOCK);
  const outer = new Uint8Array(BLOCK + 32);
  outer.set(padded.map((byte) => byte ^ 0x5c));
  outer.set(sha256(inner), BLOCK);
  return sha256(outer);
}

/** A byte times x in AES's field. */
const twice = (byte: number): number => ((byte << 1) ^ (byte & 0x80 ? 0x11b : 0)) & 0xff;

/** The S-box: inverses in the field, by powers of 3 and of its inverse, and an affine map. */
const SBOX = makeSbox();
function makeSbox(): Uint8Array {
  const box = new Uint8Array(256);
  let p = 1;
  let q = 1;
  do {
    p ^= twice(p);
    q ^= q << 1;
    q ^= q << 2;
    q ^= q << 4;
    q &= 0xff;
    if (q & 0x80) q ^= 0x09;
    const left = (by: number): number => ((q << by) | (q >> (8 - by))) & 0xff;
    box[p] = q ^ left(1) ^ left(2) ^ left(3) ^ left(4) ^ 0x63;
  } while (p !== 1);
  box[0] = 0x63;
  return box;
}

/** The keys of all rounds, 16 bytes each. */
function roundKeys(key: Uint8Array): Uint8Array {
  const keys = new Uint8Array(16 * (ROUNDS + 1));
  keys.set(key);
  let constant = 1;
  for (let at = 16; at < keys.length; at += 4) {
    for (let i = 0; i < 4; i++) {
      const byte =
        at % 16 !== 0 ? keys[at - 4 + i]! : SBOX[keys[at - 4 + ((i + 1) & 3)]!]! ^ (i === 0 ? constant : 0);
      keys[at + i] = keys[at - 16 + i]! ^ byte;
    }
    if (at % 16 === 0) constant = twice(constant);
  }
  return keys;
}

function encrypt(keys: Uint8Array, block: Uint8Array): Uint8Array {
  let state = Uint8Array.from(block, (byte, i) => byte ^ keys[i]!);
  for (let round = 1; round <= ROUNDS; round++) {
    // SubBytes and ShiftRows: columns are four bytes one behind the other.
    const moved = state.map((_, i) => SBOX[state[(i + 4 * (i & 3)) & 15]!]!);
    if (round < ROUNDS)
      for (let at = 0; at < 16; at += 4) {
        const column = moved.slice(at, at + 4);
        const all = column[0]! ^ column[1]! ^ column[2]! ^ column[3]!;
        for (let i = 0; i < 4; i++)
          moved[at + i] = column[i]! ^ all ^ twice(column[i]! ^ column[(i + 1) & 3]!);
      }
    state = moved.map((byte, i) => byte ^ keys[16 * round + i]!);
  }
  return state;
}

/** One block by AES-128. */
export function aesBlock(key: Uint8Array, block: Uint8Array): Uint8Array {
  return encrypt(roundKeys(key), block);
}

/** Multiplies in GHASH's field; four words each, the first bit the highest. */
function multiply(x: Uint32Array, y: Uint32Array): Uint32Array {
  const product = new Uint32Array(4);
  const v = y.slice();
  for (let bit = 0; bit < 128; bit++) {
    if ((x[bit >> 5]! >>> (31 - (bit & 31))) & 1)
      for (let i = 0; i < 4; i++) product[i] = product[i]! ^ v[i]!;
    const odd = v[3]! & 1;
    for (let i = 3; i > 0; i--) v[i] = (v[i]! >>> 1) | (v[i - 1]! << 31);
    v[0] = (v[0]! >>> 1) ^ (odd ? 0xe100_0000 : 0);
  }
  return product;
}

function words(block: Uint8Array): Uint32Array {
  const whole = new Uint8Array(16);
  whole.set(block);
  const view = new DataView(whole.buffer);
  return Uint32Array.from({ length: 4 }, (_, i) => view.getUint32(4 * i));
}

function ghash(h: Uint32Array, header: Uint8Array, ciphertext: Uint8Array): Uint32Array {
  let y: Uint32Array = new Uint32Array(4);
  const take = (block: Uint32Array): void => {
    y = multiply(
      y.map((word, i) => word ^ block[i]!),
      h,
    );
  };
  for (const part of [header, ciphertext])
    for (let at = 0; at < part.length; at += 16) take(words(part.subarray(at, at + 16)));
  take(Uint32Array.of(0, header.length * 8, 0, ciphertext.length * 8));
  return y;
}

/** @returns what AES-128-GCM made the ciphertext of; null when its tag is not right */
export function openGcm(
  key: Uint8Array,
  nonce: Uint8Array,
  header: Uint8Array,
  ciphertext: Uint8Array,
  tag: Uint8Array,
): Uint8Array | null {
  const keys = roundKeys(key);
  const counter = new Uint8Array(16);
  counter.set(nonce);
  counter[15] = 1;
  const first = words(encrypt(keys, counter));
  const hash = ghash(words(encrypt(keys, new Uint8Array(16))), header, ciphertext);
  const wanted = words(tag);
  for (let i = 0; i < 4; i++) if ((hash[i]! ^ first[i]!) >>> 0 !== wanted[i]) return null;
  const plain = new Uint8Array(ciphertext.length);
  const count = new DataView(counter.buffer);
  for (let at = 0; at < plain.length; at += 16) {
    count.setUint32(12, 2 + at / 16);
    const stream = encrypt(keys, counter);
    for (let i = 0; i < 16 && at + i < plain.length; i++) plain[at + i] = ciphertext[at + i]! ^ stream[i]!;
  }
  return plain;
}
