// Whose packet is it: real programs, real packets.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Capture, cannot, command, ip, makePair, metadataOf, python, runProgram } from './world.js';

const HTTP = (address: string, port: number): string => `
import http.server, socketserver, socket
class V6(http.server.HTTPServer): address_family = socket.AF_INET6 if ':' in '${address}' else socket.AF_INET
class Quiet(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b'x' * 5000)
    def log_message(self, *a): pass
s = V6(('${address}', ${port}), Quiet)
print('ready'); s.serve_forever()`;

for (const attach of ['tcx', 'clsact']) {
  test(`curl and a server on loopback, both ends, by ${attach}`, { skip: cannot }, async (t) => {
    const server = await python(t, null, HTTP('127.0.0.1', 18081));
    const capture = await Capture.begin(t, ['-tknq', '-i', 'pktap,lo', 'tcp port 18081'], {
      PKTAP_ATTACH: attach,
    });
    const curl = await runProgram(null, ['curl', '-s', 'http://127.0.0.1:18081/']);
    const { lines, err, status } = await capture.end();
    assert.equal(status, 0, err);
    assert.ok(lines.length >= 16, lines.join('\n'));
    for (const line of lines) {
      const { face, proc, dir, flags } = metadataOf(line);
      const toServer = / > 127\.0\.0\.1\.18081:/.test(line);
      const byCurl = toServer === (dir === 'out');
      assert.equal(face, 'lo');
      assert.equal(proc, byCurl ? `curl:${curl.pid}` : `python3:${server.pid}`, line);
      assert.ok(flags.includes('so'), line);
    }
    assert.ok(metadataOf(lines[0]!).flags.includes('nf'));
    assert.equal(
      lines.filter((line) => metadataOf(line).flags.includes('nf')).length,
      2,
      'the SYN, at both ends',
    );
    if (attach === 'clsact') {
      assert.doesNotMatch(execFileSync('tc', ['qdisc', 'show', 'dev', 'lo'], { encoding: 'utf8' }), /clsact/);
    }
  });
}

test('a listener from before the tap, held by a younger child too, beside hundreds of other sockets: whose that waits', {
  skip: cannot,
}, async (t) => {
  const port = 40000 + (process.pid % 10000);
  const server = await python(
    t,
    null,
    `
import os, socket, time
pairs = [socket.socketpair() for _ in range(300)]
more = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(300)]
s = socket.create_server(('127.0.0.1', ${port}))
child = os.fork()
if child == 0:
    time.sleep(60); os._exit(0)
print('ready')
c, _ = s.accept(); c.recv(100); c.close()
os.kill(child, 9); os.wait()`,
  );
  const capture = await Capture.begin(t, ['-tknq', '-i', 'pktap,lo', `tcp port ${port}`]);
  const code = `import socket; s = socket.create_connection(('127.0.0.1', ${port})); s.send(b'x'); s.recv(1)`;
  const client = await runProgram(null, ['python3', '-c', code]);
  assert.equal(client.status, 0);
  const { lines } = await capture.end();
  assert.ok(lines.length >= 12, lines.join('\n'));
  for (const line of lines) {
    const { proc, dir } = metadataOf(line);
    const toServer = line.includes(`> 127.0.0.1.${port}:`);
    assert.equal(proc, `python3:${toServer === (dir === 'out') ? client.pid : server.pid}`, line);
  }
});

test('IPv6 to a server in a namespace: the host names its own end and the namespace’s', {
  skip: cannot,
}, async (t) => {
  const pair = makePair(t);
  await python(t, pair.namespace, HTTP(pair.there6, 8080));
  const capture = await Capture.begin(t, ['-tknq', '-i', `pktap,${pair.device}`, 'tcp port 8080']);
  const curl = await runProgram(null, ['curl', '-s', '-g', `http://[${pair.there6}]:8080/`]);
  assert.equal(curl.status, 0);
  const { lines } = await capture.end();
  assert.ok(lines.length >= 8);
  for (const line of lines) {
    assert.equal(metadataOf(line).face, pair.device);
    assert.equal(metadataOf(line).proc, `curl:${curl.pid}`, line);
    assert.match(line, /IP6 /);
  }
});

test('traffic of a namespace through the host’s veth: the process inside is named', {
  skip: cannot,
}, async (t) => {
  const pair = makePair(t);
  const other = makePair(t);
  const server = await python(t, pair.namespace, HTTP(pair.there, 8080));
  execFileSync('sysctl', ['-qw', 'net.ipv4.ip_forward=1']);
  ip('-n', pair.namespace, 'route', 'add', 'default', 'via', pair.here);
  ip('-n', other.namespace, 'route', 'add', 'default', 'via', other.here);
  const capture = await Capture.begin(t, ['-tknq', '-i', `pktap,${pair.device}`, 'tcp port 8080']);
  const curl = await runProgram(other.namespace, ['curl', '-s', `http://${pair.there}:8080/`]);
  assert.equal(curl.status, 0);
  const { lines } = await capture.end();
  assert.ok(lines.length >= 8);
  for (const line of lines) assert.match(metadataOf(line).proc ?? '', /^python3:/, line);
  void server;
});

