// Self-contained packages for Linux: a tarball and a .deb with a Node.js runtime of their own. Run by `npm run packages [-- x64 arm64]`, after a build.
//
// Nothing in them depends on when or where they were made: two builds are the same bytes. What V8 compiles is not in them: the .deb has it
// made where it is installed, by the runtime that will read it.

import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { arch } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { lastRelease } from './release.js';

/** Node.js's release in the packages, from npm's packages of its builds. */
const RUNTIME = '24.22.3';

/** Names of a processor in Node.js and in Debian. */
const PROCESSORS: { readonly [arch: string]: string } = { x64: 'amd64', arm64: 'arm64' };

/** Where they go. */
const TO = process.env['PKTAP_PACKAGES'] ?? 'dist/packages';
const { version, description } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  version: string;
  description: string;
};
/** Seconds of every file's time. */
const TIME = Date.parse(lastRelease().day) / 1000;

function run(command: string, args: readonly string[], options: { cwd?: string } = {}): string {
  return execFileSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, XZ_OPT: '-3', SOURCE_DATE_EPOCH: `${TIME}`, LC_ALL: 'C', TZ: 'UTC' },
    ...options,
  });
}

/** Fetches a package of npm's, whose digest npm verifies, and unpacks it. @returns the folder of its files; they are kept for the next build */
function npmPackage(name: string, release: string): string {
  const folder = resolve('dist/runtimes', `${name.replaceAll('/', '+')}-${release}`);
  if (existsSync(join(folder, 'package.json'))) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const [{ filename }] = JSON.parse(
    run('npm', ['pack', '--json', `${name}@${release}`, '--pack-destination', folder]),
  ) as [{ filename: string }];
  run('tar', [
    '-xzf',
    join(folder, filename.replaceAll('@', '').replaceAll('/', '-')),
    '--strip-components=1',
    '-C',
    folder,
  ]);
  return folder;
}

/** Copies what the package's `files` in package.json say, but declarations of types. */
function stageProgram(folder: string, processor: string): void {
  mkdirSync(folder, { recursive: true });
  for (const name of ['bin', 'dist/kernel', 'dist/library', 'LICENSE', 'package.json', 'schema'])
    cpSync(name, join(folder, name), { recursive: true });
  cpSync('dist/command', join(folder, 'dist/command'), {
    recursive: true,
    filter: (path) => !path.endsWith('.cache'),
  });
  const runtime = npmPackage(`node-linux-${processor}`, RUNTIME);
  cpSync(join(runtime, 'bin/node'), join(folder, 'node'));
  cpSync(join(runtime, 'LICENSE'), join(folder, 'LICENSE.node'));
  const { version: koffi } = JSON.parse(readFileSync('node_modules/koffi/package.json', 'utf8')) as {
    version: string;
  };
  const modules = join(folder, 'node_modules');
  const native = `@koromix/koffi-linux-${processor}`;
  cpSync(npmPackage(native, koffi), join(modules, native), {
    recursive: true,
    filter: (path) => !path.endsWith('.tgz') && !/musl/.test(path),
  });
  stageKoffi(npmPackage('koffi', koffi), join(modules, 'koffi'), processor === arch());
}

/** What runs of koffi, without its sources and documents: the scripts that its entries load, wherever they are. */
function stageKoffi(from: string, to: string, runs: boolean): void {
  mkdirSync(to, { recursive: true });
  for (const name of ['LICENSE.txt', 'package.json']) cpSync(join(from, name), join(to, name));
  for (const name of readdirSync(from, { recursive: true, encoding: 'utf8' }))
    if (/^(?!cnoke\.|vendor\/|lib\/|doc\/).*\.c?js$/.test(name)) {
      mkdirSync(dirname(join(to, name)), { recursive: true });
      cpSync(join(from, name), join(to, name));
    }
  // Loaded here as it is there: what is left out is noticed where packages are made.
  if (runs) run(process.execPath, ['-e', `require(${JSON.stringify(resolve(to))})`]);
}

/** Every file's time, owner's rights and order are the release's, not the machine's. */
function normalize(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const stat = lstatSync(path);
    if (stat.isSymbolicLink()) continue;
    if (stat.isDirectory()) normalize(path);
    else chmodSync(path, (stat.mode & 0o100) !== 0 ? 0o755 : 0o644);
    utimesSync(path, TIME, TIME);
  }
  chmodSync(folder, 0o755);
  utimesSync(folder, TIME, TIME);
}

function put(path: string, content: string | Buffer, mode = 0o644): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  chmodSync(path, mode);
}

