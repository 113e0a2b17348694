// What every printer works with: the packet's bytes behind checking accessors, the options, the text so far.
// A read past the captured bytes throws TRUNCATED, which ends the packet with ` [|protocol]`, as in tcpdump.

import { TRUNCATED } from './endings.js';
import { defaultPrintOptions, type PrintOptions } from './options.js';
import { type NameResolver, NO_SERVICES, type PrintServices } from './services.js';
import { LineWriter } from './writer.js';

export { TRUNCATED };

/** A printer of one protocol: its header is at `offset`, `length` bytes long by what the layers below say. */
export type ProtocolPrinter = (p: Printer, offset: number, length: number) => void;

/** A number and its word, for tables of flags and codes. */
export type Words = { readonly [value: number]: string };

/** A flag's bits and its word; printed in the table's order. */
export type Bits = readonly (readonly [bits: number, word: string])[];

export class Printer extends LineWriter {
  /** What the command line says of the text. Nobody changes it: `lessVerbose` puts another in its place for a while. */
  options: Readonly<PrintOptions>;
  readonly services: PrintServices;
  /** Where names come from; null: numbers are printed. */
  readonly names: NameResolver | null;
  /** Bytes being printed: the packet's, or what a printer decrypted or reassembled from it. */
  buffer: Uint8Array = new Uint8Array(0);
  /** First byte of the packet in `buffer`. */
  packetStart = 0;
  /** End of the captured bytes in `buffer`: no read goes past it. */
  snapEnd = 0;
  /** Protocol being printed, for `[|protocol]` and `[protocol length …]`. */
  protocol = '';
  /** Bytes of link-layer header, which -x and -X leave out. */
  linkHeaderLength = 0;
  /** Time stamp of the packet, for printers that show ages. */
  seconds = 0;
  nanoseconds = 0;
  /** Number of the packet in the run, from 1. */
  packetNumber = 0;
  /** Innermost IP header: its offset, version, destination (a routing header's last), time to live, and whether the
   * packet is a fragment. Right during the call of every printer that an IP header leads to. */
  ipHeader = 0;
  ipVersion = 0;
  ipDestination = 0;
  ttl = 0;
  ipFragmented = false;
  /** Ports of the innermost TCP or UDP header, for printers that tell directions by them. */
  sourcePort = 0;
  destinationPort = 0;
  /** Nesting of encapsulations (IP in IP, GRE, …), to bound recursion on hostile packets. */
  depth = 0;
  /** Pushed buffers and ends: two arrays, so that a push allocates nothing. */
  private readonly savedBuffers: Uint8Array[] = [];
  private readonly savedEnds: number[] = [];
  private saved = 0;

  constructor(options: PrintOptions = defaultPrintOptions(), services: PrintServices = NO_SERVICES) {
    super();
    this.options = options;
    this.services = services;
    this.names = options.numeric ? null : services.names;
  }

  /** Prints with so many -v's less. */
  lessVerbose(count: number, print: () => void): void {
    const { options } = this;
    this.options = { ...options, verbose: options.verbose - count };
    try {
      print();
    } finally {
      this.options = options;
    }
  }

  // --- reading: every accessor checks against the captured bytes; offsets are absolute in `buffer` ---

  /** u8 at `offset`. */
  u8(offset: number): number {
    if (offset >= this.snapEnd || offset < 0) throw TRUNCATED;
    return this.buffer[offset]!;
  }

  /** Big-endian u16. */
  u16(offset: number): number {
    if (offset + 2 > this.snapEnd || offset < 0) throw TRUNCATED;
    const b = this.buffer;
    return (b[offset]! << 8) | b[offset + 1]!;
  }

  /** Big-endian 24 bits. */
  u24(offset: number): number {
    if (offset + 3 > this.snapEnd || offset < 0) throw TRUNCATED;
    const b = this.buffer;
    return (b[offset]! << 16) | (b[offset + 1]! << 8) | b[offset + 2]!;
  }

