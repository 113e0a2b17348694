// The command after `--`: started when the capture is open, captured with all that it starts, waited for.

import { type ChildProcess, execFileSync, type SpawnOptions, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { resolve } from 'node:path';
import { milliseconds } from '../builtin.js';
import { accountById, asUser, type Credentials, clearAmbient } from '../system/index.js';
import type { Tap } from '../tap/index.js';
import { commandEnvironment } from './environment.js';
import { sudoUser } from './sudouser.js';

/** Milliseconds without a packet after the command's end that end the capture: the last acknowledgements are there by then. */
const QUIET = 100;
/** Milliseconds after which it ends anyway. */
const PATIENCE = 1000;

/** Shells' statuses of what could not be run. */
const NOT_FOUND = 127;
const NOT_EXECUTABLE = 126;

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'No such file or directory',
  EACCES: 'Permission denied',
  ENOEXEC: 'Exec format error',
  E2BIG: 'Argument list too long',
};

/** A command that cannot be started, with the status to exit with. */
export class CommandError extends Error {
  readonly status: number;
  constructor(name: string, code: string | undefined, message: string) {
    super(`${name}: ${REASONS[code ?? ''] ?? message}`);
    this.status = code === 'ENOENT' ? NOT_FOUND : NOT_EXECUTABLE;
  }
}

/**
 * Finds out before the capture begins what would only be known at its end.
 * @throws CommandError when no such program is there
 */
export function requireProgram(name: string): void {
  const folders = name.includes('/') ? [''] : (process.env['PATH'] ?? '/usr/bin:/bin').split(':');
  const there = folders.some((folder) => existsSync(resolve(folder, name)));
  if (name === '' || !there) throw new CommandError(name, 'ENOENT', '');
}

/** The user behind sudo, with the groups that go with it; null: we run as who we are. */
export function invokingUser(): Credentials | null {
  const user = sudoUser();
  if (user === null) return null;
  const { uid, gid } = user;
  const name = accountById(uid)?.name;
  let groups = [gid];
  try {
    // Groups may come from anywhere that the system's name service knows.
    if (name !== undefined)
      groups = execFileSync('id', ['-G', name], { encoding: 'utf8' }).trim().split(' ').map(Number);
  } catch {
    // the user's own group is left
  }
  return { uid, gid, groups };
}

/** The environment as that user's. */
function environmentOf(uid: number): NodeJS.ProcessEnv {
  const account = accountById(uid);
  if (account === null) return commandEnvironment();
  const { name, home, shell } = account;
  return { ...commandEnvironment(), HOME: home, SHELL: shell, USER: name, LOGNAME: name };
}

/** Whether a terminal's Ctrl-C comes to our process group, and so to the command too. Source: proc_pid_stat(5). */
function atTerminal(): boolean {
  if (process.platform !== 'linux') {
    const [own, terminals] = execFileSync('ps', ['-o', 'pgid=,tpgid=', '-p', `${process.pid}`], {
      encoding: 'utf8',
    })
      .trim()
      .split(/\s+/);
    return own === terminals;
  }
  const stat = readFileSync('/proc/self/stat', 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[2] === fields[5];
}

/** A command that runs. */
export class Command {
  private readonly child: ChildProcess;
  private readonly end: Promise<number>;
  private signals = 0;
  private over = false;

  /**
   * @param words program and arguments
   * @param environment changes what it gets
   * @param quiet its standard output goes to standard error, as packets go to ours
   * @throws CommandError
   */
  constructor(
    tap: Tap,
    words: readonly string[],
    quiet: boolean,
    environment: (base: NodeJS.ProcessEnv) => NodeJS.ProcessEnv = (base) => base,
  ) {
    const [name, ...args] = words as [string, ...string[]];
    const user = invokingUser();
    const options: SpawnOptions = { stdio: ['inherit', quiet ? 2 : 'inherit', 'inherit'] };
    options.env = environment(user === null ? commandEnvironment() : environmentOf(user.uid));
    let child: ChildProcess | null = null;
    let failure: NodeJS.ErrnoException | null = null;
    try {
      // What we were given to capture with is not for the command.
      if (process.platform === 'linux') clearAmbient();
      tap.launch(() => {
        const start = (): ChildProcess => spawn(name, args, options);
        // Elsewhere no thread becomes a user by itself: the child does, and has no groups but that user's own.
        if (user !== null && process.platform !== 'linux')
          Object.assign(options, { uid: user.uid, gid: user.gid });
        child = user === null || process.platform !== 'linux' ? start() : asUser(user, start);
        return child.pid;
      });
    } catch (error) {
      failure = error as NodeJS.ErrnoException;
    }
    if (child === null) throw new CommandError(name, failure?.code, failure?.message ?? '');
    this.child = child as ChildProcess;
    this.end = new Promise((done, fail) => {
      this.child.on('error', (error: NodeJS.ErrnoException) => {
        this.over = true;
        fail(new CommandError(name, error.code, error.message));
      });
      this.child.on('exit', (status, signal) => {
        this.over = true;
        done(status ?? 128 + constants.signals[signal!]);
      });
    });
    // Whoever waits hears of it; nobody may wait yet.
    this.end.catch(() => {});
  }

  /** Its status, as a shell says it: 128 and the signal when one ended it. @throws CommandError */
  status(): Promise<number> {
    return this.end;
  }

  /**
   * Resolves when it has ended and no more packets of it come.
   * @param seen how many have come
   */
  async silence(seen: () => number): Promise<void> {
    await this.end.catch(() => {});
    const deadline = milliseconds() + PATIENCE;
    for (let last = -1; last !== seen() && milliseconds() < deadline; ) {
      last = seen();
      await new Promise((done) => setTimeout(done, QUIET));
    }
  }

  /**
   * Passes a signal on to it. A terminal has given it the first Ctrl-C already.
   * @returns false when it has ended
   */
  signal(signal: NodeJS.Signals): boolean {
    if (this.over) return false;
    if (this.signals++ > 0 || signal !== 'SIGINT' || !atTerminal()) this.child.kill(signal);
    return true;
  }
}
