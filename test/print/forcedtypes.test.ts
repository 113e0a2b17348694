// -T for protocols that have no port: the same text as the installed tcpdump's.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compare, tcpdumpInstalled } from './differential.js';
import { be32, bytes, type Generators, type Part, type Random, tcp, udp } from './generator.js';
import { generators as pgm } from './generators/pgm.js';

const SEED = 20261125;
const skip = !tcpdumpInstalled() && 'no tcpdump 4.99 here';

function frames(random: Random): Part {
  return Array.from({ length: random.int(4) }, () => {
    const body = random.bytes(random.int(6));
    // Bits of the flags have names in 5.0 only, with -v.
    const content = [0, body];
    const size = random.once(9) ? random.int(256) : body.length + 1;
    return random.once(3) ? [0xff, be32(0), be32(size), content] : [size, content];
  });
}

const zmtp: Generators = {
  stream: (random) => tcp(random, 40001, 40002, frames(random)),
};

/** PGM in UDP. */
const datagrams: Generators = {
  pgm: (random) => {
    const made = pgm['pgm']!(random);
    const packet = made instanceof Uint8Array ? made : made.bytes;
    const version4 = packet[12] === 0x08;
    return udp(random, 40001, 40002, bytes(packet.subarray(version4 ? 34 : 54)));
  },
};

test('-T zmtp1', { skip }, async () => {
  const sets = [['-n', '-T', 'zmtp1']];
  assert.deepEqual(await compare(zmtp, SEED, 60, 3, [], sets), []);
});

test('-T pgm and pgm_zmtp1', { skip }, async () => {
  const sets = [
    ['-n', '-T', 'pgm'],
    ['-n', '-v', '-T', 'pgm'],
    ['-n', '-T', 'pgm_zmtp1'],
  ];
  assert.deepEqual(await compare(datagrams, SEED, 60, 3, [], sets), []);
});
