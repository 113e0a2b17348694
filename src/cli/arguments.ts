// The command line: what each option of the table does, and what they add up to.

import { isCaptureId } from '../fleet/index.js';
import { linkTypeByName, MAXIMUM_SNAPSHOT_LENGTH } from '../packet/index.js';
import {
  DEFAULT_METADATA,
  defaultPrintOptions,
  METADATA_LETTERS,
  type PrintOptions,
} from '../print/options.js';
import { Given, judge } from './combinations.js';
import { getopt, type OptionShape } from './getopt.js';
import { ENTRIES, namesOf, type OptionName, PACKET_TYPES } from './options.js';
import { ArgumentError, type Arguments } from './parsed.js';
import { byteSize, duration, hostPatterns } from './values.js';

type Setter = (to: Arguments, value: string) => void;

interface Option extends OptionShape {
  readonly set: Setter;
}

function number(text: string, what: string, most = 2 ** 31 - 1): number {
  if (!/^\d+$/.test(text) || Number(text) > most) throw new ArgumentError(`invalid ${what} ${text}`);
  return Number(text);
}

/** Bytes kept of each packet; decimal, octal or hexadecimal as strtol(3) takes it, 0 for all. */
function snapshotLength(text: string): number {
  const octal = /^0[0-7]+$/.test(text);
  const n = /^(\d+|0[xX][\da-fA-F]+)$/.test(text) ? Number.parseInt(text, octal ? 8 : undefined) : -1;
  if (n < 0 || n > MAXIMUM_SNAPSHOT_LENGTH) {
    throw new ArgumentError(`invalid snaplen ${text} (must be >= 0 and <= ${MAXIMUM_SNAPSHOT_LENGTH})`);
  }
  return n === 0 ? MAXIMUM_SNAPSHOT_LENGTH : n;
}

/** Seconds of an interval at most: a timer takes no more milliseconds. */
const MOST_SECONDS = 2_000_000;

/** Names of fields, which are looked up when they are needed. */
function names(option: string, text: string): string[] {
  const list = text.split(',').map((name) => name.trim());
  if (list.includes('')) throw new ArgumentError(`${option} takes names of fields, separated by commas`);
  return list;
}

function isScope(word: string): boolean {
  return word === 'user' || word === 'system';
}

function oneOf<const T extends string>(option: string, text: string, words: readonly T[]): T {
  const found = words.find((word) => word === text.toLowerCase());
  if (found === undefined) throw new ArgumentError(`${option} takes ${words.join(', ')}, not '${text}'`);
  return found;
}

function positive(text: string, what: string, most?: number): number {
  const n = number(text, what, most);
  if (n === 0) throw new ArgumentError(`invalid ${what} ${text}`);
  return n;
}

/** @throws ArgumentError that names what is no letter of -k */
function requireLetters(word: string): void {
  const wrong = [...word].find((letter) => !METADATA_LETTERS.includes(letter));
  if (wrong !== undefined)
    throw new ArgumentError(`${wrong} is no letter of -k in '${word}': it takes ${METADATA_LETTERS}`);
}

/**
 * Whether the word behind -k is its letters; if not, it is the packet filter's first. No packet filter begins with a word of
 * letters one of which is a capital: that one is meant for -k.
 */
function isLetters(word: string): boolean {
  if (/^[A-Za-z]*[A-Z][A-Za-z]*$/.test(word)) requireLetters(word);
  return word !== '' && [...word].every((letter) => METADATA_LETTERS.includes(letter));
}

function increase(key: 'verbose' | 'hex' | 'hexAscii' | 'ascii'): (to: Arguments) => void {
  return (to) => {
    to.printOptions[key]++;
  };
}

function set(
  key: { [K in keyof PrintOptions]: PrintOptions[K] extends boolean ? K : never }[keyof PrintOptions],
) {
  return (to: Arguments): void => {
    to.printOptions[key] = true;
  };
}

