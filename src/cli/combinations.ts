// Which options go together. What contradicts another option is refused; what does nothing beside the others is said in one
// line: no option is left out in silence. Words are tcpdump's where it has any.

import { builtin } from '../builtin.js';
import type { OptionShape } from './getopt.js';
import type { Arguments } from './parsed.js';

/** An option by its letter, or by its long name when it has none. */
function nameOf({ short, long }: Pick<OptionShape, 'short' | 'long'>): string {
  return short === '' ? `--${long[0]}` : `-${short}`;
}

/** The options of a command line, each with the values it was given. */
export class Given {
  private readonly values = new Map<string, string[]>();

  add(option: Pick<OptionShape, 'short' | 'long'>, value: string | null): void {
    const name = nameOf(option);
    const list = this.values.get(name);
    if (list === undefined) this.values.set(name, [value ?? '']);
    else list.push(value ?? '');
  }

  has(name: string): boolean {
    return this.values.has(name);
  }

  /** Those of some options that were given. */
  of(names: readonly string[]): string[] {
    return names.filter((name) => this.values.has(name));
  }

  /** The option's values, each once. */
  different(name: string): string[] {
    return [...new Set(this.values.get(name))];
  }

  names(): string[] {
    return [...this.values.keys()];
  }
}

/** What the options come to. */
export interface Verdict {
  /** Why they cannot be taken; null: they can. */
  readonly refused: string | null;
  /** What is done without, a line each. */
  readonly warnings: readonly string[];
}

/** About interfaces. */
const ONLY_LIVE = ['-i', '-B', '-p', '-I', '-j', '--immediate-mode', '--interval'];
/** About files that are read. */
const ONLY_READING = ['--max-block-size'];
/** About the file that -w makes, refused without: nobody would see that there is none. */
const NEEDS_WRITE = ['-C', '-G', '-W', '-z', '--comment'];
/** What shows packets as data, on standard output. */
const ROWS = ['--json', '--csv', '--tsv'];
/** The same, where it only does nothing. */
const ONLY_WRITING = ['-P', '--no-cmdline', '--comments', '--dialect'];
/** Text that -w without --print does not make. */
const DUMPS = ['-A', '-x', '-X'];
/** Text and files that --count does not make. */
const NOT_COUNTED = ['--print', '--print-sampling', ...DUMPS];
/** Options with a value that may come several times. */
const REPEATED = new Set(['-i', '-t', '-k', '--comment', '--netns', '-Q', '--hosts']);
/** What goes with --extcap: nothing of it names a file or a program. */
const FOR_EXTCAP = new Set(
  '--extcap --extcap-parent --extcap-control-in --extcap-control-out -w -P -y -i -p -Q -s -c -B -U -O --netns --comments --immediate-mode --no-cmdline'.split(
    ' ',
  ),
);
/** Options of which a second value would be another run. */
const ONCE: { readonly [name: string]: string } = {
  '-r': ': -V reads the files of a list',
  '-V': ': one list names all files',
  '-w': '',
  '--parquet': '',
  '--summary': ': --summary a,b groups by both',
  '-F': '',
};
/** About a fleet, and those of them that ask hosts to capture. */
const OF_FLEET = [
  '--hosts',
  '--key',
  '--ca',
  '--since',
  '--capture',
  '--deadline',
  '--budget',
  '--rate',
  '--flows',
];
const ASKING = ['--deadline', '--budget', '--rate', '--flows', '-i', '-B', '-p'];
/** What hosts capture, or what is about this machine alone. */
const NOT_OF_FLEET = ['-r', '-V', '--netns', '--tls-keys', '-f', '-I', '-D', '-L', '-J', '-d'];
/** What lists or prints programs ends before anything is captured. */
const CAPTURING = ['-w', '-c', '--count', '--print', ...ROWS, '--summary', '--parquet'];

function plural(names: readonly string[], verb: string): string {
  return `${names.join(', ')}: ${verb}`;
}

/** A rule, and what is said where it is broken. */
type Refusal = readonly [broken: boolean, reason: string];

/** @returns what the first broken rule says; null: none is broken */
function firstOf(rules: readonly Refusal[]): string | null {
  return rules.find(([broken]) => broken)?.[1] ?? null;
}

function refusal(to: Arguments, given: Given, reading: boolean): string | null {
  return (
    aboutExtcap(to, given) ??
    repeated(given) ??
    aboutSources(to, reading) ??
    aboutText(to) ??
    aboutRights(to) ??
    aboutFleet(to, given) ??
    (to.action === 'capture'
      ? (aboutCounting(to, reading) ?? aboutData(to, given) ?? aboutWriting(to, given))
      : null)
  );
}

