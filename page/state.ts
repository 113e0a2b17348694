// What the page shows, and how it was left.

import type { Frame, PacketDetail, PacketLine } from '../src/view/messages.js';
import type { Feed } from './feed.js';

export const TABS = ['processes', 'flows', 'hosts', 'drops', 'packets'] as const;
export type Tab = (typeof TABS)[number];

/** Seconds since the epoch. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export interface State {
  feed: Feed | null;
  /** Where we came from: shown again when a dropped file is closed. */
  server: Feed | null;
  /** Name of the dropped file. */
  file: string | null;
  frame: Frame | null;
  trouble: string | null;
  paused: boolean;
  tab: Tab;
  /** By tab: a column, and whether the smallest comes first. */
  sort: Partial<Record<Tab, { column: string; up: boolean }>>;
  /** The one process whose flows are shown. */
  owner: { process: string | null; pid: number | null } | null;
  stretch: Stretch | null;
  zoom: Stretch | null;
  lines: PacketLine[];
  edition: number;
  /** Whether the list keeps to the newest. */
  follows: boolean;
  detail: PacketDetail | null;
  selected: number | null;
  filter: { metadata: string; expression: string };
  filterError: string | null;
  says: string | null;
  helps: boolean;
}

export const state: State = {
  feed: null,
  server: null,
  file: null,
  frame: null,
  trouble: null,
  paused: false,
  tab: 'processes',
  sort: {},
  owner: null,
  stretch: null,
  zoom: null,
  lines: [],
  edition: 0,
  follows: true,
  detail: null,
  selected: null,
  filter: { metadata: '', expression: '' },
  filterError: null,
  says: null,
  helps: false,
};

/** Forgets what belongs to another source. */
export function forget(): void {
  Object.assign(state, {
    frame: null,
    trouble: null,
    paused: false,
    owner: null,
    stretch: null,
    zoom: null,
    lines: [],
    edition: 0,
    detail: null,
    selected: null,
    filter: { metadata: '', expression: '' },
    filterError: null,
    says: null,
  });
}
