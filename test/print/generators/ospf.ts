// OSPF over IPv4 and IPv6: every packet type and advertisement, opaque ones, authentication and what is behind a packet.

import {
  be16,
  be24,
  be32,
  bytes,
  ethernet,
  type Generators,
  ip4,
  ip6,
  ip6Address,
  type Part,
  type Random,
} from '../generator.js';
import { about, bandwidth, bandwidths, many, padded, shortened, tlv16 } from '../routingparts.js';

const address = (random: Random): number[] => (random.once(6) ? [0, 0, 0, 0] : random.bytes(4));

function linkValue(random: Random, type: number): Part {
  switch (type) {
    case 1:
      return random.int(4);
    case 2:
    case 11:
      return random.bytes(random.pick([4, 4, 8, 5]));
    case 3:
    case 4:
    case 5:
    case 9:
      return random.bytes(random.once(12) ? 3 : 4);
    case 6:
    case 7:
      return bandwidth(random);
    case 8:
      return bandwidths(random, random.once(8) ? 7 : 8);
    case 14:
      return [random.int(256), 0, 0, 0];
    case 15:
      return [random.pick([1, 4, 51, 100, 150, 200, 9]), random.int(13), 0, 0, bandwidths(random, 8)];
    case 16:
      return random.bytes(random.pick([4, 8, 5]));
    case 17:
      return [random.pick([0, 1, 254, 7]), 0, 0, 0, bandwidths(random, random.int(10))];
    default:
      return random.bytes(random.between(1, 9));
  }
}

const linkTlv = (random: Random): Part => {
  const type = random.pick([1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 14, 15, 16, 17, 30, random.int(20)]);
  return tlv16(random, type, linkValue(random, type));
};

function engineering(random: Random): Part {
  return many(random, 0, 2, () => {
    const type = random.pick([1, 2, 2, 2, 3]);
    if (type === 1) return tlv16(random, 1, random.bytes(random.once(8) ? 3 : 4));
    if (type === 2)
      return tlv16(
        random,
        2,
        many(random, 0, 4, () => linkTlv(random)),
      );
    return tlv16(random, random.pick([0, 3, 9]), random.bytes(random.int(7)));
  });
}

function grace(random: Random): Part {
  return many(random, 0, 3, () => {
    const type = random.pick([1, 2, 3, 4]);
    const lengths: Record<number, number> = { 1: 4, 2: 1, 3: 4 };
    const length = random.once(10) ? random.int(6) : (lengths[type] ?? random.int(7));
    return tlv16(random, type, random.once(3) ? [random.int(4), random.bytes(length)] : random.bytes(length));
  });
}

const information = (random: Random): Part =>
  many(random, 0, 2, () =>
    random.once(3)
      ? tlv16(random, random.pick([0, 2, 7]), random.bytes(random.int(3) * 4))
      : tlv16(random, 1, [0, 0, random.int(4), random.int(256)]),
  );

const tos = (random: Random): Part => [random.int(4), 0, random.bytes(2)];

function routerLinks(random: Random): Part {
  const links = random.int(3);
  const link = (): Part => {
    const metrics = random.once(3) ? random.int(3) : 0;
    const type = random.once(16) ? random.int(8) : random.between(1, 4);
    return [
      random.bytes(8),
      type,
      about(random, metrics, 30),
      random.bytes(2),
      many(random, metrics, metrics, () => tos(random)),
    ];
  };
  return [random.int(16), 0, be16(about(random, links, 20)), many(random, links, links, link)];
}

function body2(random: Random, type: number, opaque: number): Part {
  switch (type) {
    case 1:
      return routerLinks(random);
    case 2:
      return [random.bytes(4), many(random, 0, 3, () => random.bytes(4))];
    case 3:
    case 4:
      return [random.bytes(4), many(random, 1, 3, () => [random.int(4), random.bytes(3)])];
    case 5:
    case 7: {
      const metric = () => (random.once(5) ? [0xff, 0xff, 0xff] : random.bytes(3));
      const route = () => [random.pick([0, 1, 0x80, 0x82]), metric(), address(random), address(random)];
      return [random.bytes(4), many(random, 1, 2, route)];
    }
    case 6:
      return many(random, 0, 3, () => [be32(random.int(4)), random.bytes(4)]);
    case 9:
    case 10:
    case 11:
      if (opaque === 1) return engineering(random);
      if (opaque === 3) return grace(random);
      if (opaque === 4) return information(random);
      return random.bytes(random.int(12));
    default:
      return random.bytes(random.int(12));
  }
}