/** A capture for Wireshark: whoever may run that, by a rule of sudo, gets packets and nothing else of root's. */
function aboutExtcap(to: Arguments, given: Given): string | null {
  const { extcap, toolbar, write, command, action } = to;
  if (!extcap) return toolbar === null ? null : '--extcap-control-in and --extcap-control-out need --extcap';
  const wrong = given.names().find((name) => !FOR_EXTCAP.has(name));
  return firstOf([
    [wrong !== undefined, `--extcap captures to -w - alone: it does not go with ${wrong}`],
    [command !== null, '--extcap runs no command'],
    [action !== 'capture' || write !== '-', '--extcap captures to standard output: it needs -w -'],
    [
      toolbar !== null && (toolbar.input === undefined || toolbar.output === undefined),
      '--extcap-control-in and --extcap-control-out go together',
    ],
  ]);
}

/** Options that were given more often than they can be. */
function repeated(given: Given): string | null {
  for (const [name, hint] of Object.entries(ONCE)) {
    if (given.different(name).length > 1) return `${name} can be given only once${hint}`;
  }
  const filters = given.different('-Q');
  const directions = new Set(filters.map((text) => text.toLowerCase()).filter(isDirection));
  return firstOf([
    [directions.size > 1, '-Q takes one direction: in, out or inout'],
    [
      filters.length - filters.filter(isDirection).length > 1,
      "-Q can be given one metadata filter: join them with 'and' or 'or'",
    ],
  ]);
}

function aboutRights({ user, keepRoot }: Arguments): string | null {
  return firstOf([[user !== null && keepRoot, '-Z and --keep-root are mutually exclusive.']]);
}

/** Hosts of a fleet capture in the place of this machine. */
function aboutFleet({ fleet, since, capture, command }: Arguments, given: Given): string | null {
  const [ours] = given.of(OF_FLEET);
  const [wrong] = given.of(NOT_OF_FLEET);
  return fleet === null
    ? firstOf([[ours !== undefined, `${ours} needs --fleet`]])
    : firstOf([
        [wrong !== undefined, `--fleet captures on other hosts: it does not go with ${wrong}`],
        [command !== null, '--fleet runs no command'],
        [capture !== null && since === null, '--capture needs --since: it chooses among what was kept'],
      ]);
}

function aboutSources(to: Arguments, reading: boolean): string | null {
  const listing = to.action.startsWith('list-');
  const elsewhere = to.networkNamespaces.length > 0;
  return firstOf([
    [to.printOptions.foreignNumeric && reading, '-f can not be used with -V or -r'],
    [to.read !== null && to.readList !== null, '-V and -r are mutually exclusive.'],
    [to.sort && to.readList === null, '--sort needs -V: it merges its files'],
    [elsewhere && reading, "--netns can't be used together with -r or -V"],
    [elsewhere && listing, "--netns can't be used together with -D, -L or -J"],
    [to.monitorMode && !reading, 'monitor mode is not supported: a tap sees packets above the radio'],
  ]);
}

function aboutText({ printOptions, metadataGiven, noMetadata }: Arguments): string | null {
  const { ascii, hex, hexAscii } = printOptions;
  return firstOf([
    [ascii > 0 && hex > 0, '-A and -x[x] are mutually exclusive.'],
    [ascii > 0 && hexAscii > 0, '-A and -X[X] are mutually exclusive.'],
    [hex > 0 && hexAscii > 0, '-x[x] and -X[X] are mutually exclusive.'],
    [metadataGiven && noMetadata, '-k and --no-metadata are mutually exclusive.'],
  ]);
}

function aboutCounting({ countOnly, print }: Arguments, reading: boolean): string | null {
  return firstOf([
    [countOnly && !reading, '--count needs -r or -V: it counts the packets of files'],
    [countOnly && print, '--count prints the number alone: it does not go with --print'],
  ]);
}

/** Whether two paths are one file, there or not. */
function isSameFile(one: string, other: string): boolean {
  const { resolve } = builtin('node:path');
  const { statSync } = builtin('node:fs');
  if (resolve(one) === resolve(other)) return true;
  const [a, b] = [one, other].map((path) => statSync(path, { bigint: true, throwIfNoEntry: false }));
  return a?.isFile() === true && b !== undefined && a.dev === b.dev && a.ino === b.ino;
}

/** Packets as data, in place of the text or beside it. */
function aboutData(to: Arguments, given: Given): string | null {
  const { write, rows, summary, parquet, interval, fields, countOnly } = to;
  const [first, second] = given.of(ROWS);
  const shown = summary === null ? first : '--summary';
  const wanted = shown ?? (parquet === null ? undefined : '--parquet');
  return firstOf([
    [second !== undefined, `${first} and ${second} are mutually exclusive.`],
    [countOnly && wanted !== undefined, `--count prints the number alone: it does not go with ${wanted}`],
    [
      shown !== undefined && given.has('--print'),
      `${shown} is shown in place of the text: it does not go with --print`,
    ],
    [shown !== undefined && write === '-', `${shown} and -w - are both standard output`],
    [write !== null && parquet !== null && isSameFile(write, parquet), '-w and --parquet name the same file'],
    [
      summary !== null && given.has('--print-sampling'),
      '--summary counts every packet: it does not go with --print-sampling',
    ],
    [interval !== null && summary === null, '--interval needs --summary'],
    [fields !== null && summary !== null && parquet === null, '--summary has its keys in place of --fields'],
    [
      fields !== null && (rows === null || summary !== null) && parquet === null,
      '--fields needs --json, --csv, --tsv or --parquet',
    ],
  ]);
}

