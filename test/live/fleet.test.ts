// A fleet as it is used: three hosts in namespaces of their own, a NATS server with TLS in a fourth, an operator. Packets of all with their
// processes in the order of time; each part killed in turn, and nothing left behind.

import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawnSync } from 'node:child_process';
import {
  chownSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { noServer } from '../fleet/server.js';
import { waiting } from '../until.js';
import {
  Capture,
  cannot,
  closed,
  command,
  ip,
  joinNamespaces,
  makeNamespace,
  runProgram,
  start,
  waitFor,
} from './world.js';

const until = waiting(60);

const skip = cannot === false ? noServer : cannot;
const HOSTS = ['web1', 'web2', 'db1'] as const;
const SERVER = '10.95.0.1';
/** Whom sudo works for here. */
const USER = 65534;
const URL_ = `tls://${SERVER}:4222`;

interface Fleet {
  readonly folder: string;
  readonly server: string;
  readonly hosts: ReadonlyMap<string, string>;
  readonly key: (name: string) => string[];
}

/** Namespaces on one bridge, keys for all. */
function makeFleet(t: TestContext): Fleet {
  const folder = mkdtempSync(join(tmpdir(), 'pktap-fleet-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const server = makeNamespace(t);
  ip('-n', server, 'link', 'add', 'br0', 'type', 'bridge');
  ip('-n', server, 'addr', 'add', `${SERVER}/24`, 'dev', 'br0');
  ip('-n', server, 'link', 'set', 'br0', 'up');
  const hosts = new Map<string, string>();
  HOSTS.forEach((name, i) => {
    const namespace = makeNamespace(t);
    joinNamespaces(namespace, server, 'eth0', `to-${name}`, [[namespace, `10.95.0.${10 + i}/24`]]);
    ip('-n', server, 'link', 'set', `to-${name}`, 'master', 'br0');
    hosts.set(name, namespace);
  });
  const words = ['--server', SERVER, '--hosts', HOSTS.join(','), '--operators', 'alice'];
  execFileSync(command, ['fleet', 'keys', folder, ...words], { stdio: 'pipe' });
  return {
    folder,
    server,
    hosts,
    key: (name) => ['--key', join(folder, `${name}.key`), '--ca', join(folder, 'ca.pem')],
  };
}

async function startServer(t: TestContext, { folder, server }: Fleet): Promise<ChildProcess> {
  const configuration = join(folder, 'nats-server.conf');
  const child = start(t, 'ip', 'netns', 'exec', server, 'nats-server', '-c', configuration);
  await waitFor(child.stderr!, /Server is ready/);
  return child;
}

async function startAgent(
  t: TestContext,
  fleet: Fleet,
  name: string,
  ...more: string[]
): Promise<ChildProcess> {
  const words = ['agent', '--server', URL_, ...fleet.key(`host-${name}`), ...more];
  const child = start(t, 'ip', 'netns', 'exec', fleet.hosts.get(name)!, command, ...words);
  await waitFor(child.stderr!, /captures are waited for/);
  child.stdout!.resume();
  return child;
}

function operator(t: TestContext, fleet: Fleet, ...words: string[]): Promise<Capture> {
  return Capture.begin(t, ['--fleet', URL_, ...fleet.key('operator-alice'), ...words], {}, [
    'ip',
    'netns',
    'exec',
    fleet.server,
  ]);
}

/** Runs pktap to its end where the server is. */
function ask(fleet: Fleet, ...words: string[]): { stdout: string; stderr: string; status: number | null } {
  return spawnSync('ip', ['netns', 'exec', fleet.server, command, ...words], {
    encoding: 'utf8',
    timeout: 60_000,
  });
}

/** Processes that capture for the agent of a host. */
function capturing(fleet: Fleet, host: string): number[] {
  const namespace = spawnSync(
    'ip',
    ['netns', 'exec', fleet.hosts.get(host)!, 'readlink', '/proc/self/ns/net'],
    {
      encoding: 'utf8',
    },
  ).stdout.trim();
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return (
          readlinkSync(`/proc/${pid}/ns/net`) === namespace &&
          readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('agent\0--capture')
        );
      } catch {
        return false;
      }
    });
}

