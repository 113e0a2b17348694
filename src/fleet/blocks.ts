// Sections of pcapng, one behind the other, cut out of a stream: each is a batch. Every header says how long it is
// (savefile/write/sections.ts); nothing else of them is looked at but the kinds of their blocks.

const SECTION = 0x0a0d0d0a;
const BYTE_ORDER = 0x1a2b3c4d;
/** Blocks of packets: enhanced, simple, and the old one. */
const PACKETS: readonly number[] = [6, 3, 2];
/** Up to a section's length. */
const HEADER = 24;
const SMALLEST_BLOCK = 12;

/** A section that lies in a stream. */
export interface Section {
  readonly bytes: Uint8Array;
  readonly packets: number;
}

/** Bytes of the section at the beginning; 0: they are not all there. @throws Error for what is none */
function sectionLength(bytes: Uint8Array, most: number): number {
  if (bytes.length < HEADER) return 0;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const header = view.getUint32(4, true);
  if (view.getUint32(0, true) !== SECTION || view.getUint32(8, true) !== BYTE_ORDER)
    throw new Error('what the capture sends is no section');
  const total = header + view.getUint32(16, true) + view.getUint32(20, true) * 2 ** 32;
  if (header < SMALLEST_BLOCK || total > most)
    throw new Error(`what the capture sends has a section of ${total} bytes`);
  return total;
}

/** The packets of a section. @throws Error where its blocks are none */
export function packetsIn(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let packets = 0;
  for (let at = 0; at < bytes.length; ) {
    const length = at + SMALLEST_BLOCK <= bytes.length ? view.getUint32(at + 4, true) : 0;
    if (length < SMALLEST_BLOCK || length % 4 !== 0 || at + length > bytes.length)
      throw new Error('what the capture sends is broken');
    if (PACKETS.includes(view.getUint32(at, true))) packets++;
    at += length;
  }
  return packets;
}

export class SectionSplitter {
  private rest: Buffer[] = [];
  private length = 0;
  /** Bytes that the section at hand needs; 0: not known yet. */
  private wanted = 0;

  /** @param most bytes of a section */
  constructor(private readonly most: number) {}

  /**
   * Takes what came.
   * @returns the sections that are whole now
   * @throws Error for what is none
   */
  push(chunk: Buffer): Section[] {
    this.rest.push(chunk);
    this.length += chunk.length;
    if (this.length < Math.max(HEADER, this.wanted)) return [];
    let bytes = this.rest.length === 1 ? chunk : Buffer.concat(this.rest, this.length);
    const found: Section[] = [];
    for (;;) {
      this.wanted = sectionLength(bytes, this.most);
      if (this.wanted === 0 || bytes.length < this.wanted) break;
      const one = bytes.subarray(0, this.wanted);
      found.push({ bytes: one, packets: packetsIn(one) });
      bytes = bytes.subarray(this.wanted);
      this.wanted = 0;
    }
    this.rest = bytes.length === 0 ? [] : [bytes];
    this.length = bytes.length;
    return found;
  }
}
