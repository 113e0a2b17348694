// Packet filters by kind: where libpcap's optimizer is wrong, byte orders, loops, programs of any size, comments, and what makes sense.

import assert from 'node:assert/strict';
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { expressionToEbpf } from '../../../src/filter/expression/ebpf.js';
import { compileProgram } from '../../../src/filter/expression/javascript.js';
import { compileExpression, compileLive } from '../../../src/filter/index.js';
import { be16, be32, bytes, ip4, ip6, le32, type Part, Random } from '../../print/generator.js';
import { description, enhanced, section } from '../../savefile/build.js';
import { cannot, KernelFilter } from './inkernel.js';
import { type FilePacket, pcapOf } from './packets.js';

const folder = mkdtempSync(join(tmpdir(), 'pktap-kinds-'));
after(() => rmSync(folder, { recursive: true }));
const random = new Random(7);

function packet(...parts: Part[]): FilePacket {
  const all = bytes(...parts);
  return { bytes: all, captured: all.length, length: all.length };
}

function file(linkType: number, order: 'little' | 'big', ...packets: FilePacket[]): string {
  const path = join(folder, `${random.u32()}.pcap`);
  writeFileSync(path, pcapOf(linkType, order, packets));
  return path;
}

function pktap(...words: string[]): SpawnSyncReturns<string> {
  return spawnSync(resolve('bin/pktap'), words, { encoding: 'utf8' });
}

function count(path: string, ...words: string[]): number {
  const { stdout, stderr, status } = pktap('-r', path, '--count', ...words);
  assert.equal(status, 0, stderr);
  return Number.parseInt(stdout, 10);
}

const MACS = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2];
const frame = (type: number, ...body: Part[]): FilePacket => packet(MACS, be16(type), body);
const udpTo = (port: number): Uint8Array => bytes(be16(1000), be16(port), be16(12), be16(0), 'text');
const icmp = (source: number[], destination: number[]): Uint8Array =>
  ip4(random, 1, [8, 0, be16(0), be32(0)], { source, destination });

test("where libpcap's optimizer is wrong its unoptimized program is run", () => {
  const ping = file(
    1,
    'little',
    frame(0x800, icmp([192, 168, 1, 1], [192, 168, 1, 51])),
    frame(0x800, icmp([192, 168, 1, 51], [192, 168, 1, 1])),
  );
  // libpcap's issues 945, 434 and 437; as -O has it, whatever release is installed.
  const filters: readonly (readonly [string, number])[] = [
    [
      'host 192.168.1.1 and not ((host 1.2.3.4 or host 5.6.7.8) and icmp) and not (host 5.6.7.8 or host 192.168.1.1)',
      0,
    ],
    ['len >= 2147483648 & 2147483648 or len < 0 | 2147483648', 2],
    ['len <= 4294967295 & 2147483647 and len > 2147483647 + 0', 0],
    ['(1 = 0) || (1 / 4294967295 = 0) and (0 & 4294967295 = 0)', 2],
  ];
  for (const [filter, wanted] of filters) {
    assert.equal(count(ping, filter), wanted, filter);
    assert.equal(count(ping, '-O', filter), wanted, filter);
  }
});

test('loopback headers are in the byte order of their file, and of every system', () => {
  for (const order of ['little', 'big'] as const) {
    const number = order === 'little' ? le32 : be32;
    const of = (family: number, body: Uint8Array): FilePacket => packet(number(family), body);
    const six = ip6(random, 17, udpTo(53));
    const path = file(0, order, of(2, ip4(random, 17, udpTo(53))), of(24, six), of(28, six), of(30, six));
    assert.equal(count(path, 'ip'), 1);
    assert.equal(count(path, 'ip6'), 3);
    assert.equal(count(path, 'not ip'), 3);
    assert.equal(count(path, 'ip6 and udp dst port 53'), 3);
    // The same in a pcapng file of that byte order.
    const blocks = [section(order), description(order, 0, 65535)];
    for (const family of [2, 30]) blocks.push(enhanced(order, {}, bytes(number(family), six)));
    const next = join(folder, `${order}.pcapng`);
    writeFileSync(next, Buffer.concat(blocks));
    assert.equal(count(next, 'ip6'), 1, order);
    assert.equal(count(next, 'ip'), 1, order);
  }
});

