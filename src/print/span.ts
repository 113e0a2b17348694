// The cursor: a part of a packet that is read from its front, with the length that the layers around it say it has.

import { OVERRUN } from './endings.js';
import type { Printer } from './printer.js';

export class Span {
  /**
   * @param at where the next field is
   * @param left bytes the part still has from there; without it the part has no end but the packet's
   */
  constructor(
    readonly p: Printer,
    public at: number,
    public left: number = Number.POSITIVE_INFINITY,
  ) {}

  /** Throws OVERRUN unless the part has `count` bytes more. */
  ask(count: number): void {
    if (this.left < count) throw OVERRUN;
  }

  /** Throws OVERRUN unless the part has `count` bytes more and they were captured. */
  askCaptured(count: number): void {
    if (this.left < count || !this.p.has(this.at, count)) throw OVERRUN;
  }

  /** Goes past `count` bytes without asking; the part may then have less than none. */
  pass(count: number): void {
    this.at += count;
    this.left -= count;
  }

  /** Goes past `count` bytes that the part must have. @returns where they are */
  skip(count: number): number {
    this.ask(count);
    const { at } = this;
    this.pass(count);
    return at;
  }

  /** Goes past `count` bytes that the part must have and that were captured. @returns where they are */
  take(count: number): number {
    this.askCaptured(count);
    return this.skip(count);
  }

  /** Goes past `count` bytes without asking whether the part has them; then it has no end but the packet's. */
  drop(count: number): void {
    const past = this.left < count;
    this.pass(count);
    if (past) this.left = Number.POSITIVE_INFINITY;
  }

  /** The next byte, and goes past it. It must have been captured; whether the part has it is not asked. */
  u8(): number {
    const value = this.p.u8(this.at);
    this.pass(1);
    return value;
  }

  /** The next number of two bytes, in the same way; those of four and eight too. */
  u16(): number {
    const value = this.p.u16(this.at);
    this.pass(2);
    return value;
  }

  u32(): number {
    const value = this.p.u32(this.at);
    this.pass(4);
    return value;
  }

  u64(): bigint {
    const value = this.p.u64(this.at);
    this.pass(8);
    return value;
  }
}
