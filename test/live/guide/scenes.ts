// What goes on while the commands of docs/guide capture: two hosts, servers on one of them, and programs on the other that use them.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { ip, joinNamespaces, makeNamespace, python, runProgram } from '../world.js';

/** Here; the web's server; the resolver of this host; a resolver elsewhere; a host that does not answer. */
export const HERE = '192.0.2.10';
const WEB = '192.0.2.80';
const RESOLVER = '192.0.2.53';
const ELSEWHERE = '198.51.100.8';
const SILENT = '192.0.2.99';
const MAC = { here: '02:00:00:00:02:10', there: '02:00:00:00:02:80', silent: '02:00:00:00:02:99' } as const;

const SERVERS = `
import socket, struct, threading
page = b'<p>Hello</p>\\n' * 100
def web():
    s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(('${WEB}', 80)); s.listen()
    while True:
        c, _ = s.accept()
        c.recv(4096)
        c.sendall(b'HTTP/1.0 200 OK\\r\\nContent-Length: %d\\r\\n\\r\\n' % len(page) + page)
        c.recv(1); c.close()
def dns(address):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind((address, 53))
    while True:
        q, a = s.recvfrom(512)
        end = q.index(0, 12) + 5
        one = q[end - 3] == 1
        head = q[:2] + b'\\x81\\x80\\0\\1' + struct.pack('>H', one) + b'\\0\\0\\0\\0'
        answer = b'\\xc0\\x0c\\0\\1\\0\\1\\0\\0\\0\\x3c\\0\\4' + socket.inet_aton('${WEB}') if one else b''
        s.sendto(head + q[12:end] + answer, a)
for run, args in ((web, ()), (dns, ('${RESOLVER}',)), (dns, ('${ELSEWHERE}',))):
    threading.Thread(target=run, args=args, daemon=True).start()
import time; time.sleep(0.3); print('ready'); time.sleep(600)`;

/** Asks another resolver than the system's. */
const ASKING = `
import socket
q = b'\\0\\7\\1\\0\\0\\1\\0\\0\\0\\0\\0\\0\\7updates\\7example\\3org\\0\\0\\1\\0\\1'
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.sendto(q, ('${ELSEWHERE}', 53)); s.settimeout(5); s.recv(512)`;

/** Sends a datagram to a port of this host that nobody has. */
const CLOSED = `
import socket
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'hello', ('127.0.0.1', 9))`;

/** The mounted hierarchy of cgroups, null where there is none. */
export const HIERARCHY = /^\S+ (\S+) cgroup2 /m.exec(readFileSync('/proc/self/mounts', 'utf8'))?.[1] ?? null;
const CONTAINER = '4f66ad9a0b2ec1d8a77f5b0c3e21904d6e8f7a5b4c3d2e1f0a9b8c7d6e5f4a3b';

/** Two hosts that are joined. */
export class Hosts {
  private constructor(
    private readonly t: TestContext,
    private readonly here: string,
    private readonly folder: string,
  ) {}

  /** What enters the host. `ip netns exec` would give a program another /sys, without cgroups. */
  get enter(): readonly string[] {
    return ['nsenter', `--net=/run/netns/${this.here}`];
  }

  static async begin(t: TestContext, folder: string): Promise<Hosts> {
    const [here, there] = [makeNamespace(t), makeNamespace(t)];
    for (const namespace of [here, there])
      execFileSync('ip', [
        'netns',
        'exec',
        namespace,
        'sh',
        '-c',
        'echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6 || true',
      ]);
    joinNamespaces(here, there, 'eth0', 'eth0', [
      [here, `${HERE}/24`],
      ...[WEB, RESOLVER].map((address) => [there, `${address}/24`] as const),
      [there, `${ELSEWHERE}/32`],
    ]);
    ip('-n', here, 'link', 'set', 'eth0', 'address', MAC.here);
    ip('-n', there, 'link', 'set', 'eth0', 'address', MAC.there);
    ip('-n', here, 'route', 'add', 'default', 'dev', 'eth0');
    // Nobody has to ask who has an address.
    for (const [namespace, address, mac] of [
      ...[WEB, RESOLVER, ELSEWHERE].map((address) => [here, address, MAC.there] as const),
      [here, SILENT, MAC.silent],
      [there, HERE, MAC.here],
    ] as const)
      ip('-n', namespace, 'neigh', 'add', address, 'lladdr', mac, 'dev', 'eth0', 'nud', 'permanent');
    writeFileSync(join(folder, '.resolv.conf'), `nameserver ${RESOLVER}\n`);
    await python(t, there, SERVERS);
    return new Hosts(t, here, folder);
  }

  /** Runs a program here, which asks this host's resolver for names. */
  async run(words: readonly string[], status = 0): Promise<void> {
    const mount = 'mount --bind "$0" /etc/resolv.conf && exec "$@"';
    const ended = await runProgram(null, [
      ...[
        ...this.enter,
        'unshare',
        '--mount',
        'sh',
        '-c',
        mount,
        join(this.folder, '.resolv.conf'),
        ...words,
      ],
    ]);
    assert.equal(ended.status, status, `${words.join(' ')}: ${ended.errors}`);
  }

  /** Runs a program in a cgroup, which is made for the test. */
  async within(path: string, words: readonly string[]): Promise<void> {
    const cgroup = join(HIERARCHY!, path);
    const first = mkdirSync(cgroup, { recursive: true });
    if (first !== undefined)
      this.t.after(() => {
        for (let folder = cgroup; folder !== dirname(first); folder = dirname(folder)) rmdirSync(folder);
      });
    await this.run(['sh', '-c', `echo $$ >"${cgroup}/cgroup.procs" && exec "$@"`, '-', ...words]);
  }
}

const curl = (...words: string[]): string[] => ['curl', '-s', '-o', '/dev/null', ...words];

/** By name: what goes on. */
export const SCENES: Readonly<Record<string, (hosts: Hosts) => Promise<void>>> = {
  /** A browser of the command line. */
  web: (hosts) => hosts.run(curl(`http://${WEB}/`)),
  /** The same, by name, and a program that asks elsewhere. */
  names: async (hosts) => {
    await hosts.run(curl('http://www.example.org/'));
    await hosts.run(['python3', '-c', ASKING]);
  },
  /** One host does not answer. */
  silent: async (hosts) => {
    await hosts.run(curl(`http://${WEB}/`));
    // 28: timed out.
    await hosts.run(curl('--max-time', '1.5', `http://${SILENT}/`), 28);
  },
  closed: (hosts) => hosts.run(['python3', '-c', CLOSED]),
  /** A user, a unit and a container. */
  several: async (hosts) => {
    await hosts.within('user.slice/user-65534.slice', [
      ...['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'],
      ...curl(`http://${WEB}/user`),
    ]);
    await hosts.within('system.slice/backup.service', curl(`http://${WEB}/unit`));
    await hosts.within(`docker/${CONTAINER}`, curl(`http://${WEB}/container`));
  },
  nothing: async () => {},
};