/** An IPv6 packet with that many options headers before its UDP. */
function chained(headers: number): Uint8Array {
  const chain = Array.from({ length: headers }, (_, i) => [i === headers - 1 ? 17 : 60, 0, 1, 4, 0, 0, 0, 0]);
  return ip6(random, headers === 0 ? 17 : 60, [chain, udpTo(53)]);
}

test('chains of headers are followed, in the kernel too', () => {
  const frames = [0, 1, 3, 20, 200].map((headers) => frame(0x86dd, chained(headers)));
  const other = frame(0x800, ip4(random, 6, 'no datagram, but long enough'));
  const path = file(1, 'little', ...frames, other);
  assert.equal(count(path, 'ip6 protochain 17'), 5);
  assert.equal(count(path, 'ip6 protochain 60'), 4);
  assert.equal(count(path, 'ip6 protochain 6'), 0);
  assert.equal(count(path, 'protochain 17 and not udp'), 4);
  if (cannot !== false) return;
  const options = { linkType: 1, snapshotLength: 65535, optimize: true, netmask: 0 };
  for (const [filter, wanted] of [
    ['ip6 protochain 17', [true, true, true, true]],
    ['ip6 protochain 60', [false, true, true, true]],
    ['protochain 6', [false, false, false, false]],
  ] as const) {
    const { body, exact } = compileLive(filter, options).forKernel(false);
    assert.equal(exact, false, 'a longer chain is asked about again');
    const kernel = new KernelFilter(body!);
    assert.deepEqual(
      frames.slice(0, 4).map((one) => kernel.matches(one.bytes)),
      wanted,
      filter,
    );
    assert.equal(kernel.matches(frames[4]!.bytes), true, 'a longer chain may match');
    kernel.close();
  }
});

test('programs of thousands of instructions', () => {
  const ports = (n: number): string =>
    Array.from({ length: n }, (_, i) => `udp port ${2 * i + 1}`).join(' or ');
  const packets = [1, 2, 199, 599, 601].map((port) => frame(0x800, ip4(random, 17, udpTo(port))));
  const path = file(1, 'little', ...packets);
  // From port 1000.
  assert.equal(count(path, '-O', ports(100)), 2);
  assert.equal(count(path, ports(100)), 2);
  assert.equal(count(path, '-O', ports(300)), 3);
  assert.equal(count(path, '-O', `not (${ports(300)})`), 2);
  if (cannot !== false) return;
  const options = { linkType: 1, snapshotLength: 65535, optimize: false, netmask: 0 };
  const { body } = compileLive(ports(100), options).forKernel(false);
  const kernel = new KernelFilter(body!);
  assert.deepEqual(
    packets.map((one) => kernel.matches(one.bytes)),
    [true, false, true, false, false],
  );
  kernel.close();
});

test('a program that is too large for the kernel is asked in user space', () => {
  const load = { code: 0x28, jt: 0, jf: 0, k: 12 };
  const program = [...Array<typeof load>(5000).fill(load), { code: 0x06, jt: 0, jf: 0, k: 1 }];
  assert.deepEqual(expressionToEbpf(program, false), { body: null, exact: false });
  assert.equal(compileProgram(program)(new Uint8Array(14), 0, 14, 14), true);
  assert.equal(compileProgram(program)(new Uint8Array(13), 0, 13, 13), false);
});

test('comments in a file of -F', () => {
  const path = file(1, 'little', frame(0x800, ip4(random, 17, udpTo(53))), frame(0x806, 'arp'));
  const filter = join(folder, 'filter');
  writeFileSync(filter, '# what is wanted:\nudp # datagrams\nand # of\n  port 53\n#');
  assert.equal(count(path, '-F', filter), 1);
  writeFileSync(filter, '# nothing\n');
  assert.equal(count(path, '-F', filter), 2);
});

