// Debian's kernels: the newest of a series, downloaded through apt from the mirror that this machine uses, kept in a folder.

import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Which suite of Debian's has a series, and how its packages are called. 7.2's are in two. */
const SERIES: { readonly [series: string]: readonly [suite: string, name: RegExp] } = {
  '5.10': ['bullseye', /^linux-image-(5\.10\.[\w.+]+-\d+-amd64)$/],
  '6.1': ['bookworm', /^linux-image-(6\.1\.[\w.+]+-\d+-amd64)$/],
  '6.12': ['trixie', /^linux-image-(6\.12\.[\w.+]+-amd64)$/],
  '7.2': ['sid', /^linux-(?:image|binary)-(7\.[\w.+]+-amd64)$/],
};

export const ALL_SERIES = Object.keys(SERIES);

/** What boots them. */
const NEEDED = ['qemu-system-x86', 'busybox-static', 'cpio', 'kmod', 'xz-utils', 'zstd'];
const LOCK = ['-o', 'DPkg::Lock::Timeout=300'];
const KEYS = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** A kernel that lies ready. */
export interface Kernel {
  readonly series: string;
  readonly version: string;
  /** Its files: boot/, lib/modules/. */
  readonly folder: string;
}

export function cacheFolder(): string {
  return process.env['PKTAP_KERNELS'] ?? join(homedir(), '.cache', 'pktap-kernels');
}

/** Installs what is needed to boot kernels and is not there. */
export function installTools(): void {
  const missing = NEEDED.filter((name) => {
    const query = spawnSync('dpkg-query', ['-s', name], { encoding: 'utf8' });
    return query.status !== 0 || !query.stdout.includes('ok installed');
  });
  if (missing.length === 0) return;
  console.log(`installing ${missing.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  apt('apt-get', [...LOCK, 'update', '-qq'], env);
  apt('apt-get', [...LOCK, 'install', '-y', '-qq', '--no-install-recommends', ...missing], env);
}

/** @throws Error with what apt says */
function apt(
  program: string,
  words: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
  cwd?: string,
): string {
  const ran = spawnSync(program, words, { encoding: 'utf8', env, cwd, maxBuffer: 1 << 26 });
  if (ran.status !== 0)
    throw new Error(`${program} ${words.at(-1)}: ${ran.stderr.trim() || ran.error?.message}`);
  return ran.stdout;
}

/** The mirror of Debian's that this machine's apt uses; PKTAP_MIRROR names another. */
function mirror(): string {
  const asked = process.env['PKTAP_MIRROR'];
  if (asked !== undefined) return asked;
  const lines = apt('apt-get', ['indextargets', '--format', '$(REPO_URI) $(LABEL)', 'Created-By: Packages']);
  const [, uri] = /^(\S+) Debian$/m.exec(lines) ?? [];
  return uri ?? 'http://deb.debian.org/debian/';
}

/** Orders versions as `sort -V` does, nearly enough. */
function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

/** Hours that what the mirror had is believed. */
const FRESH_HOURS = 12;

/** The newest kernel of a series that lies in the cache whole, null when there is none. */
function newestKept(cache: string, pattern: RegExp): string | null {
  const kept = existsSync(cache) ? readdirSync(cache) : [];
  // The folder's name is the version, as in the package's name.
  const versions = kept.filter(
    (name) => pattern.test(`linux-image-${name}`) || pattern.test(`linux-binary-${name}`),
  );
  return versions.sort(compareVersions).at(-1) ?? null;
}

/** The newest package of a series that the mirror has. @throws Error that says why there is none */
function newestOffered(options: readonly string[], suite: string, pattern: RegExp): string {
  const from = `Debian's ${suite} on ${mirror()}`;
  try {
    apt('apt-get', [...options, '-o', 'APT::Update::Error-Mode=any', '-qq', 'update']);
  } catch (error) {
    throw new Error(
      `${from} cannot be read; it may have moved to archive.debian.org: ${(error as Error).message}`,
    );
  }
  const found = apt('apt-cache', [...options, 'search', '--names-only', '^linux-(image|binary)-'])
    .split('\n')
    .map((line) => line.split(' ')[0]!)
    .filter((name) => pattern.test(name))
    .sort((a, b) => compareVersions(pattern.exec(a)![1]!, pattern.exec(b)![1]!));
  const name = found.at(-1);
  if (name === undefined) throw new Error(`${from} has no such kernel any more`);
  return name;
}

/**
 * The newest kernel of a series, downloaded unless it is there. Where the mirror does not have it, or is not there, the one that is kept
 * is taken, and that is said.
 * @throws Error that says what is missing
 */
export function fetchKernel(series: string): Kernel {
  const [suite, pattern] = SERIES[series] ?? [];
  if (suite === undefined || pattern === undefined)
    throw new Error(`no kernel ${series}: there are ${ALL_SERIES.join(', ')}`);
  const cache = cacheFolder();
  const lists = join(cache, 'apt', suite);
  mkdirSync(join(lists, 'partial'), { recursive: true });
  const sources = join(cache, 'apt', `${suite}.list`);
  let version = newestKept(cache, pattern);
  const looked = join(cache, 'apt', `${suite}.looked`);
  if (version === null || hoursSince(looked) > FRESH_HOURS) {
    writeFileSync(sources, `deb [signed-by=${KEYS}] ${mirror()} ${suite} main\n`);
    const options = [
      ...['-o', `Dir::Etc::sourcelist=${sources}`, '-o', 'Dir::Etc::sourceparts=-'],
      ...['-o', `Dir::State::Lists=${lists}`, '-o', 'Acquire::Retries=3', '-o', 'APT::Sandbox::User=root'],
    ];
    try {
      const name = newestOffered(options, suite, pattern);
      version = pattern.exec(name)![1]!;
      if (!existsSync(join(cache, version))) unpack(cache, join(cache, version), name, version, options);
      writeFileSync(looked, '');
    } catch (error) {
      const why = (error as Error).message;
      version = newestKept(cache, pattern);
      if (version === null) throw new Error(`kernel ${series} cannot be had: ${why}`);
      console.log(`kernel ${series}: ${why}; ${version} is taken, which is kept in ${cache}`);
    }
  }
  const folder = join(cache, version);
  if (!existsSync(join(folder, 'lib/modules', version, 'modules.dep')))
    execFileSync('/sbin/depmod', ['-b', folder, version], { stdio: ['ignore', 'ignore', 'ignore'] });
  return { series, version, folder };
}

function hoursSince(path: string): number {
  return existsSync(path) ? (Date.now() - statSync(path).mtimeMs) / 3_600_000 : Number.POSITIVE_INFINITY;
}

function unpack(
  cache: string,
  folder: string,
  name: string,
  version: string,
  options: readonly string[],
): void {
  const work = mkdtempSync(join(cache, 'new-'));
  try {
    const packages = name.startsWith('linux-binary-') ? [name, `linux-modules-${version}`] : [name];
    console.log(`downloading ${packages.join(' ')}`);
    for (const each of packages) apt('apt-get', [...options, 'download', '-qq', each], process.env, work);
    const root = join(work, 'root');
    for (const file of readdirSync(work).filter((entry) => entry.endsWith('.deb')))
      execFileSync('dpkg', ['-x', join(work, file), root]);
    // Newer packages have everything below /usr.
    if (existsSync(join(root, 'usr/lib/modules'))) renameSync(join(root, 'usr/lib'), join(root, 'lib'));
    renameSync(root, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