function aboutWriting({ write, parquet, tlsKeys, command }: Arguments, given: Given): string | null {
  const [needsWrite] = given.of(parquet === null ? NEEDS_WRITE : ['--comment']);
  const [needsName] = given.of(['-C', '-G', '-z']);
  return firstOf([
    [tlsKeys && write === null, '--tls-keys needs -w: the keys are kept in the file'],
    [
      tlsKeys && command === null,
      '--tls-keys needs a command behind --: its programs are asked for their keys',
    ],
    [
      write === null && needsWrite !== undefined,
      `${needsWrite} needs -w: it is about the file that is written`,
    ],
    [
      write === '-' && needsName !== undefined,
      `${needsName} needs the name of a file: -w - is standard output`,
    ],
  ]);
}

function isDirection(text: string): boolean {
  return /^(in|out|inout)$/i.test(text);
}

/** Fields that are named more than once. */
function named(option: string, names: readonly string[] | null): string[] {
  const again = new Set(names?.filter((name, i) => names.indexOf(name) !== i));
  return [...again].map((name) => `${option}: ${name} is taken once`);
}

function warnings(to: Arguments, given: Given, reading: boolean, words: boolean): string[] {
  const lines: string[] = [];
  const say = (names: readonly string[], what: string): void => {
    if (names.length > 0) lines.push(plural(names, what));
  };
  for (const name of given.names()) {
    if (!REPEATED.has(name) && !(name in ONCE) && given.different(name).length > 1)
      lines.push(`${name} was given with different values: the last one counts`);
  }
  lines.push(...named('--fields', to.fields), ...named('--summary', to.summary));
  if (words && to.expressionFile !== null)
    lines.push('the packet filter is that of -F: the words on the command line are ignored');
  if (to.action !== 'capture') {
    say(given.of(CAPTURING), `nothing is captured with ${given.of(['-d', '-D', '-L', '-J']).join(', ')}`);
    return lines;
  }
  if (reading) {
    say(given.of(ONLY_LIVE.slice(1, -1)), 'about interfaces, of no effect on files');
    say(given.of(['--interval']), 'of no effect on files: they are counted to their end');
    if (given.has('-i'))
      lines.push("-i: of no effect on files; -Q 'if = NAME' chooses an interface's packets");
    say(given.of(['-L', '-J']), 'about interfaces, of no effect on files');
  } else say(given.of(ONLY_READING), 'of no effect: no file is read');
  if (to.write === null)
    say(given.of([...ONLY_WRITING, ...(reading ? ['-y'] : [])]), 'of no effect: no file is written');
  if (to.rotateSeconds !== null && to.rotateSize === null)
    for (const path of [to.write, to.parquet])
      if (path !== null && path !== '-' && !path.includes('%'))
        lines.push(
          `-G: every file has the name ${path} and is written over by the next; %H%M%S makes them differ`,
        );
  if (given.has('-W') && to.rotateSize === null && to.rotateSeconds === null)
    lines.push('-W: of no effect without -C or -G');
  lines.push(...aboutHosts(to, given), ...aboutDumps(to, given));
  return lines;
}

/** What hosts of a fleet are not asked. */
function aboutHosts({ fleet, since }: Arguments, given: Given): string[] {
  const asking = since === null ? [] : given.of(ASKING);
  const own = fleet === null ? [] : given.of(['-j', '--immediate-mode']);
  return [
    ...(asking.length === 0 ? [] : [plural(asking, 'of no effect with --since: nothing is captured')]),
    ...(own.length === 0 ? [] : [plural(own, 'of no effect on the hosts of a fleet')]),
  ];
}

/** Dumps of packets that are not printed. */
function aboutDumps({ countOnly, rows, summary, write, parquet, print }: Arguments, given: Given): string[] {
  const say = (names: readonly string[], what: string): string[] => {
    const found = given.of(names);
    return found.length === 0 ? [] : [plural(found, what)];
  };
  if (countOnly) return say(NOT_COUNTED, 'of no effect: --count prints the number alone');
  if (rows !== null || summary !== null) return say(DUMPS, 'of no effect: packets are shown as data');
  if ((write === null && parquet === null) || print) return [];
  const option = write === null ? '--parquet' : '-w';
  return say(DUMPS, `of no effect: with ${option} packets are printed by --print only`);
}

/**
 * @param to what the options were taken for, one by one
 * @param words whether a packet filter stands on the command line
 */
export function judge(to: Arguments, given: Given, words: boolean): Verdict {
  const reading = to.read !== null || to.readList !== null;
  const refused = refusal(to, given, reading);
  return { refused, warnings: refused === null ? warnings(to, given, reading, words) : [] };
}
