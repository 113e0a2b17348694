// What the printers of RSVP's objects share.

import { OVERRUN } from '../../endings.js';
import { hex } from '../../inline.js';
import type { Printer } from '../../printer.js';

/** A message: where it is and how long it says it is. */
export interface RsvpMessage {
  readonly at: number;
  readonly size: number;
}

/** What an object's printer did: said all, not all so that its bytes are shown too, or what is wrong with it. */
export const Shown = { WHOLLY: 0, PARTLY: 1, OVERRUN: 2 } as const;
export type Shown = (typeof Shown)[keyof typeof Shown];

/** Prints what is in an object; OVERRUN is thrown where it ends too early. */
export type ObjectPrinter = (
  p: Printer,
  at: number,
  length: number,
  indent: string,
  message: RsvpMessage,
) => Shown;

/** An object of `least` bytes and its lines. */
export function lines(least: number, text: (p: Printer, at: number) => readonly string[]): ObjectPrinter {
  return (p, at, length, indent) => {
    if (length < least) throw OVERRUN;
    for (const one of text(p, at)) p.text(`${indent}  ${one}`);
    return Shown.WHOLLY;
  };
}

/** An object of entries of `size` bytes, a line each, behind `first` bytes. */
export function entries(size: number, text: (p: Printer, at: number) => string, first = 0): ObjectPrinter {
  return (p, at, length, indent) => {
    for (let i = first; i + size <= length; i += size) p.text(`${indent}  ${text(p, at + i)}`);
    return Shown.WHOLLY;
  };
}

/** 0x and at least `width` digits. */
export const number = (value: number, width: number): string => `0x${hex(value, width)}`;
