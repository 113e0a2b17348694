// The same capture read by tcpdump and by us: the same text, for a few thousand packets of mixed traffic made here.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { cannot, command, makePair, python, runProgram, waitFor } from './world.js';

/** TCP with data both ways, UDP of many sizes, DNS-like queries, fragments, a closed port, IPv4 and IPv6. */
const TRAFFIC = (there: string, there6: string): string => `
import socket, struct, threading, random
random.seed(1)
def server(host, family):
    s = socket.socket(family, socket.SOCK_STREAM); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return s
for host, family in (('${there}', socket.AF_INET), ('${there6}', socket.AF_INET6)):
    for i in range(40):
        c = socket.create_connection((host, 7000 + i % 2)); c.sendall(b'GET / HTTP/1.0\\r\\n\\r\\n' * (1 + i % 5))
        while c.recv(65536): pass
        c.close()
    u = socket.socket(family, socket.SOCK_DGRAM)
    for i in range(700): u.sendto(bytes(random.randrange(256) for _ in range(random.randrange(1400))), (host, 9000 + i % 7))
    for i in range(60):
        name = b''.join(bytes([len(l)]) + l for l in (b'host%d' % i, b'example', b'org')) + b'\\0'
        flags = 0x0100 if i % 2 else 0x8180
        q = struct.pack('>HHHHHH', i, flags, 1, i % 3 if flags & 0x8000 else 0, 0, 0) + name + struct.pack('>HH', (1, 28, 15, 16, 33)[i % 5], 1)
        if flags & 0x8000:
            for j in range(i % 3): q += b'\\xc0\\x0c' + struct.pack('>HHIH', 1, 1, 300, 4) + bytes([10, 0, i, j])
        u.sendto(q, (host, 53))
    u.sendto(b'x' * 4000, (host, 9000))
    for i in range(20):
        try: socket.create_connection((host, 1)).close()
        except OSError: pass
print('ready')`;

const SERVERS = `
import socket, threading
def serve(port):
    s = socket.socket(socket.AF_INET6, socket.SOCK_STREAM); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0); s.bind(('::', port)); s.listen(50)
    if port == 7001: print('ready', flush=True)
    while True:
        c, _ = s.accept(); c.recv(65536); c.sendall(b'HTTP/1.0 200 OK\\r\\n\\r\\n' + b'y' * 30000); c.close()
threading.Thread(target=serve, args=(7000,), daemon=True).start(); serve(7001)`;

/** What tcpdump 5.0 prints otherwise than the installed 4.99; each line made as 5.0 has it. */
function asVersion5(line: string): string {
  return (
    line
      // RFC 8200's field is called by its name, after a comma.
      .replace(/(next-header [^()]*\(\d+\)) payload length: (\d+)/, '$1, payload length $2')
      // Extension headers have the names they are printed by.
      .replace('next-header Options (0)', 'next-header HBH (0)')
  );
}

test('tcpdump reads the same text', { skip: cannot }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'pktap-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'mixed.pcap');
  const pair = makePair(t);
  await python(t, pair.namespace, SERVERS);
  const tcpdump = spawn('tcpdump', [
    '-i',
    pair.device,
    '-w',
    file,
    '-U',
    '-s',
    '0',
    '-Z',
    'root',
    'not src host ::',
  ]);
  t.after(() => {
    tcpdump.kill('SIGKILL');
  });
  await waitFor(tcpdump.stderr, /listening on/);
  await runProgram(null, ['ping', '-c', '3', '-i', '0.1', pair.there]);
  await runProgram(null, ['ping', '-c', '3', '-i', '0.1', pair.there6]);
  await python(t, null, TRAFFIC(pair.there, pair.there6));
  await new Promise((done) => setTimeout(done, 300));
  tcpdump.kill('SIGINT');
  await new Promise((done) => tcpdump.on('close', done));
  const text = (program: string, options: string[]): string[] =>
    execFileSync(program, ['-n', ...options, '-r', file], {
      encoding: 'latin1',
      maxBuffer: 1 << 28,
      stdio: ['ignore', 'pipe', 'ignore'],
    }).split('\n');
  for (const options of [
    [],
    ['-q'],
    ['-e'],
    ['-v'],
    ['-vv'],
    ['-x'],
    ['-XX'],
    ['-A'],
    ['-tttt'],
    ['-#S'],
    ['-ttt'],
    ['-qe'],
  ]) {
    const theirs = text('tcpdump', options).map(asVersion5);
    const ours = text(command, options);
    assert.ok(theirs.length > 2000, `only ${theirs.length} lines`);
    const at = theirs.findIndex((line, i) => line !== ours[i]);
    assert.equal(at, -1, `${options.join(' ')}, line ${at + 1}:\n< ${theirs[at]}\n> ${ours[at]}`);
    assert.equal(ours.length, theirs.length);
  }
});
