// The OSI network layer: CLNP, ES-IS, IS-IS with every field, over the links that carry it.

import {
  be16,
  be24,
  be32,
  bytes,
  ethernet,
  type Generated,
  type Generator,
  type Generators,
  ip4,
  ip6Address,
  type Part,
  type Random,
} from '../generator.js';
import { about, about8, bandwidth, bandwidths, many, shortened, tlv8 } from '../routingparts.js';

/** An OSI packet in LLC, the way most go. */
const overLlc = (random: Random, packet: Part): Uint8Array => ethernet(random, 0, [0xfe, 0xfe, 0x03, packet]);

/** An address behind its length. */
function nsap(random: Random): Part {
  const length = random.once(12) ? random.int(23) : random.between(3, 20);
  return [about8(random, length, 24), random.bytes(length)];
}

/** Sets the checksum of ISO 8473 at `field`, once in a while none or a wrong one. */
function withChecksum(random: Random, packet: Uint8Array, field: number, start = 0): Uint8Array {
  packet.set([0, 0], field);
  if (random.once(4)) return packet;
  let c0 = 0;
  let c1 = 0;
  for (let i = start; i < packet.length; i++) {
    c0 = (c0 + packet[i]!) % 255;
    c1 = (c1 + c0) % 255;
  }
  const x = (((packet.length - field - 1) * c0 - c1) % 255) + 255;
  const y = ((c1 - (packet.length - field) * c0) % 255) + 510;
  packet.set([x % 255 || 255, y % 255 || 255], field);
  if (random.once(4)) packet[field] = random.int(256);
  return packet;
}

// --- CLNP and ES-IS ---

function clnpOption(random: Random): Part {
  const type = random.pick([193, 195, 197, 200, 203, 204, 205, 77]);
  const route = () => [
    random.int(3),
    random.once(6) ? random.int(9) : 3,
    many(random, 0, 2, () => nsap(random)),
  ];
  const value =
    type === 200 || type === 203
      ? route()
      : type === 193
        ? [random.pick([0x00, 0x07, 0x81, 0x93, 0xa1, 0xb4, 0xc0, 0xd0, 0x8f]), 0]
        : type === 195
          ? [random.pick([0x40, 0x80, 0xc0, 0xdf, 0x00])]
          : random.bytes(random.int(4));
  return tlv8(random, type, value);
}

function clnp(random: Random, depth = 0): Uint8Array {
  const type = random.pick([1, 28, 28, 29, 30, 31, 5]) | (random.int(8) << 5);
  const segment = (type & 0x80) !== 0 && !random.once(8) ? random.bytes(6) : [];
  const options = many(random, 0, 2, () => clnpOption(random));
  const rest = bytes(nsap(random), nsap(random), segment, options);
  const quoted = depth < 2 && random.once(2) ? clnp(random, depth + 1) : random.bytes(random.int(12));
  const size = about8(random, rest.length + 9, 12);
  const header = bytes(0x81, size, random.once(16) ? 2 : 1, random.int(256), type, random.bytes(4), rest);
  return bytes(withChecksum(random, header, 7), quoted);
}

function esis(random: Random): Uint8Array {
  const type = random.pick([2, 4, 6, 6, 3]);
  const option = () => {
    const kind = random.pick([129, 195, 197, 198, 205, 225, 226, 77]);
    return tlv8(random, kind, kind === 198 ? random.bytes(2) : random.bytes(random.int(4)));
  };
  const sources = random.int(3);
  const link = random.once(2) ? [6, random.bytes(6)] : nsap(random);
  const addresses =
    type === 2
      ? [about8(random, sources, 12), many(random, sources, sources, () => nsap(random))]
      : type === 6
        ? [nsap(random), link, random.once(3) ? 0 : nsap(random)]
        : nsap(random);
  const rest = shortened(random, [addresses, many(random, 0, 2, option)]);
  const size = about8(random, rest.length + 9, 16);
  const header = [0x82, size, random.once(16) ? 2 : 1, 0, type, random.bytes(4), rest];
  return withChecksum(random, bytes(header), 7);
}

// --- IS-IS ---

const metrics = (random: Random): Part => many(random, 4, 4, () => (random.once(2) ? 0x80 : random.int(256)));

