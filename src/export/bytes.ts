// Text straight into bytes, for what many packets are written as: one growing buffer, words of four characters.

const HEX = '0123456789abcdef';
/** Bytes that may be written behind the text: words are written whole. */
const SLACK = 8;
const encoder = new TextEncoder();

/** Text that is written often, four bytes at a time. */
export class Piece {
  readonly length: number;
  readonly words: Int32Array;

  constructor(text: string) {
    const bytes = encoder.encode(text);
    const padded = new Uint8Array((bytes.length + 3) & ~3);
    padded.set(bytes);
    const view = new DataView(padded.buffer);
    this.length = bytes.length;
    this.words = Int32Array.from({ length: padded.length / 4 }, (_, i) => view.getInt32(4 * i, true));
  }
}

/** Four characters, the first in the lowest byte. */
function word(text: string): number {
  let sum = 0;
  for (let i = text.length - 1; i >= 0; i--) sum = (sum << 8) | text.charCodeAt(i);
  return sum;
}

function table(count: number, text: (n: number) => string): Int32Array {
  return Int32Array.from({ length: count }, (_, n) => word(text(n)));
}

/** Numbers below 1,000: as they are, and with three digits. */
const SHORT = table(1000, String);
const LONG = table(1000, (n) => String(n).padStart(3, '0'));
const digits = (n: number): number => (n < 10 ? 1 : n < 100 ? 2 : 3);
/** A byte and a dot, in decimal; a byte and a colon, in hexadecimal. */
const OCTET = table(256, (n) => `${n}.`);
const OCTET_LENGTH = Uint8Array.from({ length: 256 }, (_, n) => digits(n) + 1);
const PAIR = table(256, (n) => `${HEX[n >> 4]}${HEX[n & 15]}:`);

/** Takes blocks of bytes, which are valid during the call only. */
export type Sink = (bytes: Uint8Array) => void;

export class ByteWriter {
  bytes: Uint8Array = new Uint8Array(128 * 1024);
  pos = 0;
  private view = new DataView(this.bytes.buffer);
  private limit = this.bytes.length - SLACK;

  reserve(count: number): void {
    if (this.pos + count <= this.limit) return;
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.pos + count + SLACK));
    grown.set(this.bytes.subarray(0, this.pos));
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
    this.limit = grown.length - SLACK;
  }

  char(code: number): void {
    if (this.pos >= this.limit) this.reserve(1);
    this.bytes[this.pos++] = code;
  }

  put({ words, length }: Piece): void {
    if (this.pos + length > this.limit) this.reserve(length);
    const { view, pos } = this;
    for (let i = 0; i < words.length; i++) view.setInt32(pos + 4 * i, words[i]!, true);
    this.pos = pos + length;
  }

  /** Any text, as UTF-8. */
  text(s: string): void {
    const { length } = s;
    if (this.pos + 3 * length > this.limit) this.reserve(3 * length);
    const { bytes } = this;
    let { pos } = this;
    for (let i = 0; i < length; i++) {
      const c = s.charCodeAt(i);
      if (c > 0x7f) {
        // From here on it is more than ASCII.
        pos += encoder.encodeInto(s.slice(i), bytes.subarray(pos)).written;
        break;
      }
      bytes[pos++] = c;
    }
    this.pos = pos;
  }

  /** A whole number: what is none, or beyond 2^53, as JavaScript writes it. */
  integer(n: number): void {
    if (this.pos + 24 > this.limit) this.reserve(24);
    if (n >= 0 && n < 1000) {
      this.view.setInt32(this.pos, SHORT[n]!, true);
      this.pos += digits(n);
    } else if (n >= 0 && n <= 0xffff_ffff) this.groups(n);
    else this.text(String(n));
  }

  /** A number of four digits or more. */
  private groups(n: number): void {
    const thousands = Math.floor(n / 1000);
    if (thousands < 1000) {
      this.view.setInt32(this.pos, SHORT[thousands]!, true);
      this.pos += digits(thousands);
    } else this.groups(thousands);
    this.view.setInt32(this.pos, LONG[n - thousands * 1000]!, true);
    this.pos += 3;
  }

  /** Nanoseconds, nine digits. */
  nine(n: number): void {
    if (this.pos + 12 > this.limit) this.reserve(12);
    const { view, pos } = this;
    const millions = Math.floor(n / 1_000_000);
    const rest = n - millions * 1_000_000;
    const thousands = Math.floor(rest / 1000);
    view.setInt32(pos, LONG[millions]!, true);
    view.setInt32(pos + 3, LONG[thousands]!, true);
    view.setInt32(pos + 6, LONG[rest - thousands * 1000]!, true);
    this.pos = pos + 9;
  }

  ipv4(b: Uint8Array, at: number): void {
    if (this.pos + 20 > this.limit) this.reserve(20);
    const { view } = this;
    let { pos } = this;
    for (let i = at; i < at + 4; i++) {
      const byte = b[i]!;
      view.setInt32(pos, OCTET[byte]!, true);
      pos += OCTET_LENGTH[byte]!;
    }
    this.pos = pos - 1;
  }

  /** Six bytes with colons. */
  mac(b: Uint8Array, at: number): void {
    if (this.pos + 24 > this.limit) this.reserve(24);
    const { view } = this;
    let { pos } = this;
    for (let i = at; i < at + 6; i++, pos += 3) view.setInt32(pos, PAIR[b[i]!]!, true);
    this.pos = pos - 1;
  }
}
