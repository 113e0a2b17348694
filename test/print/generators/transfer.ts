// File transfer and small services over UDP: TFTP.

import { be16, bytes, type Generators, type Part, ports, type Random, udp } from '../generator.js';

/** Text with its zero byte, which is missing once in a while. */
const string = (random: Random): Part => [
  random.once(8) ? random.bytes(3) : random.text(random.int(9)),
  random.once(12) ? [] : 0,
];

function tftp(random: Random): Uint8Array {
  const operation = random.once(8) ? random.int(65536) : random.between(1, 6);
  const strings = Array.from({ length: random.int(6) }, () => string(random));
  const number = be16(random.once(3) ? random.int(65536) : random.int(10));
  const body = bytes(
    be16(operation),
    operation === 5 ? number : [],
    operation < 3 || operation > 4 ? strings : number,
  );
  const cut = random.once(8) ? body.subarray(0, random.int(body.length + 1)) : body;
  return udp(random, ...ports(random, 69), cut);
}

export const generators: Generators = { tftp };
