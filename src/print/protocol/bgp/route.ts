// What the printers of every family's routes share.

import { OVERRUN } from '../../endings.js';
import type { Printer } from '../../printer.js';

/** Whether prefixes of each width have path identifiers. */
export interface PathIds {
  readonly four: boolean;
  readonly six: boolean;
}

/**
 * Prints a route, of which `left` bytes at most are there; OVERRUN is thrown where that is too little.
 * @returns bytes used, or STOP
 */
export type NlriPrinter = (p: Printer, at: number, left: number, ids: PathIds) => number;

/** Nothing behind this route can be read. */
export const STOP = -1;
export const ILLEGAL = '\n\t    (illegal prefix length)';
/** Characters of a route at most. */
const MOST = 163;

/** A route's line. */
export function line(p: Printer, text: string): void {
  p.text(`\n\t      ${text.slice(0, MOST)}`);
}

/** Throws OVERRUN unless `count` bytes were captured. */
export function need(p: Printer, at: number, count: number): void {
  if (!p.has(at, count)) throw OVERRUN;
}
