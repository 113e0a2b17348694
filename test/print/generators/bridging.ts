// Control protocols of links and bridges: spanning trees …

import { be16, bytes, ethernet, type Generators, type Part, type Random } from '../generator.js';

/** A number that is now and then another one. */
const nearly = (random: Random, right: number): number =>
  random.once(8) ? Math.max(0, right + random.between(-20, 20)) : right;

const many = (count: number, make: () => Part): Part[] => Array.from({ length: count }, make);

/** A name in a field of zeros. */
const padded = (random: Random, size: number): number[] => {
  const name = [...random.text(random.int(size + 1))].map((c) => c.charCodeAt(0));
  return [...name, ...Array<number>(size - name.length).fill(0)];
};

const llc = (random: Random, sap: number, body: Part): Uint8Array =>
  ethernet(random, 0, bytes(sap, sap, 3, body));

const snap = (random: Random, organisation: readonly number[], type: number, body: Part): Uint8Array =>
  ethernet(random, 0, bytes([0xaa, 0xaa, 3], organisation, be16(type), body));

function bpdu(random: Random): Uint8Array {
  const version = random.once(10) ? random.pick([1, 5]) : random.pick([0, 2, 3, 4]);
  const type = random.once(10) ? random.pick([0x80, 1]) : version >= 2 ? 2 : 0;
  const base = bytes(
    be16(random.once(20) ? 1 : 0),
    version,
    type,
    random.bytes(31),
    random.once(10) ? random.int(36) : 0,
  );
  if (version < 3) return base;
  const instances = many(random.int(4), () => random.bytes(16));
  const length = 64 + 16 * instances.length;
  const multiple = [
    be16(nearly(random, length)),
    random.int(256),
    padded(random, 32),
    random.bytes(2 + 16 + 4 + 8 + 1),
    instances,
  ];
  const path = [be16(nearly(random, 85)), random.int(256), padded(random, 32), random.bytes(52)];
  return bytes(base, multiple, version === 4 ? path : []);
}

export const generators: Generators = {
  stp: (random) => llc(random, 0x42, [bpdu(random), random.bytes(random.pick([0, 0, 8]))]),
  pvst: (random) => snap(random, [0, 0, 0x0c], random.pick([0x010b, 0x010c]), bpdu(random)),
  bridgedStp: (random) => snap(random, [0, 0x80, 0xc2], 14, bpdu(random)),
};
