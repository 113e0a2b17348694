// Discovery of neighbours: LLDP with the TLVs of its organizations, CDP.

import {
  be16,
  be24,
  be32,
  bytes,
  ethernet,
  type Generator,
  type Generators,
  type Part,
  type Random,
} from '../generator.js';

/** A number that is now and then another one. */
const nearly = (random: Random, right: number, by = 6): number =>
  random.once(12) ? Math.max(0, right + random.between(-by, by)) : right;

const many = (count: number, make: () => Part): Part[] => Array.from({ length: count }, make);

/** Text with a zero or a control byte now and then. */
const text = (random: Random, most: number): number[] =>
  [...random.text(random.int(most + 1))].map((c) => (random.once(15) ? random.int(256) : c.charCodeAt(0)));

/** A value that is sometimes cut short or too long for its type. */
const spoilt = (random: Random, value: Part): Uint8Array => {
  const whole = bytes(value);
  if (random.once(8)) return whole.subarray(0, random.int(whole.length + 1));
  return random.once(12) ? bytes(whole, random.bytes(random.int(5))) : whole;
};

const tlv = (random: Random, type: number, value: Part): Uint8Array => {
  const body = spoilt(random, value);
  return bytes(be16((type << 9) | (nearly(random, body.length, 3) & 0x1ff)), body);
};

function networkAddress(random: Random): Part {
  const family = random.once(4) ? random.int(256) : random.pick([1, 2, 6]);
  return [family, random.bytes(family === 1 ? 4 : family === 2 ? 16 : 6)];
}

function identifier(random: Random, chassis: boolean): Part {
  const subtype = random.int(9);
  if (subtype === (chassis ? 4 : 3)) return [subtype, random.bytes(6)];
  if (subtype === (chassis ? 5 : 4)) return [subtype, networkAddress(random)];
  return [subtype, text(random, 12)];
}

function management(random: Random): Part {
  const address = bytes(networkAddress(random));
  const oid = random.once(2) ? [] : text(random, 8);
  return [
    nearly(random, address.length),
    address,
    random.int(5),
    be32(random.u32()),
    nearly(random, oid.length),
    oid,
  ];
}

const pairs = (random: Random): Part => many(random.int(4), () => random.bytes(3));

function bridging(random: Random): Part {
  const subtype = random.int(16);
  const name = text(random, 10);
  const sizes = [4, 2, 3, 0, 0, 3, 3, 5, 2, 21, 21, 2, 1, 5, 4, 4];
  const value =
    subtype === 3
      ? [random.bytes(2), nearly(random, name.length), name]
      : subtype === 4
        ? [nearly(random, name.length), name]
        : [random.bytes(sizes[subtype]!), subtype === 12 || subtype === 14 ? pairs(random) : []];
  return [be24(0x0080c2), subtype, value];
}

function ethernetTlv(random: Random): Part {
  const subtype = random.int(6);
  const small = (): number => random.int(random.once(3) ? 256 : 6);
  const value =
    subtype === 1
      ? [small(), random.bytes(2), be16(random.int(45))]
      : subtype === 2
        ? [small(), small(), small()]
        : random.bytes(subtype === 3 ? 5 : 2);
  return [be24(0x00120f), subtype, value];
}

function civic(random: Random): Part {
  const elements = bytes(
    random.text(2),
    many(random.int(4), () => {
      const value = text(random, 6);
      return [random.int(9), nearly(random, value.length), value];
    }),
  );
  return [nearly(random, elements.length + 1), random.int(4), elements];
}

function media(random: Random): Part {
  const subtype = random.int(13);
  const format = random.int(5);
  const value = [
    random.bytes(3),
    [be16(random.int(128)), random.int(6)],
    [random.int(10), random.bytes(3)],
    [format, format === 2 ? civic(random) : format === 1 ? random.bytes(16) : text(random, 12)],
    [random.int(256), be16(random.int(random.once(2) ? 1100 : 65536))],
  ][subtype];
  return [be24(0x0012bb), subtype, value ?? text(random, 12)];
}

