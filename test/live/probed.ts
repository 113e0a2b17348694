// A pktap whose threads try what they may not (test/run/probe.cts), and what they are answered.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TestContext } from 'node:test';
import { cannot } from './world.js';

const PROBE = resolve('dist/test/run/probe.cjs');
export const START = resolve('dist/command/start.cjs');
/** Whom sudo works for here. */
export const USER = 65534;
export const SUDO = { SUDO_UID: String(USER), SUDO_GID: String(USER) };

export interface Answers {
  readonly thread: string;
  readonly [what: string]: string;
}

/** A folder that any user may write in, and one that only root may. */
export function folders(t: TestContext, given = true): { open: string; closed: string } {
  const open = mkdtempSync(join(tmpdir(), 'pktap-sandbox-'));
  const closed = mkdtempSync(join(tmpdir(), 'pktap-sandbox-'));
  if (given) chownSync(open, USER, USER);
  chmodSync(open, 0o755);
  t.after(() => {
    for (const folder of [open, closed]) rmSync(folder, { recursive: true });
  });
  return { open, closed };
}

/** A pcap file of so many packets of 60 zero bytes. */
export function packets(count: number): Buffer {
  const bytes = Buffer.alloc(24 + count * 76);
  Buffer.from('d4c3b2a10200040000000000000000000000040001000000', 'hex').copy(bytes);
  for (let i = 0; i < count; i++) {
    bytes.writeUInt32LE(60, 24 + i * 76 + 8);
    bytes.writeUInt32LE(60, 24 + i * 76 + 12);
  }
  return bytes;
}

/** A pktap whose threads try. */
export class Probed {
  text = '';
  /** Standard output. */
  out = '';
  private readonly ended: Promise<unknown>;

  private constructor(readonly child: ChildProcess) {
    child.stdout!.on('data', (chunk: Buffer) => {
      this.out += chunk.toString();
    });
    child.stderr!.on('data', (chunk: Buffer) => {
      this.text += chunk.toString();
    });
    this.ended = new Promise((done) => child.on('close', done));
  }

  static run(
    t: TestContext,
    words: readonly string[],
    places: { elsewhere: string; inside?: string },
    more = {},
  ): Probed {
    const env = {
      ...process.env,
      PROBE_ELSEWHERE: places.elsewhere,
      PROBE_INSIDE: places.inside ?? '',
      PROBE_PACKAGE: resolve('package.json'),
      ...more,
    };
    const child = spawn(process.execPath, ['--require', PROBE, START, ...words], {
      env,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child.stdin.on('error', () => {});
    t.after(() => {
      child.kill('SIGKILL');
    });
    return new Probed(child);
  }

  /** What threads were answered, once there are so many of them. */
  async answers(count: number): Promise<Answers[]> {
    for (let i = 0; i < 600 && this.found.length < count && this.child.exitCode === null; i++)
      await new Promise((done) => setTimeout(done, 50));
    assert.equal(this.found.length, count, this.text);
    return this.found;
  }

  private get found(): Answers[] {
    return [...this.text.matchAll(/^probe (.*)$/gm)].map(([, json]) => JSON.parse(json!) as Answers);
  }

  async end(): Promise<void> {
    this.child.kill('SIGINT');
    this.child.stdin!.end();
    await this.ended;
  }
}

/** What is refused to every thread, whatever it does. */
export const ALWAYS = { spawn: 'EPERM', execve: 'EPERM', ptrace: 'EPERM', clone: 'EPERM', kill: 'EPERM' };
export const UNCONNECTED = { socket: 'EPERM', connect: 'EPERM' };
export const SECRETS = { shadow: 'EACCES', pool: 'EACCES' };

export function assertAnswers(answers: Answers, expected: Readonly<Record<string, string>>): void {
  const asked = Object.fromEntries(Object.keys(expected).map((what) => [what, answers[what]]));
  assert.deepEqual(asked, expected, answers.thread);
}

/** Why these cannot be tried here; false: they can. */
function impossible(): string | false {
  if (cannot) return cannot;
  const modules = '/sys/kernel/security/lsm';
  return existsSync(modules) && !readFileSync(modules, 'utf8').includes('landlock')
    ? 'needs Landlock'
    : false;
}
export const noLandlock = impossible();
