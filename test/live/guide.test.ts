// docs/guide: the commands that capture, with real programs in namespaces of their own, print what the pages show.

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { check, type Page, readPages } from '../guide/pages.js';
import { makeFolder } from '../guide/programs.js';
import { HIERARCHY, Hosts, SCENES } from './guide/scenes.js';
import { cannot, closed } from './world.js';

const SSHD = '/usr/sbin/sshd';

/** A server of ssh on this host's loopback, which `ssh web1` goes to. */
function serve(t: TestContext, folder: string, bin: string, enter: readonly string[], path: string): void {
  const at = (name: string): string => join(folder, `.ssh-${name}`);
  for (const key of ['host', 'user'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at(key)]);
  writeFileSync(at('authorized'), readFileSync(`${at('user')}.pub`), { mode: 0o600 });
  const server = [
    ...[
      'Port 22',
      'ListenAddress 127.0.0.1',
      `HostKey ${at('host')}`,
      `AuthorizedKeysFile ${at('authorized')}`,
    ],
    ...[
      'PermitRootLogin yes',
      'StrictModes no',
      'UsePAM no',
      `PidFile ${at('pid')}`,
      `SetEnv PATH=${path} TZ=UTC`,
    ],
  ];
  writeFileSync(at('server'), `${server.join('\n')}\n`);
  const client = [
    ...[
      'Host web1',
      'HostName 127.0.0.1',
      'User root',
      `IdentityFile ${at('user')}`,
      'StrictHostKeyChecking no',
    ],
    ...[`UserKnownHostsFile ${at('known')}`, 'ConnectionAttempts 20', 'BatchMode yes', 'LogLevel ERROR'],
  ];
  writeFileSync(at('client'), `${client.join('\n')}\n`);
  writeFileSync(join(bin, 'ssh'), `#!/bin/sh\nexec /usr/bin/ssh -F "${at('client')}" "$@"\n`, {
    mode: 0o755,
  });
  if (!existsSync('/run/sshd')) {
    mkdirSync('/run/sshd', { mode: 0o755 });
    t.after(() => rmSync('/run/sshd', { recursive: true, force: true }));
  }
  const child = spawn(enter[0]!, [...enter.slice(1), SSHD, '-D', '-e', '-f', at('server')], {
    stdio: 'ignore',
  });
  t.after(() => child.kill());
}

/** Why a page cannot be run here; false: it can. */
function impossible({ blocks }: Page): string | false {
  if (cannot) return cannot;
  const text = blocks.flatMap(({ commands }) => commands.map((command) => command.text)).join('\n');
  if (text.includes('nobody') && closed) return closed;
  if (text.includes('setcap') && spawnSync('setcap', ['-h']).error !== undefined) return 'no setcap';
  if (text.includes('ssh ') && !existsSync(SSHD)) return 'no sshd';
  if (blocks.some(({ words }) => words === 'several') && HIERARCHY === null) return 'cgroup2 is not mounted';
  return false;
}

for (const page of readPages().filter(({ blocks }) => blocks.some(({ kind }) => kind === 'scene'))) {
  test(`docs/guide/${page.name}`, { skip: impossible(page) }, async (t) => {
    const { folder, bin, env } = makeFolder(t);
    const hosts = await Hosts.begin(t, folder);
    if (page.blocks.some(({ commands }) => commands.some(({ text }) => text.startsWith('ssh '))))
      serve(t, folder, bin, hosts.enter, env['PATH']!);
    for (const block of page.blocks) {
      if (block.kind === 'not run') continue;
      const before = hosts.enter;
      const traffic = block.kind === 'scene' ? SCENES[block.words]! : async (): Promise<void> => {};
      await check(page.name, block, { before, folder, env, traffic: () => traffic(hosts) });
    }
  });
}
