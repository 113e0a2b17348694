// LBL's whiteboard.

import { be16, be32, bytes, type Generators, type Part, type Random, udp } from '../generator.js';

function operation(random: Random, sequence: number): Part {
  const type = random.once(6) ? random.pick([14, 15]) : random.int(18);
  const size = random.int(6);
  return [be32(sequence + random.int(3)), be16(size), 0, type, random.bytes((size + 3) & ~3)];
}

function board(random: Random): Uint8Array {
  const type = random.once(10) ? random.int(9) : random.pick([0, 1, 2, 3, 4, 5, 7]);
  const first = random.int(9);
  const count = random.int(4);
  const drawing: Part = [
    random.bytes(8),
    be32(first),
    be32(first + count - 1),
    Array.from({ length: count }, (_, i) => operation(random, first + i)),
  ];
  const pairs = (most: number): Part[] => Array.from({ length: most }, () => random.bytes(8));
  const name = [random.text(random.int(8)), random.once(2) ? 0 : []];
  const bodies: Part[] = [
    drawing,
    [random.bytes(24), be16(random.once(10) ? 9 : count), be16(0), pairs(count), name],
    random.bytes(20),
    [random.bytes(4), drawing],
    [],
    random.bytes(16),
    [],
    [be32(count), Array.from({ length: count }, () => [random.bytes(12), [1, 0, 0, 0], random.bytes(8)])],
  ];
  const packet = bytes(random.bytes(10), type, random.int(2), bodies[type] ?? []);
  return random.once(10) ? packet.subarray(0, random.int(packet.length)) : packet;
}

export const generators: Generators = {
  board: (random) => udp(random, random.between(40000, 40999), 4567, board(random)),
};
