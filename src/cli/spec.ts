// From what the command line says to what a run is.

import { readFileSync } from 'node:fs';
import { isName } from '../fleet/index.js';
import { LinkType } from '../packet/index.js';
import { COLUMN_METADATA, DEFAULT_METADATA } from '../print/options.js';
import type {
  FilesSpec,
  FleetSpec,
  OutputSpec,
  ParquetSpec,
  RowsSpec,
  RunSpec,
  SavefileSpec,
  SummarySpec,
  TapSpec,
  TextSpec,
} from '../run/index.js';
import { isTerminal } from './messages.js';
import { ArgumentError, type Arguments } from './parsed.js';
import { sudoUser } from './sudouser.js';
import { application } from './usage.js';

/** The packet filter's text: of the command line, or of -F's file. */
export function expressionText(parsed: Pick<Arguments, 'expression' | 'expressionFile'>): string | null {
  if (parsed.expressionFile === null) return parsed.expression;
  try {
    // From # to the end of its line is a comment, as in tcpdump's files.
    return readFileSync(parsed.expressionFile, 'utf8')
      .replaceAll(/#[^\n]*/g, '')
      .trim();
  } catch (error) {
    const text =
      (error as { code?: string }).code === 'ENOENT' ? 'No such file or directory' : 'Permission denied';
    throw new ArgumentError(`can't open ${parsed.expressionFile}: ${text}`);
  }
}

/** The files of -V's list, one name a line. */
export function listedFiles(path: string): string[] {
  let text: string;
  try {
    text = readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (error) {
    const { code } = error as { code?: string };
    const reason =
      code === 'ENOENT'
        ? 'No such file or directory'
        : code === 'EISDIR'
          ? 'Is a directory'
          : 'Permission denied';
    throw new ArgumentError(`${path}: ${reason}`);
  }
  const names = text.split('\n').filter((line) => line !== '');
  if (names.length === 0) throw new ArgumentError(`Nothing in ${path}`);
  return names;
}

function filesSpec({ read, readList, sort, maximumBlock }: Arguments): FilesSpec {
  const paths = read !== null ? [read] : listedFiles(readList!);
  return {
    kind: 'files',
    paths,
    order: readList === null ? 'single' : sort ? 'sorted' : 'list',
    maximumBlock,
  };
}

/** -i's interfaces by their names, where they are given by their numbers. */
export async function named(interfaces: readonly string[]): Promise<readonly string[]> {
  if (!interfaces.some((name) => /^\d+$/.test(name))) return interfaces;
  const { listInterfaces } = await import('../tap/index.js');
  return (await import('./lists.js')).numbered(interfaces, await listInterfaces());
}

/** Whether packets are wanted as data, which their processes belong to. */
function asksForData({ rows, summary, parquet }: Arguments): boolean {
  return rows !== null || summary !== null || parquet !== null;
}

async function tapSpec(parsed: Arguments): Promise<TapSpec> {
  const { linkType } = parsed;
  const interfaces = await named(parsed.interfaces);
  return {
    kind: 'tap',
    interfaces,
    processes:
      parsed.metadataGiven ||
      parsed.metadataFilter !== null ||
      parsed.pcapng ||
      asksForData(parsed) ||
      linkType === LinkType.PKTAP ||
      interfaces.length > 1,
    bufferSize: parsed.bufferSize,
    promiscuous: parsed.promiscuous,
    immediate: parsed.immediate,
    networkNamespaces: parsed.networkNamespaces,
    command: parsed.command !== null,
    linkType,
    counts: false,
    host: null,
    verbose: parsed.printOptions.verbose,
  };
}

/** Seconds that a capture of a fleet takes, and bytes that a host sends of it, where nothing is said. */
const DEADLINE = 3600;
const BUDGET = 1 << 30;

/** Who asks, where no key says it. */
export function operatorName(): string {
  const name = process.env['SUDO_USER'] ?? process.env['USER'] ?? process.env['LOGNAME'] ?? '';
  return isName(name) ? name : 'operator';
}

/** What asks a fleet, whatever the command line is. */
export function fleetOf(
  asked: Pick<Arguments, 'fleet' | 'hosts' | 'key' | 'ca' | 'interfaces' | 'bufferSize'> &
    Partial<Pick<Arguments, 'since' | 'capture' | 'deadline' | 'budget' | 'rate' | 'flows' | 'promiscuous'>>,
): FleetSpec {
  return {
    kind: 'fleet',
    url: asked.fleet!,
    key: asked.key,
    ca: asked.ca,
    operator: operatorName(),
    hosts: asked.hosts,
    since: asked.since ?? null,
    capture: asked.capture ?? null,
    seconds: asked.deadline ?? DEADLINE,
    bytes: asked.budget ?? BUDGET,
    rate: asked.rate ?? null,
    flows: asked.flows ?? false,
    interfaces: asked.interfaces,
    processes: true,
    promiscuous: asked.promiscuous ?? false,
    bufferSize: asked.bufferSize,
  };
}

/** What a tap's text has without -k. */
function tapped({ metadataGiven, interfaces, noMetadata }: Arguments): TextSpec['tapped'] {
  if (metadataGiven) return null;
  // tcpdump's own name for every interface has its own column for what the parentheses would say.
  const interfaceColumn = interfaces.includes('any');
  const letters = interfaceColumn ? COLUMN_METADATA : DEFAULT_METADATA;
  return { interfaceColumn, metadata: noMetadata ? '' : letters };
}

function isLineBuffered(parsed: Arguments): boolean {
  return parsed.lineBuffered || parsed.unbuffered || isTerminal();
}

function rowsSpec(parsed: Arguments, format: RowsSpec['format']): RowsSpec {
  return {
    kind: 'rows',
    format,
    fields: parsed.fields,
    print: parsed.printOptions,
    lineBuffered: isLineBuffered(parsed),
    terminal: isTerminal(),
    sampling: parsed.sampling,
  };
}

function summarySpec({ rows, interval }: Arguments, keys: readonly string[]): SummarySpec {
  return {
    kind: 'summary',
    keys,
    format: rows ?? 'table',
    intervalMs: interval === null ? null : interval * 1000,
    terminal: isTerminal(),
  };
}

function textSpec(parsed: Arguments): TextSpec {
  return {
    kind: 'text',
    options: parsed.printOptions,
    tapped: tapped(parsed),
    lineBuffered: isLineBuffered(parsed),
    sampling: parsed.sampling,
  };
}

/** What files have in common, whatever is in them. */
function fileSpec(parsed: Arguments): Pick<SavefileSpec, 'application' | 'rotation' | 'owner' | 'inputs'> {
  const { readList, expressionFile, user } = parsed;
  return {
    application: application(),
    rotation: {
      size: parsed.rotateSize,
      seconds: parsed.rotateSeconds,
      files: parsed.rotateFiles,
      command: parsed.rotateCommand,
    },
    // With -Z it is made by that user.
    owner: user === null ? sudoUser() : null,
    inputs: [readList, expressionFile].filter((file) => file !== null),
  };
}

function savefileSpec(parsed: Arguments, path: string): SavefileSpec {
  return {
    kind: 'savefile',
    path,
    pcapng: parsed.pcapng,
    linkType: parsed.linkType,
    comments: parsed.comments,
    ownerComments: parsed.ownerComments,
    dialect: parsed.dialect,
    letters: parsed.fileLetters,
    commandLines: !parsed.noCommandLines,
    nanoseconds: parsed.nanoseconds,
    unbuffered: parsed.unbuffered,
    ...fileSpec(parsed),
  };
}

function parquetSpec(parsed: Arguments, path: string): ParquetSpec {
  return { kind: 'parquet', path, fields: parsed.fields, print: parsed.printOptions, ...fileSpec(parsed) };
}

/** What is written and printed; nothing with --count alone. */
function outputSpecs(parsed: Arguments): OutputSpec[] {
  const { write, print, countOnly, parquet, summary, rows } = parsed;
  const outputs: OutputSpec[] = [];
  if (write !== null) outputs.push(savefileSpec(parsed, write));
  if (parquet !== null) outputs.push(parquetSpec(parsed, parquet));
  if (summary !== null) outputs.push(summarySpec(parsed, summary));
  else if (rows !== null) outputs.push(rowsSpec(parsed, rows));
  else if (!countOnly && ((write === null && parquet === null) || print)) outputs.push(textSpec(parsed));
  return outputs;
}

/** @throws ArgumentError for a field that there is not, before anything is opened */
async function checkFields({ fields, summary }: Arguments): Promise<void> {
  const { chooseFields, UnknownFieldError } = await import('../decode/facts/index.js');
  try {
    if (fields !== null) chooseFields(fields.join(','));
    if (summary !== null) chooseFields(summary.join(','));
  } catch (error) {
    throw error instanceof UnknownFieldError ? new ArgumentError(error.message) : error;
  }
  if (summary?.includes('info') === true)
    throw new ArgumentError('--summary: info is another text for each packet: no field to group by');
}

/**
 * Makes a run of a capture's or file's arguments.
 * @param expression what `expressionText` gave
 * @throws ArgumentError for an interface or a list of files that is not there
 */
export async function runSpec(parsed: Arguments, expression: string | null): Promise<RunSpec> {
  if (parsed.fields !== null || parsed.summary !== null) await checkFields(parsed);
  const reading = parsed.read !== null || parsed.readList !== null;
  const told = parsed.printOptions.verbose > 0;
  // Of a key log's folder (--tls-keys) root alone may rid the system.
  const behind = sudoUser();
  return {
    source: parsed.fleet !== null ? fleetOf(parsed) : reading ? filesSpec(parsed) : await tapSpec(parsed),
    filter: {
      direction: parsed.direction,
      metadata: parsed.metadataFilter,
      expression,
      optimize: parsed.optimize,
    },
    skip: parsed.skip,
    count: parsed.count,
    snapshotLength: parsed.snapshotLength,
    headersOnly: parsed.truncate,
    outputs: outputSpecs(parsed),
    user: parsed.user,
    yieldsTo:
      parsed.keepRoot || parsed.tlsKeys || parsed.user !== null || behind === null
        ? null
        : { ...behind, told, rereads: false },
    sandbox: parsed.noSandbox ? null : { told, writes: 'outputs', serves: false },
  };
}
