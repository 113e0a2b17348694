// A run: source → filter → output, and the messages around it.

import { builtin } from '../builtin.js';
import type { Expressions } from '../filter/index.js';
import { linkTypeName, type Output, type PacketFilter, type Source } from '../packet/index.js';
import type { Network, PrintOptions, SystemNames } from '../print/index.js';
import type { SavefileWriter } from '../savefile/index.js';
import type { Tap } from '../tap/index.js';
import type { Arguments } from './arguments.js';
import type { Command } from './command.js';
import { runSource } from './halves.js';
import { expressionText, packetExpressions, packetHandler, type Taken, userFilters } from './handling.js';
import { isTerminal, say, tell, toStdout } from './messages.js';
import { describeLinkType, type FilesRead, openFiles, openOutput, tellLeftOut } from './savefiles.js';
import { secondThread } from './threads.js';

/** Milliseconds a live packet may wait in a buffer. */
const FLUSH_INTERVAL = 200;

/** Milliseconds that a file's packets wait for one name, and for all names together. */
const NAME_PATIENCE = 2000;
const NAMES_PATIENCE = 10_000;

/** The IPv4 network of an interface, null when it has none: then every address is local. */
function localNetwork(name: string): Network | null {
  const own = builtin('node:os')
    .networkInterfaces()
    [name]?.find(({ family }) => family === 'IPv4');
  if (own === undefined) return null;
  const number = (text: string): number =>
    text.split('.').reduce((sum, byte) => (sum << 8) | Number(byte), 0);
  return [number(own.address), number(own.netmask)];
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** What a run reads, with what is said when it begins. */
interface Opened {
  readonly source: Source;
  readonly tap: Tap | null;
  readonly files: FilesRead | null;
  readonly filters: readonly PacketFilter[];
  /** The packet filter of files; null: there is none. */
  readonly expressions: Expressions | null;
}

/** @param meanwhile what can be done while the kernel is busy with the capture */
async function openTapSource(
  parsed: Arguments,
  expression: string | null,
  meanwhile: () => void,
): Promise<Opened> {
  const { openTap } = await import('../tap/index.js');
  const tap = await openTap({
    interface: parsed.interface,
    processes: parsed.printOptions.metadata !== '' || parsed.metadataFilter !== null || parsed.pcapng,
    snapshotLength: parsed.snapshotLength,
    bufferSize: parsed.bufferSize,
    promiscuous: parsed.promiscuous,
    immediate: parsed.immediate,
    direction: parsed.direction,
    metadataFilter: parsed.metadataFilter,
    command: parsed.command !== null,
    expression,
    optimize: parsed.optimize,
    networkNamespaces: parsed.networkNamespaces,
    verbose: parsed.printOptions.verbose,
    warn: (message) => tell(`pktap: ${message}`),
    meanwhile,
  });
  if (parsed.user !== null) tap.dropPrivileges(parsed.user);
  return {
    source: tap,
    tap,
    files: null,
    filters: tap.filter === null ? [] : [tap.filter],
    expressions: null,
  };
}

async function openFileSource(parsed: Arguments, expression: string | null): Promise<Opened> {
  const expressions = await packetExpressions(parsed, expression);
  const files = await openFiles(parsed, expressions);
  // Root is given up before the first hostile byte is looked at; what is not root has nothing to give up.
  if (parsed.user !== null && process.geteuid!() === 0) {
    (await import('../native/credentials.js')).becomeUser(parsed.user);
  }
  if (expressions !== null) {
    const { checkSense, tellSenseless } = await import('./sense.js');
    // With -V tcpdump ends at such a file; here those behind it are read.
    tellSenseless(expressions, () => {
      if (parsed.readList !== null) files.broken = true;
    });
    await checkSense(expressions, files.sources);
  }
  return {
    source: files.source,
    tap: null,
    files,
    filters: await userFilters(parsed, expressions),
    expressions,
  };
}

/**
 * Runs a capture or reads a file.
 * @param args what was parsed, for a second thread
 * @returns the exit status
 */
export async function run(parsed: Arguments, args: readonly string[]): Promise<number> {
  const expression = expressionText(parsed);
  const commands = parsed.command === null ? null : await import('./command.js');
  commands?.requireProgram(parsed.command![0]!);
  const wantsText = !parsed.countOnly && (parsed.write === null || parsed.print);
  // Node loads a module once, whoever asks for it first.
  const printing = async (): Promise<typeof import('../print/index.js') | null> =>
    wantsText ? import('../print/index.js') : null;
  const reading = parsed.read !== null || parsed.readList !== null;
  if (reading) void printing();
  const opened = await (reading
    ? openFileSource(parsed, expression)
    : openTapSource(parsed, expression, () => void printing()));
  const { source, tap, files, filters, expressions } = opened;
  let file: SavefileWriter | null = null;
  const outputs: Output[] = [];
  const taken: Taken = { seen: 0, captured: 0 };
  let failed = false;
  /** Why the packet filter makes sense for none of a file's packets, where only their end told. */
  let senseless: Error | null = null;
  let closed = false;
  /** Ends the run with a message; a reader that went away ends it quietly. */
  const fail = (error: unknown): void => {
    if (!failed && !isClosedPipe(error)) tell(`pktap: ${(error as Error).message}`);
    failed ||= !isClosedPipe(error);
    closed ||= isClosedPipe(error);
    source.stop();
  };
  /** What signals and timers do. */
  const guarded = (work: () => void) => (): void => {
    try {
      work();
    } catch (error) {
      fail(error);
    }
  };
  let command: Command | null = null;
  /** A command that runs is told first: the capture ends with it. */
  const stop = (signal: NodeJS.Signals): void => {
    if (command?.signal(signal) !== true) source.stop();
  };
  const flush = guarded(() => {
    for (const output of outputs) output.flush();
  });
  process.on('SIGINT', stop).on('SIGTERM', stop);
  process.on('SIGUSR1', () => counts(source, taken.captured)).on('SIGUSR2', flush);
  process.on('SIGHUP', parsed.write === null ? stop : guarded(() => file?.reopen()));
  try {
    if (parsed.write !== null) file = await openOutput(parsed, source, files, tap);
  } catch (error) {
    source.close();
    throw error;
  }
  if (files !== null) files.writer = file;
  const print = await printing();
  const { printOptions } = parsed;
  printOptions.warn = (message) => tell(`pktap: WARNING: ${message}`);
  if (print !== null) warnOfDumps(printOptions);
  let names: SystemNames | null = null;
  if (print !== null && !printOptions.numeric) {
    names = new print.SystemNames({
      noDomain: printOptions.noDomain,
      local: printOptions.foreignNumeric && tap !== null ? localNetwork(tap.name) : null,
      // A live capture waits for no name: the address is printed until it is there.
      patience: tap === null ? NAME_PATIENCE : 0,
      patienceForAll: tap === null ? NAMES_PATIENCE : 0,
    });
    printOptions.names = names;
  }
  const text = print === null ? null : new print.TextOutput(parsed.printOptions, toStdout);
  if (text !== null) text.lineBuffered = parsed.lineBuffered || parsed.unbuffered || isTerminal();
  const printer =
    print === null || text === null ? null : ((await secondThread(parsed, print, text, args)) ?? text);

  if (file !== null) outputs.push(file);
  if (text !== null) outputs.push(text);
  const handle = packetHandler(parsed, filters, file, printer, taken);

  if (tap !== null) announce(parsed, tap, text !== null);
  // A live line must not wait for the block to fill, nor a packet for the file's.
  const flusher = tap !== null ? setInterval(flush, FLUSH_INTERVAL) : null;
  try {
    if (tap !== null && commands !== null) {
      command = new commands.Command(tap, parsed.command!, parsed.write === '-');
      void command.silence(() => taken.seen).then(() => source.stop());
    }
    await runSource(parsed, args, source, handle, taken);
    senseless = taken.seen === 0 ? (expressions?.failure ?? null) : null;
    if (senseless !== null) fail(senseless);
  } catch (error) {
    flush();
    fail(error);
  } finally {
    if (flusher !== null) clearInterval(flusher);
    names?.close();
    source.close();
  }
  for (const output of outputs) guarded(() => output.close())();
  const status = command === null ? 0 : await command.status();
  if (closed) return status;
  if (file !== null) tellLeftOut(file);
  if (parsed.countOnly && senseless === null) say(`${plural(taken.captured, 'packet')}\n`);
  if (tap !== null) counts(source, taken.captured);
  return failed || files?.broken === true ? 1 : status;
}

/** Of two ways to dump packets, one is left out. */
function warnOfDumps({ ascii, hex, hexAscii, warn }: PrintOptions): void {
  const both = (one: string, other: string): void =>
    warn(`${one} and ${other} are mutually exclusive. ${one} ignored.`);
  if (ascii > 0 && hex > 0) both('-A', '-x[x]');
  if (ascii > 0 && hexAscii > 0) both('-A', '-X[X]');
  if (hex > 0 && hexAscii > 0) both('-x[x]', '-X[X]');
}

/** The reader of our output went away. */
function isClosedPipe(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'EPIPE';
}

/** What tcpdump says before the first packet. */
function announce(parsed: Arguments, tap: Tap, text: boolean): void {
  if (tap.tapped || parsed.linkType !== null)
    tell(`pktap: data link type ${linkTypeName(parsed.linkType ?? tap.linkType)}`);
  const listening = `listening on ${tap.name}, link-type ${describeLinkType(tap.linkType)}, snapshot length ${tap.snapshotLength} bytes`;
  if (text && parsed.printOptions.verbose === 0) {
    tell('pktap: verbose output suppressed, use -v[v]... for full protocol decode');
    tell(listening);
  } else {
    tell(`pktap: ${listening}`);
  }
}

/** The closing counts, and SIGUSR1's. */
function counts(source: Source, captured: number): void {
  const counted = source.counts();
  tell(`${plural(captured, 'packet')} captured`);
  tell(`${plural(counted.received, 'packet')} received by filter`);
  tell(`${plural(counted.droppedByKernel, 'packet')} dropped by kernel`);
  if (counted.droppedByInterface > 0)
    tell(`${plural(counted.droppedByInterface, 'packet')} dropped by interface`);
  if (counted.droppedByMetadataFilter > 0) {
    tell(`${plural(counted.droppedByMetadataFilter, 'drop')} by metadata filter`);
  }
}
