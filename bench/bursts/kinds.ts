// Bursts that starve a capture, or its start: many interfaces, open sockets, long chains of processes, forks and execs, large
// command lines. Each kind makes its own world, runs pktap in it, and says what it took and whether the names are right.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

const command = resolve('bin/pktap');
const HURRY = '/sys/kernel/rcu_expedited';

export interface Burst {
  /** Milliseconds until it listens, and from Ctrl-C to its end. */
  readonly start: number;
  readonly stop: number;
  /** Most memory at once, in MiB. */
  readonly memory: number;
  readonly lines: readonly string[];
  readonly errors: string;
}

const pause = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));
const ended = (child: ChildProcess): Promise<void> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((done) => child.on('close', () => done()));

/** Runs pktap; `work` is done while it captures. */
async function capture(args: readonly string[], work: () => Promise<void>): Promise<Burst> {
  const begin = performance.now();
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  try {
    await new Promise<void>((done, fail) => {
      child.stderr.on('data', (chunk: Buffer) => {
        errors += chunk.toString();
        if (errors.includes('listening on')) done();
      });
      child.on('close', () => fail(new Error(errors)));
    });
    const start = performance.now() - begin;
    await work();
    await pause(300);
    const kibibytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'latin1'))![1];
    const before = performance.now();
    child.kill('SIGINT');
    await ended(child);
    const lines = out.split('\n').filter((line) => line !== '');
    return { start, stop: performance.now() - before, memory: Number(kibibytes) / 1024, lines, errors };
  } finally {
    child.kill('SIGKILL');
  }
}

/** A program that says `ready` and ends with its standard input. */
async function helper(program: string, ...args: string[]): Promise<ChildProcess> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  await new Promise<void>((done, fail) => {
    child.stdout!.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('ready')) done();
    });
    child.on('close', () => fail(new Error(`${program} ended`)));
  });
  return child;
}

let worlds = 0;

/** `count` interfaces: pairs of veths, all in one namespace. The kernel takes its ordinary time for grace periods. */
export async function interfaces(count: number, expression: readonly string[] = []): Promise<Burst> {
  const namespace = `pktap-burst-${process.pid}-${++worlds}`;
  const hurried = readFileSync(HURRY, 'latin1');
  const putBack = (): void => {
    writeFileSync(HURRY, hurried);
    execFileSync('ip', ['netns', 'del', namespace]);
  };
  /** Who ends the run must not leave the system with another setting. */
  const killed = (): void => {
    putBack();
    process.exit(1);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, killed);
  execFileSync('ip', ['netns', 'add', namespace]);
  try {
    const lines = Array.from({ length: count >> 1 }, (_, i) => [
      `link add va${i} type veth peer name vb${i}`,
      `addr add 10.${i >> 8}.${i & 255}.1/24 dev va${i}`,
      `link set va${i} up`,
      `link set vb${i} up`,
    ]);
    execFileSync('ip', ['-n', namespace, '-batch', '-'], { input: lines.flat().join('\n') });
    writeFileSync(HURRY, '0');
    const burst = await capture(
      ['--netns', namespace, '-i', 'any', '-w', '/dev/null', ...expression],
      async () => {
        if (readFileSync(HURRY, 'latin1') !== '0\n') throw new Error('rcu_expedited was left on');
      },
    );
    if (readFileSync(HURRY, 'latin1') !== '0\n') throw new Error('rcu_expedited was left on');
    return burst;
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, killed);
    putBack();
  }
}

/** `count` sockets of one process that are open before the capture; the last one sends. */
export async function sockets(count: number, port: number): Promise<Burst & { readonly pid: number }> {
  const child = await helper(
    'python3',
    '-uc',
    `import os, resource, socket, sys
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
most = hard - 100
make = lambda number: [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(number)]
ends, end = os.pipe()
full, filled = os.pipe()
# What one process may not have, others do, until the first one ends.
for left in range(${count} - most, 0, -most):
  if os.fork() == 0:
    os.close(end)
    others = make(min(most, left))
    os.write(filled, b'x')
    os.read(ends, 1)
    os._exit(0)
  os.read(full, 1)
all = make(min(most, ${count}))
for one in (all[0], all[-1]): one.connect(('127.0.0.1', ${port}))
print('ready')
sys.stdin.readline()
for one in (all[0], all[-1]):
  try: one.send(b'x')
  except OSError: one.send(b'x')
print('sent')
sys.stdin.readline()`,
  );
  const burst = await capture(
    ['-tknl', '-i', 'pktap,lo', '-Q', 'dir=out', `udp dst port ${port}`],
    async () => {
      child.stdin!.write('\n');
      await new Promise((done) => child.stdout!.once('data', done));
    },
  );
  child.stdin!.end();
  await ended(child);
  return { ...burst, pid: child.pid! };
}

/** A shell that starts itself, once less each time: its functions call themselves a thousand times at most. */
const CHAIN =
  'if [ "$1" -eq 0 ]; then exec python3 -uc "$2"; else sh -c "$0" "$0" $(($1 - 1)) "$2"; : ; fi; :';

/** A chain of `count` processes, each the child of the one before; the last sends, and the filter asks for the tree of the first. */
export async function chain(count: number, port: number): Promise<Burst> {
  const send = `import socket, sys
print('ready', flush=True)
sys.stdin.readline()
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', ${port}))
sys.stdin.readline()`;
  const child = await helper('sh', '-c', CHAIN, CHAIN, String(count), send);
  const tree = `tree=${child.pid} and dir=out`;
  const burst = await capture(['-tknl', '-i', 'pktap,lo', '-Q', tree, `udp dst port ${port}`], async () => {
    child.stdin!.write('\n');
    await pause(500);
  });
  child.stdin!.end();
  await ended(child);
  return burst;
}

/** `count` programs are started, 16 at once, each with `bytes` of arguments; each sends one datagram and ends. */
export async function programs(count: number, bytes: number, port: number): Promise<Burst> {
  return capture(['-tkNn', '-i', 'pktap,lo', '-Q', 'dir=out', `udp dst port ${port}`], async () => {
    const child = spawn(
      'bash',
      [
        '-c',
        'for ((i = 0; i < $1; i++)); do bash -c "echo x >/dev/udp/127.0.0.1/$3" "$(printf "%0$2d" $i)" & ((i % 16 == 15)) && wait; done; wait',
        'bash',
        String(count),
        String(bytes),
        String(port),
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    await ended(child);
  });
}

/** `count` processes are forked, 32 at once; each sends one datagram and ends. */
export async function forks(count: number, port: number): Promise<Burst> {
  return capture(['-tkn', '-i', 'pktap,lo', '-Q', 'dir=out', `udp dst port ${port}`], async () => {
    const child = spawn(
      'python3',
      [
        '-c',
        `import os, socket
for i in range(${count}):
  if os.fork() == 0:
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', ${port}))
    os._exit(0)
  if i % 32 == 31:
    for _ in range(32): os.wait()`,
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    await ended(child);
  });
}

/** Processes that the lines name, each as often as it is named. */
export function named(lines: readonly string[]): string[] {
  return lines.map((line) => /proc ([^,)]+)/.exec(line)?.[1] ?? '');
}
