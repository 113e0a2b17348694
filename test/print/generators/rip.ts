// Interior gateway protocols over UDP and IP: RIP, RIPng, Babel, AHCP, EIGRP, IGRP, EGP.

import {
  be16,
  be32,
  bytes,
  ethernet,
  type Generators,
  ip6Address,
  type Part,
  ports,
  type Random,
  udp,
  upper,
} from '../generator.js';
import { about, many, shortened, tlv8 } from '../routingparts.js';

const mask = (random: Random): number[] => {
  const bits = random.int(33);
  return random.once(6) ? random.bytes(4) : be32(bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0);
};

function ripEntry(random: Random, version: number): Part {
  if (version === 2 && random.once(3)) {
    const type = random.pick([1, 2, 3, 4]);
    const password = type === 2 ? random.text(random.int(17)) : '';
    return [0xff, 0xff, be16(type), bytes(password, random.bytes(16)).subarray(0, 16)];
  }
  const family = random.pick([2, 2, 2, 0, 6, 7, 16, 23, 24, 28, 30, 99]);
  const zeros = version === 1 && !random.once(4);
  return [
    be16(family),
    zeros ? [0, 0] : random.bytes(2),
    random.bytes(4),
    zeros ? [0, 0, 0, 0] : mask(random),
    zeros || random.once(2) ? [0, 0, 0, 0] : random.bytes(4),
    be32(random.int(17)),
  ];
}

function rip(random: Random): Uint8Array {
  const version = random.pick([1, 2]);
  // Other versions, commands from 5 to 11 and cut headers are tested by their texts.
  const command = random.once(4) ? random.pick([0, 3, 4, 12]) : random.pick([1, 2]);
  const entries = many(random, 0, 3, () => ripEntry(random, version));
  // 4.99 counts the header to the routes, which shows where one is nearly whole.
  const body = shortened(random, entries);
  const list = body.subarray(0, body.length - Math.max(0, (body.length % 20) - 15));
  return udp(random, ...ports(random, 520), [command, version, 0, 0, list]);
}

function ripng(random: Random): Uint8Array {
  const version = random.once(12) ? 2 : 1;
  const command = random.once(8) ? random.int(5) : random.pick([1, 2]);
  const route = () =>
    random.once(4)
      ? [Array<number>(16).fill(0), random.once(2) ? [0, 0] : random.bytes(2), 0, 16]
      : [ip6Address(random), random.once(2) ? [0, 0] : random.bytes(2), random.int(129), random.int(17)];
  const list = many(random, 0, 3, route);
  return udp(random, ...ports(random, 521), shortened(random, [command, version, 0, 0, list], 8));
}

/** Sub-TLVs of Babel. */
const subTlvs = (random: Random): Part =>
  many(random, 0, random.once(2) ? 3 : 0, () => {
    const type = random.pick([0, 1, 2, 2, 3, 3, 0x85]);
    if (type === 0) return 0;
    const value =
      type === 2 ? many(random, 0, 3, () => random.pick([0, 255, 7])) : random.bytes(random.pick([0, 4, 8]));
    return tlv8(random, type, value);
  });

/** A prefix of Babel as its encoding has it, without the bytes that are omitted. */
function babelPrefix(random: Random, encoding: number, bits: number, omitted = 0): Part {
  if (encoding === 0) return [];
  const whole = encoding === 1 ? random.bytes(4) : ip6Address(random);
  const start = encoding === 3 ? 8 : omitted;
  return whole.slice(start, Math.max(start, Math.ceil(bits / 8)));
}

const babelBits = (random: Random, encoding: number): number =>
  random.once(20) ? random.int(256) : encoding === 0 ? 0 : random.int(encoding === 1 ? 33 : 129);