/** Sends datagrams of a size to the server, as a program of a name. */
async function send(fleet: Fleet, host: string, size: number, count = 1): Promise<void> {
  const code = `
import socket
open('/proc/self/comm', 'w').write('sender-${host}')
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for i in range(${count}): s.sendto(b'x' * ${size}, ('${SERVER}', 9999))`;
  const { status, errors } = await runProgram(fleet.hosts.get(host)!, ['python3', '-c', code]);
  assert.equal(status, 0, errors);
}

const ASKS = ['-knq', '-i', 'pktap,all', '-Q', "proc ~ '^sender' and dir = out", 'udp port 9999'];

test('three hosts, TLS: named packets of all in the order of time, in every form, and what is kept again', {
  skip,
  timeout: 300_000,
}, async (t) => {
  const fleet = makeFleet(t);
  await startServer(t, fleet);
  const setup = ask(fleet, 'fleet', 'setup', '--fleet', URL_, ...fleet.key('admin-admin'), '--age', '1h');
  assert.equal(setup.status, 0, setup.stderr);
  for (const name of HOSTS) await startAgent(t, fleet, name);
  const run = await operator(t, fleet, ...ASKS, '--flows');
  await until(
    () => HOSTS.every((name) => capturing(fleet, name).length === 1),
    () => run.errors,
  );
  await until(
    () => {
      const { stdout } = ask(fleet, 'fleet', '--fleet', URL_, ...fleet.key('operator-alice'));
      return (stdout.match(/ running /g) ?? []).length === 3;
    },
    () => run.errors,
  );
  const sent: string[] = [];
  for (let i = 0; i < 4; i++)
    for (const name of HOSTS) {
      await send(fleet, name, 100 + sent.length);
      sent.push(`eth0@${name} sender-${name} ${100 + sent.length}`);
    }
  await until(
    () => run.text.split('\n').length > sent.length,
    () => run.text + run.errors,
  );
  const id = /capture (\w+) on/.exec(run.errors)?.[1];
  assert.ok(id !== undefined, run.errors);
  const { lines, err, status } = await run.end();
  assert.equal(status, 0, err);
  const shown = lines.map((line) => {
    const [, face, process, size] = /\((\S+), proc (\S+):\d+, .*UDP, length (\d+)$/.exec(line) ?? [];
    return `${face} ${process} ${size}`;
  });
  assert.deepEqual(shown, sent);
  const times = lines.map((line) => line.slice(0, 15));
  assert.deepEqual(times, [...times].sort());
  assert.match(err, /^12 packets captured$/m);
  assert.match(err, /^0 packets dropped by kernel$/m);
  // Nothing is left of it on the hosts.
  await until(
    () => HOSTS.every((name) => capturing(fleet, name).length === 0),
    () => 'captures go on',
  );

  // What was kept: by host, as data, as a file with an interface for each host, and from that file again.
  const kept = ['--fleet', URL_, ...fleet.key('operator-alice'), '--since', '10m', '--capture', id];
  const rows = ask(fleet, ...kept, '--json', '--fields', 'host,frame.interface,process.name,frame.len');
  const expected = sent.map((line) => {
    const [face, process, size] = line.split(' ') as [string, string, string];
    return {
      host: face.slice(5),
      'frame.interface': face,
      'process.name': process,
      'frame.len': Number(size) + 42,
    };
  });
  assert.deepEqual(
    rows.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
    expected,
    rows.stderr,
  );
  const one = ask(fleet, ...kept, '-nq', '-k', 'M', '-Q', 'host = db1 and frame.len > 150', 'udp');
  assert.equal(
    one.stdout.split('\n').filter((line) => line.includes('(host db1)')).length,
    1,
    one.stdout + one.stderr,
  );
  const path = join(fleet.folder, 'all.pcapng');
  assert.equal(ask(fleet, ...kept, '-w', path).status, 0);
  const file = spawnSync(command, [
    '-r',
    path,
    '--json',
    '--fields',
    'host,frame.interface,process.name,frame.len',
  ]);
  assert.equal(file.stdout.toString(), rows.stdout);
  const sums = ask(fleet, ...kept, '--summary', 'host', '--json');
  assert.deepEqual(
    sums.stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { host: string }).host)
      .sort(),
    [...HOSTS].sort(),
    sums.stderr,
  );
  const records = ask(fleet, 'fleet', 'audit', '--fleet', URL_, ...fleet.key('operator-alice'));
  for (const name of HOSTS) {
    assert.match(records.stdout, new RegExp(` ${name} alice ${id} started `));
    assert.match(records.stdout, new RegExp(` ${name} alice ${id} ended 4 packets `));
  }
  const flows = join(fleet.folder, 'flows');
  const made = ask(fleet, 'fleet', 'flows', flows, '--fleet', URL_, ...fleet.key('operator-alice'));
  assert.match(made.stdout, /^12 flow records in 3 files$/m, made.stderr);
  const [day] = readdirSync(flows);
  assert.match(day!, /^date=\d{4}-\d\d-\d\d$/);
  assert.deepEqual(readdirSync(join(flows, day!)).sort(), HOSTS.map((name) => `host=${name}`).sort());
});