test('UDP: client and server, and a server that is older than the tap', { skip: cannot }, async (t) => {
  const server = await python(
    t,
    null,
    `
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('127.0.0.1', 18082)); print('ready')
while True:
    d, a = s.recvfrom(2000); s.sendto(d, a)`,
  );
  const capture = await Capture.begin(t, ['-tknq', '-i', 'pktap,lo', 'udp port 18082']);
  const client = await python(
    t,
    null,
    `
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for i in range(3):
    s.sendto(b'hello', ('127.0.0.1', 18082)); s.recv(100)
print('ready')`,
  );
  const { lines } = await capture.end();
  assert.equal(lines.length, 12);
  for (const line of lines) {
    const { proc, dir } = metadataOf(line);
    const toServer = / > 127\.0\.0\.1\.18082:/.test(line);
    assert.equal(proc, `python3:${toServer === (dir === 'out') ? client.pid : server.pid}`, line);
  }
});

test('two processes on one port by fork: each packet is its sender’s', { skip: cannot }, async (t) => {
  const capture = await Capture.begin(t, ['-tkn', '-A', '-i', 'pktap,lo', 'udp port 18083']);
  const parent = await python(
    t,
    null,
    `
import os, socket
r = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); r.bind(('127.0.0.1', 18083))
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.connect(('127.0.0.1', 18083))
for i in range(20):
    pid = os.fork()
    if pid == 0:
        s.send(b'pid=%d.' % os.getpid())
        os._exit(0)
    os.waitpid(pid, 0)
    s.send(b'pid=%d.' % os.getpid())
print('ready')`,
  );
  const { out } = await capture.end();
  // Bytes of the headers may be line ends: a packet's text goes from one parenthesis of metadata to the next.
  const sent = out
    .split('(lo, proc ')
    .map((text) => /^python3:(\d+), svc BE, out[\s\S]*pid=(\d+)\./.exec(text))
    .filter((match) => match !== null);
  assert.equal(sent.length, 40, out);
  for (const [text, shown, real] of sent) assert.equal(shown, real, text);
  assert.ok(new Set(sent.map((match) => match[2])).size > 10);
  void parent;
});

test('ping: request and reply are ping’s, the kernel’s answer is nobody’s', { skip: cannot }, async (t) => {
  const pair = makePair(t);
  const capture = await Capture.begin(t, ['-tknq', '-i', `pktap,${pair.device}`, 'icmp or icmp6']);
  const out = await runProgram(null, ['ping', '-c', '2', '-i', '0.2', pair.there]);
  const inwards = await runProgram(pair.namespace, ['ping', '-c', '1', pair.here]);
  const { lines } = await capture.end();
  const echoes = lines.filter((line) => /IP 10\./.test(line));
  const own = echoes.filter((line) => metadataOf(line).proc === `ping:${out.pid}`);
  assert.equal(own.length, 4, lines.join('\n'));
  assert.deepEqual(
    own.map((line) => metadataOf(line).dir),
    ['out', 'in', 'out', 'in'],
  );
  assert.equal(inwards.status, 0);
  const answers = echoes.filter((line) => metadataOf(line).proc !== `ping:${out.pid}`);
  assert.equal(answers.length, 2);
  assert.equal(metadataOf(answers.find((line) => metadataOf(line).dir === 'out')!).proc, null);
});

test('a file is read back the same by us and by tshark', { skip: cannot }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'pktap-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'x.pcapng');
  const server = await python(t, null, HTTP('127.0.0.1', 18084));
  const capture = await Capture.begin(t, ['-i', 'pktap,lo', '-w', file, 'tcp port 18084']);
  const curl = await runProgram(null, ['curl', '-s', 'http://127.0.0.1:18084/']);
  const { err, status } = await capture.end();
  assert.equal(status, 0);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const count = Number(/(\d+) packets captured/.exec(err)?.[1]);
  assert.ok(count >= 16);
  const ours = execFileSync(command, ['-tknqr', file], { encoding: 'utf8' }).trim().split('\n');
  assert.equal(ours.length, count);
  const names = new Set(ours.map((line) => metadataOf(line).proc));
  assert.deepEqual([...names].sort(), [`curl:${curl.pid}`, `python3:${server.pid}`]);
  const theirs = execFileSync(
    'tshark',
    ['-r', file, '-Y', 'tcp', '-T', 'fields', '-e', 'tcp.srcport', '-e', 'tcp.len'],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  const facts = ours.map((line) => /IP 127\.0\.0\.1\.(\d+) > \S+ tcp (\d+)$/.exec(line)!.slice(1).join('\t'));
  assert.deepEqual(theirs.trim().split('\n'), facts);
});
