// `pktap fleet keys`: a folder with a key for each host and operator, certificates and the server's configuration. What is there stays:
// hosts are added by running it again.

import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import {
  isName,
  keyOfFile,
  type MadeKey,
  makeKey,
  type Role,
  serverConfiguration,
} from '../../fleet/index.js';
import { say } from '../messages.js';
import { ArgumentError } from '../parsed.js';
import type { FleetArguments } from './words.js';

const SECRET = 0o600;
/** Days that certificates are valid. */
const DAYS = '3650';

function openssl(folder: string, ...args: string[]): void {
  try {
    execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    const { code, stderr } = error as { code?: string; stderr?: Buffer };
    throw new Error(
      code === 'ENOENT'
        ? 'certificates are made by openssl, which is not there'
        : `openssl: ${stderr?.toString().trim().split('\n').pop()}`,
    );
  }
}

/** Makes a certificate authority, once, and the server's certificate. */
function makeCertificates(folder: string, servers: readonly string[]): void {
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  if (!existsSync(join(folder, 'ca.key'))) {
    const authority = ['-keyout', 'ca.key', '-out', 'ca.pem', '-days', DAYS, '-subj', '/CN=pktap fleet'];
    const uses = [
      '-addext',
      'basicConstraints=critical,CA:TRUE',
      '-addext',
      'keyUsage=critical,keyCertSign,cRLSign',
    ];
    openssl(folder, 'req', '-x509', ...curve, ...authority, ...uses);
    chmodSync(join(folder, 'ca.key'), SECRET);
  }
  const names = servers.map((one) => `${isIP(one) === 0 ? 'DNS' : 'IP'}:${one}`).join(',');
  const extensions = join(folder, 'server.ext');
  writeFileSync(extensions, `subjectAltName=${names}\nextendedKeyUsage=serverAuth\n`, { mode: SECRET });
  openssl(
    folder,
    'req',
    ...curve,
    '-keyout',
    'server.key',
    '-out',
    'server.csr',
    '-subj',
    '/CN=pktap server',
  );
  chmodSync(join(folder, 'server.key'), SECRET);
  const signs = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'];
  openssl(
    folder,
    ...['x509', '-req', '-in', 'server.csr', '-out', 'server.pem', '-days', DAYS, '-extfile', 'server.ext'],
    ...signs,
  );
}

/** The keys that a folder has. */
function keysIn(folder: string): Map<string, MadeKey> {
  const keys = new Map<string, MadeKey>();
  for (const file of readdirSync(folder)) {
    if (!file.endsWith('.key')) continue;
    const key = keyOfFile(readFileSync(join(folder, file), 'latin1'));
    if (key !== null) keys.set(`${key.role} ${key.name}`, key);
  }
  return keys;
}

/** Makes what is not there yet. */
export function makeKeys(folder: string, { server, hosts, operators }: FleetArguments): number {
  const wrong = [...hosts, ...operators].find((name) => !isName(name));
  if (wrong !== undefined) throw new ArgumentError(`${wrong} cannot be the name of a host or an operator`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const wanted: (readonly [Role, string])[] = [
    ['admin', 'admin'],
    ...hosts.map((name) => ['host', name] as const),
    ...operators.map((name) => ['operator', name] as const),
  ];
  const keys = keysIn(folder);
  let made = 0;
  for (const [role, name] of wanted) {
    if (keys.has(`${role} ${name}`)) continue;
    const key = makeKey(role, name);
    writeFileSync(join(folder, `${role}-${name}.key`), key.file, { mode: SECRET, flag: 'wx' });
    keys.set(`${role} ${name}`, key);
    made++;
  }
  if (server.length > 0) makeCertificates(folder, server);
  else if (!existsSync(join(folder, 'server.pem')))
    throw new ArgumentError('pktap fleet keys needs --server: the names and addresses that the server has');
  const at = resolve(folder);
  const files = {
    certificate: join(at, 'server.pem'),
    key: join(at, 'server.key'),
    store: join(at, 'store'),
  };
  writeFileSync(join(folder, 'nats-server.conf'), serverConfiguration([...keys.values()], files), {
    mode: SECRET,
  });
  say(
    `${made} keys made, ${keys.size} in all; nats-server -c ${join(folder, 'nats-server.conf')} starts the server, ca.pem is for all\n`,
  );
  return 0;
}
