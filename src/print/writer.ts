// The line writer: text straight into bytes. Printers append, the owner of the writer takes whole blocks out.

/** The hexadecimal digits. */
export const HEX = new Uint8Array([...'0123456789abcdef'].map((c) => c.charCodeAt(0)));

/** Bytes that may be written behind the text: those that write several bytes at once write a few too many. */
const SLACK = 8;

/** At most four of a text's characters, from `at` on, as a little-endian number. */
function packed(text: string, at = 0): number {
  let word = 0;
  for (let i = Math.min(text.length, at + 4) - 1; i >= at; i--) word = (word << 8) | text.charCodeAt(i);
  return word;
}

/** A word for each number below `count`. */
function table(count: number, word: (n: number) => number): Int32Array {
  const words = new Int32Array(count);
  for (let n = 0; n < count; n++) words[n] = word(n);
  return words;
}

/** The numbers below 1,000 with three digits, and as they are written. */
const DECIMAL3 = table(
  1000,
  (n) => 0x303030 + ((n / 100) | 0) + ((((n / 10) | 0) % 10) << 8) + ((n % 10) << 16),
);
const DECIMAL = table(1000, (n) => DECIMAL3[n]! >> (n < 10 ? 16 : n < 100 ? 8 : 0));
/** The numbers below 256 and a dot, and how many characters that is. */
const OCTET = table(256, (n) => DECIMAL[n]! | (46 << (8 * digitsOf(n))));
const OCTET_LENGTH = new Uint8Array(table(256, (n) => digitsOf(n) + 1));
/** The bytes in hexadecimal, with a colon behind. */
const HEX2 = table(256, (n) => HEX[n >> 4]! | (HEX[n & 15]! << 8) | (58 << 16));

/** Decimal digits of a number below 1,000. */
function digitsOf(n: number): number {
  return n < 10 ? 1 : n < 100 ? 2 : 3;
}

/** A text that is written often: `put` writes it four bytes at a time, which a string's characters cannot be. */
export class Constant {
  readonly length: number;
  readonly words: Int32Array;

  /** @param text ASCII or Latin-1 */
  constructor(text: string) {
    this.length = text.length;
    this.words = table(Math.ceil(text.length / 4), (i) => packed(text, 4 * i));
  }
}

/** Constants kept by number: what a packet says chooses them, and it may say anything. */
const MOST_CONSTANTS = 1024;

/** Constants by number, made when they are first asked for. */
export class Constants {
  private readonly made = new Map<number, Constant>();

  /** @param textOf ASCII or Latin-1 */
  constructor(private readonly textOf: (key: number) => string) {}

  of(key: number): Constant {
    let constant = this.made.get(key);
    if (constant === undefined) {
      if (this.made.size === MOST_CONSTANTS) this.made.clear();
      constant = new Constant(this.textOf(key));
      this.made.set(key, constant);
    }
    return constant;
  }
}

/** Where full blocks go. The bytes are only valid during the call. */
export type Sink = (bytes: Uint8Array) => void;

/** One growing byte buffer with writers for what packet text is made of. Text is Latin-1: one byte a code unit. */
export class LineWriter {
  bytes: Uint8Array = new Uint8Array(256 * 1024);
  /** Bytes written so far; may be set back to an earlier value to take text back. */
  pos = 0;
  /** `bytes`, for several at once. */
  target: DataView = new DataView(this.bytes.buffer);
  /** How far `pos` may go. */
  private limit = this.bytes.length - SLACK;

