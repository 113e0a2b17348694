// Passing over packets without reading them: those that a packet filter refuses by their bytes, those of processes nobody wants,
// and all in front of a place in the middle of the file.

import { isPktap } from '../../decode/index.js';
import type { BytesFilter, Interface, Process } from '../../packet/index.js';
import type { Input } from '../read/input.js';
import * as Format from './format.js';
import type { Section } from './section.js';

// What every packet asks for, as constants of this module: those of others are loaded anew each time.
const { BLOCK_OVERHEAD } = Format;
const BODY = Format.BODY;
const ENHANCED_PACKET = Format.BlockType.ENHANCED_PACKET;
/** Where an Enhanced Packet Block's bytes begin. */
const PACKET_START = BODY + Format.FixedLength.ENHANCED_PACKET;
const { PROCESS } = Format.PacketOption;
const { END } = Format.Option;
/** Blocks one behind the other that are no accident. */
const CHAIN = 16;

export class Passing {
  /** The packet filter for each interface so far, null for those with PKTAP headers; and what made them. */
  #filters: (BytesFilter | null)[] = [];
  #filtersOf: ((linkType: number) => BytesFilter) | null = null;
  #interfaces: readonly Interface[] = [];

  constructor(
    readonly input: Input,
    readonly section: Section,
  ) {}

  /**
   * Passes over what the filter refuses, as long as there is nothing unusual about it, and no header to turn.
   * @param until packets that end at or behind this offset of the file are not passed over
   * @returns how many were
   */
  refused(passes: (linkType: number) => BytesFilter, until: number): number {
    const { interfaces, maximumBlock } = this.section;
    if (passes !== this.#filtersOf || interfaces !== this.#interfaces) {
      this.#filtersOf = passes;
      this.#interfaces = interfaces;
      this.#filters = [];
    }
    const filters = this.#filters;
    while (filters.length < interfaces.length) {
      const { linkType } = interfaces[filters.length]!;
      filters.push(isPktap(linkType) ? null : passes(linkType));
    }
    const { input } = this;
    const { view, buffer } = input;
    const { little } = this.section;
    const last = input.before(until);
    let { start } = input;
    let count = 0;
    while (start + PACKET_START + 4 <= last && view.getUint32(start, little) === ENHANCED_PACKET) {
      const length = view.getUint32(start + 4, little);
      const end = start + length;
      if (length < PACKET_START + 4 || length % 4 !== 0 || length > maximumBlock || end > last) break;
      if (view.getUint32(end - 4, little) !== length) break;
      const body = start + BODY;
      const captured = view.getUint32(body + 12, little);
      const filter = filters[view.getUint32(body, little)];
      if (filter === undefined || filter === null || captured > length - PACKET_START - 4) break;
      if (filter(buffer, start + PACKET_START, captured, view.getUint32(body + 16, little))) break;
      start = end;
      count++;
    }
    input.start = start;
    return count;
  }

  /** Whether the process block that a packet names is one of those nobody wants. */
  isUnwanted(start: number, length: number, wants: (process: Process) => boolean): boolean {
    const { view } = this.input;
    const { little, processes, described, pktap } = this.section;
    const end = start + length - 4;
    if (end - start < PACKET_START) return false;
    const capturedLength = view.getUint32(start + BODY + 12, little);
    // What is wrong with it is said elsewhere.
    if (capturedLength > end - start - PACKET_START) return false;
    if (view.getUint32(start + BODY, little) >= described.length) return false;
    if (pktap) return false;
    let at = start + PACKET_START + ((capturedLength + 3) & ~3);
    while (at + 8 <= end) {
      const code = view.getUint16(at, little);
      const size = view.getUint16(at + 2, little);
      if (code === PROCESS && size === 4) {
        return !processes.isWanted(view.getUint32(at + 4, little), wants);
      }
      if (code === END) return false;
      at += 4 + ((size + 3) & ~3);
    }
    return false;
  }

  /** As Decoder's. */
  resync(): boolean {
    const { input } = this;
    const { little } = this.section;
    for (let at = input.start; at + BLOCK_OVERHEAD <= input.end; at += 4) {
      if (input.view.getUint32(at, little) !== ENHANCED_PACKET) continue;
      const end = this.#blockEnd(at);
      let last = end;
      let count = 1;
      for (; count < CHAIN && last >= 0 && last + BLOCK_OVERHEAD <= input.end; count++)
        last = this.#blockEnd(last);
      if (count < CHAIN || last < 0) continue;
      input.start = end;
      return true;
    }
    return false;
  }

  /** Where what looks like a block ends, -1 when it does not. */
  #blockEnd(at: number): number {
    const { view, end } = this.input;
    const { little, maximumBlock } = this.section;
    const length = view.getUint32(at + 4, little);
    if (length < BLOCK_OVERHEAD || length % 4 !== 0 || length > maximumBlock) return -1;
    if (at + length > end) return at + length;
    return view.getUint32(at + length - 4, little) === length ? at + length : -1;
  }
}
