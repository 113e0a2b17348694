// Tunnels: GRE, VXLAN, VXLAN-GPE, NSH, Geneve, MPLS, L2TP, PPTP.

import {
  be16,
  be24,
  be32,
  bytes,
  ethernet,
  type Generators,
  ip4,
  type Random,
  tcp,
  udp,
  upper,
} from '../generator.js';

/** A frame of a type nobody prints, which is shown as it is, or a segment, of whose connection something is remembered. */
const frame = (random: Random): Uint8Array =>
  random.once(2)
    ? tcp(random, 40124, 40125, random.bytes(random.int(8)))
    : ethernet(random, 0x9999, random.bytes(random.int(24)));

const port = 40123;

/** A segment in IPv4. */
const segment = (random: Random): Uint8Array =>
  ip4(random, 6, [be16(40124), be16(40125), random.bytes(8), 0x50, 0x18, be16(9), be32(0)]);

function nsh(random: Random): number[] {
  const metadata = random.pick([1, 2, 2, 0, 15, 7]);
  const context: number[] = [];
  if (metadata === 1) context.push(...random.bytes(16));
  else if (metadata === 2) {
    for (let i = random.int(3); i > 0; i--) {
      const length = random.int(9);
      context.push(...random.bytes(2), random.int(256), length, ...random.bytes((length + 3) & ~3));
    }
  }
  const words = 2 + context.length / 4;
  const said = random.once(6) && metadata !== 1 ? random.int(20) : words;
  const next = random.pick([3, 3, 3, 4, 9, 254]);
  const version = random.once(6) ? 1 : 0;
  const oam = random.int(2);
  const head =
    ((version << 30) | (oam << 29) | (random.int(64) << 22) | (said << 16) | (metadata << 8) | next) >>> 0;
  return [...be32(head), ...random.bytes(4), ...context, ...frame(random)];
}

function geneveOptions(random: Random): number[] {
  const out: number[] = [];
  const classes = [0x100, 0x20, 0xfff5];
  for (let i = random.int(4); i > 0; i--) {
    const words = random.int(5);
    const reserved = random.once(5) ? 0xe0 : 0;
    out.push(...be16(random.pick(classes)), random.int(256), words | reserved, ...random.bytes(words * 4));
  }
  return out;
}

/** Lengths of L2TP attributes' values by type. */
const AVP_LENGTHS: Readonly<Record<number, number>> = {
  0: 2,
  1: 10,
  2: 2,
  3: 4,
  4: 4,
  5: 8,
  6: 2,
  9: 2,
  10: 2,
  12: 8,
  13: 16,
  14: 2,
  15: 4,
  16: 4,
  17: 4,
  18: 4,
  19: 4,
  20: 2,
  24: 4,
  25: 4,
  29: 2,
  32: 2,
  34: 26,
  35: 10,
  38: 4,
  39: 0,
  46: 9,
};

function avps(random: Random): number[] {
  const out: number[] = [];
  for (let i = random.int(6); i > 0; i--) {
    const type = random.once(8) ? random.int(100) : random.int(48);
    const length = random.once(7) ? random.int(12) : (AVP_LENGTHS[type] ?? random.int(12));
    const value = random.bytes(length);
    if (type === 0 || type === 29) value.splice(0, 2, 0, random.int(20));
    value.length = length;
    const flags = (random.once(2) ? 0x8000 : 0) | (random.once(6) ? 0x4000 : 0);
    const vendor = random.once(6) ? random.bytes(2) : [0, 0];
    out.push(...be16(flags | (length + 6)), ...vendor, ...be16(type), ...value.map((b) => b ?? 0));
  }
  return out;
}

/** PPTP control messages: the bytes of each type's fields. */
const PPTP_LENGTHS = [0, 144, 144, 4, 4, 4, 8, 156, 20, 208, 12, 16, 4, 136, 28, 12];

