// Frame Relay in its encapsulations, its signalling, and bundles of links.

import {
  be16,
  be24,
  be32,
  bytes,
  type Generated,
  type Generators,
  ip4,
  ip6,
  type Part,
  type Random,
} from '../generator.js';

const FRELAY = 107;
const MFR = 182;

const on = (linkType: number, ...parts: Part[]): Generated => ({ linkType, bytes: bytes(...parts) });

/** An address of two to four bytes, now and then one that does not end, or ends at once. */
function address(random: Random, dlci = random.int(1024)): number[] {
  if (random.once(16)) return random.pick([[0x19], [0x18, 0x40, 0x02, 0x02], [0x18, 0x40, 0x02, 0x02, 0x03]]);
  const first = ((dlci >> 4) << 2) | (random.once(4) ? 2 : 0);
  const second = ((dlci & 15) << 4) | (random.once(4) ? random.int(8) << 1 : 0);
  switch (random.int(5)) {
    case 0:
      return [first, second, (random.int(128) << 1) | 1];
    case 1:
      return [first, second, random.int(128) << 1, (random.int(128) << 1) | 1];
    default:
      return [first, second | 1];
  }
}

/** IP with something in it that prints in a few words. */
export function datagram(random: Random): Uint8Array {
  const body = [be16(40001), be16(40002), be16(12), be16(0), random.bytes(4)];
  return random.once(3) ? ip6(random, 17, body) : ip4(random, 17, body);
}

/** Network layer packets of OSI. */
export function osi(random: Random): number[] {
  return random.pick([
    [0x82, 10, 1, 0, 4, 0, 30, 0, 0, 0],
    [0x83, 27, 1, 0, 25, 1, 0, 0, 0, 20, 0, 0, ...random.bytes(8)],
    [0x81, 9, 1, 30, 0x1c, 0, 20, 0, 0, ...random.bytes(4)],
  ]);
}

function snap(random: Random): Part {
  const frame = [random.bytes(12), be16(0x0800), ip4(random, 17, random.bytes(4))];
  return random.pick<Part>([
    [be24(0), be16(0x0800), datagram(random)],
    [be24(0), be16(0x1234), random.bytes(5)],
    [be24(0x80c2), be16(random.pick([1, 7])), frame],
    [be24(0x80c2), be16(14), be16(0), 0, 0x80, random.bytes(4)],
    [be24(0x80c2), be16(random.pick([2, 5])), random.bytes(8)],
    [be24(0x123456), be16(7), random.bytes(5)],
  ]);
}

/** Elements of signalling: those of local management, unknown ones, shifts. */
function element(random: Random): number[] {
  const kind = random.int(8);
  if (kind === 0) return [random.pick([0x95, 0x90, 0x9d, 0x98, 0x9a, 0x93, 0x96, 0x80, 0xa0, 0xff])];
  const ansi = random.once(2);
  switch (kind) {
    case 1:
      return [ansi ? 1 : 0x51, 1, random.int(4)];
    case 2:
      return [random.pick([3, 0x53, 0x19]), random.pick([2, 2, 2, 1, 3]), ...random.bytes(2)];
    case 3:
    case 4:
    case 5: {
      const size = random.pick([3, 3, 3, 4, 5, 2, 6]);
      const value = random.bytes(size).map((byte) => (random.once(12) ? byte : byte & 0x7f));
      for (const at of [size - 1, size - 2]) if (!random.once(8)) value[at] = value[at]! | 0x80;
      return [ansi ? 7 : 0x57, size, ...value];
    }
    case 6:
      return [random.pick([0x08, 0x28, 0x4c, 0x7e]), ...random.pick([[3, 1, 2, 3], [1, 9], [0], [30, 1]])];
    default:
      return random.once(4) ? [0, 1, 1] : [0x44, 2, 0x80, 0x81];
  }
}

/** A message from the length of its call reference on. */
export function signalling(random: Random): number[] {
  const reference = random.bytes(random.pick([0, 0, 0, 1, 2, 15]));
  const type = random.pick([
    0x7d, 0x75, 0x7d, 0x75, 0x00, 0x01, 0x02, 0x03, 0x05, 0x07, 0x0f, 0x45, 0x4d, 0x5a, 0x46, 0x4e, 0x33,
  ]);
  const shift = random.pick([[], [0x95], [0x95], [0x9d], [0x93], [0x98]]);
  const elements = Array.from({ length: random.int(5) }, () => element(random)).flat();
  return [(random.int(16) << 4) | reference.length, ...reference, type, ...shift, ...elements];
}

/** What follows an address. */
function payload(random: Random): Part {
  switch (random.int(9)) {
    case 0:
      return [3, 0xcc, ip4(random, 17, random.bytes(6))];
    case 1:
      return [3, 0x8e, ip6(random, 59, [])];
    case 2:
      return [3, osi(random)];
    case 3:
      return [3, 0, 0x80, snap(random)];
    case 4:
      return [3, 0xb1, random.bytes(random.int(5))];
    case 5:
      return [3, 0xcf, be16(0x21), datagram(random)];
    case 6:
      return [be16(0x0800), datagram(random)];
    case 7:
      return random.pick<Part>([
        [0x12, 0x34, random.bytes(6)],
        [0x00, 0x80, random.bytes(6)],
        [0x08],
        [0x12, 0, 0xcc, datagram(random)],
      ]);
    default:
      return [3, random.once(3) ? 0 : [], random.int(256), random.bytes(random.int(20))];
  }
}

export function frame(random: Random): Uint8Array {
  return bytes(address(random), payload(random));
}

/** A control frame of a bundle. */
export function control(random: Random): number[] {
  const elements = Array.from({ length: random.int(4) }, () => {
    const type = random.pick([1, 2, 3, 5, 5, 6, 7, 9, 0]);
    const text = [...random.text(random.int(12)), '\0'].map((c) => c.charCodeAt(0));
    if (random.once(8)) text.splice(2, 0, random.int(256));
    const value =
      type === 3 ? random.bytes(random.pick([4, 4, 5])) : type < 3 ? text : random.bytes(random.int(19));
    const length = random.once(12) ? random.int(5) : value.length + 2;
    return [type, length, ...value];
  });
  const odd = random.once(9) ? [random.int(4)] : [];
  return [0xe1, 0, random.once(8) ? random.int(256) : random.between(1, 7), ...elements.flat(), ...odd];
}

/** A fragment of a bundle: the first of a frame, the whole of one, or a later one. */
export function fragment(random: Random): Uint8Array {
  const flags = random.pick([0xc0, 0xc0, 0x80, 0x80, 0x00, 0x40, 0x20, 0xa0, 0xe0]);
  const head = [flags | random.int(32), random.between(1, 255)];
  if ((flags & 0x80) === 0) return bytes(head, random.bytes(random.int(9)));
  return bytes(head, frame(random));
}

export const generators: Generators = {
  frameRelay: (random) => on(FRELAY, frame(random)),
  signalling: (random) => on(FRELAY, address(random, random.once(2) ? 0 : 1023), 3, 8, signalling(random)),
  snap: (random) => on(FRELAY, address(random), 3, random.once(2) ? 0 : [], 0x80, snap(random)),
  bundleControl: (random) => on(MFR, control(random)),
  bundleFragment: (random) => on(MFR, fragment(random)),
  bundleTime: (random) => on(MFR, [0xe1, 0, 4, 5, 6, be32(random.u32())]),
};
