// Reads pcap: micro- and nanoseconds, both byte orders, Kuznetzov's and IXIA's headers.

import type { PktapUnwrapper } from '../../decode/index.js';
import { type BytesFilter, type Interface, linkTypeOf, type Packet } from '../../packet/index.js';
import { turnHeader } from '../byteorder.js';
import { SavefileError } from '../errors.js';
import { type Decoder, Found, type RawRecord } from '../read/decoder.js';
import type { Input } from '../read/input.js';
import * as Format from './format.js';
import { FileHeader, RecordHeader } from './format.js';

/** Records one behind the other that are no accident, and how far in time they are from the first packet. */
const CHAIN = 16;
const YEAR = 366 * 86_400;

export interface PcapHeader {
  readonly variant: Format.PcapVariant;
  readonly littleEndian: boolean;
  readonly nanoseconds: boolean;
  readonly versionMinor: number;
  /** LINKTYPE_ number, without the bits below. */
  readonly linkType: number;
  /** Bytes of frame check sequence at the end of each packet; null: the file does not say. */
  readonly fcsLength: number | null;
  readonly snapshotLength: number;
}

/**
 * @param view begins with the file's first 4 bytes
 * @param at where they are
 * @returns whether this is a pcap file of any kind
 */
export function isPcap(view: DataView, at: number): boolean {
  return Format.MAGICS.has(view.getUint32(at, true)) || Format.MAGICS.has(view.getUint32(at, false));
}

/**
 * Reads the file header; the input stands before it, then behind it.
 * @throws SavefileError for a header that is cut off or of a version nobody knows
 */
export async function readPcapHeader(input: Input, path: string): Promise<PcapHeader> {
  const whole = await input.need(Format.FILE_HEADER_LENGTH);
  const { view, start } = input;
  if (!whole) throw truncatedHeader(Format.FILE_HEADER_LENGTH, input, path);
  const littleEndian = Format.MAGICS.has(view.getUint32(start, true));
  const [variant, nanoseconds] = Format.MAGICS.get(view.getUint32(start, littleEndian))!;
  const major = view.getUint16(start + FileHeader.VERSION_MAJOR, littleEndian);
  const minor = view.getUint16(start + FileHeader.VERSION_MINOR, littleEndian);
  if (major < 2) throw new SavefileError('archaic pcap savefile format', path, 0);
  const odd = major === 543 && minor === 0;
  if (!odd && (major > Format.VERSION_MAJOR || minor > Format.VERSION_MINOR)) {
    throw new SavefileError(`unsupported pcap savefile version ${major}.${minor}`, path, 0);
  }
  const word = view.getUint32(start + FileHeader.LINK_TYPE, littleEndian);
  const linkType = linkTypeOf(word & Format.LINK_TYPE_MASK);
  const snapshotLength = view.getUint32(start + FileHeader.SNAPSHOT_LENGTH, littleEndian);
  const length = variant === 'ixia' ? Format.IXIA_FILE_HEADER_LENGTH : Format.FILE_HEADER_LENGTH;
  if (!(await input.need(length))) throw truncatedHeader(length, input, path);
  input.start += length;
  return {
    variant,
    littleEndian,
    nanoseconds,
    versionMinor: odd ? 0 : minor,
    linkType,
    fcsLength: (word & Format.FCS_PRESENT) === 0 ? null : (word >>> Format.FCS_LENGTH_SHIFT) * 2,
    snapshotLength:
      snapshotLength === 0 || snapshotLength > 0x7fff_ffff ? Format.maximumPacket(linkType) : snapshotLength,
  };
}

function truncatedHeader(length: number, input: Input, path: string): SavefileError {
  // The magic number has been read before and does not count, as libpcap has it.
  const got = input.available - 4;
  return new SavefileError(
    `truncated dump file; tried to read ${length} file header bytes, only got ${got}`,
    path,
    input.position,
  );
}

export class PcapDecoder implements Decoder {
  needed = 0;
  passes: ((linkType: number) => BytesFilter) | null = null;
  passUntil = Infinity;
  unwanted = 0;
  readonly linkType: number;
  readonly snapshotLength: number;
  readonly precision: 'micro' | 'nano';
  readonly fcsLength: number | null;
  readonly interfaces: readonly Interface[] = [];
  readonly raw: RawRecord = { start: 0, length: 0 };
  readonly #little: boolean;
  readonly #headerLength: number;
  readonly #nanoseconds: boolean;
  readonly #maximum: number;
  /** Files before 2.3 have captured and wire length in the other order; those of 2.3 one way or the other. */
  readonly #swapped: 'never' | 'maybe' | 'always';

