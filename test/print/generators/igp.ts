// Interior gateway protocols over UDP and IP: RIP, RIPng, Babel, AHCP, EIGRP, IGRP, EGP.

import {
  be16,
  be32,
  bytes,
  type Generators,
  ip6Address,
  type Part,
  ports,
  type Random,
  udp,
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

export const generators: Generators = {
  rip,
  ripng,
  babel,
  ahcp,
};
