// What tests labelled paths and manages the links under them: LSP ping and LMP.

import { be16, be32, bytes, type Generators, type Part, ports, type Random, udp } from '../generator.js';

/** The right number, or once in `times` one that is not. */
const about = (random: Random, right: number, times = 24): number =>
  random.once(times) ? Math.max(0, random.pick([0, 1, 3, 4, right - 4, right + 4, right + 1, 2000])) : right;

const many = (random: Random, least: number, most: number, make: () => Part): Part[] =>
  Array.from({ length: random.between(least, most) }, make);

const padding = (size: number): number[] => Array<number>(-size & 3).fill(0);

const FEC_SIZES: Readonly<Record<number, number>> = {
  1: 5,
  2: 17,
  3: 20,
  4: 56,
  6: 13,
  7: 25,
  8: 14,
  9: 10,
  10: 14,
  12: 5,
  13: 17,
};

/** Type, length and value, padded. */
function tlv(random: Random, type: number, value: Part): Part {
  const body = bytes(value);
  return [be16(type), be16(about(random, body.length)), body, padding(body.length)];
}

function fec(random: Random): Part {
  const type = random.pick([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 16]);
  const value = random.bytes(random.once(12) ? random.int(9) : (FEC_SIZES[type] ?? 4));
  if (type === 8) value.splice(12, 2, 0, random.int(30));
  return tlv(random, type, value);
}

function pingTlv(random: Random): Part {
  const type = random.pick([1, 1, 1, 2, 2, 3, 5, 7, 9, 10, 15, 0xfc00, 77]);
  if (type === 1) {
    // The next sub-TLV is looked for four bytes early: one alone, or whatever that finds.
    return tlv(
      random,
      type,
      many(random, 1, random.pick([1, 1, 2]), () => fec(random)),
    );
  }
  if (type === 2) {
    const kind = random.between(0, 5);
    const size = [0, 8, 8, 32, 20, 0][kind]!;
    return tlv(random, type, [be16(1500), kind, 0, random.bytes(size), random.bytes(random.once(9) ? 3 : 8)]);
  }
  if (type === 5) return tlv(random, type, be32(random.pick([9, 2636, 99999])));
  return tlv(random, type, random.bytes(type === 15 ? 4 : random.int(8)));
}

function ping(random: Random): Part {
  const received = random.once(3) ? Array<number>(8).fill(0) : [0xe0, ...random.bytes(7)];
  return [
    be16(random.once(30) ? 2 : 1),
    be16(0),
    random.int(4),
    random.int(6),
    random.int(15),
    random.int(9),
    random.bytes(8),
    [0xe1, ...random.bytes(7)],
    received,
    many(random, 0, 3, () => pingTlv(random)),
  ];
}

/** Lengths of what is in objects of LMP, by class and type. */
const LMP_SIZES: Readonly<Record<number, readonly number[]>> = {
  1: [4, 4, 4],
  2: [4, 4, 4],
  3: [4, 4, 16, 16, 4, 4, 4],
  4: [4, 4, 16, 16, 4, 4, 4],
  5: [4, 4, 4],
  6: [4, 4],
  7: [8, 8],
  8: [20, 20],
  9: [4, 4],
  10: [4, 4],
  11: [12, 36, 12, 12],
  12: [12, 36, 12, 12],
  13: [16, 40, 16, 16],
  14: [8, 32, 8, 8],
  20: [4, 4, 4],
  51: [4, 16, 8, 4, 4],
  99: [8],
};

function dataLinkPart(random: Random): Part {
  const type = random.pick([1, 1, 2, 2, 3]);
  const size = type === 1 ? 12 : 8;
  return [
    type,
    about(random, size, 16),
    random.pick([1, 51, 100, 7]),
    random.int(12),
    random.bytes(size - 4),
  ];
}

function lmpObject(random: Random): Part {
  const number = random.pick(Object.keys(LMP_SIZES).map(Number));
  const sizes = LMP_SIZES[number]!;
  const type = random.between(1, sizes.length);
  const right = sizes[type - 1]!;
  const body = bytes(
    random.bytes(random.once(20) ? right + 4 : right),
    number === 12 && type < 4 ? many(random, 0, 2, () => dataLinkPart(random)) : [],
  );
  if (number === 51) body.set([random.between(4, 7), random.int(14)]);
  if (number === 20) body.set([0, 0, 0, random.int(64)]);
  return [type | random.pick([0, 0x80]), number, be16(about(random, body.length + 4, 40)), body];
}

function lmp(random: Random): Part {
  const body = bytes(many(random, 0, 4, () => lmpObject(random)));
  const type = random.pick([1, 2, 3, 4, 5, 6, 8, 10, 12, 14, 17, 19, 20, 50, 52, 30]);
  const version = random.once(30) ? 0x20 : 0x10;
  return [version, 0, random.int(4), type, be16(about(random, body.length + 8, 30)), be16(0), body];
}

export const generators: Generators = {
  lspPing: (random) => udp(random, ...ports(random, 3503), ping(random)),
  lmp: (random) => udp(random, ...ports(random, 701), lmp(random)),
};
