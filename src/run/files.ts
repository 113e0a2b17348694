// Savefiles on both ends of a run: what -r, -V and --sort read, and what -w writes.

import { fstatSync, readFileSync, statSync } from 'node:fs';
import { builtin } from '../builtin.js';
import { ArgumentError, type Arguments } from '../cli/arguments.js';
import { tell } from '../cli/messages.js';
import { sudoUser } from '../cli/sudouser.js';
import { version } from '../cli/usage.js';
import type { Expressions } from '../filter/index.js';
import {
  type Interface,
  isCommonLinkType,
  LinkType,
  linkTypeDescription,
  linkTypeName,
  Packet,
  PacketMetadata,
  type Process,
  type Source,
} from '../packet/index.js';
import type {
  CopySource,
  CreateOptions,
  FileIdentity,
  OpenOptions,
  SavefileSource,
  SavefileWriter,
} from '../savefile/index.js';
import type { Tap } from '../tap/index.js';

/** Link type as messages show it. */
export function describeLinkType(linkType: number): string {
  const name = linkTypeName(linkType);
  return name === null ? String(linkType) : `${name} (${linkTypeDescription(linkType)})`;
}

/** Says which file is read. */
export function tellReading({ path, linkType, snapshotLength }: SavefileSource): void {
  const type = describeLinkType(linkType);
  tell(`reading from file ${path}, link-type ${type}, snapshot length ${snapshotLength}`);
}

