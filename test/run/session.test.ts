// A session as any front end drives it: from plain data, with outputs of its own, stopped and flushed from outside; no command
// line, no signals, no terminal.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { test } from 'node:test';
import type { Output, Packet } from '../../src/packet/index.js';
import { defaultPrintOptions } from '../../src/print/index.js';
import {
  fileSpec,
  type Host,
  type Notice,
  type OutputSpec,
  openSession,
  type RunSpec,
  type SavefileSpec,
  type TextSpec,
} from '../../src/run/index.js';
import { pcapHeader, pcapRecord, udp } from '../savefile/build.js';
import { fileOf, newPath } from '../savefile/helpers.js';

const example = resolve('examples/curl.pcapng');

/** A host that keeps what it gets. */
function keeping(): Host & { readonly notices: Notice[]; text(): string } {
  const notices: Notice[] = [];
  const parts: Buffer[] = [];
  return {
    notices,
    notice: (notice) => void notices.push(notice),
    write: (bytes) => void parts.push(Buffer.from(bytes)),
    text: () => Buffer.concat(parts).toString(),
  };
}

/** An output that keeps what happens to it. */
class Keeping implements Output {
  readonly events: string[] = [];
  constructor(private readonly then: (output: Keeping) => void = () => {}) {}
  packet({ length }: Packet): void {
    this.events.push(`packet ${length}`);
    this.then(this);
  }
  skip(): void {
    this.events.push('skip');
  }
  flush(): void {
    this.events.push('flush');
  }
  reopen(): void {
    this.events.push('reopen');
  }
  close(): void {
    this.events.push('close');
  }
}

function textSpec(more: Partial<TextSpec['options']> = {}): TextSpec {
  return {
    kind: 'text',
    options: { ...defaultPrintOptions(), numeric: true, ...more },
    tapped: null,
    lineBuffered: false,
    sampling: 1,
  };
}

function savefileSpec(path: string, more: Partial<SavefileSpec> = {}): SavefileSpec {
  return {
    kind: 'savefile',
    path,
    pcapng: false,
    linkType: null,
    comments: [],
    ownerComments: null,
    dialect: null,
    application: 'a test',
    letters: null,
    commandLines: true,
    nanoseconds: null,
    unbuffered: false,
    rotation: { size: null, seconds: null, files: null, command: null },
    owner: null,
    inputs: [],
    ...more,
  };
}

/** A specification as it comes out of a thread's or process's door. */
function passed(spec: RunSpec): RunSpec {
  const clone = structuredClone(spec);
  assert.deepEqual(clone, spec);
  assert.deepEqual(JSON.parse(JSON.stringify(spec)), spec);
  return clone;
}