function exchange(random: Random): Part {
  const inner = many(random.int(4), () => {
    const type = random.between(1, 5);
    const head = random.bytes(2);
    const value = [
      [head, random.bytes(8)],
      [head, random.bytes(15)],
      [head, random.bytes(4)],
      [head, random.bytes(2), many(random.int(3), () => random.bytes(6))],
      random.bytes(5),
    ][type - 1]!;
    return tlv(random, random.once(15) ? 0 : type, value);
  });
  return [be24(0x001b21), random.once(4) ? random.int(4) : 2, inner];
}

const iana = (random: Random): Part => [be24(0x5e), random.once(3) ? random.int(4) : 1, text(random, 20)];

function organization(random: Random): Part {
  const make = random.pick<(random: Random) => Part>([bridging, ethernetTlv, media, exchange, iana]);
  return random.once(8) ? [be24(random.int(0x3000)), random.bytes(6)] : make(random);
}

function someTlv(random: Random): Uint8Array {
  const type = random.pick([1, 2, 3, 4, 5, 6, 7, 8, 9, 126, 127, 127, 127, 127, 127]);
  const values: { readonly [type: number]: () => Part } = {
    1: () => identifier(random, true),
    2: () => identifier(random, false),
    3: () => random.bytes(2),
    7: () => random.bytes(4),
    8: () => management(random),
    127: () => organization(random),
  };
  return tlv(random, type, (values[type] ?? (() => text(random, 30)))());
}

const lldp: Generator = (random) =>
  ethernet(random, 0x88cc, [
    many(random.int(6), () => someTlv(random)),
    random.once(4) ? [] : [0, 0],
    random.once(5) ? random.bytes(random.int(5)) : [],
  ]);

function cdpAddresses(random: Random): Part {
  const list = many(random.int(4), () => {
    const [type, protocol, size] = random.pick<[number, number[], number]>([
      [1, [0xcc], 4],
      [2, [0xaa, 0xaa, 3, 0, 0, 0, 0x86, 0xdd], 16],
      [random.int(3), random.bytes(random.int(4)), random.int(6)],
    ]);
    return [
      type,
      nearly(random, protocol.length, 2),
      protocol,
      be16(nearly(random, size, 2)),
      random.bytes(size),
    ];
  });
  return [be32(nearly(random, list.length, 2)), list];
}

function cdpValue(random: Random, type: number): Part {
  switch (type) {
    case 2:
    case 22:
      return cdpAddresses(random);
    case 5:
      return [text(random, 10), 10, text(random, 10)];
    case 7:
      return random.bytes(5 * random.int(4));
    case 15:
    case 16:
      return random.bytes(random.between(1, 3));
    case 23:
      return [random.int(256), text(random, 10)];
    default: {
      const sizes: { readonly [type: number]: number } = { 4: 4, 10: 2, 11: 1, 14: 3, 17: 4, 18: 1, 19: 1 };
      const size = sizes[type];
      return size === undefined ? text(random, 20) : random.bytes(size);
    }
  }
}

/** Without the types behind 23, which 4.99 does not know. */
const cdp: Generator = (random) => {
  const tlvs = many(random.int(6), () => {
    const type = random.once(12) ? random.between(0x1000, 0xffff) : random.int(24);
    const value = spoilt(random, cdpValue(random, type));
    return [be16(type), be16(nearly(random, value.length + 4)), value];
  });
  const body = bytes(random.int(4), random.int(256), random.bytes(2), tlvs);
  const short = random.once(10) ? random.int(body.length + 1) : body.length;
  return ethernet(random, 0, [0xaa, 0xaa, 3, [0, 0, 0x0c], 0x20, 0x00, body.subarray(0, short)]);
};

export const generators: Generators = { lldp, cdp };
