// DECnet: every message of its routing and of NSP.

import { bytes, ethernet, type Generators, le16, type Part, type Random } from '../generator.js';

function control(random: Random): Part {
  const type = random.pick([1, 3, 5, 7, 9, 11, 13, 15]);
  const sizes: Readonly<Record<number, number>> = { 1: 11, 3: 3, 5: 3, 11: 17, 13: 31 };
  const routes = Array.from({ length: random.int(4) }, () => [
    le16(random.once(9) ? 2000 : 3),
    random.bytes(4),
  ]);
  const body: Part =
    type === 7 || type === 9 ? [random.bytes(3), routes, le16(0)] : random.bytes(sizes[type] ?? 6);
  return [type, body];
}

function services(random: Random): Part {
  const type = random.pick([0x00, 0x04, 0x08, 0x0c]);
  const flags = type | random.pick([0, 0x10, 0x20, 0x30, 0x40, 0x60, 0x50]);
  const number = () => le16(random.pick([0x8000, 0x9000, 0xa000, 0xb000, 0x0000]) | random.int(0x1000));
  const reason = le16(random.int(60));
  const body: Part = type === 8 ? [reason, random.int(9), random.bytes(4)] : [number(), number(), number()];
  return [flags, random.bytes(4), body, random.int(16), random.bytes(1)];
}

function decnet(random: Random): Uint8Array {
  const more = random.int(256) & 0x38;
  const headers: Part[] = [
    [0x02 | more, random.bytes(5), services(random)],
    [0x06 | more, random.bytes(20), services(random)],
    [random.once(4) ? 0x04 : 0x06, random.bytes(20), services(random)],
  ];
  const inner = bytes(random.once(2) ? control(random) : random.pick(headers));
  const future = random.once(20) ? [0x40, inner] : inner;
  const pad = random.int(4);
  const packet = bytes(random.once(4) ? [0x80 | (pad + 1), Array<number>(pad).fill(0), future] : future);
  const end = random.once(8) ? random.int(packet.length) : packet.length;
  return bytes(le16(random.once(12) ? random.int(80) : end), packet.subarray(0, end));
}

export const generators: Generators = { decnet: (random) => ethernet(random, 0x6003, decnet(random)) };
