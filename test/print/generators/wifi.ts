// 802.11 frames of every type, alone and behind the headers of radiotap, Prism and AVS; per-packet information.

import {
  be16,
  be32,
  bytes,
  ethernet,
  type Generated,
  type Generators,
  ip4,
  ip6,
  le16,
  le32,
  type Part,
  type Random,
} from '../generator.js';

const on = (linkType: number, ...parts: Part[]): Generated => ({ linkType, bytes: bytes(...parts) });

const PROTECTED = 0x40;

/** The flag that HT Control ends the header: 4.99 knows it in no frame, and takes the field for a part of the body. */
const HTC = 0x80;
const CONTROL_TYPE = 1;

/** Frame control: any flags now and then, else those given. */
const control = (random: Random, type: number, subtype: number, flags = 0): number[] => [
  (subtype << 4) | (type << 2) | (random.once(20) ? random.int(4) : 0),
  random.once(4) ? random.int(256) & ~(PROTECTED | (type === CONTROL_TYPE ? 0 : HTC)) : flags,
];

/** Any subtype, one of those given more often. */
const subtypeOf = (random: Random, known: readonly number[]): number =>
  random.once(12) ? random.int(16) : random.pick(known);

function element(random: Random, id: number, size: number): Part {
  const body = id === 0 || id === 114 ? random.text(size) : random.bytes(size);
  // 4.99 knows no names of meshes: theirs are never too long.
  return [id, id !== 114 && random.once(25) ? random.int(256) : size, body];
}

