// AODV, over IPv4 and IPv6.

import { be32, bytes, type Generators, type Part, ports, type Random, udp } from '../generator.js';

function aodv(random: Random): Uint8Array {
  const type = random.once(10) ? random.int(7) : random.between(1, 3);
  const width = random.pick([4, 16]);
  const body: Part[] = [
    [],
    [random.bytes(4 + width + 4 + width + 4)],
    [random.bytes(width + 4 + width + 4)],
    Array.from({ length: random.int(4) }, () => random.bytes(width + 4)),
  ];
  const extension: Part = random.once(3)
    ? [random.int(3), random.pick([4, 4, 0, 9]), be32(random.int(9999))]
    : [];
  const count = random.int(4);
  const packet = bytes(type, random.int(256), random.int(256), count, body[type] ?? [], extension);
  return random.once(10) ? packet.subarray(0, random.int(packet.length)) : packet;
}

export const generators: Generators = {
  aodv: (random) => udp(random, ...ports(random, 654), aodv(random)),
};
