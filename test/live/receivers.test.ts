// Who receives: multicast and broadcast go to every socket that wants them; what is a macvlan's is not the host's; what the
// host's own OUTPUT chain translated comes back to who sent it.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  Capture,
  cannot,
  ip,
  joinNamespaces,
  makeApart,
  makeNamespace,
  makeTwo,
  metadataOf,
  python,
  runProgram,
  waitFor,
} from './world.js';

/** A receiver on port 1900. It says what it got when it is asked by a line on standard input. */
const RECEIVER = (name: string, family: 4 | 6, join: string | null, all: boolean): string => `
import select, socket, struct, sys
open('/proc/self/comm', 'w').write('${name}')
u = socket.socket(socket.AF_INET${family === 6 ? '6' : ''}, socket.SOCK_DGRAM)
u.setsockopt(1, 2, 1); u.setsockopt(${family === 6 ? '41, 29' : '0, 49'}, ${all ? 1 : 0}); u.bind(('', 1900))
index = socket.if_nametoindex('eth0')
${
  join === null
    ? ''
    : family === 4
      ? `u.setsockopt(0, 35, socket.inet_aton('${join}') + b'\\0\\0\\0\\0' + struct.pack('=I', index))`
      : `u.setsockopt(41, 20, socket.inet_pton(socket.AF_INET6, '${join}') + struct.pack('=I', index))`
}
print('ready'); n = 0
while 1:
    r, _, _ = select.select([u, 0], [], [])
    if 0 in r: print('got', n, flush=True); break
    u.recv(100); n += 1
`;

const SEND = (family: 4 | 6, group: string): string => `
import socket
u = socket.socket(socket.AF_INET${family === 6 ? '6' : ''}, socket.SOCK_DGRAM); u.setsockopt(1, 6, 1)
if ${family} == 6: u.setsockopt(41, 17, socket.if_nametoindex('eth0'))
for i in range(3): u.sendto(b'm', ('${group}', 1900))`;

for (const [family, group, other] of [
  [4, '239.1.1.1', '239.2.2.2'],
  [6, 'ff02::1:1', 'ff02::2:2'],
] as const) {
  test(`multicast, IPv${family}: each receiver by its filter, nobody else`, { skip: cannot }, async (t) => {
    const { a, b } = makeTwo(t);
    ip('-n', a, 'route', 'add', '224.0.0.0/4', 'dev', 'eth0');
    const got = await receivers(t, b, [
      ['joined', RECEIVER('joined', family, group, false)],
      ['also', RECEIVER('also', family, group, true)],
      ['takesall', RECEIVER('takesall', family, null, true)],
      ['notjoined', RECEIVER('notjoined', family, null, false)],
      ['elsewhere', RECEIVER('elsewhere', family, other, false)],
    ]);
    const names = Object.keys(got);
    const args = ['-tknq', '-i', 'pktap,eth0', '--netns', b];
    const filter = 'udp port 1900';
    const captures = await Promise.all(
      names.map((name) => Capture.begin(t, [...args, '-Q', `proc = ${name}`, filter])),
    );
    const every = await Capture.begin(t, [...args, filter]);
    assert.equal((await runProgram(a, ['python3', '-c', SEND(family, group)])).errors, '');
    const { lines } = await every.end();
    assert.equal(lines.length, 3, lines.join('\n'));
    for (const [i, name] of names.entries()) {
      const shown = (await captures[i]!.end()).lines;
      const { received, pid } = await got[name]!();
      assert.equal(shown.length, received, `${name}: ${shown.join('\n')}`);
      for (const line of shown) assert.equal(metadataOf(line).proc, `${name}:${pid}`);
    }
    for (const line of lines) assert.match(metadataOf(line).proc ?? '', /^(joined|also|takesall):/, line);
  });
}

test('multicast that nobody joined is nobody’s; broadcast is everybody’s', { skip: cannot }, async (t) => {
  const { a, b } = makeTwo(t);
  ip('-n', a, 'route', 'add', '224.0.0.0/4', 'dev', 'eth0');
  const got = await receivers(t, b, [
    ['one', RECEIVER('one', 4, null, true)],
    ['two', RECEIVER('two', 4, null, false)],
  ]);
  const args = ['-tknq', '-i', 'pktap,eth0', '--netns', b, 'udp port 1900'];
  const every = await Capture.begin(t, args);
  const two = await Capture.begin(t, ['-Q', 'proc = two', ...args]);
  for (const to of ['239.3.3.3', '10.94.0.255'])
    assert.equal((await runProgram(a, ['python3', '-c', SEND(4, to)])).errors, '');
  const { lines } = await every.end();
  const broadcasts = (await two.end()).lines;
  assert.equal((await got['one']!()).received, 3);
  assert.equal((await got['two']!()).received, 3);
  assert.equal(broadcasts.length, 3, broadcasts.join('\n'));
  assert.equal(lines.length, 6);
  for (const line of lines) assert.equal(metadataOf(line).proc === null, / > 239\.3\.3\.3/.test(line), line);
});

