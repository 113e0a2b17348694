// A capture as a thing that runs: signals, deaths, interfaces that come and go, what it says when it cannot.

import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { test } from 'node:test';
import { Capture, cannot, command, ip, makePair, metadataOf, runProgram, start, waitFor } from './world.js';

/** Processes besides this one that hold an eBPF link: what is attached by tcx or to the cgroup lives in such a descriptor. */
function holdersOfLinks(): string[] {
  const found: string[] = [];
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      for (const fd of readdirSync(`/proc/${pid}/fd`)) {
        if (readlinkSync(`/proc/${pid}/fd/${fd}`) === 'anon_inode:bpf_link') found.push(pid);
      }
    } catch {
      // gone in between
    }
  }
  return [...new Set(found)];
}

const filtersOn = (device: string): string =>
  execFileSync('tc', ['filter', 'show', 'dev', device, 'ingress'], { encoding: 'utf8' });

test('kill -9 leaves nothing behind', { skip: cannot }, async (t) => {
  const pair = makePair(t);
  const capture = await Capture.begin(t, ['-kn', '-i', `pktap,${pair.device}`]);
  const pid = String(capture.child.pid);
  assert.ok(holdersOfLinks().includes(pid));
  await capture.end('SIGKILL');
  assert.ok(!holdersOfLinks().includes(pid));
  const shown = spawnSync('bpftool', ['net', 'show', 'dev', pair.device], { encoding: 'utf8' });
  if (shown.error === undefined) assert.doesNotMatch(shown.stdout, /tap_/);
});

/** Starts a process that has an ID of one that is gone, and prints the ID. */
const TAKE_ID = `import os, sys, time
wanted = int(sys.argv[1])
for _ in range(1000):
    with open('/proc/sys/kernel/ns_last_pid', 'w') as last: last.write(str(wanted - 1))
    pid = os.fork()
    if pid == 0:
        os.close(1); os.close(2)
        if os.getpid() == wanted: time.sleep(20)
        os._exit(0)
    if pid == wanted: break
    os.waitpid(pid, 0)
print(pid)
`;

test('after kill -9 with clsact the next start sweeps', { skip: cannot }, async (t) => {
  const pair = makePair(t);
  const args = ['-kn', '-i', `pktap,${pair.device}`];
  const first = await Capture.begin(t, args, { PKTAP_ATTACH: 'clsact' });
  await first.end('SIGKILL');
  assert.match(filtersOn(pair.device), new RegExp(`pktap:${first.child.pid}:`));
  const second = await Capture.begin(t, args, { PKTAP_ATTACH: 'clsact' });
  assert.doesNotMatch(filtersOn(pair.device), new RegExp(`pktap:${first.child.pid}:`));
  assert.match(filtersOn(pair.device), new RegExp(`pktap:${second.child.pid}:`));
  // An ID that was given again: it is the start that tells.
  await second.end('SIGKILL');
  const { stdout } = spawnSync('python3', ['-c', TAKE_ID, String(second.child.pid)], { encoding: 'utf8' });
  t.after(() => spawnSync('kill', ['-9', stdout.trim()]));
  assert.equal(stdout.trim(), String(second.child.pid));
  const third = await Capture.begin(t, args, { PKTAP_ATTACH: 'clsact' });
  assert.doesNotMatch(filtersOn(pair.device), new RegExp(`pktap:${second.child.pid}:`));
  assert.equal((await third.end()).status, 0);
  assert.doesNotMatch(filtersOn(pair.device), /pktap/);
});

test('of two captures with clsact the one that ends last takes the qdisc away', {
  skip: cannot,
}, async (t) => {
  const { device } = makePair(t);
  const begin = (): Promise<Capture> =>
    Capture.begin(t, ['-kn', '-i', `pktap,${device}`], { PKTAP_ATTACH: 'clsact' });
  const first = await begin();
  const second = await begin();
  assert.equal((await first.end()).status, 0);
  assert.match(filtersOn(device), new RegExp(`pktap:${second.child.pid}:`));
  assert.equal((await second.end()).status, 0);
  assert.doesNotMatch(ip('link', 'show', 'dev', device) + filtersOn(device), /pktap:/);
  assert.doesNotMatch(
    spawnSync('tc', ['qdisc', 'show', 'dev', device], { encoding: 'utf8' }).stdout,
    /clsact/,
  );
});

test('interfaces that appear are joined, ones that vanish are no error', { skip: cannot }, async (t) => {
  const capture = await Capture.begin(t, ['-tknq', '-i', 'pktap,all', 'icmp']);
  const pair = makePair(t);
  await new Promise((done) => setTimeout(done, 100));
  await runProgram(null, ['ping', '-c', '1', pair.there]);
  await new Promise((done) => setTimeout(done, 100));
  ip('link', 'del', pair.device);
  const { lines, err, status } = await capture.end('SIGTERM');
  assert.equal(status, 0, err);
  assert.equal(lines.filter((line) => metadataOf(line).face === pair.device).length, 2, lines.join('\n'));
});

