// The package of npm, made and installed where there is no compiler.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { cannot } from '../live/world.js';

const folder = mkdtempSync(join(tmpdir(), 'pktap-npm-'));
const prefix = join(folder, 'prefix');
const bin = join(folder, 'bin');
const pktap = join(prefix, 'bin/pktap');
const capture = resolve('examples/curl.pcapng');
/** Whether npm could install it: its one dependency comes from npm's store or registry. */
let installed = '';

interface Packed {
  readonly filename: string;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
  return spawnSync(command, args, { encoding: 'utf8', env, timeout: 240_000 });
}

let packed: Packed;

before(() => {
  const { stdout, stderr } = run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder]);
  [packed] = JSON.parse(stdout) as [Packed];
  assert.ok(packed, stderr);
  // A PATH without a compiler: what npm and the command's script call, and no more.
  mkdirSync(bin);
  for (const name of ['sh', 'readlink', 'env', 'uname'])
    symlinkSync(run('sh', ['-c', `command -v ${name}`]).stdout.trim(), join(bin, name));
  symlinkSync(process.execPath, join(bin, 'node'));
  const npm = run('sh', ['-c', 'readlink -f "$(command -v npm)"']).stdout.trim();
  const args = [npm, 'install', '-g', '--prefix', prefix, '--prefer-offline', '--no-audit', '--no-fund'];
  const made = run(process.execPath, [...args, join(folder, packed.filename)], { ...process.env, PATH: bin });
  installed = made.status === 0 ? '' : made.stderr;
});

after(() => rmSync(folder, { recursive: true, force: true }));

test('the tarball holds what runs and nothing else, in 3.15 MB', () => {
  assert.ok(packed.unpackedSize <= 3.15e6, `${packed.unpackedSize} bytes`);
  const allowed =
    /^(bin\/pktap|dist\/(command\/.*\.c?js|library\/index\.c?js|browser\/[^/]*|web\/[^/]*|kernel\/tap\.o|share\/.*|types\/src\/.*\.d\.ts)|schema\/.*\.json|docs\/[^/]*\.md|(README|CHANGELOG)\.md|LICENSE|package\.json)$/;
  assert.deepEqual(
    packed.files.map(({ path }) => path).filter((path) => !allowed.test(path)),
    [],
  );
  for (const path of [
    'bin/pktap',
    'dist/command/start.cjs',
    'dist/kernel/tap.o',
    'dist/share/man/man1/pktap.1',
  ])
    assert.ok(
      packed.files.some((file) => file.path === path),
      path,
    );
});

test('installed without a compiler, it prints as the one that was built here', () => {
  assert.equal(installed, '');
  assert.equal(run(pktap, ['--version']).stdout, run('bin/pktap', ['--version']).stdout);
  const args = ['-kAnnvvr', capture];
  const { stdout, stderr } = run(pktap, args, { PATH: bin, TZ: 'UTC' });
  const [first, ...more] = stderr.trimEnd().split('\n');
  assert.equal(first, `reading from file ${capture}, link-type EN10MB (Ethernet), snapshot length 262144`);
  // What is in force (-v): nothing is missing that the package should have.
  for (const line of more) assert.match(line, /^pktap: sandbox: /);
  assert.equal(stdout, run('bin/pktap', args, { ...process.env, TZ: 'UTC' }).stdout);
});

test('the library of the package, by import and by require', () => {
  assert.equal(installed, '');
  const program = join(prefix, 'lib/node_modules/program.mjs');
  writeFileSync(
    program,
    `import { createRequire } from 'node:module';
import { openSavefile } from 'pktap';
const required = createRequire(import.meta.url)('pktap');
const file = await openSavefile(${JSON.stringify(capture)});
let count = 0;
await file.run(() => { count++; return true; });
file.close();
console.log(count, required.openSavefile === openSavefile);
`,
  );
  assert.equal(run(process.execPath, [program]).stdout, '24 true\n');
});

test('a short PATH finds the Node.js beside the command', () => {
  assert.equal(installed, '');
  const short = join(folder, 'short');
  mkdirSync(short);
  for (const name of ['sh', 'readlink']) symlinkSync(join(bin, name), join(short, name));
  symlinkSync(process.execPath, join(prefix, 'bin/node'));
  assert.match(run(pktap, ['--version'], { PATH: short }).stdout, /^pktap version /);
});

test('what another’s environment has Node.js load is not loaded by root, and is there for the command', {
  skip: cannot,
}, () => {
  assert.equal(installed, '');
  const mark = join(folder, 'mark');
  const evil = join(folder, 'evil.cjs');
  writeFileSync(
    evil,
    `require('node:fs').appendFileSync(${JSON.stringify(mark)}, process.argv.join(' ') + '\\n');\n`,
  );
  const NODE_OPTIONS = `--require ${evil}`;
  const env = {
    ...process.env,
    NODE_OPTIONS,
    NODE_V8_COVERAGE: join(folder, 'coverage'),
    SUDO_UID: '0',
    SUDO_GID: '0',
  };
  const { stdout, status } = run(
    pktap,
    ['-kNn', '-i', 'pktap,lo', '--', 'sh', '-c', 'echo "$NODE_OPTIONS"; echo hello >/dev/null'],
    env,
  );
  assert.equal(status, 0);
  assert.ok(stdout.includes(`${NODE_OPTIONS}\n`), stdout);
  assert.ok(!existsSync(mark), 'NODE_OPTIONS was taken');
  assert.ok(!existsSync(join(folder, 'coverage')) || readdirSync(join(folder, 'coverage')).length === 0);
});

test('a live capture from the installed package names a process', { skip: cannot }, () => {
  assert.equal(installed, '');
  const { stdout } = run(pktap, ['-kNn', '-i', 'pktap,lo', 'icmp', '--', 'ping', '-c', '1', '127.0.0.1']);
  assert.match(stdout, /\(lo, proc ping:\d+, [^)]*\) IP 127\.0\.0\.1 > 127\.0\.0\.1: ICMP echo request/);
  assert.ok(dirname(pktap).startsWith(folder));
});
