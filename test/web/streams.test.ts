// Pages that read slowly: one message waits for them at most, and the next is of the time when they read again.

import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { Streams } from '../../src/web/streams.js';

class Page extends EventEmitter {
  readonly lines: string[] = [];
  reads = true;

  write(line: string): boolean {
    this.lines.push(line);
    return this.reads;
  }

  destroy(): void {
    this.emit('close');
  }
}

const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

test('a slow page gets fewer messages, the others all', async (t) => {
  let number = 0;
  const streams = new Streams(
    () => ({ number: ++number }),
    () => null,
  );
  t.after(() => streams.close());
  const [slow, quick] = [new Page(), new Page()];
  slow.reads = false;
  for (const page of [slow, quick]) streams.add(page as unknown as ServerResponse);
  while (quick.lines.length < 5) await wait(50);
  assert.deepEqual(slow.lines, ['{"number":1}\n']);
  slow.reads = true;
  slow.emit('drain');
  const then = quick.lines.at(-1)!;
  while (slow.lines.length < 2) await wait(50);
  // What it missed is not sent later.
  assert.ok(JSON.parse(slow.lines[1]!).number > JSON.parse(then).number);
  assert.equal(slow.lines[1], quick.lines.at(-1));
});

test('what did not change is told once, to each', async (t) => {
  let version = 'a';
  const streams = new Streams(
    () => version,
    () => version,
  );
  t.after(() => streams.close());
  const page = new Page();
  streams.add(page as unknown as ServerResponse);
  await wait(700);
  assert.deepEqual(page.lines, ['"a"\n']);
  version = 'b';
  while (page.lines.length < 2) await wait(50);
  const later = new Page();
  streams.add(later as unknown as ServerResponse);
  await wait(700);
  assert.deepEqual([page.lines, later.lines], [['"a"\n', '"b"\n'], ['"b"\n']]);
});

test('pages that are gone make room for others', (t) => {
  const streams = new Streams(
    () => 0,
    () => null,
  );
  t.after(() => streams.close());
  const pages = Array.from({ length: 8 }, () => new Page());
  for (const page of pages) streams.add(page as unknown as ServerResponse);
  assert.ok(streams.isFull);
  pages[3]!.emit('close');
  assert.ok(!streams.isFull);
});
