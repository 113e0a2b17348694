// Flags, service classes and flow IDs; and whose packets the kernel sends by itself, late, or for nobody.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Capture, cannot, ip, makePair, metadataOf, type Pair, python, runProgram } from './world.js';

/** Below those that the kernel gives to clients. */
const PORT = 20000 + (process.pid % 10000);

/** From now on nothing that is sent to the other end arrives there: it is for somebody else's address. */
function cut(pair: Pair): void {
  for (const address of [pair.there, pair.there6])
    ip('neigh', 'replace', address, 'lladdr', '02:00:00:00:be:ef', 'nud', 'permanent', 'dev', pair.device);
}

/** Resolves when that many lines of the capture match. */
async function linesOf(capture: Capture, pattern: RegExp, count: number): Promise<void> {
  while (capture.text.split('\n').filter((line) => pattern.test(line)).length < count)
    await new Promise((done) => setTimeout(done, 20));
}

const LISTENER = (address: string, port: number): string => `
import socket
s = socket.create_server(('${address}', ${port}), family=socket.AF_INET6 if ':' in '${address}' else socket.AF_INET)
print('ready')
kept = []
while True:
    c = s.accept()[0]; kept.append(c); c.recv(100)`;

test('retransmissions: their flag, and the sender’s also when it is gone', { skip: cannot }, async (t) => {
  for (const family of ['here', 'here6'] as const) {
    const pair = makePair(t);
    const there = family === 'here' ? pair.there : pair.there6;
    await python(t, pair.namespace, LISTENER(there, 80));
    const capture = await Capture.begin(t, ['-tknl', '-i', `pktap,${pair.device}`, '-Q', 'dir=out', 'tcp']);
    const client = await python(
      t,
      null,
      `
import socket, os
s = socket.create_connection(('${there}', 80)); s.send(b'arrives')
print('ready', flush=True)
os.read(0, 1)
s.send(b'lost')
os.read(0, 1)`,
    );
    // Until what has arrived is acknowledged, more is not sent.
    await linesOf(capture, /length 7/, 1);
    cut(pair);
    client.stdin!.write('x');
    await linesOf(capture, /length 4.*/, 3);
    client.stdin!.write('x');
    await new Promise((done) => client.once('exit', done));
    // The kernel goes on trying without it.
    const before = capture.text.match(/length 4/g)!.length;
    await linesOf(capture, /length 4/, before + 1);
    const { lines } = await capture.end();
    for (const line of lines) assert.equal(metadataOf(line).proc, `python3:${client.pid}`, line);
    const flagsOf = (pattern: RegExp): string[] =>
      lines.filter((line) => pattern.test(line)).map((line) => metadataOf(line).flags.join(' '));
    assert.deepEqual(flagsOf(/Flags \[S/), ['nf so']);
    assert.deepEqual(flagsOf(/length 7/), ['so']);
    const lost = flagsOf(/Flags \[P\.\].*length 4/);
    assert.equal(lost[0], 'so', lines.join('\n'));
    assert.ok(lost.length >= 3 && lost.slice(1).every((flags) => flags === 're so'), lines.join('\n'));
  }
});

test('keep-alives: their flag, at the end that sends them', { skip: cannot }, async (t) => {
  const port = PORT;
  const server = await python(t, null, LISTENER('127.0.0.1', port));
  const capture = await Capture.begin(t, ['-tknl', '-i', 'pktap,lo', `tcp port ${port}`]);
  const client = await python(
    t,
    null,
    `
import socket, sys
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
s.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 1)
s.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 1)
s.connect(('127.0.0.1', ${port})); s.send(b'x')
print('ready', flush=True); sys.stdin.read()`,
  );
  await linesOf(capture, /, ka, /, 2);
  const { lines } = await capture.end();
  const marked = lines.filter((line) => metadataOf(line).flags.includes('ka'));
  for (const line of marked) {
    assert.equal(metadataOf(line).proc, `python3:${client.pid}`, line);
    assert.equal(metadataOf(line).dir, 'out');
    assert.match(line, /Flags \[\.\], .*length 0$/);
  }
  // What is no keep-alive is not said to be one: the handshake, the byte, its acknowledgement, the answers.
  const others = lines.filter((line) => !marked.includes(line) && metadataOf(line).dir === 'out');
  assert.ok(others.length >= 6, lines.join('\n'));
  for (const line of others) assert.deepEqual(metadataOf(line).flags.includes('re'), false, line);
  const names = new Set(others.map((line) => metadataOf(line).proc));
  assert.deepEqual(names, new Set([`python3:${client.pid}`, `python3:${server.pid}`]));
});

test('connections that are older than the tap: established, half-open at either end', {
  skip: cannot,
}, async (t) => {
  const pair = makePair(t);
  const server = await python(t, null, LISTENER(pair.here, 80));
  const peer = await python(t, pair.namespace, LISTENER(pair.there, 81));
  const client = await python(
    t,
    null,
    `
import os, socket
a = socket.create_connection(('${pair.there}', 81))
print('ready', flush=True); os.read(0, 1)
a.send(b'old'); os.read(0, 1)`,
  );
  // Its SYN is never answered; the server's answers to the other's SYN never arrive.
  cut(pair);
  const asking = await python(
    t,
    null,
    `
import socket, sys
s = socket.socket(); s.setblocking(False); s.connect_ex(('${pair.there}', 82))
print('ready', flush=True); sys.stdin.read()`,
  );
  const calling = await python(
    t,
    pair.namespace,
    `
import socket, sys
s = socket.socket(); s.setblocking(False); s.connect_ex(('${pair.here}', 80))
print('ready', flush=True); sys.stdin.read()`,
  );
  const capture = await Capture.begin(t, ['-tknl', '-i', `pktap,${pair.device}`, '-Q', 'dir=out', 'tcp']);
  client.stdin!.write('x');
  await linesOf(capture, /length 3/, 2);
  await linesOf(capture, /\.82: Flags \[S\]/, 1);
  await linesOf(capture, /\.80 > .*Flags \[S\.\]/, 1);
  const { lines } = await capture.end();
  for (const line of lines) {
    const owner = / > \S+\.82:/.test(line) ? asking : / IP \S+\.80 > /.test(line) ? server : client;
    assert.equal(metadataOf(line).proc, `python3:${owner.pid}`, line);
    if (!line.includes('length 3'))
      assert.ok(!metadataOf(line).flags.includes('nf') || / \[S\]/.test(line), line);
  }
  void [peer, calling];
});

test('nobody’s: resets for closed ports, ARP, neighbour discovery', { skip: cannot }, async (t) => {
  const pair = makePair(t);
  const port = PORT + 1;
  const closed = await Capture.begin(t, ['-tkn', '-i', 'pktap,lo', `tcp port ${port}`]);
  const neighbours = await Capture.begin(t, ['-tkn', '-i', `pktap,${pair.device}`, 'arp or icmp6']);
  const client = await runProgram(null, [
    'python3',
    '-c',
    `
import socket
for family, address in (socket.AF_INET, '127.0.0.1'), (socket.AF_INET6, '::1'):
    try: socket.socket(family).connect((address, ${port}))
    except ConnectionRefusedError: print('refused')
for family, address in (socket.AF_INET, '${pair.there}'), (socket.AF_INET6, '${pair.there6}'):
    socket.socket(family, socket.SOCK_DGRAM).sendto(b'x', (address, 9))`,
  ]);
  assert.equal(client.output, 'refused\nrefused\n', client.errors);
  await linesOf(neighbours, /ARP, Reply/, 1);
  await linesOf(neighbours, /neighbor advertisement/, 1);
  const { lines } = await closed.end();
  const mine = `python3:${client.pid}`;
  const shown = lines.map((line) => [
    metadataOf(line).dir,
    /Flags \[(.*?)\]/.exec(line)![1],
    metadataOf(line).proc,
    metadataOf(line).flags.includes('so'),
  ]);
  const once = [
    ['out', 'S', mine, true],
    ['in', 'S', null, false],
    ['out', 'R.', null, false],
    ['in', 'R.', mine, true],
  ];
  assert.deepEqual(shown, [...once, ...once], lines.join('\n'));
  const others = (await neighbours.end()).lines.filter((line) => /ARP|neighbor/.test(line));
  for (const line of others) {
    assert.equal(metadataOf(line).proc, null, line);
    assert.deepEqual(metadataOf(line).flags.includes('so'), false, line);
  }
});

test('service classes: by the DSCP of IPv4 and IPv6, else by the socket’s priority', {
  skip: cannot,
}, async (t) => {
  const port = PORT + 2;
  const byDscp: readonly (readonly [number, string])[] = [
    ...([
      [8, 'BK'],
      [10, 'BK'],
      [16, 'OAM'],
      [18, 'RD'],
      [24, 'VI'],
      [26, 'AV'],
      [32, 'RV'],
      [34, 'VI'],
    ] as const),
    ...([
      [46, 'VO'],
      [48, 'CTL'],
      [0, 'BE'],
      [12, 'BE'],
      [63, 'BE'],
    ] as const),
  ];
  const byPriority: readonly (readonly [number, string])[] = [
    ...([
      [0, 'BE'],
      [1, 'BK_SYS'],
      [2, 'BK'],
      [3, 'BE'],
      [4, 'RD'],
      [5, 'BE'],
      [6, 'VI'],
      [7, 'CTL'],
    ] as const),
  ];
  const capture = await Capture.begin(t, [
    '-tnv',
    '-g',
    '-k',
    'S',
    '-i',
    'pktap,lo',
    '-Q',
    'dir=out',
    `udp port ${port}`,
  ]);
  const ran = await runProgram(null, [
    'python3',
    '-c',
    `
import socket
def send(family, option, *more):
    s = socket.socket(family, socket.SOCK_DGRAM)
    for o in (option, *more): s.setsockopt(*o)
    s.sendto(b'x', ('::1' if family == socket.AF_INET6 else '127.0.0.1', ${port}))
for dscp in ${JSON.stringify(byDscp.map(([dscp]) => dscp))}:
    send(socket.AF_INET, (socket.IPPROTO_IP, socket.IP_TOS, dscp << 2))
    send(socket.AF_INET6, (socket.IPPROTO_IPV6, socket.IPV6_TCLASS, dscp << 2 | 2))
for priority in ${JSON.stringify(byPriority.map(([priority]) => priority))}:
    send(socket.AF_INET, (socket.SOL_SOCKET, socket.SO_PRIORITY, priority))
# The DSCP counts more. Setting it sets the priority too.
send(socket.AF_INET, (socket.IPPROTO_IP, socket.IP_TOS, 46 << 2), (socket.SOL_SOCKET, socket.SO_PRIORITY, 1))`,
  ]);
  assert.equal(ran.status, 0, ran.errors);
  const { lines } = await capture.end();
  assert.deepEqual(
    lines.map((line) => /^\(svc (\w+)\)/.exec(line)?.[1]),
    [...byDscp.flatMap(([, name]) => [name, name]), ...byPriority.map(([, name]) => name), 'VO'],
    lines.join('\n'),
  );
});

test('a flow has one ID in both directions, at both ends, all its life', { skip: cannot }, async (t) => {
  const port = PORT + 3;
  await python(t, null, LISTENER('127.0.0.1', port));
  await python(t, null, LISTENER('::1', port));
  const capture = await Capture.begin(t, ['-tn', '-k', 'Df', '-i', 'pktap,lo', `port ${port}`]);
  const ran = await runProgram(null, [
    'python3',
    '-c',
    `
import socket, struct
for i in range(4):
    for address in '127.0.0.1', '::1':
        s = socket.create_connection((address, ${port})); s.send(b'x' * 100000 if i == 0 else b'x')
        if i == 3: s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        s.close()
        u = socket.socket(socket.AF_INET6 if ':' in address else socket.AF_INET, socket.SOCK_DGRAM)
        u.bind((address, 0))
        for _ in range(3): u.sendto(b'x', (address, ${port}))`,
  ]);
  assert.equal(ran.status, 0, ran.errors);
  const { lines } = await capture.end();
  const ids = new Map<string, Set<string>>();
  const directions = new Map<string, Set<string>>();
  for (const line of lines) {
    const [, direction, id, from, to, kind] =
      /^\((in|out), flowid 0x([0-9a-f]+)\) IP6? (\S+) > (\S+): (UDP|Flags)/.exec(line) ?? assert.fail(line);
    const flow = `${kind} ${[from, to].sort().join(' ')}`;
    ids.set(flow, (ids.get(flow) ?? new Set()).add(id!));
    directions.set(flow, (directions.get(flow) ?? new Set()).add(`${direction} ${from}`));
  }
  assert.equal(ids.size, 16);
  for (const [flow, found] of ids) assert.equal(found.size, 1, `${flow}: ${[...found]}`);
  for (const [flow, seen] of directions) assert.equal(seen.size, flow.startsWith('UDP') ? 2 : 4, flow);
  assert.equal(new Set([...ids.values()].flatMap((set) => [...set])).size, 16, 'and no other has it');
});

test('a snapshot that ends within the headers names its processes all the same', {
  skip: cannot,
}, async (t) => {
  const port = PORT + 4;
  const server = await python(t, null, LISTENER('127.0.0.1', port));
  const capture = await Capture.begin(t, ['-tkn', '-s', '20', '-i', 'pktap,lo', `tcp port ${port}`]);
  const client = await runProgram(null, [
    'python3',
    '-c',
    `import socket; s = socket.create_connection(('127.0.0.1', ${port})); s.sendall(b'x' * 1000000); s.close()`,
  ]);
  const { lines } = await capture.end();
  assert.ok(lines.length >= 8, lines.join('\n'));
  const seen = new Set(lines.map((line) => metadataOf(line).proc));
  assert.deepEqual(seen, new Set([`python3:${client.pid}`, `python3:${server.pid}`]));
  for (const line of lines) assert.match(line, /\[\|ip\]$/);
});
