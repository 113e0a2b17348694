// Tunnels: what is around a packet is named as the packet is, both ways.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import {
  Capture,
  cannot,
  ip,
  makeApart,
  makeNamespace,
  makeTwo,
  metadataOf,
  python,
  runProgram,
} from './world.js';

const SERVER = `
import socket, threading
u = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM); u.bind(('::', 5353))
s = socket.create_server(('::', 8080), family=socket.AF_INET6, dualstack_ipv6=True)
def datagrams():
    while True:
        d, a = u.recvfrom(100); u.sendto(d, a)
threading.Thread(target=datagrams, daemon=True).start()
print('ready')
while True:
    c = s.accept()[0]; c.send(c.recv(100)); c.close()`;

const CLIENT = (host: string): string => `
import socket
s = socket.create_connection(('${host}', 8080)); s.sendall(b'x'); s.recv(10); s.recv(10); s.close()
u = socket.socket(socket.AF_INET6 if ':' in '${host}' else socket.AF_INET, socket.SOCK_DGRAM)
u.connect(('${host}', 5353)); u.send(b'q'); u.recv(100)`;

const VXLAN = ['type', 'vxlan', 'id', '42'];
const kinds: { [name: string]: { words: readonly string[]; outer: string } } = {
  VXLAN: { words: [...VXLAN, 'dstport', '4789'], outer: 'udp port 4789' },
  'VXLAN on its old port': { words: [...VXLAN, 'dstport', '8472'], outer: 'udp port 8472' },
  Geneve: { words: ['type', 'geneve', 'id', '42'], outer: 'udp port 6081' },
};

for (const [name, { words, outer }] of Object.entries(kinds)) {
  test(`${name}: around a packet is the packet’s process, in and out`, { skip: cannot }, async (t) => {
    const kind = words[1]!;
    const tried = makeNamespace(t);
    const one = ['-n', tried, 'link', 'add', 'tun0', ...words, 'remote', '192.0.2.1'];
    if (spawnSync('ip', one).status !== 0) return t.skip(`this kernel has no ${kind}`);
    const { a, b, inA, inB } = makeTwo(t);
    const ends = [
      [a, inA, inB, '10.42.0.1/24', 'fd42::1/64'],
      [b, inB, inA, '10.42.0.2/24', 'fd42::2/64'],
    ] as const;
    for (const [namespace, local, remote, inner, inner6] of ends) {
      // Geneve has no local address.
      const from = words.includes('geneve') ? [] : ['local', local];
      const device = words.includes('vxlan') ? ['dev', 'eth0'] : [];
      ip('-n', namespace, 'link', 'add', 'tun0', ...words, ...from, 'remote', remote, ...device);
      ip('-n', namespace, 'addr', 'add', inner, 'dev', 'tun0');
      ip('-n', namespace, 'addr', 'add', inner6, 'dev', 'tun0', 'nodad');
      ip('-n', namespace, 'link', 'set', 'tun0', 'up');
    }
    await python(t, b, SERVER);
    for (const to of ['10.42.0.2', 'fd42::2']) {
      const capture = await Capture.begin(t, ['-tkn', '-i', 'pktap,eth0', '--netns', a, outer]);
      const client = await runProgram(a, ['python3', '-c', CLIENT(to)]);
      assert.equal(client.errors, '');
      const { out } = await capture.end();
      // A packet may be on two lines: what is around it, and what it is.
      const packets = out.split(/\n(?=\()/).filter((text) => /\.(8080|5353)\b/.test(text));
      const directions = packets.map((text) => metadataOf(text).dir);
      assert.ok(directions.filter((dir) => dir === 'in').length >= 4, out);
      assert.ok(directions.filter((dir) => dir === 'out').length >= 5, out);
      for (const text of packets) assert.equal(metadataOf(text).proc, `python3:${client.pid}`, text);
    }
  });
}

test('a tunnel’s port with something else on it is named by its socket', { skip: cannot }, async (t) => {
  const { a, b, inA } = makeTwo(t);
  const code = `import socket; u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.bind(('', 4789)); print('ready')
while True: u.recv(2000)`;
  const { pid } = await python(t, a, code);
  const capture = await Capture.begin(t, ['-tkn', '-i', 'pktap,eth0', '--netns', a, 'udp port 4789']);
  const send = `import socket; u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for n in (0, 1, 8, 21, 22, 60, 900): u.sendto(b'\\x08' * n, ('${inA}', 4789))`;
  assert.equal((await runProgram(b, ['python3', '-c', send])).errors, '');
  const { out } = await capture.end();
  const packets = out.split(/\n(?=\()/).filter((text) => text !== '');
  assert.equal(packets.length, 7, out);
  for (const text of packets) assert.equal(metadataOf(text).proc, `python3:${pid}`, text);
});

test('what looks like a tunnel’s packet is nobody’s where there is no tunnel', {
  skip: cannot,
}, async (t) => {
  const { a, b, inA, inB } = makeApart(t);
  const server = `import socket; u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.bind(('', 5353)); print('ready')
while True: u.recv(2000)`;
  await python(t, a, server);
  const capture = await Capture.begin(t, ['-tkn', '-i', 'pktap,eth0', '--netns', a, 'udp']);
  // Inside is a datagram for the server.
  const send = `import socket, struct
inner = struct.pack('>BBHHHBBH', 0x45, 0, 29, 0, 0, 64, 17, 0) + socket.inet_aton('${inB}') + socket.inet_aton('${inA}')
inner += struct.pack('>HHHH', 9, 5353, 9, 0) + b'x'
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
u.sendto(b'\\x08' + bytes(7) + bytes(12) + b'\\x08\\0' + inner, ('${inA}', 4789))`;
  assert.equal((await runProgram(b, ['python3', '-c', send])).errors, '');
  const { out } = await capture.end();
  const packets = out.split(/\n(?=\()/).filter((text) => text.includes('.4789: VXLAN'));
  assert.equal(packets.length, 1, out);
  assert.match(packets[0]!, /\.5353: /);
  assert.equal(metadataOf(packets[0]!).proc, null, out);
});
