// What other users do to a capture: files that wait, sockets that wait as they are closed, sockets of several processes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Capture, cannot, metadataOf, python, start, waitFor } from './world.js';

test('sockets that linger hold up neither start nor end', { skip: cannot }, async (t) => {
  const port = 21000 + (process.pid % 10000);
  // Clients with unsent data and SO_LINGER end all the time: whoever has a duplicate is then the last to close.
  await python(
    t,
    null,
    `import os, socket, struct, time
s = socket.create_server(('127.0.0.1', ${port}), backlog=4096)
s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
print('ready', flush=True)
for _ in range(60):
  if os.fork() == 0:
    held = []
    for i in range(100):
      c = socket.socket()
      c.setblocking(False)
      c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 600))
      try: c.connect(('127.0.0.1', ${port}))
      except BlockingIOError: pass
      try: c.send(b'x' * 4000000)
      except OSError: pass
      held.append(c)
    time.sleep(0.02)
    os._exit(0)
  os.wait()
time.sleep(60)`,
  );
  for (let i = 0; i < 3; i++) {
    const capture = await Capture.begin(t, ['-i', 'pktap,lo', '-w', '/dev/null', 'udp port 1']);
    const { status, err } = await capture.end();
    assert.equal(status, 0, err);
  }
});

test('of several that hold an older socket, who waits on it has its packets', { skip: cannot }, async (t) => {
  const port = 31000 + (process.pid % 10000);
  const child = start(
    t,
    'python3',
    '-u',
    '-c',
    `import os, select, socket, sys, threading, time
s = socket.create_server(('127.0.0.1', ${port}))
c = socket.create_connection(('127.0.0.1', ${port}))
a, _ = s.accept()
# The youngest only holds it; this one waits.
held = os.fork()
if held == 0:
  time.sleep(60)
  os._exit(0)
print('ready', os.getpid(), held, flush=True)
threading.Thread(target=lambda: select.select([a], [], [], 60), daemon=True).start()
sys.stdin.readline()
c.send(b'hello')
time.sleep(60)`,
  );
  t.after(() => {
    try {
      process.kill(Number(pids[2]), 'SIGKILL');
    } catch {
      // gone with its parent
    }
  });
  const pids = /ready (\d+) (\d+)/.exec(await waitFor(child.stdout!, /ready \d+ \d+/)) ?? ['', '0', '0'];
  await new Promise((done) => setTimeout(done, 100));
  const capture = await Capture.begin(t, ['-tknl', '-i', 'pktap,lo', '-Q', 'dir=in', `tcp dst port ${port}`]);
  child.stdin!.write('\n');
  const { lines } = await capture.end();
  const got = lines.filter((line) => / length 5\b/.test(line)).map((line) => metadataOf(line).proc);
  assert.deepEqual(got, [`python3:${pids[1]}`], lines.join('\n'));
});