test('agent, operator and server are killed in turn: nothing stays, nothing acknowledged is lost, all come back', {
  skip,
  timeout: 400_000,
}, async (t) => {
  const fleet = makeFleet(t);
  let server = await startServer(t, fleet);
  ask(fleet, 'fleet', 'setup', '--fleet', URL_, ...fleet.key('admin-admin'));
  const agents = new Map<string, ChildProcess>();
  for (const name of ['web1', 'db1']) agents.set(name, await startAgent(t, fleet, name));
  const run = await operator(t, fleet, ...ASKS);
  const seen = (size: number): boolean => new RegExp(`UDP, length ${size}$`, 'm').test(run.text);
  const running = (name: string): boolean => capturing(fleet, name).length === 1;
  /** Sends until one is captured: the capture takes a moment to be there. */
  const comes = async (name: string, size: number): Promise<void> => {
    for (let i = 0; i < 40 && !seen(size); i++) {
      await send(fleet, name, size);
      await new Promise((done) => setTimeout(done, 500));
    }
    assert.ok(seen(size), `${name} ${size}\n${run.text}\n${run.errors}`);
  };
  await comes('web1', 101);
  await comes('db1', 102);

  // The agent: its capture goes with it, others go on; started again, it takes part again.
  const [child] = capturing(fleet, 'web1');
  agents.get('web1')!.kill('SIGKILL');
  await until(
    () => capturing(fleet, 'web1').length === 0,
    () => `process ${child} captures on`,
  );
  await comes('db1', 103);
  agents.set('web1', await startAgent(t, fleet, 'web1'));
  await comes('web1', 104);

  // The server: what is captured meanwhile comes when it is back.
  server.kill('SIGKILL');
  await new Promise((done) => setTimeout(done, 1000));
  assert.ok(running('web1') && running('db1'));
  await send(fleet, 'web1', 105);
  await send(fleet, 'db1', 106);
  server = await startServer(t, fleet);
  await until(
    () => seen(105) && seen(106),
    () => run.text + run.errors,
  );
  await comes('db1', 107);
  assert.match(run.errors, /the server has gone/);
  assert.match(run.errors, /the server is there again/);
  // Each was sent once, and came once.
  for (const size of [105, 106])
    assert.equal(run.text.match(new RegExp(`UDP, length ${size}$`, 'gm'))!.length, 1);

  // The operator: hosts notice that nobody asks any more.
  run.child.kill('SIGKILL');
  await run.ended();
  await until(
    () => !running('web1') && !running('db1'),
    () => 'captures outlive their operator',
  );
  const second = await operator(t, fleet, ...ASKS);
  await until(
    () => running('web1') && running('db1'),
    () => second.errors,
  );
  const { status, err } = await second.end();
  assert.equal(status, 0, err);
});

