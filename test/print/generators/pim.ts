// Multicast routing: IGMP and what it carries (PIMv1, DVMRP, traceroute), PIMv2, auto-RP.

import {
  be16,
  be24,
  be32,
  bytes,
  ethernet,
  type Generators,
  internetChecksum,
  ip4,
  ip6,
  ip6Address,
  type Part,
  ports,
  type Random,
  udp,
  withChecksum,
} from '../generator.js';

const IGMP = 2;
const PIM = 103;

const many = (random: Random, least: number, most: number, make: () => Part): Part[] =>
  Array.from({ length: random.between(least, most) }, make);

/** The right number, or once in ten another one. */
const about = (random: Random, right: number): number =>
  random.once(10) ? random.pick([0, 1, right + 1, Math.max(0, right - 1), 0xff]) : right;

const mask = (random: Random): number[] => be32(random.once(2) ? 0xffffffff : 0xffffff00);

/** Sometimes without its end. */
function shortened(random: Random, part: Part): Uint8Array {
  const whole = bytes(part);
  return random.once(8) ? whole.subarray(0, random.int(whole.length + 1)) : whole;
}

/** A message with its checksum right but for one in eight. */
function igmp(random: Random, message: Part): Uint8Array {
  const body = shortened(random, message);
  if (body.length >= 4 && !random.once(8)) {
    body.set([0, 0], 2);
    body.set(be16(internetChecksum(body)), 2);
  }
  return ethernet(random, 0x0800, ip4(random, IGMP, body));
}

const groupQuery = (random: Random): Uint8Array => {
  const sources = many(random, 0, 3, () => random.bytes(4));
  const group = random.once(3) ? be32(0) : random.bytes(4);
  const head = [0x11, random.pick([0, 100, random.int(256)]), 0, 0, group];
  if (random.once(2)) return igmp(random, head);
  return igmp(random, [head, random.bytes(2), be16(about(random, sources.length)), sources]);
};

const groupReport = (random: Random): Uint8Array => {
  if (random.once(2))
    return igmp(random, [
      random.pick([0x12, 0x16, 0x17, 0x99]),
      0,
      0,
      0,
      random.bytes(random.pick([4, 4, 8])),
    ]);
  const records = many(random, 0, 3, () => {
    const sources = many(random, 0, 3, () => random.bytes(4));
    return [random.int(8), 0, be16(about(random, sources.length)), random.bytes(4), sources];
  });
  return igmp(random, [0x22, 0, 0, 0, 0, 0, be16(about(random, records.length)), records]);
};

const traceroute = (random: Random): Uint8Array =>
  igmp(random, [
    random.pick([0x1e, 0x1f]),
    random.bytes(11),
    random.bytes(4),
    random.once(2) ? [224, 0, 0, 1] : random.bytes(4),
    random.int(256),
    be24(random.u32()),
  ]);

function dvmrpRoutes(random: Random): Part {
  return many(random, 0, 3, () => {
    const width = random.between(1, 4);
    const wide = [255, 255, 255].map((byte, i) => (i < width - 1 ? byte : 0));
    const routes = random.between(1, 3);
    return [
      wide,
      Array.from({ length: routes }, (_, i) => [
        random.bytes(width),
        (i === routes - 1 ? 0x80 : 0) + random.int(33),
      ]),
    ];
  });
}

const dvmrp = (random: Random): Uint8Array => {
  const type = random.between(0, 10);
  const neighbors = (newer: boolean) =>
    many(random, 0, 3, () => {
      const list = many(random, 0, 3, () => random.bytes(4));
      const head = [random.bytes(6), newer ? random.int(256) : []];
      return [head, about(random, list.length), list];
    });
  const body =
    type === 2
      ? dvmrpRoutes(random)
      : type === 4 || type === 6
        ? neighbors(type === 6)
        : type === 1
          ? [random.bytes(4), many(random, 0, 3, () => random.bytes(4))]
          : random.bytes(12);
  return igmp(random, [0x13, type, 0, 0, random.bytes(4), body]);
};

const pim1 = (random: Random): Uint8Array => {
  const type = random.between(0, 8);
  const head = [0x14, type, 0, 0, random.pick([0x10, 0x10, 0x20]), 0, 0, 0];
  if (type !== 3 && type !== 6 && type !== 7) {
    const mode = random.int(4) << 4;
    const body = [[mode, random.bytes(3)], mask(random), random.bytes(20)];
    return igmp(random, [head, body]);
  }
  const groups = many(random, 0, 3, () => {
    const joined = random.int(3);
    const pruned = random.once(2) ? 1 - Math.min(joined, 1) : random.int(3);
    const sources = Array.from({ length: joined + pruned }, () => [
      random.int(2),
      random.int(256),
      random.bytes(4),
    ]);
    return [random.bytes(4), mask(random), be16(about(random, joined)), be16(pruned), sources];
  });
  const hold = be16(random.pick([180, 210, 3661]));
  return igmp(random, [head, random.bytes(6), hold, 0, 4, 4, about(random, groups.length), groups]);
};

