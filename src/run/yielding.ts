// Root given up when there is somebody to become, who runs us by sudo: not where that would cost the run something.

import { accessSync, constants, lstatSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { packageFile } from '../packagefolder.js';
import { accountById, asUser, type Credentials, loadCredentials } from '../system/index.js';
import type { Notice } from './notices.js';
import type { RunSpec } from './spec.js';

const { R_OK, W_OK, X_OK } = constants;

/** A file that a run writes, by its name as it is given: with -G it has conversions. */
export interface Written {
  readonly path: string;
  readonly rotates: boolean;
}

/** The files that a run writes; standard output is none. */
export function writtenFiles({ outputs }: RunSpec): Written[] {
  return outputs.flatMap((output) => {
    if ((output.kind !== 'savefile' && output.kind !== 'parquet') || output.path === '-') return [];
    const { size, seconds } = output.rotation;
    return [{ path: output.path, rotates: size != null || seconds != null }];
  });
}

/** The folder in which a file is made, and what its name begins with: what -G puts in begins at the first `%`. */
export function placeOf({ path, rotates }: Written): { folder: string; prefix: string } {
  const fixed = rotates ? path.replace(/%.*$/s, '') : path;
  if (fixed.endsWith('/')) return { folder: fixed, prefix: '' };
  return { folder: dirname(fixed), prefix: basename(fixed) };
}

/** Whether a path is there and no regular file: it is open by now, and is not made again. */
export function isSpecial(path: string): boolean {
  try {
    return !statSync(path).isFile();
  } catch {
    return false;
  }
}

function may(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

/** What this user may not do that the files to write ask for; null: nothing. */
function refusedOf(written: Written): string | null {
  if (!written.rotates && isSpecial(written.path)) return null;
  const { folder, prefix } = placeOf(written);
  if (!may(folder, W_OK | X_OK)) return `may not write in ${folder}`;
  if (!written.rotates) return null;
  // Files of before that a ring comes to again.
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (name.startsWith(prefix) && lstatSync(path).isFile() && !may(path, W_OK))
      return `may not write ${path}`;
  }
  return null;
}

/** Why a user cannot take over what a run still does; null: it can. */
function obstacle(spec: RunSpec, user: Credentials): string | null {
  return asUser(user, () => {
    if (!may(packageFile('package.json'), R_OK)) return `may not read ${packageFile('.')}`;
    if (spec.yieldsTo?.rereads === true && spec.source.kind === 'files') {
      const closed = spec.source.paths.find((path) => path !== '-' && !may(path, R_OK));
      if (closed !== undefined) return `may not read ${closed}`;
    }
    for (const written of writtenFiles(spec)) {
      const refused = refusedOf(written);
      if (refused !== null) return refused;
    }
    return null;
  });
}

/** Whether a user may open all that is read. */
export function mayRead(paths: readonly string[], user: Credentials): boolean {
  return asUser(user, () => paths.every((path) => path === '-' || may(path, R_OK)));
}

/**
 * Gives root up for who it works for.
 * @param become does it
 * @returns whether it is done; why not is said
 */
export async function yieldRoot(
  spec: RunSpec,
  say: (notice: Notice) => void,
  become: (user: Credentials) => void | Promise<void>,
): Promise<boolean> {
  const { yieldsTo } = spec;
  if (yieldsTo === null) return false;
  const name = accountById(yieldsTo.uid)?.name ?? `user ${yieldsTo.uid}`;
  const keep = (why: string): boolean => {
    say({ kind: 'warning', message: `root is kept: ${why}` });
    return false;
  };
  try {
    const user = (await loadCredentials()).credentialsOf(yieldsTo);
    const why = obstacle(spec, user);
    if (why !== null) return keep(`${name} ${why}`);
    await become(user);
    if (yieldsTo.told) say({ kind: 'warning', message: `root is given up for ${name}` });
    return true;
  } catch (error) {
    return keep(`it cannot become ${name}: ${(error as Error).message}`);
  }
}
