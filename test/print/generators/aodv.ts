// AODV, over IPv4 and IPv6, and HNCP.

import { be16, be32, bytes, type Generators, type Part, ports, type Random, udp } from '../generator.js';

function aodv(random: Random): Uint8Array {
  const type = random.once(10) ? random.int(7) : random.between(1, 3);
  const width = random.pick([4, 16]);
  const body: Part[] = [
    [],
    [random.bytes(4 + width + 4 + width + 4)],
    [random.bytes(width + 4 + width + 4)],
    Array.from({ length: random.int(4) }, () => random.bytes(width + 4)),
  ];
  const extension: Part = random.once(3)
    ? [random.int(3), random.pick([4, 4, 0, 9]), be32(random.int(9999))]
    : [];
  const count = random.int(4);
  const packet = bytes(type, random.int(256), random.int(256), count, body[type] ?? [], extension);
  return random.once(10) ? packet.subarray(0, random.int(packet.length)) : packet;
}

/** A name of labels. */
const name = (random: Random): Part => {
  const labels = Array.from({ length: random.int(3) }, () => {
    const label = random.text(random.between(1, 4));
    return [label.length, label];
  });
  return [labels, random.once(9) ? 7 : 0];
};

/** A prefix of IPv6, or of IPv4 in it. */
const prefix = (random: Random): Part => {
  const mapped = random.once(3);
  const bits = mapped ? random.between(96, 129) : random.int(random.once(9) ? 140 : 65);
  const front = mapped ? [...Array<number>(10).fill(0), 0xff, 0xff] : [];
  return [bits, front, random.bytes(Math.max(0, ((bits + 7) >> 3) - front.length))];
};

const mapped = (random: Random): Part =>
  random.once(2) ? random.bytes(16) : [...Array<number>(10).fill(0), 0xff, 0xff, ...random.bytes(4)];

/** Zeros up to a multiple of four. */
const padded = (part: Part): Uint8Array => {
  const body = bytes(part);
  return bytes(body, Array<number>(-body.length & 3).fill(0));
};

function record(random: Random, depth: number): Uint8Array {
  const type = random.once(9)
    ? random.pick([0, 6, 7, 11, 44, 512, 768, 1024])
    : random.pick([1, 2, 3, 4, 5, 8, 9, 10, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43]);
  const nested = (): Part =>
    depth > 2 ? [] : Array.from({ length: random.int(3) }, () => record(random, depth + 1));
  const four = (): Part => [random.pick([6, 42, 9]), random.once(9) ? 3 : 4, random.bytes(4)];
  const six = (): Part => [be16(random.pick([23, 31, 9])), be16(random.once(9) ? 3 : 16), random.bytes(16)];
  const label = random.text(random.int(6));
  const makers: Readonly<Record<number, () => Part>> = {
    1: () => [],
    2: () => random.bytes(4),
    3: () => random.bytes(8),
    4: () => random.bytes(8),
    5: () => [random.bytes(20), nested()],
    8: () => random.bytes(12),
    9: () => random.bytes(8),
    10: () => [random.bytes(36), random.text(3)],
    32: () => [random.bytes(4), random.text(5)],
    33: nested,
    34: () => [padded([random.bytes(8), prefix(random)]), nested()],
    35: () => [padded([random.bytes(5), prefix(random)]), nested()],
    36: () => [random.bytes(4), mapped(random), nested()],
    37: () => Array.from({ length: random.int(3) }, four),
    38: () => Array.from({ length: random.int(3) }, six),
    39: () => [padded([mapped(random), random.int(8), name(random)]), nested()],
    40: () => name(random),
    41: () => [padded([mapped(random), label.length, label]), nested()],
    42: () => [random.bytes(32), nested()],
    43: () => {
      const kind = random.pick([0, 129, 130, 131, 140]);
      return random.once(3)
        ? prefix(random)
        : [kind, kind === 129 ? name(random) : random.once(2) ? [] : 'ab'];
    },
  };
  const body = bytes(makers[type]?.() ?? random.bytes(random.int(6)));
  const size = random.once(30) ? random.pick([0, 3, body.length + 8]) : body.length;
  return padded([be16(type), be16(size), body]);
}

function hncp(random: Random): Uint8Array {
  return bytes(Array.from({ length: random.int(4) }, () => record(random, 0)));
}

export const generators: Generators = {
  aodv: (random) => udp(random, ...ports(random, 654), aodv(random)),
  hncp: (random) => udp(random, ...ports(random, 8231), hncp(random)),
};