  /** Big-endian u32, 0..2^32-1. */
  u32(offset: number): number {
    if (offset + 4 > this.snapEnd || offset < 0) throw TRUNCATED;
    const b = this.buffer;
    return ((b[offset]! << 24) | (b[offset + 1]! << 16) | (b[offset + 2]! << 8) | b[offset + 3]!) >>> 0;
  }

  /** Big-endian 48 bits as a number. */
  u48(offset: number): number {
    return this.u16(offset) * 0x100000000 + this.u32(offset + 2);
  }

  /** Big-endian u64. */
  u64(offset: number): bigint {
    return (BigInt(this.u32(offset)) << 32n) | BigInt(this.u32(offset + 4));
  }

  /** Signed forms. */
  s8(offset: number): number {
    return (this.u8(offset) << 24) >> 24;
  }
  s16(offset: number): number {
    return (this.u16(offset) << 16) >> 16;
  }
  s32(offset: number): number {
    return this.u32(offset) | 0;
  }
  s64(offset: number): bigint {
    return BigInt.asIntN(64, this.u64(offset));
  }

  /** Little-endian forms. */
  le16(offset: number): number {
    if (offset + 2 > this.snapEnd || offset < 0) throw TRUNCATED;
    return this.buffer[offset]! | (this.buffer[offset + 1]! << 8);
  }
  le24(offset: number): number {
    return this.le16(offset) | (this.u8(offset + 2) << 16);
  }
  le32(offset: number): number {
    return (this.le16(offset) | (this.le16(offset + 2) << 16)) >>> 0;
  }
  le64(offset: number): bigint {
    return BigInt(this.le32(offset)) | (BigInt(this.le32(offset + 4)) << 32n);
  }

  /** True when all of [offset, offset + length) was captured (ND_TTEST_LEN). */
  has(offset: number, length: number): boolean {
    return length >= 0 && offset >= 0 && offset + length <= this.snapEnd;
  }

  /** Throws TRUNCATED unless all of [offset, offset + length) was captured (ND_TCHECK_LEN). */
  need(offset: number, length: number): void {
    if (length < 0 || offset < 0 || offset + length > this.snapEnd) throw TRUNCATED;
  }

  /** Bytes captured from `offset` on, never negative. */
  available(offset: number): number {
    return Math.max(0, this.snapEnd - offset);
  }

  /** A view of [offset, offset + length), all of it captured. */
  view(offset: number, length: number): Uint8Array {
    this.need(offset, length);
    return this.buffer.subarray(offset, offset + length);
  }

  // --- the stack: printing inside a shorter end or another buffer ---

  /** Lets reads go no further than `end` until `pop`. */
  pushSnapEnd(end: number): void {
    this.push();
    if (end < this.snapEnd) this.snapEnd = end;
  }

  /**
   * Moves the end set by the last `pushSnapEnd`, not past the one before it: a header further in knows better where the
   * payload ends.
   */
  changeSnapEnd(end: number): void {
    if (this.saved === 0) return;
    const before = this.savedEnds[this.saved - 1]!;
    this.snapEnd = Math.min(end, before);
  }

  /** Reads from `bytes` (decrypted, reassembled) until `pop`. */
  pushBuffer(bytes: Uint8Array): void {
    this.push();
    this.buffer = bytes;
    this.snapEnd = bytes.length;
  }

  private push(): void {
    this.savedBuffers[this.saved] = this.buffer;
    this.savedEnds[this.saved] = this.snapEnd;
    this.saved++;
  }

  /** Undoes the last push. */
  pop(): void {
    if (this.saved === 0) return;
    this.saved--;
    this.buffer = this.savedBuffers[this.saved]!;
    this.snapEnd = this.savedEnds[this.saved]!;
  }

  /** Undoes every push: the packet is done or cut. */
  popAll(): void {
    if (this.saved === 0) return;
    this.saved = 0;
    this.buffer = this.savedBuffers[0]!;
    this.snapEnd = this.savedEnds[0]!;
  }

  // --- writing what tcpdump's printers share ---

  /** ` [|protocol]`: the packet was cut here. */
  truncated(): void {
    this.text(' [|');
    this.text(this.protocol);
    this.char(93);
  }

