// Unusual ways to a packet: queues that others empty, programs that pick a socket, Multipath TCP, process IDs given again,
// threads that become programs, names that mean to deceive.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Capture, cannot, ip, makePair, metadataOf, python, runProgram, waitFor } from './world.js';

const PORT = 30000 + (process.pid % 10000);

/** Forks a child that takes a name, and does something with its own socket. */
const NAMED = `
import os, socket, sys, time
def child(name, work):
    pid = os.fork()
    if pid: return pid
    with open('/proc/self/comm', 'w') as file: file.write(name)
    try: work()
    except BaseException as error: os.write(2, repr(error).encode())
    os._exit(0)
def wait(pids):
    for pid in pids: os.waitpid(pid, 0)
`;

test('a queue that whoever sends empties: below it the packet is its sender’s all the same', {
  skip: cannot,
}, async (t) => {
  const pair = makePair(t);
  const bridge = `${pair.device}b`;
  ip('link', 'add', bridge, 'type', 'bridge');
  t.after(() => ip('link', 'del', bridge));
  ip('addr', 'flush', 'dev', pair.device);
  ip('link', 'set', pair.device, 'master', bridge);
  ip('addr', 'add', `${pair.here}/24`, 'dev', bridge);
  ip('link', 'set', bridge, 'up');
  const queue = [
    'qdisc',
    'add',
    'dev',
    bridge,
    'root',
    'tbf',
    'rate',
    '2gbit',
    'burst',
    '1mb',
    'latency',
    '50ms',
  ];
  assert.equal((await runProgram(null, ['tc', ...queue])).status, 0);
  const capture = await Capture.begin(t, [
    ...['-tkn', '-A', '-s', '96', '-B', '131072', '-Q', 'dir=out'],
    ...['-i', `pktap,${bridge},${pair.device}`, `udp port ${PORT}`],
  ]);
  const ran = await runProgram(null, [
    'python3',
    '-c',
    `${NAMED}
def send(name):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.connect(('${pair.there}', ${PORT}))
    end = time.monotonic() + 1
    while time.monotonic() < end:
        try: s.send(b'by %s.' % name.encode() + b'.' * 900)
        except OSError: pass
wait([child(f'q{i}', lambda: send(f'q{i}')) for i in range(6)])`,
  ]);
  assert.equal(ran.status, 0, ran.errors);
  assert.equal(ran.errors, '');
  const { out } = await capture.end();
  const counts = new Map<string, number>();
  for (const text of out.split(/^(?=\(\w+, proc )/m)) {
    const found = /^\((\w+), proc (\w+):[\s\S]*by (\w+)\./.exec(text);
    if (found === null) continue;
    assert.equal(found[2], found[3], text);
    counts.set(found[1]!, (counts.get(found[1]!) ?? 0) + 1);
  }
  for (const device of [bridge, pair.device]) assert.ok((counts.get(device) ?? 0) > 1000, out.slice(0, 1000));
});

test('SO_REUSEPORT with a program that picks: nobody is named by guess', { skip: cannot }, async (t) => {
  const port = PORT + 1;
  const capture = await Capture.begin(t, ['-tkn', '-i', 'pktap,lo', `port ${port}`]);
  // The program answers with the payload's first byte; of a SYN, with nothing to read, it picks 0.
  const ran = await runProgram(null, [
    'python3',
    '-c',
    `${NAMED}
import ctypes, struct
def bound(kind, first):
    s = socket.socket(socket.AF_INET, kind); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    s.bind(('127.0.0.1', ${port}))
    if first:
        program = ctypes.create_string_buffer(struct.pack('HBBIHBBI', 0x30, 0, 0, 0, 0x16, 0, 0, 0))
        s.setsockopt(socket.SOL_SOCKET, 51, struct.pack('HxxxxxxP', 2, ctypes.addressof(program)))
    return s
r, w = os.pipe()
def worker(i):
    s = bound(socket.SOCK_DGRAM, i == 0); os.write(w, b'x')
    while True:
        data, address = s.recvfrom(100); s.sendto(b'w%d' % i, address)
workers = []
for i in range(4):
    workers.append(child(f'w{i}', lambda: worker(i))); os.read(r, 1)
with open('/proc/self/comm', 'w') as file: file.write('client')
c = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); c.connect(('127.0.0.1', ${port}))
for i in range(40):
    c.send(bytes([i % 4])); assert c.recv(9) == b'w%d' % (i % 4)
for pid in workers: os.kill(pid, 9)`,
  ]);
  assert.equal(ran.status, 0, ran.errors);
  const { lines } = await capture.end();
  assert.equal(lines.length, 160, lines.join('\n'));
  lines.forEach((line, i) => {
    const { proc, dir, flags } = metadataOf(line);
    const name = proc?.split(':')[0] ?? null;
    const worker = `w${Math.floor(i / 4) % 4}`;
    const expected = [
      ['out', 'client'],
      ['in', null],
      ['out', worker],
      ['in', 'client'],
    ][i % 4]!;
    assert.deepEqual([dir, name], expected, line);
    assert.ok(flags.includes('so'), line);
  });
});

for (const older of [true, false]) {
  test(`Multipath TCP, a listener that is ${older ? 'older' : 'younger'} than the tap: both ends of each packet`, {
    skip: cannot,
  }, async (t) => {
    const port = PORT + (older ? 2 : 3);
    const code = `
import socket, sys
try: s = socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262)
except OSError: s = socket.socket()
s.bind(('127.0.0.1', ${port})); s.listen(); print('ready', flush=True)
while True:
    c = s.accept()[0]; c.recv(9); c.send(b'a'); c.close()`;
    const before = older ? await python(t, null, code) : null;
    const capture = await Capture.begin(t, ['-tkn', '-i', 'pktap,lo', `tcp port ${port}`]);
    const server = before ?? (await python(t, null, code));
    const clients: number[] = [];
    for (const protocol of [262, 6]) {
      const ran = await runProgram(null, [
        'python3',
        '-c',
        `
import socket
try: s = socket.socket(socket.AF_INET, socket.SOCK_STREAM, ${protocol})
except OSError: s = socket.socket()
s.connect(('127.0.0.1', ${port})); s.send(b'q'); s.recv(9); s.close()`,
      ]);
      assert.equal(ran.status, 0, ran.errors);
      clients.push(ran.pid);
    }
    const { lines } = await capture.end();
    assert.ok(lines.length >= 32, lines.join('\n'));
    const named = new Set<string>();
    for (const line of lines) {
      const { proc, dir } = metadataOf(line);
      const toServer = new RegExp(`> 127\\.0\\.0\\.1\\.${port}:`).test(line);
      if (toServer === (dir === 'in')) assert.equal(proc, `python3:${server.pid}`, line);
      else {
        assert.ok(
          clients.some((pid) => proc === `python3:${pid}`),
          line,
        );
        named.add(proc!);
      }
    }
    assert.equal(named.size, 2);
  });
}

test('accepted and closed without a word: the worker that accepted it', { skip: cannot }, async (t) => {
  const port = PORT + 4;
  const capture = await Capture.begin(t, ['-tkn', '-i', 'pktap,lo', '-Q', 'dir=out', `tcp src port ${port}`]);
  const ran = await runProgram(null, [
    'python3',
    '-c',
    `${NAMED}
s = socket.create_server(('127.0.0.1', ${port}))
def work():
    c, _ = s.accept(); print(os.getpid()); sys.stdout.flush(); c.close()
for i in range(3):
    pid = child('worker', work)
    c = socket.create_connection(('127.0.0.1', ${port})); c.recv(9); os.waitpid(pid, 0); c.close()`,
  ]);
  assert.equal(ran.status, 0, ran.errors);
  const { lines } = await capture.end();
  const closers = lines.filter((line) => /Flags \[F/.test(line)).map((line) => metadataOf(line).proc);
  assert.deepEqual(
    closers,
    ran.output
      .trim()
      .split('\n')
      .map((pid) => `worker:${pid}`),
    lines.join('\n'),
  );
});

test('a process ID given again: name, command line and start are the new process’s', {
  skip: cannot,
}, async (t) => {
  const port = PORT + 5;
  const capture = await Capture.begin(t, [
    ...['-tn', '-k', 'NPLT', '-i', 'pktap,lo', '-Q', 'dir=out', `udp port ${port}`],
  ]);
  // clone3 starts a process under the ID that is wanted. None is given out so high of itself.
  const ran = await runProgram(null, [
    'python3',
    '-c',
    `
import ctypes, os, struct, sys, tempfile
folder = tempfile.mkdtemp()
code = """import socket
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', ${port}))"""
with open('/proc/sys/kernel/pid_max') as file: wanted = int(file.read()) - 2 - os.getpid() % 1000
ids = ctypes.c_int(wanted)
arguments = struct.pack('11Q', 0, 0, 0, 0, 17, 0, 0, 0, ctypes.addressof(ids), 1, 0)
for i in range(4):
    pid = ctypes.CDLL(None).syscall(435, arguments, len(arguments))
    path = f'{folder}/name-{i}'
    if pid == 0:
        os.symlink(os.path.realpath(sys.executable), path)
        os.execv(path, ['python3', '-c', code, f'number-{i}'])
    assert pid == wanted, pid
    assert os.waitpid(pid, 0)[1] == 0
    os.unlink(path)
os.rmdir(folder)
print(wanted)`,
  ]);
  assert.equal(ran.status, 0, ran.errors);
  const { lines } = await capture.end();
  assert.equal(lines.length, 4, lines.join('\n'));
  const starts = new Set<string>();
  lines.forEach((line, i) => {
    const [, name, pid, argument, start] =
      /^\(proc ([\w-]+):(\d+), cmd python3 .*(number-\d)'?, start (.*?)\) IP /.exec(line) ??
      assert.fail(line);
    assert.deepEqual([name, pid, argument], [`name-${i}`, ran.output.trim(), `number-${i}`], line);
    starts.add(start!);
  });
  assert.equal(starts.size, 4);
});

test('names that mean to deceive stay within their parenthesis', { skip: cannot }, async (t) => {
  const port = PORT + 6;
  const capture = await Capture.begin(t, ['-tkn', '-i', 'pktap,lo', '-Q', 'dir=out', `udp port ${port}`]);
  const ran = await runProgram(null, [
    'python3',
    '-c',
    `
import ctypes, os, socket
for name in b'\\x1b[31mred\\n', b'a b\\tc', b'\\xff\\xfe\\x07', b'\\xe2\\x80\\xae abc':
    if os.fork() == 0:
        ctypes.CDLL(None).prctl(15, name, 0, 0, 0)
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', ${port}))
        os._exit(0)
    os.wait()`,
  ]);
  assert.equal(ran.status, 0, ran.errors);
  const { out, lines } = await capture.end();
  assert.equal(lines.length, 4, out);
  assert.doesNotMatch(out, /[\x00-\x09\x0b-\x1f\x7f]/, 'no control byte but the ends of lines');
  for (const line of lines) assert.match(line, /^\(lo, proc .*:\d+, svc BE, out, nf, so\) IP /);
});

test('a thread that becomes a program is its process', { skip: cannot }, async (t) => {
  const port = PORT + 7;
  const capture = await Capture.begin(t, [
    '-tn',
    '-k',
    'NPH',
    '-i',
    'pktap,lo',
    '-Q',
    'dir=out',
    `udp port ${port}`,
  ]);
  const child = await python(
    t,
    null,
    `
import os, threading
code = "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', ${port})); print('sent', flush=True)"
def become():
    with open(f'/proc/self/task/{threading.get_native_id()}/comm', 'w') as file: file.write('a thread')
    os.execvp('python3', ['python3', '-c', code])
print('ready', flush=True)
threading.Thread(target=become).start()
threading.Event().wait()`,
  );
  await waitFor(child.stdout!, /sent/).catch(() => undefined);
  const { lines } = await capture.end();
  assert.equal(lines.length, 1, lines.join('\n'));
  assert.match(lines[0]!, new RegExp(`^\\(proc python3:${child.pid}, thread ${child.pid}\\) IP `));
});