export const generators: Generators = {
  gre: (random) => {
    // 4.99 has other texts for version 1 without a key, for protocols 5.0 has learnt, and for wrong lengths.
    const version = random.pick([0, 0, 1, 2]);
    let flags = version === 1 ? 0x2000 : 0;
    for (const flag of [0x8000, 0x2000, 0x1000, 0x0800, 0x0080]) if (random.once(3)) flags |= flag;
    const type = version === 1 ? random.pick([0x880b, 0x1234]) : random.pick([0x8847, 0x6558, 0x4321]);
    const optional: number[] = [];
    if (version === 0 && (flags & 0x8000) !== 0) optional.push(...random.bytes(4));
    if ((flags & 0x2000) !== 0) optional.push(...random.bytes(4));
    if ((flags & 0x1000) !== 0) optional.push(...random.bytes(4));
    if (version === 1 && (flags & 0x0080) !== 0) optional.push(...random.bytes(4));
    const label = [0, 1, 0x41, 64, 0, ...random.bytes(random.int(20))];
    const lcp = [0xc0, 0x21, 9, 1, 0, 8, ...random.bytes(4)];
    const payload = type === 0x8847 ? label : type === 0x6558 ? frame(random) : lcp;
    return upper(random, 47, bytes(be16(flags | version), be16(type), optional, payload), -1);
  },
  greRouting: (random) => {
    const entries: number[] = [];
    for (let i = random.int(3); i > 0; i--) {
      const family = random.pick([0x0800, 0xfffe, 0x1111]);
      const length = random.pick([4, 8, 12]);
      entries.push(...be16(family), random.pick([0, 4]) % length, length, ...random.bytes(length));
    }
    const head = [...be16(0x4000), ...be16(0x4321), ...random.bytes(4), ...entries, 0, 0, 0, 0];
    return upper(random, 47, bytes(head), -1);
  },
  vxlan: (random) =>
    udp(random, port, 4789, [
      random.pick([8, 8, 8, 0xff]),
      random.bytes(3),
      be24(random.int(1 << 24)),
      0,
      frame(random),
    ]),
  vxlanGpe: (random) =>
    udp(random, port, 4790, [
      random.pick([0x0c, 0x0c, 0x08]),
      0,
      0,
      3,
      be24(random.int(1 << 24)),
      0,
      frame(random),
    ]),
  nsh: (random) => udp(random, port, 4790, [0x0c, 0, 0, 4, 0, 0, 1, 0, nsh(random)]),
  geneve: (random) => {
    const options = geneveOptions(random);
    return udp(random, port, 6081, [
      options.length / 4,
      random.pick([0, 0x80, 0x40, 0xff]),
      be16(random.pick([0x6558, 0x6558, 0x4321])),
      be24(random.int(1 << 24)),
      random.once(4) ? random.int(256) : 0,
      options,
      frame(random),
    ]);
  },
  mpls: (random) => {
    const stack: number[] = [];
    for (let i = random.int(3); i > 0; i--) {
      stack.push(random.int(2), random.int(256), random.pick([0, 0x10, 0x42]), random.int(256));
    }
    const label = random.once(3) ? random.between(16, 200) : 4 + random.int(12);
    const last = ((label << 12) | (random.int(8) << 9) | 0x100 | random.int(256)) >>> 0;
    return ethernet(random, random.pick([0x8847, 0x8848]), [
      stack,
      be32(last),
      random.pick([0x00, 0x10, 0x99]),
      random.bytes(random.int(20)),
    ]);
  },
  mplsIp: (random) => {
    const label = random.pick([0, 3, 100]);
    const packet = random.once(2)
      ? segment(random)
      : ip4(random, 17, [be16(port), be16(port), be16(8), be16(0)]);
    return udp(random, port, 6635, [be32(((label << 12) | 0x13f) >>> 0), packet]);
  },
  l2tp: (random) => {
    const control = !random.once(3);
    let flags = control ? 0xc002 : random.once(2) ? 0x4002 : 0x0002;
    if (random.once(3)) flags |= 0x0800;
    if (random.once(6)) flags |= 0x0200;
    if (random.once(6)) flags |= 0x0100;
    const head: number[] = [...random.bytes(4)];
    if ((flags & 0x0800) !== 0) head.push(...random.bytes(4));
    if ((flags & 0x0200) !== 0) {
      const padding = random.int(5);
      head.push(...be16(padding), ...random.bytes(padding));
    }
    const echo = [0xff, 3, 0xc0, 0x21, 9, 1, 0, 8, ...random.bytes(4)];
    const data = random.once(2) ? echo : [0xff, 3, 0x00, 0x21, ...segment(random)];
    const body = control ? avps(random) : data;
    const whole = 2 + ((flags & 0x4000) !== 0 ? 2 : 0) + head.length + body.length;
    const length = (flags & 0x4000) !== 0 ? be16(whole) : [];
    return udp(random, port, 1701, [be16(flags), length, head, body]);
  },
  pptp: (random) => {
    const type = random.int(17);
    const size = PPTP_LENGTHS[type] ?? 8;
    const body = random.bytes(size).map((byte) => (random.once(3) ? 0 : random.once(3) ? byte & 3 : byte));
    const cookie = random.once(8) ? random.u32() : 0x1a2b3c4d;
    const head = [be16(size + 12), be16(random.pick([1, 1, 2, 3])), be32(cookie), be16(type), be16(0)];
    return tcp(random, port, 1723, [head, body]);
  },
};
