// `pktap … -- command`: the program is started, captured from its first packet to its last, and its status is ours.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Capture, cannot, command, metadataOf, start, waitFor } from './world.js';

/** A server that answers a line with a line and closes; others may talk to it too. */
async function server(t: TestContext): Promise<number> {
  const child = start(
    t,
    'python3',
    '-uc',
    `
import socket, threading
s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen(50); print('ready', s.getsockname()[1])
def serve(c):
    c.recv(100); c.send(b'answer'); c.recv(100); c.close()
while True: threading.Thread(target=serve, args=(s.accept()[0],)).start()`,
  );
  return Number(/ready (\d+)/.exec(await waitFor(child.stdout!, /ready \d+\n/))![1]);
}

/** A client: asks, and prints its process ID. */
const ASK = (port: number, pause = 0): string => `
import os, socket, time
def ask():
    s = socket.create_connection(('127.0.0.1', ${port})); s.send(b'question'); s.recv(100); time.sleep(${pause}); s.close()
    print(os.getpid(), flush=True)
ask()`;

function pktap(args: string[], env: NodeJS.ProcessEnv = {}) {
  return spawnSync(command, args, { encoding: 'utf8', env: { ...process.env, ...env } });
}

for (const attach of ['tcx', 'packet']) {
  test(`the command and its children from the first packet to the last, nobody else, by ${attach}`, {
    skip: cannot,
  }, async (t) => {
    const port = await server(t);
    // Somebody else talks to the server all the while.
    const noise = spawn('python3', ['-c', `${ASK(port)}\nwhile True: ask()`]);
    t.after(() => noise.kill('SIGKILL'));
    await waitFor(noise.stdout, /\d/);
    // The best effort looks processes up after their packets.
    const pause = attach === 'packet' ? 0.5 : 0;
    const code = `${ASK(port, pause)}
child = os.fork()
if child == 0:
    if os.fork() == 0: ask()
    else: os.wait()
    os._exit(3)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 3
os.execvp('python3', ['python3', '-c', '''${ASK(port, pause)}; raise SystemExit(7)'''])`;
    const ran = pktap(['-tknS', '-i', 'pktap,lo', `tcp port ${port}`, '--', 'python3', '-c', code], {
      PKTAP_ATTACH: attach,
    });
    assert.equal(ran.status, 7, ran.stderr);
    const lines = ran.stdout.split('\n');
    const asked = lines.filter((line) => /^\d+$/.test(line));
    assert.equal(asked.length, 3, ran.stdout);
    const packets = lines.filter((line) => line.startsWith('(lo'));
    if (attach === 'packet') {
      // Best effort: what is asked for too late is missing, but nobody is wrong.
      assert.ok(packets.length > 0, ran.stderr);
      for (const line of packets) assert.ok(asked.includes(metadataOf(line).proc!.split(':')[1]!), line);
      return;
    }
    const [parent, grandchild] = asked as [string, string, string];
    const flows = new Map<string, string[]>();
    for (const line of packets) {
      const [, from, to] = / IP 127\.0\.0\.1\.(\d+) > 127\.0\.0\.1\.(\d+):/.exec(line)!;
      const client = from === String(port) ? to! : from!;
      flows.set(client, [...(flows.get(client) ?? []), line]);
    }
    assert.equal(flows.size, 3, ran.stdout);
    assert.deepEqual(
      [...flows.values()].map((flow) => metadataOf(flow[0]!).proc),
      [`python3:${parent}`, `python3:${grandchild}`, `python3:${parent}`],
    );
    for (const flow of flows.values()) {
      const facts = flow.map((line) => [metadataOf(line).dir, /Flags \[(.*?)\]/.exec(line)![1]].join(' '));
      assert.equal(facts[0], 'out S');
      assert.equal(facts[1], 'in S.');
      assert.equal(facts.at(-1), 'out .', 'the last acknowledgement');
      assert.equal(facts.filter((fact) => /F/.test(fact)).length, 2, 'both ends are closed');
    }
  });
}