const lsaType = (random: Random): number => random.pick([1, 2, 3, 4, 5, 6, 7, 9, 10, 10, 10, 11, 8]);

function header2(random: Random, type: number, id: Part, length: number): Part {
  return [random.bytes(2), random.int(256), type, id, random.bytes(4), random.bytes(6), be16(length)];
}

function lsaHeader2(random: Random): Part {
  const id = [random.pick([1, 3, 4, 9]), random.bytes(3)];
  return header2(random, lsaType(random), id, about(random, random.between(20, 60), 24));
}

function lsa2(random: Random): Part {
  const type = lsaType(random);
  const opaque = random.pick([1, 1, 1, 3, 4, 9]);
  const body = shortened(random, body2(random, type, opaque), 24);
  return [header2(random, type, [opaque, random.bytes(3)], about(random, body.length + 20, 24)), body];
}

function packet2(random: Random, type: number): Part {
  switch (type) {
    case 1:
      return [
        random.bytes(6),
        random.pick([0x12, 0x02, random.int(256)]),
        random.bytes(5),
        address(random),
        address(random),
        many(random, 0, 2, () => random.bytes(4)),
      ];
    case 2:
      return [
        random.pick([
          [0, 0],
          [5, 0xdc],
        ]),
        random.pick([0x52, 0x42]),
        random.int(16),
        random.bytes(4),
        many(random, 0, 2, () => lsaHeader2(random)),
      ];
    case 3:
      return many(random, 0, 2, () => [
        be32(lsaType(random)),
        [random.pick([1, 3, 4, 9]), random.bytes(3)],
        random.bytes(4),
      ]);
    case 4: {
      const count = random.between(0, 2);
      return [be32(about(random, count, 20)), many(random, count, count, () => lsa2(random))];
    }
    case 5:
      return many(random, 0, 2, () => lsaHeader2(random));
    default:
      return random.bytes(random.int(12));
  }
}

function linkLocal(random: Random): Part {
  const tlv = () => {
    const type = random.pick([1, 1, 2, 9]);
    const value = type === 1 ? [0, 0, 0, random.int(5)] : random.bytes(type === 2 ? 20 : random.int(3) * 4);
    return [be16(type), be16(about(random, bytes(value).length, 10)), value];
  };
  const list = bytes(many(random, 0, 2, tlv));
  return [random.bytes(2), be16(list.length / 4 + 1), list];
}

function ospf(random: Random): Uint8Array {
  const type = random.pick([1, 2, 3, 4, 4, 4, 4, 4, 5, random.int(8)]);
  const body = shortened(random, packet2(random, type), 24);
  const authentication = random.pick([0, 0, 0, 1, 2, 2, random.int(5)]);
  const data =
    authentication === 1 ? padded(random.text(random.int(9))) : [0, 0, random.int(9), 16, random.bytes(4)];
  const header = [
    random.once(16) ? 3 : 2,
    type,
    be16(about(random, body.length + 24, 24)),
    random.bytes(4),
    address(random),
    random.bytes(2),
    be16(authentication),
    bytes(data, random.bytes(8)).subarray(0, 8),
  ];
  const trailer = [authentication === 2 ? random.bytes(16) : [], random.once(3) ? linkLocal(random) : []];
  return ethernet(random, 0x0800, ip4(random, 89, [header, body, trailer]));
}

// --- version 3 ---

function prefix(random: Random): Part {
  const length = random.once(20) ? random.int(256) : random.pick([0, 32, 64, 48, 128, random.int(129)]);
  const words = Math.min(4, Math.ceil(length / 32));
  return [
    length,
    random.int(64),
    random.once(3) ? random.bytes(2) : [0, 0],
    ip6Address(random).slice(0, words * 4),
  ];
}

const LSA3 = [0x2001, 0x2002, 0x2003, 0x2004, 0x4005, 0x2007, 0x0008, 0x2009, 0x000a, 0x000b, 0x200c, 0xa00a];