function babelValue(random: Random, type: number): Part {
  const encoding = random.once(16) ? random.int(6) : random.pick([0, 1, 1, 2, 2, 3]);
  const bits = babelBits(random, encoding);
  const sourceBits = babelBits(random, encoding);
  const time = random.pick([[0, 0], [0xff, 0xff], random.bytes(2)]);
  const address = babelPrefix(random, encoding, encoding === 1 ? 32 : 128);
  const omitted = random.once(3) ? random.int(5) : 0;
  switch (type) {
    case 1:
      return random.bytes(random.int(5));
    case 2:
      return [0, 0, random.bytes(2), time];
    case 3:
      return random.bytes(2);
    case 4:
      return [random.pick([0, 0x80]), 0, random.bytes(2), time, subTlvs(random)];
    case 5:
      return [encoding, 0, random.bytes(2), time, address, subTlvs(random)];
    case 6:
      return [0, 0, random.bytes(8)];
    case 7:
      return [encoding, 0, address];
    case 8:
      return [
        encoding,
        random.pick([0x80, 0xc0, 0, 0x40, 0x01]),
        bits,
        omitted,
        time,
        random.bytes(4),
        babelPrefix(random, encoding, bits, omitted),
        subTlvs(random),
      ];
    case 9:
      return [encoding, bits, babelPrefix(random, encoding, bits)];
    case 10:
      return [encoding, bits, random.bytes(12), babelPrefix(random, encoding, bits)];
    case 11:
      return random.bytes(6);
    case 12:
      return [random.bytes(2), random.bytes(16)];
    case 13:
      return [
        encoding,
        sourceBits,
        bits,
        omitted,
        time,
        random.bytes(4),
        babelPrefix(random, encoding, bits, omitted),
        babelPrefix(random, encoding, sourceBits),
        subTlvs(random),
      ];
    case 14:
      return [
        [encoding, bits, sourceBits],
        babelPrefix(random, encoding, bits),
        babelPrefix(random, encoding, sourceBits),
      ];
    case 15:
      return [
        encoding,
        bits,
        random.bytes(3),
        sourceBits,
        random.bytes(8),
        babelPrefix(random, encoding, bits),
        babelPrefix(random, encoding, sourceBits),
      ];
    default:
      return random.bytes(random.int(8));
  }
}

function babel(random: Random): Uint8Array {
  const tlv = (): Part => {
    const type = random.int(21);
    return type === 0 ? 0 : tlv8(random, type, shortened(random, babelValue(random, type), 20));
  };
  const body = bytes(many(random, 0, 4, tlv));
  const trailer = bytes(random.once(4) ? many(random, 1, 2, tlv) : []);
  const header = [random.once(30) ? 41 : 42, random.once(30) ? 3 : 2, be16(about(random, body.length, 24))];
  return udp(random, ...ports(random, random.pick([6696, 6697])), [header, body, trailer]);
}

function ahcpOption(random: Random): Part {
  const type = random.int(16);
  if (type < 2) return type;
  const sizes: Record<number, number> = {
    2: 4,
    3: 4,
    4: 16,
    5: 4,
    6: 17,
    7: 5,
    8: 16,
    9: 4,
    10: 17,
    11: 5,
    12: 16,
    13: 16,
  };
  const count = type < 4 ? 1 : random.int(3);
  return tlv8(random, type, random.bytes(random.once(12) ? random.int(20) : (sizes[type] ?? 3) * count));
}

function ahcp(random: Random): Uint8Array {
  const options = bytes(many(random, 0, 3, () => ahcpOption(random)));
  const header = [random.once(20) ? 0 : 43, random.once(20) ? 2 : 1, random.bytes(22)];
  const body = [random.int(8), random.once(5) ? 1 : 0, be16(about(random, options.length)), options];
  return udp(random, ...ports(random, 5359), shortened(random, [header, body]));
}

function eigrpValue(random: Random, type: number): Part {
  const nextHop = random.once(3) ? [0, 0, 0, 0] : random.bytes(4);
  const metrics = random.bytes(16);
  const bits = random.once(16) ? 33 : random.int(33);
  const prefix = [bits, random.bytes(Math.max(1, Math.ceil(bits / 8)))];
  const protocol = [random.int(13), random.int(256)];
  switch (type) {
    case 1:
      return random.bytes(8);
    case 4:
    case 0x203:
      return type === 4
        ? random.bytes(4)
        : [nextHop, random.bytes(12), protocol, random.bytes(2), metrics, random.bytes(4)];
    case 0x102:
      return [nextHop, metrics, prefix];
    case 0x103:
      return [nextHop, random.bytes(18), protocol, metrics, prefix];
    case 0x202:
      return [nextHop, metrics, random.bytes(4)];
    case 0x204:
      return random.bytes(8);
    default:
      return random.bytes(random.int(16));
  }
}

