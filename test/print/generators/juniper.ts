// Packets of Juniper's routers: every link type, with extensions, cookies of every card, and what is behind them.

import {
  be16,
  be24,
  be32,
  bytes,
  type Generated,
  type Generators,
  type Part,
  type Random,
} from '../generator.js';
import { control, datagram, fragment, frame, osi, signalling } from './framerelay.js';

const FLAGS = { INCOMING: 1, NO_LINK_HEADER: 2, EXTENSIONS: 0x80 };
const LINK_SERVICES = 0x54;
const ADAPTIVE_SERVICES = 0x47;

function extension(random: Random): number[] {
  const type = random.pick([1, 2, 3, 3, 4, 5, 6, 6, 7, 8, 9, 128, 200, 0]);
  const size = random.pick([1, 1, 1, 2, 3, 4, 5, 0]);
  const value = random.bytes(size);
  if (size > 0 && type !== 2) value.fill(0, 1);
  if (size > 0) value[0] = random.once(6) ? 0xff : random.int(70);
  if (random.once(6)) value.reverse();
  if (random.once(12)) value.fill(0xff);
  return [type, random.once(16) ? random.int(20) : size, ...value];
}

/** What all link types begin with. */
function header(random: Random, flags = 0): number[] {
  const extended = random.once(3);
  const bits = flags | (random.once(2) ? FLAGS.INCOMING : 0) | (extended ? FLAGS.EXTENSIONS : 0);
  const head = [...be24(random.once(24) ? random.u32() : 0x4d4743), bits | random.pick([0, 0, 4, 0x40])];
  if (!extended) return head;
  const all = Array.from({ length: random.int(4) }, () => extension(random)).flat();
  if (random.once(6)) all.push(1);
  return [...head, ...be16(all.length), ...all];
}

/** A cookie: the card's own, that of link services or that of adaptive services. */
function cookie(random: Random, own: readonly number[], first: number = random.int(0x40)): number[] {
  switch (random.int(4)) {
    case 0:
      return [LINK_SERVICES, ...random.bytes(own.length + 1)];
    case 1:
      return [
        ADAPTIVE_SERVICES,
        ...random.bytes(3),
        random.pick([0x0c, 0, 4]),
        random.int(8) << 4,
        ...random.bytes(2),
      ];
    default:
      return [first, ...own.slice(1)];
  }
}

function ppp(random: Random): Part {
  return random.pick<Part>([
    [0xff, 3, be16(0x21), datagram(random)],
    [be16(random.pick([0x21, 0x57])), datagram(random)],
    [be16(0x23), osi(random)],
    [be16(0x281), 0, 1, 0x41, 64, datagram(random)],
    [be16(0xc021), 9, 1, be16(8), be32(7)],
    [be16(0x4321), random.bytes(5)],
  ]);
}

/** What the cookie of adaptive services may call the packet. */
const layer3 = (random: Random): Part =>
  random.pick<Part>([
    datagram(random),
    datagram(random),
    osi(random),
    [0, 1, 0x41, 64, datagram(random)],
    ppp(random),
  ]);

/** What ATM cards, and those that say nothing of the packet, have behind the cookie. */
function guessed(random: Random): Part {
  return random.pick<Part>([
    datagram(random),
    datagram(random),
    ppp(random),
    [0xfe, 0xfe, 3, osi(random)],
    [0xaa, 0xaa, 3, be24(0), be16(0x0800), datagram(random)],
    [0xaa, 0xaa, 3, be24(0x123456), be16(9), random.bytes(4)],
    [3, osi(random)],
    [3, 0xcc, datagram(random)],
    [random.bytes(12), be16(0x0800), datagram(random)],
    random.bytes(12),
  ]);
}

/** Sets the check in the last ten bits of a cell's payload. */
function withCheck(payload: Uint8Array): Uint8Array {
  payload.set([payload[46]! & 0xfc, 0], 46);
  let rest = 0;
  for (let bit = 0; bit < payload.length * 8; bit++) {
    rest = (rest << 1) ^ ((payload[bit >> 3]! >> (7 - (bit & 7))) & 1);
    if ((rest & 0x400) !== 0) rest ^= 0x633;
  }
  payload[46] = payload[46]! | (rest >> 8);
  payload[47] = rest & 0xff;
  return payload;
}

/** A cell that maintains. */
function cell(random: Random): Part {
  const word = random.pick([[], [0, 0, 0, 0], [8, 0, 0, 0], [8, 0x38, 0, 0]]);
  const channel = random.pick([3, 4, 5, 100]);
  const head = be32(((random.int(256) << 20) | (channel << 4) | random.int(16)) >>> 0);
  const kind = random.pick([0x10, 0x11, 0x14, 0x18, 0x18, 0x20, 0x22, 0x81, 0xf0, 0x57, 0x00]);
  const payload = bytes(kind, random.bytes(47));
  return [word, head, random.once(3) ? payload : withCheck(payload)];
}