/** Starts receivers; each function ends one and says what it received. */
async function receivers(
  t: TestContext,
  namespace: string,
  programs: readonly (readonly [string, string])[],
): Promise<{ [name: string]: () => Promise<{ received: number; pid: number }> }> {
  const started: { [name: string]: () => Promise<{ received: number; pid: number }> } = {};
  for (const [name, code] of programs) {
    const child = await python(t, namespace, code);
    started[name] = async () => {
      const said = waitFor(child.stdout!, /got \d+\n/); // it may come in pieces
      child.stdin!.write('\n');
      return { received: Number(/got (\d+)/.exec(await said)![1]), pid: child.pid! };
    };
  }
  return started;
}

const BOTH = (name: string): string => `
import socket, threading
open('/proc/self/comm', 'w').write('${name}')
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.bind(('', 5353))
def answer():
    while 1:
        d, w = u.recvfrom(2000); u.sendto(b'answer', w)
threading.Thread(target=answer, daemon=True).start()
s = socket.create_server(('', 8080)); print('ready')
while 1:
    c, _ = s.accept(); c.recv(100); c.sendall(b'hello'); c.close()`;

const ASK = (host: string, tcp: number, udp: number): string => `
import socket
s = socket.create_connection(('${host}', ${tcp})); s.sendall(b'x'); s.recv(10); s.recv(10); s.close()
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.connect(('${host}', ${udp})); u.send(b'q'); u.recv(100)`;

test('a macvlan’s server on a port that the host serves too: the server’s from the first SYN on, never the host’s', {
  skip: cannot,
}, async (t) => {
  const { a, b } = makeApart(t);
  const inside = makeNamespace(t);
  ip('-n', a, 'link', 'add', 'mv0', 'link', 'eth0', 'type', 'macvlan', 'mode', 'bridge');
  ip('-n', a, 'link', 'set', 'mv0', 'netns', inside);
  ip('-n', inside, 'addr', 'add', '10.94.0.3/24', 'dev', 'mv0');
  ip('-n', inside, 'link', 'set', 'mv0', 'up');
  await python(t, a, BOTH('decoy'));
  const server = await python(t, inside, BOTH('inside'));
  const capture = await Capture.begin(t, [
    '-tknq',
    '-i',
    'pktap,eth0',
    '--netns',
    a,
    'port 8080 or port 5353',
  ]);
  const client = await runProgram(b, ['python3', '-c', ASK('10.94.0.3', 8080, 5353)]);
  assert.equal(client.errors, '');
  const { lines } = await capture.end();
  for (const line of lines) {
    const { proc, dir } = metadataOf(line);
    // The first datagram is named by its answer, for which it waits 20 ms: on a busy machine that is too short (later.test.ts).
    if (dir !== 'in' || !line.includes('UDP') || proc !== null)
      assert.equal(proc, `inside:${server.pid}`, line);
  }
  assert.ok(lines.length >= 10);
});

test('answers through the host’s own OUTPUT translation (a ClusterIP)', { skip: cannot }, async (t) => {
  const [host, wire, far] = [makeNamespace(t), makeNamespace(t), makeNamespace(t)];
  joinNamespaces(host, wire, 'eth0', 'p1', [[host, '10.91.0.1/24']]);
  joinNamespaces(far, wire, 'eth0', 'p2', [[far, '10.91.0.2/24']]);
  ip('-n', wire, 'link', 'add', 'br0', 'type', 'bridge');
  for (const port of ['p1', 'p2']) ip('-n', wire, 'link', 'set', port, 'master', 'br0');
  ip('-n', wire, 'link', 'set', 'br0', 'up');
  ip('-n', host, 'route', 'add', 'default', 'via', '10.91.0.2');
  const rules = `table ip nat { chain o { type nat hook output priority -100;
    ip daddr 10.96.0.10 tcp dport 80 dnat to 10.91.0.2:8080
    ip daddr 10.96.0.10 udp dport 53 dnat to 10.91.0.2:5353
  }; }`;
  assert.equal((await runProgram(host, ['nft', rules])).errors, '');
  await python(t, far, BOTH('server'));
  const capture = await Capture.begin(t, [
    '-tknq',
    '-i',
    'pktap,eth0',
    '--netns',
    host,
    'port 8080 or port 5353',
  ]);
  const client = await runProgram(host, ['python3', '-c', ASK('10.96.0.10', 80, 53)]);
  assert.equal(client.errors, '');
  const { lines } = await capture.end();
  assert.ok(lines.length >= 10, lines.join('\n'));
  for (const line of lines) assert.equal(metadataOf(line).proc, `python3:${client.pid}`, line);
});

