// Texts of ICMP in tcpdump 5.0 that the installed 4.99 does not have.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { be16, be32, bytes, internetChecksum, ip4, type Part, Random } from '../generator.js';
import { printPacket } from '../run.js';

/** The text of a raw IP packet, without what the IP header says. */
const printed = (packet: Uint8Array, verbose = 0): string =>
  printPacket(packet, { verbose }).replace(/^.*? > [^ ]*: /s, '');

const random = new Random(1);

/** A time exceeded message with an extension of these objects. */
function extended(...objects: Part[]): string {
  const quoted = [...ip4(random, 99, Array<number>(8).fill(0))];
  while (quoted.length < 128) quoted.push(0);
  const extension = [...bytes([0x20, 0, 0, 0], objects)];
  extension.splice(2, 2, ...be16(internetChecksum(extension)));
  const message = [...bytes([11, 0, 0, 0, 0, 32, 0, 0], quoted, extension)];
  message.splice(2, 2, ...be16(internetChecksum(message)));
  const text = printed(ip4(random, 1, message), 1);
  const at = text.indexOf('\tICMP Multi-Part extension v2, checksum 0x');
  assert.ok(at > 0, text);
  return text.slice(text.indexOf('\n', at) + 1);
}

test('what ICMP errors carry: labels, interfaces', () => {
  assert.equal(
    extended([0, 8, 1, 1, 0x00, 0x3e, 0x8b, 0x40]),
    '\t  MPLS Stack Entry Object (1), Class-Type: 1, length 8\n\t    label 1000, tc 5, [S], ttl 64',
  );
  const address = [0, 1, 0, 0, 198, 51, 100, 7];
  const name = [8, ...Buffer.from('eth0\0\0\0')];
  assert.equal(
    extended([...be16(4 + 4 + 8 + 8 + 4), 2, 0x8f, ...be32(12), ...address, ...name, ...be32(1500)]),
    [
      '\t  Interface Information Object (2), Class-Type: 143, length 28',
      '\t    Interface Role: Outgoing IP Interface',
      '\t    Interface Index: 12',
      '\t    IP Address sub-object: 198.51.100.7',
      '\t    Interface Name, length 8: eth0',
      '\t    MTU: 1500',
    ].join('\n'),
  );
  assert.match(
    extended([...be16(4 + 3), 2, 2, 3, 0x61, 0x62, 0]),
    /Interface Name \[length 3 != N x 4\] \(invalid\)/,
  );
});

test('extended echo: what is asked, what is answered', () => {
  const object = [...be16(8), 3, 2, ...be32(5)];
  const structure = [0x20, 0, 0, 0, ...object];
  structure.splice(2, 2, ...be16(internetChecksum(structure)));
  const request = [42, 0, 0, 0, ...be16(7), 1, 1, ...structure];
  request.splice(2, 2, ...be16(internetChecksum(request)));
  assert.match(
    printed(ip4(random, 1, request), 1),
    /^ICMP extended echo request, id 7, seq 1, length 20\n\tLocal Interface, checksum 0x\w+ \(correct\), length 12\n\t {2}Interface Identification Object \(3\), Class-Type: 2, length 8\n\t {4}Interface Index: 5$/,
  );
  const reply = [43, 2, 0, 0, ...be16(7), 1, (2 << 5) | 6];
  reply.splice(2, 2, ...be16(internetChecksum(reply)));
  assert.equal(
    printed(ip4(random, 1, reply), 1),
    'ICMP extended echo reply, id 7, seq 1, length 8\n\tCode 2 (No Such Interface), State 2 (Reachable), active 1 ipv4 1 ipv6 0',
  );
});
