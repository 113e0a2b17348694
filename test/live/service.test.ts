// As a service: examples/systemd's unit is one that systemd takes, and what it starts runs with its capabilities and no others, tells the
// manager, and makes the files that it says.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type TestContext, test } from 'node:test';
import { closed, makeNamespace, python, runProgram, waitFor } from './world.js';

const UNIT = 'examples/systemd/pktap.service';
const USER = 65534;
const text = readFileSync(UNIT, 'utf8');

/** What the unit says under a name. */
function setting(name: string): string {
  const found = new RegExp(`^${name}=(.*)$`, 'm').exec(text);
  assert.ok(found !== null, name);
  return found[1]!;
}

/** Its capabilities, as setpriv has them. */
const capabilities = setting('AmbientCapabilities')
  .split(' ')
  .map((name) => `+${name.replace('CAP_', '').toLowerCase()}`)
  .join(',');

function makeFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'pktap-service-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  chownSync(folder, USER, USER);
  return folder;
}

/** A manager's socket. What it hears comes line by line. */
async function manager(t: TestContext, path: string): Promise<ChildProcess> {
  return await python(
    t,
    null,
    `
import os, socket
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.bind('${path}'); os.chmod('${path}', 0o777); print('ready')
while True: print(s.recv(4096).decode().replace(chr(10), ' '))`,
  );
}

/** Starts the unit's command with the unit's rights, in a namespace. */
function begin(t: TestContext, namespace: string, folder: string, env: NodeJS.ProcessEnv): ChildProcess {
  const command = setting('ExecStart')
    .replace('/usr/bin/pktap', resolve('bin/pktap'))
    .replaceAll('%%', '%')
    // Hours are long.
    .replace('-i pktap ', '-v -i pktap,all ');
  const rights = [`--reuid=${USER}`, `--regid=${USER}`, '--clear-groups', '--no-new-privs'];
  const sets = ['inh-caps', 'bounding-set', 'ambient-caps'].map((set) => `--${set}=-all,${capabilities}`);
  const child = spawn(
    'nsenter',
    [`--net=/run/netns/${namespace}`, 'setpriv', ...rights, ...sets, 'sh', '-c', `exec ${command}`],
    {
      env: { ...process.env, STATE_DIRECTORY: folder, HOME: '/', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: '/',
    },
  );
  t.after(() => child.kill('SIGKILL'));
  return child;
}

test('the unit is one that systemd takes', {
  skip: spawnSync('systemd-analyze', ['--version']).status !== 0 && 'no systemd-analyze',
}, (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'pktap-unit-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const copy = join(folder, 'pktap.service');
  writeFileSync(
    copy,
    text.replace('/usr/bin/pktap', resolve('bin/pktap')).replace(/^Documentation=.*\n/m, ''),
  );
  const { stderr, stdout } = spawnSync('systemd-analyze', ['verify', copy], { encoding: 'utf8' });
  // Other units of this machine are none of ours.
  const said = `${stderr}${stdout}`.split('\n').filter((line) => line.includes('pktap'));
  assert.deepEqual(said, []);
});

test('with the unit’s capabilities and no others it names others’ processes, and tells the manager', {
  skip: closed,
}, async (t) => {
  const folder = makeFolder(t);
  const namespace = makeNamespace(t);
  const socket = join(folder, 'notify');
  const heard = await manager(t, socket);
  const child = begin(t, namespace, folder, { NOTIFY_SOCKET: socket, WATCHDOG_USEC: '400000' });
  const errors = waitFor(child.stderr!, /sandbox: /);
  assert.match(await waitFor(heard.stdout!, /READY=1/), /READY=1 STATUS=listening on pktap,all/);
  assert.match(await errors, /^pktap: sandbox: no programs, /m);
  assert.doesNotMatch(await errors, /less exact|no eBPF|not told/);
  // While nothing comes, and by the process that is contained.
  await waitFor(heard.stdout!, /(WATCHDOG=1\s+){3}/);
  const status = readFileSync(`/proc/${child.pid}/status`, 'latin1');
  assert.match(status, new RegExp(`^Uid:\t${USER}\t`, 'm'));
  assert.match(status, /^Seccomp:\t2$/m);
  // Root's process, which is gone when its packet is read.
  const port = 20000 + (process.pid % 10000);
  const sender = await runProgram(namespace, [
    'python3',
    '-c',
    `import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'hello', ('127.0.0.1', ${port}))`,
  ]);
  assert.equal(sender.status, 0, sender.errors);
  await new Promise((done) => setTimeout(done, 300));
  const stopping = waitFor(heard.stdout!, /STOPPING=1/);
  child.kill(setting('KillSignal') as NodeJS.Signals);
  const ended = await new Promise((done) => child.on('close', done));
  assert.equal(ended, 0);
  await stopping;
  const [file, ...more] = readdirSync(folder).filter((name) => name.endsWith('.pcapng'));
  assert.match(file!, /^hour-\d\d\.pcapng$/);
  assert.ok(more.length <= 1);
  const path = join(folder, file!);
  assert.equal(statSync(path).uid, USER);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  const { stdout } = spawnSync(
    resolve('bin/pktap'),
    [
      '-r',
      path,
      '--csv',
      '--fields',
      'process.name,process.pid,process.user,process.path',
      `udp port ${port}`,
      '-Q',
      'dir = out',
    ],
    { encoding: 'utf8' },
  );
  assert.match(stdout.split('\n')[1]!, new RegExp(`^python3[^,]*,${sender.pid},root,/.*python3`));
});

test('a manager that is not there is no reason not to capture', { skip: closed }, async (t) => {
  const folder = makeFolder(t);
  const child = begin(t, makeNamespace(t), folder, { NOTIFY_SOCKET: join(folder, 'nobody') });
  const said = await waitFor(child.stderr!, /listening on/);
  assert.match(
    said,
    /^pktap: the service manager is not told anything: .*nobody: No such file or directory$/m,
  );
  child.kill('SIGINT');
  assert.equal(await new Promise((done) => child.on('close', done)), 0);
  assert.ok(existsSync(folder));
});
