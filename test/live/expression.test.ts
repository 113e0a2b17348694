// Packet filters live: tags that the card took off, directions, an interface's netmask, chains of headers, and what makes no sense.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { Capture, cannot, command, ip, makePair, type Pair, runProgram, start, waitFor } from './world.js';

/** Sends datagrams to a port of the other end: so many times from the namespace, tagged or not. */
async function send(pair: Pair, code: string): Promise<void> {
  const { status, errors } = await runProgram(pair.namespace, ['python3', '-c', code]);
  assert.equal(status, 0, errors);
}

const datagram = (address: string, port: number): string =>
  `import socket; s=socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1); s.sendto(b'x', ('${address}', ${port}))`;

/** Frames as they are, one after the other. */
const frames = (hex: readonly string[]): string =>
  `import socket
s=socket.socket(socket.AF_PACKET, socket.SOCK_RAW); s.bind(('eth0', 0))
for f in ${JSON.stringify(hex)}: s.send(bytes.fromhex(f))`;

const MACS = '020000000001020000000002';
const ipv4 = (port: number): string =>
  `450000200000000040110000${'0a4d0001'}${'0a4d0002'}03e8${port.toString(16).padStart(4, '0')}000c000074657874`;

/** Filters that libpcap's optimizer gets wrong (its issues 945 and 434), and what they take of two pings. */
const MISTAKEN: readonly (readonly [string, number])[] = [
  [
    'host 192.168.1.1 and not ((host 1.2.3.4 or host 5.6.7.8) and icmp) and not (host 5.6.7.8 or host 192.168.1.1)',
    0,
  ],
  ['icmp and (len >= 2147483648 & 2147483648 or len < 0 | 2147483648)', 2],
  ['icmp and host 192.168.1.51', 2],
];

const PING = (from: string, to: string): string =>
  `4500001c0000000040010000c0a801${from}c0a801${to}0800000000000000`;

for (const [how, environment] of [
  ['eBPF', {}],
  ['packet sockets', { PKTAP_ATTACH: 'packet' }],
] as const) {
  test(`${how}: what the optimizer gets wrong is not run, also on interfaces that appear`, {
    skip: cannot,
  }, async (t) => {
    const pair = makePair(t);
    const captures = await Promise.all(
      MISTAKEN.map(([filter]) => Capture.begin(t, ['-tn', '-i', 'pktap,all', filter], environment)),
    );
    const later = makePair(t);
    // A tap joins interfaces that appear within some milliseconds.
    await new Promise((done) => setTimeout(done, 1000));
    for (const { namespace } of [pair, later]) {
      const both = [`${MACS}0800${PING('01', '33')}`, `${MACS}0800${PING('33', '01')}`];
      const { status, errors } = await runProgram(namespace, ['python3', '-c', frames(both)]);
      assert.equal(status, 0, errors);
    }
    for (const [i, [filter, wanted]] of MISTAKEN.entries()) {
      const { lines } = await captures[i]!.end();
      const pings = lines.filter((line) => line.includes('192.168.1.51'));
      assert.equal(pings.length, 2 * wanted, `${filter}\n${lines.join('\n')}`);
    }
  });
}

