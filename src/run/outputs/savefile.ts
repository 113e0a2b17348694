// A run's packets as a savefile.

import { fstatSync, statSync } from 'node:fs';
import { builtin } from '../../builtin.js';
import type { Interface } from '../../packet/index.js';
import type { CreateOptions, FileIdentity } from '../../savefile/index.js';
import type { Tap } from '../../tap/index.js';
import type { FilesRead } from '../files.js';
import type { Opened, OutputContext } from '../output.js';
import type { SessionSource } from '../source.js';
import type { SavefileSpec } from '../spec.js';

/** Whether the file is pcapng. @throws Error for comments that it would have no room for */
function writesPcapng(
  { pcapng, linkType, comments }: SavefileSpec,
  { files, tapped }: Pick<SessionSource, 'files' | 'tapped'>,
): boolean {
  if (pcapng) return true;
  if (linkType !== null) {
    if (comments.length > 0)
      throw new Error('--comment needs a pcapng file, which -y without -P does not write');
    return false;
  }
  if (comments.length > 0 || tapped) return true;
  // Files merged may have several link types, which pcap has no room for.
  return files !== null && (files.copyOf.format === 'pcapng' || files.linkTypes.size > 1);
}

/** What a capture's section header says of the machine. */
function section({ application, comments }: SavefileSpec): NonNullable<CreateOptions['section']> {
  const os = builtin('node:os');
  const model = os.cpus()[0]?.model ?? '';
  return {
    // Of many arm64 processors the kernel says no name.
    hardware: model === '' || model === 'unknown' ? os.machine() : model,
    os: `${os.type()} ${os.release()}`,
    application,
    comments,
  };
}

/** Files that are read, which must not be written over: whatever they are called, and the list of them too. */
export function inputsOf({ inputs }: Pick<SavefileSpec, 'inputs'>, files: FilesRead | null): FileIdentity[] {
  return [...(files?.paths ?? []), ...inputs].flatMap((path) => {
    try {
      const { dev, ino } = path === '-' ? fstatSync(0) : statSync(path);
      return [{ dev, ino }];
    } catch {
      // A list may name files that are not there.
      return [];
    }
  });
}

/** What the name promises that the file is not; null: nothing. */
function falsePromise(path: string, pcapng: boolean): 'compression' | 'pcap' | 'pcapng' | null {
  if (/\.(gz|zst|lz4|bz2|xz)$/i.test(path)) return 'compression';
  if (pcapng) return /\.pcap$/i.test(path) ? 'pcap' : null;
  return /\.pcapng$/i.test(path) ? 'pcapng' : null;
}

/** The kernel counts for the capture as a whole: with one interface, these are the interface's. */
function statistics(tap: Tap, of: Interface): { received: number; droppedByKernel: number } | null {
  if (tap.interfaces.length !== 1 || tap.interfaces[0] !== of) return null;
  const { received, droppedByKernel } = tap.counts();
  return { received, droppedByKernel };
}

/** Opens the file to write. */
export async function openSavefileOutput(file: SavefileSpec, context: OutputContext): Promise<Opened> {
  const { spec, host } = context;
  const { source, files, tap, live } = context.source;
  const { createSavefile } = await import('../../savefile/index.js');
  const { path, linkType, letters, nanoseconds, owner, commandLines, unbuffered, rotation } = file;
  const pcapng = writesPcapng(file, context.source);
  const promises = falsePromise(path, pcapng);
  if (promises !== null) host.notice({ kind: 'file-name', path, promises, copy: files !== null });
  if (letters !== null && !letters.includes('V')) host.notice({ kind: 'file-letters', path, letters });
  const { ownerComments, dialect } = file;
  if (!pcapng && (ownerComments !== null || dialect !== null)) {
    const option = ownerComments === null ? '--dialect' : '--comments';
    host.notice({ kind: 'warning', message: `${option}: of no effect: ${path} is pcap; -P writes pcapng` });
  }
  const { wait, abandoned } = host;
  const writer = await createSavefile(path, {
    inputs: inputsOf(file, files),
    owner,
    commandLines,
    letters,
    ...(wait === undefined ? {} : { wait }),
    ...(abandoned === undefined || !live ? {} : { abandoned }),
    cancelled: context.cancelled,
    format: pcapng ? 'pcapng' : 'pcap',
    linkType: linkType ?? source.linkType,
    onlyLinkType: linkType !== null,
    snapshotLength: files === null ? spec.snapshotLength : source.snapshotLength,
    ...(nanoseconds === null ? {} : { precision: nanoseconds ? 'nano' : 'micro' }),
    ...(files === null ? {} : { copyOf: files.copyOf }),
    interfaces: tap?.interfaces ?? [],
    ...(tap === null ? {} : { statistics: (of: Interface) => statistics(tap, of), memory: tap.memory }),
    section: section(file),
    ...(ownerComments === null ? {} : { ownerComments }),
    ...(dialect === null ? {} : { dialect }),
    unbuffered,
    rotation,
    warn: (message) => host.notice({ kind: 'warning', message }),
    onLimit: () => {
      host.notice({ kind: 'file-limit', files: rotation.files! });
      context.stop();
    },
  });
  const { keys } = host;
  if (keys !== undefined && !pcapng)
    throw new Error('--tls-keys needs a pcapng file, which -y without -P does not write');
  const output =
    keys === undefined ? writer : new (await import('./delayed.js')).DelayedSavefile(writer, keys);
  return {
    output,
    toHost: false,
    onFile: (next, first) => {
      if (!pcapng && linkType === null && next.linkType !== first.linkType)
        throw new Error(`${next.path}: new dlt doesn't match the first; -P writes pcapng, which takes both`);
      writer.copyFrom(next);
    },
    remarks: () => {
      const packets = writer.leftOut;
      return packets === 0
        ? []
        : [{ kind: 'left-out', path: writer.path, packets, linkType: writer.options.linkType }];
    },
  };
}
