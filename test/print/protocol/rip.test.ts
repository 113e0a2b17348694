// Texts of RIP in tcpdump 5.0 that the installed 4.99 does not have.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { be16, be32, bytes, ip4, type Part, Random } from '../generator.js';
import { printPacket } from '../run.js';

const random = new Random(1);

/** The text of a datagram's payload to or from a port, behind the ports. */
function datagram(port: number, verbose: number, ...payload: Part[]): string {
  const body = bytes(...payload);
  const packet = ip4(random, 17, [be16(port), be16(40001), be16(body.length + 8), be16(0), body]);
  return printPacket(packet, { verbose }).replace(/^.*?40001: /s, '');
}

const zeros = (count: number): number[] => Array<number>(count).fill(0);

test('RIP', () => {
  const rip = (verbose: number, ...payload: Part[]): string => datagram(520, verbose, ...payload);
  const route = [be16(2), be16(0), [192, 0, 2, 0], zeros(8), be32(3)];
  assert.equal(rip(0, [1, 1]), 'RIP [packet length 2 < 4] (invalid)');
  assert.equal(rip(0, [1, 3, 0, 0]), 'RIPv3 [version != 1 && version != 2] (invalid)');
  assert.equal(rip(0, [5, 1, 0, 0]), 'RIPv1, unknown command (5), length: 4');
  const names = ['Triggered Request', 'Triggered Response', 'Triggered Acknowledgement'];
  const updates = ['Update Request', 'Update Response', 'Update Acknowledge'];
  [...names, ...updates].forEach((name, i) => {
    assert.equal(rip(1, [6 + i, 2, 0, 0, 1, 2]), `\n\tRIPv2, ${name}, length: 6`);
  });
  assert.equal(rip(2, [9, 2, 0, 0, 1, 2]), '\n\tRIPv2, Update Request, length: 6\n\t0x0000:  0102');
  assert.equal(rip(1, [12, 2, 0, 0, 1, 2]), '\n\tRIPv2, unknown command (12), length: 6\n\t0x0000:  0102');
  assert.equal(
    rip(2, [2, 1, 0, 0], route),
    '\n\tRIPv1, Response, length: 24, routes: 1\n\t  192.0.2.0, metric: 3',
  );
  assert.equal(
    rip(1, [2, 1, 0, 0], route, zeros(17)),
    '\n\tRIPv1, Response, length: 41, routes: 1\n\t  192.0.2.0, metric: 3 [remaining data length 17 < 20] (invalid)',
  );
  assert.equal(
    rip(1, [2, 2, 0, 0], route, [0xff, 0xff, 0, 3], zeros(8)),
    '\n\tRIPv2, Response, length: 36, routes: 1 or less' +
      '\n\t  AFI IPv4,       192.0.2.0/0 , tag 0x0000, metric: 3, next-hop: self' +
      ' [remaining data length 8 < 16] (invalid)',
  );
  assert.equal(
    rip(1, [2, 2, 0, 0], [0xff, 0xff, 0, 2], 'secret'),
    '\n\tRIPv2, Response, length: 14, routes: 0 or less\n\t  Simple Text Authentication data: secret [|rip]',
  );
});
