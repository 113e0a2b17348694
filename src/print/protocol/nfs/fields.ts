// Fields that calls and replies of NFS share: handles, names, attributes. Sources: RFC 1094, RFC 1813.

import { OVERRUN } from '../../endings.js';
import { wordOf } from '../../inline.js';
import type { Printer, Words } from '../../printer.js';
import { Span } from '../../span.js';
import { printHandle } from './handle.js';

/** Procedures by the numbers of version 3; NOTHING is version 2's that nobody calls. */
export const Procedure = {
  NULL: 0,
  GETATTR: 1,
  SETATTR: 2,
  LOOKUP: 3,
  ACCESS: 4,
  READLINK: 5,
  READ: 6,
  WRITE: 7,
  CREATE: 8,
  MKDIR: 9,
  SYMLINK: 10,
  MKNOD: 11,
  REMOVE: 12,
  RMDIR: 13,
  RENAME: 14,
  LINK: 15,
  READDIR: 16,
  READDIRPLUS: 17,
  FSSTAT: 18,
  FSINFO: 19,
  PATHCONF: 20,
  COMMIT: 21,
  NOTHING: 25,
} as const;
const NAMES = [
  ...['null', 'getattr', 'setattr', 'lookup', 'access', 'readlink', 'read', 'write', 'create', 'mkdir'],
  ...['symlink', 'mknod', 'remove', 'rmdir', 'rename', 'link', 'readdir', 'readdirplus', 'fsstat', 'fsinfo'],
  ...['pathconf', 'commit'],
];
/** Version 3's number of each procedure of version 2; those up to LAST_VERSION_2 that are not here do nothing. */
const VERSION_2: readonly number[] = [0, 1, 2, 25, 3, 5, 6, 25, 7, 8, 12, 14, 15, 10, 9, 13, 16, 18];
const LAST_VERSION_2 = 25;
const VERSION_3 = 3;

export const WRITE_MODES: Words = { 0: 'unstable', 1: 'datasync', 2: 'filesync' };
export const TYPES: Words = { 0: 'NON', 1: 'REG', 2: 'DIR', 3: 'BLK', 4: 'CHR', 5: 'LNK', 7: 'FIFO' };
const HANDLE_2 = 32;
const ATTRIBUTES_2 = 68;
const ATTRIBUTES_3 = 84;
/** A name longer than this cannot be padded. */
const MOST_NAME = 0xfffffffc;
/** A time that the caller says. */
const BY_CLIENT = 2;

/** Procedure of a call by version 3's numbers, after its name was printed. */
export function printProcedure(p: Printer, version: number, procedure: number): number {
  const known = version === VERSION_3 || procedure > LAST_VERSION_2;
  const number = known ? procedure : (VERSION_2[procedure] ?? Procedure.NOTHING);
  p.text(` ${number === Procedure.NOTHING ? 'nop' : (NAMES[number] ?? `proc-${number}`)}`);
  return number;
}

/** Attributes that a call sets, each null when it does not. */
export interface NewAttributes {
  readonly mode: number | null;
  readonly user: number | null;
  readonly group: number | null;
  readonly accessed: string | null;
  readonly modified: string | null;
}

/** A message's fields, printed from its front on. */
export class NfsFields extends Span {
  readonly v3: boolean;
  readonly verbose: number;

  /** @param at where the next field is */
  constructor(p: Printer, at: number, version: number) {
    super(p, at);
    this.v3 = version === VERSION_3;
    this.verbose = p.options.verbose;
  }

  /** Seconds and their fraction at `offset`. */
  time(offset: number): string {
    return `${this.p.u32(offset)}.${String(this.p.u32(offset + 4)).padStart(6, '0')}`;
  }

  handle(v3 = this.v3): void {
    const words = v3 ? this.u32() >>> 2 : HANDLE_2 / 4;
    printHandle(this.p, this.take(words * 4), words);
  }

  name(): void {
    const { p } = this;
    const length = this.u32();
    if (length > MOST_NAME) {
      p.text('[cannot pad to 32-bit boundaries]');
      p.invalid();
      throw OVERRUN;
    }
    const padded = Math.ceil(length / 4) * 4;
    const at = this.take(padded);
    p.char(34);
    p.safeBytes(at, length);
    p.char(34);
  }

  handleAndName(): void {
    this.handle();
    this.p.char(32);
    this.name();
  }

  /** Attributes that a call sets. */
  newAttributes(): NewAttributes {
    const optional = (): number | null => (this.u32() === 0 ? null : this.u32());
    const time = (): string | null => {
      if (this.u32() !== BY_CLIENT) return null;
      const text = this.time(this.at);
      this.pass(8);
      return text;
    };
    const [mode, user, group] = [optional(), optional(), optional()];
    // The size is not shown, and read with 32 bits where RFC 1813 has 64: what follows one is shifted, as in tcpdump.
    optional();
    return {
      mode: mode ?? null,
      user: user ?? null,
      group: group ?? null,
      accessed: time(),
      modified: time(),
    };
  }

  printNew(set: NewAttributes): void {
    const { p } = this;
    if (set.mode !== null) p.text(` mode ${set.mode.toString(8)}`);
    if (set.user !== null) p.text(` uid ${set.user}`);
    if (set.group !== null) p.text(` gid ${set.group}`);
    if (this.verbose < 2) return;
    if (set.accessed !== null) p.text(` atime ${set.accessed}`);
    if (set.modified !== null) p.text(` mtime ${set.modified}`);
  }

  /** Attributes of a file. */
  attributes(verbose: number, v3: boolean): void {
    const { p, at } = this;
    this.askCaptured(20);
    if (verbose > 0) {
      // -2 has always been nobody's number.
      const ids = `${p.s32(at + 12)}/${p.s32(at + 16)}`;
      p.text(` ${wordOf(TYPES, p.u32(at), 'unk-ft %u ')} ${p.u32(at + 4).toString(8)} ids ${ids}`);
      p.text(` sz ${v3 ? p.u64(at + 20) : p.u32(at + 20)}`);
    }
    if (verbose > 1) {
      if (v3) {
        this.askCaptured(84);
        p.text(` nlink ${p.u32(at + 8)} rdev ${p.u32(at + 36)}/${p.u32(at + 40)}`);
        p.text(` fsid ${p.u64(at + 44).toString(16)} fileid ${p.u64(at + 52).toString(16)}`);
        p.text(` a/m/ctime ${this.time(at + 60)} ${this.time(at + 68)} ${this.time(at + 76)}`);
      } else {
        this.askCaptured(68);
        const [device, system, file] = [28, 36, 40].map((place) => p.u32(at + place).toString(16));
        p.text(` nlink ${p.u32(at + 8)} rdev 0x${device} fsid 0x${system} nodeid 0x${file}`);
        p.text(` a/m/ctime ${this.time(at + 44)} ${this.time(at + 52)} ${this.time(at + 60)}`);
      }
    }
    this.pass(v3 ? ATTRIBUTES_3 : ATTRIBUTES_2);
  }
}