test('a container behind MASQUERADE, with a published port: on its veth, the bridge and the uplink', {
  skip: cannot,
}, async (t) => {
  const [host, wire, far, inside] = [makeNamespace(t), makeNamespace(t), makeNamespace(t), makeNamespace(t)];
  joinNamespaces(host, wire, 'eth0', 'p1', [[host, '10.91.0.1/24']]);
  joinNamespaces(far, wire, 'eth0', 'p2', [[far, '10.91.0.2/24']]);
  joinNamespaces(inside, host, 'eth0', 'veth1', [[inside, '172.17.0.2/16']]);
  for (const [namespace, bridge, ports] of [
    [wire, 'br0', ['p1', 'p2']],
    [host, 'docker0', ['veth1']],
  ] as const) {
    ip('-n', namespace, 'link', 'add', bridge, 'type', 'bridge');
    for (const port of ports) ip('-n', namespace, 'link', 'set', port, 'master', bridge);
    ip('-n', namespace, 'link', 'set', bridge, 'up');
  }
  ip('-n', host, 'addr', 'add', '172.17.0.1/16', 'dev', 'docker0');
  ip('-n', inside, 'route', 'add', 'default', 'via', '172.17.0.1');
  assert.equal((await runProgram(host, ['sysctl', '-qw', 'net.ipv4.ip_forward=1'])).errors, '');
  const rules = `table ip nat { chain post { type nat hook postrouting priority 100;
    ip saddr 172.17.0.0/16 oifname "eth0" masquerade
  }; chain pre { type nat hook prerouting priority -100;
    iifname "eth0" tcp dport 8081 dnat to 172.17.0.2:8080
  }; }`;
  assert.equal((await runProgram(host, ['nft', rules])).errors, '');
  await python(t, far, BOTH('far'));
  const web = await python(t, inside, BOTH('web'));
  const capture = await Capture.begin(t, ['-tknq', '-i', 'pktap,all', '--netns', host, 'tcp or udp or icmp']);
  const client = await runProgram(inside, ['python3', '-c', ASK('10.91.0.2', 8080, 5353)]);
  assert.equal(client.errors, '');
  const ping = await runProgram(inside, ['ping', '-q', '-c', '1', '10.91.0.2']);
  assert.equal(ping.status, 0);
  const remote = `import socket
s = socket.create_connection(('10.91.0.1', 8081)); s.sendall(b'x'); s.recv(10); s.recv(10)`;
  assert.equal((await runProgram(far, ['python3', '-c', remote])).errors, '');
  const { lines } = await capture.end();
  for (const device of ['veth1', 'docker0', 'eth0']) {
    const here = lines.filter((line) => metadataOf(line).face.startsWith(`${device}@`));
    const own = here.filter((line) => /10\.91\.0\.2\.(8080|5353)/.test(line));
    assert.ok(own.length >= 10, `${device}: ${here.join('\n')}`);
    for (const line of own) assert.equal(metadataOf(line).proc, `python3:${client.pid}`, line);
    const echoes = here.filter((line) => /ICMP echo/.test(line));
    assert.equal(echoes.length, 2);
    for (const line of echoes) assert.equal(metadataOf(line).proc, `ping:${ping.pid}`, line);
    const published = here.filter((line) => /(172\.17\.0\.2\.8080|10\.91\.0\.1\.8081)/.test(line));
    // Where its first packet goes is decided behind the uplink's hook: its answer tells.
    assert.ok(published.length >= 9);
    for (const line of published) assert.equal(metadataOf(line).proc, `web:${web.pid}`, line);
  }
});
