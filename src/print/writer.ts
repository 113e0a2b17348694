// The line writer: text straight into bytes. Printers append, the owner of the writer takes whole blocks out.

/** The hexadecimal digits. */
export const HEX = new Uint8Array([...'0123456789abcdef'].map((c) => c.charCodeAt(0)));

/** Where full blocks go. The bytes are only valid during the call. */
export type Sink = (bytes: Uint8Array) => void;

/** One growing byte buffer with writers for what packet text is made of. Text is Latin-1: one byte a code unit. */
export class LineWriter {
  bytes: Uint8Array = new Uint8Array(256 * 1024);
  /** Bytes written so far; may be set back to an earlier value to take text back. */
  pos = 0;

  /** Makes room for `count` more bytes. */
  reserve(count: number): void {
    if (this.pos + count <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.pos + count));
    grown.set(this.bytes.subarray(0, this.pos));
    this.bytes = grown;
  }

  /** Appends a string of ASCII or Latin-1 characters. Not for bytes of a packet: those go through `Printer.safe*`. */
  text(s: string): void {
    const length = s.length;
    if (this.pos + length > this.bytes.length) this.reserve(length);
    const bytes = this.bytes;
    let pos = this.pos;
    for (let i = 0; i < length; i++) bytes[pos++] = s.charCodeAt(i);
    this.pos = pos;
  }

  /** Appends one character by its code. */
  char(code: number): void {
    if (this.pos === this.bytes.length) this.reserve(1);
    this.bytes[this.pos++] = code;
  }

  /** Appends a string as UTF-8. */
  utf8(s: string): void {
    this.reserve(s.length * 3);
    this.pos += encoder.encodeInto(s, this.bytes.subarray(this.pos)).written;
  }

  /** %u: an unsigned integer, exact up to 2^53. */
  dec(n: number): void {
    if (this.pos + 20 > this.bytes.length) this.reserve(20);
    const bytes = this.bytes;
    if (n < 10) {
      bytes[this.pos++] = 48 + n;
      return;
    }
    if (n > 0xffffffff) {
      this.text(String(n));
      return;
    }
    let digits = 2;
    for (let limit = 100; n >= limit; limit *= 10) digits++;
    let pos = this.pos + digits;
    this.pos = pos;
    while (n >= 10) {
      const q = (n / 10) >>> 0;
      bytes[--pos] = 48 + (n - q * 10);
      n = q;
    }
    bytes[--pos] = 48 + n;
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
    let digits = width;
    while (digits < 8 && n >>> (digits * 4) !== 0) digits++;
    this.reserve(8);
    for (let shift = (digits - 1) * 4; shift >= 0; shift -= 4)
      this.bytes[this.pos++] = HEX[(n >>> shift) & 15]!;
  }

  /** The text written from `start` on, as a string. For tests and slow paths. */
  since(start: number): string {
    let s = '';
    for (let i = start; i < this.pos; i++) s += String.fromCharCode(this.bytes[i]!);
    return s;
  }
}

const encoder = new TextEncoder();
