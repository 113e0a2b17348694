// ATM: LLC and classical IP in AAL5, Sun's circuits with signalling, maintenance cells and emulated LANs.

import {
  be16,
  be24,
  bytes,
  ethernet,
  type Generated,
  type Generators,
  ip4,
  type Part,
  type Random,
} from '../generator.js';

const on = (linkType: number, ...parts: Part[]): Generated => ({ linkType, bytes: bytes(...parts) });

const ip = (random: Random): Uint8Array => ip4(random, 253, random.bytes(4));

/** A frame with LLC, or one that begins as such. */
function logicalLink(random: Random): Part {
  switch (random.int(5)) {
    case 0:
      return [0xfe, 0xfe, 3, random.pick([0x83, 0xcc, 0x00, 0x80]), random.bytes(9)];
    case 1:
      return [0x06, 0x06, 3, ip(random)];
    case 2:
      return [0xaa, 0xaa, 3, random.bytes(12)];
    default:
      return [0xaa, 0xaa, 3, 0, 0, 0, be16(random.once(4) ? 0x1234 : 0x0800), ip(random)];
  }
}

function aal5(random: Random): Part {
  if (random.once(4)) return [3, random.pick([0xcc, 0x81, 0x00, 0x55]), ip(random)];
  return random.once(3) ? [0x55, random.bytes(19), logicalLink(random)] : logicalLink(random);
}

function clip(random: Random): Part {
  return random.once(2) ? ip(random) : logicalLink(random);
}

/** The remainder of ten bits of bytes, by the polynomial of ATM's cells. */
function crc10(data: Uint8Array): number {
  let sum = 0;
  for (const byte of data) {
    sum ^= byte << 2;
    for (let i = 0; i < 8; i++) sum = ((sum << 1) ^ ((sum & 0x200) !== 0 ? 0x633 : 0)) & 0x3ff;
  }
  return sum;
}

function cell(random: Random): Part {
  const type = random.pick([0x10, 0x11, 0x14, 0x18, 0x18, 0x20, 0x22, 0x23, 0x80, 0x81, 0xf1, 0x33]);
  const payload = bytes(type, random.bytes(45), [0, 0]);
  // The checksum has the last ten bits of the payload; six before them are zeros.
  let shifted = crc10(payload.subarray(0, 46));
  for (let i = 0; i < 6; i++) shifted = ((shifted << 1) ^ ((shifted & 0x200) !== 0 ? 0x633 : 0)) & 0x3ff;
  payload.set(be16(random.once(3) ? random.int(0x10000) : shifted), 46);
  return [random.int(256), random.bytes(2), [random.int(256), random.int(256)], payload];
}

function lane(random: Random): Part {
  if (random.once(3)) {
    const operation = random.between(1, 9) | random.pick([0, 0x100, 0x100, 0x200]);
    return [0xff, 0, random.int(3), random.int(20), be16(operation), random.bytes(4)];
  }
  return [random.bytes(2), ethernet(random, random.pick([0x0800, 0x0800, 0x1234]), ip(random))];
}

function circuit(random: Random): Part {
  const path = random.once(4) ? random.int(256) : 0;
  const channel = random.pick([1, 2, 3, 4, 4, 5, 5, 16, 100]);
  const kind = random.pick([1, 2, 3, 0x81, 0x82]);
  const message = random.pick([2, 5, 7, 15, 0x4d, 0x75, 0x84, 0x33]);
  const signal: Part = [random.pick([9, 9, 9, 10]), 3, be24(random.u32()), message, random.bytes(3)];
  const bodies: Readonly<Record<number, Part>> = {
    3: cell(random),
    4: cell(random),
    5: signal,
    16: [0x30, 2, 2, 0],
  };
  const body = kind % 2 === 1 ? lane(random) : logicalLink(random);
  return [kind, path, be16(channel), path === 0 ? (bodies[channel] ?? body) : body];
}

export const generators: Generators = {
  aal5: (random) => on(100, aal5(random)),
  clip: (random) => on(106, clip(random)),
  sun: (random) => on(123, circuit(random)),
};