  constructor(
    readonly header: PcapHeader,
    readonly input: Input,
    readonly packet: Packet,
    readonly path: string,
    maximumBlock: number,
    readonly unwrapper: PktapUnwrapper | null,
  ) {
    this.linkType = header.linkType;
    this.snapshotLength = header.snapshotLength;
    this.fcsLength = header.fcsLength;
    this.precision = header.nanoseconds ? 'nano' : 'micro';
    this.#little = header.littleEndian;
    packet.bigEndian = !header.littleEndian;
    this.#nanoseconds = header.nanoseconds;
    this.#headerLength =
      header.variant === 'kuznetzov' ? Format.KUZNETZOV_RECORD_HEADER_LENGTH : Format.RECORD_HEADER_LENGTH;
    this.#maximum = Math.min(
      Math.max(Format.maximumPacket(header.linkType), header.snapshotLength),
      maximumBlock,
    );
    this.#swapped = header.versionMinor < 3 ? 'always' : header.versionMinor === 3 ? 'maybe' : 'never';
  }

  readonly layout = 0;

  resync(): boolean {
    const { input } = this;
    for (let at = input.start; at + this.#headerLength <= input.end; at++) {
      const end = this.#recordEnd(at);
      if (end < 0) continue;
      let last = end;
      let count = 1;
      for (; count < CHAIN && last >= 0 && last + this.#headerLength <= input.end; count++) {
        last = this.#recordEnd(last);
      }
      if (count < CHAIN || last < 0) continue;
      input.start = end;
      return true;
    }
    return false;
  }

  /** Where what looks like a record ends, -1 when it does not. */
  #recordEnd(at: number): number {
    const { view } = this.input;
    const little = this.#little;
    const seconds = view.getUint32(at + RecordHeader.SECONDS, little);
    const fraction = view.getUint32(at + RecordHeader.FRACTION, little);
    const capturedLength = view.getUint32(at + RecordHeader.CAPTURED_LENGTH, little);
    const length = view.getUint32(at + RecordHeader.LENGTH, little);
    if (fraction >= (this.#nanoseconds ? 1e9 : 1e6) || capturedLength === 0) return -1;
    if (capturedLength > this.#maximum || length < capturedLength) return -1;
    if (Math.abs(seconds - this.packet.seconds) > YEAR) return -1;
    return at + this.#headerLength + capturedLength;
  }

  /** Passes over what the filter refuses, as long as there is nothing unusual about it, and no header to turn. */
  #passOver(matches: BytesFilter): void {
    const { input } = this;
    const { view, buffer, end } = input;
    const little = this.#little;
    const header = this.#headerLength;
    const most = Math.min(this.#maximum, this.snapshotLength);
    const until = input.before(this.passUntil);
    let { start } = input;
    let count = 0;
    while (start + header <= end) {
      const captured = view.getUint32(start + RecordHeader.CAPTURED_LENGTH, little);
      const next = start + header + captured;
      if (captured > most || next > until) break;
      if (matches(buffer, start + header, captured, view.getUint32(start + RecordHeader.LENGTH, little)))
        break;
      start = next;
      count++;
    }
    input.start = start;
    this.unwanted += count;
  }

  next(): number {
    const { input, packet, passes } = this;
    if (passes !== null && this.#little && this.unwrapper === null && this.#swapped === 'never')
      this.#passOver(passes(this.linkType));
    const { start, view } = input;
    const available = input.end - start;
    const headerLength = this.#headerLength;
    if (available < headerLength) {
      this.needed = headerLength;
      return Found.MORE;
    }
    const little = this.#little;
    let capturedLength = view.getUint32(start + RecordHeader.CAPTURED_LENGTH, little);
    let length = view.getUint32(start + RecordHeader.LENGTH, little);
    if (this.#swapped !== 'never' && (this.#swapped === 'always' || capturedLength > length)) {
      const other = capturedLength;
      capturedLength = length;
      length = other;
    }
    if (capturedLength > this.#maximum) {
      const bound =
        capturedLength > this.snapshotLength
          ? `snaplen of ${this.snapshotLength}`
          : `maximum of ${this.#maximum}`;
      const reason = `invalid packet capture length ${capturedLength}, bigger than ${bound}`;
      throw new SavefileError(reason, this.path, input.position);
    }
    const total = headerLength + capturedLength;
    if (available < total) {
      this.needed = total;
      return Found.MORE;
    }
    const fraction = view.getUint32(start + RecordHeader.FRACTION, little);
    packet.seconds = view.getUint32(start + RecordHeader.SECONDS, little);
    packet.nanoseconds = this.#nanoseconds ? fraction : fraction * 1000;
    packet.buffer = input.buffer;
    packet.offset = start + headerLength;
    // What lies beyond the snapshot length is no part of the packet, as libpcap has it.
    packet.capturedLength = Math.min(capturedLength, this.snapshotLength);
    const { raw } = this;
    raw.start = start;
    const usual =
      headerLength === Format.RECORD_HEADER_LENGTH &&
      this.#swapped === 'never' &&
      packet.capturedLength === capturedLength;
    raw.length = usual ? total : 0;
    packet.length = length;
    packet.linkType = this.linkType;
    if (!this.#little) turnHeader(packet);
    input.start = start + total;
    if (this.unwrapper !== null) this.unwrapper.unwrap(packet);
    return Found.PACKET;
  }

  end(): void {
    const { input } = this;
    const got = input.available;
    if (got === 0) return;
    const reason =
      got < this.#headerLength
        ? `tried to read ${this.#headerLength} header bytes, only got ${got}`
        : `tried to read ${this.needed - this.#headerLength} captured bytes, only got ${got - this.#headerLength}`;
    throw new SavefileError(`truncated dump file; ${reason}`, this.path, input.position);
  }
}
