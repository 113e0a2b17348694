// UDP: lengths and checksums. What its ports carry has generators of its own.

import { be16, bytes, type Generators, upper } from '../generator.js';

export const generators: Generators = {
  lengths: (random) => {
    const body = random.bytes(random.int(30));
    const length = random.pick([body.length + 8, 0, 7, 8, 9, 100, 2000]);
    return upper(
      random,
      17,
      bytes(be16(40001), be16(40002), be16(length), be16(random.pick([0, 7])), body),
      -1,
    );
  },
  short: (random) => upper(random, 17, bytes(be16(40001), be16(40002)).subarray(0, random.int(5)), -1),
  checksums: (random) => {
    const body = random.bytes(random.int(40));
    return upper(
      random,
      17,
      bytes(be16(40001), be16(40002), be16(body.length + 8), be16(random.int(65536)), body),
      6,
    );
  },
};
