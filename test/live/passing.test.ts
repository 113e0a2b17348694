// What only passes through: a host that routes or bridges for others has sockets of its own on the same ports, bound to every
// address. Packets for others are not theirs.

import assert from 'node:assert/strict';
import { type ChildProcess, spawnSync } from 'node:child_process';
import { type TestContext, test } from 'node:test';
import { Capture, cannot, ip, metadataOf, python, runProgram } from './world.js';

const PORT = 5300;

const SERVER = `
import socket, threading
u = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM); u.bind(('::', ${PORT}))
s = socket.create_server(('::', ${PORT}), family=socket.AF_INET6, dualstack_ipv6=True)
def datagrams():
    while True:
        d, a = u.recvfrom(100); u.sendto(d, a)
threading.Thread(target=datagrams, daemon=True).start()
print('ready')
while True:
    c = s.accept()[0]; c.send(c.recv(100)); c.close()`;

const CLIENT = (address: string): string => `
import socket
u = socket.socket(socket.AF_INET6 if ':' in '${address}' else socket.AF_INET, socket.SOCK_DGRAM)
u.sendto(b'x', ('${address}', ${PORT})); u.recv(10)
c = socket.create_connection(('${address}', ${PORT})); c.send(b'x'); c.recv(10); c.close()`;

let worlds = 0;

/** Namespaces a and b, each on a cable of its own to a host h. */
interface Host {
  readonly a: string;
  readonly b: string;
  readonly h: string;
}