/** What the command prints. */
function printed(...args: string[]): string {
  return execFileSync(resolve('bin/pktap'), args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

/** Records of UDP packets, each longer than the one before by a byte. */
function growing(packets: number): Buffer {
  const records = Array.from({ length: packets }, (_, i) =>
    pcapRecord('little', 1_700_000_000 + i, 5, udp('x'.repeat(i))),
  );
  return Buffer.concat([pcapHeader('little', 0xa1b2c3d4, 1, 262_144), ...records]);
}

const SMALLEST = udp('').length;

test('a file is filtered, printed and copied from a clone of its specification', async () => {
  const copy = newPath('.pcapng');
  const spec = fileSpec(example, {
    filter: { direction: null, metadata: 'proc = curl', expression: 'tcp', optimize: true },
    skip: 2,
    count: 3,
    outputs: [savefileSpec(copy, { pcapng: true }), textSpec({ metadata: 'NP' })],
  });
  const host = keeping();
  const session = await openSession(passed(spec), host);
  const ending = await session.run();
  assert.deepEqual(ending, {
    failed: false,
    closed: false,
    cancelled: false,
    broken: false,
    senseless: false,
    remarks: [],
  });
  const filters = ['-Q', 'proc = curl', 'tcp'];
  const text = printed('-n', '-k', 'NP', '-c', '2,3', '-r', example, ...filters);
  assert.equal(text.match(/ IP /g)?.length, 3);
  assert.equal(host.text(), text);
  assert.equal(printed('-n', '-k', 'NP', '-r', copy), text);
  assert.equal(session.counts().captured, 3);
  assert.equal(session.seen, 5);
  assert.deepEqual(
    host.notices.map((notice) => notice.kind),
    ['reading'],
  );
});

test('an output of the front end gets packets, skips and its close, each once', async () => {
  const output = new Keeping();
  const session = await openSession(passed(fileSpec(fileOf(growing(5)), { skip: 2, count: 2 })), keeping(), [
    output,
  ]);
  await session.run();
  const packets = [2, 3].map((more) => `packet ${SMALLEST + more}`);
  assert.deepEqual(output.events, ['skip', 'skip', ...packets, 'close']);
});

test('a run is stopped, flushed and reopened from outside', async () => {
  const copy = newPath();
  let sizes: number[] = [];
  const output: Keeping = new Keeping(({ events }) => {
    if (events.length !== 3) return;
    sizes = [statSync(copy).size];
    session.flush();
    sizes.push(statSync(copy).size);
    session.reopen();
    session.stop();
  });
  const spec = passed(fileSpec(fileOf(growing(100)), { outputs: [savefileSpec(copy)] }));
  const session = await openSession(spec, keeping(), [output]);
  const ending = await session.run(() => assert.equal(session.counts().captured, 0));
  assert.equal(ending.failed, false);
  const packets = [0, 1, 2].map((more) => `packet ${SMALLEST + more}`);
  assert.deepEqual(output.events.slice(0, 5), [...packets, 'flush', 'reopen']);
  assert.equal(output.events.at(-1), 'close');
  // The file has what came before the flush at once, and in the end the rest of the run.
  const three = growing(3).length;
  assert.deepEqual(sizes, [0, three]);
  const { captured } = session.counts();
  assert.deepEqual(readFileSync(copy), growing(captured));
});

test('what is saved while the host is stuck is not its own text', async () => {
  const copy = newPath();
  const host = keeping();
  let seen: [number, string] | null = null;
  const output = new Keeping(() => {
    session.save();
    seen ??= [statSync(copy).size, host.text()];
  });
  const spec = fileSpec(fileOf(growing(1)), { outputs: [savefileSpec(copy), textSpec()] });
  const session = await openSession(spec, host, [output]);
  await session.run();
  assert.deepEqual(seen, [growing(1).length, '']);
  assert.match(host.text(), /^[\d:.]+ IP .*\n$/);
});

test('what an output throws ends the run and is said once; a reader that went away ends it quietly', async () => {
  for (const code of ['ENOSPC', 'EPIPE']) {
    const error = Object.assign(new Error('no more'), { code });
    const host = keeping();
    const output = new Keeping(({ events }) => {
      if (events.length === 2) throw error;
    });
    const session = await openSession(fileSpec(fileOf(growing(9))), host, [output]);
    const { failed, closed } = await session.run();
    assert.deepEqual([failed, closed], code === 'EPIPE' ? [false, true] : [true, false]);
    assert.equal(session.counts().captured, 2);
    const said = host.notices.filter(({ kind }) => kind === 'failed');
    assert.deepEqual(said, code === 'EPIPE' ? [] : [{ kind: 'failed', error }]);
    assert.equal(output.events.at(-1), 'close');
  }
});

test('nothing is left open by outputs that cannot be opened', async () => {
  const path = fileOf(growing(1));
  const spec = fileSpec(path, { outputs: [savefileSpec(path)] });
  const host = keeping();
  const session = await openSession(spec, host);
  await assert.rejects(session.run(), /file/);
  assert.deepEqual(readFileSync(path), growing(1));
});

test('without outputs packets are counted, with metadata filters too', async () => {
  for (const [metadata, wanted] of [
    [null, Number(printed('--count', '-r', example).split(' ')[0])],
    ['dir = out', Number(printed('--count', '-Q', 'dir = out', '-r', example).split(' ')[0])],
  ] as const) {
    const filter = { direction: null, metadata, expression: null, optimize: true };
    const session = await openSession(passed(fileSpec(example, { filter })), keeping());
    await session.run();
    assert.ok(wanted > 0);
    assert.equal(session.counts().captured, wanted);
  }
});

test('several files are a list or merged, and one that breaks off is said', async () => {
  const whole = fileOf(growing(3));
  const cut = fileOf(growing(3).subarray(0, -1));
  for (const order of ['list', 'sorted'] as const) {
    const host = keeping();
    const output = new Keeping();
    const spec = fileSpec('', {
      source: { kind: 'files', paths: [cut, whole], order, maximumBlock: null },
    });
    const session = await openSession(passed(spec), host, [output]);
    const { broken, failed } = await session.run();
    assert.deepEqual([broken, failed], [true, false]);
    assert.equal(output.events.filter((event) => event.startsWith('packet')).length, 5);
    assert.deepEqual(host.notices.map(({ kind }) => kind).sort(), ['broken-file', 'reading', 'reading']);
  }
});

// Each of the two threads gets the specification, and no words of a command line.
for (const [name, size, outputs] of [
  ['printing', 9 << 20, [textSpec()]],
  ['sampled printing', 9 << 20, [{ ...textSpec(), sampling: 3 }]],
  ['counting', 66 << 20, []],
] as readonly [string, number, readonly OutputSpec[]][]) {
  test(`${name} on two threads from a specification`, { skip: availableParallelism() < 2 }, async () => {
    const records = growing(400).subarray(24);
    const times = Math.ceil(size / records.length);
    const path = fileOf(Buffer.concat([growing(0), ...Array<Buffer>(times).fill(records)]));
    const filter = { direction: null, metadata: null, expression: 'greater 100', optimize: true };
    const run = async (more: readonly Output[]): Promise<[string, number]> => {
      const host = keeping();
      const session = await openSession(passed(fileSpec(path, { filter, outputs })), host, more);
      assert.equal((await session.run()).failed, false);
      return [host.text(), session.counts().captured];
    };
    const one = await run([new Keeping(({ events }) => void events.splice(0))]);
    const two = await run([]);
    assert.ok(two[1] > 300 * times);
    assert.equal(two[1], one[1]);
    assert.ok(two[0] === one[0], 'the same text');
    rmSync(path);
  });
}
