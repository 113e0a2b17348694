// `pktap top` over live traffic: what the kernel counts and what goes through the ring are the same sums; keys, recording, many
// flows, hostile names.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Screen } from '../top/session.js';
import { cannot, command, makeNamespace, python, start, waitFor } from './world.js';

const within = (namespace: string, ...words: string[]): string[] => [
  'ip',
  'netns',
  'exec',
  namespace,
  ...words,
];

/** Says `ready`, and sends when it is told to: datagrams, a connection with data both ways, and what it says of itself. */
const TRAFFIC = `
import socket, sys, time
a = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); a.bind(('127.0.0.1', 5555))
b = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
e = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM); e.bind(('::1', 5556))
s = socket.socket(); s.bind(('127.0.0.1', 7777)); s.listen()
o = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); o.bind(('127.0.0.1', 4444))
print('ready')
sys.stdin.readline()
for i in range(150):
    o.sendto(b'x' * 100, ('127.0.0.1', 5555))
    b.sendto(b'x' * 50, ('::1', 5556))
    time.sleep(0.005)
c = socket.create_connection(('127.0.0.1', 7777)); d, _ = s.accept()
for i in range(20):
    c.sendall(b'y' * 1000); d.recv(5000); time.sleep(0.005)
c.close(); d.close()
print('done')
sys.stdin.readline()
`;

interface Report {
  readonly rows: string[][];
  readonly errors: string;
  readonly status: number | null;
}

/** Traffic under `pktap top -b`, and its last report. */
async function counted(t: TestContext, ...words: string[]): Promise<Report> {
  const namespace = makeNamespace(t);
  const sender = await python(t, namespace, TRAFFIC);
  const [program, ...rest] = within(namespace, command, 'top', '-b', '-i', 'lo', '--view', 'flows', ...words);
  const top = start(t, program!, ...rest);
  let out = '';
  let errors = '';
  top.stdout!.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  top.stderr!.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  await waitFor(top.stderr!, /counting on/);
  sender.stdin!.write('\n');
  await waitFor(sender.stdout!, /done/);
  await new Promise((done) => setTimeout(done, 300));
  top.kill('SIGINT');
  const status = await new Promise<number | null>((done) => top.on('close', done));
  const last = out.trimEnd().split('\n\n').pop()!;
  return {
    rows: last
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/ +/)),
    errors,
    status,
  };
}

for (const [how, words] of [
  ['counted in the kernel', []],
  ['through the ring', ['--packets']],
] as const)
  test(`every packet is counted once, and has its process: ${how}`, { skip: cannot }, async (t) => {
    const { rows, errors, status } = await counted(t, ...words);
    assert.equal(status, 0, errors);
    assert.doesNotMatch(errors, /lost|not counted/);
    const flow = (protocol: string, end: string): string[] => {
      const found = rows.filter((row) => row[12] === protocol && row.includes(end));
      assert.equal(found.length, 1, rows.map((row) => row.join(' ')).join('\n'));
      return found[0]!;
    };
    // IPv4 and IPv6, UDP and Ethernet headers: 14 + 20 + 8, and 14 + 40 + 8.
    assert.deepEqual(flow('UDP', '127.0.0.1:5555').slice(2, 6), ['21300', '21300', '150', '150']);
    assert.deepEqual(flow('UDP', '[::1]:5556').slice(2, 6), ['16800', '16800', '150', '150']);
    const tcp = flow('TCP', '127.0.0.1:7777');
    assert.equal(tcp[2], tcp[3]);
    assert.ok(Number(tcp[4]) >= 26 && tcp[7] === '0' && tcp[15] === 'closed', tcp.join(' '));
    for (const row of rows.slice(2)) assert.equal(row[10], 'python3', row.join(' '));
    // The rows make the total.
    for (const column of [2, 3, 4, 5])
      assert.equal(
        rows.slice(2).reduce((sum, row) => sum + Number(row[column]), 0),
        Number(rows[1]![column]),
      );
  });

test('a filter that the kernel cannot answer whole is asked of packets', { skip: cannot }, async (t) => {
  const { rows } = await counted(t, '-Q', 'frame.len = 142');
  assert.deepEqual(rows[1]!.slice(2, 6), ['21300', '21300', '150', '150']);
});

