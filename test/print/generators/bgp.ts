// BGP: every message, capability, path attribute and family of routes, in any number to a segment.

import {
  be16,
  be24,
  be32,
  bytes,
  type Generators,
  type Part,
  ports,
  type Random,
  tcp,
} from '../generator.js';

/** The right number, or once in `times` one that is not. */
const about = (random: Random, right: number, times = 24): number =>
  random.once(times) ? Math.max(0, random.pick([0, 1, 2, 3, right - 1, right + 1, right + 5, 200])) : right;

const many = (random: Random, least: number, most: number, make: () => Part): Part[] =>
  Array.from({ length: random.between(least, most) }, make);

const AFIS = [1, 1, 1, 2, 2, 3, 25, 196, 6, 16388];
const SAFIS = [0, 1, 1, 1, 2, 3, 4, 5, 64, 65, 66, 70, 71, 128, 129, 130, 132];
const family = (random: Random): Part => [be16(random.pick(AFIS)), random.pick(SAFIS)];

const rd = (random: Random): Part => [0, random.int(4), random.bytes(6)];

/** A prefix of up to `most` bits, `extra` bits and bytes in front of it. */
function prefix(random: Random, most: number, front: Part = []): Part {
  const bits = random.once(20) ? random.int(256) : random.int(most + 1);
  const head = bytes(front);
  return [head.length * 8 + bits, head, random.bytes(Math.min(32, Math.ceil(bits / 8)))];
}

const label = (random: Random): Part => be24((random.int(1 << 20) << 4) | random.int(2));

/** A source or a group behind its length. */
const length8 = (random: Random): Part => {
  const size = random.pick([0, 4, 4, 16, 3]);
  return [size * 8, random.bytes(size)];
};

function multicast(random: Random): Part {
  const type = random.between(0, 8);
  const value = bytes(
    rd(random),
    type === 1 ? random.bytes(random.pick([4, 16, 3])) : [],
    type === 2 || type === 6 || type === 7 ? random.bytes(4) : [],
    type === 3 || type > 4 ? [length8(random), length8(random)] : [],
    type === 3 ? random.bytes(random.pick([4, 16])) : [],
  );
  return [type, about(random, value.length), value];
}

function l2vpn(random: Random): Part {
  if (random.once(3)) return [be16(12), rd(random), random.bytes(4)];
  const vectors = many(random, 0, 2, () => {
    const bits = random.int(40);
    return [random.pick([1, 1, 2]), be16(bits), random.bytes(Math.ceil(bits / 8))];
  });
  const value = bytes(rd(random), random.bytes(7), vectors, random.bytes(3));
  return [be16(about(random, value.length)), value];
}

/** A route of a family. */
function route(random: Random, afi: number, safi: number): Part {
  const most = afi === 2 ? 128 : afi === 3 ? 152 : 32;
  if (safi === 65 || afi === 196) return l2vpn(random);
  if (safi === 5) return multicast(random);
  if (safi === 66) return [about(random, 128), rd(random), random.bytes(8)];
  if (safi === 132) return prefix(random, 64, random.bytes(4));
  if (safi === 4) return prefix(random, most, label(random));
  if (safi >= 128) return prefix(random, most, [label(random), rd(random)]);
  return [random.once(8) ? be32(random.int(10)) : [], prefix(random, most), afi === 3 ? random.bytes(3) : []];
}

function nextHop(random: Random, afi: number, safi: number): Part {
  const address = afi === 2 ? random.pick([16, 32]) : afi === 3 ? random.between(1, 20) : 4;
  const mapped = random.once(4)
    ? random.pick([
        [0x47, 0, 6, 1],
        [0x35, 0, 0],
      ])
    : [];
  const front = safi >= 128 && safi < 132 && afi !== 196 ? [rd(random), afi === 3 ? mapped : []] : [];
  const value = bytes(front, random.bytes(address));
  return [about(random, value.length), value];
}

