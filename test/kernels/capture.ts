// A pktap that runs on the booted machine, and what is beside it.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { says } from '../../bench/attribution/world.js';

export const command = resolve('bin/pktap');

export interface Ended {
  readonly status: number | null;
  /** Lines of standard output, and standard error. */
  readonly lines: readonly string[];
  readonly err: string;
}

/** A program that runs: what it says, and how it ends. */
export class Running {
  private out = '';
  private err = '';
  private readonly closed: Promise<number | null>;
  constructor(readonly child: ChildProcess) {
    child.stdout!.on('data', (chunk: Buffer) => {
      this.out += chunk.toString();
    });
    child.stderr!.on('data', (chunk: Buffer) => {
      this.err += chunk.toString();
    });
    this.closed = new Promise((done) => child.on('close', (status) => done(status)));
  }

  async ended(): Promise<Ended> {
    const status = await this.closed;
    return { status, lines: this.out.split('\n').filter((line) => line !== ''), err: this.err };
  }

  /** Lets what was sent arrive, then ends it as Ctrl-C does. */
  async end(): Promise<Ended> {
    await pause(300);
    this.child.kill('SIGINT');
    return this.ended();
  }
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}

/**
 * Starts pktap and waits until it listens.
 * @param before words that run it: setpriv and its options
 */
export async function capture(args: readonly string[], before: readonly string[] = []): Promise<Running> {
  const words = [...before, command, ...args];
  const child = spawn(words[0]!, words.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] });
  const running = new Running(child);
  await says(child, 'stderr', /listening on/);
  return running;
}

/** Runs a program to its end. */
export function run(words: readonly string[]): Promise<Ended & { readonly pid: number }> {
  const child = spawn(words[0]!, words.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] });
  return new Running(child).ended().then((ended) => ({ ...ended, pid: child.pid! }));
}

export const PORT = 8011;

/** A web server on loopback, as a program that is older than any capture. */
export async function webServer(): Promise<ChildProcess> {
  const code = [
    'import http.server',
    'class H(http.server.BaseHTTPRequestHandler):',
    '    def do_GET(self): self.send_response(200); self.end_headers(); self.wfile.write(b"x" * 1000)',
    '    def log_message(self, *_): pass',
    `s = http.server.HTTPServer(("127.0.0.1", ${PORT}), H); print("ready", flush=True); s.serve_forever()`,
  ].join('\n');
  const child = spawn('python3', ['-c', code], { stdio: ['ignore', 'pipe', 'pipe'] });
  await says(child, 'stdout', /ready/);
  return child;
}

/** @param before words that run it */
export function curl(before: readonly string[] = []): Promise<Ended & { readonly pid: number }> {
  return run([...before, 'curl', '-s', '-o', '/dev/null', `http://127.0.0.1:${PORT}/`]);
}

/** What a shell says. */
export function shell(text: string): string {
  return spawnSync('/bin/bash', ['-c', text], { encoding: 'utf8' }).stdout;
}

/** A packet's line taken apart: its process, its direction, whether it goes to the web server. */
export function partsOf(line: string): { proc: string | null; out: boolean; toServer: boolean } {
  const inside = /^\(([^)]*)\)/.exec(line)?.[1]?.split(', ') ?? [];
  return {
    proc: inside.find((part) => part.startsWith('proc '))?.slice(5) ?? null,
    out: inside.includes('out'),
    toServer: line.includes(`> 127.0.0.1.${PORT}:`),
  };
}

/** Lines that say what is missing: the first words of each. */
export const said = ({ err }: Ended): string[] =>
  err.split('\n').filter((line) => /^pktap: (no |less |done )/.test(line));

/** Whether the kernel has a function or variable of that name. */
export const knows = (name: string): boolean => shell(`grep -c ' ${name}$' /proc/kallsyms`).trim() !== '0';

/** What is said on this kernel whatever else is missing: all that it has less than the newest. Null: nothing. */
export const lessAnyway = (): string | null =>
  knows('__traceiter_sock_send_length')
    ? null
    : 'pktap: less exact: no socket tracepoints (6.5 has them): a forked worker that only reads and writes may keep its parent’s name';
