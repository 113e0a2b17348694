// The files that a run reads.

import type { Expressions } from '../filter/index.js';
import {
  isCommonLinkType,
  LinkType,
  Packet,
  PacketMetadata,
  type Process,
  type Source,
} from '../packet/index.js';
import type { Copied, OpenOptions, Savefile } from '../savefile/index.js';
import type { Notice } from './notices.js';
import { asksBytesOnly, type FilesSpec, outputOf, type RunSpec } from './spec.js';

/** What a run reads. */
export interface FilesRead {
  readonly source: Source;
  readonly paths: readonly string[];
  /** Those that are open now. */
  readonly sources: readonly Savefile[];
  /** What a copy begins with: the first file, or all of them merged. */
  readonly copyOf: Copied;
  /** All that is known of the link types; more may come with -V. */
  readonly linkTypes: ReadonlySet<number>;
  /** Gets each file that is opened later, and the first. */
  onFile: ((source: Savefile, first: Savefile) => void) | null;
  /** Whether a file broke off. */
  broken: boolean;
}

/**
 * How a run wants its files read.
 * @param counts whether its packets are counted, and no more
 */
export function readOptions(spec: RunSpec, { maximumBlock }: FilesSpec, counts: boolean): OpenOptions {
  return {
    ...(maximumBlock === null ? {} : { maximumBlock }),
    bytesOnly: counts && asksBytesOnly(spec),
  };
}

/** Whether packets that a filter refuses may be passed over: printing is divided among threads by what they are handed. */
function canPassOver(spec: RunSpec): boolean {
  return outputOf(spec, 'text') === null;
}

/** What the metadata filter says of a packet's process, when it asks for nothing else; null when it does. */
async function wantedProcesses(spec: RunSpec): Promise<((process: Process) => boolean) | null> {
  const { metadata: text } = spec.filter;
  if (text === null || !canPassOver(spec)) return null;
  const { compileMetadataFilter } = await import('../filter/metadata/index.js');
  const { matches, ofOwner, trees } = compileMetadataFilter(text);
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
 * @param counts whether packets are counted, and no more
 * @param giveUpRoot called when the files are open and nothing of them was read; null: there is nothing to give up
 */
export async function openFiles(
  spec: RunSpec,
  files: FilesSpec,
  expressions: Expressions | null,
  counts: boolean,
  giveUpRoot: (() => void) | null,
  say: (notice: Notice) => void,
): Promise<FilesRead> {
  const { openAhead, openMergedSavefiles, openSavefile, openSavefileList, openSavefileStream } = await import(
    '../savefile/index.js'
  );
  const { paths, order } = files;
  const bytesOf = giveUpRoot === null ? null : await openAhead(paths);
  const linkTypes = new Set<number>();
  const read = { paths, linkTypes, onFile: null as FilesRead['onFile'], broken: false };
  const wants = await wantedProcesses(spec);
  giveUpRoot?.();
  let first: Savefile | null = null;
  const onOpen = (source: Savefile): void => {
    const { path, linkType, snapshotLength } = source;
    say({ kind: 'reading', path, linkType, snapshotLength });
    if (first === null && linkType === LinkType.LINUX_SLL2) say({ kind: 'interface-names' });
    source.wants = wants;
    if (canPassOver(spec)) source.passes = expressions?.forLinkType ?? null;
    linkTypes.add(linkType);
    first ??= source;
    read.onFile?.(source, first);
  };
  const options = {
    ...readOptions(spec, files, counts),
    ...(bytesOf === null ? {} : { bytesOf }),
    onOpen,
    onBroken: (error: Error): void => {
      say({ kind: 'broken-file', error });
      read.broken = true;
    },
  };
  const open = async (): Promise<Pick<FilesRead, 'source' | 'sources' | 'copyOf'>> => {
    if (order === 'single') {
      const path = paths[0]!;
      const how = readOptions(spec, files, counts);
      const source = await (bytesOf === null
        ? openSavefile(path, how)
        : openSavefileStream(bytesOf(path), path, how));
      onOpen(source);
      return { source, sources: [source], copyOf: source };
    }
    if (order === 'sorted') {
      const source = await openMergedSavefiles(paths, options);
      return { source, sources: source.sources, copyOf: source };
    }
    const source = await openSavefileList(paths, options);
    return { source, sources: [source.first], copyOf: source.first };
  };
  const opened = await open();
  await checkLinkTypes(linkTypes, opened.source.snapshotLength);
  return Object.assign(read, opened);
}
