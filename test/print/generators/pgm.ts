// PGM: every type of packet and option.

import { be16, be32, bytes, type Generators, type Part, type Random, upper } from '../generator.js';

const address = (random: Random): Part => {
  const family = random.once(12) ? 3 : random.between(1, 2);
  return [be16(family), be16(0), random.bytes(family === 2 ? 16 : 4)];
};

function option(random: Random): Part {
  const type = random.once(12) ? random.between(0x14, 0x7f) : random.int(0x14);
  const sizes: Readonly<Record<number, number>> = { 0: 0, 1: 12, 2: 8, 3: 4, 4: 8, 5: 8, 8: 4, 9: 4, 10: 4 };
  const body = bytes(
    ((): Part => {
      if (type === 0) return be16(random.int(99));
      if (type === 7) return [be16(0), address(random)];
      if (type === 0x12 || type === 0x13) return [be16(0), be32(random.u32()), address(random)];
      return [be16(0), random.bytes(sizes[type] ?? random.pick([0, 0, 4]))];
    })(),
  );
  const size = random.once(20) ? random.pick([0, 3, 5, 30]) : body.length + 2;
  return [random.once(12) ? type | 0x80 : type, size, body];
}

function options(random: Random): Part {
  const list = bytes(Array.from({ length: random.int(4) }, () => option(random)));
  const total = random.once(10) ? random.pick([0, 3, 5, 99]) : list.length + 4;
  return [random.once(12) ? 1 : 0, random.once(12) ? 5 : 4, be16(total), list];
}

function pgm(random: Random): Uint8Array {
  const type = random.once(12) ? random.int(16) : random.pick([0, 1, 2, 4, 5, 8, 9, 10, 11, 12]);
  // The group's family is looked for at the beginning of its address.
  const group: Part = [be16(1), be16(0), random.once(6) ? random.bytes(4) : address(random)];
  const bodies: Readonly<Record<number, Part>> = {
    0: [random.bytes(12), address(random)],
    1: [random.bytes(8), address(random), random.bytes(12)],
    8: [random.bytes(4), address(random), group],
    12: [],
  };
  const body = bodies[type === 9 || type === 10 ? 8 : type] ?? random.bytes(8);
  const has = random.once(2);
  const rest: Part = [body, has ? options(random) : [], random.text(random.int(9))];
  const ports = [be16(random.between(40000, 40999)), be16(random.between(40000, 40999))];
  return bytes(ports, type, has ? 1 : 0, be16(0), random.bytes(6), be16(random.int(40)), rest);
}

export const generators: Generators = { pgm: (random) => upper(random, 113, pgm(random), -1) };
