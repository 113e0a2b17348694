// The command line of `pktap web`.

import { getopt, type OptionShape } from '../getopt.js';
import { ArgumentError } from '../parsed.js';
import { hostPatterns } from '../values.js';

export interface WebArguments {
  action: 'run' | 'help' | 'version';
  interfaces: string[];
  read: string | null;
  /** The server of a fleet, whose hosts capture; null: this machine does. */
  fleet: string | null;
  hosts: string[];
  key: string | null;
  ca: string | null;
  /** 0: any that is free. */
  port: number;
  tokenFile: string | null;
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
  readonly set: (to: WebArguments, value: string) => void;
}

function flag(short: string, long: string[], set: (to: WebArguments) => void): Option {
  return { short, long, argument: 'none', set };
}

function value(short: string, long: string[], set: (to: WebArguments, value: string) => void): Option {
  return { short, long, argument: 'required', set };
}

function number(text: string, what: string, least: number, most: number): number {
  if (!/^\d+$/.test(text) || Number(text) < least || Number(text) > most)
    throw new ArgumentError(`invalid ${what} ${text}`);
  return Number(text);
}

const MOST = 2 ** 31 - 1;
const MAXIMUM_SNAPSHOT = 262_144;
const MAXIMUM_PORT = 65_535;

const OPTIONS: readonly Option[] = [
  value('B', ['buffer-size'], (to, v) => {
    to.bufferSize = number(v, 'packet buffer size', 1, MOST);
  }),
  value('F', [], (to, v) => {
    to.expressionFile = v;
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
  value('', ['netns'], (to, v) => {
    to.networkNamespaces.push(v);
  }),
  flag('O', ['no-optimize'], (to) => {
    to.optimize = false;
  }),
  value('', ['port'], (to, v) => {
    to.port = number(v, 'port', 0, MAXIMUM_PORT);
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
  value('s', ['snapshot-length'], (to, v) => {
    to.snapshotLength = number(v, 'snaplen', 0, MAXIMUM_SNAPSHOT) || null;
  }),
  value('', ['token-file'], (to, v) => {
    to.tokenFile = v;
  }),
  flag('v', [], (to) => {
    to.verbose++;
  }),
  flag('', ['version'], (to) => {
    to.action = 'version';
  }),
  value('Z', ['relinquish-privileges'], (to, v) => {
    to.user = v;
  }),
];

/**
 * @param args the words behind `web`
 * @throws UsageError for what is no option, ArgumentError for a bad value
 */
export function parseWebArguments(args: readonly string[]): WebArguments {
  const to: WebArguments = {
    action: 'run',
    interfaces: [],
    read: null,
    fleet: null,
    hosts: [],
    key: null,
    ca: null,
    port: 0,
    tokenFile: null,
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
  return to;
}

/** What `pktap web --help` says. */
export const WEB_USAGE = `Usage: pktap web [-hOv] [ -B size ] [ -F file ] [ -i interface ] [ -Q in|out|inout|metadata-filter ]
		[ -r file ] [ -s snaplen ] [ -Z user ] [ --fleet url ] [ --netns path|pid ] [ --port number ]
		[ --token-file file ] [ expression ]
	a page on this machine: throughput, processes, flows, hosts, drops, packets; it prints its address
	-r FILE             a file
	--port NUMBER       the port; any that is free
	--token-file FILE   the token is what this file has, 22 characters at least; without it, another each time
	-Z USER             root becomes this user before anybody is listened to: who ran sudo, else nobody
	GET /metrics        counts for Prometheus, with "Authorization: Bearer TOKEN"
	--fleet URL         the hosts of a fleet; --hosts, --key and --ca as in pktap --help
	-B -F -i -O -Q -s --netns and the packet filter are those of pktap --help
`;
