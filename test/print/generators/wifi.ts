// 802.11 frames of every type.

import {
  be16,
  bytes,
  type Generated,
  type Generators,
  ip4,
  ip6,
  le16,
  type Part,
  type Random,
} from '../generator.js';

const on = (linkType: number, ...parts: Part[]): Generated => ({ linkType, bytes: bytes(...parts) });

const PROTECTED = 0x40;

/** Frame control: any flags now and then, else those given. */
const control = (random: Random, type: number, subtype: number, flags = 0): number[] => [
  (subtype << 4) | (type << 2) | (random.once(20) ? random.int(4) : 0),
  random.once(4) ? random.int(256) & ~PROTECTED : flags,
];

/** Any subtype, one of those given more often. */
const subtypeOf = (random: Random, known: readonly number[]): number =>
  random.once(12) ? random.int(16) : random.pick(known);

function element(random: Random, id: number, size: number): Part {
  const body = id === 0 || id === 114 ? random.text(size) : random.bytes(size);
  return [id, random.once(25) ? random.int(256) : size, body];
}

/** Elements of which many are shown, in any order, often twice. */
function elements(random: Random): Part {
  const sizes: Readonly<Record<number, number>> = { 3: 1, 4: 6, 5: 4, 7: 6, 16: 8 };
  return Array.from({ length: random.int(6) }, () => {
    const id = random.pick([0, 0, 1, 1, 3, 3, 4, 5, 7, 16, 50, 221]);
    const usual = sizes[id] ?? random.int(id === 0 ? 12 : 9);
    return element(random, id, random.once(8) ? random.int(40) : usual);
  });
}

const code = (random: Random): number[] => le16(random.once(6) ? random.int(65536) : random.int(115));
const capabilities = (random: Random): number[] => [random.int(64), random.int(256)];

function managementBody(random: Random, subtype: number): Part {
  switch (subtype) {
    case 0:
      return [capabilities(random), random.bytes(2), elements(random)];
    case 1:
    case 3:
      return [capabilities(random), code(random), random.bytes(2), elements(random)];
    case 2:
      return [capabilities(random), random.bytes(8), elements(random)];
    case 5:
    case 8:
      return [random.bytes(10), capabilities(random), elements(random)];
    case 10:
    case 12:
      return code(random);
    case 11:
      return [le16(random.int(5)), le16(random.int(6)), code(random), elements(random)];
    case 13:
      return [
        random.once(4) ? random.int(256) : random.pick([0, 3, 7, 13, 15]),
        random.int(12),
        random.bytes(3),
      ];
    default:
      return elements(random);
  }
}

function management(random: Random): Part {
  const subtype = subtypeOf(random, [0, 1, 2, 3, 4, 5, 8, 8, 9, 10, 11, 11, 12, 13, 13]);
  const header = control(random, 0, subtype, random.once(12) ? PROTECTED : 0);
  return [header, random.bytes(22), managementBody(random, subtype)];
}

function controlFrame(random: Random): Part {
  const subtype = subtypeOf(random, [7, 8, 9, 10, 11, 12, 13, 14, 15]);
  return [control(random, 1, subtype), random.bytes(random.once(5) ? random.int(20) : 18)];
}

/** What LLC carries. */
function llc(random: Random): Part {
  const datagram = [be16(40001), be16(40002), be16(12), be16(0), random.bytes(4)];
  switch (random.int(5)) {
    case 0:
      return [0xaa, 0xaa, 0x03, 0, 0, 0, be16(0x86dd), ip6(random, 17, datagram)];
    case 1:
      return [0x42, 0x42, 0x03, random.bytes(random.int(10))];
    case 2:
      return [
        random.pick([0x00, 0xaa, 0xf0]),
        random.int(256),
        random.int(256),
        random.bytes(random.int(12)),
      ];
    default:
      return [0xaa, 0xaa, 0x03, 0, 0, 0, be16(random.once(4) ? 0x9999 : 0x0800), ip4(random, 17, datagram)];
  }
}

/** A data frame; the header padded to four bytes if wanted. */
function data(random: Random, padded = false): Part {
  const subtype = random.pick([0, 0, 8, 8, 1, 2, 3, 4, 9, 10, 11, 12, random.int(16)]);
  const flags = random.int(4);
  const header = control(random, 2, subtype, flags | (random.once(6) ? PROTECTED : 0));
  const size = 22 + ((header[1]! & 3) === 3 ? 6 : 0) + (subtype >= 8 ? 2 : 0);
  const padding = padded ? -(size + 2) & 3 : 0;
  return [header, random.bytes(size), random.bytes(padding), subtype & 4 ? [] : llc(random)];
}

/** Any frame. */
function frame(random: Random): Part {
  switch (random.int(8)) {
    case 0:
      return [random.bytes(2), random.bytes(random.int(30))];
    case 1:
    case 2:
      return controlFrame(random);
    case 3:
    case 4:
      return data(random);
    default:
      return management(random);
  }
}

export const generators: Generators = {
  management: (random) => on(105, management(random)),
  control: (random) => on(105, controlFrame(random)),
  data: (random) => on(105, data(random)),
  frame: (random) => on(105, frame(random)),
};
