// A part of a packet that is read from its front, with the length that the layers around it say it has.

import { OVERRUN } from './endings.js';
import type { Printer } from './printer.js';

/** Thrown where a part ends before its next field: what catches it ends the part, not the packet. */
export const SHORT: unique symbol = Symbol('short');

export class Span {
  /** @param at where the next field is @param left bytes the part still has from there */
  constructor(
    private readonly p: Printer,
    public at: number,
    public left: number,
  ) {}

  /** Throws OVERRUN unless the part has `count` bytes more. */
  ask(count: number): void {
    if (this.left < count) throw OVERRUN;
  }

  /** Throws OVERRUN unless the part has `count` bytes more and they were captured. */
  askCaptured(count: number): void {
    if (this.left < count || !this.p.has(this.at, count)) throw OVERRUN;
  }

  /** Goes past `count` bytes that the part must have. @returns where they are */
  skip(count: number): number {
    this.ask(count);
    const { at } = this;
    this.at += count;
    this.left -= count;
    return at;
  }

  /** Goes past `count` bytes that the part must have and that were captured. @returns where they are */
  take(count: number): number {
    this.askCaptured(count);
    return this.skip(count);
  }

  /** Goes past `count` bytes without asking whether the part has them; then it has no end but the packet's. */
  drop(count: number): void {
    this.at += count;
    this.left = this.left < count ? Number.POSITIVE_INFINITY : this.left - count;
  }
}
