// The ring's reader, over a file that is laid out as the kernel's ring: records one behind the other, over the end too.

import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pageSize } from '../../../../src/system/libc.js';
import { Ring } from '../../../../src/tap/linux/ebpf/ring.js';

const BUSY = 0x80000000;
const DISCARDED = 0x40000000;
const PAGE = pageSize();
const SIZE = 65536;

/** A ring in a file: the consumer's page, the producer's, the data, and the data again. */
class File {
  readonly fd: number;
  readonly ring: Ring;
  private produced: number;

  constructor(t: TestContext, begin = 0) {
    const folder = mkdtempSync(join(tmpdir(), 'pktap-ring-'));
    this.fd = openSync(join(folder, 'ring'), 'w+');
    writeSync(this.fd, Buffer.alloc(2 * PAGE + 2 * SIZE), 0, 2 * PAGE + 2 * SIZE, 0);
    this.produced = begin;
    this.number(0, begin);
    this.number(PAGE, begin);
    this.ring = new Ring(this.fd, SIZE, PAGE);
    t.after(() => {
      this.ring.close();
      closeSync(this.fd);
      rmSync(folder, { recursive: true });
    });
  }

  private number(at: number, value: number): void {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt(value));
    writeSync(this.fd, bytes, 0, 8, at);
  }

  /** What the reader told the kernel that it is through with. */
  get consumed(): number {
    const bytes = Buffer.alloc(8);
    readSync(this.fd, bytes, 0, 8, 0);
    return Number(bytes.readBigUInt64LE());
  }

  put(text: string, flags = 0): void {
    const record = Buffer.alloc((8 + text.length + 7) & ~7);
    record.writeUInt32LE((text.length | flags) >>> 0);
    record.write(text, 8, 'latin1');
    const at = this.produced % SIZE;
    for (const place of [at, at + SIZE, at - SIZE]) {
      const from = Math.max(0, -place);
      if (place + record.length > 0 && place < 2 * SIZE)
        writeSync(
          this.fd,
          record,
          from,
          Math.min(record.length, 2 * SIZE - place) - from,
          2 * PAGE + place + from,
        );
    }
    this.produced += record.length;
    this.number(PAGE, this.produced);
  }

  /** Texts of the records that are drained. */
  drain(most = Infinity): string[] {
    const texts: string[] = [];
    this.ring.drain((offset, length) => {
      assert.equal(offset % 8, 0);
      texts.push(Buffer.from(this.ring.bytes.subarray(offset, offset + length)).toString('latin1'));
      return texts.length < most;
    });
    return texts;
  }
}

test('records in order; the kernel is told how far', (t) => {
  const file = new File(t);
  file.put('one');
  file.put('second');
  assert.deepEqual(file.drain(), ['one', 'second']);
  assert.equal(file.consumed, 32);
  assert.deepEqual(file.drain(), []);
  file.put('');
  file.put('x'.repeat(1000));
  assert.deepEqual(file.drain(), ['', 'x'.repeat(1000)]);
  assert.equal(file.ring.taken, file.ring.produced);
});

test('what was discarded is passed over; what is being written holds up those behind it', (t) => {
  const file = new File(t);
  file.put('gone', DISCARDED);
  file.put('one');
  file.put('busy', BUSY);
  file.put('after');
  assert.deepEqual(file.drain(), ['one']);
  assert.deepEqual(file.drain(), []);
  assert.equal(file.consumed, 32);
});

test('a reader that has enough goes on behind that record', (t) => {
  const file = new File(t);
  for (const text of ['a', 'b', 'c']) file.put(text);
  assert.deepEqual(file.drain(2), ['a', 'b']);
  assert.deepEqual(file.drain(), ['c']);
});

test('a record over the ring’s end is in one piece, at any round', (t) => {
  const file = new File(t, 5 * SIZE - 24);
  const text = 'over the end of the ring and on';
  file.put(text);
  file.put('next');
  assert.deepEqual(file.drain(), [text, 'next']);
});

test('views move when the place is used again, and outlive the ring', (t) => {
  const file = new File(t);
  let moved = 0;
  file.ring.onMove.add(() => moved++);
  file.put('kept');
  let kept: Uint8Array = new Uint8Array(0);
  file.ring.drain((offset, length) => {
    kept = file.ring.bytes.subarray(offset, offset + length);
    return true;
  });
  assert.equal(moved, 1);
  file.ring.close();
  assert.equal(Buffer.from(kept).toString('latin1'), 'kept');
});
