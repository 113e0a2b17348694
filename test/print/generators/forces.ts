// ForCES over SCTP: every type of message, TLVs in TLVs, with lengths that are wrong now and then.

import { be16, be32, bytes, type Generators, type Part, type Random, upper } from '../generator.js';

const mostly = (random: Random, value: number, other: number): number => (random.once(30) ? other : value);
const padded = (body: Uint8Array): Uint8Array => bytes(body, Array<number>(-body.length & 3).fill(0));

function tlv(random: Random, type: number, content: Part): Uint8Array {
  const body = bytes(content);
  const length = mostly(random, body.length + 4, random.int(body.length + 12));
  return bytes(be16(mostly(random, type, random.int(0x120))), be16(length), padded(body));
}

function ilv(random: Random): Uint8Array {
  const body = random.bytes(random.int(7));
  return bytes(
    be32(random.int(9)),
    be32(mostly(random, body.length + 8, random.int(20))),
    padded(bytes(body)),
  );
}

function content(random: Random, depth: number): Part {
  switch (random.int(depth > 2 ? 4 : 6)) {
    case 0:
      return tlv(random, 0x112, random.bytes(random.int(9)));
    case 1:
      return tlv(
        random,
        0x113,
        Array.from({ length: random.between(1, 2) }, () => ilv(random)),
      );
    case 2:
      return tlv(random, 0x114, [random.once(5) ? random.int(256) : random.int(24), [0, 0, 0]]);
    case 3:
      return [];
    case 4:
      return tlv(random, 0x111, [be32(random.int(9)), tlv(random, 0x112, random.bytes(4)), random.bytes(8)]);
    default:
      return paths(random, depth + 1);
  }
}

function paths(random: Random, depth: number): Part {
  return Array.from({ length: random.between(1, 2) }, () => {
    const flags = random.pick([0, 0, 0, 1, 2, 4, 3]);
    const count = random.int(3);
    const description =
      flags === 2
        ? [be16(0x117), be16(12), random.bytes(8)]
        : flags === 1
          ? [be32(1), be16(0x112), be16(mostly(random, 8, random.int(40))), random.bytes(4)]
          : [];
    const body = [be16(flags), be16(mostly(random, count, 9)), random.bytes(4 * count), description];
    return tlv(random, 0x110, [body, content(random, depth)]);
  });
}

const OPERATIONS: Readonly<Record<number, readonly number[]>> = {
  1: [11],
  3: [1, 2, 5, 12, 14],
  4: [7, 8],
  5: [11],
  19: [3, 4, 6, 13],
  20: [9, 10],
};

function select(random: Random, type: number): Part {
  const operations = Array.from({ length: random.between(1, 2) }, () => {
    const number = mostly(random, random.pick(OPERATIONS[type]!), random.pick([0, 16, 0x8001]));
    return tlv(random, number, paths(random, 0));
  });
  return tlv(random, 0x1000, [be32(random.int(4)), be32(random.int(4)), operations]);
}

function body(random: Random, type: number): Part {
  if (OPERATIONS[type] !== undefined) {
    return Array.from({ length: random.between(random.once(9) ? 0 : 1, 2) }, () => select(random, type));
  }
  switch (type) {
    case 2:
      return tlv(random, 0x11, be32(mostly(random, random.int(6), 300)));
    case 17:
      return tlv(random, 0x10, be32(mostly(random, random.int(4), 5)));
    case 6:
      return tlv(random, 1, [
        tlv(
          random,
          0x115,
          Array.from({ length: random.int(3) }, () => ilv(random)),
        ),
        tlv(random, 0x116, random.bytes(random.int(20))),
      ]);
    default:
      return random.once(3) ? random.bytes(8) : [];
  }
}

function message(random: Random): Uint8Array {
  const type = random.once(15) ? random.int(24) : random.pick([1, 2, 3, 4, 5, 6, 15, 17, 19, 20]);
  const content = bytes(body(random, type));
  const length = mostly(random, (content.length + 24) >> 2, random.int(30));
  const node = (): number => random.pick([1, 0x40000001, 0x80000001, 0xc0000001, 0xfffffffd + random.int(3)]);
  return bytes(0x10, type, be16(length), be32(node()), be32(node()), random.bytes(12), content);
}

export const generators: Generators = {
  forces: (random) => {
    const data = message(random);
    const port = 6704 + random.int(3);
    const chunk = [0, 3, be16(data.length + 16), random.bytes(8), be32(random.pick([0, 21, 22, 23])), data];
    return upper(
      random,
      132,
      bytes(
        be16(port),
        be16(40001),
        random.bytes(4),
        random.bytes(4),
        chunk,
        Array<number>(-data.length & 3).fill(0),
      ),
      -1,
    );
  },
};