/** Elements of which many are shown, in any order, often twice. */
function elements(random: Random): Part {
  const sizes: Readonly<Record<number, number>> = { 3: 1, 4: 6, 5: 4, 7: 6, 16: 8 };
  return Array.from({ length: random.int(6) }, () => {
    const id = random.pick([0, 0, 1, 1, 3, 3, 4, 5, 7, 16, 50, 114, 221]);
    const usual = sizes[id] ?? random.int(id === 0 ? 12 : 9);
    return element(random, id, id !== 114 && random.once(8) ? random.int(40) : usual);
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
      return [[random.int(256), random.int(HTC)], random.bytes(random.int(30))];
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

/** Alignment and bytes of radiotap's fields by their bits; the others are unknown. */
const FIELDS: Readonly<Record<number, readonly [align: number, size: number]>> = {
  0: [8, 8],
  1: [1, 1],
  2: [1, 1],
  3: [2, 4],
  4: [1, 2],
  5: [1, 1],
  6: [1, 1],
  7: [2, 2],
  8: [2, 2],
  9: [1, 1],
  10: [1, 1],
  11: [1, 1],
  12: [1, 1],
  13: [1, 1],
  14: [2, 2],
  18: [4, 8],
  19: [1, 3],
  20: [4, 8],
  21: [2, 12],
};
const PADDING_FLAG = 0x20;
const CHECK_FLAG = 0x10;
const NAMESPACE = 0x20000000;
const VENDOR = 0x40000000;
const MORE = 0x80000000;

/** A field's bytes: flags, rates, channels and schemes that mean something more often than not. */
function fieldBytes(random: Random, bit: number, size: number, flags: number): number[] {
  switch (bit) {
    case 1:
      return [flags];
    case 2:
      return [random.once(3) ? random.between(0x7e, 0x92) : random.int(128)];
    case 3:
      return [
        ...le16(2412 + random.int(3000)),
        ...le16(random.pick([0xa0, 0x480, 0xc0, 0x140, random.int(65536)])),
      ];
    case 18:
      return [
        ...le32(random.pick([0x140, 0x480]) | (random.int(8) << 16) | (random.int(4) << 14)),
        ...random.bytes(4),
      ];
    case 19:
      return [random.int(256), random.int(256), random.once(6) ? random.int(256) : random.int(80)];
    default:
      return random.bytes(size);
  }
}

function radiotap(random: Random): Generated {
  const flags = random.once(3) ? 0 : random.int(128);
  const words: number[] = [];
  const count = random.once(3) ? random.between(2, 4) : 1;
  for (let i = 0; i < count; i++) {
    let present = 0;
    const known = Object.keys(FIELDS).map(Number);
    for (let n = random.int(7); n > 0; n--) present |= 1 << random.pick(known);
    if (random.once(20)) present |= 1 << random.int(29);
    const turn = random.pick([0, NAMESPACE, NAMESPACE, VENDOR, VENDOR | NAMESPACE]);
    if (count > 1 || random.once(15)) present |= turn;
    words.push(present >>> 0);
  }
  const start = 4 + 4 * words.length;
  const fields: number[] = [];
  let vendor = false;
  for (const present of words) {
    for (let bit = 0; bit < 29 && !vendor; bit++) {
      const known = FIELDS[bit];
      if (((present >>> bit) & 1) === 0 || known === undefined) continue;
      while ((start + fields.length) % known[0] !== 0) fields.push(random.int(256));
      fields.push(...fieldBytes(random, bit, known[1], flags));
    }
    const turn = present & (NAMESPACE | VENDOR);
    if (turn === NAMESPACE) vendor = false;
    if (turn === VENDOR) {
      vendor = true;
      const skipped = random.int(6);
      fields.push(...random.bytes(4));
      if (fields.length % 2 !== 0) fields.push(0);
      fields.push(...le16(skipped), ...random.bytes(skipped));
    }
  }
  fields.length = Math.max(0, fields.length - (random.once(10) ? random.int(8) : 0));
  const size = random.once(25) ? random.int(80) : start + fields.length;
  const bits = words.map((word, i) =>
    le32(i < words.length - 1 || random.once(30) ? (word | MORE) >>> 0 : word),
  );
  const present = words.some((word) => (word & 2) !== 0);
  const inner = present && (flags & PADDING_FLAG) !== 0 ? data(random, true) : frame(random);
  const check = present && (flags & CHECK_FLAG) !== 0 ? random.bytes(random.once(8) ? random.int(4) : 4) : [];
  return on(127, [0, 0], le16(size), bits, fields, inner, check);
}

/** AVS's header, its length wrong now and then. */
const avs = (random: Random): Part => {
  const size = random.pick([8, 12, 16]);
  const said = random.once(8) ? random.int(40) : size;
  return [be32(0x80211001 + random.int(2)), be32(said), random.bytes(size - 8), frame(random)];
};

const PPI_LINKS = [105, 105, 127, 163, 0, 1, 9, 192, 147, 7777];

/** Per-packet information in front of what its link type says; that of itself not deep. */
function ppi(random: Random, depth = 0): Part {
  const linkType = random.pick(depth > 1 ? [105] : PPI_LINKS);
  const fields = random.bytes(random.int(6));
  const size = random.once(15) ? random.pick([0, 7, 30, 65533]) : 8 + fields.length;
  return [0, random.int(256), le16(size), le32(linkType), fields, inside(random, linkType, depth)];
}

function inside(random: Random, linkType: number, depth: number): Part {
  const datagram = [be16(40001), be16(40002), be16(12), be16(0), random.bytes(4)];
  switch (linkType) {
    case 127:
      return radiotap(random).bytes;
    case 163:
      return avs(random);
    case 1:
      return ethernet(random, 0x0800, ip4(random, 17, datagram));
    case 9:
      return [0xff, 0x03, be16(0x21), ip4(random, 17, datagram)];
    case 192:
      return ppi(random, depth + 1);
    default:
      return frame(random);
  }
}

export const generators: Generators = {
  management: (random) => on(105, management(random)),
  control: (random) => on(105, controlFrame(random)),
  data: (random) => on(105, data(random)),
  frame: (random) => on(105, frame(random)),
  radiotap,
  prism: (random) => on(119, random.once(2) ? avs(random) : [random.bytes(144), frame(random)]),
  avs: (random) => on(163, avs(random)),
  // A cooked packet whose hardware type says so begins with radiotap's header, whatever its protocol.
  cooked: (random) => {
    const type = be16(random.pick([4, 0x0800, 0x8100]));
    const address = [be16(random.pick([0, 6, 8])), random.bytes(8)];
    return on(113, be16(random.int(5)), be16(803), address, type, radiotap(random).bytes);
  },
  cooked2: (random) => {
    const start = [be16(random.pick([4, 0x0800])), be16(0), be32(random.int(4)), be16(803), random.int(5)];
    return on(276, start, random.pick([0, 6, 8]), random.bytes(8), radiotap(random).bytes);
  },
  ppi: (random) => on(192, ppi(random)),
};
