// PPP in all its framings, Cisco HDLC, PPPoE.

import {
  be16,
  be32,
  bytes,
  ethernet,
  type Generated,
  type Generators,
  type Part,
  type Random,
} from '../generator.js';

const on = (linkType: number, ...parts: Part[]): Generated => ({ linkType, bytes: bytes(...parts) });

const option = (random: Random, type: number, right: number | undefined, value: number[]): number[] => {
  const length =
    right === undefined || random.once(6) ? random.pick([0, 1, 2, 3, 4, 6, 7, 9, 10, 12]) : right;
  while (value.length < length - 2) value.push(random.int(256));
  return [type, length, ...value.slice(0, Math.max(0, length - 2))];
};

const LCP_LENGTHS: Readonly<Record<number, number>> = {
  1: 4,
  2: 6,
  3: 5,
  4: 8,
  5: 6,
  7: 2,
  8: 2,
  17: 4,
  23: 4,
};

/** The callback option is not among these: 4.99 has a colon too many there. */
function lcpOption(random: Random): number[] {
  const type = random.pick([...Array(13).keys(), ...Array.from({ length: 20 }, (_, i) => 14 + i)]);
  const value: number[] = [];
  if (type === 3) {
    const protocol = random.pick([0xc023, 0xc223, 0xc227, 0xc027, 0xc123, 0x1234]);
    value.push(...be16(protocol), random.pick([5, 128, 129, 7]));
  } else if (type === 4 && random.once(2)) value.push(0xc0, 0x25);
  else if (type === 19) value.push(random.int(8));
  else if (type === 0) value.push(...random.bytes(1), 0, 0, random.pick([0x0c, 0x81, 0xff]));
  return option(random, type, type === 19 ? random.pick([3, 7, 9]) : LCP_LENGTHS[type], value);
}

function ipcpOption(random: Random): number[] {
  const type = random.pick([1, 2, 3, 4, 129, 130, 131, 132, 9]);
  if (type !== 2) return option(random, type, type === 1 ? 10 : 6, []);
  const length = random.pick([4, 6, 14]);
  const value = [...be16(random.pick([0x2d, 0x61, 0x33])), ...random.bytes(10)];
  return option(random, type, length, [...value, random.int(3), random.pick([0, 2, 2, 4])]);
}

const OPTIONS: Readonly<Record<number, (random: Random) => number[]>> = {
  49185: lcpOption,
  32801: ipcpOption,
  32855: (random) => option(random, random.once(4) ? 3 : 1, 10, []),
  33021: (random) =>
    option(random, random.pick([0, 1, 2, 3, 16, 17, 18, 19, 20, 21, 23, 24, 25, 26, 255, 77]), 4, []),
  49195: (random) => option(random, random.once(4) ? 2 : 1, 6, []),
};

function control(random: Random, protocol: number): number[] {
  const code = random.pick([0, 1, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 99]);
  const body: number[] = [];
  if (code >= 1 && code <= 4) {
    const make = OPTIONS[protocol] ?? lcpOption;
    for (let i = random.between(1, 5); i > 0; i--) body.push(...make(random));
  } else body.push(...random.bytes(random.int(24)));
  if (code === 8 && random.once(2)) body.splice(0, 2, 0xc0, 0x23);
  const length = random.once(6) ? random.int(40) : body.length + 4;
  return [code, random.int(256), ...be16(length), ...body];
}

function login(random: Random, chap: boolean): number[] {
  const code = random.between(1, 4);
  const first = [...random.bytes(random.int(20))].map((byte) => 0x20 + (byte & 0x3f));
  const second = [...random.bytes(random.int(10))].map((byte) => 0x20 + (byte & 0x3f));
  const pair = chap ? second : [second.length, ...second];
  const body = code === 1 || (chap && code === 2) ? [first.length, ...first, ...pair] : pair;
  return [code, random.int(256), ...be16(random.once(6) ? random.int(12) : body.length + 4), ...body];
}