function linkSubTlv(random: Random): Part {
  const type = random.pick([32, 3, 4, 5, 6, 8, 9, 10, 11, 12, 18, 19, 20, 21, 21, 22, 29, 250, 100]);
  const value = ((): Part => {
    switch (type) {
      case 3:
      case 4:
      case 5:
        return random.bytes(random.pick([4, 8, 4, 2]));
      case 9:
      case 10:
        return bandwidth(random);
      case 11:
        return bandwidths(random, 8);
      case 12:
      case 22:
        return [random.pick([0, 1, 254, 9]), bandwidths(random, random.int(4)), random.once(4) ? 7 : []];
      case 19:
        return [0, random.int(8)];
      case 20:
        return random.bytes(2);
      case 21:
        return [
          random.pick([1, 4, 51, 100, 150]),
          random.int(13),
          0,
          0,
          bandwidths(random, 8),
          random.pick([
            [],
            bandwidth(random),
            [bandwidth(random), 1, 2],
            [bandwidth(random), random.int(3), 0, 0, 0],
          ]),
        ];
      case 32:
        return [random.int(256), random.bytes(random.pick([7, 10, 11]))];
      default:
        return random.bytes(random.int(9));
    }
  })();
  return tlv8(random, type, shortened(random, value, 20));
}

function neighbor(random: Random, metric: boolean): Part {
  const list = bytes(many(random, 0, 2, () => linkSubTlv(random)));
  return [random.bytes(7), metric ? random.bytes(3) : [], about8(random, list.length, 16), list];
}

function prefixSubTlv(random: Random): Part {
  const type = random.pick([1, 2, 3, 117, 99]);
  return [type, random.once(3) ? [4, random.bytes(4)] : [8, random.bytes(8)]];
}

function prefix(random: Random, v6: boolean): Part {
  const bits = random.once(24) ? 63 : random.int(v6 ? 129 : 33);
  const list = bytes(random.once(2) ? many(random, 1, 2, () => prefixSubTlv(random)) : []);
  const flag = (list.length > 0 ? (v6 ? 0x20 : 0x40) : 0) | (random.once(3) ? 0x80 : 0);
  const address = ip6Address(random).slice(0, Math.ceil(bits / 8));
  return [
    random.bytes(4),
    v6 ? [flag | (random.once(3) ? 0x40 : 0), bits] : flag | bits,
    address,
    list.length > 0 ? [list.length, list] : [],
  ];
}

function portSubTlv(random: Random): Part {
  const type = random.pick([4, 5, 6, 9]);
  const mcid = () => [
    random.int(256),
    bytes(random.text(random.int(9)), Array<number>(32).fill(0)).subarray(0, 32),
    random.bytes(18),
  ];
  const lengths: Record<number, number> = { 5: 33, 6: 6 * random.int(3), 9: 3 };
  return tlv8(
    random,
    type,
    shortened(random, type === 4 ? [mcid(), mcid()] : random.bytes(lengths[type]!), 12),
  );
}

function bridgeSubTlv(random: Random): Part {
  const type = random.pick([1, 3, 9]);
  const trees = random.int(3);
  const value =
    type === 1
      ? [random.bytes(18), about8(random, trees, 8), random.bytes(8 * trees)]
      : random.bytes(type === 3 ? 8 + 4 * random.int(3) : 3);
  return tlv8(random, type, shortened(random, value, 12));
}

const topology = (random: Random): Part => be16((random.int(16) << 12) | random.pick([0, 1, 2, 3, 4095, 9]));

