// The command line of `pktap top`.

import { GROUPS, SORTS, VIEWS } from '../../top/index.js';
import { ArgumentError } from '../parsed.js';
import {
  asEver,
  MOST,
  noArguments,
  number,
  parseView,
  reads,
  SHARED,
  type ViewArguments,
  type ViewCommand,
  type ViewOption,
} from '../views.js';

export interface TopArguments extends ViewArguments {
  batch: boolean;
  /** Seconds between two reports. */
  interval: number;
  /** Reports after which it ends; 0: none. */
  rounds: number;
  /** Rows of a report. */
  rows: number;
  view: string;
  group: string | null;
  /** Null: by rates, or in a file by totals. */
  sort: string | null;
  ascii: boolean;
  /** Packets are captured even where counts would do. */
  packets: boolean;
  keepRoot: boolean;
}

/** Seconds between reports at most: a timer takes no more milliseconds. */
const MOST_SECONDS = 2_000_000;

const OPTIONS: readonly ViewOption<TopArguments>[] = [
  {
    name: '-b',
    long: ['batch'],
    about: 'reports as plain text; also where standard output is no terminal',
    set: (to) => {
      to.batch = true;
    },
  },
  {
    name: '--interval',
    takes: 'seconds',
    about: 'with -b: between two reports; the default is 1',
    set: (to, v) => {
      to.interval = number(v, 'interval', 1, MOST_SECONDS);
    },
  },
  {
    name: '--rounds',
    takes: 'count',
    about: 'with -b: end after so many reports',
    set: (to, v) => {
      to.rounds = number(v, 'number of reports', 1, MOST);
    },
  },
  {
    name: '--rows',
    takes: 'count',
    about: 'with -b: rows of a report',
    set: (to, v) => {
      to.rows = number(v, 'number of rows', 1, MOST);
    },
  },
  {
    name: '--view',
    takes: 'name',
    completes: VIEWS,
    about: `what is listed: ${VIEWS.join(' ')}`,
    set: (to, v) => {
      to.view = v;
    },
  },
  {
    name: '--group',
    takes: 'name',
    completes: [...new Set(Object.values(GROUPS).flat())],
    about:
      'rows put together: processes by name user container, flows by process service, hosts by name, containers by runtime',
    set: (to, v) => {
      to.group = v;
    },
  },
  {
    name: '--sort',
    takes: 'column',
    completes: SORTS,
    about: `the order: ${SORTS.join(' ')}`,
    set: (to, v) => {
      to.sort = v;
    },
  },
  {
    name: '--packets',
    about: 'capture packets where counting in the kernel would do',
    set: (to) => {
      to.packets = true;
    },
  },
  {
    name: '--ascii',
    about: 'no other characters, as in a locale that is not UTF-8',
    set: (to) => {
      to.ascii = true;
    },
  },
  reads('a file, with its time to move along; - is standard input'),
  asEver('-Z', (to, v) => {
    to.user = v;
  }),
  asEver(
    '--keep-root',
    (to) => {
      to.keepRoot = true;
    },
    {
      more:
        'Without it and without -Z, root is given up for the user behind sudo once all is open: the thread that captures keeps the capabilities it needs. Where a file is shown that ' +
        'this user may not read again, or this program, root is kept, and a line says so.',
    },
  ),
  ...SHARED,
];

export const TOP: ViewCommand = {
  name: 'top',
  about: 'traffic by process, flow, host and container, live or of a file',
  options: OPTIONS,
  notes: ['The key h shows the keys.'],
};

/**
 * @param args the words behind `top`
 * @throws UsageError for what is no option, ArgumentError for a bad value
 */
export function parseTopArguments(args: readonly string[]): TopArguments {
  const to = parseView<TopArguments>(args, OPTIONS, {
    ...noArguments(),
    batch: false,
    interval: 1,
    rounds: 0,
    rows: MOST,
    view: 'processes',
    group: null,
    sort: null,
    ascii: false,
    packets: false,
    keepRoot: false,
  });
  if (to.read === null && to.rounds > 0 && !to.batch) throw new ArgumentError('--rounds needs -b');
  return to;
}
