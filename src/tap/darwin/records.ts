// The packets in a buffer of /dev/bpf. Source: bpf(4); XNU bsd/net/bpf.h, bsd/net/bpf.c.

import { BpfHeader } from '../../system/darwin/index.js';

const { SECONDS, MICROSECONDS, CAPTURED, LENGTH, HEADER_LENGTH, END, ALIGNMENT } = BpfHeader;

/** Walks over a buffer that was read in one piece. Its fields are those of the record it is at. */
export class BpfRecords {
  seconds = 0;
  microseconds = 0;
  /** Where the packet's bytes begin, how many there are, and how many there were. */
  offset = 0;
  captured = 0;
  length = 0;
  /** What is left makes no sense. */
  broken = false;
  private readonly view: DataView;
  private at = 0;
  private end = 0;

  constructor(readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** @param size bytes that were read */
  begin(size: number): void {
    this.at = 0;
    this.end = Math.min(size, this.bytes.length);
    this.broken = false;
  }

  /** Goes to the next record. False: there is none. */
  next(): boolean {
    const view = this.view;
    const at = this.at;
    const end = this.end;
    if (at >= end) return false;
    if (end - at < END) return this.breakOff();
    const header = view.getUint16(at + HEADER_LENGTH, true);
    const captured = view.getUint32(at + CAPTURED, true);
    if (header < END || at + header + captured > end) return this.breakOff();
    this.seconds = view.getUint32(at + SECONDS, true);
    this.microseconds = view.getUint32(at + MICROSECONDS, true);
    this.captured = captured;
    this.length = Math.max(view.getUint32(at + LENGTH, true), captured);
    this.offset = at + header;
    // The last record's padding need not be there.
    this.at = at + ((header + captured + ALIGNMENT - 1) & -ALIGNMENT);
    return true;
  }

  private breakOff(): false {
    this.broken = true;
    this.at = this.end;
    return false;
  }
}