/** What each option does. */
const SETTERS: { readonly [name in OptionName]: Setter } = {
  '-A': increase('ascii'),
  '-b': set('asDot'),
  '-B': (to, v) => {
    to.bufferSize = positive(v, 'packet buffer size');
  },
  '-c': (to, v) => {
    const [first, second] = v.split(',', 2);
    to.count = positive(second ?? first!, 'packet count');
    if (second !== undefined) to.skip = number(first!, 'packet skip count');
  },
  '-C': (to, v) => {
    to.rotateSize = byteSize(v, 1_000_000, 'file size');
  },
  '--comment': (to, v) => {
    to.comments.push(v);
  },
  '--comments': (to, v) => {
    to.ownerComments = oneOf('--comments', v, ['all', 'first', 'none']);
  },
  '--count': (to) => {
    to.countOnly = true;
  },
  '--csv': (to) => {
    to.rows = 'csv';
  },
  '-d': (to) => {
    to.action = 'dump';
    to.dump++;
  },
  '-D': (to) => {
    to.action = 'list-interfaces';
  },
  '--dialect': (to, v) => {
    to.dialect = oneOf('--dialect', v, ['apple', 'wireshark']);
  },
  '-e': set('linkHeader'),
  '-E': (to, v) => {
    to.printOptions.espSecret = v;
  },
  '--extcap': (to) => {
    to.extcap = true;
  },
  '--extcap-parent': (to, v) => {
    to.extcapParent = positive(v, 'process ID');
  },
  '--extcap-control-in': (to, v) => {
    to.toolbar = { ...to.toolbar, input: v };
  },
  '--extcap-control-out': (to, v) => {
    to.toolbar = { ...to.toolbar, output: v };
  },
  '-f': set('foreignNumeric'),
  '-F': (to, v) => {
    to.expressionFile = v;
  },
  '--fields': (to, v) => {
    if (v === 'help') to.action = 'list-fields';
    else to.fields = names('--fields', v);
  },
  '-g': set('oneLine'),
  '-G': (to, v) => {
    // 0 is no rotation, as tcpdump has it.
    to.rotateSeconds = number(v, 'number of seconds') || null;
  },
  '-h': (to) => {
    to.action = 'help';
  },
  '-H': set('mesh'),
  '-i': (to, v) => {
    if (v === '') throw new ArgumentError('-i: an interface name is empty');
    to.interfaces.push(v);
  },
  '-I': (to) => {
    to.monitorMode = true;
  },
  '--immediate-mode': (to) => {
    to.immediate = true;
  },
  '--install-extcap': (to, v) => {
    to.action = 'install-extcap';
    to.scope = v === '' ? null : oneOf('--install-extcap', v, ['user', 'system']);
  },
  '--uninstall-extcap': (to, v) => {
    to.action = 'uninstall-extcap';
    to.scope = v === '' ? null : oneOf('--uninstall-extcap', v, ['user', 'system']);
  },
  '--interval': (to, v) => {
    to.interval = positive(v, 'interval', MOST_SECONDS);
  },
  '-j': (_, v) => {
    if (v !== 'host' && v !== 'host_hiprec') throw new ArgumentError(`invalid time stamp type ${v}`);
  },
  '-J': (to) => {
    to.action = 'list-time-stamp-types';
  },
  '--json': (to) => {
    to.rows = 'json';
  },
  '-k': (to, v) => {
    requireLetters(v);
    to.metadataGiven = true;
    to.fileLetters = v === '' ? null : v;
    to.printOptions.metadata = v === '' ? DEFAULT_METADATA : v;
  },
  '-K': set('noChecksums'),
  '-l': (to) => {
    to.lineBuffered = true;
  },
  '-L': (to) => {
    to.action = 'list-link-types';
  },
  '--lengths': set('lengths'),
  '-m': () => {
    throw new ArgumentError('SMI MIB modules are not supported: object identifiers are printed as numbers');
  },
  '-M': (to, v) => {
    to.printOptions.tcpMd5Secret = v;
  },
  '--max-block-size': (to, v) => {
    to.maximumBlock = byteSize(v, 1, 'block size');
  },
  '--micro': (to) => {
    to.nanoseconds = false;
  },
  '-n': set('numeric'),
  '-N': set('noDomain'),
  '--nano': (to) => {
    to.nanoseconds = true;
  },
  '--no-cmdline': (to) => {
    to.noCommandLines = true;
  },
  '--no-metadata': (to) => {
    to.noMetadata = true;
  },
  '--netns': (to, v) => {
    to.networkNamespaces.push(v);
  },
  '-#': set('number'),
  '-O': (to) => {
    to.optimize = false;
  },
  '-p': (to) => {
    to.promiscuous = false;
  },
  '--parquet': (to, v) => {
    if (v === '' || v === '-') throw new ArgumentError('--parquet takes the name of a file');
    to.parquet = v;
  },
  '-P': (to) => {
    to.pcapng = true;
  },
  '--print': (to) => {
    to.print = true;
  },
  '--print-sampling': (to, v) => {
    to.sampling = positive(v, 'print sampling');
    to.print = true;
    // Sequence numbers are relative to packets that may not be printed, and so not be seen.
    to.printOptions.absoluteSequence = true;
  },
  '-q': set('quiet'),
  '-Q': (to, v) => {
    const direction = v.toLowerCase();
    if (direction === 'in' || direction === 'out' || direction === 'inout') to.direction = direction;
    else to.metadataFilter = v;
  },
  '-r': (to, v) => {
    to.read = v;
  },
  '--smb': set('smb'),
  '-s': (to, v) => {
    to.snapshotLength = snapshotLength(v);
  },
  '-S': set('absoluteSequence'),
  '--skip': (to, v) => {
    to.skip = number(v, 'packet skip count');
  },
  '--sort': (to) => {
    to.sort = true;
  },
  '--summary': (to, v) => {
    to.summary = names('--summary', v);
  },
  '-t': (to, v) => {
    if (v !== '') to.printOptions.timestamp = Number(v);
    else if (to.printOptions.timestamp < 5) to.printOptions.timestamp++;
    else throw new ArgumentError('only -t, -tt, -ttt, -tttt and -ttttt are supported');
  },
  '-T': (to, v) => {
    const type = v.toLowerCase();
    if (!(PACKET_TYPES as readonly string[]).includes(type))
      throw new ArgumentError(`unknown packet type '${v}'`);
    to.printOptions.packetType = type;
  },
  '--time-stamp-precision': (to, v) => {
    if (v !== 'micro' && v !== 'nano') throw new ArgumentError('unsupported time stamp precision');
    to.nanoseconds = v === 'nano';
  },
  '--tls-keys': (to) => {
    to.tlsKeys = true;
  },
  '--tsv': (to) => {
    to.rows = 'tsv';
  },
  '-u': set('undecodedHandles'),
  '-U': (to) => {
    to.unbuffered = true;
  },
  '-v': increase('verbose'),
  '-V': (to, v) => {
    to.readList = v;
  },
  '--version': (to) => {
    to.action = 'version';
  },
  '-w': (to, v) => {
    to.write = v;
  },
  '-W': (to, v) => {
    to.rotateFiles = positive(v, 'number of output files');
  },
  '-x': increase('hex'),
  '-X': increase('hexAscii'),
  '-y': (to, v) => {
    to.linkType = linkTypeByName(v);
    if (to.linkType === null) throw new ArgumentError(`invalid data link type ${v}`);
  },
  '-z': (to, v) => {
    to.rotateCommand = v;
  },
  '-Z': (to, v) => {
    to.user = v;
  },
  '--keep-root': (to) => {
    to.keepRoot = true;
  },
  '--no-sandbox': (to) => {
    to.noSandbox = true;
  },
  '--fleet': (to, v) => {
    if (v === '') throw new ArgumentError('--fleet takes the URL of a server');
    to.fleet = v;
  },
  '--hosts': (to, v) => {
    to.hosts.push(...hostPatterns(v));
  },
  '--key': (to, v) => {
    to.key = v;
  },
  '--ca': (to, v) => {
    to.ca = v;
  },
  '--since': (to, v) => {
    to.since = duration(v, 'time of --since');
  },
  '--capture': (to, v) => {
    if (!isCaptureId(v)) throw new ArgumentError(`invalid capture ID ${v}`);
    to.capture = v;
  },
  '--deadline': (to, v) => {
    to.deadline = duration(v, 'deadline');
  },
  '--budget': (to, v) => {
    to.budget = byteSize(v, 1, 'budget');
  },
  '--rate': (to, v) => {
    to.rate = byteSize(v, 1, 'rate');
  },
  '--flows': (to) => {
    to.flows = true;
  },
  '--apple-arp-plain': () => {},
  '-a': () => {},
  '--apple-truncate': (to) => {
    to.truncate = true;
  },
  '--apple-pktapv2': () => {},
};

