// TCP: flags, relative numbers, every option, resets with text.

import {
  be16,
  be32,
  bytes,
  ethernet,
  type Generators,
  ip4,
  ip6,
  type Part,
  type Random,
  withChecksum,
} from '../generator.js';

const mptcp = (random: Random): number[] => {
  const subtype = random.int(8);
  const key = (): number[] => random.bytes(8);
  switch (subtype) {
    case 0: {
      const version = random.int(2);
      const length = random.pick(version === 0 ? [12, 20] : [4, 12, 20]);
      return [30, length, version, random.pick([0x01, 0x81, 0x80, 0xff]), ...random.bytes(length - 4)];
    }
    case 1: {
      const length = random.pick([12, 16, 24, 10]);
      return [30, length, 0x10 | random.int(2), random.int(256), ...random.bytes(length - 4)];
    }
    case 2: {
      const flags = random.int(32);
      let length = 4;
      if (flags & 1) length += flags & 2 ? 8 : 4;
      if (flags & 4) length += (flags & 8 ? 8 : 4) + 6;
      if (flags & 4 && random.once(2)) length += 2;
      if (random.once(8)) length += 2;
      return [30, length, 0x20, flags, ...random.bytes(length - 4)];
    }
    case 3: {
      const length = random.pick([8, 10, 16, 18, 20, 22, 26, 28, 30, 24]);
      return [30, length, 0x30 | random.pick([4, 6, 0, 1]), random.int(256), ...random.bytes(length - 4)];
    }
    case 4: {
      const count = random.between(0, 4);
      return [30, 3 + count, 0x40 | random.int(16), ...random.bytes(count)];
    }
    case 5: {
      const length = random.pick([3, 4, 6]);
      return [30, length, 0x50 | random.int(2), ...random.bytes(length - 3)];
    }
    case 6:
      return [30, 12, 0x60, 0, ...key()];
    case 7:
      return [30, 12, 0x70, 0, ...key()];
    default:
      return [30, 4, 0x80 | random.int(16), random.int(12)];
  }
};

const option = (random: Random): number[] => {
  switch (random.int(19)) {
    case 0:
      return [2, 4, ...be16(random.int(65536))];
    case 1:
      return [3, 3, random.int(20)];
    case 2:
      return [4, 2];
    case 3:
    case 4: {
      const blocks = random.between(1, 3);
      return [5, 2 + blocks * 8, ...random.bytes(blocks * 8)];
    }
    case 5:
      return [8, 10, ...random.bytes(8)];
    case 6:
      return [random.pick([6, 7, 11, 12, 13]), 6, ...random.bytes(4)];
    case 7:
      return [19, 18, ...random.bytes(16)];
    case 8:
      return [28, 4, ...random.bytes(2)];
    case 9: {
      const length = random.pick([4, 12, 16, 20]);
      return [29, length, ...random.bytes(length - 2)];
    }
    case 10: {
      const length = random.pick([2, 6, 10, 18, 3]);
      return [34, length, ...random.bytes(length - 2)];
    }
    case 11: {
      const length = random.pick([4, 12, 5, 3]);
      return [
        random.pick([253, 254]),
        length,
        ...(length > 3 ? [0xf9, 0x89] : []),
        ...random.bytes(Math.max(0, length - 4)),
      ].slice(0, length);
    }
    case 12:
      return [random.pick([20, 27, 69, 99]), 5, ...random.bytes(3)];
    case 13:
      return [random.pick([2, 3, 4, 5, 8, 19, 28]), random.int(8), ...random.bytes(4)];
    case 14:
      return mptcp(random);
    case 15:
      return mptcp(random);
    default:
      return [1];
  }
};

function segment(
  random: Random,
  flags: number,
  options: readonly number[],
  payload: Part,
  port = random.int(4),
): Uint8Array {
  const padded = [...options];
  while (padded.length % 4 !== 0) padded.push(random.once(2) ? 0 : 1);
  const header = bytes(
    be16(40000 + port),
    be16(50000 + port),
    be32(random.u32()),
    be32(random.u32()),
    ((20 + padded.length) / 4) << 4,
    flags,
    be16(random.int(65536)),
    [0, 0],
    be16(random.int(3)),
    padded,
  );
  const body = bytes(header, payload);
  const four = random.once(2);
  const packet = four
    ? ip4(random, 6, body, { source: [10, 0, 0, 1], destination: [10, 0, 0, 2] })
    : ip6(random, 6, body, { source: Array<number>(16).fill(1), destination: Array<number>(16).fill(2) });
  if (!random.once(8)) withChecksum(packet, four ? 20 : 40, 16, 6);
  return ethernet(random, four ? 0x0800 : 0x86dd, packet);
}

export const generators: Generators = {
  flags: (random) => segment(random, random.int(256), [], random.bytes(random.int(10))),
  options: (random) => {
    const options: number[] = [];
    for (let i = random.between(1, 4); i > 0; i--) {
      const next = option(random);
      if (options.length + next.length <= 40) options.push(...next);
    }
    return segment(random, random.pick([0x02, 0x12, 0x10, 0x18]), options, random.bytes(random.int(10)));
  },
  multipath: (random) =>
    segment(
      random,
      random.pick([0x02, 0x12, 0x10, 0x18]),
      mptcp(random).slice(0, 40),
      random.bytes(random.int(4)),
    ),
  reset: (random) => segment(random, random.pick([0x04, 0x14]), [], random.text(random.int(40))),
  headerLength: (random) => {
    const made = segment(random, 0x10, [], random.bytes(random.int(30)));
    made[made[12] === 0x08 ? 14 + 20 + 12 : 14 + 40 + 12] = random.int(256) & 0xfe;
    return made;
  },
  conversation: (random) =>
    segment(random, random.pick([0x10, 0x18, 0x11]), [], random.bytes(random.int(3)), 1),
};