test('on a terminal: live rows, pause, details, recording what is selected', { skip: cannot }, async (t) => {
  const namespace = makeNamespace(t);
  const folder = mkdtempSync(join(tmpdir(), 'pktap-top-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const sender = await python(
    t,
    namespace,
    `import ctypes, socket, time
ctypes.CDLL(None).prctl(15, b'\\x1b[2Jevil', 0, 0, 0)
a = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); a.bind(('127.0.0.1', 5555))
b = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
print('ready')
while True:
    b.sendto(b'x' * 100, ('127.0.0.1', 5555)); time.sleep(0.01)
`,
  );
  const screen = Screen.start(t, within(namespace, command, 'top', '-i', 'lo'));
  await screen.until(new RegExp(`^\\^\\[\\[2Jevil +${sender.pid} +root`, 'm'));
  // About a hundred datagrams of 142 bytes a second, in and out.
  await screen.until(/evil.* 1\d\.\dk 1\d\.\dk /);
  screen.keys('p');
  const paused = await screen.until(/PAUSED/);
  const row = (text: string): string => /^.*evil.*$/m.exec(text)![0];
  await new Promise((done) => setTimeout(done, 1500));
  assert.equal(row(screen.text), row(paused));
  screen.keys('p', 'down', 'd');
  await screen.until(
    /DETAILS[\s\S]*^process \^\[\[2Jevil[\s\S]*IP 127\.0\.0\.1\.\d+ > 127\.0\.0\.1\.5555: UDP, length 100/m,
  );
  const path = join(folder, 'evil.pcapng');
  screen.keys('d', 'w', '\x15', path, 'enter');
  await screen.until(/WRITING/);
  await new Promise((done) => setTimeout(done, 500));
  screen.keys('w');
  const said = await screen.until(/^\d+ packets written to/m);
  screen.keys('ctrl-c');
  assert.deepEqual(await screen.end(), { status: 0, restored: true });
  const { stdout } = spawnSync(command, ['-r', path, '--count', '-Q', 'proc ~ evil'], { encoding: 'utf8' });
  assert.equal(stdout, `${/^(\d+ packets) written/m.exec(said)![1]}\n`);
});

test('ten thousand flows, and the keys are answered', { skip: cannot }, async (t) => {
  const namespace = makeNamespace(t);
  const sender = await python(
    t,
    namespace,
    `import socket, sys, time
def run():
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    a = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); a.bind(('127.0.0.1', 0))
    for i in range(10000):
        s.sendto(b'x', ('127.%d.%d.1' % (1 + i // 250, 1 + i % 250), 9999))
        if i % 100 == 0: time.sleep(0.01)
    while True:
        s.sendto(b'y' * 1000, ('127.0.0.1', 9998)); time.sleep(0.01)
print('ready')
sys.stdin.readline()
run()
`,
  );
  const screen = Screen.start(t, within(namespace, command, 'top', '-i', 'lo', '--view', 'flows'));
  await screen.until(/^PROCESS/m);
  sender.stdin!.write('\n');
  await screen.until(/ 30\.0k flow/, 60_000);
  screen.keys('3');
  const begin = Date.now();
  await screen.until(/^HOST/m);
  assert.ok(Date.now() - begin < 5000);
  screen.keys('2', 's', 's', 's', 'end');
  await screen.until((one) => one.lines.some((_, i) => i > 4 && one.reversed(i)));
  screen.keys('q');
  assert.deepEqual(await screen.end(), { status: 0, restored: true });
});

test('a terminal that takes nothing holds nothing up', { skip: cannot }, async (t) => {
  const namespace = makeNamespace(t);
  await python(
    t,
    namespace,
    "import socket, time\ns = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\nprint('ready')\nwhile True:\n  s.sendto(b'x', ('127.0.0.1', 9)); time.sleep(0.01)",
  );
  const screen = Screen.start(t, within(namespace, command, 'top', '-i', 'lo'));
  await screen.until(/python3/);
  // The other end stops reading: frames are left out, and Ctrl-C is heard.
  screen.child.stdout!.pause();
  await new Promise((done) => setTimeout(done, 1500));
  screen.keys('ctrl-c');
  await new Promise((done) => setTimeout(done, 500));
  screen.child.stdout!.resume();
  assert.equal((await screen.end()).status, 0);
});

test('reports end when their reader goes away', { skip: cannot }, async (t) => {
  const namespace = makeNamespace(t);
  const child = spawn('ip', ['netns', 'exec', namespace, 'sh', '-c', `${command} top -b -i lo | head -1`]);
  t.after(() => {
    child.kill('SIGKILL');
  });
  const status = await new Promise((done) => child.on('close', done));
  assert.equal(status, 0);
});

test('by sudo: a file that is read again must be its user’s to read, else root is kept, which is said', {
  skip: cannot,
}, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'pktap-top-sudo-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  chmodSync(folder, 0o755);
  const file = join(folder, 'file.pcapng');
  for (const [mode, kept] of [
    [0o600, true],
    [0o644, false],
  ] as const) {
    copyFileSync('examples/curl.pcapng', file);
    chmodSync(file, mode);
    const env = { SUDO_UID: '65534', SUDO_GID: '65534', STDERR: 'apart' };
    const screen = Screen.top(t, ['-r', file], { env });
    await screen.until(/curl/);
    // Its times are read again.
    screen.keys('left');
    await screen.until(/curl/);
    screen.keys('q');
    const { status } = await screen.end();
    assert.equal(status, 0, screen.errors);
    assert.equal(
      /^pktap: root is kept: \S+ may not read \S+\/file\.pcapng$/m.test(screen.errors),
      kept,
      screen.errors,
    );
  }
});
