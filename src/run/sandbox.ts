// What a run may still do once all is open: what it needs. Hostile bytes come only now.

import { readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { serversOf } from '../fleet/index.js';
import { packageFile } from '../packagefolder.js';
import { launchBy } from '../savefile/index.js';
import { Family, type Files, loadSandbox, type Needs, type Ruleset, SYSTEM_FILES } from '../system/index.js';
import type { SessionSource } from './source.js';
import { outputOf, type RunSpec } from './spec.js';
import { isSpecial, placeOf, writtenFiles } from './yielding.js';

/** More interfaces than these are left with the help of a program (tap/linux/network/graceperiods.ts). */
const FEW_INTERFACES = 24;
/** Where names are asked for. */
const DNS = 53;

/** Whether a program is run for each file (-z). */
function runsPrograms({ outputs }: RunSpec): boolean {
  return outputs.some(
    (output) =>
      (output.kind === 'savefile' || output.kind === 'parquet') && (output.rotation.command ?? null) !== null,
  );
}

function asksForNames(spec: RunSpec): boolean {
  return outputOf(spec, 'text')?.options.numeric === false;
}

/** Whether the runtime waits by io_uring, as Node.js 24 does. Where nothing tells, it may. */
function hasRings(): boolean {
  let descriptors: string[];
  try {
    descriptors = readdirSync('/proc/self/fd');
  } catch {
    return true;
  }
  return descriptors.some((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === 'anon_inode:[io_uring]';
    } catch {
      return false; // the folder's own
    }
  });
}

function needsOf(spec: RunSpec, { tap }: SessionSource): Needs {
  const { source } = spec;
  const live = source.kind === 'tap';
  const internet = source.kind === 'fleet' || asksForNames(spec);
  const programs = tap !== null && tap.interfaces.length > FEW_INTERFACES;
  return {
    programs,
    signals: programs || (live && source.command),
    rings: hasRings(),
    capture: live,
    serves: spec.sandbox?.serves === true,
    namespaces: live && source.networkNamespaces.length > 0,
    sockets: [
      ...(live ? [Family.NETLINK, Family.PACKET] : []),
      ...(internet ? [Family.INET, Family.INET6] : []),
    ],
    files: spec.sandbox?.writes === 'anywhere' || writtenFiles(spec).length > 0,
  };
}

/** What is opened for its own sake, and by whatever link it is called. */
function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** The files that a run still opens; null: whatever its user types. */
export function filesOf(spec: RunSpec): Files | null {
  if (spec.sandbox?.writes !== 'outputs') return null;
  const { source } = spec;
  const inputs = source.kind === 'files' ? source.paths.filter((path) => path !== '-') : [];
  return {
    reads: [...SYSTEM_FILES, real(packageFile('.')), dirname(process.execPath), ...inputs],
    writes: writtenFiles(spec).map((written) =>
      isSpecial(written.path) ? written.path : placeOf(written).folder,
    ),
    ports: [
      ...(asksForNames(spec) || source.kind === 'fleet' ? [DNS] : []),
      // A server that has gone is connected to again.
      ...(source.kind === 'fleet' ? serversOf(source.url).servers.map(({ port }) => port) : []),
    ],
  };
}

/** Binds this thread to the files, unless it looks into processes. @returns what is in force, in words */
function bindThread(needs: Needs, files: Files | null, ruleset: Ruleset | null, looks: boolean): string {
  if (needs.programs) return 'not bound to files, as a program is started at the end';
  if (files === null) return 'not bound to files, as any may be written';
  if (ruleset === null) return 'the kernel has no Landlock: not bound to files';
  if (looks) return 'the capturing thread is not bound to files: processes could not be looked into';
  if (!ruleset.restrict()) return 'the kernel refuses Landlock: not bound to files';
  const { writes } = files;
  const written = writes.length === 0 ? 'nowhere' : `in ${writes.join(', ')}`;
  return `files are read that are needed, written ${written} (Landlock ${ruleset.version})`;
}

/**
 * Refuses the process what the run does not need any more.
 * @returns what is in force, in lines
 */
export async function contain(spec: RunSpec, source: SessionSource): Promise<string[]> {
  const { refuseSystemCalls, refuseThreadNewPrivileges, Ruleset } = await loadSandbox();
  if (runsPrograms(spec)) {
    // Begun before all that is refused, but for new privileges.
    refuseThreadNewPrivileges();
    launchBy((await import('./starter.js')).beginStarter());
  }
  const needs = needsOf(spec, source);
  const files = filesOf(spec);
  const lines: string[] = [];
  // A program that is started would be bound too.
  const ruleset = needs.programs || files === null ? null : Ruleset.make(files);
  // Who is bound may not look into processes.
  const looks = source.tap?.tapped === true;
  const bound = bindThread(needs, files, ruleset, looks);
  if (refuseSystemCalls(needs)) {
    const refused = [
      needs.programs ? null : 'programs',
      'tracing',
      needs.sockets.includes(Family.INET) ? 'servers' : 'connections',
      needs.serves ? 'other servers' : null,
      needs.files ? null : 'files for writing',
      'mounts',
    ].filter((what) => what !== null);
    lines.push(`sandbox: no ${refused.join(', ')}; ${bound}`);
    if (needs.rings)
      lines.push('sandbox: what goes through io_uring, which Node.js waits by, is not refused by seccomp');
  } else lines.push(`sandbox: the kernel refuses seccomp; ${bound}`);
  if (ruleset !== null) {
    // A capture has used the pool by now; where files are read, its threads are made later and are bound with this one.
    const older = source.tap !== null && (looks || !ruleset.bindsAll);
    if (older && !(await ruleset.restrictPool()))
      lines.push('sandbox: threads of Node.js for files are not bound to files');
    ruleset.close();
  }
  return lines;
}
