// System calls that only carry packets: a write to a tun or tap device, a verdict of netfilter's queue, an entry for a neighbour.
// What then leaves in them is not theirs. And packets that wait, on sockets that several processes use.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { type TestContext, test } from 'node:test';
import { Capture, cannot, ip, makeTwo, metadataOf, python, runProgram } from './world.js';

/** Takes a name, as a program of that name has it. */
const NAME = (name: string): string => `
import fcntl, os, select, socket, struct, sys, threading, time
open('/proc/self/comm', 'w').write('${name}')
`;

/** A VPN in user space: one end of a tunnel over UDP. */
const TUNNEL = (kind: string, number: number, peer: string): string => `${NAME('vpndaemon')}
t = os.open('/dev/net/tun', os.O_RDWR)
fcntl.ioctl(t, 0x400454ca, struct.pack('16sH', b'tun0', ${kind === 'tun' ? '0x1001' : '0x1002'}))
os.system('ip addr add 10.43.0.${number}/24 dev tun0; ip link set tun0 up')
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.bind(('', 51820)); u.setsockopt(1, 33, 4 << 20)
print('ready')
while 1:
    r, _, _ = select.select([t, u], [], [])
    if t in r: u.sendto(os.read(t, 2000), ('${peer}', 51820))
    if u in r: os.write(t, u.recv(2000))
`;

const SINK = `${NAME('sink')}
s = socket.create_server(('', 8080)); print('ready')
while 1:
    c, _ = s.accept()
    while c.recv(1 << 20): pass
    c.close()
`;

const SOURCE = `${NAME('webserver')}
s = socket.create_server(('', 80)); print('ready')
while 1:
    c, _ = s.accept(); c.recv(99); c.sendall(b'h' * 400000); c.close()
`;

/** Bytes of TCP in the lines that match, by process. */
function bytesBy(lines: readonly string[], pattern: RegExp): { [process: string]: number } {
  const bytes: { [process: string]: number } = {};
  for (const line of lines) {
    if (!pattern.test(line)) continue;
    const { proc } = metadataOf(line);
    bytes[proc ?? '-'] = (bytes[proc ?? '-'] ?? 0) + Number(/ tcp (\d+)$/.exec(line)?.[1] ?? 0);
  }
  return bytes;
}

async function tunnel(t: TestContext, kind: string): Promise<string> {
  const { a, b, inA, inB } = makeTwo(t);
  await python(t, a, TUNNEL(kind, 1, inB));
  await python(t, b, TUNNEL(kind, 2, inA));
  await python(t, b, SINK);
  return a;
}

for (const kind of ['tun', 'tap']) {
  test(`a VPN’s daemon writes to ${kind}: the data that its packets let go is the program’s`, {
    skip: cannot,
  }, async (t) => {
    const here = await tunnel(t, kind);
    const capture = await Capture.begin(t, ['-tknq', '-i', 'pktap,tun0', '--netns', here, 'tcp port 8080']);
    const client = await runProgram(here, [
      'python3',
      '-c',
      `${NAME('uploader')}
s = socket.create_connection(('10.43.0.2', 8080)); s.sendall(b'z' * 400000); s.shutdown(1); s.recv(1)`,
    ]);
    assert.equal(client.status, 0, client.errors);
    const { lines } = await capture.end();
    const name = `uploader:${client.pid}`;
    const sent = bytesBy(lines, /, out.* > 10\.43\.0\.2\.8080/);
    assert.deepEqual(Object.keys(sent), [name]);
    assert.ok(sent[name]! >= 400000, `${sent[name]}, more where some was sent again`);
    assert.deepEqual(bytesBy(lines, /, in.*10\.43\.0\.2\.8080 > /), { [name]: 0 });
  });

  test(`a server behind ${kind}, and what filters keep of it`, { skip: cannot }, async (t) => {
    const { a, b, inA, inB } = makeTwo(t);
    await python(t, a, TUNNEL(kind, 1, inB));
    await python(t, b, TUNNEL(kind, 2, inA));
    const server = await python(t, a, SOURCE);
    const args = ['-tknq', '-i', 'pktap,tun0', '--netns', a];
    const all = await Capture.begin(t, [...args, 'tcp port 80']);
    const some = await Capture.begin(t, [...args, '-Q', 'proc = webserver', 'tcp port 80']);
    const client = await runProgram(b, [
      'python3',
      '-c',
      `import socket
s = socket.create_connection(('10.43.0.1', 80)); s.sendall(b'GET'); n = 0
while 1:
    d = s.recv(1 << 20)
    if not d: break
    n += len(d)
assert n == 400000`,
    ]);
    assert.equal(client.status, 0, client.errors);
    const { lines } = await all.end();
    const name = `webserver:${server.pid}`;
    const sent = bytesBy(lines, /, out.*10\.43\.0\.1\.80 > /);
    assert.deepEqual(Object.keys(sent), [name]);
    assert.ok(sent[name]! >= 400000, `${sent[name]}, more where some was sent again`);
    assert.deepEqual(bytesBy(lines, /, in.* > 10\.43\.0\.1\.80/), { [name]: 3 });
    assert.deepEqual((await some.end()).lines, lines, 'the filter keeps every packet');
  });
}