function isisValue(random: Random, type: number): Part {
  const count = random.int(3);
  const times = (make: () => Part): Part => many(random, count, count, make);
  switch (type) {
    case 1:
      return times(() => nsap(random));
    case 2:
      return [random.int(3), times(() => [metrics(random), random.bytes(7)])];
    case 3:
      return times(() => [metrics(random), random.bytes(6)]);
    case 4:
    case 6:
      return random.bytes(6 * count);
    case 5:
      return [
        metrics(random),
        times(() => {
          const size = random.int(8);
          return [size * 2 + random.int(2), random.bytes(size)];
        }),
      ];
    case 7:
      return random.bytes(random.pick([2, 4, 5, 8]));
    case 13:
      return [random.int(3), random.bytes(random.pick([5, 6, 12, 13]))];
    case 242: {
      const label = () => [1, random.pick([3, 4, 5]), random.bytes(5)];
      const routing = () =>
        tlv8(random, 2, [random.bytes(4), random.once(2) ? [1, 3, random.bytes(3)] : label()]);
      return [random.bytes(5), times(() => (random.once(3) ? tlv8(random, 9, random.bytes(2)) : routing()))];
    }
    case 9:
      return random.bytes(16 * count);
    case 10: {
      const kind = random.pick([1, 54, 54, 3, 255, 77]);
      return [kind, kind === 1 ? random.text(random.int(9)) : random.bytes(kind === 54 ? 16 : random.int(9))];
    }
    case 12:
    case 14:
      return random.bytes(2);
    case 22:
      return times(() => neighbor(random, true));
    case 24:
      return times(() => neighbor(random, false));
    case 128:
    case 130:
      return times(() => [
        metrics(random),
        random.bytes(4),
        random.once(4) ? random.bytes(4) : be32((0xffffff00 << random.int(24)) >>> 0),
      ]);
    case 129:
      return many(random, 0, 3, () => random.pick([0xcc, 0x8e, 0x81, 0x77]));
    case 131:
      return [random.int(4), random.bytes(random.int(4))];
    case 132:
    case 134:
      return random.bytes(4 * count);
    case 135:
      return times(() => prefix(random, false));
    case 137:
      return random.text(random.int(10));
    case 138:
      return random.bytes(random.pick([7, 8, 12, 16, 20, 24]));
    case 143:
      return [random.bytes(2), times(() => portSubTlv(random))];
    case 144:
      return [random.bytes(2), times(() => bridgeSubTlv(random))];
    case 211:
      return [random.int(8), random.pick([[], random.bytes(2), random.bytes(8)])];
    case 222:
      return [topology(random), times(() => neighbor(random, true))];
    case 229:
      return [times(() => topology(random)), random.once(6) ? 1 : []];
    case 232:
      return times(() => ip6Address(random));
    case 235:
      return [topology(random), times(() => prefix(random, false))];
    case 236:
      return times(() => prefix(random, true));
    case 237:
      return [topology(random), times(() => prefix(random, true))];
    case 240:
      return [random.int(4), random.bytes(random.pick([14, 10, 4, 0]))];
    case 241:
      return random.bytes(4);
    case 250:
      return [be24(random.pick([0x00000c, 0x009069, 0x123456])), random.bytes(random.int(5))];
    default:
      return random.bytes(random.int(9));
  }
}

const TLVS = [
  7, 13, 242, 1, 2, 3, 4, 5, 6, 8, 9, 10, 12, 14, 22, 22, 22, 24, 42, 66, 128, 129, 130, 131, 132, 133, 134,
  135, 135, 137, 138, 143, 144, 176, 211, 222, 229, 232, 235, 236, 236, 237, 240, 241, 250, 99,
];

function isis(random: Random): Uint8Array {
  const kinds: Record<number, number> = {
    15: 19,
    16: 19,
    17: 12,
    18: 19,
    20: 19,
    24: 25,
    25: 25,
    26: 9,
    27: 9,
  };
  const type = random.once(24) ? 30 : Number(random.pick(Object.keys(kinds)));
  const header = kinds[type] ?? 9;
  const list = bytes(
    many(random, 0, 3, () => {
      const tlv = random.pick(TLVS);
      return tlv8(random, tlv, shortened(random, isisValue(random, tlv), 20));
    }),
  );
  const length = about(random, 8 + header + list.length, 24);
  const lengthAt = header === 12 || type < 17 ? 9 : 0;
  const fields = bytes(random.bytes(header));
  fields.set(be16(length), lengthAt);
  const wrong = (right: number, other: number) => (random.once(60) ? other : right);
  const packet = bytes(
    [0x83, wrong(8 + header, 30), wrong(1, 2), wrong(random.pick([0, 6]), 4), type, wrong(1, 3), 0],
    random.pick([0, 3, wrong(3, 255)]),
    fields,
    list,
  );
  return type === 18 || type === 20
    ? bytes(packet.subarray(0, 12), withChecksum(random, packet.subarray(12), 12))
    : packet;
}

/** OSI over each of the links and tunnels. */
const links: Generator = (random) => {
  const packet = random.pick([clnp, esis, isis])(random);
  const other = bytes(random.pick([0x00, 0x85, 0xcc, 0x8e]), ip4(random, 59, []));
  const osi = random.once(4) ? other : packet;
  const raw = (linkType: number, ...parts: Part[]): Generated => ({ linkType, bytes: bytes(parts) });
  switch (random.int(6)) {
    case 0:
      return ethernet(random, 0xfefe, [3, osi]);
    case 1:
      return raw(104, [0x0f, 0, 0xfe, 0xfe], random.once(2) ? 3 : [], osi);
    case 2:
      return raw(9, [0xff, 0x03, 0x00, 0x23], osi);
    case 3:
      return raw(0, [7, 0, 0, 0], osi);
    case 4:
      return ethernet(random, 0x8847, [be32(0x00064140), osi]);
    default:
      return ethernet(random, 0x0800, ip4(random, 47, [0, 0, 0x00, 0xfe, osi]));
  }
};

export const generators: Generators = {
  clnp: (random) => overLlc(random, clnp(random)),
  esis: (random) => overLlc(random, esis(random)),
  isis: (random) => overLlc(random, isis(random)),
  links,
};
