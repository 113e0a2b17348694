// Control protocols of links and bridges: spanning trees …

import {
  be16,
  be32,
  bytes,
  ethernet,
  type Generators,
  internetChecksum,
  ip4,
  ip6,
  type Part,
  type Random,
  udp,
  withChecksum,
} from '../generator.js';

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

/** Authentication sections of BFD by type, their data as long as it should be. */
const BFD_DATA = [4, 16, 16, 16, 20, 20, 8];

function bfd(random: Random): Uint8Array {
  const version = random.once(10) ? random.int(8) : random.int(2);
  const type = random.int(BFD_DATA.length);
  const sequence = type >= 2 && type <= 5 ? [0, ...random.bytes(4)] : [];
  const data = bytes(random.int(256), sequence, random.bytes(type === 1 ? random.int(18) : BFD_DATA[type]!));
  const flags = random.int(256);
  return bytes(
    (version << 5) | random.int(random.once(5) ? 32 : 9),
    flags,
    random.int(256),
    24,
    random.bytes(8),
    many(3, () => (random.once(3) ? random.bytes(4) : be32(random.int(2000) * 1000))),
    (flags & 4) !== 0 ? [type, nearly(random, data.length + 2), data] : [],
  );
}

function withSum(random: Random, body: Uint8Array): Uint8Array {
  if (!random.once(4)) {
    body.set([0, 0], 6);
    body.set(be16(internetChecksum(body)), 6);
  }
  return body;
}

/** The upper layer in IPv4 or IPv6, its TTL mostly 255. */
function fromNeighbour(random: Random, payload: Uint8Array, four: boolean): Uint8Array {
  const ttl = random.once(4) ? random.int(256) : 255;
  const packet = four ? ip4(random, 112, payload, { ttl }) : ip6(random, 112, payload, { hopLimit: ttl });
  if (!random.once(4) && payload[0]! >> 4 === 3) withChecksum(packet, four ? 20 : 40, 6, 112);
  return ethernet(random, four ? 0x0800 : 0x86dd, packet);
}

function vrrp(random: Random): Uint8Array {
  const version = random.once(10) ? random.int(16) : random.between(2, 3);
  const four = version === 2 ? !random.once(10) : random.once(2);
  const count = random.int(4);
  const authentication = random.int(4);
  const body = bytes(
    (version << 4) | (random.once(10) ? random.int(16) : 1),
    random.bytes(2),
    nearly(random, count),
    authentication,
    random.bytes(3),
    many(count, () => random.bytes(four ? 4 : 16)),
    authentication === 1 && version === 2 ? padded(random, 8) : [],
  );
  return fromNeighbour(random, withSum(random, body), four);
}

const hsrp = (random: Random): Uint8Array =>
  bytes(
    random.once(8) ? random.int(4) : 0,
    random.int(4),
    random.pick([0, 1, 2, 4, 8, 16, 5]),
    random.bytes(4),
    random.pick([0, 0, 7]),
    padded(random, 8),
    random.bytes(4),
  );

export const generators: Generators = {
  stp: (random) => llc(random, 0x42, [bpdu(random), random.bytes(random.pick([0, 0, 8]))]),
  pvst: (random) => snap(random, [0, 0, 0x0c], random.pick([0x010b, 0x010c]), bpdu(random)),
  bridgedStp: (random) => snap(random, [0, 0x80, 0xc2], 14, bpdu(random)),
  bfd: (random) => udp(random, 40152, random.pick([3784, 3784, 4784, 6784, 3785]), bfd(random)),
  vrrp,
  hsrp: (random) => udp(random, 1985, 1985, hsrp(random)),
};
