// DHCPv6: every option, options in options, relayed messages.

import {
  be16,
  be32,
  bytes,
  type Generators,
  ip6Address,
  type Part,
  ports,
  type Random,
  udp,
} from '../generator.js';

const many = (random: Random, most: number, make: () => Part): Part[] =>
  Array.from({ length: random.int(most) }, make);

/** Letters: parentheses would be taken for the option's. */
const letters = (random: Random, count: number): string =>
  Array.from({ length: count }, () => random.pick([...'abcxyz:/-'])).join('');

const labels = (random: Random): Part => [
  many(random, 4, () => {
    const label = letters(random, random.between(1, 7));
    return [label.length, label];
  }),
  random.once(10) ? [] : 0,
];

function identifier(random: Random): Part {
  const type = random.pick([1, 3, 3, 1, 5]);
  return [be16(type), random.bytes(random.once(8) ? random.int(7) : random.between(8, 14))];
}

function authentication(random: Random): Part {
  const protocol = random.pick([2, 3, 1]);
  const rest = random.pick([0, 17, 20, 26, random.int(30)]);
  return [
    protocol,
    random.int(3),
    random.int(2),
    random.bytes(8),
    random.int(4),
    random.bytes(Math.max(0, rest - 1)),
  ];
}

function timeServer(random: Random): Part {
  const type = random.between(1, 4);
  const data = bytes(type === 3 ? labels(random) : ip6Address(random));
  return [be16(type), be16(random.once(15) ? random.int(30) : data.length), data];
}

const ADDRESSES = [22, 23, 27, 28, 31, 34, 40, 48];
const BARE = [12, 14, 20, 29, 30, 33, 36, 39];
const TEXTS = [41, 42, 112];

function value(random: Random, type: number, depth: number): Part {
  const nested = (): Part => (depth > 2 ? [] : many(random, 3, () => option(random, depth + 1)));
  if (ADDRESSES.includes(type)) return many(random, 4, () => ip6Address(random));
  if (BARE.includes(type)) return random.bytes(random.int(4));
  if (TEXTS.includes(type)) return letters(random, random.between(3, 20));
  switch (type) {
    case 1:
    case 2:
      return identifier(random);
    case 3:
    case 25:
      return [random.bytes(12), nested()];
    case 4:
      return [random.bytes(4), nested()];
    case 5:
      return [ip6Address(random), random.bytes(8), nested()];
    case 6:
    case 43:
      return many(random, 6, () => be16(random.int(150)));
    case 7:
      return random.int(256);
    case 8:
      return random.bytes(2);
    case 9:
      return depth > 2 ? [] : message(random, depth + 1);
    case 11:
      return authentication(random);
    case 13:
      return [be16(random.once(6) ? random.int(65536) : random.int(13)), letters(random, random.int(6))];
    case 19:
      return random.pick([5, 11, random.int(256)]);
    case 21:
    case 24:
      return many(random, 4, () => labels(random));
    case 26:
      return [random.bytes(8), random.int(129), ip6Address(random), nested()];
    case 32:
    case 46:
      return random.bytes(4);
    case 44:
      return [random.between(1, 3), ip6Address(random), nested()];
    case 45:
      return nested();
    case 47:
      return [ip6Address(random), random.bytes(random.int(14))];
    case 56:
      return many(random, 4, () => timeServer(random));
    case 64:
      return labels(random);
    default:
      return random.bytes(random.int(20));
  }
}

/** Options of which 5.0 says more than 4.99: these have tests of their own. */
const NEWER = [15, 16, 17, 59, 136];

/** Bytes that are no pointers of DNS: 5.0 calls these bad where there is no message, 4.99 follows them. */
const plain = (random: Random): number[] => random.bytes(random.int(9)).map((byte) => byte & 0x7f);

function option(random: Random, depth: number): Part {
  const type = random.once(8)
    ? random.pick([49, 50, 82, 500])
    : random.pick([random.between(1, 48), 9, 56, 64, 112]);
  if (NEWER.includes(type)) return option(random, depth);
  const body = bytes(random.once(20) ? plain(random) : value(random, type, depth));
  return [be16(type), be16(random.once(30) ? random.int(40) : body.length), body];
}

function message(random: Random, depth: number): Part {
  const type = random.once(10) ? random.int(256) : random.between(1, 15);
  const options = many(random, 5, () => option(random, depth));
  if (type === 12 || type === 13)
    return [type, random.int(5), ip6Address(random), ip6Address(random), options];
  return [type, random.bytes(3), options];
}

export const generators: Generators = {
  dhcp6: (random) => udp(random, ...ports(random, random.pick([546, 547])), message(random, 0)),
  dhcp6Option: (random) =>
    udp(random, ...ports(random, 547), [
      random.between(1, 11),
      be32(random.u32()).slice(1),
      option(random, 0),
    ]),
};