function makeHost(t: TestContext): Host {
  const name = `pktap-${process.pid}-p${++worlds}`;
  const host = { a: `${name}a`, b: `${name}b`, h: `${name}h` };
  for (const namespace of Object.values(host)) {
    ip('netns', 'add', namespace);
    t.after(() => ip('netns', 'del', namespace));
    ip('-n', namespace, 'link', 'set', 'lo', 'up');
  }
  for (const end of ['a', 'b'] as const) {
    ip('-n', host.h, 'link', 'add', `v${end}`, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', host[end]);
    ip('-n', host.h, 'link', 'set', `v${end}`, 'up');
    ip('-n', host[end], 'link', 'set', 'eth0', 'up');
  }
  return host;
}

function address(namespace: string, device: string, ...addresses: string[]): void {
  for (const text of addresses)
    ip(...['-n', namespace, 'addr', 'add', text, 'dev', device], ...(text.includes(':') ? ['nodad'] : []));
}

const forwarding = (namespace: string, on: 0 | 1): Promise<unknown> =>
  runProgram(namespace, [
    ...['sysctl', '-qw', `net.ipv4.ip_forward=${on}`, `net.ipv6.conf.all.forwarding=${on}`],
  ]);

/** Asks a server, and judges what the host's devices say: `expected` has who is named on each. */
async function judge(
  t: TestContext,
  host: Host,
  asked: readonly string[],
  expected: (client: number) => Readonly<Record<string, number>>,
): Promise<void> {
  for (const to of asked) {
    const args = ['-tknq', '--netns', host.h, '-i', 'pktap,all', `port ${PORT}`];
    const capture = await Capture.begin(t, args);
    const client = await runProgram(host.a, ['python3', '-c', CLIENT(to)]);
    assert.equal(client.status, 0, client.errors);
    const { lines } = await capture.end();
    const who = expected(client.pid);
    const seen = new Set<string>();
    for (const line of lines) {
      const { face, proc, dir } = metadataOf(line);
      const device = face.split('@')[0]!;
      assert.equal(proc, `python3:${who[device]}`, `${to}: ${line}`);
      seen.add(`${device} ${dir} ${/: (UDP|tcp)/.exec(line)![1]}`);
    }
    const all = Object.keys(who).flatMap((device) =>
      ['in', 'out'].flatMap((dir) => ['UDP', 'tcp'].map((kind) => `${device} ${dir} ${kind}`)),
    );
    assert.deepEqual([...seen].sort(), all.sort(), lines.join('\n'));
  }
}

test('routed: the processes at both ends are named, not the router’s', { skip: cannot }, async (t) => {
  const host = makeHost(t);
  address(host.h, 'va', '10.61.1.1/24', 'fd61:1::1/64');
  address(host.h, 'vb', '10.61.2.1/24', 'fd61:2::1/64');
  address(host.a, 'eth0', '10.61.1.2/24', 'fd61:1::2/64');
  address(host.b, 'eth0', '10.61.2.2/24', 'fd61:2::2/64');
  for (const [end, number] of [
    ['a', 1],
    ['b', 2],
  ] as const) {
    ip('-n', host[end], 'route', 'add', 'default', 'via', `10.61.${number}.1`);
    ip('-n', host[end], 'route', 'add', 'default', 'via', `fd61:${number}::1`);
  }
  await forwarding(host.h, 1);
  const own = await python(t, host.h, SERVER);
  const far = await python(t, host.b, SERVER);
  await judge(t, host, ['10.61.2.2', 'fd61:2::2'], (client) => ({ va: client, vb: far.pid! }));
  // What is for the router is its own.
  await judge(t, host, ['10.61.2.1', 'fd61:1::1'], () => ({ va: own.pid! }));
});

for (const routes of [0, 1] as const) {
  test(`bridged, ${routes ? 'by a router' : 'nothing is routed'}: the same, and what is for the bridge is its own`, {
    skip: cannot,
  }, async (t) => {
    const host = makeHost(t);
    // Another address than its ports': what is for it looks to them as if it were for others.
    ip('-n', host.h, 'link', 'add', 'br0', 'address', '02:00:00:00:00:99', 'type', 'bridge');
    for (const device of ['va', 'vb']) ip('-n', host.h, 'link', 'set', device, 'master', 'br0');
    ip('-n', host.h, 'link', 'set', 'br0', 'up');
    address(host.h, 'br0', '10.61.1.1/24', 'fd61:1::1/64');
    address(host.a, 'eth0', '10.61.1.2/24', 'fd61:1::2/64');
    address(host.b, 'eth0', '10.61.1.3/24', 'fd61:1::3/64');
    await forwarding(host.h, routes);
    const own = await python(t, host.h, SERVER);
    const far: ChildProcess = await python(t, host.b, SERVER);
    await judge(t, host, ['10.61.1.3', 'fd61:1::3'], (client) => ({ va: client, vb: far.pid! }));
    await judge(t, host, ['10.61.1.1', 'fd61:1::1'], () => ({ va: own.pid!, br0: own.pid! }));
  });
}

const nft = spawnSync('nft', ['--version']).error === undefined;

test('a published port: from its first answer on, nobody is named who listens there himself', {
  skip: cannot || (!nft && 'no nft here'),
}, async (t) => {
  const host = makeHost(t);
  address(host.h, 'va', '10.61.1.1/24');
  address(host.h, 'vb', '10.61.2.1/24');
  address(host.a, 'eth0', '10.61.1.2/24');
  address(host.b, 'eth0', '10.61.2.2/24');
  ip('-n', host.b, 'route', 'add', 'default', 'via', '10.61.2.1');
  await forwarding(host.h, 1);
  const rules = `table ip nat { chain pre { type nat hook prerouting priority -100;
    tcp dport 8080 dnat to 10.61.2.2:${PORT}; udp dport 8080 dnat to 10.61.2.2:${PORT};
  }
}`;
  assert.equal((await runProgram(host.h, ['nft', rules])).status, 0);
  // As docker-proxy does, a process of the host's listens on the published port.
  await python(t, host.h, SERVER.replaceAll(String(PORT), '8080'));
  const far = await python(t, host.b, SERVER);
  const args = ['-tknq', '--netns', host.h, '-i', 'pktap,va,vb', 'tcp or udp'];
  const capture = await Capture.begin(t, args);
  const clients: number[] = [];
  for (let i = 0; i < 3; i++) {
    const code = CLIENT('10.61.1.1').replaceAll(String(PORT), '8080');
    const client = await runProgram(host.a, ['python3', '-c', code]);
    assert.equal(client.status, 0, client.errors);
    clients.push(client.pid);
  }
  const { lines } = await capture.end();
  const first = new Set<string>();
  for (const line of lines) {
    const { face, proc, dir } = metadataOf(line);
    const kind = /: (UDP|tcp)/.exec(line)![1]!;
    if (face.startsWith('vb')) assert.equal(proc, `python3:${far.pid}`, line);
    else if (dir === 'in' && !first.has(kind)) first.add(kind);
    else
      assert.ok(
        clients.some((pid) => proc === `python3:${pid}`),
        line,
      );
  }
  assert.ok(lines.length > 60, lines.join('\n'));
});
