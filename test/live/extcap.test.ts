// In Wireshark's list of interfaces: what is installed, what the script answers, and captures that tshark starts and ends.

import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { waiting } from '../until.js';
import { cannot, command, makeNamespace } from './world.js';

const until = waiting(30);

const home = mkdtempSync(join(tmpdir(), 'pktap-extcap-'));
after(() => rmSync(home, { recursive: true, force: true }));
chmodSync(home, 0o755);
const { XDG_CONFIG_HOME: _, SUDO_UID: __, ...rest } = process.env;
const env = { ...rest, HOME: home, LC_ALL: 'C' };
const script = join(home, '.config/wireshark/extcap/pktap');
const hasTshark = spawnSync('tshark', ['--version']).status === 0;
const noTshark = !hasTshark && 'no tshark';

function pktap(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { env, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return stdout;
}

/** What the script answers. */
function ask(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(script, args, { env, encoding: 'utf8' });
}

/** Captures that run with a word among theirs. */
function captures(word: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .filter((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0');
        return words.includes('--extcap') && words.includes(word);
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** What pktap is run with, but for the Wireshark that it ends with: us. */
function withoutParent(words: readonly string[]): string[] {
  const at = words.indexOf('--extcap-parent');
  assert.equal(words[at + 1], String(process.pid));
  return words.filter((_, i) => i !== at && i !== at + 1);
}

/** Pings in a namespace, again and again. */
function pings(t: TestContext, namespace: string): void {
  const code = 'while :; do ping -c 1 127.0.0.1 >/dev/null; sleep 0.1; done';
  const child = spawn('ip', ['netns', 'exec', namespace, 'sh', '-c', code], { detached: true });
  t.after(() => process.kill(-child.pid!, 'SIGKILL'));
}

function tshark(
  t: TestContext,
  namespace: string,
  ...args: string[]
): { child: ChildProcess; said: () => string } {
  const netns = `extcap.pktap_all.netns:${namespace}`;
  const child = spawn('tshark', ['-n', '-i', 'pktap,all', '-o', netns, '-l', ...args], { env });
  t.after(() => child.kill('SIGKILL'));
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk;
  });
  child.stderr.resume();
  return { child, said: () => text };
}

test('it is installed for a user, and taken away', () => {
  const said = pktap('--install-extcap', 'user');
  const files = [
    '.config/wireshark/extcap/pktap',
    '.local/lib/wireshark/extcap/pktap',
    '.config/wireshark/profiles/pktap/preferences',
    '.config/wireshark/profiles/pktap/colorfilters',
    '.config/wireshark/profiles/pktap/dfilter_buttons',
  ].map((name) => join(home, name));
  for (const file of files) assert.ok(said.includes(`${file}\n`) && existsSync(file), file);
  pktap('--install-extcap', 'user');
  // Wireshark has saved the profile: it is the user's now.
  writeFileSync(files[2]!, 'gui.column.format: "No.", "%m"\n');
  pktap('--install-extcap', 'user');
  assert.equal(readFileSync(files[2]!, 'utf8'), 'gui.column.format: "No.", "%m"\n');
  pktap('--uninstall-extcap', 'user');
  assert.deepEqual(
    files.map((file) => existsSync(file)),
    [false, false, true, false, false],
  );
  rmSync(files[2]!);
  writeFileSync(files[0]!, '#!/bin/sh\n');
  const refused = spawnSync(command, ['--install-extcap', 'user'], { env, encoding: 'utf8' });
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /^pktap: --install-extcap: .*extcap\/pktap is there and not pktap's/);
  assert.equal(readFileSync(files[0]!, 'utf8'), '#!/bin/sh\n');
  rmSync(files[0]!);
  pktap('--install-extcap', 'user');
});

test('the script answers without Node, in milliseconds', () => {
  const listed = ask('--extcap-interfaces', '--extcap-version=4.0');
  assert.equal(listed.status, 0);
  assert.deepEqual(
    [...listed.stdout.matchAll(/^interface \{value=(.*?)\}/gm)].map((match) => match[1]),
    ['pktap', 'pktap,all', 'droptap'],
  );
  assert.match(listed.stdout, /^control \{number=0\}\{type=string\}/m);
  assert.match(
    ask('--extcap-dlts', '--extcap-interface', 'pktap').stdout,
    /^dlt \{number=258\}\{name=PKTAP\}/,
  );
  const config = ask('--extcap-config', '--extcap-interface=pktap,all').stdout;
  assert.deepEqual(
    [...config.matchAll(/\{call=--(\w+)\}/g)].map((match) => match[1]),
    ['interfaces', 'metadatafilter', 'snaplen', 'promiscuous', 'netns', 'container'],
  );
  // The best of many, beside a shell that does nothing: others may be busy here.
  const best = (...words: string[]): number =>
    Math.min(
      ...Array.from({ length: 20 }, () => {
        const before = performance.now();
        spawnSync(words[0]!, words.slice(1), { env });
        return performance.now() - before;
      }),
    );
  const [nothing, listing] = [best('/bin/sh', '-c', ':'), best(script, '--extcap-interfaces')];
  assert.ok(listing - nothing < 15, `${listing} ms, a shell that does nothing ${nothing} ms`);
});

test('capture filters are checked by libpcap', () => {
  const check = (filter: string): string => {
    const { status, stdout } = ask('--extcap-interface', 'pktap', '--extcap-capture-filter', filter);
    assert.equal(status, 0);
    return stdout;
  };
  assert.equal(check(''), '');
  assert.equal(check('tcp port 80 and host 10.0.0.1'), '');
  assert.equal(check('tcp prt 80'), "can't parse filter expression: syntax error\n");
  assert.equal(check('port nosuchservice'), "unknown port 'nosuchservice'\n");
  assert.notEqual(check('-z touch'), '', 'no option');
});

test('values from elsewhere are words, not commands or options', (t) => {
  const folder = join(home, 'hostile');
  mkdirSync(folder);
  const fifo = join(folder, 'fifo');
  execFileSync('mkfifo', [fifo]);
  const reader = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK);
  t.after(() => closeSync(reader));
  // In the place of pktap something that shows how it is called.
  const shown = join(folder, 'shown');
  const fake = join(folder, "pk'tap");
  writeFileSync(fake, `#!/bin/sh\nprintf '%s\\n' "$@" >'${shown}'\n`, { mode: 0o755 });
  const other = join(folder, 'script');
  const text = readFileSync(script, 'utf8').replace(/^pktap=.*$/m, `pktap='${fake.replace("'", "'\\''")}'`);
  writeFileSync(other, text, { mode: 0o755 });
  const words = (...args: string[]): string[] => {
    rmSync(shown, { force: true });
    const { status, stderr } = spawnSync(other, ['--capture', '--fifo', fifo, ...args], {
      env,
      cwd: folder,
      encoding: 'utf8',
    });
    return status === 0
      ? withoutParent(readFileSync(shown, 'utf8').trimEnd().split('\n'))
      : [stderr.trimEnd()];
  };
  if (process.getuid!() !== 0) return;
  const evil = '$(touch evil)`touch evil`";touch evil;\'*';
  assert.deepEqual(words('--extcap-interface', 'pktap', '--metadatafilter', evil, '--netns', evil), [
    ...['--extcap', '-P', '-y', 'PKTAP', '-w', '-', '-p', '-i', 'pktap', '-Q', evil, '--netns', evil],
  ]);
  assert.deepEqual(
    words('--extcap-interface', 'pktap', '--extcap-capture-filter', `-z ${evil}`).at(-1),
    ` -z ${evil}`,
  );
  assert.deepEqual(words('--extcap-interface', 'pktap,all', '--interfaces', 'eth0, lo,*').slice(6), [
    '-p',
    '-i',
    'pktap,eth0,lo,*',
  ]);
  assert.deepEqual(
    words(
      '--extcap-interface',
      'pktap',
      '--interfaces',
      'eth0,lo',
      '--promiscuous',
      '--container',
      'web-1',
      '--metadatafilter',
      'proc = a or proc = b',
    ).slice(6),
    ['-i', 'eth0', '-i', 'lo', '-Q', "(proc = a or proc = b) and container = 'web-1'"],
  );
  assert.deepEqual(words('--extcap-interface', 'pktap', '--interfaces', '-z'), [
    'pktap: -z: is no name of an interface',
  ]);
  assert.deepEqual(words('--extcap-interface', 'pktap', '--container', "a' or pid != '0"), [
    "pktap: a' or pid != '0: is no name or ID of a container",
  ]);
  assert.deepEqual(words('--extcap-interface', 'lo'), ['pktap: there is no interface lo']);
  assert.deepEqual(
    readdirSync(folder).sort(),
    ['fifo', "pk'tap", 'script', 'shown'].filter((name) => existsSync(join(folder, name))),
  );
});

test('what a rule of sudo allows is a capture, and nothing else', () => {
  for (const [args, reason] of [
    [['-w', '/tmp/x'], /it needs -w -/],
    [['-w', '-', '-z', 'sh'], /does not go with -z/],
    [['-w', '-', '-F', '/etc/shadow'], /does not go with -F/],
    [['-r', '/etc/shadow', '-w', '-'], /does not go with -r/],
    [['-w', '-', '--', 'sh'], /runs no command/],
    [['-w', '-', '--parquet', 'x'], /does not go with --parquet/],
    [['-D'], /does not go with -D/],
  ] as const) {
    const { status, stderr } = spawnSync(command, ['--extcap', ...args], { env, encoding: 'utf8' });
    assert.equal(status, 1, args.join(' '));
    assert.match(stderr, reason);
  }
});

test('without rights it names the rule', { skip: process.getuid?.() !== 0 && 'needs root' }, (t) => {
  const fifo = join(home, 'nobody');
  execFileSync('mkfifo', ['-m', '666', fifo]);
  t.after(() => rmSync(fifo));
  const args = ['--capture', '--extcap-interface', 'pktap', '--fifo', fifo];
  const { status, stderr } = spawnSync(script, args, { env, encoding: 'utf8', uid: 65534, gid: 65534 });
  assert.equal(status, 1);
  assert.match(
    stderr,
    /^pktap: a capture needs root: let .* have the line\n {2}nobody ALL=\(root\) NOPASSWD: \/.*bin\/pktap --extcap \*\n$/,
  );
});

test('as a user: by sudo where it asks for nothing, else by pkexec where there is a display', {
  skip: process.getuid?.() !== 0 && 'needs root',
}, (t) => {
  const place = join(home, 'granted');
  mkdirSync(place, { mode: 0o755 });
  const fifo = join(home, 'granting');
  execFileSync('mkfifo', ['-m', '666', fifo]);
  const reader = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK);
  t.after(() => closeSync(reader));
  const program = (name: string, code: string): void =>
    writeFileSync(join(place, name), `#!/bin/sh\n${code}\n`, { mode: 0o755 });
  const words = (more: NodeJS.ProcessEnv): string[] => {
    const args = [
      '--capture',
      '--extcap-interface',
      'pktap',
      '--fifo',
      fifo,
      '--extcap-capture-filter',
      'tcp',
    ];
    const { status, stderr } = spawnSync(script, args, {
      env: { ...env, PATH: `${place}:/usr/bin:/bin`, DISPLAY: '', WAYLAND_DISPLAY: '', ...more },
      encoding: 'utf8',
      uid: 65534,
      gid: 65534,
    });
    return [String(status), ...stderr.trimEnd().split('\n')];
  };
  const capture = `--extcap --extcap-parent ${process.pid} -P -y PKTAP -w - -p -i pktap  tcp`;
  program('sudo', 'echo "sudo $*" >&2');
  assert.deepEqual(words({}), ['0', `sudo -n -- ${command} ${capture}`]);
  program('sudo', 'exit 1');
  program('pkexec', 'echo "pkexec $*" >&2');
  assert.deepEqual(words({ DISPLAY: ':1' }), ['0', `pkexec ${command} ${capture}`]);
  assert.match(words({}).join('\n'), /^1\npktap: a capture needs root/);
});

