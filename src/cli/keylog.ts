// --tls-keys: where the command behind -- and its children write the keys of their TLS connections, and what they have written.
// A file in memory (/dev/shm) that its writer and root alone can read, in a folder of its own; both go when the capture ends.

import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  fchownSync,
  fstatSync,
  ftruncateSync,
  lstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readSync,
  rmdirSync,
  unlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PREFIX = 'pktap-keys-';
const FILE = 'keys';
/** Bytes of keys that are taken at most: a connection has less than a thousand. */
const MOST = 16 * 1024 * 1024;
const PIECE = 64 * 1024;
const LONGEST_LINE = 1024;
/** A line of a key log: what the key is, the client's random, the key. Source: draft-ietf-tls-keylogfile. */
const LINE = /^[A-Z][A-Z0-9_]{3,63} [0-9a-fA-F]{64} [0-9a-fA-F]{32,512}$/;

/** Users whose programs write and who may have to take the folder away. */
export interface KeyLogUsers {
  /** Whom the command runs as; null: who we are. */
  readonly command: { readonly uid: number; readonly gid: number } | null;
  /** Whom root becomes (-Z); null: nobody else. */
  readonly later: { readonly uid: number; readonly gid: number } | null;
}

export class KeyLog {
  readonly path: string;
  /** What is to be told, once. */
  warning: string | null = null;
  readonly #folder: string;
  #descriptor: number;
  #position = 0;
  #taken = 0;
  #rest = Buffer.alloc(0);

  /** @throws Error when there is no place for it */
  constructor({ command, later }: KeyLogUsers) {
    const base = memoryFolder();
    removeStale(base);
    this.#folder = mkdtempSync(join(base, `${PREFIX}${process.pid}-`));
    this.path = join(this.#folder, FILE);
    const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
    this.#descriptor = openSync(this.path, flags, 0o600);
    if (command !== null) {
      // The folder stays ours, so that nobody puts another in its place; whoever writes must get through it.
      fchownSync(this.#descriptor, command.uid, command.gid);
      chmodSync(this.#folder, 0o711);
    }
    if (later !== null) {
      if (command === null) chmodSync(this.#folder, 0o711);
      chownSync(this.#folder, later.uid, later.gid);
    }
  }

  /** @returns an environment that has OpenSSL's, GnuTLS's, NSS's, Python's and Node's programs write their keys */
  environment(base: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
    const option = `--tls-keylog=${this.path}`;
    const { NODE_OPTIONS } = base;
    return {
      ...base,
      SSLKEYLOGFILE: this.path,
      NODE_OPTIONS: NODE_OPTIONS ? `${NODE_OPTIONS} ${option}` : option,
    };
  }

  /** @returns whole lines that were not taken yet, those alone that are keys; null: there are none */
  take(): Uint8Array | null {
    if (this.#descriptor < 0) return null;
    const pieces = [this.#rest];
    const piece = Buffer.alloc(PIECE);
    // Its writer may have emptied it.
    if (fstatSync(this.#descriptor).size < this.#position) this.#position = 0;
    while (this.#taken < MOST) {
      const count = readSync(this.#descriptor, piece, 0, PIECE, this.#position);
      if (count === 0) break;
      pieces.push(Buffer.from(piece.subarray(0, count)));
      this.#position += count;
      this.#taken += count;
    }
    if (this.#taken >= MOST && this.warning === null)
      this.warning = `--tls-keys: more than ${MOST / 1024 / 1024} MiB of keys: those that come now are left out`;
    if (pieces.length === 1) return null;
    const bytes = Buffer.concat(pieces);
    const end = bytes.lastIndexOf(0x0a) + 1;
    // What is longer than any line is none.
    this.#rest = bytes.length - end > LONGEST_LINE ? Buffer.alloc(0) : Buffer.from(bytes.subarray(end));
    const lines = bytes.toString('latin1', 0, end).split(/\r?\n/);
    const keys = lines.filter((line) => LINE.test(line));
    return keys.length === 0 ? null : Buffer.from(`${keys.join('\n')}\n`, 'latin1');
  }

  /** Takes it away. Who still writes to it writes to nowhere. */
  close(): void {
    if (this.#descriptor < 0) return;
    try {
      ftruncateSync(this.#descriptor);
    } catch {
      // it goes all the same
    }
    closeSync(this.#descriptor);
    this.#descriptor = -1;
    remove(this.#folder);
  }
}

function remove(folder: string): void {
  try {
    unlinkSync(join(folder, FILE));
  } catch {
    // somebody has taken it away
  }
  try {
    rmdirSync(folder);
  } catch {
    // it is not ours any more
  }
}

/** A folder in memory, where there is one. */
function memoryFolder(): string {
  try {
    if (lstatSync('/dev/shm').isDirectory()) return '/dev/shm';
  } catch {
    // not on this system
  }
  return tmpdir();
}

/** Takes away what a pktap left that was killed. */
function removeStale(base: string): void {
  for (const name of readdirSync(base)) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    const folder = join(base, name);
    const found = lstatSync(folder, { throwIfNoEntry: false });
    if (found?.isDirectory() && found.uid === process.geteuid?.()) remove(folder);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code !== 'ESRCH';
  }
}