const ROUTED: readonly (readonly [afi: number, safis: readonly number[]])[] = [
  [1, [1, 2, 3, 4, 5, 66, 128, 129, 130, 132]],
  [2, [1, 2, 3, 4, 128, 129, 130]],
  [3, [1, 2, 3, 128, 129, 130]],
  [196, [128, 129, 130]],
  [25, [65]],
];

function reach(random: Random): Part {
  if (random.once(8)) return [family(random), random.bytes(random.int(12))];
  const [afi, safis] = random.pick(ROUTED);
  const safi = random.pick(safis);
  const points = random.once(6) ? many(random, 1, 2, () => [2, random.bytes(2)]) : [];
  return [
    be16(afi),
    safi,
    nextHop(random, afi, safi),
    about(random, points.length, 12),
    points,
    many(random, 0, 3, () => route(random, afi, safi)),
  ];
}

function unreach(random: Random): Part {
  if (random.once(6)) return [family(random), random.bytes(random.int(12))];
  const [afi, safis] = random.pick(ROUTED);
  const safi = random.pick(safis);
  return [be16(afi), safi, many(random, 0, 3, () => route(random, afi, safi))];
}

const EXTENDED = [
  0x0002, 0x0102, 0x0202, 0x0003, 0x0103, 0x0203, 0x4004, 0x0005, 0x0105, 0x0205, 0x8005, 0x0306, 0x8000,
  0x030c, 0x0107, 0x8001, 0x800a, 0x8800, 0x8801, 0x8802, 0x8803, 0x8804, 0x8805, 0x0009, 0x010b, 0x000a,
  0xf10a, 0x0608, 0xc000,
];

function extended(random: Random): Part {
  const kind = random.pick(EXTENDED);
  const small = (most: number) => random.int(most);

  if (kind === 0x0306 || kind === 0x8000) return [be16(kind), random.bytes(4), small(9), small(2)];
  if (kind === 0x030c) return [be16(kind), random.bytes(4), be16(small(19))];
  if (kind === 0x800a) return [be16(kind), small(46), random.bytes(5)];
  return [be16(kind), random.bytes(6)];
}

const asPath = (random: Random, size: number): Part =>
  many(random, 0, 3, () => {
    const count = random.int(4);
    return [about(random, random.between(1, 4)), about(random, count), random.bytes(count * size)];
  });

/** The value of an attribute. */
function value(random: Random, type: number, depth: number): Part {
  switch (type) {
    case 1:
      return random.int(4);
    case 2:
      return asPath(random, random.pick([2, 4]));
    case 6:
      return [];
    case 7:
      return random.bytes(random.pick([6, 8]));
    case 8:
      return many(random, 1, 3, () => (random.once(3) ? be32(0xffffff00 + random.int(5)) : random.bytes(4)));
    case 10:
      return random.bytes(random.int(4) * 4);
    case 14:
      return reach(random);
    case 15:
      return unreach(random);
    case 16:
      return many(random, 1, 3, () => extended(random));
    case 17:
      return asPath(random, 4);
    case 18:
      return random.bytes(8);
    case 22:
      return [random.int(3), random.int(9), random.bytes(3), random.bytes(8)];
    case 26:
      return [random.pick([1, 1, 2]), be16(about(random, 11, 8)), random.bytes(8)];
    case 32:
      return random.bytes(random.between(1, 2) * 12);
    case 128:
      return [random.bytes(4), depth < 12 ? many(random, 0, 2, () => attribute(random, depth + 1)) : []];
    default:
      return random.bytes(type < 6 || type === 9 ? 4 : random.int(10));
  }
}

const TYPES = [
  1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 10, 14, 14, 14, 14, 15, 15, 16, 16, 17, 18, 22, 23, 24, 25, 26, 27, 28,
];