/** The documents, without what makes them. */
function stageDocuments(folder: string): void {
  cpSync('docs', folder, { recursive: true, filter: (path) => !path.endsWith('.js') });
}

/** What man, shells and licences want beside the program. */
function stageShare(root: string): void {
  put(
    join(root, 'usr/share/man/man1/pktap.1.gz'),
    gzipSync(readFileSync('dist/share/man/man1/pktap.1'), { level: 9 }),
  );
  for (const folder of ['bash-completion', 'zsh', 'fish'])
    cpSync(join('dist/share', folder), join(root, 'usr/share', folder), { recursive: true });
  const documents = join(root, 'usr/share/doc/pktap');
  put(join(documents, 'changelog.gz'), gzipSync(readFileSync('CHANGELOG.md'), { level: 9 }));
  put(
    join(documents, 'copyright'),
    `pktap ${version}\n\n${readFileSync('LICENSE', 'utf8')}\nNode.js, in /usr/lib/pktap/node, and koffi: see /usr/lib/pktap/LICENSE.node and\n/usr/lib/pktap/node_modules/koffi.\n`,
  );
  cpSync('README.md', join(documents, 'README.md'));
  stageDocuments(join(documents, 'docs'));
}

const POSTINST = `#!/bin/sh
set -e
# What V8 makes of the command, by the runtime that reads it: a start takes half the time.
if [ "$1" = configure ]; then
    /usr/lib/pktap/node /usr/lib/pktap/dist/command/precompile.cjs || true
fi
`;

const PRERM = `#!/bin/sh
set -e
find /usr/lib/pktap/dist/command -name '*.cache' -delete 2>/dev/null || true
`;

function kibibytes(folder: string): number {
  return Math.ceil(Number(run('du', ['-sk', '--apparent-size', folder]).split('\t')[0]));
}

function makeDeb(stage: string, processor: string): string {
  const root = join(stage, 'deb');
  const lib = join(root, 'usr/lib/pktap');
  stageProgram(lib, processor);
  stageShare(root);
  mkdirSync(join(root, 'usr/bin'), { recursive: true });
  symlinkSync('../lib/pktap/bin/pktap', join(root, 'usr/bin/pktap'));
  const control = `Package: pktap
Version: ${version}
Architecture: ${PROCESSORS[processor]}
Maintainer: The pktap authors <pktap@localhost>
Installed-Size: ${kibibytes(root)}
Depends: libc6 (>= 2.28), libstdc++6 (>= 8), libpcap0.8 | libpcap0.8t64
Suggests: tcpdump, wireshark
Section: net
Priority: optional
Description: ${description.split(':')[0]!}
 Captures packets as tcpdump does, each with the process that sent or gets it,
 filters by processes in the kernel, and reads and writes capture files with
 processes. Has a Node.js runtime of its own.
`;
  put(join(root, 'DEBIAN/control'), control);
  put(join(root, 'DEBIAN/postinst'), POSTINST, 0o755);
  put(join(root, 'DEBIAN/prerm'), PRERM, 0o755);
  normalize(root);
  const file = join(TO, `pktap_${version}_${PROCESSORS[processor]}.deb`);
  run('dpkg-deb', ['--root-owner-group', '-Zxz', '-z3', '--build', root, file]);
  return file;
}

function makeTarball(stage: string, processor: string): string {
  const name = `pktap-${version}-linux-${processor}`;
  const folder = join(stage, name);
  stageProgram(folder, processor);
  cpSync('dist/share', join(folder, 'share'), { recursive: true });
  stageDocuments(join(folder, 'docs'));
  for (const document of ['README.md', 'CHANGELOG.md']) cpSync(document, join(folder, document));
  normalize(folder);
  const file = join(TO, `${name}.tar.xz`);
  const order = [
    '--sort=name',
    `--mtime=@${TIME}`,
    '--owner=0',
    '--group=0',
    '--numeric-owner',
    '--format=ustar',
  ];
  run('tar', ['-C', stage, ...order, '-cJf', resolve(file), name]);
  return file;
}

const asked = process.argv.slice(2);
for (const processor of asked.length > 0 ? asked : [arch()]) {
  if (PROCESSORS[processor] === undefined)
    throw new Error(`${processor}: packages are made for ${Object.keys(PROCESSORS).join(' and ')}`);
  mkdirSync(TO, { recursive: true });
  const stage = mkdtempSync(join(resolve(TO), 'stage-'));
  try {
    for (const file of [makeTarball(stage, processor), makeDeb(stage, processor)])
      console.log(`${file} ${(statSync(file).size / 1e6).toFixed(1)} MB`);
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}
