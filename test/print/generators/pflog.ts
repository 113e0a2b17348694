// What firewalls log: pf's packets.

import {
  be32,
  bytes,
  type Generated,
  type Generators,
  ip4,
  ip6,
  type Part,
  type Random,
} from '../generator.js';

const PFLOG = 117;

/** Sixteen bytes of name, zeros behind it or, once in a while, none. */
function name(random: Random): Uint8Array {
  const field = new Uint8Array(16);
  field.set(random.bytes(16).slice(0, random.once(8) ? 16 : 0));
  if (field.every((byte) => byte === 0)) field.set(bytes(random.text(random.int(12))));
  return field;
}

function pflog(random: Random): Generated {
  const family = random.pick([2, 2, 24, 28, 30, 10, 0]);
  const size = random.once(10) ? random.pick([0, 44, 62, 65, 100, 255]) : random.pick([61, 64, 69, 100]);
  const payload = family === 2 ? ip4(random, 253, random.bytes(4)) : ip6(random, 253, random.bytes(4));
  const subrule: Part = random.once(2) ? be32(0xffffffff) : be32(random.u32());
  const extra = random.bytes(((size + 3) & ~3) - 61);
  return {
    linkType: PFLOG,
    bytes: bytes(
      [size, family, random.int(12), random.int(17)],
      name(random),
      name(random),
      be32(random.int(200)),
      subrule,
      random.bytes(16),
      random.int(4),
      extra,
      payload,
    ),
  };
}

export const generators: Generators = { pflog };
