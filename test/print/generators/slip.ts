// Serial lines: SLIP with plain and compressed headers.

import {
  be16,
  be32,
  bytes,
  type Generated,
  type Generators,
  ip4,
  ip6,
  type Part,
  type Random,
} from '../generator.js';

const on = (linkType: number, ...parts: Part[]): Generated => ({ linkType, bytes: bytes(...parts) });

function segment(random: Random): Uint8Array {
  const header = bytes(
    be16(40001),
    be16(40002),
    be32(random.u32()),
    be32(random.u32()),
    0x50,
    0x10,
    be16(512),
  );
  const body = bytes(header, be16(0), be16(0), random.bytes(random.int(8)));
  return random.once(4) ? ip6(random, 6, body) : ip4(random, 6, body);
}

/** The header that BPF puts in front. */
function header(random: Random): number[] {
  const kind = random.pick([0x45, 0x70, 0x80 | random.int(128), 0x80 | random.int(128), 0x10]);
  const rest = Array.from({ length: 14 }, () => (random.once(3) ? 0 : random.int(256)));
  return [random.once(9) ? 7 : random.int(2), kind, ...rest];
}

export const generators: Generators = {
  slip: (random) => on(8, header(random), random.once(9) ? random.bytes(9) : segment(random)),
  slipBsdos: (random) => on(102, header(random), segment(random)),
};
