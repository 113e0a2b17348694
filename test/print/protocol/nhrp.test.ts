// Texts of NHRP in tcpdump 5.0 that the installed 4.99 does not have.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { be16, be32, bytes, ip4, type Part, Random } from '../generator.js';
import { printPacket } from '../run.js';

const random = new Random(1);

const zeros = (count: number): number[] => Array<number>(count).fill(0);

test('NHRP', () => {
  /** The text of an NHRP packet of a type behind its name: its addresses are IPv4's. */
  const nhrp = (verbose: number, type: number, lengths: number[], ...rest: Part[]): string => {
    const body = bytes(...rest);
    const sizes = [be16(body.length + 20), be16(0), be16(0)];
    const packet = ip4(random, 54, [be16(1), be16(0x0800), zeros(5), 254, sizes, 1, type, lengths, body]);
    return printPacket(packet, { verbose }).replace(/^.*?NHRP: /s, '');
  };
  const nbma = [10, 0, 0, 1];
  const [from, to] = [
    [192, 0, 2, 1],
    [192, 0, 2, 2],
  ];
  const mandatory = [4, 4, 0, 0, be32(7)];
  const client = [0, 32, 0, 0, be16(1400), be16(7200), 4, 0, 4, 9, nbma, from];
  assert.equal(
    nhrp(0, 1, [4, 0], mandatory, nbma, from, to),
    'res request, id 7, src nbma 10.0.0.1, 192.0.2.1 -> 192.0.2.2',
  );
  assert.equal(
    nhrp(1, 4, [4, 0], mandatory, nbma, from, to, client),
    'reg reply, id 7, hopcnt 254, src nbma 10.0.0.1, 192.0.2.1 -> 192.0.2.2' +
      ' (code 0, pl 32, mtu 1400, htime 7200, pref 9, nbma 10.0.0.1, proto 192.0.2.1)',
  );
  assert.equal(nhrp(0, 7, [0, 0], [0, 0, 0, 0, be16(12), be16(0)]), 'error indication, error 12');
  assert.equal(nhrp(0, 9, [0, 0], [0, 0, 0, 0, be32(1)]), 'unknown-op-type-0009, ->');
  assert.equal(nhrp(0, 1, [0, 0], [1, 2]), 'res request [mand_part_len 2 < 8] (invalid)');
  assert.equal(
    nhrp(0, 1, [4, 0], mandatory, nbma, from, [1, 2]),
    'res request, id 7, src nbma 10.0.0.1, 192.0.2.1 -> [mand_part_len 2 < 4] (invalid)',
  );
  // tcpdump says this without end.
  assert.equal(
    nhrp(0, 2, [0, 0], [0, 0, 0, 0, be32(1)], zeros(3)),
    'res reply, id 1, -> [remaining mandatory part length 3 < 12] (invalid)',
  );
});
