// Connections' first packets of which only the answer tells whose they are: what netfilter does to them comes behind the hook.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { type TestContext, test } from 'node:test';
import { Capture, cannot, ip, makeApart, metadataOf, python, runProgram, type Two } from './world.js';

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