function body3(random: Random, type: number): Part {
  const options = () => [0, 0, random.int(8), random.int(64)];
  switch (type) {
    case 0x2001: {
      const link = () => [random.once(16) ? 3 : random.pick([1, 2, 4]), 0, random.bytes(14)];
      return [random.int(32), options().slice(1), many(random, 0, 3, link)];
    }
    case 0x2002:
      return [options(), many(random, 0, 3, () => random.bytes(4))];
    case 0x2003:
      return [random.bytes(4), many(random, 0, 2, () => prefix(random))];
    case 0x4005: {
      const flags = random.int(8);
      return [
        flags,
        random.bytes(3),
        prefix(random),
        (flags & 2) !== 0 ? ip6Address(random) : [],
        (flags & 1) !== 0 ? random.bytes(4) : [],
        random.once(2) ? random.bytes(4) : [],
      ];
    }
    case 0x0008: {
      const count = random.int(3);
      return [
        random.int(256),
        options().slice(1),
        ip6Address(random),
        be32(about(random, count, 20)),
        many(random, count, count, () => prefix(random)),
      ];
    }
    case 0x2009: {
      const count = random.int(3);
      return [
        be16(about(random, count, 20)),
        be16(random.pick(LSA3)),
        random.bytes(8),
        many(random, count, count, () => prefix(random)),
      ];
    }
    case 0x000a:
      return engineering(random);
    case 0x000b:
      return grace(random);
    default:
      return random.bytes(random.int(20));
  }
}

const header3 = (random: Random, type: number, length: number): Part => [
  random.bytes(2),
  be16(type),
  random.bytes(14),
  be16(length),
];

const lsaHeader3 = (random: Random): Part =>
  header3(random, random.once(8) ? random.int(65536) : random.pick(LSA3), random.between(20, 60));

function lsa3(random: Random): Part {
  const type = random.once(16) ? random.int(65536) : random.pick(LSA3);
  const body = shortened(random, body3(random, type), 24);
  return [header3(random, type, about(random, body.length + 20, 24)), body];
}

function packet3(random: Random, type: number, lls: boolean): Part {
  const options = be24((lls ? 0x200 : 0) | random.pick([0x13, 0x413, random.int(0x600)]));
  switch (type) {
    case 1:
      return [
        random.bytes(4),
        random.int(256),
        options,
        random.bytes(4),
        address(random),
        address(random),
        many(random, 0, 2, () => random.bytes(4)),
      ];
    case 2:
      return [
        0,
        options,
        random.bytes(2),
        0,
        random.int(32),
        random.bytes(4),
        many(random, 0, 2, () => lsaHeader3(random)),
      ];
    case 3:
      return many(random, 0, 2, () => [0, 0, be16(random.pick(LSA3)), random.bytes(8)]);
    case 4: {
      const count = random.between(0, 2);
      return [be32(about(random, count, 20)), many(random, count, count, () => lsa3(random))];
    }
    case 5:
      return many(random, 0, 2, () => lsaHeader3(random));
    default:
      return random.bytes(random.int(12));
  }
}

function ospf6(random: Random): Uint8Array {
  const type = random.pick([1, 2, 3, 4, 4, 4, 4, 4, 5, random.int(8)]);
  const lls = random.once(2);
  const body = shortened(random, packet3(random, type, lls), 24);
  const header = [
    random.once(16) ? 2 : 3,
    type,
    be16(about(random, body.length + 16, 24)),
    random.bytes(4),
    address(random),
    random.bytes(2),
    random.int(2),
    0,
  ];
  const block = random.bytes(random.int(3) * 4);
  const digest = random.bytes(random.pick([0, 8, 20]));
  const trailer: Part[] = [];
  if (lls && type < 3 && !random.once(4))
    trailer.push([random.bytes(2), be16(about(random, block.length + 4, 8)), block]);
  if (random.once(2)) {
    trailer.push([
      be16(random.pick([1, 1, 2])),
      be16(about(random, digest.length + 16, 8)),
      [0, 0],
      random.bytes(10),
      digest,
    ]);
  }
  return ethernet(random, 0x86dd, ip6(random, 89, [header, body, shortened(random, trailer, 12)]));
}

export const generators: Generators = {
  ospf,
  ospfShort: (random) => ethernet(random, 0x0800, ip4(random, 89, [2, random.bytes(random.int(30))])),
  ospf6,
};
