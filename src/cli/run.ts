// A run: source → filter → output, and the messages around it.

import { builtin } from '../builtin.js';
import type { Expressions } from '../filter/index.js';
import type { Network, SystemNames } from '../names/index.js';
import { LinkType, linkTypeName, type Output, type PacketFilter, type Source } from '../packet/index.js';
import { runSource } from '../run/counting.js';
import { describeLinkType, type FilesRead, openFiles, openOutput, tellLeftOut } from '../run/files.js';
import { expressionText, packetExpressions, packetHandler, type Taken, userFilters } from '../run/packets.js';
import { secondThread } from '../run/workers.js';
import type { SavefileWriter } from '../savefile/index.js';
import type { Tap } from '../tap/index.js';
import { ArgumentError, type Arguments } from './arguments.js';
import { waitForRoom } from './blocked.js';
import type { Command } from './command.js';
import { isTerminal, prepareOutput, say, tell, tellRaw, toStdout, waitWith } from './messages.js';

/** Milliseconds a live packet may wait in a buffer. */
const FLUSH_INTERVAL = 200;
/** Milliseconds between two counts that -v says of -w. */
const GOT_INTERVAL = 1000;

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
  const { listInterfaces, openTap } = await import('../tap/index.js');
  const { linkType } = parsed;
  let { interfaces } = parsed;
  if (interfaces.some((name) => /^\d+$/.test(name)))
    interfaces = (await import('./lists.js')).numbered(interfaces, await listInterfaces());
  const tap = await openTap({
    interface: interfaces.length === 0 ? null : interfaces,
    processes:
      parsed.metadataGiven ||
      parsed.metadataFilter !== null ||
      parsed.pcapng ||
      linkType === LinkType.PKTAP ||
      interfaces.length > 1,
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
  if (linkType !== null && !(await import('./lists.js')).linkTypesOf(tap.linkType).includes(linkType)) {
    tap.close();
    throw new ArgumentError(`${linkTypeName(linkType)} is not one of the DLTs supported by this device`);
  }
  if (parsed.user !== null) tap.dropPrivileges(parsed.user);
  return { source: tap, tap, files: null, filters: [], expressions: null };
}

async function openFileSource(parsed: Arguments, expression: string | null): Promise<Opened> {
  const expressions = await packetExpressions(parsed, expression);
  // What is not root has nothing to give up.
  const { user } = parsed;
  const becomes = user !== null && process.geteuid!() === 0;
  const credentials = becomes ? await import('../system/credentials.js') : null;
  const files = await openFiles(
    parsed,
    expressions,
    credentials === null ? null : () => credentials.becomeUser(user!),
  );
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
  const printing = async (): Promise<typeof import('../run/text.js') | null> =>
    wantsText ? import('../run/text.js') : null;
  const reading = parsed.read !== null || parsed.readList !== null;
  if (reading) void printing();
  prepareOutput();
  const opened = await (reading
    ? openFileSource(parsed, expression)
    : openTapSource(parsed, expression, () => void printing())
  ).catch(async (error) => {
    if (expression === null || expression === '') throw error;
    throw (await import('./hints.js')).explained(error, parsed, expression);
  });
  const { source, tap, files, filters, expressions } = opened;
  let file: SavefileWriter | null = null;
  const outputs: Output[] = [];
  const taken: Taken = { seen: 0, captured: 0 };
  let failed = false;
  /** Why the packet filter makes sense for none of a file's packets, where only their end told. */
  let senseless: Error | null = null;
  let closed = false;
  let ended = false;
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
    if (command?.signal(signal) === true) return;
    ended = true;
    source.stop();
  };
  const flush = guarded(() => {
    for (const output of outputs) output.flush();
  });
  process.on('SIGINT', stop).on('SIGTERM', stop);
  process.on('SIGUSR1', () => counts(source, taken.captured)).on('SIGUSR2', flush);
  process.on('SIGHUP', parsed.write === null ? stop : guarded(() => file?.reopen()));
  // What is in the file's buffer is not lost with a process that ends while standard output is stuck.
  waitWith((descriptor) => waitForRoom(descriptor, () => guarded(() => file?.flush())()));
  try {
    if (parsed.write !== null) {
      const output = { wait: (descriptor: number) => waitForRoom(descriptor), cancelled: () => ended };
      file = await openOutput(parsed, source, files, tap, output);
    }
  } catch (error) {
    source.close();
    if (!ended) throw error;
    if (tap !== null) counts(source, 0);
    return 0;
  }
  if (files !== null) files.writer = file;
  const print = await printing();
  const { printOptions } = parsed;
  if (print !== null && tap?.tapped === true && !parsed.metadataGiven) {
    // tcpdump's own name for every interface has its own column for what the parentheses would say.
    printOptions.interfaceColumn = parsed.interfaces.includes('any');
    const letters = printOptions.interfaceColumn ? print.COLUMN_METADATA : print.DEFAULT_METADATA;
    printOptions.metadata = parsed.noMetadata ? '' : letters;
  }
  let names: SystemNames | null = null;
  if (print !== null && !printOptions.numeric) {
    names = new print.SystemNames({
      noDomain: printOptions.noDomain,
      local: printOptions.foreignNumeric && tap !== null ? localNetwork(tap.name) : null,
      // A live capture waits for no name: the address is printed until it is there.
      patience: tap === null ? NAME_PATIENCE : 0,
      patienceForAll: tap === null ? NAMES_PATIENCE : 0,
    });
  }
  const warn = (message: string): void => tell(`pktap: WARNING: ${message}`);
  const text =
    print === null ? null : new print.TextOutput(printOptions, toStdout, print.machineServices(warn, names));
  if (text !== null) text.lineBuffered = parsed.lineBuffered || parsed.unbuffered || isTerminal();
  const printer =
    print === null || text === null ? null : ((await secondThread(parsed, print, text, args)) ?? text);

  if (file !== null) outputs.push(file);
  if (text !== null) outputs.push(text);
  const handle = packetHandler(parsed, filters, file, printer, taken);

  if (tap !== null) announce(parsed, tap, text !== null);
  // A live line must not wait for the block to fill, nor a packet for the file's.
  const timers = tap === null ? [] : [setInterval(flush, FLUSH_INTERVAL)];
  if (tap !== null && file !== null && text === null && printOptions.verbose > 0)
    timers.push(setInterval(() => tellRaw(`Got ${taken.captured}\r`), GOT_INTERVAL));
  try {
    if (tap !== null && commands !== null) {
      command = new commands.Command(tap, parsed.command!, parsed.write === '-');
      void command.silence(() => taken.seen).then(() => source.stop());
    }
    // The command may be a program with rights of its own; what runs from now on needs none. A file's reader has nothing to lose
    // unless it gave up root.
    if ((tap !== null || parsed.user !== null) && process.platform === 'linux')
      (await import('../system/credentials.js')).refuseNewPrivileges();
    await runSource(parsed, args, source, handle, taken);
    senseless = taken.seen === 0 ? (expressions?.failure ?? null) : null;
    if (senseless !== null) fail(senseless);
  } catch (error) {
    flush();
    fail(error);
  } finally {
    for (const timer of timers) clearInterval(timer);
    guarded(() => names?.close())();
    // Whatever goes wrong here, what is buffered is still written.
    guarded(() => source.close())();
  }
  // Signals that come from now on find nothing to flush.
  const closing = outputs.splice(0);
  const written = file;
  file = null;
  for (const output of closing) guarded(() => output.close())();
  const status = command === null ? 0 : await command.status();
  if (closed) return status;
  if (written !== null) tellLeftOut(written);
  if (parsed.countOnly && senseless === null) say(`${plural(taken.captured, 'packet')}\n`);
  if (tap !== null) counts(source, taken.captured);
  return failed || files?.broken === true ? 1 : status;
}

/** The reader of our output went away. */
function isClosedPipe(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'EPIPE';
}

/** What tcpdump says before the first packet. */
function announce(parsed: Arguments, tap: Tap, text: boolean): void {
  if (text && parsed.write === null && parsed.linkType !== null && parsed.linkType !== tap.linkType)
    tell('pktap: -y: of no effect on text: it is about the file that -w writes');
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