/** Which words an option takes that may have a value. */
const ACCEPTS: { readonly [name: string]: (word: string) => boolean } = {
  '-k': isLetters,
  '-t': (word) => /^[0-5]$/.test(word),
  '--install-extcap': isScope,
  '--uninstall-extcap': isScope,
};

/** The options as getopt takes them. */
function options(): Option[] {
  return ENTRIES.map(([name, entry]) => ({
    ...namesOf(name, entry),
    argument: entry.takes === undefined ? 'none' : entry.optional === true ? 'optional' : 'required',
    accepts: ACCEPTS[name],
    set: SETTERS[name],
  }));
}
/**
 * @param args the words after the command's name
 * @throws UsageError for what is no option, ArgumentError for a bad value
 */
export function parseArguments(args: readonly string[]): Arguments {
  const result: Arguments = {
    action: 'capture',
    dump: 0,
    interfaces: [],
    read: null,
    readList: null,
    sort: false,
    write: null,
    rows: null,
    fields: null,
    summary: null,
    interval: null,
    parquet: null,
    print: false,
    countOnly: false,
    sampling: 1,
    count: 0,
    skip: 0,
    snapshotLength: MAXIMUM_SNAPSHOT_LENGTH,
    bufferSize: null,
    promiscuous: true,
    monitorMode: false,
    immediate: false,
    lineBuffered: false,
    unbuffered: false,
    direction: null,
    metadataFilter: null,
    expressionFile: null,
    expression: null,
    optimize: true,
    linkType: null,
    pcapng: false,
    noCommandLines: false,
    metadataGiven: false,
    fileLetters: null,
    noMetadata: false,
    truncate: false,
    user: null,
    keepRoot: false,
    noSandbox: false,
    rotateSize: null,
    rotateSeconds: null,
    rotateFiles: null,
    rotateCommand: null,
    comments: [],
    ownerComments: null,
    dialect: null,
    extcap: false,
    extcapParent: null,
    tlsKeys: false,
    toolbar: null,
    scope: null,
    maximumBlock: null,
    fleet: null,
    hosts: [],
    key: null,
    ca: null,
    since: null,
    capture: null,
    deadline: null,
    budget: null,
    rate: null,
    flows: false,
    networkNamespaces: [],
    command: null,
    dashed: false,
    nanoseconds: null,
    printOptions: defaultPrintOptions(),
    warnings: [],
  };
  const given = new Given();
  const { words, rest } = getopt(args, options(), (option, v) => {
    given.add(option, v);
    option.set(result, v ?? '');
  });
  const reading = result.read !== null || result.readList !== null;
  // While packets are captured, words after `--` are a command to run; of a file, part of the packet filter.
  const expression = reading || rest === null ? [...words, ...(rest ?? [])] : words;
  if (expression.length > 0) result.expression = expression.join(' ');
  result.dashed = rest !== null && rest.length > 0;
  if (!reading && result.dashed) result.command = rest;
  // What is about an interface says nothing of a file, and tcpdump takes it all the same.
  if (reading && (result.action === 'list-link-types' || result.action === 'list-time-stamp-types'))
    result.action = 'capture';
  if (!['help', 'version', 'list-fields', 'install-extcap', 'uninstall-extcap'].includes(result.action)) {
    const { refused, warnings } = judge(result, given, expression.length > 0);
    if (refused !== null) throw new ArgumentError(refused);
    result.warnings.push(...warnings);
  }
  if (result.expressionFile !== null) result.expression = null;
  result.printOptions.nanoseconds = result.nanoseconds === true;
  result.printOptions.snapshotLength = result.snapshotLength;
  return result;
}
