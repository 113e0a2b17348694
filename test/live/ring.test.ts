// Rings of every kind, gone round many times: each packet whole and in order, whatever the size of the system's pages.

import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { test } from 'node:test';
import { openTap } from 'pktap';
import { cannot } from './world.js';

const HEADERS = 14 + 20 + 8;
/** Bytes that are sent before the ring's reader has had a turn: even the smallest ring holds them. */
const AT_ONCE = 16 * 1024;
const LONGEST = 3000;
/** A packet socket hands a block over when it is full or some milliseconds old: at worst each packet, in and out, has one of its own. */
const BLOCK_KIBIBYTES = 512;
const BLOCKS = 64;
const PATTERN = Buffer.from(Array.from({ length: LONGEST + 256 }, (_, i) => (i * 7 + (i >> 8)) & 255));

/** The n-th datagram: its length and bytes are its own. */
function datagram(n: number): Buffer {
  const length = 4 + ((Math.imul(n, 2654435761) >>> 0) % (LONGEST - 4));
  const bytes = Buffer.from(PATTERN.subarray(n % 251, (n % 251) + length));
  bytes.writeUInt32LE(n, 0);
  return bytes;
}

for (const [attach, kibibytes, count] of [
  ['', 64, 600],
  ['', 1024, 2400],
  ['packet', BLOCKS * BLOCK_KIBIBYTES, 3000],
] as const) {
  test(`a ring of ${kibibytes} KiB${attach === '' ? '' : ' of a packet socket'}, several times round`, {
    skip: cannot,
  }, async (t) => {
    const receiver = createSocket('udp4').bind(0, '127.0.0.1');
    await once(receiver, 'listening');
    const { port } = receiver.address();
    const sender = createSocket('udp4');
    if (attach !== '') process.env['PKTAP_ATTACH'] = attach;
    const tap = await openTap({
      interface: 'pktap,lo',
      bufferSize: kibibytes,
      direction: 'out',
      expression: `udp dst port ${port}`,
    });
    delete process.env['PKTAP_ATTACH'];
    let sent = 0;
    let seen = 0;
    let bytes = 0;
    let batches = 0;
    let wake = (): void => {};
    const run = tap.run((packet) => {
      const data = Buffer.from(packet.data);
      const right = packet.length === data.length && data.subarray(HEADERS).equals(datagram(seen));
      assert.ok(right, `datagram ${seen}: ${data.toString('hex')}`);
      bytes += data.length;
      seen++;
      if (seen === sent) wake();
      return seen < count;
    });
    // Or the test would wait for what never comes.
    let look: NodeJS.Timeout;
    const lost = new Promise<never>((_, fail) => {
      look = setInterval(() => {
        if (tap.counts().droppedByKernel > 0) fail(new Error('the ring had no room'));
      }, 500);
    });
    t.after(() => clearInterval(look));
    while (sent < count) {
      const all = new Promise<void>((done) => {
        wake = done;
      });
      const batch: Promise<unknown>[] = [];
      batches++;
      for (let size = 0; sent < count && size < AT_ONCE - LONGEST; sent++) {
        const next = datagram(sent);
        size += next.length;
        batch.push(new Promise((done) => sender.send(next, port, '127.0.0.1', done)));
      }
      await Promise.race([Promise.all([...batch, all]), run, lost]);
    }
    await run;
    const { droppedByKernel } = tap.counts();
    tap.close();
    sender.close();
    receiver.close();
    assert.equal(droppedByKernel, 0);
    assert.equal(seen, count);
    // Three times round, and no less: of blocks each batch has at least one.
    if (attach === '') assert.ok(bytes > 3 * kibibytes * 1024, `${bytes} bytes`);
    else assert.ok(batches > 3 * BLOCKS, `${batches} batches`);
  });
}
