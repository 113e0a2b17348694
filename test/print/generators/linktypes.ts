// Link types with a header of their own in front of Ethernet's types, of LLC or of IP.

import {
  be16,
  be32,
  bytes,
  ethernet,
  type Generated,
  type Generators,
  ip4,
  ip6,
  le32,
  type Part,
  type Random,
} from '../generator.js';

const on = (linkType: number, ...parts: Part[]): Generated => ({ linkType, bytes: bytes(...parts) });

const ip = (random: Random): Uint8Array =>
  random.once(3) ? ip6(random, 253, random.bytes(4)) : ip4(random, 253, random.bytes(4));

/** An EtherType and what it says follows. */
function typed(random: Random): [type: number, payload: Part] {
  const type = random.pick([0x0800, 0x0800, 0x86dd, 0x1234, 0x05dc, 0x9000, 0x0806]);
  if (type === 0x0800) return [type, ip4(random, 253, random.bytes(4))];
  if (type === 0x86dd) return [type, ip6(random, 253, random.bytes(4))];
  return [type, random.bytes(random.int(20))];
}

function usb(random: Random, size: number): Part {
  const event = random.pick([0x53, 0x43, 0x45, 0x58]);
  const head: Part = [random.bytes(8), event, random.int(5), random.bytes(4)];
  return [head, random.bytes(size - 14), random.bytes(random.int(9))];
}

function nflog(random: Random): Part {
  const family = random.pick([2, 2, 10, 7]);
  const value = (type: number, body: Uint8Array): Part => {
    const size = random.once(16) ? random.int(99) : body.length + 4;
    // The file is of a big-endian machine.
    return [be16(size), be16(type), body, Array<number>(-body.length & 3).fill(0)];
  };
  const others = Array.from({ length: random.int(3) }, () =>
    value(random.between(1, 8), bytes(random.bytes(6))),
  );
  const payload =
    family === 10 ? ip6(random, 253, random.bytes(4)) : ip4(random, 253, random.bytes(random.int(5)));
  return [family, random.once(20) ? 1 : 0, random.bytes(2), others, value(9, payload)];
}

function apple1394(random: Random): Part {
  const [type, payload] = typed(random);
  return [random.bytes(16), be16(type), payload];
}

function symantec(random: Random): Part {
  const [type, payload] = typed(random);
  return [random.bytes(6), be16(type), random.bytes(36), payload];
}

function fibreChannel(random: Random): Part {
  const snap: Part = [0xaa, 0xaa, 3, 0, 0, 0, 0x08, 0, ip4(random, 253, random.bytes(4))];
  const frame = random.once(3) ? [random.int(256), random.int(256), random.bytes(9)] : snap;
  return [0x10, 0, random.bytes(6), 0x10, 0, random.bytes(6), frame];
}

function enc(random: Random): Part {
  const order = random.pick([be32, le32]);
  const flags = random.pick([0, 0x400, 0x800, 0xc00, 0x1c00, 0x1000]);
  return [order(random.pick([2, 2, 24, 28, 30, 7])), be32(random.u32()), order(flags), ip(random)];
}

function ipnet(random: Random): Part {
  const family = random.pick([2, 2, 26, 26, 10]);
  const payload =
    family === 2 ? ip4(random, 253, random.bytes(4)) : ip6(random, 253, random.bytes(random.int(5)));
  return [1, family, random.bytes(22), payload];
}

function netanalyzer(random: Random, size: number): Part {
  const [type, payload] = typed(random);
  return [random.bytes(size), ethernet(random, type, payload)];
}

const ARCNET_TYPES = [0xf0, 0xf1, 0xd4, 0xd4, 0xd5, 0xd6, 0xc4, 0x80, 0xf7, 0xdd, 0x33] as const;

function arcnet(random: Random, linux: boolean): Part {
  const type = random.pick(ARCNET_TYPES);
  const whole = [0xf0, 0xf1, 0x80].includes(type);
  const fragment: Part = [random.pick([0, 0, 1, 3, 4, 0x20]), random.bytes(2)];
  const exception: Part = [0xff, 0xff, 0xff, type, fragment];
  const fields = whole ? [] : !linux && random.once(4) ? exception : fragment;
  const payload =
    type === 0xc4 ? ip6(random, 253, random.bytes(4)) : ip4(random, 253, random.bytes(random.int(9)));
  return [random.bytes(linux ? 4 : 2), type, fields, payload];
}

export const generators: Generators = {
  usb: (random) => on(189, usb(random, 48)),
  usbMapped: (random) => on(220, usb(random, 64)),
  nflog: (random) => on(239, nflog(random)),
  apple1394: (random) => on(138, apple1394(random)),
  fibreChannel: (random) => on(122, fibreChannel(random)),
  enc: (random) => on(109, enc(random)),
  symantec: (random) => on(99, symantec(random)),
  ipnet: (random) => on(226, ipnet(random)),
  netanalyzer: (random) => on(240, netanalyzer(random, 4)),
  netanalyzerTransparent: (random) => on(241, netanalyzer(random, 12)),
  arcnet: (random) => on(7, arcnet(random, false)),
  arcnetLinux: (random) => on(129, arcnet(random, true)),
};