function attribute(random: Random, depth = 0): Part {
  const type = random.pick([...TYPES, 11, 12, 13, 32, 128, 255, 99]);
  const body = bytes(value(random, type, depth));
  const size = about(random, body.length);
  const extended = body.length > 255 || size > 255 || random.once(6);
  const flags = random.once(20) ? random.int(256) & 0xef : random.pick([0x40, 0x80, 0xc0, 0xe0, 0]);
  return [flags | (extended ? 0x10 : 0), type, extended ? be16(size) : size, body];
}

function update(random: Random): Part {
  const routes = (): Part =>
    many(random, 0, random.once(3) ? 3 : 0, () => [
      random.once(9) ? be32(random.int(9)) : [],
      prefix(random, 32),
    ]);
  const withdrawn = bytes(routes());
  const attributes = bytes(many(random, 0, 3, () => attribute(random)));
  return [
    be16(about(random, withdrawn.length, 40)),
    withdrawn,
    be16(about(random, attributes.length, 40)),
    attributes,
    routes(),
  ];
}

function capability(random: Random): Part {
  // Those that 4.99 does not know, and restarts by notification, are tested by their texts.
  const type = random.pick([0, 1, 1, 2, 3, 4, 5, 8, 64, 64, 65, 67, 68, 69, 69, 71, 128, 200]);
  const each = (): Part => [family(random), random.pick([0, 1, 2, 3, 0x80])];
  const body = bytes(
    type === 1
      ? [be16(random.pick(AFIS)), 0, random.pick(SAFIS)]
      : type === 64
        ? [random.int(256) & 0xbf, 120, many(random, 0, 2, each)]
        : type === 8 || type === 69
          ? many(random, 0, 2, each)
          : random.bytes(type === 65 ? 4 : random.int(5)),
  );
  return [type, about(random, body.length), body];
}

function open(random: Random): Part {
  const parameters = bytes(
    many(random, 1, 2, () => {
      const body = bytes(many(random, 0, 3, () => capability(random)));
      return [random.pick([2, 2, 2, 1, 7]), about(random, body.length), body];
    }),
  );
  return [4, random.bytes(2), be16(180), random.bytes(4), about(random, parameters.length), parameters];
}

function notification(random: Random): Part {
  const code = random.int(9);
  // Hard resets are tested by their texts.
  const subcode = random.pick([0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11]);
  if (code === 6 && subcode === 1 && random.once(2)) return [6, 1, family(random), random.bytes(4)];
  if (code === 6 && (subcode === 2 || subcode === 4)) {
    const said = random.text(random.int(12));
    return [code, subcode, about(random, said.length, 5), said, random.bytes(random.pick([0, 0, 3]))];
  }
  return [code, subcode, random.bytes(random.int(4))];
}

function refresh(random: Random): Part {
  const [afi, safi] = [random.pick(AFIS), random.pick(SAFIS)];
  return [be16(afi), random.int(4), safi, random.once(2) ? random.bytes(random.int(12)) : []];
}

function message(random: Random): Part {
  const type = random.pick([1, 2, 2, 2, 2, 2, 2, 3, 4, 5, 6]);
  const body = bytes(
    type === 1
      ? open(random)
      : type === 2
        ? update(random)
        : type === 3
          ? notification(random)
          : type === 4
            ? []
            : type === 5
              ? refresh(random)
              : random.bytes(random.int(9)),
  );
  return [Array<number>(16).fill(0xff), be16(about(random, body.length + 19, 60)), type, body];
}

const segment = (random: Random, payload: Part): Uint8Array => tcp(random, ...ports(random, 179), payload);

export const generators: Generators = {
  bgp: (random) => segment(random, message(random)),
  bgpAttribute: (random) => {
    const one = bytes(attribute(random));
    return segment(random, [
      [Array<number>(16).fill(0xff), be16(one.length + 23), 2],
      [be16(0), be16(one.length), one],
    ]);
  },
  bgpSeveral: (random) => {
    const stream = bytes(many(random, 2, 3, () => message(random)));
    return segment(random, random.once(2) ? stream : stream.subarray(random.int(30)));
  },
};
