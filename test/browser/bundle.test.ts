// The bundle for browsers, run without anything of Node's: it prints, decodes and filters as the command does.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';

const folder = mkdtempSync(join(tmpdir(), 'pktap-browser-'));
after(() => rmSync(folder, { recursive: true }));
const CURL = resolve('examples/curl.pcapng');
const captures = join(process.env['PKTAP_CORPUS'] ?? '../shared/corpus', 'captures');
const bundle = pathToFileURL(resolve('dist/browser/index.js')).href;
const MOST = 1 << 28;

interface Job {
  readonly path: string;
  readonly as: 'blob' | 'bytes' | 'chunks';
  readonly verbose: number;
  readonly filter: string | null;
}

interface Result {
  readonly text: string;
  readonly rows: string;
  readonly error: string | null;
}

function inBundle(jobs: readonly Job[]): Result[] {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', 'dist/test/browser/program.js', JSON.stringify(jobs), bundle],
    { encoding: 'utf8', maxBuffer: MOST },
  );
  assert.equal(status, 0, stderr);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** The command's words for the same. */
function byCommand({ path, verbose, filter }: Job): Result {
  const filters = filter === null ? [] : ['-Q', filter];
  const run = (...args: string[]): { out: string; err: string } => {
    const { stdout, stderr } = spawnSync('bin/pktap', [...args, ...filters, '-r', path], {
      encoding: 'utf8',
      maxBuffer: MOST,
    });
    return { out: stdout, err: stderr };
  };
  const fields = 'all,info';
  const words = verbose > 0 ? [`-${'v'.repeat(verbose)}`] : [];
  const { out, err } = run('-tttt', '-n', ...words, '-k', 'INPSDCF');
  const error = /^pktap: (.*\(.*, byte \d+\).*)$/m.exec(err)?.[1] ?? null;
  return { text: out, rows: run('--json', '--fields', fields).out, error };
}

/** What the command said before of a file, whichever way its bytes come. */
const known = new Map<string, Result>();
const keyOf = ({ path, verbose, filter }: Job): string => JSON.stringify([path, verbose, filter]);

function assertSame(jobs: readonly Job[]): void {
  const results = inBundle(jobs);
  assert.equal(results.length, jobs.length);
  for (const [i, job] of jobs.entries()) {
    const wanted = known.get(keyOf(job)) ?? byCommand(job);
    known.set(keyOf(job), wanted);
    const got = results[i]!;
    assert.equal(got.error, wanted.error, job.path);
    assert.equal(got.text, wanted.text, job.path);
    assert.equal(got.rows, wanted.rows, job.path);
  }
}

test('a capture with processes, as a Blob, as bytes and by pieces, plain and compressed', () => {
  const plain = readFileSync(CURL);
  const files: string[] = [CURL];
  const keep = (name: string, bytes: Uint8Array): void => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    files.push(path);
  };
  keep('curl.pcapng.gz', gzipSync(plain));
  for (const [program, suffix] of [
    ['zstd', 'zst'],
    ['lz4', 'lz4'],
  ] as const) {
    const { stdout, status } = spawnSync(program, ['-c'], { input: plain });
    if (status === 0) keep(`curl.pcapng.${suffix}`, stdout);
  }
  assertSame(
    files.flatMap((path) =>
      (['blob', 'bytes', 'chunks'] as const).map((as): Job => ({ path, as, verbose: 1, filter: null })),
    ),
  );
});

test('-Q, of what the kernel knows and of what packets say', () => {
  const job = { path: CURL, as: 'blob', verbose: 0 } as const;
  const filters = [
    'proc = curl',
    'not proc = curl',
    "http.path ~ '^/' or tcp.flags = SYN",
    'ip.dst = 127.0.0.0/8 and tcp.dstport > 8000',
    'user = root',
    'dir = out',
  ];
  assertSame(filters.map((filter): Job => ({ ...job, filter })));
});

test('files that are broken or hostile: the same packets, the same words', () => {
  const plain = readFileSync(CURL);
  const broken: Record<string, Uint8Array> = {
    cut: plain.subarray(0, -20),
    'cut.gz': gzipSync(plain).subarray(0, -30),
    random: Uint8Array.from({ length: 5000 }, (_, i) => (i * i * 31 + 7) & 0xff),
    short: plain.subarray(0, 3),
    empty: new Uint8Array(0),
  };
  for (let i = 0; i < 8; i++) {
    const bytes = Uint8Array.from(plain);
    for (let k = 0; k < 8; k++)
      bytes[40 + ((i * 7919 + k * 104729) % (bytes.length - 40))] = (i * 37 + k * 11) & 0xff;
    broken[`flipped${i}`] = bytes;
  }
  assertSame(
    Object.entries(broken).map(([name, bytes]): Job => {
      const path = join(folder, name);
      writeFileSync(path, bytes);
      return { path, as: 'blob', verbose: 2, filter: null };
    }),
  );
});

const EVERY = process.env['PKTAP_CAPTURES'] === 'all' ? 1 : 12;
test('public captures of many kinds', {
  skip: !existsSync(captures) && 'no captures to compare with',
}, () => {
  const names = readdirSync(captures).sort();
  const ways = ['blob', 'bytes', 'chunks'] as const;
  const jobs = names
    .filter((_, i) => i % EVERY === 0)
    .map(
      (name, i): Job => ({
        path: resolve(captures, name),
        as: ways[i % 3]!,
        verbose: i % 2 === 0 ? 0 : 2,
        filter: null,
      }),
    );
  assert.ok(jobs.length > 20, `${jobs.length}`);
  assertSame(jobs);
});
