// Debian's Prometheus scrapes `pktap web`, and answers for what it got. It is not among what ./setup installs; PKTAP_PROMETHEUS=PATH
// names another.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ask, findProgram, type Served, serve } from './served.js';

const prometheus = findProgram(['prometheus'], process.env['PKTAP_PROMETHEUS']);
const skip = prometheus === null ? 'no prometheus here (PKTAP_PROMETHEUS=PATH)' : false;
const promtool = findProgram(['promtool'], process.env['PKTAP_PROMTOOL']);
const CURL = 'examples/curl.pcapng';
const TOKEN = 'twenty-two-characters-';
/** Milliseconds that its start may take on a busy machine. */
const PATIENCE = 120_000;

function folder(t: TestContext): string {
  const made = mkdtempSync(join(tmpdir(), 'pktap-prometheus-'));
  t.after(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** A port that was free just now. */
function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => done(port));
    });
  });
}

async function api<T>(port: number, path: string): Promise<T> {
  const { body } = await ask({ port, token: '' }, `/api/v1/${path}`);
  return (JSON.parse(body) as { data: T }).data;
}

/** Asks until the answer is as wanted. */
async function until<T>(
  question: () => Promise<T>,
  wanted: (answer: T) => boolean,
  child: ChildProcess,
): Promise<T> {
  let last: unknown = null;
  for (const begin = Date.now(); Date.now() - begin < PATIENCE && child.exitCode === null; ) {
    try {
      const answer = await question();
      if (wanted(answer)) return answer;
      last = answer;
    } catch (error) {
      last = (error as Error).message;
    }
    await new Promise((done) => setTimeout(done, 200));
  }
  throw new Error(`never: ${JSON.stringify(last)}`);
}

interface Targets {
  readonly activeTargets: readonly { health: string; lastError: string }[];
}
interface Answer {
  readonly result: readonly { metric: Record<string, string>; value: [number, string] }[];
}

/** Has a Prometheus of ours scrape a page. @returns its port and process */
async function scrape(t: TestContext, served: Served, tokenFile: string): Promise<[number, ChildProcess]> {
  const place = folder(t);
  const port = await freePort();
  writeFileSync(
    join(place, 'prometheus.yml'),
    `scrape_configs:
  - job_name: pktap
    scrape_interval: 1s
    authorization:
      credentials_file: ${tokenFile}
    static_configs:
      - targets: ["127.0.0.1:${served.port}"]
`,
  );
  const child = spawn(
    prometheus!,
    [
      `--config.file=${join(place, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(place, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: 'ignore' },
  );
  const ended = new Promise((done) => child.once('exit', done));
  t.after(() => {
    child.kill('SIGKILL');
    return ended;
  });
  return [port, child];
}

test('Prometheus scrapes the counts, and sums them as we do', { skip, timeout: 300_000 }, async (t) => {
  const tokenFile = join(folder(t), 'token');
  writeFileSync(tokenFile, `${TOKEN}\n`, { mode: 0o600 });
  const served = await serve(t, '-r', CURL, '--token-file', tokenFile);
  const [port, child] = await scrape(t, served, tokenFile);
  const targets = await until(
    () => api<Targets>(port, 'targets'),
    ({ activeTargets }) => activeTargets.length === 1 && activeTargets[0]!.health !== 'unknown',
    child,
  );
  assert.deepEqual(
    targets.activeTargets.map(({ health, lastError }) => [health, lastError]),
    [['up', '']],
  );
  const query = encodeURIComponent('sum by (process, direction) (pktap_bytes_total{kind="process"})');
  const { result } = await until(
    () => api<Answer>(port, `query?query=${query}`),
    (answer) => answer.result.length === 4,
    child,
  );
  assert.deepEqual(
    result.map(({ metric, value }) => [metric['process'], metric['direction'], value[1]]).sort(),
    [
      ['curl', 'in', '1731'],
      ['curl', 'out', '555'],
      ['python3', 'in', '489'],
      ['python3', 'out', '1797'],
    ],
  );
  const all = await api<Answer>(port, `query?query=${encodeURIComponent('sum(pktap_packets_total)')}`);
  assert.equal(all.result[0]!.value[1], '24');
  const families = await api<Record<string, { type: string; help: string }[]>>(port, 'metadata');
  for (const [name, [{ type, help }]] of Object.entries(families) as [
    string,
    [{ type: string; help: string }],
  ][])
    if (name.startsWith('pktap_'))
      assert.ok(type === (name.endsWith('_total') ? 'counter' : 'gauge') && help.length > 0, name);
  assert.ok(Object.hasOwn(families, 'pktap_bytes_total'));
});

test('with another token Prometheus says that it is refused', { skip, timeout: 300_000 }, async (t) => {
  const tokenFile = join(folder(t), 'token');
  writeFileSync(tokenFile, TOKEN, { mode: 0o600 });
  const served = await serve(t, '-r', CURL);
  const [port, child] = await scrape(t, served, tokenFile);
  const targets = await until(
    () => api<Targets>(port, 'targets'),
    ({ activeTargets }) => activeTargets[0]?.health === 'down',
    child,
  );
  assert.match(targets.activeTargets[0]!.lastError, /401 Unauthorized/);
});

test("promtool finds no fault with the counts' names and help", {
  skip: promtool === null ? 'no promtool here (PKTAP_PROMTOOL=PATH)' : false,
}, async (t) => {
  const served = await serve(t, '-r', CURL);
  const { body } = await ask(served, '/metrics');
  const { status, stdout, stderr } = spawnSync(promtool!, ['check', 'metrics'], {
    input: body,
    encoding: 'utf8',
  });
  assert.equal(stdout + stderr, '');
  assert.equal(status, 0);
});
