// What a view lists and how, and what its lines are.

import type { Process } from '../packet/index.js';
import type { Counts } from '../stats/traffic/index.js';

export const VIEWS = ['processes', 'flows', 'hosts', 'containers', 'interfaces', 'users', 'classes'] as const;
export type View = (typeof VIEWS)[number];

/** What rows are put in order by. */
export const SORTS = [
  'rate',
  'in/s',
  'out/s',
  'total',
  'in',
  'out',
  'packets',
  'flows',
  'retrans',
  'resets',
  'drops',
  'last',
  'name',
] as const;
export type Sort = (typeof SORTS)[number];

/** How each view's rows may be put together: the first is none. */
export const GROUPS: Readonly<Record<View, readonly string[]>> = {
  processes: ['process', 'name', 'user', 'container'],
  flows: ['flow', 'process', 'service'],
  hosts: ['address', 'name'],
  containers: ['container', 'runtime'],
  interfaces: ['interface'],
  users: ['user'],
  classes: ['class'],
};

/** Rows that are put in order and can be reached: those that come first. */
export const MOST = 2000;

/** What is listed and how. */
export interface Listing {
  readonly view: View;
  readonly group: string;
  readonly sort: Sort;
  readonly reverse: boolean;
  /** Which flows; null: all, and what has no flow. */
  readonly shows: ((place: number) => boolean) | null;
  /** Whether connections that are over are listed. */
  readonly closed: boolean;
  /** The order to keep; null: none. */
  readonly order: readonly string[] | null;
}

/** A row of a view. */
export interface Line {
  readonly id: string;
  /** Texts by the names of columns; null: not known. */
  readonly labels: Readonly<Record<string, string | null>>;
  /** What it is of, where that is one. */
  readonly process: Process | null;
  readonly counts: Counts;
  /** Nobody is known for it. */
  readonly unknown: boolean;
  /** Of a TCP connection that is over. */
  readonly over: boolean;
}

export interface List {
  readonly lines: readonly Line[];
  /** How many there are in all. */
  readonly count: number;
  readonly ids: readonly string[];
}
