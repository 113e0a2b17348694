// First packets of connections and conversations of which only the answer tells whose they are: what netfilter does to them comes behind the hook.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { type TestContext, test } from 'node:test';
import {
  Capture,
  cannot,
  ip,
  joinNamespaces,
  makeApart,
  makeNamespace,
  metadataOf,
  python,
  runProgram,
  type Two,
} from './world.js';

const skip = cannot || (spawnSync('nft', ['--version']).error !== undefined && 'no nft here');

const SERVER = (family: 4 | 6, host: string, port: number): string => `
import socket
open('/proc/self/comm', 'w').write('proxy')
s = socket.socket(socket.AF_INET${family === 6 ? '6' : ''}); s.setsockopt(1, 2, 1)
s.setsockopt(${family === 6 ? '41, 75' : '0, 19'}, 1); s.bind(('${host}', ${port})); s.listen(9)
print('ready')
while True:
    c = s.accept()[0]; c.recv(100); c.sendall(b'hello'); c.close()`;

const CLIENT = (host: string): string => `
import socket
s = socket.create_connection(('${host}', 80)); s.sendall(b'x'); s.recv(10); s.recv(10); s.close()`;

/** Loads rules, and captures while a client asks; each packet must be the server's. */
async function judge(t: TestContext, two: Two, rules: string, asked: string, server: string): Promise<void> {
  assert.equal((await runProgram(two.a, ['nft', rules])).errors, '');
  const { pid } = await python(t, two.a, server);
  const args = ['-tknq', '-i', 'pktap,eth0', '--netns', two.a, 'tcp'];
  const capture = await Capture.begin(t, args);
  for (let i = 0; i < 3; i++)
    assert.equal((await runProgram(two.b, ['python3', '-c', CLIENT(asked)])).errors, '');
  const { lines } = await capture.end();
  assert.ok(lines.length >= 24, lines.join('\n'));
  for (const line of lines) assert.equal(metadataOf(line).proc, `proxy:${pid}`, line);
}

for (const [family, anywhere, all] of [
  [4, '198.51.100.7', '0.0.0.0/0'],
  [6, '2001:db8::7', '::/0'],
] as const) {
  test(`a transparent proxy (TPROXY), IPv${family}: its first packets too`, { skip }, async (t) => {
    const two = makeApart(t);
    const [version, own, loopback] = family === 4 ? ['-4', two.inA, '127.0.0.1'] : ['-6', two.inA6, '::1'];
    ip('-n', two.a, version, 'rule', 'add', 'fwmark', '1', 'lookup', '100');
    ip('-n', two.a, version, 'route', 'add', 'local', all, 'dev', 'lo', 'table', '100');
    ip('-n', two.b, version, 'route', 'add', anywhere, 'via', own);
    const to = family === 4 ? loopback : `[${loopback}]`;
    const rules = `table ${family === 4 ? 'ip' : 'ip6'} t { chain p { type filter hook prerouting priority mangle;
      meta l4proto tcp socket transparent 1 meta mark set 1 accept;
      tcp dport 80 tproxy to ${to}:12346 meta mark set 1 accept;
    }; }`;
    await judge(t, two, rules, anywhere, SERVER(family, loopback, 12346));
  });

  test(`REDIRECT of what comes in, IPv${family}: its first packets too`, { skip }, async (t) => {
    const two = makeApart(t);
    const [own, any] = family === 4 ? [two.inA, ''] : [two.inA6, '::'];
    const rules = `table ${family === 4 ? 'ip' : 'ip6'} r { chain p { type nat hook prerouting priority -100;
      tcp dport 80 redirect to :12345;
    }; }`;
    await judge(t, two, rules, own, SERVER(family, any, 12345));
  });
}

/** Answers datagrams on a port. */
const ANSWERS = (family: 4 | 6, port: number): string => `
import socket
open('/proc/self/comm', 'w').write('answers')
u = socket.socket(socket.AF_INET${family === 6 ? '6' : ''}, socket.SOCK_DGRAM); u.bind(('', ${port}))
print('ready')
while True:
    d, a = u.recvfrom(99); u.sendto(b'answer', a)`;

/** Clients, each with a port of its own, that ask twice. */
const ASKS = (family: 4 | 6, host: string, port: number): string => `
import socket
for _ in range(8):
    u = socket.socket(socket.AF_INET${family === 6 ? '6' : ''}, socket.SOCK_DGRAM); u.settimeout(9)
    for q in (b'q', b'qq'): u.sendto(q, ('${host}', ${port})); u.recv(99)`;

/** Milliseconds that a first datagram waits for its answer. */
const WAITS = 20;