for (const [how, environment] of [
  ['eBPF', {}],
  ['packet sockets', { PKTAP_ATTACH: 'packet' }],
] as const) {
  test(`${how}: tags are asked for as tcpdump asks`, { skip: cannot }, async (t) => {
    const pair = makePair(t);
    const filters = ['udp port 7001', 'vlan and udp port 7001', 'vlan 5', 'udp and not vlan', 'vlan 6'];
    const ours = await Promise.all(
      filters.map((filter) => Capture.begin(t, ['-tne', '-Q', 'in', '-i', pair.device, filter], environment)),
    );
    const theirs = await Promise.all(
      filters.map(async (filter) => {
        const words = ['-lntp', '-Q', 'in', '-i', pair.device, filter];
        const tcpdump = start(t, 'tcpdump', ...words);
        let out = '';
        tcpdump.stdout!.on('data', (chunk: Buffer) => {
          out += chunk.toString('latin1');
        });
        await waitFor(tcpdump.stderr!, /listening on/);
        return () => out.split('\n').length - 1;
      }),
    );
    await send(
      pair,
      frames([
        `${MACS}0800${ipv4(7001)}`,
        `${MACS}81000005${'0800'}${ipv4(7001)}`,
        `${MACS}81002006${'0800'}${ipv4(7002)}`,
      ]),
    );
    // What does not ask for tags sees packets without theirs.
    const wanted = [2, 1, 1, 1, 1];
    for (const [i, capture] of ours.entries()) {
      const { lines } = await capture.end();
      assert.equal(lines.length, wanted[i], `${filters[i]}\n${lines.join('\n')}`);
      assert.equal(theirs[i]!(), wanted[i], `tcpdump: ${filters[i]}`);
    }
  });

  test(`${how}: directions, netmask, interface`, { skip: cannot }, async (t) => {
    const pair = makePair(t);
    const net = pair.here.replace(/\.1$/, '');
    const index = Number(/^\d+/.exec(ip('-o', 'link', 'show', pair.device))![0]);
    const filters: readonly (readonly [string, number])[] = [
      ['udp and inbound', 2],
      ['udp and outbound', 1],
      ['udp and ip broadcast', 1],
      [`udp and ifindex ${index}`, 3],
      [`udp and ifindex ${index + 1}`, 0],
    ];
    const captures = await Promise.all(
      filters.map(([filter]) => Capture.begin(t, ['-tn', '-i', pair.device, filter], environment)),
    );
    await send(pair, datagram(`${net}.255`, 20003));
    await send(pair, datagram(pair.here, 20004));
    const { status } = await runProgram(null, ['python3', '-c', datagram(pair.there, 20005)]);
    assert.equal(status, 0);
    for (const [i, capture] of captures.entries()) {
      const { lines } = await capture.end();
      assert.equal(lines.length, filters[i]![1], `${filters[i]![0]}\n${lines.join('\n')}`);
    }
  });

  test(`${how}: chains of headers`, { skip: cannot }, async (t) => {
    const pair = makePair(t);
    const chain = await Capture.begin(
      t,
      ['-tn', '-Q', 'in', '-i', pair.device, 'ip6 protochain 17 and dst host fd00::2'],
      environment,
    );
    const six = (headers: number): string => {
      const body = `${'3c00010400000000'.repeat(Math.max(0, headers - 1))}${headers > 0 ? '1100010400000000' : ''}03e81b59000c000074657874`;
      const length = (body.length / 2).toString(16).padStart(4, '0');
      const address = (n: number): string => `fd00${'0'.repeat(26)}0${n}`;
      return `${MACS}86dd60000000${length}${headers > 0 ? '3c' : '11'}40${address(1)}${address(2)}${body}`;
    };
    const tcp = six(0).replace('1140fd', '0640fd');
    await send(pair, frames([six(0), six(2), six(60), tcp]));
    const { lines } = await chain.end();
    assert.equal(lines.length, 3, lines.join('\n'));
  });
}

test('what makes no sense for a device is refused at the start', { skip: cannot }, () => {
  for (const filter of ['type mgt', 'vpi 5', 'no such(']) {
    const ours = spawnSync(command, ['-i', 'lo', '-c', '1', filter], { encoding: 'utf8', timeout: 20_000 });
    const theirs = spawnSync('tcpdump', ['-i', 'lo', '-c', '1', filter], {
      encoding: 'utf8',
      timeout: 20_000,
    });
    assert.equal(ours.status, 1, ours.stderr);
    assert.equal(ours.stderr.replace('pktap: ', 'tcpdump: '), theirs.stderr);
  }
});