/** An application firewall: takes packets from netfilter's queue, and lets each go. */
const FIREWALL = `${NAME('firewall')}
s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12); s.bind((0, 0))
def attribute(kind, body): return struct.pack('=HH', len(body) + 4, kind) + body + b'\\0' * (-len(body) % 4)
def send(kind, body): s.send(struct.pack('=IHHII', len(body) + 20, 0x300 | kind, 1, 0, 0) + struct.pack('!BBH', 0, 0, 7) + body)
send(2, attribute(1, struct.pack('!BBH', 1, 0, 0)))      # bind the queue
send(2, attribute(2, struct.pack('!IB', 0xffff, 2)))     # copy the packets
print('ready')
while 1:
    data = s.recv(1 << 17); at = 0
    while at + 16 <= len(data):
        length, kind = struct.unpack_from('=IH', data, at)
        if kind == 0x300:
            a = at + 20
            while a + 4 <= at + length:
                size, which = struct.unpack_from('=HH', data, a)
                if which == 1: send(1, attribute(2, struct.pack('!II', 1, struct.unpack_from('!I', data, a + 4)[0])))
                a += (size + 3) & ~3
        at += (length + 3) & ~3
`;

const noQueue =
  cannot || (spawnSync('iptables', ['--version']).status === 0 ? false : 'iptables is not installed');

test('a verdict of netfilter’s queue: what it lets go is the sender’s', { skip: noQueue }, async (t) => {
  const { a, b, inB } = makeTwo(t);
  for (const [protocol, port] of [
    ['tcp', '8080'],
    ['udp', '5353'],
  ] as const) {
    const rule = [
      '-t',
      'mangle',
      '-A',
      'OUTPUT',
      '-p',
      protocol,
      '--dport',
      port,
      '-j',
      'NFQUEUE',
      '--queue-num',
      '7',
    ];
    assert.equal((await runProgram(a, ['iptables', ...rule])).errors, '');
  }
  await python(t, a, FIREWALL);
  await python(
    t,
    b,
    `${NAME('server')}
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.bind(('', 5353))
def answer():
    while 1:
        d, w = u.recvfrom(2000); u.sendto(b'answer', w)
threading.Thread(target=answer, daemon=True).start()
s = socket.create_server(('', 8080)); print('ready')
while 1:
    c, _ = s.accept(); c.recv(100); c.sendall(b'hello'); c.close()`,
  );
  const capture = await Capture.begin(t, [
    ...['-tknq', '-i', 'pktap,eth0', '--netns', a],
    'tcp port 8080 or udp port 5353',
  ]);
  const client = await runProgram(a, [
    'python3',
    '-c',
    `${NAME('client')}
for i in range(5):
    s = socket.create_connection(('${inB}', 8080)); s.sendall(b'x'); s.recv(10); s.recv(10); s.close()
    u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.sendto(b'q', ('${inB}', 5353)); u.recv(100)
    u.connect(('${inB}', 5353)); u.send(b'q'); u.recv(100)`,
  ]);
  assert.equal(client.status, 0, client.errors);
  const { lines } = await capture.end();
  assert.equal(lines.filter((line) => /UDP/.test(line)).length, 20, lines.join('\n'));
  for (const line of lines) assert.equal(metadataOf(line).proc, `client:${client.pid}`, line);
});

