// SCTP with every chunk, M3UA in it.

import { be16, be32, bytes, type Generators, type Part, type Random, upper } from '../generator.js';

/** The right length, or once in `times` another one. */
const about = (random: Random, length: number, times = 16): number =>
  random.once(times)
    ? Math.max(0, random.pick([0, 1, 3, length - 1, length + 1, length + 4, 0xffff]))
    : length;

const many = (random: Random, least: number, most: number, make: () => Part): Part[] =>
  Array.from({ length: random.between(least, most) }, make);

/** Zeros up to a multiple of four. */
const padded = (part: Part): Uint8Array => {
  const body = bytes(part);
  return bytes(body, Array<number>(-body.length & 3).fill(0));
};

/** Type, length and value, padded. */
function parameter(random: Random, type: number, value: Part): Uint8Array {
  const body = bytes(value);
  return padded([be16(type), be16(about(random, body.length + 4)), body]);
}

function m3ua(random: Random): Part {
  const tags = [
    0x0004, 0x0006, 0x0007, 0x0009, 0x000b, 0x0011, 0x0012, 0x0013, 0x0200, 0x0204, 0x0210, 0x0299,
  ];
  const list = bytes(
    many(random, 0, 4, () => parameter(random, random.pick(tags), random.bytes(random.int(3) * 4))),
  );
  const kind = random.pick([0, 1, 2, 3, 4, 9, 7]);
  const version = random.once(12) ? 2 : 1;
  return [version, 0, kind, random.int(8), be32(about(random, list.length + 8)), list];
}

function chunk(random: Random): Uint8Array {
  // Chunks that 4.99 does not know are tested by their texts.
  const type = random.pick([0, 0, 0, 0, 1, 2, 3, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 192, 77]);
  const payload = (identifier: number) => (identifier === 3 ? m3ua(random) : random.text(random.int(20)));
  const identifier = random.pick([3, 3, 0, 1, 18, 27, 26, 60]);
  const body = bytes(
    ((): Part => {
      switch (type) {
        case 0:
          return [random.bytes(8), be32(identifier), payload(identifier)];
        case 1:
        case 2:
          return [random.bytes(16), random.bytes(random.int(3) * 4)];
        case 3: {
          const gaps = random.int(4);
          const duplicates = random.int(3);
          return [
            random.bytes(8),
            be16(about(random, gaps)),
            be16(about(random, duplicates)),
            random.bytes((gaps + duplicates) * 4),
          ];
        }
        default:
          return random.bytes(random.int(24));
      }
    })(),
  );
  const cut = body.subarray(0, random.once(12) ? random.int(body.length + 1) : body.length);
  return padded([type, random.int(16), be16(about(random, cut.length + 4, 24)), cut]);
}

function sctp(random: Random): Uint8Array {
  const port = () => random.between(40000, 40999);
  const header = [be16(port()), be16(port()), random.bytes(8)];
  const chunks = bytes(many(random, 0, 4, () => chunk(random)));
  const end = random.once(10) ? random.int(chunks.length + 1) : chunks.length;
  return upper(random, 132, bytes(header, chunks.subarray(0, end)), -1);
}

export const generators: Generators = {
  sctp,
  sctpShort: (random) => upper(random, 132, Uint8Array.from(random.bytes(random.int(16))), -1),
};