test('a filter that makes no sense for a link type is an error, as for tcpdump', () => {
  const raw = file(101, 'little', packet(ip4(random, 17, udpTo(53))));
  for (const [path, filter] of [
    [raw, 'ether host 2:0:0:0:0:1'],
    [raw, 'type mgt'],
    [raw, 'arp'],
    [raw, 'inbound'],
    [raw, 'no such('],
    [file(1, 'little', frame(0x800, ip4(random, 17, udpTo(53)))), 'inbound'],
    [file(117, 'big', packet(random.bytes(61))), 'vpi 5'],
  ] as const) {
    const ours = pktap('-r', path, '--count', filter);
    const theirs = spawnSync('tcpdump', ['-r', path, '--count', filter], { encoding: 'utf8' });
    assert.equal(ours.status, 1, filter);
    assert.equal(ours.stdout, '', filter);
    assert.equal(theirs.status, 1, filter);
    assert.equal(ours.stderr.replace('pktap: ', 'tcpdump: '), theirs.stderr, filter);
  }
});

test('of several link types a filter is asked where it makes sense', () => {
  const order = 'little';
  const ipv4 = ip4(random, 17, udpTo(53));
  const blocks = [
    section(order),
    description(order, 101, 65535),
    description(order, 1, 65535),
    enhanced(order, { interface: 0 }, ipv4),
    enhanced(order, { interface: 1 }, frame(0x800, ipv4).bytes),
    enhanced(
      order,
      { interface: 1 },
      frame(0x806, bytes(be16(1), be16(0x800), 6, 4, be16(1), random.bytes(20))).bytes,
    ),
  ];
  const path = join(folder, 'several.pcapng');
  writeFileSync(path, Buffer.concat(blocks));
  assert.equal(count(path, 'udp port 53'), 2);
  const asked = pktap('-r', path, '--count', 'ether src 2:0:0:0:0:2');
  assert.equal(asked.status, 0);
  assert.equal(asked.stdout, '2 packets\n');
  assert.match(asked.stderr, /^pktap: RAW packets do not match: ethernet addresses supported only on/m);
  // It makes sense for raw IP, where it matches nothing: nothing is said.
  const arp = pktap('-r', path, '--count', 'arp');
  assert.equal(arp.stdout, '1 packet\n');
  assert.doesNotMatch(arp.stderr, /pktap:/);
  // None of them is 802.11's: by the file's name, and through a pipe, where only the end tells.
  for (const words of [
    ['-r', path],
    ['-r', '-'],
  ]) {
    const none = spawnSync(resolve('bin/pktap'), [...words, '--count', 'type mgt'], {
      encoding: 'utf8',
      input: Buffer.concat(blocks),
    });
    assert.equal(none.status, 1);
    assert.equal(none.stdout, '');
    assert.match(none.stderr, /^pktap: 802.11 link-layer types supported only on 802.11$/m);
  }
});

test('live: what the system knows besides the bytes', () => {
  const options = { linkType: 1, snapshotLength: 65535, optimize: true };
  const frameBytes = frame(0x800, ip4(random, 17, udpTo(53), { destination: [192, 168, 1, 255] })).bytes;
  const ask = (text: string, facts: object, netmask = 0): boolean =>
    compileLive(text, { ...options, netmask }).matches(frameBytes, 0, frameBytes.length, frameBytes.length, {
      packetType: 0,
      interface: 3,
      protocol: 0x800,
      vlanTag: 0,
      vlanProtocol: 0,
      vlanPresent: 0,
      ...facts,
    });
  assert.equal(ask('inbound', {}), true);
  assert.equal(ask('inbound', { packetType: 4 }), false);
  assert.equal(ask('outbound and udp', { packetType: 4 }), true);
  assert.equal(ask('ifindex 3', {}), true);
  assert.equal(ask('ifindex 4', {}), false);
  assert.equal(ask('ip broadcast', {}, 0xffffff00), true);
  assert.equal(ask('ip broadcast', {}, 0xffff0000), false);
  assert.equal(ask('ip broadcast', {}, 0), false);
  assert.equal(compileExpression('ip broadcast', options).matchesBytes(frameBytes, 0, 60, 60), false);
  if (cannot !== false) return;
  // A tag that the card took off is none of the bytes: who does not ask for it does not see it.
  const tagged = { vlanPresent: 1, vlanTag: 0x2005, vlanProtocol: 0x8100 };
  assert.equal(ask('udp port 53', tagged), true);
  assert.equal(ask('vlan', tagged), true);
  assert.equal(ask('vlan 5 and udp port 53', tagged), true);
  assert.equal(ask('vlan 6', tagged), false);
  assert.equal(ask('not vlan', tagged), false);
  assert.equal(ask('vlan', {}), false);
});
