// A world of its own for each live test: namespaces, veth pairs, programs, a running pktap; all gone afterwards.

import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { TestContext } from 'node:test';

export const command = resolve('bin/pktap');

/** Why live tests cannot run here; false when they can. */
export const cannot: string | false =
  process.getuid?.() !== 0
    ? 'live capture needs root'
    : !existsSync('/sys/kernel/btf/vmlinux')
      ? 'live capture needs a kernel with BTF'
      : false;

/** Why other users cannot run this command here; false when they can. */
export const closed: string | false =
  cannot ||
  (spawnSync('setpriv', [
    '--reuid=65534',
    '--regid=65534',
    '--clear-groups',
    'test',
    '-r',
    resolve('dist/command/start.cjs'),
  ]).status !== 0 &&
    'other users may not read this folder');

let worlds = 0;

export function ip(...args: string[]): string {
  return execFileSync('ip', args, { encoding: 'utf8' });
}

/** A namespace `b` at the other end of a veth pair whose end `a` is here. */
export interface Pair {
  readonly namespace: string;
  readonly device: string;
  readonly here: string;
  readonly there: string;
  readonly here6: string;
  readonly there6: string;
}

/** Makes a namespace and a veth pair; they go with the test. */
export function makePair(t: TestContext): Pair {
  const id = (process.pid % 200) * 4 + (worlds++ % 4);
  const namespace = `pktap-${process.pid}-${worlds}`;
  const device = `pk${process.pid % 100000}v${worlds}`;
  const net = `10.${77 + (id >> 8)}.${id & 255}`;
  const net6 = `fd77:${id.toString(16)}`;
  ip('netns', 'add', namespace);
  t.after(() => ip('netns', 'del', namespace));
  ip('link', 'add', device, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace);
  ip('addr', 'add', `${net}.1/24`, 'dev', device);
  ip('addr', 'add', `${net6}::1/64`, 'dev', device, 'nodad');
  ip('link', 'set', device, 'up');
  ip('-n', namespace, 'addr', 'add', `${net}.2/24`, 'dev', 'eth0');
  ip('-n', namespace, 'addr', 'add', `${net6}::2/64`, 'dev', 'eth0', 'nodad');
  ip('-n', namespace, 'link', 'set', 'eth0', 'up');
  ip('-n', namespace, 'link', 'set', 'lo', 'up');
  return {
    namespace,
    device,
    here: `${net}.1`,
    there: `${net}.2`,
    here6: `${net6}::1`,
    there6: `${net6}::2`,
  };
}

/** Two namespaces, joined by a veth pair whose ends are both named eth0. */
export interface Two {
  readonly a: string;
  readonly b: string;
  readonly inA: string;
  readonly inB: string;
  readonly inA6: string;
  readonly inB6: string;
}

/** A network namespace with its loopback up; it goes with the test. */
export function makeNamespace(t: TestContext): string {
  const namespace = `pktap-${process.pid}-${++worlds}`;
  ip('netns', 'add', namespace);
  t.after(() => ip('netns', 'del', namespace));
  ip('-n', namespace, 'link', 'set', 'lo', 'up');
  return namespace;
}

/** Joins two namespaces by a veth pair, and gives its ends addresses. */
export function joinNamespaces(
  a: string,
  b: string,
  nameA: string,
  nameB: string,
  addresses: readonly (readonly [namespace: string, address: string])[],
): void {
  ip('link', 'add', nameA, 'netns', a, 'type', 'veth', 'peer', 'name', nameB, 'netns', b);
  for (const [namespace, address] of addresses) {
    const device = namespace === a ? nameA : nameB;
    ip('-n', namespace, 'addr', 'add', address, 'dev', device, ...(address.includes(':') ? ['nodad'] : []));
  }
  ip('-n', a, 'link', 'set', nameA, 'up');
  ip('-n', b, 'link', 'set', nameB, 'up');
}

export function makeTwo(t: TestContext): Two {
  const [a, b] = [makeNamespace(t), makeNamespace(t)];
  joinNamespaces(a, b, 'eth0', 'eth0', [
    [a, '10.94.0.1/24'],
    [b, '10.94.0.2/24'],
    [a, 'fd94::1/64'],
    [b, 'fd94::2/64'],
  ]);
  return { a, b, inA: '10.94.0.1', inB: '10.94.0.2', inA6: 'fd94::1', inB6: 'fd94::2' };
}