/** The other end answers no question for its address; a program enters it after a while, as arpd or zebra does. */
async function unanswered(
  t: TestContext,
): Promise<{ a: string; inB: string; inB6: string; answer: () => void }> {
  const { a, b, inA, inB, inA6, inB6 } = makeTwo(t);
  ip('-n', b, 'link', 'set', 'eth0', 'arp', 'off');
  const deaf =
    'table ip6 deaf { chain i { type filter hook input priority 0; icmpv6 type nd-neighbor-solicit drop; }; }';
  assert.equal((await runProgram(b, ['nft', deaf])).errors, '');
  // However slow the machine: the packets wait longer than the usual three seconds.
  for (const family of ['ipv4', 'ipv6']) {
    const setting = `net.${family}.neigh.eth0.mcast_solicit=15`;
    assert.equal((await runProgram(a, ['sysctl', '-qw', setting])).status, 0);
  }
  const mac = (namespace: string): string =>
    /link\/ether (\S+)/.exec(ip('-n', namespace, 'link', 'show', 'eth0'))![1]!;
  const enter = (namespace: string, address: string, to: string): void => {
    ip('-n', namespace, 'neigh', 'replace', address, 'lladdr', to, 'dev', 'eth0');
  };
  for (const address of [inA, inA6]) enter(b, address, mac(a));
  await new Promise((done) => setTimeout(done, 300));
  return {
    a,
    inB,
    inB6,
    answer: () => {
      for (const address of [inB, inB6]) enter(a, address, mac(b));
    },
  };
}

test('packets that wait for a neighbour, which another program enters: their sender’s, and sent once', {
  skip: cannot,
}, async (t) => {
  const { a, inB, answer } = await unanswered(t);
  const capture = await Capture.begin(t, [
    '-tkn',
    '-i',
    'pktap,eth0',
    '--netns',
    a,
    `dst host ${inB} and not arp`,
  ]);
  const client = await python(
    t,
    a,
    `${NAME('waiting')}
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.connect(('${inB}', 5555)); u.send(b'q'); u.send(b'w')
s = socket.socket(); s.setblocking(False); s.connect_ex(('${inB}', 8080)); print('ready')
time.sleep(9)`,
  );
  answer();
  const { lines } = await capture.end();
  assert.equal(lines.filter((line) => /UDP/.test(line)).length, 2, lines.join('\n'));
  const [syn, ...more] = lines.filter((line) => /Flags \[S\]/.test(line));
  assert.ok(syn !== undefined && more.length === 0, lines.join('\n'));
  assert.deepEqual(metadataOf(syn).flags, ['nf', 'so']);
  for (const line of lines) assert.equal(metadataOf(line).proc, `waiting:${client.pid}`, line);
});

for (const [kind, socket, version] of [
  ['UDP', 'socket.SOCK_DGRAM', 4],
  ['UDP', 'socket.SOCK_DGRAM', 6],
  ['raw', 'socket.SOCK_RAW, 253', 4],
  ['raw', 'socket.SOCK_RAW, 253', 6],
] as const) {
  test(`packets of several processes wait on one ${kind} socket, IPv${version}: each is its sender’s`, {
    skip: cannot,
  }, async (t) => {
    const { a, inB, inB6, answer } = await unanswered(t);
    const address = version === 4 ? inB : inB6;
    const filter = `${version === 4 ? 'ip' : 'ip6'} and (udp port 5556 or ip proto 253 or ip6 proto 253)`;
    const capture = await Capture.begin(t, ['-tkn', '-A', '-i', 'pktap,eth0', '--netns', a, filter]);
    await python(
      t,
      a,
      `${NAME('parent')}
s = socket.socket(socket.AF_INET${version === 4 ? '' : '6'}, ${socket}); s.connect(('${address}', 5556))
def send(): s.send(b'pid=%d.' % os.getpid())
send()
for i in range(5):
    pid = os.fork()
    if pid == 0:
        open('/proc/self/comm', 'w').write('child%d' % i); send(); send(); os._exit(0)
    os.waitpid(pid, 0)
send(); print('ready')
time.sleep(9)`,
    );
    answer();
    const { out } = await capture.end();
    const sent = out
      .split('(eth0@')
      .map((text) => /^[^)]*\)/.exec(text)?.[0] + (/pid=\d+\./.exec(text)?.[0] ?? ''))
      .filter((text) => /pid=/.test(text));
    assert.equal(sent.length, 12, out);
    for (const text of sent) {
      const real = /pid=(\d+)\./.exec(text)![1];
      assert.match(text, new RegExp(`proc (parent|child\\d):${real}, `), text);
    }
  });
}
