// Two threads print a file as one thread does: a file's text against the same bytes' through a pipe, which one prints.

import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { isRunning, runnable } from '../../src/run/freeprocessor.js';
import { makeTextRing, TextRingReader, TextRingWriter } from '../../src/run/textring.js';
import { allGenerators } from '../print/differential.js';
import { bytes, type PcapRecord, Random, writePcap } from '../print/generator.js';
import { segmentsIn } from '../print/inner.js';

/** Files smaller than this have one thread. */
const LARGE = 8 * 1024 * 1024;
const command = resolve('bin/pktap');
/** What else runs here decides nothing. */
process.env['PKTAP_THREADS'] = '2';
const folder = mkdtempSync(join(tmpdir(), 'pktap-halves-'));
const file = join(folder, 'all.pcap');
after(() => rmSync(folder, { recursive: true }));

before(async () => {
  const random = new Random(11);
  const kinds: PcapRecord[] = [];
  for (const generators of (await allGenerators()).values()) {
    for (const generate of Object.values(generators)) {
      for (let i = 0; i < 6; i++) {
        const made = generate(random);
        if (!(made instanceof Uint8Array)) continue;
        kinds.push({ bytes: made, captured: made.length, length: made.length });
        // Packets that a printer may have seen within another's: later ones of their connections.
        for (const segment of segmentsIn(made).slice(0, 3)) {
          const type = segment[0]! >> 4 === 4 ? [0x08, 0x00] : [0x86, 0xdd];
          const frame = bytes(new Array(12).fill(2), type, segment);
          kinds.push({ bytes: frame, captured: frame.length, length: frame.length });
        }
      }
    }
  }
  // Connections go on through many stretches, kinds follow each other in no order.
  const records: PcapRecord[] = [];
  for (let size = 0; size < LARGE * 1.1; ) {
    const one = random.pick(kinds);
    const record = random.once(9) ? { ...one, captured: random.between(1, one.captured) } : one;
    records.push(record);
    size += 16 + record.captured;
  }
  writePcap(file, 1, records);
  assert.ok(statSync(file).size > LARGE);
});

/** Prints the file itself, then through a pipe. */
function both(options: readonly string[], path = file): void {
  const printed = spawnSync(command, [...options, '-r', path], { maxBuffer: 2 ** 30 });
  const piped = spawnSync(command, [...options, '-r', '-'], {
    input: readFileSync(path),
    maxBuffer: 2 ** 30,
  });
  assert.equal(printed.status, piped.status, printed.stderr.toString());
  assert.ok(piped.stdout.length > 0);
  assert.ok(printed.stdout.equals(piped.stdout), options.join(' '));
  const complaints = (bytes: Buffer): string => bytes.toString().replaceAll(path, '-');
  assert.equal(complaints(printed.stderr), complaints(piped.stderr));
}

const skip = availableParallelism() < 2 && 'one processor only';
for (const options of [
  ['-n'],
  ['-nvv'],
  ['-nq', '-ttt'],
  ['-nSe', '-ttttt', '-#'],
  ['-n', '-c', '1030'],
  ['-n', '--skip', '700', '--print-sampling', '3'],
  ['-n', 'tcp or udp port 53'],
]) {
  test(`the same text: ${options.join(' ')}`, { skip }, () => both(options));
}

test('the same text of a file that breaks off, and the same complaint', { skip }, () => {
  const broken = join(folder, 'broken.pcap');
  execFileSync('cp', [file, broken]);
  truncateSync(broken, statSync(file).size - 5);
  both(['-n'], broken);
});

test('a second thread does help', {
  skip: skip || (process.platform !== 'linux' && 'no /proc'),
}, async () => {
  const threads = async (input: string, most = '2'): Promise<number> => {
    const child = spawn('sh', ['-c', `exec "$0" -nr ${input} <"$1"`, command, file], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, PKTAP_THREADS: most },
    });
    // Nobody reads on: it stands still, with all its threads.
    await new Promise((done) => child.stdout.once('readable', done));
    const count = readdirSync(`/proc/${child.pid}/task`).length;
    child.kill('SIGKILL');
    return count;
  };
  assert.ok((await threads('"$1"')) > (await threads('-')));
  assert.equal(await threads('"$1"', '1'), await threads('-'));
});

test('no second thread beside programs that keep all processors busy', {
  skip: skip || (process.platform !== 'linux' && 'no /proc'),
}, async (t) => {
  for (let i = 0; i < availableParallelism(); i++) {
    const busy = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
    t.after(() => busy.kill('SIGKILL'));
  }
  await new Promise((done) => setTimeout(done, 300));
  const { PKTAP_THREADS: _, ...env } = process.env;
  const script = "import('./dist/src/run/freeprocessor.js').then((m) => console.log(m.isProcessorFree()))";
  for (const [more, expected] of [
    [{}, 'false\n'],
    [{ PKTAP_THREADS: '2' }, 'true\n'],
  ] as const) {
    const { stdout } = spawnSync(process.execPath, ['-e', script], {
      env: { ...env, ...more },
      encoding: 'utf8',
    });
    assert.equal(stdout, expected);
  }
});

test('what /proc says of running threads', () => {
  assert.equal(runnable('3.70 3.19 1.76 12/319 6\n'), 12);
  assert.equal(isRunning('17 (node) R 1 17'), true);
  assert.equal(isRunning('17 (a) R 1) S 1 17'), false);
});

test('a second thread that is sent home waits for no room', () => {
  const memory = makeTextRing();
  const [writer, reader] = [new TextRingWriter(memory), new TextRingReader(memory)];
  writer.write(new Uint8Array(1 << 20));
  writer.end(512);
  assert.equal(writer.dismissed, false);
  reader.dismiss();
  assert.equal(writer.dismissed, true);
  assert.throws(() => writer.write(new Uint8Array(1 << 23)), /nobody reads on/);
  writer.close();
  assert.equal(
    reader.take(() => {}),
    0,
  );
});

test('the ring keeps order and text, longer than itself and of every length', () => {
  const memory = makeTextRing();
  const writer = new TextRingWriter(memory);
  const reader = new TextRingReader(memory);
  const random = new Random(5);
  for (let stretch = 0; stretch < 400; stretch++) {
    const text = Uint8Array.from(random.bytes(random.pick([0, 1, 2, 3, 5, 4096, 65537])));
    writer.write(text);
    writer.end(stretch);
    const got: number[] = [];
    assert.equal(
      reader.take((piece) => {
        for (const byte of piece) got.push(byte);
      }),
      stretch,
    );
    assert.deepEqual(Uint8Array.from(got), text);
  }
  writer.close();
  assert.equal(
    reader.take(() => assert.fail('no text')),
    0,
  );
});
