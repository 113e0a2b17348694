// MD5 (RFC 1321) and HMAC-MD5 (RFC 2104), by which TCP, RSVP and IS-IS sign what they send. Our own: printing also runs in
// browsers, which have no MD5.

const BLOCK = 64;
const DIGEST = 16;
/** Bytes of padding at least: a one bit and the length. */
const LEAST_PADDING = 9;
const INNER = 0x36;
const OUTER = 0x5c;

/** Bits to rotate by, four for each of the four rounds. */
const ROTATIONS = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
] as const;
/** What is added in each of the 64 steps. */
const SINES = Int32Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) | 0);

/** The digest of some bytes, one part behind the other. */
export function md5(...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const message = new Uint8Array(Math.ceil((length + LEAST_PADDING) / BLOCK) * BLOCK);
  let end = 0;
  for (const part of parts) {
    message.set(part, end);
    end += part.length;
  }
  message[end] = 0x80;
  const view = new DataView(message.buffer);
  view.setUint32(message.length - 8, (length << 3) >>> 0, true);
  view.setUint32(message.length - 4, length >>> 29, true);
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  for (let at = 0; at < message.length; at += BLOCK) addBlock(state, view, at);
  const digest = new Uint8Array(DIGEST);
  const out = new DataView(digest.buffer);
  for (const [i, word] of state.entries()) out.setInt32(4 * i, word, true);
  return digest;
}

function addBlock(state: Int32Array, view: DataView, at: number): void {
  let [a, b, c, d] = state as unknown as [number, number, number, number];
  for (let i = 0; i < 64; i++) {
    const round = i >> 4;
    const [mixed, word] = step(round, i, b, c, d);
    const sum = (a + mixed + SINES[i]! + view.getInt32(at + 4 * word, true)) | 0;
    const bits = ROTATIONS[round]![i & 3]!;
    a = d;
    d = c;
    c = b;
    b = (b + ((sum << bits) | (sum >>> (32 - bits)))) | 0;
  }
  state[0] = state[0]! + a;
  state[1] = state[1]! + b;
  state[2] = state[2]! + c;
  state[3] = state[3]! + d;
}

/** What a step mixes, and the number of the block's word that it adds. */
function step(round: number, i: number, b: number, c: number, d: number): readonly [number, number] {
  switch (round) {
    case 0:
      return [(b & c) | (~b & d), i];
    case 1:
      return [(d & b) | (~d & c), (5 * i + 1) & 15];
    case 2:
      return [b ^ c ^ d, (3 * i + 5) & 15];
    default:
      return [c ^ (b | ~d), (7 * i) & 15];
  }
}

/** The digest of some bytes under a key. */
export function hmacMd5(key: Uint8Array, bytes: Uint8Array): Uint8Array {
  const block = new Uint8Array(BLOCK);
  block.set(key.length > BLOCK ? md5(key) : key);
  const inner = md5(
    block.map((byte) => byte ^ INNER),
    bytes,
  );
  return md5(
    block.map((byte) => byte ^ OUTER),
    inner,
  );
}