function eigrpPacket(random: Random): Uint8Array {
  const types = [1, 2, 3, 4, 5, 0x102, 0x102, 0x103, 0x103, 0x202, 0x203, 0x204, 0x302, 0x303, 0x401];
  const tlv = () => {
    const type = random.pick(types);
    const value = shortened(random, eigrpValue(random, type));
    return [be16(type), be16(about(random, value.length + 4, 24)), value];
  };
  const header = [
    random.once(24) ? 1 : 2,
    random.int(9),
    random.bytes(2),
    be32(random.int(16)),
    random.bytes(12),
  ];
  return shortened(random, [header, many(random, 0, 3, tlv)], 24);
}

function egp(random: Random): Uint8Array {
  const interior = random.int(3);
  const exterior = random.int(2);
  const host = () => random.bytes(random.pick([1, 2, 3]));
  const distance = () => {
    const networks = random.int(3);
    return [random.int(9), networks, random.bytes(networks * random.pick([1, 2, 3]))];
  };
  const gateway = () => {
    const distances = random.int(3);
    return [host(), distances, many(random, distances, distances, distance)];
  };
  const type = random.pick([1, 1, 1, 2, 3, 3, 5, 8, 4]);
  const small = () => (random.once(6) ? random.int(256) : random.int(10));
  const body = [
    random.once(20) ? 1 : 2,
    type,
    random.int(6),
    random.once(3) ? random.pick([0x80, 0x81]) : small(),
    random.bytes(6),
    type === 8 ? [0, small()] : [interior, exterior],
    random.bytes(4),
    type === 1 ? many(random, interior + exterior, interior + exterior, gateway) : [],
  ];
  return upper(random, 8, shortened(random, body), -1);
}

function igrp(random: Random): Uint8Array {
  const counts = [random.int(3), random.int(3), random.int(2)];
  const total = counts.reduce((sum, count) => sum + count, 0);
  const entries = about(random, total, 8) % 9;
  const header = [0x10 | random.int(4), random.bytes(3), counts.map((count) => be16(count)), random.bytes(2)];
  const list = many(random, entries, entries, () =>
    random.once(5) ? [random.bytes(6), 0, 0, 0, random.bytes(5)] : random.bytes(14),
  );
  return upper(random, 9, shortened(random, [header, list]), -1);
}

function ipx(random: Random): Uint8Array {
  const socket = random.pick([
    0x451, 0x452, 0x452, 0x452, 0x453, 0x453, 0x453, 0x455, 0x456, 0x553, 0x85be, 0x4000,
  ]);
  const name = bytes(random.text(random.int(12)), 0, random.bytes(48)).subarray(0, 48);
  const command = be16(random.once(8) ? random.int(7) : random.between(1, 4));
  const server = () => [random.bytes(2), name, random.bytes(14)];
  const body =
    socket === 0x452
      ? [command, many(random, 0, 2, server)]
      : socket === 0x453
        ? [command, many(random, 0, 3, () => random.bytes(8))]
        : socket === 0x85be
          ? eigrpPacket(random)
          : random.bytes(random.int(8));
  const payload = shortened(random, body);
  const header = [
    [0xff, 0xff],
    be16(payload.length + 30),
    random.bytes(2),
    random.bytes(10),
    be16(socket),
    random.bytes(10),
    random.bytes(2),
  ];
  return ethernet(random, 0x8137, [header, payload]);
}

export const generators: Generators = {
  rip,
  ripng,
  babel,
  ahcp,
  eigrp: (random) => upper(random, 88, eigrpPacket(random), -1),
  egp,
  igrp,
  ipx,
};