/** Addresses as a message encodes them: with their family, or bare with the length that the header says. */
interface Addresses {
  readonly encoding: number;
  unicast(): Part;
  masked(): Part;
}

function makeAddresses(random: Random): Addresses {
  const encoding = random.once(4) ? random.pick([4, 16, 5]) : 0;
  const family = (): [Part, number[]] => {
    const v6 = encoding === 0 ? random.once(2) : encoding === 16;
    const head = encoding !== 0 ? [] : [random.once(40) ? 3 : v6 ? 2 : 1, random.once(40) ? 1 : 0];
    return [head, v6 ? ip6Address(random) : random.bytes(4)];
  };
  const masked = (): Part => {
    const [head, address] = family();
    const bits = random.once(2) ? address.length * 8 : random.int(129);
    return [head, random.once(2) ? 0 : random.int(256), bits, address];
  };
  return { encoding, unicast: family, masked };
}

function helloOption(random: Random, addresses: Addresses): Part {
  const type = random.pick([1, 2, 18, 19, 20, 21, 22, 24, 65001, 77]);
  const usual: Record<number, number> = { 1: 2, 22: 0, 77: random.int(20) };
  const body = bytes(
    type === 24 || type === 65001
      ? many(random, 0, 3, addresses.unicast)
      : type === 19 && random.once(4)
        ? []
        : type === 21 && random.once(2)
          ? [1, random.int(256), 0, 0]
          : random.bytes(usual[type] ?? 4),
  );
  return [be16(type), be16(about(random, body.length)), body];
}

function pimBody(random: Random, type: number, addresses: Addresses): Part {
  const { unicast, masked } = addresses;
  const lists = (): Part => {
    const joined = many(random, 0, 2, masked);
    const pruned = many(random, 0, 2, masked);
    return [masked(), be16(about(random, joined.length)), be16(pruned.length), joined, pruned];
  };
  const hold = (): number[] => be16(random.pick([0, 105, 0xffff, 70000 & 0xffff]));
  switch (type) {
    case 0:
      return many(random, 0, 4, () => helloOption(random, addresses));
    case 1: {
      const flags = be32(random.pick([0, 0x80000000, 0x40000000, 0xc0000000]));
      const inner = random.pick([
        () => ip4(random, 99, random.bytes(4)),
        () => ip6(random, 99, random.bytes(4)),
        () => bytes(0, random.bytes(19)),
        () => bytes(0x70, random.bytes(19)),
      ]);
      return [flags, inner()];
    }
    case 2:
      return [masked(), unicast()];
    case 3:
    case 6:
    case 7: {
      const groups = many(random, 0, 3, lists);
      return [type === 7 ? [] : unicast(), 0, about(random, groups.length), hold(), groups];
    }
    case 4: {
      const groups = many(random, 0, 3, () => {
        const points = many(random, 0, 3, () => [unicast(), hold(), random.bytes(2)]);
        return [masked(), random.int(4), about(random, points.length), 0, 0, points];
      });
      return [random.bytes(4), unicast(), groups];
    }
    case 5:
      return [masked(), unicast(), random.bytes(8)];
    case 8: {
      const groups = many(random, 0, 3, masked);
      return [about(random, groups.length), random.int(256), hold(), unicast(), groups];
    }
    case 9:
      return [unicast(), masked(), unicast(), hold()];
    case 10:
      return [unicast(), random.bytes(8), unicast(), random.bytes(8), hold()];
    default:
      return random.bytes(8);
  }
}

const pim = (random: Random): Uint8Array => {
  const type = random.int(13);
  const addresses = makeAddresses(random);
  const first = (random.once(20) ? 0x10 : 0x20) | type;
  const second = (random.int(6) << 4) | addresses.encoding;
  const body = pimBody(random, type, addresses);
  const message = shortened(random, [first, second, 0, 0, body]);
  if (random.once(2)) {
    const packet = ip6(random, PIM, message);
    if (message.length >= 4 && !random.once(8)) withChecksum(packet, 40, 2, PIM);
    return ethernet(random, 0x86dd, packet);
  }
  const covered = type === 1 && random.once(2) ? message.subarray(0, 8) : message;
  if (message.length >= 4 && !random.once(8)) {
    message.set(random.once(10) ? [1, 1] : be16(internetChecksum(covered)), 2);
  }
  return ethernet(random, 0x0800, ip4(random, PIM, message));
};

const autoRp = (random: Random): Uint8Array => {
  const points = many(random, 0, 3, () => {
    const groups = many(random, 0, 3, () => [
      random.once(2) ? random.int(2) : random.int(256),
      random.int(33),
      random.bytes(4),
    ]);
    return [
      random.bytes(4),
      random.once(2) ? random.int(4) : random.int(256),
      about(random, groups.length),
      groups,
    ];
  });
  const hold = be16(random.pick([0, 181]));
  const head = [random.pick([0x11, 0x12, 3]), about(random, points.length), hold, random.bytes(4)];
  return udp(random, ...ports(random, 496), shortened(random, [head, points]));
};

export const generators: Generators = {
  groupQuery,
  groupReport,
  traceroute,
  dvmrp,
  pim1,
  pim,
  autoRp,
};
