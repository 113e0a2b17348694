// What `pktap top` and `pktap web` share of their command lines. An option that the command has too is described by the command's table
// (options.ts); --help, the manual page and the completions are made of all three tables.

import { getopt, type OptionShape } from './getopt.js';
import { entryOf, namesOf, type OptionName, type Told } from './options.js';
import { ArgumentError } from './parsed.js';
import { hostPatterns } from './values.js';

/** What both take. */
export interface ViewArguments {
  action: 'run' | 'help' | 'version';
  interfaces: string[];
  read: string | null;
  /** The server of a fleet, whose hosts capture; null: this machine does. */
  fleet: string | null;
  hosts: string[];
  key: string | null;
  ca: string | null;
  direction: 'in' | 'out' | 'inout' | null;
  metadataFilter: string | null;
  expression: string | null;
  expressionFile: string | null;
  optimize: boolean;
  bufferSize: number | null;
  snapshotLength: number | null;
  networkNamespaces: string[];
  user: string | null;
  noSandbox: boolean;
  verbose: number;
}

/** An option: what is told of it, and what it does. */
export interface ViewOption<T extends ViewArguments = ViewArguments> extends Omit<Told, 'optional'> {
  /** Its letter, or its long name. */
  readonly name: string;
  set(to: T, value: string): void;
}

/** A view as it is told of. */
export interface ViewCommand {
  readonly name: 'top' | 'web';
  /** One line. */
  readonly about: string;
  /** Its own options first. */
  readonly options: readonly Omit<ViewOption, 'set'>[];
  /** Lines behind the options in --help. */
  readonly notes: readonly string[];
}

/** @throws ArgumentError for what is no whole number within bounds */
export function number(text: string, what: string, least: number, most: number): number {
  if (!/^\d+$/.test(text) || Number(text) < least || Number(text) > most)
    throw new ArgumentError(`invalid ${what} ${text}`);
  return Number(text);
}

export const MOST = 2 ** 31 - 1;
const MAXIMUM_SNAPSHOT = 262_144;

/** An option of the command's, that does the same in a view. */
export function asEver<T extends ViewArguments>(
  name: OptionName,
  set: (to: T, value: string) => void,
  instead: Partial<Pick<Told, 'about' | 'more'>> = {},
): ViewOption<T> {
  const { long, takes, completes, about, more } = entryOf(name) as Told;
  const told = { about, ...(more === undefined ? {} : { more }), ...instead };
  return {
    name,
    ...(long === undefined ? {} : { long }),
    ...(takes === undefined ? {} : { takes }),
    ...(completes === undefined ? {} : { completes }),
    ...told,
    set,
  };
}

export const SHARED: readonly ViewOption[] = [
  asEver('-i', (to, v) => {
    if (v === '') throw new ArgumentError('-i: an interface name is empty');
    to.interfaces.push(v);
  }),
  asEver('--netns', (to, v) => {
    to.networkNamespaces.push(v);
  }),
  asEver('--fleet', (to, v) => {
    to.fleet = v;
  }),
  asEver('--hosts', (to, v) => {
    to.hosts.push(...hostPatterns(v));
  }),
  asEver('--key', (to, v) => {
    to.key = v;
  }),
  asEver('--ca', (to, v) => {
    to.ca = v;
  }),
  asEver('-Q', (to, v) => {
    const direction = v.toLowerCase();
    if (direction === 'in' || direction === 'out' || direction === 'inout') to.direction = direction;
    else if (to.metadataFilter === null) to.metadataFilter = v;
    else throw new ArgumentError("-Q can be given one metadata filter: join them with 'and' or 'or'");
  }),
  asEver('-F', (to, v) => {
    to.expressionFile = v;
  }),
  asEver('-O', (to) => {
    to.optimize = false;
  }),
  asEver('-B', (to, v) => {
    to.bufferSize = number(v, 'packet buffer size', 1, MOST);
  }),
  asEver('-s', (to, v) => {
    to.snapshotLength = number(v, 'snaplen', 0, MAXIMUM_SNAPSHOT) || null;
  }),
  asEver('--no-sandbox', (to) => {
    to.noSandbox = true;
  }),
  asEver(
    '-v',
    (to) => {
      to.verbose++;
    },
    { about: 'say more of the capture', more: 'What the process may still do, too.' },
  ),
  asEver('-h', (to) => {
    to.action = 'help';
  }),
  asEver('--version', (to) => {
    to.action = 'version';
  }),
];

/** Arguments that ask for nothing. */
export function noArguments(): ViewArguments {
  return {
    action: 'run',
    interfaces: [],
    read: null,
    fleet: null,
    hosts: [],
    key: null,
    ca: null,
    direction: null,
    metadataFilter: null,
    expression: null,
    expressionFile: null,
    optimize: true,
    bufferSize: null,
    snapshotLength: null,
    networkNamespaces: [],
    user: null,
    noSandbox: false,
    verbose: 0,
  };
}

/**
 * Parses a view's command line.
 * @param args the words behind the view's name
 * @param to what is asked for so far
 * @throws UsageError for what is no option, ArgumentError for a bad value
 */
export function parseView<T extends ViewArguments>(
  args: readonly string[],
  options: readonly ViewOption<T>[],
  to: T,
): T {
  const shapes = options.map((option): OptionShape & { option: ViewOption<T> } => ({
    ...namesOf(option.name, option),
    argument: option.takes === undefined ? 'none' : 'required',
    option,
  }));
  const { words, rest } = getopt(args, shapes, ({ option }, v) => option.set(to, v ?? ''));
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

/** -r, once. */
export function reads(about: string): ViewOption {
  return asEver(
    '-r',
    (to, v) => {
      if (to.read !== null) throw new ArgumentError('-r can be given only once');
      to.read = v;
    },
    { about },
  );
}