const on = (linkType: number, ...parts: Part[]): Generated => ({ linkType, bytes: bytes(...parts) });

const services = (random: Random): Part => [
  random.int(0x40),
  random.bytes(7),
  random.once(4) ? datagram(random) : [],
];

export const generators: Generators = {
  mlppp: (random) => {
    const own = random.pick([
      [0, 0x23],
      [0xff, 3],
      [9, 8],
    ]);
    return on(130, header(random), cookie(random, own, own[0]), layer3(random));
  },
  mlfr: (random) => {
    const own = random.pick<Part>([
      [3, 0xcc, datagram(random)],
      [3, 0x8e, datagram(random)],
      [3, 8, signalling(random)],
      [
        random.pick([
          [0, 3],
          [3, 0],
        ]),
        osi(random),
      ],
      random.bytes(8),
    ]);
    return on(131, header(random), cookie(random, random.once(3) ? [0, 0] : random.bytes(2)), own);
  },
  mfr: (random) => {
    if (random.once(3)) return on(134, header(random), random.once(2) ? control(random) : fragment(random));
    const own = random.pick<Part>([
      [0xfe, 0xfe, 3, osi(random)],
      [3, 0xcc, datagram(random)],
      [3, 0x8e, datagram(random)],
      [3, 8, signalling(random)],
      random.bytes(8),
      layer3(random),
    ]);
    return on(134, header(random), cookie(random, [0, 0, 0, 1], random.pick([0, 9])), own);
  },
  encryption: (random) => {
    const type = random.between(0, 6);
    const association = [be16(random.int(99)), random.int(256), type, random.bytes(12)];
    return on(
      132,
      header(random),
      type < 3 && random.once(2) ? datagram(random) : [association, datagram(random)],
    );
  },
  ggsn: (random) => {
    const own = [random.int(0x40), 0, random.pick([1, 2, 2, 6, 6, 9]), 0, ...random.bytes(4)];
    return on(133, header(random), random.once(4) ? cookie(random, own) : own, datagram(random));
  },
  atm1: (random) => {
    const first = random.once(3) ? 0x80 : random.int(0x40);
    const own = cookie(random, [0, ...random.bytes(3)], first);
    return on(137, header(random), own, first === 0x80 ? cell(random) : guessed(random));
  },
  atm2: (random) => {
    const isCell = random.once(3);
    const last = (random.int(256) & 0x8f) | (isCell ? 0x10 << random.int(3) : 0);
    const own = [
      random.int(0x40),
      ...random.bytes(2),
      random.pick([0, 0, 5, 0x40]),
      ...random.bytes(3),
      last,
    ];
    const odd = random.once(8) ? cookie(random, own) : own;
    return on(135, header(random), odd, isCell ? cell(random) : guessed(random));
  },
  services: (random) => on(136, header(random), cookie(random, [0, ...random.bytes(7)]), services(random)),
  servicesGuessed: (random) =>
    on(136, header(random), cookie(random, [0, ...random.bytes(7)]), datagram(random)),
  monitor: (random) => on(164, header(random), cookie(random, [0, ...random.bytes(7)]), services(random)),
  monitorGuessed: (random) =>
    on(164, header(random), cookie(random, [0, ...random.bytes(7)]), datagram(random)),
  pppoe: (random) =>
    on(167, header(random), random.bytes(12), be16(random.pick([0x0800, 0x8864, 0x1234])), datagram(random)),
  pppoeAtm: (random) =>
    on(
      168,
      header(random),
      be16(random.pick([0x8864, 0x8863, 0x1234])),
      0x11,
      0,
      be16(1),
      be16(8),
      ppp(random),
    ),
  ether: (random) =>
    on(178, header(random), random.bytes(12), be16(random.pick([0x0800, 0x1234])), datagram(random)),
  ppp: (random) => on(179, header(random), ppp(random)),
  frameRelay: (random) => on(180, header(random), frame(random)),
  cHdlc: (random) =>
    on(181, header(random), 0x0f, 0, be16(random.pick([0x0800, 0x8035, 0x1234])), datagram(random)),
  noLinkHeader: (random) => {
    const linkType = random.pick([130, 132, 135, 178]);
    const body = random.once(6) ? random.bytes(9) : datagram(random);
    return on(linkType, header(random, FLAGS.NO_LINK_HEADER), random.bytes(4), body);
  },
};
