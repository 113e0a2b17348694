// Which packets have a socket to ask for, and the table of their ends.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { walk } from '../../../../bench/attribution/walk.js';
import { Headers } from '../../../../src/decode/index.js';
import { LinkType, Packet } from '../../../../src/packet/index.js';
import { FlowTable } from '../../../../src/tap/linux/process/flowtable.js';
import { hasSocket } from '../../../../src/tap/linux/process/sockdiag.js';
import { bytes, type Part } from '../../../print/generator.js';

const MACS: Part = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2];
const ipv4 = (protocol: number, payload: Part, last = 2): Part => [
  ...[0x45, 0, 0, 20 + bytes(payload).length, 0, 0, 0, 0, 64, protocol, 0, 0, 10, 0, 0, 1, 10, 0, 0, last],
  payload,
];
const UDP: Part = [0x30, 0x39, 0, 53, 0, 8, 0, 0];
const AH: Part = [17, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, UDP];

function read(linkType: number, ...parts: Part[]): Headers {
  const packet = new Packet();
  packet.buffer = bytes(...parts);
  packet.capturedLength = packet.length = packet.buffer.length;
  packet.linkType = linkType;
  const headers = new Headers();
  headers.read(packet);
  return headers;
}

test('packets of sockets are those that an IP stack takes, with ports', () => {
  const { ETHERNET, RAW } = LinkType;
  const rows: readonly [string, boolean, Headers][] = [
    ['UDP', true, read(RAW, ipv4(17, UDP))],
    ['UDP-Lite', true, read(RAW, ipv4(136, UDP))],
    ['a tag', true, read(ETHERNET, MACS, 0x81, 0, 0, 5, 8, 0, ipv4(17, UDP))],
    ['two tags', true, read(ETHERNET, MACS, 0x88, 0xa8, 0, 5, 0x81, 0, 0, 5, 8, 0, ipv4(17, UDP))],
    ['AH', true, read(RAW, ipv4(51, AH))],
    ['SCTP', false, read(RAW, ipv4(132, UDP))],
    ['ICMP', false, read(RAW, ipv4(1, [8, 0, 0, 0, 0, 1, 0, 1]))],
    ['cut off in the ports', false, read(RAW, ipv4(17, [1, 2, 3]))],
    ['tag 0x9100', false, read(ETHERNET, MACS, 0x91, 0, 0, 5, 8, 0, ipv4(17, UDP))],
    ['PPPoE', false, read(ETHERNET, MACS, 0x88, 0x64, 0x11, 0, 0, 1, 0, 30, 0, 0x21, ipv4(17, UDP))],
    ['MPLS', false, read(ETHERNET, MACS, 0x88, 0x47, 0, 1, 1, 64, ipv4(17, UDP))],
    ['SNAP', false, read(ETHERNET, MACS, 0, 36, 0xaa, 0xaa, 3, 0, 0, 0, 8, 0, ipv4(17, UDP))],
  ];
  for (const [name, expected, headers] of rows) assert.equal(hasSocket(headers), expected, name);
});

test('an end is found again from both sides; the oldest makes room', () => {
  let made = 0;
  const table = new FlowTable<number>(2, () => ++made);
  const first = read(LinkType.RAW, ipv4(17, UDP));
  const answer: Part = [
    ...[0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 2, 10, 0, 0, 1],
    ...[0, 53, 0x30, 0x39, 0, 8, 0, 0],
  ];
  assert.equal(table.find(first, true), 1);
  assert.equal(table.isNew, true);
  assert.equal(table.find(read(LinkType.RAW, answer), false), 1);
  assert.equal(table.isNew, false);
  assert.equal(table.find(first, false), 2, 'the other end');
  assert.equal(table.find(read(LinkType.RAW, ipv4(17, UDP, 9)), true), 3);
  assert.equal(table.find(first, false), 2);
  assert.equal(table.find(first, true), 4, 'the first had to make room');
});

test('the judge walks by itself', () => {
  const frame = { offset: 0, linkType: LinkType.ETHERNET };
  const buffer = bytes(MACS, 0x81, 0, 0, 5, 8, 0, ipv4(17, UDP));
  const found = walk({ ...frame, buffer, capturedLength: buffer.length });
  assert.deepEqual(found, {
    version: 4,
    protocol: 17,
    source: '\x0a\0\0\x01',
    destination: '\x0a\0\0\x02',
    sourcePort: 12345,
    destinationPort: 53,
    tcpFlags: 0,
    sequence: 0,
    acknowledgement: 0,
  });
  for (let cut = 0; cut < 38; cut++) assert.equal(walk({ ...frame, buffer, capturedLength: cut }).version, 0);
});
