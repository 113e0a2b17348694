// A live session from plain data, without a command line: filtered in the kernel, flushed and stopped from outside.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultPrintOptions } from '../../src/print/index.js';
import { type Notice, openSession, tapSpec } from '../../src/run/index.js';
import { cannot, runProgram } from './world.js';

const send = (port: number): Promise<{ pid: number }> =>
  runProgram(null, [
    'python3',
    '-c',
    `import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'hello', ('127.0.0.1', ${port}))`,
  ]);

test('a live capture from a clone of its specification', { skip: cannot }, async () => {
  const spec = tapSpec(['pktap,lo'], {
    filter: { direction: 'out', metadata: 'proc =python3', expression: 'udp port 4244', optimize: true },
    outputs: [
      {
        kind: 'text',
        options: { ...defaultPrintOptions(), numeric: true, timestamp: 1 },
        tapped: { metadata: 'NPD', interfaceColumn: false },
        lineBuffered: false,
        sampling: 1,
      },
    ],
  });
  const notices: Notice[] = [];
  let text = '';
  const session = await openSession(structuredClone(spec), {
    notice: (notice) => void notices.push(notice),
    write: (bytes) => {
      text += Buffer.from(bytes).toString();
    },
  });
  const mine: string[] = [];
  let begun = false;
  const run = session.run(async () => {
    begun = true;
    const { pid } = await send(4244);
    await send(4245);
    mine.push(`(proc python3:${pid}, out) IP 127.0.0.1`);
  });
  // What is captured comes without a further packet, and a flush does it at once.
  const deadline = Date.now() + 10_000;
  while (session.counts().captured === 0 && Date.now() < deadline)
    await new Promise((done) => setTimeout(done, 5));
  session.flush();
  assert.match(
    text,
    /^\(proc python3:\d+, out\) IP 127\.0\.0\.1\.\d+ > 127\.0\.0\.1\.4244: UDP, length 5\n$/,
  );
  session.stop();
  const { failed, cancelled } = await run;
  assert.deepEqual([begun, failed, cancelled], [true, false, false]);
  assert.ok(text.startsWith(mine[0]!));
  assert.equal(session.counts().captured, 1);
  assert.deepEqual(notices, []);
});
