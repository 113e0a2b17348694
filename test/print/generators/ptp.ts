// PTP and SOME/IP.

import {
  be16,
  be32,
  bytes,
  ethernet,
  type Generators,
  type Part,
  ports,
  type Random,
  udp,
} from '../generator.js';

function ptp(random: Random): Uint8Array {
  const type = random.once(12) ? random.int(16) : random.pick([0, 1, 2, 3, 8, 9, 10, 11, 12, 13]);
  const version = random.once(10) ? random.int(256) : random.pick([2, 2, 0x12]);
  const header: Part = [
    (random.int(4) << 4) | type,
    version,
    be16(random.pick([44, 54, 64])),
    random.int(256),
    random.int(256),
    be16(random.u32() & random.u32()),
    random.bytes(8),
    be32(random.once(2) ? 0 : random.u32()),
    random.once(3) ? [0, 0] : [],
    random.bytes(10),
    be16(random.int(65536)),
    random.int(8),
    random.int(256),
  ];
  const packet = bytes(header, random.bytes(34));
  return random.once(10) ? packet.subarray(0, random.int(packet.length)) : packet;
}

function someip(random: Random): Uint8Array {
  const type = random.pick([0, 1, 2, 0x80, 0x81, 0x20, 0x21, 0x22, 0xa0, 0xa1, random.int(256)]);
  const packet = bytes(
    random.bytes(4),
    be32(random.once(2) ? 8 : random.u32()),
    random.bytes(4),
    1,
    random.int(256),
    type,
    random.int(18),
    random.bytes(random.int(8)),
  );
  return random.once(8) ? packet.subarray(0, random.int(packet.length)) : packet;
}

export const generators: Generators = {
  ptp: (random) =>
    random.once(2)
      ? ethernet(random, 0x88f7, ptp(random))
      : udp(random, ...ports(random, random.between(319, 320)), ptp(random)),
  someip: (random) => udp(random, ...ports(random, 30490), someip(random)),
};
