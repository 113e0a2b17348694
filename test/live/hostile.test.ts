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

/** What a process does with the socket `a` of a connection, or with its listener `s`; all but the first wait. */
const WAYS: { readonly [name: string]: string } = {
  'watches it by epoll': 'e = select.epoll(); e.register(a, select.EPOLLIN)',
  'waits in epoll_wait': 'e = select.epoll(); e.register(a, select.EPOLLIN); wait(e.poll, 60)',
  'waits in poll': 'p = select.poll(); p.register(a, select.POLLIN); wait(p.poll, 60000)',
  'waits in select': 'wait(select.select, [a], [], [], 60)',
  'waits in recv': 'wait(a.recv, 10)',
  'waits in accept': 'wait(s.accept)',
};

for (const [name, way] of Object.entries(WAYS))
  test(`of several that hold an older socket, who ${name} has its packets`, { skip: cannot }, async (t) => {
    const child = start(
      t,
      'python3',
      '-u',
      '-c',
      `import os, select, signal, socket, sys, threading, time
s = socket.create_server(('127.0.0.1', 0))
c = socket.create_connection(s.getsockname())
a, _ = s.accept()
# The youngest only holds it; this one works with it.
held = os.fork()
if held == 0:
  signal.alarm(60)
  signal.pause()
def wait(what, *arguments):
  threading.Thread(target=what, args=arguments, daemon=True).start()
${way}
print('ready', os.getpid(), held, s.getsockname()[1], flush=True)
sys.stdin.readline()
c.send(b'hello')
late = socket.create_connection(s.getsockname())
time.sleep(60)`,
    );
    const said = /ready (\d+) (\d+) (\d+)/.exec(await waitFor(child.stdout!, /ready \d+ \d+ \d+/))!;
    t.after(() => {
      try {
        process.kill(Number(said[2]), 'SIGKILL');
      } catch {
        // gone with its parent
      }
    });
    const opens = name === 'waits in accept';
    const filter = `tcp dst port ${said[3]} and ${opens ? 'tcp[tcpflags] = tcp-syn' : 'tcp[tcpflags] & tcp-push != 0'}`;
    await new Promise((done) => setTimeout(done, 100));
    const capture = await Capture.begin(t, ['-tknl', '-i', 'pktap,lo', '-Q', 'dir=in', filter]);
    child.stdin!.write('\n');
    while (!capture.text.includes('\n')) await new Promise((done) => setTimeout(done, 20));
    const { lines } = await capture.end();
    assert.deepEqual(
      lines.map((line) => metadataOf(line).proc),
      [`python3:${said[1]}`],
      lines.join('\n'),
    );
  });
