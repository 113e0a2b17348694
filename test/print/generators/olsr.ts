// Routing protocols over UDP and TCP: OLSR, RIP, RIPng, Babel, AHCP, AODV, HNCP, EIGRP, IGRP, EGP.

import {
  be16,
  be32,
  bytes,
  ethernet,
  type Generators,
  ip4,
  ip6,
  ip6Address,
  type Part,
  ports,
  type Random,
  udp,
  withChecksum,
} from '../generator.js';

/** The right length, or once in `times` another one. */
const about = (random: Random, length: number, times = 12): number =>
  random.once(times) ? Math.max(0, random.pick([0, 1, length - 1, length + 1, length + 4, 0xffff])) : length;

const many = (random: Random, least: number, most: number, make: () => Part): Part[] =>
  Array.from({ length: random.between(least, most) }, make);

const mask = (bits: number): number[] => be32(bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0);

/** Addresses of one of the two families, as the packet that carries the message has them. */
const addressOf = (random: Random, v6: boolean): number[] => (v6 ? ip6Address(random) : random.bytes(4));

/** A datagram in the IP version that its payload's addresses have. */
function udpOver(
  random: Random,
  v6: boolean,
  [source, destination]: [number, number],
  payload: Part,
): Uint8Array {
  const body = bytes(payload);
  const datagram = bytes(be16(source), be16(destination), be16(body.length + 8), be16(0), body);
  const packet = v6 ? ip6(random, 17, datagram) : ip4(random, 17, datagram);
  return ethernet(random, v6 ? 0x86dd : 0x0800, withChecksum(packet, v6 ? 40 : 20, 6, 17));
}

function olsrMessage(random: Random, v6: boolean): Part {
  const type = random.pick([1, 2, 3, 4, 128, 130, 201, 202, 77]);
  const quality = () => [addressOf(random, v6), random.bytes(2), 0, 0];
  const body = bytes(
    ((): Part => {
      switch (type) {
        case 1:
        case 201: {
          const link = () => {
            const list = bytes(many(random, 0, 5, () => (type === 1 ? random.bytes(4) : quality())));
            return [random.int(20), 0, be16(about(random, list.length + 4)), list];
          };
          return [0, 0, random.bytes(2), many(random, 0, 3, link)];
        }
        case 2:
          return [random.bytes(4), many(random, 0, 6, () => random.bytes(4))];
        case 202:
          return [random.bytes(4), many(random, 0, 6, quality)];
        case 3:
          return many(random, 0, 4, () => addressOf(random, v6));
        case 4:
          if (v6)
            return many(random, 0, 3, () => [
              ip6Address(random),
              random.once(2) ? ip6Address(random) : mask(20),
              Array<number>(12).fill(0),
            ]);
          return many(random, 0, 6, () =>
            random.once(3)
              ? [0, 0, 0, 0, random.once(9) ? 1 : 0, random.bytes(3)]
              : [random.bytes(4), random.once(4) ? random.bytes(4) : mask(random.int(33))],
          );
        case 130: {
          const entries = many(random, 0, 3, () => {
            const name = random.text(random.int(9));
            const padding = Array<number>((4 - (name.length % 4)) % 4).fill(0);
            return [
              be16(random.int(4)),
              be16(about(random, name.length)),
              addressOf(random, v6),
              name,
              padding,
            ];
          });
          return [be16(random.int(3)), be16(about(random, entries.length)), entries];
        }
        default:
          return random.bytes(random.int(40));
      }
    })(),
  );
  const cut = body.subarray(0, random.once(10) ? random.int(body.length + 1) : body.length);
  return [
    type,
    random.int(256),
    be16(about(random, cut.length + (v6 ? 24 : 12))),
    addressOf(random, v6),
    random.bytes(2),
    be16(random.int(65536)),
    cut,
  ];
}

function olsr(random: Random): Uint8Array {
  const v6 = random.once(2);
  const messages = bytes(many(random, 0, 3, () => olsrMessage(random, v6)));
  const header = [be16(about(random, messages.length + 4)), be16(random.int(65536))];
  return udpOver(random, v6, ports(random, 698), [header, messages]);
}

export const generators: Generators = {
  olsr,
  olsrShort: (random) => udp(random, ...ports(random, 698), random.bytes(random.int(4))),
};
