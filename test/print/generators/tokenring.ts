// Links of rings and of host adapters: token ring, FDDI, IP over InfiniBand, Bluetooth; ARP on Ethernet.

import {
  be16,
  bytes,
  ethernet,
  type Generated,
  type Generators,
  ip4,
  ip6,
  type Part,
  type Random,
} from '../generator.js';

const on = (linkType: number, ...parts: Part[]): Generated => ({ linkType, bytes: bytes(...parts) });

const packet = (random: Random): { type: number; bytes: Uint8Array } => {
  const datagram = bytes(be16(40001), be16(40002), be16(12), be16(0), random.bytes(4));
  return random.once(2)
    ? { type: 0x0800, bytes: ip4(random, 17, datagram) }
    : { type: 0x86dd, bytes: ip6(random, 17, datagram) };
};

/** LLC with SNAP, or another frame of it. */
function llc(random: Random): Part {
  if (random.once(4)) {
    const sap = (): number => random.pick([0x00, 0x06, 0x42, 0xaa, 0xf0, 0x07, 0x4e]);
    const control = random.pick([[0x03], [0xbf], [0xe3], [0x00, 0x02], [0x01, 0x05]]);
    return [sap(), sap(), control, random.bytes(random.int(20))];
  }
  const inner = packet(random);
  const type = random.once(5) ? random.pick([0x9999, 0x6001]) : inner.type;
  return [0xaa, 0xaa, 0x03, 0, 0, random.once(6) ? 0x0c : 0, be16(type), inner.bytes];
}

function tokenRing(random: Random): Generated {
  const source = random.bytes(6);
  const routed = random.once(2);
  source[0] = (source[0]! & 0x7f) | (routed ? 0x80 : 0);
  const segments = random.int(5);
  const size = random.once(6) ? random.int(32) : 2 + 2 * segments;
  const route = [size | (random.int(8) << 5), random.int(256), random.bytes(2 * segments)];
  const control = random.pick([0x40, 0x40, 0x40, 0x47, 0x00, 0x80]);
  return on(6, random.int(256), control, random.bytes(6), source, routed ? route : [], llc(random));
}

const FDDI_CONTROLS = [0x40, 0x41, 0x4f, 0x43, 0x80, 0xc0, 0xc2, 0xc3, 0xc5, 0xd3, 0x62, 0xe1, 0x13];

export const generators: Generators = {
  tokenRing,
  fddi: (random) => {
    const control = random.once(2) ? 0x50 | random.int(8) : random.pick(FDDI_CONTROLS);
    return on(10, control, random.bytes(12), llc(random));
  },
  infiniband: (random) => {
    const inner = packet(random);
    const type = random.once(4) ? random.pick([0x9999, 0x8035, 0]) : inner.type;
    return on(242, random.bytes(40), be16(type), random.bytes(2), inner.bytes);
  },
  arp: (random) => {
    const hardware = random.once(6) ? random.int(9) : 6;
    const protocol = random.once(6) ? random.int(7) : 4;
    const types = [random.pick([1, 1, 6, 15, 24, 77]), random.pick([0x0800, 0x0800, 0x1000, 0x86dd])];
    const body = random.bytes(2 * (hardware + protocol) + random.int(4));
    const operation = random.once(8) ? random.int(300) : random.pick([1, 2, 3, 4, 8, 9]);
    const header = [types.map(be16), hardware, protocol, be16(operation)];
    return ethernet(random, random.pick([0x0806, 0x8035]), [header, body]);
  },
  bluetooth: (random) => on(201, [0, 0, 0, random.int(2)], random.bytes(1 + random.int(30))),
};