  /** ` (invalid)`: the bytes break the protocol's rules. */
  invalid(): void {
    this.text(' (invalid)');
  }

  /** `(protocol)`-style heading: the protocol's name as it is. */
  protocolName(): void {
    this.text(this.protocol);
  }

  /** The protocol's name in upper case. */
  protocolCaps(): void {
    this.text(this.protocol.toUpperCase());
  }

  /** Dotted IPv4 address, always numeric. */
  ipv4Number(offset: number): void {
    if (offset + 4 > this.snapEnd || offset < 0) throw TRUNCATED;
    this.octets(this.buffer, offset);
  }

  /** IPv6 address as inet_ntop writes it (RFC 5952, IPv4 tail for ::a.b.c.d and ::ffff:a.b.c.d), always numeric. */
  ipv6Number(offset: number): void {
    if (offset + 16 > this.snapEnd || offset < 0) throw TRUNCATED;
    const b = this.buffer;
    // The longest run of zero groups, two at least, the first of equals.
    let best = -1;
    let bestLength = 1;
    let start = -1;
    for (let i = 0; i <= 8; i++) {
      const zero = i < 8 && b[offset + 2 * i] === 0 && b[offset + 2 * i + 1] === 0;
      if (zero) {
        if (start < 0) start = i;
      } else if (start >= 0) {
        if (i - start > bestLength) {
          best = start;
          bestLength = i - start;
        }
        start = -1;
      }
    }
    for (let i = 0; i < 8; i++) {
      if (i === best) {
        this.char(58);
        i += bestLength - 1;
        if (i === 7) this.char(58);
        continue;
      }
      if (i > 0) this.char(58);
      const mapped = b[offset + 10] === 0xff && b[offset + 11] === 0xff;
      if (i === 6 && best === 0 && (bestLength === 6 || (bestLength === 5 && mapped))) {
        this.ipv4Number(offset + 12);
        return;
      }
      this.hexGroup(b, offset + 2 * i);
    }
  }

  /** IPv4 address, by name where names are wanted and known (ipaddr_string). */
  ipv4(offset: number): void {
    if (this.names !== null) {
      this.need(offset, 4);
      const name = this.names.host(this.buffer, offset, 4);
      if (name !== null) {
        this.safeText(name);
        return;
      }
    }
    this.ipv4Number(offset);
  }

  /** IPv6 address, by name where names are wanted and known (ip6addr_string). */
  ipv6(offset: number): void {
    if (this.names !== null) {
      this.need(offset, 16);
      const name = this.names.host(this.buffer, offset, 16);
      if (name !== null) {
        this.safeText(name);
        return;
      }
    }
    this.ipv6Number(offset);
  }

  /** Ethernet address, colons (mac48_string / GET_MAC48_STRING). */
  mac(offset: number): void {
    if (this.names !== null) {
      this.need(offset, 6);
      const name = this.names.ethernet(this.buffer, offset);
      if (name !== null) {
        this.safeText(name);
        return;
      }
    }
    this.linkAddress(offset, 6);
  }

  /** `length` bytes in hexadecimal with colons, as link-layer addresses are shown. */
  linkAddress(offset: number, length: number): void {
    this.need(offset, length);
    if (length > 0) this.colons(this.buffer, offset, length);
  }

  /** EUI-64, colons. */
  mac64(offset: number): void {
    this.linkAddress(offset, 8);
  }

  /** TCP port, by name where names are wanted and known. */
  tcpPort(port: number): void {
    const name = this.names === null ? null : this.names.tcpPort(port);
    if (name === null) this.dec(port);
    else this.safeText(name);
  }

  /** UDP port, by name where names are wanted and known. */
  udpPort(port: number): void {
    const name = this.names === null ? null : this.names.udpPort(port);
    if (name === null) this.dec(port);
    else this.safeText(name);
  }

  /** SCTP port, by name where names are wanted and known. */
  sctpPort(port: number): void {
    const name = this.names === null ? null : this.names.sctpPort(port);
    if (name === null) this.dec(port);
    else this.safeText(name);
  }

