// --install-extcap, --uninstall-extcap: the script that Wireshark runs, and its profile, put where the versions of Wireshark look
// for them; for a user or the whole system. What is there and not ours stays.

import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { packageFile } from '../../packagefolder.js';
import { say } from '../messages.js';
import { ArgumentError } from '../parsed.js';
import { release } from '../usage.js';
import { PROFILE } from './profile.js';
import { extcapScript, MARK } from './script.js';

export type Scope = 'user' | 'system';

const NAME = 'pktap';

/** Folders that Wireshark's versions search, and that of its profiles. */
interface Places {
  readonly extcap: readonly string[];
  readonly profile: string;
}

function userPlaces(): Places {
  const home = homedir();
  const config = join(process.env['XDG_CONFIG_HOME'] || join(home, '.config'), 'wireshark');
  // 4.0 searches the first, 4.2 and later the second.
  return {
    extcap: [join(config, 'extcap'), join(home, '.local/lib/wireshark/extcap')],
    profile: join(config, 'profiles', NAME),
  };
}

/** Folders that tshark names; without it, those that there are. */
function systemPlaces(): Places {
  let said = '';
  try {
    said = execFileSync('tshark', ['-G', 'folders'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    // Wireshark alone may be installed.
  }
  const named = [...said.matchAll(/^(?:Global )?Extcap path:\s*(\/.*?)\s*$/gim)].map((match) => match[1]!);
  const libraries = existsSync('/usr/lib') ? readdirSync('/usr/lib').map((name) => `/usr/lib/${name}`) : [];
  const usual = ['/usr/libexec', '/usr/lib', '/usr/lib64', '/usr/local/lib', ...libraries]
    .map((folder) => `${folder}/wireshark/extcap`)
    .filter((folder) => existsSync(folder));
  const extcap = named.length > 0 ? named : usual;
  if (extcap.length === 0)
    throw new ArgumentError('--install-extcap: no Wireshark is found here, nor a folder for its extcaps');
  const config = /^Global configuration:\s*(\/.*?)\s*$/im.exec(said)?.[1] ?? '/usr/share/wireshark';
  return { extcap, profile: join(config, 'profiles', NAME) };
}

function placesOf(scope: Scope): Places {
  if (scope === 'system') {
    if (process.getuid?.() !== 0) throw new ArgumentError('--install-extcap system: needs root');
    return systemPlaces();
  }
  if (process.getuid?.() === 0 && process.env['SUDO_UID'] !== undefined)
    throw new ArgumentError('--install-extcap user: is for the user who runs it: run it without sudo');
  return userPlaces();
}

/** Whom it is for when nothing is said. */
export function usualScope(): Scope {
  return process.getuid?.() === 0 ? 'system' : 'user';
}

/** Whether a file is there that we have not written. */
function isForeign(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found !== undefined && !(found.isFile() && readFileSync(path, 'utf8').includes(MARK));
}

/** All files, with what is to be in them. */
function filesOf({ extcap, profile }: Places): [path: string, text: string, mode: number][] {
  const script = extcapScript(packageFile('bin/pktap'), release());
  return [
    ...extcap.map((folder): [string, string, number] => [join(folder, NAME), script, 0o755]),
    ...Object.entries(PROFILE).map(([name, text]): [string, string, number] => [
      join(profile, name),
      text,
      0o644,
    ]),
  ];
}

/** Puts it there. @throws ArgumentError where something else is in its place */
export function installExtcap(scope: Scope): void {
  const files = filesOf(placesOf(scope));
  const [script] = files[0]!;
  const foreign = files.find(([path]) => path.endsWith(`/extcap/${NAME}`) && isForeign(path));
  if (foreign !== undefined)
    throw new ArgumentError(`--install-extcap: ${foreign[0]} is there and not pktap's: it stays as it is`);
  for (const [path, text, mode] of files) {
    // A profile that the user has changed in Wireshark has lost its mark, and is the user's.
    if (isForeign(path)) {
      say(`${path}: kept, it was changed\n`);
      continue;
    }
    mkdirSync(dirname(path), { recursive: true });
    rmSync(path, { force: true });
    writeFileSync(path, text, { mode, flag: 'wx' });
    say(`${path}\n`);
  }
  if (scope === 'user')
    say(
      `Wireshark lists "Process tap (pktap)" when it starts; Edit, Configuration Profiles, pktap has the columns.\nCapturing needs root: ${script} says what it lacks.\n`,
    );
}

/** Takes away what is ours. */
export function uninstallExtcap(scope: Scope): void {
  let count = 0;
  const places = placesOf(scope);
  for (const [path] of filesOf(places)) {
    if (!existsSync(path) || isForeign(path)) continue;
    rmSync(path);
    say(`${path}: removed\n`);
    count++;
  }
  try {
    // Only when nothing is in it.
    rmdirSync(places.profile);
  } catch {
    // it is not there, or the user's
  }
  if (count === 0) say('nothing of pktap is there\n');
}
