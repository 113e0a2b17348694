// The command line of `pktap top`.

import { getopt, type OptionShape } from '../getopt.js';
import { ArgumentError } from '../parsed.js';
import { hostPatterns } from '../values.js';

export interface TopArguments {
  action: 'run' | 'help' | 'version';
  interfaces: string[];
  read: string | null;
  /** The server of a fleet, whose hosts capture; null: this machine does. */
  fleet: string | null;
  hosts: string[];
  key: string | null;
  ca: string | null;
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
  direction: 'in' | 'out' | 'inout' | null;
  metadataFilter: string | null;
  expression: string | null;
  expressionFile: string | null;
  optimize: boolean;
  bufferSize: number | null;
  snapshotLength: number | null;
  networkNamespaces: string[];
  user: string | null;
  verbose: number;
}

interface Option extends OptionShape {
  readonly set: (to: TopArguments, value: string) => void;
}

function flag(short: string, long: string[], set: (to: TopArguments) => void): Option {
  return { short, long, argument: 'none', set };
}

function value(short: string, long: string[], set: (to: TopArguments, value: string) => void): Option {
  return { short, long, argument: 'required', set };
}

function number(text: string, what: string, least: number, most: number): number {
  if (!/^\d+$/.test(text) || Number(text) < least || Number(text) > most)
    throw new ArgumentError(`invalid ${what} ${text}`);
  return Number(text);
}

/** Seconds between reports at most: a timer takes no more milliseconds. */
const MOST_SECONDS = 2_000_000;
const MOST = 2 ** 31 - 1;
const MAXIMUM_SNAPSHOT = 262_144;

const OPTIONS: readonly Option[] = [
  flag('', ['ascii'], (to) => {
    to.ascii = true;
  }),
  flag('b', ['batch'], (to) => {
    to.batch = true;
  }),
  value('B', ['buffer-size'], (to, v) => {
    to.bufferSize = number(v, 'packet buffer size', 1, MOST);
  }),
  value('F', [], (to, v) => {
    to.expressionFile = v;
  }),
  value('', ['group'], (to, v) => {
    to.group = v;
  }),
  value('', ['fleet'], (to, v) => {
    to.fleet = v;
  }),
  value('', ['hosts'], (to, v) => {
    to.hosts.push(...hostPatterns(v));
  }),
  value('', ['key'], (to, v) => {
    to.key = v;
  }),
  value('', ['ca'], (to, v) => {
    to.ca = v;
  }),
  flag('h', ['help'], (to) => {
    to.action = 'help';
  }),
  value('i', ['interface'], (to, v) => {
    if (v === '') throw new ArgumentError('-i: an interface name is empty');
    to.interfaces.push(v);
  }),
  value('', ['interval'], (to, v) => {
    to.interval = number(v, 'interval', 1, MOST_SECONDS);
  }),
  value('', ['netns'], (to, v) => {
    to.networkNamespaces.push(v);
  }),
  flag('O', ['no-optimize'], (to) => {
    to.optimize = false;
  }),
  flag('', ['packets'], (to) => {
    to.packets = true;
  }),
  value('Q', ['direction'], (to, v) => {
    const direction = v.toLowerCase();
    if (direction === 'in' || direction === 'out' || direction === 'inout') to.direction = direction;
    else if (to.metadataFilter === null) to.metadataFilter = v;
    else throw new ArgumentError("-Q can be given one metadata filter: join them with 'and' or 'or'");
  }),
  value('r', [], (to, v) => {
    if (to.read !== null) throw new ArgumentError('-r can be given only once');
    to.read = v;
  }),
  value('', ['rounds'], (to, v) => {
    to.rounds = number(v, 'number of reports', 1, MOST);
  }),
  value('', ['rows'], (to, v) => {
    to.rows = number(v, 'number of rows', 1, MOST);
  }),
  value('s', ['snapshot-length'], (to, v) => {
    to.snapshotLength = number(v, 'snaplen', 0, MAXIMUM_SNAPSHOT) || null;
  }),
  value('', ['sort'], (to, v) => {
    to.sort = v;
  }),
  flag('v', [], (to) => {
    to.verbose++;
  }),
  flag('', ['version'], (to) => {
    to.action = 'version';
  }),
  value('', ['view'], (to, v) => {
    to.view = v;
  }),
  value('Z', ['relinquish-privileges'], (to, v) => {
    to.user = v;
  }),
];

/**
 * @param args the words behind `top`
 * @throws UsageError for what is no option, ArgumentError for a bad value
 */
export function parseTopArguments(args: readonly string[]): TopArguments {
  const to: TopArguments = {
    action: 'run',
    interfaces: [],
    read: null,
    fleet: null,
    hosts: [],
    key: null,
    ca: null,
    batch: false,
    interval: 1,
    rounds: 0,
    rows: MOST,
    view: 'processes',
    group: null,
    sort: null,
    ascii: false,
    packets: false,
    direction: null,
    metadataFilter: null,
    expression: null,
    expressionFile: null,
    optimize: true,
    bufferSize: null,
    snapshotLength: null,
    networkNamespaces: [],
    user: null,
    verbose: 0,
  };
  const { words, rest } = getopt(args, OPTIONS, (option, v) => option.set(to, v ?? ''));
  const expression = [...words, ...(rest ?? [])];
  if (expression.length > 0) to.expression = expression.join(' ');
  if (to.read !== null && (to.interfaces.length > 0 || to.networkNamespaces.length > 0))
    throw new ArgumentError('-r reads a file: it does not go with -i or --netns');
  if (to.fleet !== null && (to.read !== null || to.networkNamespaces.length > 0))
    throw new ArgumentError('--fleet captures on other hosts: it does not go with -r or --netns');
  if (to.fleet === null && (to.hosts.length > 0 || to.key !== null || to.ca !== null))
    throw new ArgumentError('--hosts, --key and --ca need --fleet');
  if (to.expressionFile !== null && to.expression !== null)
    throw new ArgumentError('the packet filter is that of -F: there can be none on the command line');
  if (to.read === null && to.rounds > 0 && !to.batch) throw new ArgumentError('--rounds needs -b');
  return to;
}

/** What `pktap top --help` says. */
export const TOP_USAGE = `Usage: pktap top [-bhOv] [ -B size ] [ -F file ] [ -i interface ] [ -Q in|out|inout|metadata-filter ]
		[ -r file ] [ -s snaplen ] [ -Z user ] [ --ascii ] [ --fleet url ] [ --group name ] [ --interval seconds ]
		[ --netns path|pid ] [ --packets ] [ --rounds n ] [ --rows n ] [ --sort column ] [ --view name ]
		[ expression ]
	traffic by process, flow, host and container; h shows the keys
	-b, --batch         reports as plain text, every --interval seconds (1), --rounds of them,
	                    of --rows rows; also where standard output is no terminal
	-r FILE             a file, with its time to move along
	--view NAME         processes flows hosts containers interfaces users classes
	--group NAME        rows put together: processes by name user container, flows by process
	                    service, hosts by name, containers by runtime
	--sort COLUMN       rate in/s out/s total in out packets flows retrans resets drops last name
	--packets           capture packets where counting in the kernel would do
	--ascii             no other characters, as in a locale that is not UTF-8
	--fleet URL         the hosts of a fleet; --hosts, --key and --ca as in pktap --help
	-B -F -i -O -Q -s -Z --netns and the packet filter are those of pktap --help
`;
