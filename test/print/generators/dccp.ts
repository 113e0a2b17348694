// DCCP: every type of packet, options right and wrong.

import {
  be16,
  be32,
  bytes,
  type Generators,
  type Part,
  type Random,
  upper,
  withChecksum,
} from '../generator.js';

function option(random: Random): Part {
  const type = random.pick([0, 1, 2, 7, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 60, 130, 200]);
  if (type < 32) return type;
  const size = random.pick([0, 1, 2, 3, 4, 4, 4, 6, 8]);
  const value = random.bytes(size);
  if (type <= 35 && size > 0) value[0] = random.int(12);
  return [type, random.once(20) ? random.pick([0, 1, size, size + 9]) : size + 2, value];
}

function dccp(random: Random): Uint8Array {
  const type = random.once(12) ? random.between(10, 15) : random.int(10);
  const long = random.once(4) ? 0 : 1;
  const fixed = [4, 12, 0, 8, 8, 8, 8, 12, 8, 8][type] ?? 0;
  const body = random.bytes(fixed);
  if (type === 7) body[8] = random.int(14);
  const options = [...bytes(Array.from({ length: random.int(5) }, () => option(random)))];
  while (options.length % 4 !== 0) options.push(0);
  const header = long === 1 ? 16 : 12;
  const words = (header + fixed + options.length) / 4;
  const packet = bytes(
    be16(random.between(40000, 40999)),
    be16(random.between(40000, 40999)),
    random.once(12) ? random.int(256) : words,
    random.int(256) & (random.once(2) ? 0xf0 : 0xff),
    be16(0),
    (type << 1) | long,
    long === 1 ? [0, 0, random.int(2), random.bytes(4)] : random.bytes(3),
    body,
    options,
    random.bytes(random.int(6)),
  );
  const frame = upper(random, 33, packet, -1);
  const at = frame.length - packet.length;
  const ip = frame.subarray(14);
  // Right for packets whose checksum covers all of them.
  if (random.once(2)) withChecksum(ip, at - 14, 6, 33);
  else frame.set(be16(random.int(65536)), at + 6);
  return frame;
}

export const generators: Generators = {
  dccp,
  dccpShort: (random) =>
    upper(random, 33, bytes(be32(random.u32()), random.bytes(12)).subarray(0, random.int(17)), -1),
};
