// Time: NTP, timed.

import { be16, be32, bytes, type Generators, type Part, ports, type Random, udp } from '../generator.js';

/** Seconds and fraction, zeros now and then. */
const stamp = (random: Random): Part => [
  be32(random.once(5) ? 0 : random.pick([0xe0000000, 0x80000000, 0x7fffffff, random.u32()])),
  be32(random.once(4) ? 0 : random.u32()),
];

function ntp(random: Random): Uint8Array {
  const same = stamp(random);
  const stamps = Array.from({ length: 4 }, () => (random.once(4) ? same : stamp(random)));
  const message = bytes(
    random.int(256) & (random.once(4) ? 0xff : 0xfd),
    random.pick([0, 1, 2, 15, 16, 62, 63, 3]),
    random.once(3) ? random.int(256) : random.int(12),
    random.int(256),
    random.bytes(8),
    random.once(2) ? 'GPS\0' : random.bytes(4),
    stamps,
    random.bytes(random.pick([0, 0, 4, 20, 24, 8, 21])),
  );
  return udp(random, ...ports(random, 123), random.once(8) ? message.subarray(0, random.int(72)) : message);
}

function ntpControl(random: Random): Uint8Array {
  const data = random.text(random.int(20));
  const header = [
    random.int(256) | 0x06,
    random.int(256),
    random.bytes(2),
    be16(random.once(3) ? 0 : random.int(65536)),
    random.bytes(4),
  ];
  const message = bytes(header, be16(random.once(6) ? random.int(40) : data.length), data);
  return udp(random, ...ports(random, 123), random.once(8) ? message.subarray(0, random.int(14)) : message);
}

function timed(random: Random): Uint8Array {
  const type = random.once(6) ? random.int(256) : random.pick([0, 1, 2, 5, 8, 22, 23, 24]);
  const seconds = random.pick([0, 1, 0xffffffff, 0xfffffffe, random.u32()]);
  const fraction = random.once(4) ? random.u32() : random.int(1000000);
  const name = [
    random.text(random.int(12)),
    random.once(4) ? [] : 0,
    random.once(3) ? random.bytes(250) : [],
  ];
  const message = bytes(type, 1, random.bytes(2), be32(seconds), be32(fraction), name);
  return udp(
    random,
    ...ports(random, 525),
    message.subarray(0, random.once(8) ? random.int(14) : message.length),
  );
}

export const generators: Generators = { ntp, ntpControl, timed };
