// Loaded by a test into every thread of a pktap that runs (--require): once the thread is contained it tries what it may not, and says on
// standard error how each was answered, as JSON.

import { spawnSync } from 'node:child_process';
import { closeSync, openSync, promises, readFileSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isMainThread, threadId } from 'node:worker_threads';

const { PROBE_ELSEWHERE: elsewhere = '', PROBE_INSIDE: inside = '', PROBE_PACKAGE: from = '' } = process.env;
/** The names of errors by their numbers; the calls below give no others. */
const NAMES: Readonly<Record<number, string>> = {
  1: 'EPERM',
  2: 'ENOENT',
  13: 'EACCES',
  38: 'ENOSYS',
  111: 'ECONNREFUSED',
};

function attempt(work: () => unknown): string {
  try {
    const code = work();
    return typeof code === 'string' ? code : 'done';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

const openAnd = (path: string, flags: string): void => closeSync(openSync(path, flags));

/** System calls by their numbers: on x64. */
function native(): Record<string, string> {
  const koffi = createRequire(from)('koffi') as typeof import('koffi');
  const lib = koffi.load('libc.so.6');
  const call = lib.func('long syscall(long n, long a, long b, long c, long d)');
  const text = lib.func('long syscall(long n, str path, void *b, void *c, long d)');
  const socket = lib.func('int socket(int family, int type, int protocol)');
  const connect = lib.func('int connect(int fd, void *address, uint length)');
  const name = (result: number): string => {
    const number = koffi.errno();
    return result >= 0 ? 'done' : (NAMES[number] ?? String(number));
  };
  const [execve, ptrace, fork] = process.arch === 'x64' ? [59, 101, 57] : [221, 117, 220];
  const stream = socket(2, 1, 0);
  const made = name(stream);
  // Nobody listens there: 127.0.0.1:9.
  const to = new Uint8Array([2, 0, 0, 9, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
  return {
    // No such program: nothing is lost where it is not refused.
    execve: name(text(execve, '/nowhere/at-all', null, null, 0) as number),
    ptrace: name(call(ptrace, 0, 0, 0, 0) as number),
    // Not CLONE_THREAD, and flags that no kernel takes together: nothing is made where it is not refused.
    clone: name(
      (process.arch === 'x64'
        ? call(56, 0x10000000 | 0x200, 0, 0, 0)
        : call(fork, 0x10000200, 0, 0, 0)) as number,
    ),
    socket: made,
    connect: made === 'done' ? name(connect(stream, to, to.length) as number) : made,
    // Of no folder, name or size: whom it is not refused it tells another error.
    openat2: name(call(437, -100, 0, 0, 0) as number),
    kill: name(call(process.arch === 'x64' ? 62 : 129, process.ppid, 0, 0, 0) as number),
  };
}

function tell(answers: Record<string, string>): void {
  writeSync(2, `probe ${JSON.stringify(answers)}\n`);
}

/** What is tried without waiting. */
function tried(): Record<string, string> {
  return {
    thread: isMainThread ? 'main' : 'another',
    spawn: attempt(() => (spawnSync('/bin/true').error as NodeJS.ErrnoException | undefined)?.code),
    shadow: attempt(() => openAnd('/etc/shadow', 'r')),
    elsewhere: attempt(() => openAnd(elsewhere, 'w')),
    inside: inside === '' ? 'none' : attempt(() => openAnd(`${inside}.${threadId}`, 'w')),
    ...native(),
  };
}

async function probe(): Promise<void> {
  const pool = await promises.readFile('/etc/shadow').then(
    () => 'done',
    (error: NodeJS.ErrnoException) => error.code ?? String(error),
  );
  const poolElsewhere = await promises.writeFile(`${elsewhere}.pool`, '').then(
    () => 'done',
    (error: NodeJS.ErrnoException) => error.code ?? String(error),
  );
  tell({ ...tried(), pool, poolElsewhere });
}

/** Whether this thread has a filter. */
function isContained(): boolean {
  return /^Seccomp:\s*2$/m.test(readFileSync('/proc/thread-self/status', 'latin1'));
}

const timer = setInterval(() => {
  if (!isContained()) return;
  clearInterval(timer);
  // A thread binds itself behind the filter that it is made with.
  setTimeout(() => void probe(), 300);
}, 10);
timer.unref();
