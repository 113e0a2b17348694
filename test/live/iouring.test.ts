// io_uring: what a process sends by it on a socket that another has too is its own, or nobody's; never the other's.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Capture, cannot, metadataOf, start, waitFor } from './world.js';

/** Two processes share a datagram socket and a connection; the first sends 1 byte by send(2), then the second 2 by io_uring. */
const PROGRAM = `
import ctypes, mmap, os, socket, struct, sys
libc = ctypes.CDLL(None, use_errno=True)
SQPOLL, ASYNC, SEND = 2, 16, 26
class Ring:
  def __init__(self, polls):
    parameters = (ctypes.c_char * 120)()
    struct.pack_into('II', parameters, 8, SQPOLL if polls else 0, 0)
    struct.pack_into('I', parameters, 16, 1000)
    self.fd = libc.syscall(425, 8, parameters)
    if self.fd < 0:
      print('refused', ctypes.get_errno(), flush=True)
      sys.exit()
    entries = struct.unpack_from('I', parameters, 0)[0]
    _, self.tail, mask, _, _, _, self.array = struct.unpack_from('7I', parameters, 40)
    self.ring = mmap.mmap(self.fd, self.array + 4 * entries, offset=0)
    self.requests = mmap.mmap(self.fd, 64 * entries, offset=0x10000000)
    self.mask = struct.unpack_from('I', self.ring, mask)[0]
    self.bytes = ctypes.create_string_buffer(b'cc')
  def send(self, sockets, flags):
    tail = struct.unpack_from('I', self.ring, self.tail)[0]
    for s in sockets:
      at = tail & self.mask
      struct.pack_into('<BBHiQQIIQ24x', self.requests, 64 * at, SEND, flags, 0, s.fileno(), 0, ctypes.addressof(self.bytes), 2, 0, 0)
      struct.pack_into('I', self.ring, self.array + 4 * at, at)
      tail += 1
      struct.pack_into('I', self.ring, self.tail, tail)
    if libc.syscall(426, self.fd, len(sockets), len(sockets), 3, None, 0) < 0: raise OSError(ctypes.get_errno())
listener = socket.create_server(('127.0.0.1', 0))
port = listener.getsockname()[1]
c = socket.create_connection(('127.0.0.1', port))
c.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
peer, _ = listener.accept()
receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
receiver.bind(('127.0.0.1', port))
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
u.connect(('127.0.0.1', port))
asks, asked = os.pipe()
done, did = os.pipe()
child = os.fork()
if child == 0:
  os.close(asked); os.close(done)
  ring = Ring(sys.argv[1] == 'polled')
  os.write(did, b'x')
  while os.read(asks, 1):
    ring.send([u, c], ASYNC if sys.argv[1] == 'by a worker' else 0)
    os.write(did, b'x')
  os._exit(0)
os.close(asks); os.close(did)
if os.read(done, 1): print('ready', os.getpid(), child, port, flush=True)
sys.stdin.readline()
for _ in range(8):
  u.send(b'p'); receiver.recv(9)
  c.send(b'p'); peer.recv(9)
  os.write(asked, b'x'); os.read(done, 1); receiver.recv(9)
  while len(peer.recv(1)) + len(peer.recv(1)) < 2: pass
print('sent', flush=True)
sys.stdin.readline()`;

for (const way of ['plain', 'by a worker', 'polled'])
  test(`a socket of two processes, io_uring ${way}`, { skip: cannot }, async (t) => {
    const child = start(t, 'python3', '-u', '-c', PROGRAM, way);
    const said = /ready (\d+) (\d+) (\d+)|refused/.exec(
      await waitFor(child.stdout!, /ready \d+ \d+ \d+\n|refused/),
    )!;
    if (said[0] === 'refused') return t.skip('io_uring is refused here');
    const capture = await Capture.begin(t, [
      '-tknl',
      '-i',
      'pktap,lo',
      '-Q',
      'dir=out',
      `dst port ${said[3]}`,
    ]);
    const sent = waitFor(child.stdout!, /sent/);
    child.stdin!.write('\n');
    await sent;
    const { lines } = await capture.end();
    const named = (protocol: RegExp, length: number) =>
      lines
        .filter((line) => protocol.test(line) && line.endsWith(`length ${length}`))
        .map((line) => metadataOf(line).proc);
    const [first, second] = [`python3:${said[1]}`, `python3:${said[2]}`];
    for (const protocol of [/UDP/, /Flags \[P/]) {
      assert.deepEqual(named(protocol, 1), Array(8).fill(first), lines.join('\n'));
      const uring = named(protocol, 2);
      assert.equal(uring.length, 8, lines.join('\n'));
      for (const name of uring) assert.ok(name === second || name === null, `${name}: ${lines.join('\n')}`);
      t.diagnostic(`${protocol}: ${uring.filter((name) => name !== null).length} of 8 named`);
    }
  });
