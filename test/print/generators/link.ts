// Link layers: Ethernet's tags and LLC, Linux cooked captures, BSD loopback, raw IP.

import {
  be16,
  be32,
  bytes,
  ethernet,
  type Generated,
  type Generators,
  ip4,
  ip6,
  le32,
  type Part,
  type Random,
  upper,
} from '../generator.js';

const datagram = (random: Random): Uint8Array => {
  const body = random.bytes(random.int(20));
  return bytes(be16(random.between(40000, 40999)), be16(41000), be16(body.length + 8), [0, 0], body);
};

const packet = (random: Random): { type: number; bytes: Uint8Array } =>
  random.once(2)
    ? { type: 0x0800, bytes: ip4(random, 17, datagram(random)) }
    : { type: 0x86dd, bytes: ip6(random, 17, datagram(random)) };

const on = (linkType: number, ...parts: Part[]): Generated => ({ linkType, bytes: bytes(...parts) });

/** Types without a printer, and ones nobody has. */
const OTHER_TYPES = [0x0200, 0x1000, 0x6001, 0x6558, 0x8038, 0x88b5, 0x9999, 0xfffe, 0x88e5, 0x0600, 0x5dd];

export const generators: Generators = {
  ethernet: (random) => upper(random, 17, datagram(random), 6),
  otherTypes: (random) => ethernet(random, random.pick(OTHER_TYPES), random.bytes(random.int(50))),
  tags: (random) => {
    const inner = packet(random);
    let body = bytes(be16(random.once(5) ? random.pick(OTHER_TYPES) : inner.type), inner.bytes);
    for (let i = random.int(2); i > 0; i--) {
      body = bytes(be16(random.pick([0x8100, 0x88a8, 0x9100, 0x9200])), body);
      body = bytes(be16(random.int(65536)), body);
    }
    return ethernet(random, random.pick([0x8100, 0x88a8, 0x9100]), bytes(be16(random.int(65536)), body));
  },
  llc: (random) => {
    const control = random.pick([[0x03], [0x13], [0xbf], [0xe3], [0x00, 0x02], [0x01, 0x05], [0x73], [0x97]]);
    const sap = (): number =>
      random.pick([0x00, 0x02, 0x06, 0x42, 0x98, 0xaa, 0xe0, 0xf0, 0xf4, 0xfe, 0x07, 0x4e, 0xff]);
    return ethernet(random, 0, bytes(sap(), sap(), control, random.bytes(random.int(30))));
  },
  snap: (random) => {
    const inner = packet(random);
    const organisation = random.pick([
      [0, 0, 0],
      [0, 0, 0xf8],
      [0, 0, 0x0c],
      [8, 0, 7],
      [0, 0x80, 0xc2],
      [0, 0x10, 0x18],
    ]);
    return ethernet(
      random,
      0,
      bytes(
        [0xaa, 0xaa, 3],
        organisation,
        be16(random.once(3) ? random.int(65536) : inner.type),
        inner.bytes,
      ),
    );
  },
  padded: (random) =>
    bytes(ethernet(random, 0, bytes([0x42, 0x42, 3], [0, 0, 0, 0x80])), random.bytes(random.int(30))),
  sll: (random) => {
    const inner = packet(random);
    const type = random.once(4) ? random.pick([1, 2, 3, 4, 0x8100, 0x88b5]) : inner.type;
    return on(
      113,
      be16(random.int(6)),
      be16(random.pick([1, 1, 772, 512, 65534])),
      be16(random.pick([6, 6, 0, 8, 4])),
      random.bytes(8),
      be16(type),
      type === 0x8100 ? bytes(be16(random.int(65536)), be16(inner.type)) : [],
      inner.bytes,
    );
  },
  sll2: (random) => {
    const inner = packet(random);
    const type = random.once(4) ? random.pick([1, 4, 0x8100, 0x88b5]) : inner.type;
    return on(
      276,
      be16(type),
      be16(0),
      be32(random.int(5)),
      be16(random.pick([1, 772, 512, 778, 824])),
      random.int(6),
      random.pick([6, 6, 0, 4]),
      random.bytes(8),
      type === 0x8100 ? bytes(be16(random.int(65536)), be16(inner.type)) : [],
      inner.bytes,
    );
  },
  null: (random) => {
    const inner = packet(random);
    const family = random.once(4)
      ? random.pick([23, 99])
      : inner.type === 0x0800
        ? 2
        : random.pick([24, 28, 30]);
    return on(0, random.once(3) ? be32(family) : le32(family), inner.bytes);
  },
  loop: (random) => {
    const inner = packet(random);
    const family = random.once(4)
      ? random.pick([23, 99])
      : inner.type === 0x0800
        ? 2
        : random.pick([24, 28, 30]);
    return on(108, be32(family), inner.bytes);
  },
  raw: (random) =>
    on(
      101,
      random.once(6)
        ? [random.pick([0x00, 0x35, 0x99]), ...random.bytes(random.int(30))]
        : packet(random).bytes,
    ),
  rawIpv4: (random) => on(228, ip4(random, 17, datagram(random))),
  rawIpv6: (random) => on(229, ip6(random, 17, datagram(random))),
};
