// The columns of each view: which of them a width has room for, and what a line has in each.

import { duration, short, sparkline } from './format.js';
import type { Line, Sort, View } from './listing.js';
import { shown } from './width.js';

export interface Column {
  readonly title: string;
  /** Least width, and most; what is left over is shared out. */
  readonly least: number;
  readonly most: number;
  readonly right: boolean;
  /** Smaller ones come first when there is no room for all. */
  readonly rank: number;
  /** What the rows are put in order by when this is shown as such. */
  readonly sort: Sort | null;
  readonly text: (line: Line, how: How) => string;
}

/** How lines are shown. */
export interface How {
  readonly ascii: boolean;
  /** Names of hosts rather than addresses. */
  readonly names: boolean;
  /** The second that is going on. */
  readonly now: number;
  /** Columns of the one that is shown. */
  readonly width: number;
}

function label(
  key: string,
  title: string,
  least: number,
  most: number,
  rank: number,
  sort: Sort | null = null,
): Column {
  const text = ({ labels }: Line, { ascii }: How): string => shown(labels[key] ?? '-', ascii);
  return { title, least, most, right: false, rank, sort, text };
}

function amount(title: string, rank: number, sort: Sort, of: (line: Line) => number): Column {
  return { title, least: 5, most: 5, right: true, rank, sort, text: (line) => short(of(line)) };
}

const NAME = (title: string): Column => label('name', title, 11, 32, 0, 'name');

/** A flow's other end, by name where it has one and names are wanted. */
const REMOTE: Column = {
  ...label('remote', 'REMOTE', 15, 48, 1),
  text: ({ labels }, { ascii, names }) =>
    shown((names ? labels['host'] : null) ?? labels['remote'] ?? '-', ascii),
};

const HOST: Column = {
  ...label('name', 'HOST', 20, 48, 0, 'name'),
  text: ({ labels }, { ascii, names }) =>
    shown((names ? labels['name'] : (labels['address'] ?? labels['name'])) ?? '-', ascii),
};

const LABELS: Readonly<Record<View, readonly Column[]>> = {
  processes: [NAME('PROCESS'), label('pid', 'PID', 7, 7, 1), label('user', 'USER', 6, 12, 6)],
  flows: [
    label('name', 'PROCESS', 9, 20, 0, 'name'),
    label('pid', 'PID', 7, 7, 9),
    label('protocol', 'PROTO', 5, 7, 5),
    label('local', 'LOCAL', 15, 28, 10),
    REMOTE,
    label('state', 'STATE', 7, 7, 8),
  ],
  hosts: [HOST, label('address', 'ADDRESS', 15, 39, 8)],
  containers: [NAME('CONTAINER'), label('runtime', 'RUNTIME', 7, 12, 4), label('pod', 'POD', 6, 30, 9)],
  interfaces: [NAME('INTERFACE')],
  users: [NAME('USER')],
  classes: [NAME('CLASS')],
};

/** Labels of sums by something else than a view's own. */
const GROUPED: Readonly<Record<string, readonly Column[]>> = {
  'processes name': [NAME('NAME')],
  'processes user': [NAME('USER')],
  'processes container': [NAME('CONTAINER'), label('runtime', 'RUNTIME', 7, 12, 4)],
  'flows process': LABELS.processes,
  'flows service': [
    label('name', 'HOST', 20, 48, 0, 'name'),
    label('port', 'PORT', 5, 5, 1),
    label('protocol', 'PROTO', 5, 7, 5),
  ],
  'hosts name': [label('name', 'HOST', 20, 48, 0, 'name')],
  'containers runtime': [NAME('RUNTIME')],
};

const HISTORY: Column = {
  title: 'LAST MIN',
  least: 10,
  most: 30,
  right: true,
  rank: 4,
  sort: 'rate',
  text: ({ counts }, { ascii, width }) => sparkline(counts.history, width, ascii),
};

const COUNTS: readonly Column[] = [
  HISTORY,
  amount('IN/s', 1, 'in/s', ({ counts }) => counts.rateIn),
  amount('OUT/s', 1, 'out/s', ({ counts }) => counts.rateOut),
  amount('IN', 2, 'in', ({ counts }) => counts.bytesIn),
  amount('OUT', 2, 'out', ({ counts }) => counts.bytesOut),
  amount('PKTS', 7, 'packets', ({ counts }) => counts.packets),
  amount('FLOWS', 11, 'flows', ({ counts }) => counts.flows),
  amount('RETR', 12, 'retrans', ({ counts }) => counts.retransmissions),
  amount('RST', 13, 'resets', ({ counts }) => counts.resets),
  amount('DROP', 14, 'drops', ({ counts }) => counts.drops),
  {
    title: 'IDLE',
    least: 7,
    most: 7,
    right: true,
    rank: 15,
    sort: 'last',
    text: ({ counts: { last } }, { now }) =>
      last === null ? '-' : duration(Math.max(0, now - Math.floor(last))),
  },
];

/** A column with its place. */
export interface Placed {
  readonly column: Column;
  readonly at: number;
  readonly width: number;
}

/** Whether a view tells one thing from another by flows: each of its rows is one. */
function labelsOf(view: View, group: string): readonly Column[] {
  return GROUPED[`${view} ${group}`] ?? LABELS[view];
}

/** The columns that there is room for, from left to right. */
export function layOut(view: View, group: string, columns: number): Placed[] {
  const single = view === 'flows' && group === 'flow';
  const all = [...labelsOf(view, group), ...COUNTS.filter(({ title }) => !(single && title === 'FLOWS'))];
  const taken = new Set<Column>();
  let used = -1;
  for (const column of [...all].sort((a, b) => a.rank - b.rank)) {
    if (used + 1 + column.least > columns && taken.size > 0) continue;
    taken.add(column);
    used += 1 + column.least;
  }
  let spare = Math.max(0, columns - used);
  const widths = new Map<Column, number>();
  for (const column of [...taken].sort((a, b) => a.rank - b.rank)) {
    const more = Math.min(spare, column.most - column.least);
    widths.set(column, Math.min(column.least + more, Math.max(columns, 1)));
    spare -= more;
  }
  let at = 0;
  return all
    .filter((column) => taken.has(column))
    .map((column) => {
      const width = widths.get(column)!;
      const placed = { column, at, width };
      at += width + 1;
      return placed;
    });
}

/** What reports for scripts have, in order: numbers first, since names may have spaces. */
export function batchColumns(
  view: View,
  group: string,
): { readonly amounts: readonly string[]; readonly labels: readonly Column[] } {
  return {
    amounts: [
      'IN/S',
      'OUT/S',
      'IN',
      'OUT',
      'PACKETS_IN',
      'PACKETS_OUT',
      'FLOWS',
      'RETRANS',
      'RESETS',
      'DROPS',
    ],
    labels: labelsOf(view, group),
  };
}

/** The numbers of a line, as they are. */
export function batchAmounts({ counts: c }: Line): number[] {
  return [
    c.rateIn,
    c.rateOut,
    c.bytesIn,
    c.bytesOut,
    c.packetsIn,
    c.packetsOut,
    c.flows,
    c.retransmissions,
    c.resets,
    c.drops,
  ];
}