/** Every datagram between the clients and the server is the server's, as an interface of `two.a` shows them. */
async function judgeDatagrams(
  t: TestContext,
  two: Two,
  family: 4 | 6,
  pid: number,
  host: string,
): Promise<void> {
  const capture = await Capture.begin(t, ['-ttknq', '-i', 'pktap,all', '--netns', two.a, 'udp']);
  assert.equal((await runProgram(two.b, ['python3', '-c', ASKS(family, host, 80)])).errors, '');
  const { lines: all, err } = await capture.end();
  const packets = all.flatMap((line) => {
    const [, time, rest] = /^(\S+) (\(eth0@.*[.]80[ :].*)/.exec(line) ?? [];
    return rest === undefined ? [] : [{ time: Number(time) * 1000, proc: metadataOf(rest).proc, line }];
  });
  assert.equal(packets.length, 32, `${all.join('\n')}\n${err}`);
  let late = 0;
  packets.forEach(({ time, proc, line }, i) => {
    // On a busy machine the server may come to it later than that.
    const unanswered = i % 4 === 0 && packets[i + 1]!.time - time > WAITS;
    if (proc === null && unanswered) late++;
    else assert.equal(proc, `answers:${pid}`, `${line}\nof:\n${all.join('\n')}`);
  });
  t.diagnostic(`${late} of 8 first datagrams were answered too late`);
}

for (const family of [4, 6] as const)
  test(`REDIRECT of datagrams, IPv${family}: each client's first too`, { skip }, async (t) => {
    const two = makeApart(t);
    const rules = `table ${family === 4 ? 'ip' : 'ip6'} r { chain p { type nat hook prerouting priority -100;
      udp dport 80 redirect to :12345;
    }; }`;
    assert.equal((await runProgram(two.a, ['nft', rules])).errors, '');
    const { pid } = await python(t, two.a, ANSWERS(family, 12345));
    await judgeDatagrams(t, two, family, pid!, family === 4 ? two.inA : two.inA6);
  });

test('a published port: each client’s first datagram too', { skip }, async (t) => {
  const two = makeApart(t);
  const inside = makeNamespace(t);
  joinNamespaces(two.a, inside, 'veth1', 'eth0', [
    [two.a, '172.31.7.1/24'],
    [inside, '172.31.7.2/24'],
  ]);
  ip('-n', inside, 'route', 'add', 'default', 'via', '172.31.7.1');
  await runProgram(two.a, ['sysctl', '-qw', 'net.ipv4.ip_forward=1']);
  const rules = `table ip d { chain p { type nat hook prerouting priority -100;
    udp dport 80 dnat to 172.31.7.2:5353;
  }; }`;
  assert.equal((await runProgram(two.a, ['nft', rules])).errors, '');
  const { pid } = await python(t, inside, ANSWERS(4, 5353));
  await judgeDatagrams(t, two, 4, pid!, two.inA);
});

test('a macvlan’s server on its parent: each client’s first datagram too', { skip }, async (t) => {
  const two = makeApart(t);
  const inside = makeNamespace(t);
  ip('-n', two.a, 'link', 'add', 'mv0', 'link', 'eth0', 'type', 'macvlan', 'mode', 'bridge');
  ip('-n', two.a, 'link', 'set', 'mv0', 'netns', inside);
  ip('-n', inside, 'addr', 'add', '10.94.0.3/24', 'dev', 'mv0');
  ip('-n', inside, 'link', 'set', 'mv0', 'up');
  // On the parent's own namespace another has the port.
  await python(t, two.a, ANSWERS(4, 80));
  const { pid } = await python(t, inside, ANSWERS(4, 80));
  await judgeDatagrams(t, two, 4, pid!, '10.94.0.3');
});

test('a first packet that nobody answers is shown all the same, in its order', { skip }, async (t) => {
  const two = makeApart(t);
  const rules = 'table ip f { chain i { type filter hook input priority 0; tcp dport 81 drop; }; }';
  assert.equal((await runProgram(two.a, ['nft', rules])).errors, '');
  const capture = await Capture.begin(t, ['-tknq', '-i', 'pktap,eth0', '--netns', two.a, 'tcp or udp']);
  const code = `
import socket
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for i in range(20):
    s = socket.socket(); s.setblocking(False); s.connect_ex(('${two.inA}', 81))
    u.sendto(b'x' * i, ('${two.inA}', 82))`;
  assert.equal((await runProgram(two.b, ['python3', '-c', code])).errors, '');
  const { lines, err } = await capture.end();
  const came = lines.filter((line) => / in/.test(line) && / > 10\.94\.0\.1\.8[12]:/.test(line));
  assert.deepEqual(
    came.slice(0, 40).map((line) => /: (UDP, length \d+|tcp)/.exec(line)![1]),
    Array.from({ length: 20 }, (_, i) => ['tcp', `UDP, length ${i}`]).flat(),
    lines.join('\n'),
  );
  for (const line of came) assert.equal(metadataOf(line).proc, null, line);
  assert.match(err, /\n0 packets dropped by kernel/);
});
