// Rings of every kind, gone round many times: each packet whole and in order, whatever the size of the system's pages.

import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { test } from 'node:test';
import { openTap } from 'pktap';
import { cannot } from './world.js';

const HEADERS = 14 + 20 + 8;
const LONGEST = 3000;
/** Bytes that are sent before the ring's reader has had a turn: even the smallest ring holds them. */
const AT_ONCE = 16 * 1024;

/** The n-th datagram: its length and bytes are its own. */
function datagram(n: number): Buffer {
  const bytes = Buffer.alloc(4 + (((n * 2654435761) >>> 0) % (LONGEST - 4)));
  for (let i = 0; i < bytes.length; i++) bytes[i] = (n * 31 + i * 7) & 255;
  bytes.writeUInt32LE(n, 0);
  return bytes;
}

for (const [attach, kibibytes, count] of [
  ['', 64, 600],
  ['', 1024, 2400],
  ['packet', 2048, 3000],
] as const) {
  test(`a ring of ${kibibytes} KiB${attach === '' ? '' : ' of a packet socket'}, several times round`, {
    skip: cannot,
  }, async () => {
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
    let wake = (): void => {};
    const run = tap.run((packet) => {
      const data = Buffer.from(packet.data);
      assert.deepEqual(data.subarray(HEADERS), datagram(seen), `datagram ${seen}`);
      assert.equal(packet.length, data.length);
      bytes += data.length;
      seen++;
      if (seen === sent) wake();
      return seen < count;
    });
    while (sent < count) {
      const all = new Promise<void>((done) => {
        wake = done;
      });
      const batch: Promise<unknown>[] = [];
      for (let size = 0; sent < count && size < AT_ONCE - LONGEST; sent++) {
        const next = datagram(sent);
        size += next.length;
        batch.push(new Promise((done) => sender.send(next, port, '127.0.0.1', done)));
      }
      await Promise.race([Promise.all([...batch, all]), run]);
    }
    await run;
    const { droppedByKernel } = tap.counts();
    tap.close();
    sender.close();
    receiver.close();
    assert.equal(droppedByKernel, 0);
    assert.equal(seen, count);
    // Three times round, and no less.
    assert.ok(bytes > (attach === '' ? 3 : 1.5) * kibibytes * 1024, `${bytes} bytes`);
  });
}