const PROTOCOLS = [
  0xc021, 0xc021, 0xc021, 0x8021, 0x8021, 0x8057, 0x80fd, 0xc02b, 0x8023, 0x8281, 0xc023, 0xc223, 0x003d,
  0x00fd, 0x0281, 0xc02d, 0x8035, 0x4321, 0xc025,
];

function payload(random: Random, protocol: number): number[] {
  switch (protocol) {
    case 0xc023:
      return login(random, false);
    case 0xc223:
      return login(random, true);
    case 0x0281:
      return [0, 1, 0x41, 64, 0, ...random.bytes(10)];
    case 0x003d:
    case 0x00fd:
    case 0xc02d:
    case 0x8035:
    case 0x4321:
    case 0xc025:
      return random.bytes(random.int(24));
    default:
      return control(random, protocol);
  }
}

function frame(random: Random): Uint8Array {
  const protocol = random.pick(PROTOCOLS);
  const framing = random.pick([[0xff, 3], [0xff, 3], [], [0, 3], [1, 3]]);
  const field = protocol < 0x100 && random.once(3) ? [protocol] : be16(protocol);
  return bytes(framing, field, payload(random, protocol));
}

/** Octet escapes of a frame that begins with its flag. */
function escaped(random: Random): number[] {
  const protocol = random.pick([0xc021, 0x8021]);
  const plain = [0xff, 3, ...be16(protocol), ...control(random, protocol)];
  return [0x7e, ...plain.flatMap((byte) => (byte < 0x20 || byte >= 0x7d ? [0x7d, byte ^ 0x20] : [byte]))];
}

function tags(random: Random): number[] {
  const out: number[] = [];
  for (let i = random.int(4); i > 0; i--) {
    const type = random.pick([
      0x0101, 0x0102, 0x0103, 0x0104, 0x0105, 0x0110, 0x0120, 0x0201, 0x0203, 0x4444, 0,
    ]);
    const value = random.once(2)
      ? random.bytes(random.int(20))
      : [...random.text(random.int(100))].map((c) => c.charCodeAt(0));
    out.push(...be16(type), ...be16(value.length), ...value);
  }
  return out;
}

export const generators: Generators = {
  ppp: (random) => on(9, frame(random)),
  pppOfPppd: (random) => on(166, frame(random)),
  escaped: (random) => on(9, escaped(random)),
  pppSerial: (random) => {
    const first = random.pick([0xff, 0xff, 0xff, 0x0f, 0x8f, 0x31]);
    const protocol = random.pick(PROTOCOLS);
    return on(50, first, 3, be16(protocol), payload(random, protocol));
  },
  cHdlc: (random) => {
    const slarp = [...be32(random.int(4)), ...random.bytes(random.pick([10, 14, 16, 6]))];
    const type = random.pick([0x8035, 0x8035, 0x8847, 0x1234, 0x2000]);
    const body = type === 0x8035 ? slarp : [0, 1, 0x41, 64, 0, ...random.bytes(6)];
    return on(104, random.pick([0x0f, 0x8f, 0x33]), 0, be16(type), body);
  },
  pppoeDiscovery: (random) => {
    const body = tags(random);
    const code = random.pick([0x07, 0x09, 0x19, 0x65, 0xa7, 0x33]);
    const length = random.once(6) ? random.pick([0, 3, 2000]) : body.length;
    const head = random.once(8) ? random.int(256) : 0x11;
    return ethernet(random, 0x8863, [head, code, be16(random.int(3)), be16(length), body]);
  },
  pppoeSession: (random) => {
    const protocol = random.pick(PROTOCOLS);
    const body = bytes(be16(protocol), payload(random, protocol));
    return ethernet(random, 0x8864, [0x11, 0, be16(random.int(9)), be16(body.length), body]);
  },
  pppoeLink: (random) => on(51, 0x11, 0x09, be16(0), be16(4), tags(random)),
};