/** As makeTwo, with a bridge between them: what comes in does not come with its sender's socket. */
export function makeApart(t: TestContext): Two {
  const [a, wire, b] = [makeNamespace(t), makeNamespace(t), makeNamespace(t)];
  for (const [end, namespace, number] of [
    ['p1', a, 1],
    ['p2', b, 2],
  ] as const) {
    joinNamespaces(namespace, wire, 'eth0', end, [
      [namespace, `10.94.0.${number}/24`],
      [namespace, `fd94::${number}/64`],
    ]);
  }
  ip('-n', wire, 'link', 'add', 'br0', 'type', 'bridge');
  for (const port of ['p1', 'p2']) ip('-n', wire, 'link', 'set', port, 'master', 'br0');
  ip('-n', wire, 'link', 'set', 'br0', 'up');
  return { a, b, inA: '10.94.0.1', inB: '10.94.0.2', inA6: 'fd94::1', inB6: 'fd94::2' };
}

/** A program that runs until the test is over. */
export function start(t: TestContext, program: string, ...args: string[]): ChildProcess {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  t.after(() => {
    child.kill('SIGKILL');
    // What it started may outlive it, and hold the other ends.
    for (const stream of child.stdio) stream?.destroy();
  });
  return child;
}

/** A Python program that says `ready` on standard output; resolves when it has. */
export async function python(t: TestContext, namespace: string | null, code: string): Promise<ChildProcess> {
  const words = ['python3', '-u', '-c', code];
  const all = namespace === null ? words : ['ip', 'netns', 'exec', namespace, ...words];
  const child = start(t, all[0]!, ...all.slice(1));
  await waitFor(child.stdout!, /ready/);
  return child;
}

/** Runs a program to its end, in a namespace or here; its process ID and output. */
export function runProgram(
  namespace: string | null,
  words: string[],
): Promise<{ pid: number; status: number; output: string; errors: string }> {
  const all = namespace === null ? words : ['ip', 'netns', 'exec', namespace, ...words];
  const child = spawn(all[0]!, all.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  return new Promise((done) => {
    child.on('close', (status) => done({ pid: child.pid!, status: status ?? -1, output, errors }));
  });
}

export function waitFor(stream: NodeJS.ReadableStream, pattern: RegExp): Promise<string> {
  let text = '';
  return new Promise((done, fail) => {
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (pattern.test(text)) done(text);
    });
    stream.on('end', () => fail(new Error(`ended before ${pattern}: ${text}`)));
  });
}

export interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
  readonly lines: string[];
}

/** A running pktap. */
export class Capture {
  private out = '';
  private err = '';
  private readonly closed: Promise<number | null>;

  private constructor(readonly child: ChildProcess) {
    child.stdout!.on('data', (chunk: Buffer) => {
      this.out += chunk.toString('latin1');
    });
    child.stderr!.on('data', (chunk: Buffer) => {
      this.err += chunk.toString();
    });
    this.closed = new Promise((done) => child.on('close', (status) => done(status)));
  }

  /** Starts pktap, with the words of `before` in front of it, and waits until it listens. */
  static async begin(
    t: TestContext,
    args: string[],
    environment: NodeJS.ProcessEnv = {},
    before: readonly string[] = [],
  ): Promise<Capture> {
    const [program, ...words] = [...before, command, ...args] as [string, ...string[]];
    const child = spawn(program, words, { env: { ...process.env, ...environment } });
    t.after(() => {
      child.kill('SIGKILL');
    });
    const capture = new Capture(child);
    await waitFor(child.stderr!, /listening on/);
    return capture;
  }

  /** What it has printed so far. */
  get text(): string {
    return this.out;
  }

  /** What it has said so far. */
  get errors(): string {
    return this.err;
  }

  /** Lets what was sent arrive, then ends it as Ctrl-C does. */
  async end(signal: NodeJS.Signals = 'SIGINT'): Promise<Ended> {
    await new Promise((done) => setTimeout(done, 150));
    this.child.kill(signal);
    return this.ended();
  }

  async ended(): Promise<Ended> {
    const status = await this.closed;
    return {
      status,
      out: this.out,
      err: this.err,
      lines: this.out.split('\n').filter((line) => line !== ''),
    };
  }
}

/** `(lo, proc curl:1, svc BE, out, nf, so)` of a line, taken apart. */
export function metadataOf(line: string): {
  face: string;
  proc: string | null;
  dir: string;
  flags: string[];
} {
  const inside = /^\(([^)]*)\)/.exec(line)?.[1]?.split(', ') ?? [];
  return {
    face: inside[0] ?? '',
    proc: inside.find((part) => part.startsWith('proc '))?.slice(5) ?? null,
    dir: inside.find((part) => part === 'in' || part === 'out') ?? '',
    flags: inside.filter((part) => /^(nf|ka|re|so)$/.test(part)),
  };
}

/** The process's name as the kernel has it. */
export function commOf(pid: number): string {
  return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
}