  /** Makes room for `count` more bytes. */
  reserve(count: number): void {
    if (this.pos + count <= this.limit) return;
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.pos + count + SLACK));
    grown.set(this.bytes.subarray(0, this.pos));
    this.bytes = grown;
    this.target = new DataView(grown.buffer);
    this.limit = grown.length - SLACK;
  }

  /** Appends a constant text. */
  put({ words, length }: Constant): void {
    if (this.pos + length > this.limit) this.reserve(length);
    const { target, pos } = this;
    for (let i = 0; i < words.length; i++) target.setInt32(pos + 4 * i, words[i]!, true);
    this.pos = pos + length;
  }

  /** Appends a string of ASCII or Latin-1 characters. Not for bytes of a packet: those go through `Printer.safe*`. */
  text(s: string): void {
    const length = s.length;
    if (this.pos + length > this.limit) this.reserve(length);
    const bytes = this.bytes;
    let pos = this.pos;
    for (let i = 0; i < length; i++) bytes[pos++] = s.charCodeAt(i);
    this.pos = pos;
  }

  /** Appends one character by its code. */
  char(code: number): void {
    if (this.pos >= this.limit) this.reserve(1);
    this.bytes[this.pos++] = code;
  }

  /** Appends a string as UTF-8. */
  utf8(s: string): void {
    this.reserve(s.length * 3);
    this.pos += encoder.encodeInto(s, this.bytes.subarray(this.pos)).written;
  }

  /** %u: an unsigned integer, exact up to 2^53. What is none is written as it is, with its sign. */
  dec(n: number): void {
    if (this.pos + 20 > this.limit) this.reserve(20);
    if (n < 1000 && n >= 0) this.group(n | 0);
    else if (n >= 0 && n <= 0xffffffff) this.groups(n >>> 0);
    else this.text(String(n));
  }

  /** A number of 32 bits that has four digits at least, where there is room. */
  private groups(n: number): void {
    const thousands = (n / 1000) >>> 0;
    if (thousands < 1000) this.group(thousands);
    else {
      const millions = (thousands / 1000) >>> 0;
      if (millions < 1000) this.group(millions);
      else {
        this.group((millions / 1000) >>> 0);
        this.group3(millions % 1000);
      }
      this.group3(thousands - millions * 1000);
    }
    this.group3(n - thousands * 1000);
  }

  /** A number below 1,000, where there is room. */
  private group(n: number): void {
    this.target.setInt32(this.pos, DECIMAL[n]!, true);
    this.pos += digitsOf(n);
  }

  /** The same with three digits. */
  private group3(n: number): void {
    this.target.setInt32(this.pos, DECIMAL3[n]!, true);
    this.pos += 3;
  }

  /** %d: a signed integer. */
  int(n: number): void {
    if (n < 0) {
      this.char(45);
      n = -n;
    }
    this.dec(n);
  }

  /** %0Nu: padded with zeros to `width`. */
  dec0(n: number, width: number): void {
    if (this.pos + 20 > this.limit) this.reserve(20);
    if (n < 0) {
      this.char(45);
      this.dec0(-n, width - 1);
      return;
    }
    if (width === 6 && n < 1_000_000) {
      const thousands = (n / 1000) >>> 0;
      this.group3(thousands);
      this.group3((n | 0) - thousands * 1000);
      return;
    }
    let limit = 10;
    for (let digits = 1; digits < width; digits++) {
      if (n < limit) {
        for (let missing = width - digits; missing > 0; missing--) this.char(48);
        break;
      }
      limit *= 10;
    }
    this.dec(n);
  }

  /** %x: lower-case hexadecimal of an unsigned 32-bit number, no leading zeros. */
  hex(n: number): void {
    let shift = 28;
    n >>>= 0;
    while (shift > 0 && n >>> shift === 0) shift -= 4;
    this.reserve(8);
    for (; shift >= 0; shift -= 4) this.bytes[this.pos++] = HEX[(n >>> shift) & 15]!;
  }

  /** %0Nx: hexadecimal with leading zeros up to `width` (at most 8) digits; wider numbers print whole. */
  hex0(n: number, width: number): void {
    n >>>= 0;
    if (width === 4 && n < 65536) {
      if (this.pos + 4 > this.limit) this.reserve(4);
      this.target.setInt32(this.pos, HEX2[n >> 8]!, true);
      this.target.setInt32(this.pos + 2, HEX2[n & 0xff]!, true);
      this.pos += 4;
      return;
    }
    let digits = width;
    while (digits < 8 && n >>> (digits * 4) !== 0) digits++;
    this.reserve(8);
    for (let shift = (digits - 1) * 4; shift >= 0; shift -= 4)
      this.bytes[this.pos++] = HEX[(n >>> shift) & 15]!;
  }

  /** The four bytes at `at`, in decimal with dots. */
  protected octets(b: Uint8Array, at: number): void {
    if (this.pos + 16 > this.limit) this.reserve(16);
    const { target } = this;
    let { pos } = this;
    for (let i = at; i < at + 4; i++) {
      const byte = b[i]!;
      target.setInt32(pos, OCTET[byte]!, true);
      pos += OCTET_LENGTH[byte]!;
    }
    this.pos = pos - 1;
  }

  /** The bytes from `at` on in hexadecimal, with colons in between; one at least. */
  protected colons(b: Uint8Array, at: number, count: number): void {
    if (this.pos + 3 * count > this.limit) this.reserve(3 * count);
    const { target } = this;
    let { pos } = this;
    for (let i = at; i < at + count; i++, pos += 3) target.setInt32(pos, HEX2[b[i]!]!, true);
    this.pos = pos - 1;
  }

  /** The two bytes at `at` in hexadecimal, without leading zeros. */
  protected hexGroup(b: Uint8Array, at: number): void {
    if (this.pos + 4 > this.limit) this.reserve(4);
    const { target, pos } = this;
    const high = b[at]!;
    const low = b[at + 1]!;
    const digits = high >= 16 ? 4 : high > 0 ? 3 : low >= 16 ? 2 : 1;
    if (digits === 4) {
      target.setInt32(pos, HEX2[high]!, true);
      target.setInt32(pos + 2, HEX2[low]!, true);
    } else if (digits === 3) {
      target.setInt32(pos, HEX2[high]! >> 8, true);
      target.setInt32(pos + 1, HEX2[low]!, true);
    } else target.setInt32(pos, digits === 2 ? HEX2[low]! : HEX2[low]! >> 8, true);
    this.pos = pos + digits;
  }

  /** The text written from `start` on, as a string. For tests and slow paths. */
  since(start: number): string {
    let s = '';
    for (let i = start; i < this.pos; i++) s += String.fromCharCode(this.bytes[i]!);
    return s;
  }
}

const encoder = new TextEncoder();
