// --apple-truncate: of each packet the headers are kept, and its length on the wire.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Headers } from '../../src/decode/index.js';
import { Packet } from '../../src/packet/index.js';
import { bytes, type Part } from '../print/generator.js';
import { description, enhanced, section } from './build.js';
import { fileOf, newPath, readAll } from './helpers.js';
import { pktap } from './program.js';

const MACS = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2];
const DATA = 'payload';

const tcp = (options: readonly number[]): Part => [
  ...[0, 80, 0, 81, 0, 0, 0, 1, 0, 0, 0, 2, ((20 + options.length) / 4) << 4, 0x18, 0, 9, 0, 0, 0, 0],
  ...options,
];
const UDP = [0, 80, 0, 81, 0, 15, 0, 0];
const ipv4 = (protocol: number, fragment = 0, options: readonly number[] = []): Part => [
  ...[0x45 + options.length / 4, 0, 0, 60, 0, 1, fragment >> 8, fragment & 255, 64, protocol, 0, 0],
  ...[127, 0, 0, 1, 127, 0, 0, 1],
  ...options,
];
const ipv6 = (next: number): Part => [0x60, 0, 0, 0, 0, 60, next, 64, Array(32).fill(1)];

/** What is kept, and the packet. */
const CASES: readonly [string, number, number, ...Part[]][] = [
  ['TCP in Ethernet', 1, 54, MACS, 8, 0, ipv4(6), tcp([]), DATA],
  ['options of TCP', 1, 66, MACS, 8, 0, ipv4(6), tcp(Array(12).fill(1)), DATA],
  ['options of IPv4', 1, 50, MACS, 8, 0, ipv4(17, 0, [1, 1, 1, 1, 1, 1, 1, 0]), UDP, DATA],
  ['a tag', 1, 46, MACS, 0x81, 0, 0, 5, 8, 0, ipv4(17), UDP, DATA],
  ['a first fragment', 1, 42, MACS, 8, 0, ipv4(17, 0x2000), UDP, DATA],
  ['a later fragment', 1, 34, MACS, 8, 0, ipv4(17, 0x2003), DATA],
  ['another protocol', 101, 20, ipv4(47), DATA],
  ['ICMP', 101, 28, ipv4(1), [8, 0, 0, 0, 0, 1, 0, 2], DATA],
  ['UDP in IPv6', 101, 48, ipv6(17), UDP, DATA],
  ['extension headers', 101, 64, ipv6(0), [60, 0, 1, 4, 0, 0, 0, 0], [17, 0, 1, 4, 0, 0, 0, 0], UDP, DATA],
  ['AH', 101, 60, ipv6(51), [17, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], UDP, DATA],
  ['a later fragment of IPv6', 101, 48, ipv6(44), [17, 0, 0, 8, 0, 0, 0, 1], DATA],
  ['cut within TCP', 101, 30, ipv4(6), (tcp([]) as number[]).slice(0, 10)],
  ['ARP, of which nothing is known', 1, 21, MACS, 8, 6, DATA],
];

test('where headers end', () => {
  for (const [name, linkType, kept, ...parts] of CASES) {
    const packet = new Packet();
    packet.buffer = bytes(...parts);
    packet.capturedLength = packet.length = packet.buffer.length;
    packet.linkType = linkType;
    const headers = new Headers();
    headers.read(packet);
    assert.equal(headers.headersLength(packet), kept, name);
  }
});

test('--apple-truncate writes headers, with the packets’ lengths', async () => {
  // Cut by 1 to 4 bytes, blocks are as long as before or shorter.
  const packets = [1, 2, 3, 4, 40].map((more) => bytes(MACS, 8, 0, ipv4(17), UDP, Array(more).fill(7)));
  const LE = 'little';
  const pcapng = fileOf(
    Buffer.concat([section(LE), description(LE, 1, 0), ...packets.map((one) => enhanced(LE, {}, one))]),
  );
  for (const options of [[], ['-y', 'EN10MB'], ['-P']]) {
    const out = newPath();
    const { status, err } = pktap(['--apple-truncate', '-r', pcapng, '-w', out, ...options]);
    assert.equal(status, 0, err);
    const read = await readAll(out);
    assert.deepEqual(
      read.packets.map(({ length, data }) => [length, data]),
      packets.map((one) => [one.length, Buffer.from(one.subarray(0, 42)).toString('hex')]),
    );
  }
});
