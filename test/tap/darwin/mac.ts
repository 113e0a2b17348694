// The command as it runs on a Mac, here: its own code and koffi, with a stand-in for Apple's libraries and kernel (apple.c).

import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type TestContext, test } from 'node:test';

const SOURCES = resolve('test/tap/darwin');

/** Why the stand-in cannot be had here; false when it can. */
export const cannot: string | false =
  process.platform !== 'linux'
    ? "the stand-in for macOS is Linux's"
    : !['/usr/bin/cc', '/usr/bin/clang'].some((file) => existsSync(file))
      ? 'no C compiler'
      : false;

function compiler(): string {
  return existsSync('/usr/bin/cc') ? 'cc' : 'clang';
}

/** Compiles a C file of this folder. @returns what it wrote */
export function compile(source: string, to: string, ...options: string[]): string {
  execFileSync(compiler(), [...options, '-o', to, join(SOURCES, source)], { stdio: 'pipe' });
  return to;
}

const built = new Map<boolean, string>();
let folder: string | null = null;

/** The stand-in, compiled once. */
function library(tap: boolean): string {
  if (folder === null) {
    folder = mkdtempSync(join(tmpdir(), 'pktap-mac-'));
    const made = folder;
    process.on('exit', () => rmSync(made, { recursive: true, force: true }));
  }
  let file = built.get(tap);
  if (file === undefined) {
    const options = ['-shared', '-fPIC', ...(tap ? [] : ['-DWITHOUT_TAP'])];
    file = compile('apple.c', join(folder, tap ? 'apple.so' : 'less.so'), ...options, '-ldl', '-lpthread');
    built.set(tap, file);
  }
  return file;
}

/** What Node runs first: koffi is Linux's, all else believes that it is on a Mac. */
function preload(apple: string): string {
  return `const koffi = require(${JSON.stringify(resolve('node_modules/koffi'))});
const load = koffi.load;
const instead = { '/usr/lib/libpcap.A.dylib': ${JSON.stringify(apple)}, '/usr/lib/libSystem.B.dylib': ${JSON.stringify(apple)} };
koffi.load = (name, ...more) => {
  if (!name.startsWith('/usr/lib/lib')) throw new Error(name + ' is no library of a Mac');
  return load(instead[name] ?? name, ...more);
};
Object.defineProperty(process, 'platform', { value: 'darwin' });
if (process.env.APPLE_UID) process.geteuid = process.getuid = () => Number(process.env.APPLE_UID);
`;
}

export interface MacRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Calls of libpcap's, in their order. */
  readonly calls: readonly string[];
}

export interface MacOptions {
  /** What /dev/bpf gives, a buffer at a read. */
  readonly buffers?: readonly Uint8Array[];
  readonly processes?: readonly (readonly (string | number)[])[];
  readonly users?: readonly (readonly (string | number)[])[];
  readonly env?: Readonly<Record<string, string>>;
  /** Whether Apple's private functions are there. */
  readonly tap?: boolean;
  /** A signal sent once standard output has so many lines. */
  readonly interrupt?: number;
}

function table(lines: readonly (readonly (string | number)[])[]): string {
  return lines.map((fields) => `${fields.join('\t')}\n`).join('');
}

/** Runs the command on the Mac that there is not. */
export async function mac(
  t: TestContext,
  args: readonly string[],
  options: MacOptions = {},
): Promise<MacRun> {
  const place = mkdtempSync(join(tmpdir(), 'pktap-mac-'));
  t.after(() => rmSync(place, { recursive: true, force: true }));
  const file = (name: string, content: string | Uint8Array): string => {
    writeFileSync(join(place, name), content);
    return join(place, name);
  };
  const script = (options.buffers ?? []).map((bytes) => {
    const size = Buffer.alloc(4);
    size.writeUInt32LE(bytes.length);
    return Buffer.concat([size, bytes]);
  });
  const child = spawn(
    process.execPath,
    [
      '--no-warnings',
      '-r',
      file('mac.cjs', preload(library(options.tap ?? true))),
      'dist/command/start.cjs',
      ...args,
    ],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        APPLE_LOG: file('calls', ''),
        APPLE_SCRIPT: file('script', Buffer.concat(script)),
        APPLE_PROCESSES: file('processes', table(options.processes ?? [])),
        APPLE_USERS: file('users', table(options.users ?? [])),
        ...options.env,
      },
    },
  );
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    if (options.interrupt !== undefined && stdout.split('\n').length > options.interrupt)
      child.kill('SIGINT');
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const status = await new Promise<number | null>((done) => child.on('close', done));
  const calls = readFileSync(join(place, 'calls'), 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return { status, stdout, stderr, calls };
}

/** A test that runs where the stand-in does. */
export function macTest(name: string, body: (t: TestContext) => Promise<void>): void {
  test(name, { skip: cannot }, body);
}