test('what cannot be run is one line', { skip: cannot }, () => {
  const missing = pktap(['-i', 'pktap,lo', '--', 'no-such-program', 'x']);
  assert.deepEqual(
    [missing.status, missing.stdout, missing.stderr],
    [127, '', 'pktap: no-such-program: No such file or directory\n'],
  );
  const plain = pktap(['-i', 'pktap,lo', '--', '/etc/passwd']);
  assert.equal(plain.status, 126);
  assert.match(plain.stderr, /\npktap: \/etc\/passwd: Permission denied\n$/);
});

test('a signal’s status is 128 and its number; signals are passed on', { skip: cannot }, async (t) => {
  assert.equal(pktap(['-i', 'pktap,lo', '--', 'sh', '-c', 'kill -9 $$']).status, 137);
  const caught = await Capture.begin(t, [
    '-tkn',
    ...['-i', 'pktap,lo', '-c', '1', 'icmp', '--'],
    ...[
      'sh',
      '-c',
      'trap "echo caught; exit 5" TERM; ping -c 1 127.0.0.1 >/dev/null; echo up; while :; do sleep 0.1; done',
    ],
  ]);
  await waitFor(caught.child.stdout!, /up/);
  // The capture has had its packet and is over: pktap waits for the command.
  caught.child.kill('SIGTERM');
  const { status, out } = await caught.ended();
  assert.equal(status, 5);
  assert.match(out, /caught/);
  assert.match(out, /^\(lo, proc ping:\d+, svc BE, out, nf, so\) IP 127\.0\.0\.1 > 127\.0\.0\.1: ICMP echo/m);
  const interrupted = await Capture.begin(t, [
    '-i',
    'pktap,lo',
    '--',
    'sh',
    '-c',
    'echo up; exec sleep 1000',
  ]);
  await waitFor(interrupted.child.stdout!, /up/);
  interrupted.child.kill('SIGTERM');
  assert.equal((await interrupted.ended()).status, 143);
});

test('by sudo the command runs as the invoking user', { skip: cannot }, () => {
  const ran = pktap(
    [
      '-i',
      'pktap,lo',
      '--',
      'sh',
      '-c',
      'grep -E "^(Uid|Gid|Groups|CapPrm|CapEff)" /proc/self/status; echo $HOME $USER',
    ],
    { SUDO_UID: '65534', SUDO_GID: '65534', SUDO_USER: 'nobody' },
  );
  assert.equal(ran.status, 0, ran.stderr);
  const same = (name: string): string => `${name}:${'\t65534'.repeat(4)}\n`;
  const none = '\t0000000000000000\n';
  assert.equal(
    ran.stdout,
    `${same('Uid')}${same('Gid')}Groups:\t65534 \nCapPrm:${none}CapEff:${none}/nonexistent nobody\n`,
  );
  // and pktap itself is root again: it went on capturing
  assert.match(ran.stderr, /0 packets captured\n/);
  const asZ = pktap(['-i', 'pktap,lo', '-Z', 'nobody', '--', 'id', '-u']);
  assert.equal(asZ.stdout, '65534\n', asZ.stderr);
});

test('with packets as data, the command’s own output goes beside them', { skip: cannot }, () => {
  const ran = spawnSync(
    command,
    ['-i', 'pktap,lo', '--csv', '--fields', 'frame.dir', 'icmp', '--', 'ping', '-c', '1', '127.0.0.1'],
    { encoding: 'utf8' },
  );
  assert.equal(ran.status, 0);
  assert.match(ran.stderr, /1 packets transmitted/);
  assert.equal(ran.stdout, 'frame.dir\nout\nin\n');
});

test('with packets on standard output, the command’s own output goes beside them', { skip: cannot }, (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'pktap-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const ran = spawnSync(command, ['-i', 'pktap,lo', '-w', '-', '--', 'ping', '-c', '1', '127.0.0.1'], {
    encoding: 'buffer',
  });
  assert.equal(ran.status, 0);
  assert.match(ran.stderr.toString(), /1 packets transmitted/);
  const read = spawnSync(command, ['-tknr', '-', 'icmp'], { input: ran.stdout, encoding: 'utf8' });
  assert.deepEqual(
    read.stdout.split('\n').map((line) => metadataOf(line).dir),
    ['out', 'in', ''],
  );
});
