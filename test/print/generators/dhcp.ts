// DHCP: every option and their wrong lengths, names, the extensions of Carnegie Mellon.

import { be32, bytes, type Generators, type Part, ports, type Random, udp } from '../generator.js';

const zeros = (count: number): number[] => Array<number>(count).fill(0);
const address = (random: Random): Part => (random.once(3) ? random.bytes(4) : zeros(4));

/** A route of RFC 3442, sometimes too wide. */
function route(random: Random): Part {
  const width = random.once(12) ? random.int(256) : random.int(33);
  return [width, random.bytes(Math.ceil(Math.min(width, 32) / 8) + 4)];
}

const many = (random: Random, most: number, make: () => Part): Part[] =>
  Array.from({ length: random.int(most) }, make);

/** Values of the options that are not just numbers, addresses or text. */
const SPECIAL: Readonly<Record<number, (random: Random) => Part>> = {
  46: (random) => random.pick([1, 2, 4, 8, 3]),
  52: (random) => random.int(5),
  53: (random) => (random.once(8) ? random.bytes(2) : random.int(16)),
  61: (random) => (random.once(3) ? [0, random.text(6)] : [random.pick([1, 6, 15, 99]), random.bytes(6)]),
  77: (random) =>
    many(random, 4, () => {
      const name = random.text(random.between(1, 9));
      return [random.once(10) ? random.int(20) : name.length, name];
    }),
  81: (random) => [
    random.once(8) ? random.int(256) : random.int(16),
    random.int(2),
    random.int(3),
    random.text(5),
  ],
  82: (random) =>
    many(random, 4, () => {
      const data = random.bytes(random.int(9));
      return [random.pick([1, 2, 6, 9]), random.once(12) ? random.int(30) : data.length, data];
    }),
  121: (random) => many(random, 4, () => route(random)),
  249: (random) => many(random, 4, () => route(random)),
};
/** Options that 5.0 knows and 4.99 does not. */
const NEWER = [108, 116, 143];
/** Pairs of addresses, of which 5.0 wants as many bytes as they need. */
const PAIRS = [21, 33];

function option(random: Random): Part {
  const type = random.once(3) ? Number(random.pick(Object.keys(SPECIAL))) : random.between(1, 254);
  if (NEWER.includes(type)) return 0;
  if (type === 55) {
    const wanted = random.bytes(random.int(12)).filter((byte) => !NEWER.includes(byte));
    return [type, wanted.length, wanted];
  }
  const plain = random.pick([
    random.bytes(4),
    random.bytes(random.int(10)),
    random.text(random.int(12)),
    [0, 1, 2],
  ]);
  const make = SPECIAL[type];
  const value = bytes(make === undefined || random.once(20) ? plain : make(random));
  if (PAIRS.includes(type)) return [type, 16, random.bytes(16)];
  return [type, random.once(40) ? random.int(256) : value.length, value];
}

/** A name in its field, sometimes without its end. */
const name = (random: Random, size: number): Part => {
  if (random.once(3)) return zeros(size);
  const text = random.text(random.once(6) ? size : random.int(size));
  return [text, zeros(size - text.length)];
};

function message(random: Random, vendor: Part): Uint8Array {
  const usual = !random.once(6);
  const body = bytes(
    random.pick([1, 1, 2, 3]),
    usual ? [1, 6] : [random.int(3), random.int(8)],
    random.once(3) ? random.int(4) : 0,
    random.once(5) ? zeros(4) : be32(random.u32()),
    random.once(2) ? random.bytes(2) : zeros(2),
    random.pick([[0, 0], [0x80, 0], random.bytes(2)]),
    address(random),
    address(random),
    address(random),
    address(random),
    random.bytes(16),
    name(random, 64),
    name(random, 128),
    vendor,
  );
  return udp(random, ...ports(random, random.pick([67, 68])), body);
}

const COOKIE = [99, 130, 83, 99];

export const generators: Generators = {
  dhcp: (random) =>
    message(random, [
      COOKIE,
      many(random, 6, () => option(random)),
      random.once(3) ? [255, zeros(random.int(9))] : zeros(random.int(3)),
    ]),
  dhcpOption: (random) => message(random, [COOKIE, option(random), 255]),
  bootpCmu: (random) =>
    message(random, [
      'CMU\0',
      random.int(4),
      0,
      0,
      0,
      Array.from({ length: 8 }, () => address(random)),
      zeros(24),
    ]),
  bootpOther: (random) => message(random, random.pick([zeros(4), random.bytes(9), COOKIE])),
};
