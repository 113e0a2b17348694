// RADIUS: every attribute, vendors' ones, EAP.

import {
  be16,
  be24,
  be32,
  bytes,
  type Generators,
  type Part,
  ports,
  type Random,
  udp,
} from '../generator.js';

const PORTS = [1645, 1646, 1812, 1813, 1700, 3799];

/** Attributes whose values are always as long as this. */
const SIZES: Readonly<Record<number, number>> = {
  70: 16,
  71: 14,
  84: 8,
  95: 16,
  98: 16,
  124: 8,
  125: 17,
};
const SMALL = [6, 7, 10, 13, 15, 29, 40, 45, 49, 57, 61, 72, 76];
const TUNNELS = [64, 65, 83];
const TEXTS = [1, 11, 18, 24, 25, 30, 33, 44, 60, 67, 80, 81, 82, 90, 103, 110, 122];

/** 16 bytes of prefix at most behind a byte and the prefix's length. */
function prefix(random: Random): Part {
  const size = random.int(17);
  return [0, random.once(4) ? random.int(140) : size * 8, random.bytes(size)];
}

const stamp = (random: Random): Part => [be32(0xd0000000 + random.int(0x1fffffff)), be32(random.u32())];

function vendorAttributes(random: Random): Part {
  return Array.from({ length: random.int(4) }, () => {
    const data = random.bytes(random.int(12));
    return [random.int(256), random.once(8) ? random.int(20) : data.length + 2, data];
  });
}

function eap(random: Random): Part {
  const type = random.pick([1, 2, 3, 4, 13, 18, 21, 43]);
  const data = type === 3 ? [1, 4, 13] : random.text(random.between(5, 12));
  const body = bytes(type, data);
  return [random.between(1, 4), random.int(256), be16(body.length + 4), body];
}

function value(random: Random, type: number): Part {
  const size = SIZES[type];
  if (size !== undefined) return random.bytes(size);
  if (SMALL.includes(type)) return be32(random.once(8) ? random.u32() : random.int(48));
  if (TUNNELS.includes(type)) return [random.pick([0, 1, 31, 32, 255]), be24(random.int(20))];
  if (type === 26)
    return [be32(random.pick([9, 311, 10415, 2636, random.int(70000)])), vendorAttributes(random)];
  if (type === 55) return be32(random.u32());
  if (type === 56) return [random.pick([0x31, 0x32, 0x33]), be24(random.int(4096))];
  if (type === 58) return [random.pick([0x31, 0x32, 0x33]), random.text(random.int(9))];
  if (type === 69) return [random.pick([0, 1, 31, 32]), random.bytes(2), random.text(random.int(9))];
  if (type === 79) return eap(random);
  if (type === 97 || type === 123) return prefix(random);
  if (type === 101) return be32(random.pick([201, 202, 401, 407, 501, 509, 510, random.int(600)]));
  if (type === 126) return [random.between(0x2f, 0x34), random.text(random.int(9))];
  if (type === 127) {
    return [
      random.bytes(2),
      random.int(3),
      random.int(3),
      stamp(random),
      stamp(random),
      random.text(random.int(9)),
    ];
  }
  if (type === 128) return [random.bytes(2), random.bytes(random.int(20))];
  if (type === 129) return [be16(random.pick([0, 0x8000, 3])), stamp(random), random.text(random.int(9))];
  if (TEXTS.includes(type))
    return random.once(3) ? random.bytes(random.between(1, 20)) : random.text(random.int(20));
  return be32(random.pick([0, 1, 59, 60, 3599, 3600, 0xfffffffe, 0xffffffff, random.u32()]));
}

function attribute(random: Random, type: number): Part {
  const data = bytes(value(random, type));
  const wrong = random.once(25);
  return [type, wrong ? random.pick([0, 1, 255]) : data.length + 2, data];
}

function message(random: Random, attributes: readonly Part[]): Uint8Array {
  const list = bytes(attributes);
  const code = random.pick([1, 2, 3, 4, 5, 11, 12, 13, 40, 41, 42, 43, 44, 45, 255, random.int(256)]);
  const length = random.once(20) ? random.int(list.length + 20) : list.length + 20;
  return udp(random, ...ports(random, random.pick(PORTS)), [
    code,
    random.int(256),
    be16(length),
    random.bytes(16),
    list,
  ]);
}

export const generators: Generators = {
  radius: (random) =>
    message(
      random,
      Array.from({ length: random.int(6) }, () => attribute(random, random.between(1, 131))),
    ),
  radiusValues: (random) =>
    message(random, [
      attribute(random, random.pick([26, 55, 56, 58, 79, 97, 101, 123, 124, 125, 126, 127, 128, 129])),
      attribute(random, random.pick([...SMALL, ...TUNNELS, ...TEXTS, 69, 70, 71, 84])),
    ]),
  radiusLengths: (random) =>
    message(random, [
      [random.once(2) ? random.between(1, 25) : random.between(70, 131), 5, random.bytes(3)],
      random.once(3) ? random.bytes(1) : [],
    ]),
};
