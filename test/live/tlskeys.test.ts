// --tls-keys: the keys of a command's connections are in the file, in front of the packets that they decrypt, and nowhere else.

import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { cannot, command } from './world.js';

const has = (program: string, ...args: string[]): boolean => spawnSync(program, args).status === 0;
const skip =
  cannot || (!has('openssl', 'version') && 'no openssl') || (!has('python3', '-V') && 'no python3');
const hasTshark = has('tshark', '--version');
const folder = mkdtempSync(join(tmpdir(), 'pktap-tls-'));
let server: ChildProcess | null = null;
let port = 0;

after(() => {
  server?.kill();
  rmSync(folder, { recursive: true, force: true });
});

before(async () => {
  if (skip) return;
  const key = ['-newkey', 'rsa:2048', '-nodes', '-keyout', join(folder, 'key'), '-out', join(folder, 'cert')];
  execFileSync('openssl', ['req', '-x509', ...key, '-subj', '/CN=localhost', '-days', '2'], {
    stdio: 'ignore',
  });
  const code = `
import http.server, ssl, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = b"the secret of " + self.path.encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *args): pass
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1], sys.argv[2])
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_port, flush=True)
server.serve_forever()
`;
  const { SSLKEYLOGFILE: _, ...env } = process.env;
  server = spawn('python3', ['-c', code, join(folder, 'cert'), join(folder, 'key')], { env });
  port = Number(await new Promise<Buffer>((done) => server!.stdout!.once('data', done)));
});

/** Folders of keys of a pktap that are there. */
const left = (pid: number): string[] =>
  existsSync('/dev/shm')
    ? readdirSync('/dev/shm').filter((name) => name.startsWith(`pktap-keys-${pid}-`))
    : [];

