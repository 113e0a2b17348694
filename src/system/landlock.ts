// Which files a thread, and those that it makes later, may open from now on. Source: landlock(7).

import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { addressOf, libc, SYSCALL } from './libc.js';
import { onPoolThreads } from './poolthreads.js';
import { refuseThreadNewPrivileges } from './seccomp.js';

const Access = {
  EXECUTE: 1 << 0,
  WRITE_FILE: 1 << 1,
  READ_FILE: 1 << 2,
  READ_DIR: 1 << 3,
  REMOVE_DIR: 1 << 4,
  REMOVE_FILE: 1 << 5,
  MAKE_REG: 1 << 8,
  REFER: 1 << 13,
  TRUNCATE: 1 << 14,
} as const;
/** All that the first version knows. */
const FIRST = 0x1fff;
/** TCP connections that are made, and ports that are bound. */
const Net = { BIND: 1, CONNECT: 2 } as const;
/** Abstract Unix sockets of others. */
const SCOPE_ABSTRACT = 1;
const Since = { REFER: 2, TRUNCATE: 3, NET: 4, SCOPE: 6, TSYNC: 8 } as const;

const CREATE_VERSION = 1;
const RESTRICT_TSYNC = 8;
const RULE_PATH = 1;
const RULE_PORT = 2;
const O_PATH_CLOEXEC = 0x280000;

/** What may still be opened. Paths that are not there are left out; links lead where they lead now. */
export interface Files {
  /** Files, or folders with all that they hold. */
  readonly reads: readonly string[];
  /** Folders in which files are made and written; or files that are there. */
  readonly writes: readonly string[];
  /** TCP ports that may be connected to. */
  readonly ports: readonly number[];
}

/** What any thread of ours may read: libraries, what the kernel tells, and the system's names; no one's secrets. */
export const SYSTEM_FILES: readonly string[] = [
  '/usr',
  '/lib',
  '/lib64',
  '/nix/store',
  '/gnu/store',
  '/proc',
  '/sys',
  '/dev/null',
  '/dev/urandom',
  '/dev/random',
  '/etc/passwd',
  '/etc/group',
  '/etc/hosts',
  '/etc/services',
  '/etc/protocols',
  '/etc/rpc',
  '/etc/ethers',
  '/etc/resolv.conf',
  '/etc/nsswitch.conf',
  '/etc/host.conf',
  '/etc/gai.conf',
  '/etc/localtime',
  '/etc/timezone',
  '/etc/ld.so.cache',
  '/etc/ssl/openssl.cnf',
];

/** The version that the kernel has; 0: none, or it is switched off. */
function landlockVersion(): number {
  return Math.max(0, libc().syscall6(SYSCALL.landlockCreateRuleset, 0, 0, CREATE_VERSION, 0, 0));
}

function filesHandled(version: number): number {
  return (
    FIRST | (version >= Since.REFER ? Access.REFER : 0) | (version >= Since.TRUNCATE ? Access.TRUNCATE : 0)
  );
}

const READ = Access.READ_FILE | Access.READ_DIR;
const WRITE = READ | Access.WRITE_FILE | Access.MAKE_REG | Access.TRUNCATE;
/** What may be allowed of what is no folder. */
const OF_FILES = Access.READ_FILE | Access.WRITE_FILE | Access.TRUNCATE;

/** A rule for a path, if it is there. */
function allowPath(ruleset: number, path: string, access: number): void {
  let fd: number;
  try {
    fd = openSync(path, O_PATH_CLOEXEC | constants.O_NONBLOCK);
  } catch {
    return;
  }
  try {
    const allowed = fstatSync(fd).isDirectory() ? access : access & OF_FILES;
    // struct landlock_path_beneath_attr, which is packed.
    const rule = new DataView(new ArrayBuffer(12));
    rule.setBigUint64(0, BigInt(allowed), true);
    rule.setInt32(8, fd, true);
    const address = Number(addressOf(new Uint8Array(rule.buffer)));
    libc().syscall6(SYSCALL.landlockAddRule, ruleset, RULE_PATH, address, 0, 0);
  } finally {
    closeSync(fd);
  }
}

function allowPort(ruleset: number, port: number): void {
  const rule = new Uint8Array(new BigUint64Array([BigInt(Net.CONNECT), BigInt(port)]).buffer);
  libc().syscall6(SYSCALL.landlockAddRule, ruleset, RULE_PORT, Number(addressOf(rule)), 0, 0);
}

/** What may still be opened, as the kernel keeps it: for threads that bind themselves to it. */
export class Ruleset {
  private constructor(
    readonly version: number,
    private readonly descriptor: number,
  ) {}

  /** @returns null when the kernel has none */
  static make({ reads, writes, ports }: Files): Ruleset | null {
    const version = landlockVersion();
    if (version === 0) return null;
    const handled = filesHandled(version);
    const net = version >= Since.NET ? Net.BIND | Net.CONNECT : 0;
    const scope = version >= Since.SCOPE ? SCOPE_ABSTRACT : 0;
    const attributes = new Uint8Array(new BigUint64Array([handled, net, scope].map(BigInt)).buffer);
    const size = version >= Since.SCOPE ? 24 : version >= Since.NET ? 16 : 8;
    const address = Number(addressOf(attributes));
    const ruleset = libc().syscall6(SYSCALL.landlockCreateRuleset, address, size, 0, 0, 0);
    if (ruleset < 0) return null;
    for (const path of reads) allowPath(ruleset, path, READ & handled);
    for (const path of writes) allowPath(ruleset, path, WRITE & handled);
    if (net !== 0) for (const port of ports) allowPort(ruleset, port);
    return new Ruleset(version, ruleset);
  }

  /** Binds this thread and those that it makes from now on; where the kernel can (version 8), all threads. New privileges are refused too. */
  restrict(): boolean {
    refuseThreadNewPrivileges();
    const flags = this.bindsAll ? RESTRICT_TSYNC : 0;
    return libc().syscall6(SYSCALL.landlockRestrictSelf, this.descriptor, flags, 0, 0, 0) === 0;
  }

  /** Whether `restrict` binds threads that are there already. */
  get bindsAll(): boolean {
    return this.version >= Since.TSYNC;
  }

  /** Binds the threads of the runtime's pool, to which new privileges are refused already. @returns whether all of them are bound */
  restrictPool(): Promise<boolean> {
    return onPoolThreads((answered) =>
      libc().syscall6.async(SYSCALL.landlockRestrictSelf, this.descriptor, 0, 0, 0, 0, (error, result) =>
        answered(error === null ? result : -1),
      ),
    );
  }

  close(): void {
    libc().close(this.descriptor);
  }
}

/**
 * Lets this thread, and those that it makes from now on, open nothing else (`Ruleset.restrict`). A thread that is bound so is refused what
 * /proc says of other processes to who may trace them alone.
 * @returns the version, 0 when it is not done
 */
export function restrictFiles(files: Files): number {
  const ruleset = Ruleset.make(files);
  if (ruleset === null) return 0;
  try {
    return ruleset.restrict() ? ruleset.version : 0;
  } finally {
    ruleset.close();
  }
}
