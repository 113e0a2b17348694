// Slow protocols (LACP, marker, OAM), CFM, and Cisco's VTP, UDLD and DTP behind SNAP.

import { be16, be32, bytes, ethernet, type Generators, type Part, type Random } from '../generator.js';

/** The right length, or once in `times` another one. */
const about = (random: Random, length: number, times = 20): number =>
  random.once(times) ? Math.max(0, random.pick([0, 1, 2, 3, length - 1, length + 1, length + 9])) : length;

const many = (random: Random, most: number, make: () => Part): Part[] =>
  Array.from({ length: random.int(most + 1) }, make);

/** Once in ten a piece of it. */
function whole(random: Random, part: Part): Uint8Array {
  const body = bytes(part);
  return random.once(10) ? body.subarray(0, random.int(body.length + 1)) : body;
}

/** A frame of Cisco's behind LLC and SNAP. */
function snap(random: Random, type: number, part: Part): Uint8Array {
  return ethernet(random, 0, [0xaa, 0xaa, 0x03, 0, 0, 0x0c, be16(type), part]);
}

function tlv8(random: Random, type: number, size: number): Part {
  return [type, about(random, size + 2), random.bytes(size)];
}

function aggregation(random: Random): Part {
  const subtype = random.between(1, 2);
  const sizes = subtype === 1 ? [0, 18, 18, 14] : [0, 14, 9, 3];
  const list = many(random, 3, () => {
    const type = random.once(10) ? 9 : random.between(1, subtype === 1 ? 3 : 1);
    return tlv8(random, type, sizes[type] ?? random.int(9));
  });
  return [subtype, random.once(20) ? 2 : 1, list, random.once(4) ? [] : [0, 0, random.bytes(3)]];
}

function oam(random: Random): Part {
  const code = random.pick([0, 0, 1, 1, 2, 3, 4, 0xfe, 9]);
  const tlvs = (known: number, size: number): Part =>
    many(random, 3, () => {
      const type = random.once(6) ? random.pick([0, 7, 0xfe]) : random.between(1, known);
      return tlv8(random, type, type > known ? random.int(20) : size);
    });
  const body = (): Part => {
    if (code === 0) return tlvs(2, 14);
    if (code === 1) return [random.bytes(2), tlvs(4, 38)];
    return code === 4 ? random.int(4) : random.bytes(random.int(12));
  };
  return [3, 0, random.int(256) & random.int(256), code, body()];
}

function vtp(random: Random): Part {
  const type = random.once(12) ? random.int(9) : random.between(1, 4);
  const name = random.between(1, 12);
  const vlan = (): Part => {
    const length = random.int(9);
    const list = bytes(many(random, 3, () => [random.between(1, 11), about(random, 1), [0, random.int(4)]]));
    const padded = bytes(random.text(length), Array<number>(-length & 3).fill(0));
    const body = [random.int(3), random.int(7), about(random, length), random.bytes(8), padded, list];
    const size = 12 + padded.length + list.length;
    return [about(random, size), body];
  };
  const domain = random.once(10) ? random.pick([0, 33]) : name;
  const text = bytes(random.text(name), Array<number>(32 - name).fill(0));
  const bodies: Part[] = [
    [],
    [be32(random.u32()), [10, 0, 0, 1], random.bytes(28)],
    [be32(random.u32()), many(random, 2, vlan)],
    be32(random.u32()),
    [],
  ];
  return [random.between(1, 3), type, random.int(9), domain, text, bodies[type] ?? []];
}

function udld(random: Random): Part {
  const list = many(random, 4, () => {
    const type = random.between(1, 8);
    const size = type === 4 || type === 5 ? about(random, 1) : type === 7 ? about(random, 4) : random.int(9);
    return [
      be16(type),
      be16(about(random, size + 4)),
      random.once(3) ? random.bytes(size) : random.text(size),
    ];
  });
  return [random.int(256), random.once(2) ? random.int(4) : random.int(256), random.bytes(2), list];
}

function dtp(random: Random): Part {
  const list = many(random, 4, () => {
    const type = random.once(20) ? 0 : random.between(1, 5);
    const size = [0, random.int(9), about(random, 1), about(random, 1), about(random, 6), 3][type]!;
    return [
      be16(type),
      be16(about(random, size + 4)),
      random.once(3) ? random.bytes(size) : random.text(size),
    ];
  });
  return [1, list];
}

function sender(random: Random): Part {
  const type = random.once(10) ? random.pick([0, 8]) : random.between(1, 7);
  const family = random.int(3);
  const names: Part[] = [random.text(random.int(6)), random.bytes(6)];
  const network: Part = [family, random.bytes([3, 4, 16][family]!)];
  const name = bytes(type === 4 ? names[1]! : type === 5 ? network : names[0]!);
  const length = name.length;
  const chassis: Part = length === 0 ? 0 : [about(random, length), type, name];
  const domain = random.int(4);
  const address = random.int(4);
  const managed: Part =
    domain === 0
      ? 0
      : [about(random, domain), random.bytes(domain), about(random, address), random.bytes(address)];
  return [chassis, random.once(3) ? [] : managed];
}

function cfm(random: Random): Part {
  const opcode = random.once(12) ? random.int(9) : random.between(1, 5);
  const list = many(random, 3, () => {
    const type = random.pick([0, 1, 1, 2, 3, 4, 5, 6, 31, 9]);
    if (type === 0) return 0;
    const body = bytes(type === 1 ? sender(random) : random.bytes(random.int(6)));
    if (body.length > 0 && (type === 2 || type === 3)) body[0] = random.int(9);
    return [type, be16(about(random, body.length)), body];
  });
  const domain = random.int(12);
  const md: Part = random.once(3)
    ? 1
    : [random.pick([0, 2, 3, 4]), about(random, domain), random.text(domain)];
  const names = bytes(md, random.int(6), random.int(16), random.text(40)).subarray(0, 48);
  const bodies: Part[] = [
    [],
    [random.bytes(6), names, Array<number>(64 - names.length).fill(0)],
    random.bytes(4),
    random.bytes(4),
    [random.bytes(5), random.int(5)],
    random.bytes(17),
  ];
  const body = bytes(bodies[opcode] ?? []);
  return [random.int(8) << 5, opcode, random.int(256), about(random, body.length), body, list];
}

export const generators: Generators = {
  aggregation: (random) => ethernet(random, 0x8809, whole(random, aggregation(random))),
  oam: (random) => ethernet(random, 0x8809, whole(random, oam(random))),
  slowUnknown: (random) => ethernet(random, 0x8809, [random.between(4, 11), random.bytes(random.int(20))]),
  cfm: (random) => ethernet(random, random.pick([0x8902, 0xabcd]), whole(random, cfm(random))),
  vtp: (random) => snap(random, 0x2003, whole(random, vtp(random))),
  udld: (random) => snap(random, 0x0111, whole(random, udld(random))),
  dtp: (random) => snap(random, 0x2004, whole(random, dtp(random))),
};
