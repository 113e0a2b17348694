// What sets up and tests labelled paths: LDP; beside it MSDP and the router side of the RPKI.

import { be16, be32, bytes, type Generators, type Part, ports, type Random, tcp, udp } from '../generator.js';

/** The right number, or once in `times` one that is not. */
const about = (random: Random, right: number, times = 24): number =>
  random.once(times) ? Math.max(0, random.pick([0, 1, 3, 7, right - 1, right + 1, right + 5, 2000])) : right;

const many = (random: Random, least: number, most: number, make: () => Part): Part[] =>
  Array.from({ length: random.between(least, most) }, make);

function interfaceParameter(random: Random): Part {
  const type = random.pick([1, 3, 12, 12, 7]);
  const body = bytes(type === 3 ? random.text(random.int(6)) : random.bytes(2));
  return [type, about(random, body.length + 2, 12), body];
}

function forwardingClass(random: Random): Part {
  const type = random.pick([1, 2, 2, 2, 3, 128, 128, 9]);
  if (type === 2) {
    const family = random.pick([1, 1, 2, 2, 3]);
    const bits = about(random, random.int(family === 2 ? 129 : 33), 12);
    return [type, be16(family), bits, random.bytes(Math.ceil(Math.min(bits, 128) / 8))];
  }
  if (type !== 128) return type;
  const parameters = bytes(many(random, 0, 3, () => interfaceParameter(random)));
  const wire = (random.int(2) << 15) | random.pick([1, 4, 5, 0x40, 0x99]);
  if (random.once(4)) return [type, be16(wire), 0, random.bytes(4)];
  return [type, be16(wire), about(random, parameters.length + 4, 12), random.bytes(8), parameters];
}

function tlvValue(random: Random, type: number): Part {
  switch (type) {
    case 0x0100:
      return forwardingClass(random);
    case 0x0101: {
      const family = random.between(1, 3);
      return [be16(family), random.bytes(random.int(3) * (family === 2 ? 16 : 4))];
    }
    case 0x0300:
      return [random.bytes(4), random.once(2) ? be32(0) : random.bytes(4), be16(random.pick([0, 0x401, 3]))];
    case 0x0403:
      return random.bytes(16);
    case 0x0500:
      return random.bytes(14);
    case 0x0503:
      return [random.bytes(4), random.once(2) ? random.bytes(8) : be32(0), be32(0)];
    default:
      return random.bytes(4);
  }
}

const TLVS = [
  0x0100, 0x0100, 0x0101, 0x0200, 0x0201, 0x0202, 0x0300, 0x0301, 0x0400, 0x0401, 0x0402, 0x0403, 0x0500,
  0x0503, 0x0600, 0x0601, 0x3f01,
];

function ldpTlv(random: Random): Part {
  const type = random.pick(TLVS);
  const value = bytes(tlvValue(random, type));
  // 4.99 is content with fewer bytes of these two.
  const longer = type === 0x0300 || type === 0x0500;
  const length = longer ? (random.once(12) ? random.int(8) : value.length) : about(random, value.length);
  // Nor may a cut fall into their last fields, which 4.99 does not read.
  const more = longer ? [be16(0x0200), be16(4), random.bytes(4)] : [];
  return [be16((random.int(4) << 14) | type), be16(length), value, more];
}

function ldpMessage(random: Random): Part {
  const type = random.pick([1, 0x100, 0x200, 0x201, 0x300, 0x301, 0x400, 0x400, 0x402, 0x3f00]);
  const body = bytes(many(random, 0, 3, () => ldpTlv(random)));
  return [be16((random.int(2) << 15) | type), be16(about(random, body.length + 4)), random.bytes(4), body];
}

function ldpUnit(random: Random): Part {
  const body = bytes(many(random, 1, 2, () => ldpMessage(random)));
  return [be16(random.once(20) ? 2 : 1), be16(about(random, body.length + 6)), random.bytes(6), body];
}

/** `length`: what is said of a message's right length. Behind a wrong one 4.99 goes on otherwise. */
function msdp(random: Random, length = (right: number) => right): Part {
  const type = random.pick([1, 1, 1, 2, 3, 4, 5, 6, 8, 0]);
  const count = random.int(3);
  const body = bytes(
    ((): Part => {
      // What a message carries besides is tested by its text.
      if (type === 1 || type === 3) return [count, random.bytes(4 + count * 12)];
      return type === 2 ? random.bytes(5) : random.bytes(random.int(2));
    })(),
  );
  return [type, be16(length(body.length + 3)), body];
}

function rpki(random: Random, depth = 0): Part {
  const type = random.pick([0, 1, 2, 3, 4, 6, 7, 8, 10, 10, 5]);
  const body = bytes(
    ((): Part => {
      if (type === 4) return random.bytes(12);
      if (type === 6) return random.bytes(24);
      if (type === 10) {
        const inner = bytes(depth < 3 && random.once(2) ? rpki(random, depth + 1) : []);
        const words = random.text(random.int(9));
        const size = random.once(24) ? random.pick([0, inner.length + 9, 2000]) : inner.length;
        return [be32(size), inner, be32(about(random, words.length)), words];
      }
      return type < 2 || type === 7 ? random.bytes(4) : type === 5 ? random.bytes(6) : [];
    })(),
  );
  return [random.once(24) ? 1 : 0, type, random.bytes(2), be32(about(random, body.length + 8)), body];
}

export const generators: Generators = {
  ldp: (random) => {
    const units = many(random, 1, 2, () => ldpUnit(random));
    return random.once(2)
      ? udp(random, ...ports(random, 646), units)
      : tcp(random, ...ports(random, 646), units);
  },
  msdp: (random) =>
    tcp(
      random,
      ...ports(random, 639),
      random.once(3)
        ? msdp(random, (right) => random.pick([right, 0, 1, 2, 2000]))
        : many(random, 1, 3, () => msdp(random)),
    ),
  rpkiRtr: (random) =>
    tcp(
      random,
      ...ports(random, 323),
      many(random, 1, 3, () => rpki(random)),
    ),
};