test('tshark lists it', { skip: noTshark }, () => {
  const listed = execFileSync('tshark', ['-D'], {
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  for (const line of [
    'pktap (Process tap (pktap))',
    'pktap,all (Process tap (pktap), all interfaces)',
    'droptap (Dropped packets)',
  ])
    assert.ok(listed.includes(`. ${line}\n`), listed);
});

test('tshark captures with -f and -Q, has processes as fields, and leaves nothing behind', {
  skip: cannot || noTshark,
}, async (t) => {
  const namespace = makeNamespace(t);
  pings(t, namespace);
  const fields = ['-T', 'fields', '-e', 'pktap.cmdname', '-e', 'icmp.type'];
  const filters = ['-o', 'extcap.pktap_all.metadatafilter:proc = ping and dir = out', '-f', 'icmp[0] = 8'];
  const { child, said } = tshark(t, namespace, ...filters, '-c', '3', ...fields);
  await new Promise((done) => child.on('close', done));
  assert.deepEqual(said().trimEnd().split('\n'), ['ping\t8', 'ping\t8', 'ping\t8']);
  await until(() => captures(namespace).length === 0, 'the capture ends with tshark');
  const shown = tshark(t, namespace, '-Y', 'pktap.cmdname == "ping"', ...fields);
  await until(() => shown.said().includes('ping\t8'), 'packets come');
  shown.child.kill('SIGTERM');
  await until(() => captures(namespace).length === 0, 'it ends by a signal');
});

test('a tshark that is killed leaves no capture behind, packets or none', {
  skip: cannot || noTshark,
}, async (t) => {
  const namespace = makeNamespace(t);
  const { child } = tshark(t, namespace, '-f', 'udp port 1');
  await until(() => captures(namespace).length === 1, 'the capture begins');
  // Until dumpcap reads: it stays when tshark is killed.
  await new Promise((done) => setTimeout(done, 3000));
  child.kill('SIGKILL');
  await until(() => captures(namespace).length === 0, 'nobody reads');
});

test('the toolbar’s filter while it runs', { skip: cannot }, async (t) => {
  const namespace = makeNamespace(t);
  pings(t, namespace);
  const folder = join(home, 'toolbar');
  mkdirSync(folder);
  const [fifo, input, output] = ['fifo', 'in', 'out'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  execFileSync('mkfifo', [fifo, input, output]);
  // Both ends, so that no open waits.
  const [packets, to, from] = [fifo, input, output].map((path) =>
    openSync(path, constants.O_RDWR | constants.O_NONBLOCK),
  ) as [number, number, number];
  t.after(() => {
    for (const descriptor of [packets, to, from]) closeSync(descriptor);
  });
  const child = spawn(
    script,
    [
      '--capture',
      '--extcap-interface',
      'pktap,all',
      '--fifo',
      fifo,
      '--netns',
      namespace,
      '--extcap-control-in',
      input,
      '--extcap-control-out',
      output,
    ],
    { env },
  );
  t.after(() => child.kill('SIGKILL'));
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk;
  });
  const bytes = { packets: 0, said: '' };
  const piece = Buffer.alloc(65_536);
  const read = (descriptor: number): Buffer => {
    try {
      return piece.subarray(0, readSync(descriptor, piece));
    } catch {
      return piece.subarray(0, 0);
    }
  };
  const look = (): void => {
    bytes.packets += read(packets).length;
    bytes.said += read(from).toString('latin1');
  };
  const set = (text: string): void => {
    const payload = Buffer.from(text);
    const head = Buffer.from([0x54, 0, 0, payload.length + 2, 0, 1]);
    writeSync(to, Buffer.concat([head, payload]));
  };
  const shows = (what: string): Promise<void> =>
    until(() => {
      look();
      return bytes.said.includes(what);
    }, what);
  /** Bytes of packets that come within a while. */
  const comes = async (): Promise<number> => {
    await new Promise((done) => setTimeout(done, 500));
    look();
    bytes.packets = 0;
    await new Promise((done) => setTimeout(done, 1500));
    look();
    return bytes.packets;
  };
  await shows('listening on pktap,all');
  await until(() => {
    look();
    return bytes.packets > 1000;
  }, 'packets come');
  set('proc = nosuch');
  await shows('showing proc = nosuch');
  assert.equal(await comes(), 0);
  set('proc = ');
  await shows('the filter stays as it was');
  assert.equal(await comes(), 0);
  set('');
  await shows('showing all packets');
  await until(() => {
    look();
    return bytes.packets > 1000;
  }, 'packets come again');
  child.kill('SIGTERM');
  assert.equal(await new Promise((done) => child.on('close', done)), 0, errors);
  assert.equal(errors, '');
});
