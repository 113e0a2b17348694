// Secrets come from files that nobody else may read, never from the command line. A key's file says whose it is.

import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { isName } from './names.js';

/** A key's file is small. */
const MOST_BYTES = 64 * 1024;
/** What others may do with a file. */
const OTHERS = 0o077;

export type Role = 'host' | 'operator' | 'admin';

/** What a file of secrets has. */
export interface Secret {
  /** A seed of a user's nkey, or whole credentials (a JWT and its seed). */
  readonly kind: 'seed' | 'credentials';
  readonly bytes: Uint8Array;
  /** Who it belongs to, as its comment says. */
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

/** Whose a key's file is, as its comment says: `# pktap operator alice`; null: it has none. */
export function ownerOf(text: string): { readonly role: Role; readonly name: string } | null {
  const [, role, name] = /^# pktap (host|operator|admin) (\S+)$/m.exec(text) ?? [];
  return role === undefined ? null : { role: role as Role, name: name! };
}

/** The seed in a key's file; null: it has none of a user's nkey. */
export function seedOf(text: string): Uint8Array | null {
  const seed = /^(SU[A-Z2-7]{56})$/m.exec(text)?.[1];
  return seed === undefined ? null : Buffer.from(seed);
}

function secretOf(text: string, path: string): Secret {
  const owner = ownerOf(text);
  const name = owner !== null && isName(owner.name) ? owner.name : null;
  if (text.includes('-----BEGIN NATS USER JWT-----'))
    return { kind: 'credentials', bytes: Buffer.from(text), name };
  const seed = seedOf(text);
  if (seed === null) throw new Error(`${path}: has no seed of a user's nkey (SU…), nor credentials`);
  return { kind: 'seed', bytes: seed, name };
}