test('a device without an Ethernet header', {
  skip: cannot || (!existsSync('/dev/net/tun') && 'no tun device'),
}, async (t) => {
  const name = `pkt${process.pid % 10000}`;
  ip('tuntap', 'add', name, 'mode', 'tun');
  t.after(() => ip('link', 'del', name));
  ip('addr', 'add', '10.99.9.1/24', 'dev', name);
  const reader = spawn('python3', [
    '-c',
    `import os, fcntl, struct, time
f = os.open('/dev/net/tun', os.O_RDWR); fcntl.ioctl(f, 0x400454ca, struct.pack('16sH22s', b'${name}', 0x1001, b''))
print('ready', flush=True); time.sleep(30)`,
  ]);
  t.after(() => {
    reader.kill('SIGKILL');
  });
  await new Promise((done) => reader.stdout.once('data', done));
  ip('link', 'set', name, 'up');
  const capture = await Capture.begin(t, ['-tknq', '-i', `pktap,${name}`, 'udp port 5353']);
  const sender = spawnSync('python3', [
    '-c',
    "import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.sendto(b'abc', ('10.99.9.2', 5353))",
  ]);
  assert.equal(sender.status, 0);
  const { lines } = await capture.end();
  assert.equal(lines.length, 1);
  assert.match(
    lines[0]!,
    /^\(\w+, proc python3:\d+, svc BE, out, nf, so\) IP 10\.99\.9\.1\.\d+ > 10\.99\.9\.2\.5353: UDP, length 3$/,
  );
});

test('-c ends it, SIGUSR1 counts, -l prints at once', { skip: cannot }, async (t) => {
  const pair = makePair(t);
  const capture = await Capture.begin(t, ['-tnql', '-i', pair.device, '-c', '2', 'icmp']);
  const counted = waitFor(capture.child.stderr!, /dropped by kernel\n/);
  capture.child.kill('SIGUSR1');
  await counted;
  await runProgram(null, ['ping', '-c', '2', '-i', '0.2', pair.there]);
  const { lines, err, status } = await capture.ended();
  assert.equal(status, 0);
  assert.equal(lines.length, 2);
  assert.match(err, /^0 packets captured\n0 packets received by filter\n0 packets dropped by kernel\n/m);
  assert.match(err, /^2 packets captured$/m);
  assert.match(err, /^pktap: verbose output suppressed/m);
  assert.doesNotMatch(err, /PKTAP/);
});

test('a reader that goes away ends it quietly', { skip: cannot }, async (t) => {
  const pair = makePair(t);
  const shell = spawn('bash', [
    '-c',
    `${command} -l -tnq -i ${pair.device} icmp 2>/dev/null | head -1; exit \${PIPESTATUS[0]}`,
  ]);
  let out = '';
  shell.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  // Whenever the capture is ready: its reader goes after the first packet, the next one ends it.
  const ping = start(t, 'ping', '-q', '-i', '0.2', pair.there);
  await new Promise((done) => shell.on('close', done));
  ping.kill();
  assert.equal(out.split('\n').length, 2);
});

test('-Z gives root up and the capture goes on', { skip: cannot }, async (t) => {
  const pair = makePair(t);
  const capture = await Capture.begin(t, ['-tknq', '-Z', 'nobody', '-i', `pktap,${pair.device}`, 'icmp']);
  const status = execFileSync('grep', ['-E', '^(Uid|CapEff)', `/proc/${capture.child.pid}/status`], {
    encoding: 'utf8',
  });
  assert.match(status, /Uid:\t65534\t65534\t65534\t65534/);
  assert.match(status, /CapEff:\t000000c000081000/);
  await runProgram(null, ['ping', '-c', '1', pair.there]);
  assert.equal((await capture.end()).lines.length, 2);
});

test('a metadata filter is run by the kernel, and what it drops is counted', { skip: cannot }, async (t) => {
  const pair = makePair(t);
  const capture = await Capture.begin(t, [
    '-tknq',
    '-i',
    `pktap,${pair.device}`,
    '-Q',
    'proc =ping and dir=out',
    'icmp',
  ]);
  await runProgram(null, ['ping', '-c', '2', '-i', '0.2', pair.there]);
  const { lines, err } = await capture.end();
  assert.equal(lines.length, 2);
  assert.ok(lines.every((line) => metadataOf(line).dir === 'out'));
  assert.match(
    err,
    /^2 packets captured\n2 packets received by filter\n0 packets dropped by kernel\n2 drops by metadata filter$/m,
  );
});

test('what cannot be captured is said in one line, status 1', { skip: cannot }, () => {
  const run = (...args: string[]) => spawnSync(command, args, { encoding: 'utf8' });
  for (const name of ['nope0', 'pktap,nope0'])
    assert.match(run('-i', name).stderr, /^pktap: nope0: No such device exists \(there (is|are) .*lo.*\)\n$/);
  assert.equal(run('-i', 'lo', 'foo bar').stderr, "pktap: can't parse filter expression: syntax error\n");
  assert.equal(run('-i', 'nope0').status, 1);
  assert.match(
    run('-i', 'lo', '-Q', 'proc =').stderr,
    /^pktap: can't parse metadata filter: a value was expected\n {4}proc =\n {10}\^\n$/,
  );
  const nobody = spawnSync(
    'setpriv',
    ['--reuid=65534', '--regid=65534', '--clear-groups', command, '-i', 'lo'],
    {
      encoding: 'utf8',
    },
  );
  assert.equal(nobody.status, 1);
  assert.equal(
    nobody.stderr,
    "pktap: lo: You don't have permission to capture: CAP_NET_ADMIN, CAP_BPF, CAP_PERFMON missing (run it as root: sudo pktap -i lo)\n",
  );
});