  /** One byte of a packet as text: `M-` before eight-bit ones, `^` before control ones (fn_print_char). */
  safeChar(code: number): void {
    if (code >= 0x80) {
      this.text('M-');
      code &= 0x7f;
    }
    if (code < 0x20 || code === 0x7f) {
      this.char(94);
      code ^= 0x40;
    }
    this.char(code);
  }

  /** A string from elsewhere than this program, made safe for a terminal. */
  safeText(s: string): void {
    for (let i = 0; i < s.length; i++) this.safeChar(s.charCodeAt(i) & 0xff);
  }

  /** `count` bytes as safe text, zeros too (nd_printjn without stopping). Needs them all captured. */
  safeBytes(offset: number, count: number): void {
    for (let i = 0; i < count; i++) this.safeChar(this.u8(offset + i));
  }

  /**
   * Safe text up to a zero byte, `count` bytes at most (nd_printjnp).
   */
  safeUntilNul(offset: number, count: number): void {
    for (let i = 0; i < count; i++) {
      const c = this.u8(offset + i);
      if (c === 0) return;
      this.safeChar(c);
    }
  }

  /**
   * Safe text up to and with a zero byte or the end of the captured bytes (nd_printztn without a limit is `limit`
   * Infinity).
   * @returns bytes used including the zero, 0 when none was found within `limit` and the captured bytes
   */
  safeZeroTerminated(offset: number, limit: number): number {
    let used = 0;
    for (;;) {
      if (used >= limit || offset + used >= this.snapEnd) return 0;
      const c = this.buffer[offset + used]!;
      used++;
      if (c === 0) return used;
      this.safeChar(c);
    }
  }

  /** tok2str: the word of `value`, or `fallback` (with `%u`, `%d`, `%x`, `%04x`-like places filled by it). */
  word(words: Words, value: number, fallback: string): void {
    this.text(words[value] ?? formatFallback(fallback, value));
  }

  /** bittok2str: the words of the set bits joined by `, `; when none is set, `fallback` filled as `word` does. */
  bits(bits: Bits, value: number, fallback: string, separator = ', '): void {
    let any = false;
    for (const [mask, word] of bits) {
      if ((value & mask) >>> 0 !== mask >>> 0 || mask === 0) continue;
      if (any) this.text(separator);
      any = true;
      this.text(word);
    }
    if (!any) this.text(formatFallback(fallback, value));
  }

  /** Seconds as time in units from years of 365 days on (unsigned_relts_print): `1y2w3d4h5m6s`, `0s`. */
  relativeTime(seconds: number): void {
    if (seconds === 0) {
      this.text('0s');
      return;
    }
    for (const [unit, letter] of RELATIVE_UNITS) {
      if (seconds >= unit) {
        this.dec(Math.floor(seconds / unit));
        this.char(letter);
        seconds %= unit;
      }
    }
  }

  /** relativeTime with a minus before negative ones (signed_relts_print). */
  signedRelativeTime(seconds: number): void {
    if (seconds < 0) {
      this.char(45);
      seconds = -seconds;
    }
    this.relativeTime(seconds);
  }

  /** A newline and a tab, or with -g a space: where -v would go to another line. */
  newLine(indent = '\n\t'): void {
    this.text(this.options.oneLine ? ' ' : indent);
  }
}

const RELATIVE_UNITS = [
  [31536000, 121],
  [604800, 119],
  [86400, 100],
  [3600, 104],
  [60, 109],
  [1, 115],
] as const;

/** Fills the one number place of a C format: %u %d %x %X with width and zeros; %% is a percent sign. */
export function formatFallback(format: string, value: number): string {
  return format.replace(/%(0?)(\d*)([udxX%])/g, (_, zero: string, width: string, kind: string) => {
    if (kind === '%') return '%';
    const s =
      kind === 'u' ? String(value >>> 0) : kind === 'd' ? String(value | 0) : (value >>> 0).toString(16);
    const cased = kind === 'X' ? s.toUpperCase() : s;
    return width === '' ? cased : cased.padStart(Number(width), zero === '0' ? '0' : ' ');
  });
}
