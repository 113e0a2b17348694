// A run: source → filter → output, and the messages around it.

import { readFileSync, writeSync } from 'node:fs';
import {
  linkTypeDescription,
  linkTypeName,
  type Output,
  type Packet,
  type PacketFilter,
  type Source,
} from '../packet/index.js';
import { SystemNames, TextOutput } from '../print/index.js';
import type { SavefileWriter } from '../savefile/index.js';
import type { Tap } from '../tap/index.js';
import { ArgumentError, type Arguments } from './arguments.js';

/** The packet filter's text: of the command line, or of -F's file. */
export function expressionText(parsed: Arguments): string | null {
  if (parsed.expressionFile === null) return parsed.expression;
  try {
    return readFileSync(parsed.expressionFile, 'utf8').trim();
  } catch (error) {
    const text =
      (error as { code?: string }).code === 'ENOENT' ? 'No such file or directory' : 'Permission denied';
    throw new ArgumentError(`can't open ${parsed.expressionFile}: ${text}`);
  }
}

function describe(linkType: number): string {
  const name = linkTypeName(linkType);
  return name === null ? String(linkType) : `${name} (${linkTypeDescription(linkType)})`;
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Writes a whole block to standard output. A reader that went away is a closed pipe. */
function toStdout(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(1, bytes, at, bytes.length - at);
    } catch (error) {
      if ((error as { code?: string }).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

/** Filters of a run, those that the source has not answered itself. */
async function userFilters(parsed: Arguments, expression: string | null): Promise<PacketFilter[]> {
  const filters: PacketFilter[] = [];
  if (parsed.direction === 'in' || parsed.direction === 'out') {
    const wanted = parsed.direction === 'in' ? 1 : 2;
    filters.push((packet) => packet.metadata !== null && packet.metadata.direction === wanted);
  }
  if (parsed.metadataFilter !== null) {
    const { compileMetadataFilter } = await import('../filter/index.js');
    filters.push(compileMetadataFilter(parsed.metadataFilter).matches);
  }
  if (expression !== null && expression !== '') {
    const { compileExpressions } = await import('../filter/index.js');
    filters.push(compileExpressions(expression, parsed.snapshotLength, parsed.optimize));
  }
  return filters;
}

/** What a run reads, with what is said when it begins. */
interface Opened {
  readonly source: Source;
  readonly tap: Tap | null;
  readonly filters: readonly PacketFilter[];
}

async function openTapSource(parsed: Arguments, expression: string | null): Promise<Opened> {
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
    expression,
    optimize: parsed.optimize,
    networkNamespaces: parsed.networkNamespaces,
    verbose: parsed.printOptions.verbose,
    warn: (message) => tell(`pktap: ${message}`),
  });
  if (parsed.user !== null) tap.dropPrivileges(parsed.user);
  return { source: tap, tap, filters: tap.filter === null ? [] : [tap.filter] };
}

async function openFileSource(parsed: Arguments, expression: string | null): Promise<Opened> {
  const { openSavefile } = await import('../savefile/index.js');
  const options = parsed.maximumBlock === null ? {} : { maximumBlock: parsed.maximumBlock };
  const source = await openSavefile(parsed.read!, options);
  tell(
    `reading from file ${parsed.read}, link-type ${describe(source.linkType)}, snapshot length ${source.snapshotLength}`,
  );
  return { source, tap: null, filters: await userFilters(parsed, expression) };
}

async function openOutput(parsed: Arguments, opened: Opened): Promise<SavefileWriter> {
  const { createSavefile } = await import('../savefile/index.js');
  const { source, tap } = opened;
  const tapped = tap?.tapped ?? false;
  const pcapng =
    parsed.pcapng ||
    (parsed.linkType === null && (tapped || ('format' in source && source.format === 'pcapng')));
  return createSavefile(parsed.write!, {
    format: pcapng ? 'pcapng' : 'pcap',
    linkType: parsed.linkType ?? source.linkType,
    snapshotLength: parsed.snapshotLength,
    ...(parsed.nanoseconds === null ? {} : { precision: parsed.nanoseconds ? 'nano' : 'micro' }),
    interfaces: tap?.interfaces ?? [],
    section: { application: 'pktap', comments: parsed.comments },
    unbuffered: parsed.unbuffered,
    rotation: {
      size: parsed.rotateSize,
      seconds: parsed.rotateSeconds,
      files: parsed.rotateFiles,
      command: parsed.rotateCommand,
    },
    warn: (message) => tell(`pktap: ${message}`),
    onLimit: () => source.stop(),
  });
}

/**
 * Runs a capture or reads a file.
 * @returns the exit status
 */
export async function run(parsed: Arguments): Promise<number> {
  const expression = expressionText(parsed);
  const opened = await (parsed.read === null
    ? openTapSource(parsed, expression)
    : openFileSource(parsed, expression));
  const { source, tap, filters } = opened;
  let file: SavefileWriter | null = null;
  try {
    if (parsed.write !== null) file = await openOutput(parsed, opened);
  } catch (error) {
    source.close();
    throw error;
  }
  const wantsText = !parsed.countOnly && (parsed.write === null || parsed.print);
  const { printOptions } = parsed;
  if (wantsText && !printOptions.numeric) {
    printOptions.names = new SystemNames({
      noDomain: printOptions.noDomain,
      filesOnly: printOptions.foreignNumeric,
    });
  }
  const text = wantsText ? new TextOutput(parsed.printOptions, toStdout) : null;
  if (text !== null) text.lineBuffered = parsed.lineBuffered || process.stdout.isTTY === true;

  let captured = 0;
  let seen = 0;
  const outputs: Output[] = [];
  if (file !== null) outputs.push(file);
  if (text !== null) outputs.push(text);
  const handle = (packet: Packet): boolean => {
    for (let i = 0; i < filters.length; i++) if (!filters[i]!(packet)) return true;
    if (++seen <= parsed.skip) {
      text?.skip();
      return true;
    }
    captured++;
    for (let i = 0; i < outputs.length; i++) outputs[i]!.packet(packet);
    return captured !== parsed.count;
  };

  const stop = (): void => source.stop();
  const report = (): void => counts(parsed, source, captured);
  const reopen = (): void => {
    file?.flush();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGUSR1', report);
  process.on('SIGHUP', tap === null || file === null ? stop : reopen);
  if (tap !== null) announce(parsed, tap, text !== null);
  // A live line must not wait for the block to fill.
  const flusher = tap !== null && text !== null ? setInterval(() => text.flush(), 200) : null;
  let status = 0;
  try {
    await source.run(handle);
  } catch (error) {
    if ((error as { code?: string }).code === 'EPIPE') return 0;
    text?.flush();
    tell(`pktap: ${(error as Error).message}`);
    status = 1;
  } finally {
    if (flusher !== null) clearInterval(flusher);
    source.close();
  }
  try {
    for (const output of outputs) output.close();
  } catch (error) {
    if ((error as { code?: string }).code === 'EPIPE') return 0;
    throw error;
  }
  if (parsed.countOnly) toStdout(Buffer.from(`${plural(captured, 'packet')}\n`));
  if (tap !== null) counts(parsed, source, captured);
  return status;
}

/** What tcpdump says before the first packet. */
function announce(parsed: Arguments, tap: Tap, text: boolean): void {
  if (tap.tapped || parsed.linkType !== null)
    tell(`pktap: data link type ${linkTypeName(parsed.linkType ?? tap.linkType)}`);
  const listening = `listening on ${tap.name}, link-type ${describe(tap.linkType)}, snapshot length ${tap.snapshotLength} bytes`;
  if (text && parsed.printOptions.verbose === 0) {
    tell('pktap: verbose output suppressed, use -v[v]... for full protocol decode');
    tell(listening);
  } else {
    tell(`pktap: ${listening}`);
  }
}

/** The closing counts, and SIGUSR1's. */
function counts(_parsed: Arguments, source: Source, captured: number): void {
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
