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
import { many, shortened } from '../routingparts.js';

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

export const generators: Generators = {
  rip,
  ripng,
};
