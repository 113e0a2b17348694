// Two threads print a file as one thread does: a file's text against the same bytes' through a pipe, which one prints.

import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { makeTextRing, TextRingReader, TextRingWriter } from '../../src/run/textring.js';
import { allGenerators } from '../print/differential.js';
import { type PcapRecord, Random, writePcap } from '../print/generator.js';

/** Files smaller than this have one thread. */
const LARGE = 8 * 1024 * 1024;
const command = resolve('bin/pktap');
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
  const threads = async (input: string): Promise<number> => {
    const child = spawn('sh', ['-c', `exec "$0" -nr ${input} <"$1"`, command, file], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    // Nobody reads on: it stands still, with all its threads.
    await new Promise((done) => child.stdout.once('readable', done));
    const count = readdirSync(`/proc/${child.pid}/task`).length;
    child.kill('SIGKILL');
    return count;
  };
  assert.ok((await threads('"$1"')) > (await threads('-')));
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
