// Secrets come from files that nobody else may read, never from the command line. A key's file says whose it is.

import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { isName } from './names.js';

/** A key's file is small. */
const MOST_BYTES = 64 * 1024;
/** What others may do with a file. */
const OTHERS = 0o077;

/** What a file of secrets has. */
export interface Secret {
  /** A seed of a user's nkey, or whole credentials (a JWT and its seed). */
  readonly kind: 'seed' | 'credentials';
  readonly bytes: Uint8Array;
  /** Who it belongs to, as its comment says: `# pktap host web1`, `# pktap operator alice`. */
  readonly name: string | null;
}

/** @throws Error for a file that others may use, or that has no key */
export function readSecret(path: string): Secret {
  const file = openSync(path, 'r');
  try {
    const { mode, size } = fstatSync(file);
    if ((mode & OTHERS) !== 0) throw new Error(`${path}: others may use it: chmod 600 keeps them off`);
    if (size > MOST_BYTES) throw new Error(`${path}: has no key`);
    return secretOf(readFileSync(file, 'latin1'), path);
  } finally {
    closeSync(file);
  }
}

function secretOf(text: string, path: string): Secret {
  const named = /^# pktap (?:host|operator|admin) (\S+)$/m.exec(text)?.[1] ?? null;
  const name = named !== null && isName(named) ? named : null;
  if (text.includes('-----BEGIN NATS USER JWT-----'))
    return { kind: 'credentials', bytes: Buffer.from(text), name };
  const seed = /^(SU[A-Z2-7]{56})$/m.exec(text)?.[1];
  if (seed === undefined) throw new Error(`${path}: has no seed of a user's nkey (SU…), nor credentials`);
  return { kind: 'seed', bytes: Buffer.from(seed), name };
}