/** Says of the first file that the names of its interfaces are this machine's, where it has but their numbers. */
export function tellInterfaces({ linkType }: SavefileSource): void {
  if (linkType === LinkType.LINUX_SLL2) tell('Warning: interface names might be incorrect');
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

/** What a run reads. */
export interface FilesRead {
  readonly source: Source;
  readonly paths: readonly string[];
  /** Those that are open now. */
  readonly sources: readonly SavefileSource[];
  /** What a copy begins with: the first file, or all of them merged. */
  readonly copyOf: CopySource;
  /** All that is known of the link types; more may come with -V. */
  readonly linkTypes: ReadonlySet<number>;
  /** Gets the files that come later. */
  writer: SavefileWriter | null;
  /** Whether a file broke off. */
  broken: boolean;
}

/** Whether packets are counted by their bytes alone. */
export function onlyCounts(parsed: Arguments): boolean {
  const { countOnly, write, metadataFilter, direction } = parsed;
  return (
    countOnly && write === null && metadataFilter === null && (direction === null || direction === 'inout')
  );
}

/** How the arguments want files read. */
export function readOptions(parsed: Arguments): OpenOptions {
  const { maximumBlock } = parsed;
  return { ...(maximumBlock === null ? {} : { maximumBlock }), bytesOnly: onlyCounts(parsed) };
}

/** Whether packets that a filter refuses may be passed over: printing is divided among threads by what they are handed. */
export function canPassOver({ countOnly, write, print }: Arguments): boolean {
  return countOnly || (write !== null && !print);
}

/** What the metadata filter says of a packet's process, when it asks for nothing else; null when it does. */
async function wantedProcesses(parsed: Arguments): Promise<((process: Process) => boolean) | null> {
  const { metadataFilter } = parsed;
  if (metadataFilter === null || !canPassOver(parsed)) return null;
  const { compileMetadataFilter } = await import('../filter/index.js');
  const { matches, ofOwner, trees } = compileMetadataFilter(metadataFilter);
  if (!ofOwner || trees.length > 0) return null;
  const packet = new Packet();
  const metadata = new PacketMetadata();
  packet.metadata = metadata;
  return (process) => {
    metadata.process = process;
    return matches(packet);
  };
}

/**
 * tcpdump compiles a filter for every file, an empty one too, which libpcap refuses for link types it does not know.
 * @throws Error with its reason
 */
async function checkLinkTypes(linkTypes: ReadonlySet<number>, snapshotLength: number): Promise<void> {
  for (const linkType of linkTypes) {
    if (isCommonLinkType(linkType)) continue;
    const { compileExpression } = await import('../filter/index.js');
    try {
      compileExpression('', { linkType, snapshotLength, optimize: true });
    } catch (error) {
      // Without libpcap nobody says what it would know.
      if ((error as Error).message.startsWith('unknown data link type')) throw error;
    }
  }
}

/**
 * Opens what is to be read and says so.
 * @param giveUpRoot called when the files are open and nothing of them was read; null: there is nothing to give up
 */
export async function openFiles(
  parsed: Arguments,
  expressions: Expressions | null,
  giveUpRoot: (() => void) | null,
): Promise<FilesRead> {
  const { openAhead, openMergedSavefiles, openSavefile, openSavefileList, openSavefileStream } = await import(
    '../savefile/index.js'
  );
  const paths = parsed.read !== null ? [parsed.read] : listedFiles(parsed.readList!);
  const bytesOf = giveUpRoot === null ? null : await openAhead(paths);
  const linkTypes = new Set<number>();
  const files = { paths, linkTypes, writer: null as SavefileWriter | null, broken: false };
  const wants = await wantedProcesses(parsed);
  giveUpRoot?.();
  let first: SavefileSource | null = null;
  const onOpen = (source: SavefileSource): void => {
    const { path, linkType } = source;
    tellReading(source);
    source.wants = wants;
    if (canPassOver(parsed)) source.passes = expressions?.forLinkType ?? null;
    linkTypes.add(linkType);
    if (first === null) tellInterfaces(source);
    first ??= source;
    const { writer } = files;
    if (writer === null) return;
    if (writer.options.format === 'pcap' && parsed.linkType === null && linkType !== first.linkType) {
      throw new Error(`${path}: new dlt doesn't match the first; -P writes pcapng, which takes both`);
    }
    writer.copyFrom(source);
  };
  const options = {
    ...readOptions(parsed),
    ...(bytesOf === null ? {} : { bytesOf }),
    onOpen,
    onBroken: (error: Error): void => {
      tell(`pktap: ${error.message}`);
      files.broken = true;
    },
  };
  const open = async (): Promise<Pick<FilesRead, 'source' | 'sources' | 'copyOf'>> => {
    if (parsed.readList === null) {
      const path = paths[0]!;
      const source = await (bytesOf === null
        ? openSavefile(path, readOptions(parsed))
        : openSavefileStream(bytesOf(path), path, readOptions(parsed)));
      onOpen(source);
      return { source, sources: [source], copyOf: source };
    }
    if (parsed.sort) {
      const source = await openMergedSavefiles(paths, options);
      return { source, sources: source.sources, copyOf: source };
    }
    const source = await openSavefileList(paths, options);
    return { source, sources: [source.first], copyOf: source.first };
  };
  const opened = await open();
  await checkLinkTypes(linkTypes, opened.source.snapshotLength);
  return Object.assign(files, opened);
}

/** Whether -w writes pcapng. */
function writesPcapng(parsed: Arguments, files: FilesRead | null, tap: Tap | null): boolean {
  if (parsed.pcapng) return true;
  if (parsed.linkType !== null) {
    if (parsed.comments.length > 0) {
      throw new ArgumentError('--comment needs a pcapng file, which -y without -P does not write');
    }
    return false;
  }
  if (parsed.comments.length > 0 || tap?.tapped === true) return true;
  // Files merged may have several link types, which pcap has no room for.
  return files !== null && (files.copyOf.format === 'pcapng' || files.linkTypes.size > 1);
}

/** What a capture's section header says of the machine. */
function section(comments: readonly string[]): NonNullable<CreateOptions['section']> {
  const os = builtin('node:os');
  const model = os.cpus()[0]?.model ?? '';
  return {
    // Of many arm64 processors the kernel says no name.
    hardware: model === '' || model === 'unknown' ? os.machine() : model,
    os: `${os.type()} ${os.release()}`,
    application: version().trim().replace(' version', ''),
    comments,
  };
}

/** Files that are read, which must not be written over: whatever they are called, and the list of them too. */
function inputsOf(parsed: Arguments, files: FilesRead | null): FileIdentity[] {
  const paths = [...(files?.paths ?? []), parsed.readList, parsed.expressionFile];
  return paths.flatMap((path) => {
    if (path === null) return [];
    try {
      const { dev, ino } = path === '-' ? fstatSync(0) : statSync(path);
      return [{ dev, ino }];
    } catch {
      // A list may name files that are not there.
      return [];
    }
  });
}

/** Says what a name promises that the file is not. */
function tellOfName(path: string, pcapng: boolean, files: FilesRead | null): void {
  if (/\.(gz|zst|lz4|bz2|xz)$/i.test(path))
    tell(`pktap: ${path} is not compressed; -z gzip compresses files when they are closed`);
  else if (pcapng && /\.pcap$/i.test(path))
    tell(
      files === null
        ? `pktap: ${path} is pcapng, for the processes; -y RAW or -y PKTAP writes pcap`
        : `pktap: ${path} is pcapng, for all that is copied; -y EN10MB or another link type writes pcap`,
    );
  else if (!pcapng && /\.pcapng$/i.test(path)) tell(`pktap: ${path} is pcap; -P writes pcapng`);
}

/** Creates what -w names. */
export async function openOutput(
  parsed: Arguments,
  source: Source,
  files: FilesRead | null,
  tap: Tap | null,
  output: Pick<CreateOptions, 'wait' | 'cancelled'>,
): Promise<SavefileWriter> {
  const { createSavefile } = await import('../savefile/index.js');
  const path = parsed.write!;
  const pcapng = writesPcapng(parsed, files, tap);
  tellOfName(path, pcapng, files);
  if (parsed.fileLetters !== null && !parsed.fileLetters.includes('V'))
    tell(
      `pktap: of processes ${path} holds what -k ${parsed.fileLetters} asks for; with V among the letters, everything`,
    );
  const more = {
    inputs: inputsOf(parsed, files),
    // With -Z it is made by that user.
    owner: parsed.user === null ? sudoUser() : null,
    commandLines: !parsed.noCommandLines,
    letters: parsed.fileLetters,
  };
  return createSavefile(path, {
    ...more,
    ...output,
    format: pcapng ? 'pcapng' : 'pcap',
    linkType: parsed.linkType ?? source.linkType,
    onlyLinkType: parsed.linkType !== null,
    snapshotLength: files === null ? parsed.snapshotLength : source.snapshotLength,
    ...(parsed.nanoseconds === null ? {} : { precision: parsed.nanoseconds ? 'nano' : 'micro' }),
    ...(files === null ? {} : { copyOf: files.copyOf }),
    interfaces: tap?.interfaces ?? [],
    ...(tap === null ? {} : { statistics: (of: Interface) => statistics(tap, of), memory: tap.memory }),
    section: section(parsed.comments),
    unbuffered: parsed.unbuffered,
    rotation: {
      size: parsed.rotateSize,
      seconds: parsed.rotateSeconds,
      files: parsed.rotateFiles,
      command: parsed.rotateCommand,
    },
    warn: (message) => tell(`pktap: ${message}`),
    onLimit: () => {
      tell(`Maximum file limit reached: ${parsed.rotateFiles}`);
      source.stop();
    },
  });
}

/** The kernel counts for the capture as a whole: with one interface, these are the interface's. */
function statistics(tap: Tap, of: Interface): { received: number; droppedByKernel: number } | null {
  if (tap.interfaces.length !== 1 || tap.interfaces[0] !== of) return null;
  const { received, droppedByKernel } = tap.counts();
  return { received, droppedByKernel };
}

/** Says what -y left out of the file. */
export function tellLeftOut(writer: SavefileWriter): void {
  const { leftOut } = writer;
  if (leftOut === 0) return;
  const { linkType } = writer.options;
  const what = linkType === LinkType.RAW ? 'IP' : (linkTypeName(linkType) ?? `link type ${linkType}`);
  tell(`pktap: ${leftOut} packet${leftOut === 1 ? '' : 's'} left out of ${writer.path}: not ${what}`);
}
