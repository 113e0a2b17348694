// What the view is made with, and what it keeps of where it was.

import type { Output } from '../packet/index.js';
import type { PrintServices } from '../print/index.js';
import type { Sort, View } from './listing.js';

/** A key: its name (up, return, …) or its character. */
export interface Key {
  readonly name: string;
  /** What it types; '' for keys that type nothing. */
  readonly text: string;
}

export interface TopOptions {
  readonly view: View;
  readonly group: string | null;
  readonly sort: Sort;
  readonly ascii: boolean;
  readonly services: PrintServices;
  /** Opens a file for what is selected. */
  readonly create: (path: string) => Promise<Output>;
  /** Ends everything. */
  readonly quit: () => void;
}

/** Where a view was left to look at flows of one of its rows. */
export interface Followed {
  readonly view: View;
  readonly group: string;
  readonly selected: string;
  readonly name: string;
  readonly of: (place: number) => boolean;
}

export interface Prompt {
  readonly kind: 'filter' | 'write';
  readonly name: string;
  text: string;
}
