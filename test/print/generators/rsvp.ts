// RSVP with every object.

import { be16, be24, be32, bytes, type Generators, type Part, type Random, upper } from '../generator.js';

const PROTOCOL = 46;

/** The right number, or once in `times` one that is not. */
const about = (random: Random, right: number, times = 24): number =>
  random.once(times) ? Math.max(0, random.pick([0, 1, 4, right - 4, right + 4, right + 1, 2000])) : right;

const many = (random: Random, least: number, most: number, make: () => Part): Part[] =>
  Array.from({ length: random.between(least, most) }, make);

/** A number that floating point is used for: mostly one that occurs. */
function float(random: Random): number[] {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, random.pick([0, 125000, 1e9 / 8, 1234.5, 3.7e-9, random.int(1 << 24)]));
  return random.once(3) ? random.bytes(4) : be32(view.getUint32(0));
}

/** A parameter of a service. Lengths that do not fit are tested by their texts. */
function parameter(random: Random): Part {
  const type = random.pick([4, 6, 8, 10, 127, 130, 133, 134, 135, 136, 99]);
  const body: Part =
    type === 6
      ? float(random)
      : type === 127
        ? [float(random), float(random), float(random), random.bytes(8)]
        : type === 130
          ? [float(random), random.bytes(4)]
          : random.once(6)
            ? be32(0xffffffff)
            : random.bytes(4);
  return [type, random.int(256), be16(bytes(body).length / 4), body];
}

function services(random: Random): Part {
  const list = many(random, 1, 2, () => {
    const parameters = bytes(many(random, 0, 3, () => parameter(random)));
    return [random.pick([1, 2, 5, 9]), random.pick([0, 0x80]), be16(parameters.length / 4), parameters];
  });
  return [random.bytes(2), be16(bytes(list).length / 4), list];
}

function hops(random: Random): Part {
  return many(random, 0, 3, () => {
    const type = random.pick([1, 1, 1, 2, 3, 32, 64, 7]) | random.pick([0, 0x80]);
    if ((type & 0x7f) === 1)
      return [type, about(random, 8), random.bytes(4), about(random, 32), random.int(16)];
    if ((type & 0x7f) === 3) return [type, 8, random.int(2), random.int(4), random.bytes(4)];
    return [type, about(random, 4), random.bytes(2)];
  });
}

function userInterface(random: Random): Part {
  return many(random, 1, 3, () => {
    const type = random.int(7);
    const family = random.int(4);
    const size = type === 4 ? 12 : type < 3 && family === 2 ? 16 : 4;
    return [be16(about(random, size + 4)), type, family, random.bytes(size)];
  });
}

function properties(random: Random): Part {
  const list = bytes(
    many(random, 0, 2, () => [random.pick([1, 2, 4, 8, 16, 3]), about(random, 4), random.bytes(2)]),
  );
  return [be16(2), be16(random.once(6) ? 4 : 0), list];
}

/** Class and types of objects; what is in them. */
const OBJECTS: readonly (readonly [number: number, types: readonly number[]])[] = [
  [1, [1, 2, 7, 8, 11, 13, 14, 9]],
  [3, [1, 2, 3, 4, 5]],
  [4, [1, 2]],
  [5, [1, 2]],
  [6, [1, 2, 3, 4, 5]],
  [7, [1]],
  [8, [1, 2]],
  [9, [2, 2, 1]],
  [10, [1, 2, 3, 7, 8, 12, 13, 9]],
  [11, [1, 2, 7, 12, 13, 9]],
  [12, [2, 2, 1]],
  [13, [2, 2, 1]],
  [14, [1]],
  [15, [1, 2, 3]],
  [16, [1, 2, 3, 4]],
  [19, [1, 2, 3, 4, 5]],
  [20, [1, 1, 2]],
  [21, [1, 1, 2]],
  [22, [1, 2, 3]],
  [23, [1, 2, 3]],
  [24, [1, 2]],
  [25, [1]],
  [34, [1, 2, 3]],
  [35, [1, 2, 3]],
  [36, [1, 2]],
  [37, [1]],
  [50, [1, 2, 3]],
  [63, [7, 1]],
  [66, [1, 2]],
  [125, [1]],
  [129, [1, 2, 3]],
  [130, [1]],
  [131, [1, 2]],
  [195, [1, 2, 3]],
  [196, [1, 2]],
  [204, [1, 2]],
  [205, [1, 7, 2]],
  [207, [7, 1]],
  [229, [1, 2]],
  [230, [1]],
  [236, [1]],
  [99, [1]],
];

function content(random: Random, number: number, type: number): Part {
  if ((number === 9 || number === 12 || number === 13) && type === 2) return services(random);
  if (number === 20 || number === 21) return hops(random);
  if (number === 229) return userInterface(random);
  if (number === 204) return properties(random);
  if (number === 205) return [random.bytes(4), float(random), random.bytes(12)];
  if (number === 8) return [random.int(256), be24(random.pick([10, 17, 18, 1]))];
  if (number === 19 && type < 4) return [be16(0), be16(random.pick([0x0800, 0x86dd, 1])), random.bytes(8)];
  if (number === 19) return [random.int(13), random.pick([1, 51, 100, 3]), be16(random.int(60))];
  if (number === 6) {
    const code = random.pick([24, 25, 28, 125, 1]);
    return [random.bytes(type === 1 || type === 3 ? 4 : 16), random.int(8), code, be16(random.int(11))];
  }
  if (number === 207) {
    const name = random.text(random.int(9));
    const padding = Array<number>(-name.length & 3).fill(0);
    return [random.int(8), random.int(8), random.int(64), about(random, name.length), name, padding];
  }
  if (number === 36) return [random.int(5), random.bytes(3), random.bytes(8)];
  return random.bytes(random.pick([4, 8, 12, 16, 20, 32, 36, 40, 40]));
}

function object(random: Random): Part {
  const [number, types] = random.pick(OBJECTS);
  const type = random.pick(types);
  const made = bytes(content(random, number, type));
  const body = bytes(made, Array<number>(-made.length & 3).fill(0));
  return [be16(about(random, body.length + 4, 40)), number, type, body];
}

function message(random: Random, type: number, body: Part): Part {
  const content = bytes(body);
  const version = random.once(40) ? 0x20 : 0x10;
  return [
    version | random.int(2),
    type,
    random.bytes(2),
    64,
    0,
    be16(about(random, content.length + 8, 40)),
    content,
  ];
}

const TYPES = [1, 2, 3, 4, 5, 6, 7, 13, 14, 15, 20, 9];

function rsvp(random: Random): Uint8Array {
  const single = () =>
    message(
      random,
      random.pick(TYPES),
      many(random, 0, 4, () => object(random)),
    );
  const whole = random.once(6) ? message(random, 12, many(random, 1, 3, single)) : single();
  return upper(random, PROTOCOL, bytes(whole), -1);
}

export const generators: Generators = { rsvp };
