// Debian's kernels: the newest of a series, downloaded through apt from the mirror that this machine uses, kept in a folder.

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
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

/** The mirror of Debian's that this machine's apt uses. */
function mirror(): string {
  const lines = apt('apt-get', ['indextargets', '--format', '$(REPO_URI) $(LABEL)', 'Created-By: Packages']);
  const [, uri] = /^(\S+) Debian$/m.exec(lines) ?? [];
  return uri ?? 'http://deb.debian.org/debian/';
}

/** Orders versions as `sort -V` does, nearly enough. */
function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

/**
 * Downloads the newest kernel of a series, unless it is there.
 * @throws Error when the mirror has none
 */
export function fetchKernel(series: string): Kernel {
  const [suite, pattern] = SERIES[series] ?? [];
  if (suite === undefined || pattern === undefined)
    throw new Error(`no kernel ${series}: there are ${ALL_SERIES.join(', ')}`);
  const cache = cacheFolder();
  const lists = join(cache, 'apt', suite);
  mkdirSync(join(lists, 'partial'), { recursive: true });
  const sources = join(cache, 'apt', `${suite}.list`);
  writeFileSync(sources, `deb [signed-by=${KEYS}] ${mirror()} ${suite} main\n`);
  const options = [
    ...['-o', `Dir::Etc::sourcelist=${sources}`, '-o', 'Dir::Etc::sourceparts=-'],
    ...['-o', `Dir::State::Lists=${lists}`, '-o', 'Acquire::Retries=3', '-o', 'APT::Sandbox::User=root'],
  ];
  apt('apt-get', [...options, 'update', '-qq']);
  const found = apt('apt-cache', [...options, 'search', '--names-only', '^linux-(image|binary)-'])
    .split('\n')
    .map((line) => line.split(' ')[0]!)
    .filter((name) => pattern.test(name))
    .sort((a, b) => compareVersions(pattern.exec(a)![1]!, pattern.exec(b)![1]!));
  const name = found.at(-1);
  if (name === undefined) throw new Error(`the mirror has no kernel ${series} in ${suite}: ${mirror()}`);
  const version = pattern.exec(name)![1]!;
  const folder = join(cache, version);
  if (!existsSync(folder)) unpack(cache, folder, name, version, options);
  if (!existsSync(join(folder, 'lib/modules', version, 'modules.dep')))
    execFileSync('/sbin/depmod', ['-b', folder, version], { stdio: ['ignore', 'ignore', 'ignore'] });
  return { series, version, folder };
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