function capture(out: string, ...words: string[]): string {
  const args = ['-i', 'pktap,lo', '--tls-keys', '-w', out, `tcp port ${port}`, '--', ...words];
  const { status, stdout, stderr, pid } = spawnSync(command, args, { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  assert.deepEqual(left(pid), [], 'the keys are taken away');
  return stdout;
}

/** Blocks of a file: types, and keys in them. */
function blocks(path: string): { types: number[]; keys: string[] } {
  const bytes = readFileSync(path);
  const types: number[] = [];
  const keys: string[] = [];
  for (let at = 0; at < bytes.length; at += bytes.readUInt32LE(at + 4)) {
    types.push(bytes.readUInt32LE(at));
    if (types.at(-1) !== 10) continue;
    assert.equal(bytes.readUInt32LE(at + 8), 0x544c534b);
    keys.push(bytes.toString('latin1', at + 16, at + 16 + bytes.readUInt32LE(at + 12)));
  }
  return { types, keys };
}

const CLIENTS: readonly [string, boolean, (url: string) => string[]][] = [
  ['curl', has('curl', '--version'), (url) => ['curl', '-sk', url]],
  [
    'python',
    true,
    (url) => [
      'python3',
      '-c',
      'import ssl, sys, urllib.request as r; c = ssl.create_default_context(); c.check_hostname = False; c.verify_mode = ssl.CERT_NONE; print(r.urlopen(sys.argv[1], context=c).read().decode())',
      url,
    ],
  ],
  [
    'node',
    true,
    (url) => [
      process.execPath,
      '-e',
      'require("https").get(process.argv[1], { rejectUnauthorized: false }, (r) => r.pipe(process.stdout))',
      url,
    ],
  ],
  ['a child of a shell', has('curl', '--version'), (url) => ['sh', '-c', `sh -c 'curl -sk ${url}; true'`]],
  [
    'wget',
    /\+ssl\/gnutls/.test(spawnSync('wget', ['--version'], { encoding: 'utf8' }).stdout ?? ''),
    (url) => ['wget', '-qO-', '--no-check-certificate', url],
  ],
];

for (const [name, there, words] of CLIENTS)
  test(`${name}: the file has the keys before what they decrypt`, {
    skip: skip || (!there && `no ${name}`),
  }, () => {
    const out = join(folder, `${name.replaceAll(' ', '-')}.pcapng`);
    const path = `/${name.replaceAll(' ', '-')}`;
    const said = capture(out, ...words(`https://127.0.0.1:${port}${path}`));
    assert.match(said, new RegExp(`the secret of ${path}`));
    const { types, keys } = blocks(out);
    assert.match(keys.join(''), /^(CLIENT_RANDOM|CLIENT_TRAFFIC_SECRET_0) [0-9a-f]{64} [0-9a-f]{64,}$/m);
    assert.ok(types.lastIndexOf(6) > types.lastIndexOf(10), 'packets come behind the last of the keys');
    assert.equal(statSync(out).mode & 0o777, 0o600);
    if (!hasTshark) return;
    const shown = spawnSync(
      'tshark',
      [
        '-nr',
        out,
        '-d',
        `tls.port==${port},http`,
        '-Y',
        'http',
        '-T',
        'fields',
        '-e',
        'http.request.uri',
        '-e',
        'http.file_data',
      ],
      { encoding: 'utf8' },
    ).stdout;
    assert.match(shown, new RegExp(`^${path}\t`, 'm'));
    assert.match(
      shown.replace(/\t([0-9a-f:]+)$/gm, (_, hex: string) =>
        Buffer.from(hex.replaceAll(':', ''), 'hex').toString(),
      ),
      new RegExp(`the secret of ${path}`),
    );
  });

test('where the keys are while the command runs, and what is no key', { skip }, () => {
  const out = join(folder, 'plain.pcapng');
  const script = `
    stat -c '%a %U' "$SSLKEYLOGFILE" "\${SSLKEYLOGFILE%/*}"
    echo "$NODE_OPTIONS"
    echo 'rm -rf / CLIENT_RANDOM' >>"$SSLKEYLOGFILE"
    echo CLIENT_RANDOM ${'ab'.repeat(32)} ${'cd'.repeat(48)} >>"$SSLKEYLOGFILE"
    printf 'CLIENT_RANDOM cut' >>"$SSLKEYLOGFILE"`;
  const said = capture(out, 'sh', '-c', script).split('\n');
  assert.deepEqual(said.slice(0, 2), ['600 root', '700 root']);
  assert.match(said[2]!, /--tls-keylog=\/dev\/shm\/pktap-keys-\d+-\w+\/keys$/);
  assert.deepEqual(blocks(out).keys, [`CLIENT_RANDOM ${'ab'.repeat(32)} ${'cd'.repeat(48)}\n`]);
});

test('under sudo the command writes them as its user, and nobody else reads them', { skip }, () => {
  const out = join(folder, 'sudo.pcapng');
  chmodSync(folder, 0o755);
  const script = `stat -c "%a %u" "$SSLKEYLOGFILE" "$(dirname "$SSLKEYLOGFILE")"; id -u; echo >>"$SSLKEYLOGFILE" && echo written`;
  const { status, stdout, stderr, pid } = spawnSync(
    command,
    ['-i', 'pktap,lo', '--tls-keys', '-w', out, 'udp port 1', '--', 'sh', '-c', script],
    { encoding: 'utf8', env: { ...process.env, SUDO_UID: '65534', SUDO_GID: '65534' } },
  );
  assert.equal(status, 0, stderr);
  assert.deepEqual(stdout.trimEnd().split('\n'), ['600 65534', '711 0', '65534', 'written']);
  assert.deepEqual(left(pid), []);
});

test('a pktap that is killed leaves keys until the next comes', { skip }, async () => {
  const out = join(folder, 'killed.pcapng');
  const child = spawn(command, [
    '-i',
    'pktap,lo',
    '--tls-keys',
    '-w',
    out,
    'udp port 1',
    '--',
    'sleep',
    '60',
  ]);
  const pid = child.pid!;
  for (let i = 0; left(pid).length === 0 && i < 400; i++) await new Promise((done) => setTimeout(done, 50));
  assert.equal(left(pid).length, 1);
  child.kill('SIGKILL');
  await new Promise((done) => child.on('exit', done));
  capture(out, 'true');
  assert.deepEqual(left(pid), []);
});

test('each file of a rotation begins with the keys', {
  skip: skip || (!has('curl', '--version') && 'no curl'),
}, () => {
  const out = join(folder, 'turned.pcapng');
  const url = `https://127.0.0.1:${port}/turned`;
  const args = [
    '-i',
    'pktap,lo',
    '--tls-keys',
    '-C',
    '1k',
    '-w',
    out,
    `tcp port ${port}`,
    '--',
    'curl',
    '-sk',
    url,
  ];
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  const last = blocks(`${out}1`);
  assert.equal(last.types[1], 10);
  assert.match(last.keys[0]!, /CLIENT_TRAFFIC_SECRET_0|CLIENT_RANDOM/);
});

test('it is refused where there is no place for keys', () => {
  for (const [args, reason] of [
    [['--tls-keys', '-w', 'x'], /--tls-keys needs a command/],
    [['--tls-keys', '--', 'true'], /--tls-keys needs -w/],
  ] as const) {
    const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
    assert.equal(status, 1);
    assert.match(stderr, reason);
  }
});