test('a policy: never these ports, headers alone; what it keeps is told', {
  skip,
  timeout: 200_000,
}, async (t) => {
  const fleet = makeFleet(t);
  await startServer(t, fleet);
  ask(fleet, 'fleet', 'setup', '--fleet', URL_, ...fleet.key('admin-admin'));
  const policy = join(fleet.folder, 'policy.json');
  writeFileSync(policy, '{"neverPorts":[9999],"headersOnly":true}', { mode: 0o644 });
  await startAgent(t, fleet, 'web1', '--policy', policy);
  await startAgent(t, fleet, 'db1');
  const run = await operator(t, fleet, '-knq', '-i', 'pktap,all', '-Q', "proc ~ '^sender'", 'udp');
  await until(
    () => capturing(fleet, 'web1').length === 1 && capturing(fleet, 'db1').length === 1,
    () => run.errors,
  );
  for (let i = 0; i < 40 && !/sender-db1/.test(run.text); i++) {
    await send(fleet, 'web1', 200);
    await send(fleet, 'db1', 200);
    await new Promise((done) => setTimeout(done, 500));
  }
  const { out, err } = await run.end();
  assert.match(out, /sender-db1/, err);
  assert.doesNotMatch(out, /sender-web1/);
});

test('a fleet does not capture what it sends itself', { skip, timeout: 200_000 }, async (t) => {
  const fleet = makeFleet(t);
  await startServer(t, fleet);
  ask(fleet, 'fleet', 'setup', '--fleet', URL_, ...fleet.key('admin-admin'));
  await startAgent(t, fleet, 'web1');
  const run = await operator(t, fleet, '-knq', '-i', 'pktap,all', '--hosts', 'web1', 'tcp or icmp');
  await until(
    () => capturing(fleet, 'web1').length === 1,
    () => run.errors,
  );
  assert.match(run.errors, /connections to the server are not captured/);
  const namespace = fleet.hosts.get('web1')!;
  for (let i = 0; i < 40 && !/proc ping/.test(run.text); i++)
    spawnSync('ip', ['netns', 'exec', namespace, 'ping', '-c', '2', '-i', '0.3', SERVER]);
  const { out, err } = await run.end();
  assert.match(out, /proc ping:\d+.*ICMP echo request/, err);
  assert.doesNotMatch(out, /\.4222[ :]/);
});

test('by sudo: the operator is root until its file is made, and stays it where the user may not write', {
  skip: closed || skip,
  timeout: 200_000,
}, async (t) => {
  const fleet = makeFleet(t);
  await startServer(t, fleet);
  ask(fleet, 'fleet', 'setup', '--fleet', URL_, ...fleet.key('admin-admin'));
  await startAgent(t, fleet, 'web1');
  const given = mkdtempSync(join(tmpdir(), 'pktap-fleet-'));
  const roots = mkdtempSync(join(tmpdir(), 'pktap-fleet-'));
  t.after(() => {
    for (const folder of [given, roots]) rmSync(folder, { recursive: true, force: true });
  });
  chownSync(given, USER, USER);
  for (const [folder, uid, said] of [
    [given, USER, /^pktap: root is given up for /m],
    [roots, 0, /^pktap: root is kept: \S+ may not write in /m],
  ] as const) {
    const file = join(folder, 'all.pcapng');
    const words = ['-v', '--hosts', 'web1', '-Q', "proc ~ '^sender'", '-w', file, 'udp'];
    const run = await Capture.begin(
      t,
      ['--fleet', URL_, ...fleet.key('operator-alice'), ...words],
      { SUDO_UID: `${USER}`, SUDO_GID: `${USER}` },
      ['ip', 'netns', 'exec', fleet.server],
    );
    await until(
      () => capturing(fleet, 'web1').length === 1 && said.test(run.errors),
      () => run.errors,
    );
    const status = readFileSync(`/proc/${run.child.pid}/status`, 'latin1');
    assert.match(status, new RegExp(`^Uid:\\t${uid}\\t`, 'm'));
    const read = (): string => spawnSync(command, ['-nqr', file], { encoding: 'utf8' }).stdout;
    for (let i = 0; i < 40 && !/UDP, length 100/.test(read()); i++) {
      await send(fleet, 'web1', 100);
      await new Promise((done) => setTimeout(done, 500));
    }
    const ended = await run.end();
    assert.equal(ended.status, 0, ended.err);
    assert.match(read(), /UDP, length 100/);
    assert.equal(statSync(file).uid, USER);
    await until(
      () => capturing(fleet, 'web1').length === 0,
      () => 'the capture goes on',
    );
  }
});
