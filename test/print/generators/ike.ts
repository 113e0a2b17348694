// Security protocols: ISAKMP with IKEv1's and IKEv2's payloads, NAT traversal, ESP, AH, IPComp, EAP, MACsec.

import { be16, be32, bytes, ethernet, type Generators, ip4, type Random, udp, upper } from '../generator.js';

/** A payload's type and its bytes; the chain sets the next payload's type. */
type Payload = readonly [type: number, bytes: number[]];

const generic = (random: Random, body: number[]): number[] => [
  0,
  random.once(4) ? 0x80 : 0,
  ...be16(body.length + 4),
  ...body,
];

function chain(payloads: readonly Payload[]): number[] {
  payloads.forEach(([, body], i) => {
    body[0] = payloads[i + 1]?.[0] ?? 0;
  });
  return payloads.flatMap(([, body]) => body);
}

const many = <Item>(count: number, make: () => Item): Item[] => Array.from({ length: count }, make);

function attribute(random: Random): number[] {
  const type = random.int(18);
  if (random.once(2)) return [0x80, type, ...be16(random.int(20))];
  const length = random.int(6);
  return [0, type, ...be16(length), ...random.bytes(length)];
}

function transform(random: Random, version: number): number[] {
  const head =
    version === 1 ? [random.int(4), random.int(14), 0, 0] : [random.int(7), 0, ...be16(random.int(20))];
  return generic(random, [...head, ...many(random.int(4), () => attribute(random)).flat()]);
}

function proposals(random: Random, version: number): number[] {
  const proposal = (): Payload => {
    const spi = random.bytes(random.pick([0, 0, 4, 8]));
    const transforms = many(random.between(1, 3), (): Payload => [3, transform(random, version)]);
    const head = [random.int(4), random.int(6), spi.length, transforms.length];
    return [2, generic(random, [...head, ...spi, ...chain(transforms)])];
  };
  return chain(many(random.between(1, 2), proposal));
}

const IDENTITY_LENGTHS: Readonly<Record<number, number>> = {
  1: 4,
  2: 9,
  3: 9,
  4: 8,
  5: 16,
  6: 32,
  7: 8,
  8: 32,
};

function payload1(random: Random, type: number): number[] {
  switch (type) {
    case 1: {
      const situation = random.once(6) ? random.int(8) : 1;
      const domain = random.once(6) ? 2 : 1;
      const label = situation === 1 ? [] : be32(7);
      return generic(random, [...be32(domain), ...be32(situation), ...label, ...proposals(random, 1)]);
    }
    case 5: {
      const identity = random.int(13);
      const length = IDENTITY_LENGTHS[identity] ?? random.int(10);
      return generic(random, [identity, random.pick([0, 17]), ...be16(500), ...random.bytes(length)]);
    }
    case 11: {
      const spi = random.bytes(random.pick([0, 4]));
      const blocks = [random.int(35), 8192, 8193, 16384, 16385, 24576, 24577, 24578, 24579, 40000];
      const data = random.once(2) ? attribute(random) : random.bytes(random.int(12));
      const domain = random.once(5) ? 3 : 1;
      const head = [...be32(domain), random.int(6), spi.length, ...be16(random.pick(blocks))];
      return generic(random, [...head, ...spi, ...data]);
    }
    case 12: {
      const size = random.pick([4, 16]);
      const count = random.int(3);
      const head = [...be32(random.once(5) ? 3 : 1), random.int(6), size, ...be16(count)];
      return generic(random, [...head, ...random.bytes(size * count)]);
    }
    default:
      return generic(random, random.bytes(random.int(24)));
  }
}

/** Notify types that 4.99 has the names of, and unnamed ones. */
const NOTIFICATIONS = [
  1, 4, 5, 7, 9, 11, 14, 17, 24, 34, 35, 36, 39, 16384, 16385, 16390, 16393, 9000, 41000,
];

function payload2(random: Random, type: number): number[] {
  switch (type) {
    case 33:
      return generic(random, proposals(random, 2));
    case 34:
      return generic(random, [...be16(random.int(22)), 0, 0, ...random.bytes(random.int(20))]);
    case 35:
    case 36: {
      const text = [...random.text(random.between(4, 14))].map((c) => c.charCodeAt(0));
      return generic(random, [random.int(13), 0, 0, 0, ...text]);
    }
    case 39:
      return generic(random, [random.int(6), 0, 0, 0, ...random.bytes(random.int(20))]);
    case 41: {
      const spi = random.bytes(random.pick([0, 4]));
      const head = [random.int(5), spi.length, ...be16(random.pick(NOTIFICATIONS))];
      return generic(random, [...head, ...spi, ...random.bytes(random.int(24))]);
    }
    case 43:
      return generic(
        random,
        [...random.text(random.int(20))].map((c) => c.charCodeAt(0)),
      );
    default:
      return generic(random, random.bytes(random.int(24)));
  }
}

const PAYLOADS_1 = [1, 1, 4, 5, 5, 6, 7, 8, 9, 10, 11, 11, 12, 13, 20];
const PAYLOADS_2 = [33, 33, 34, 35, 36, 37, 38, 39, 40, 41, 41, 42, 43, 44, 45, 46, 47, 48, 20];

function isakmp(random: Random, version: number): Uint8Array {
  const types = version === 1 ? PAYLOADS_1 : PAYLOADS_2;
  const payloads = many(random.between(1, 4), (): Payload => {
    // Each version's messages may hold the other's payloads.
    const type = random.once(12) ? random.pick(version === 1 ? PAYLOADS_2 : PAYLOADS_1) : random.pick(types);
    return [type, type < 33 ? payload1(random, type) : payload2(random, type)];
  });
  const body = chain(payloads);
  const responder = random.once(2) ? [0, 0, 0, 0, 0, 0, 0, 0] : random.bytes(8);
  const flags = version === 1 ? random.pick([0, 0, 0, 1, 2, 3]) : random.pick([8, 0x20, 0x28, 0x18, 1]);
  const length = random.once(5) ? random.int(999) : 28 + body.length;
  const exchange = random.pick([0, 1, 2, 3, 4, 5, 6, 32, 33, 34, 35, 36, 37, 99]);
  return bytes(
    [1, 2, 3, 4, 5, 6, 7, random.int(3)],
    responder,
    payloads[0]![0],
    (version << 4) | random.int(2),
    exchange,
    flags,
    random.once(2) ? [0, 0, 0, 0] : random.bytes(4),
    be32(length),
    body,
  );
}

/** IKE between two hosts, so that a side is known by its address. */
function ike(random: Random, version: number): Uint8Array {
  const body = isakmp(random, version);
  const datagram = bytes(be16(500), be16(500), be16(body.length + 8), be16(0), body);
  const forward = random.once(2);
  const [source, destination] = forward
    ? [
        [10, 0, 0, 1],
        [10, 0, 0, 2],
      ]
    : [
        [10, 0, 0, 2],
        [10, 0, 0, 1],
      ];
  return ethernet(random, 0x0800, ip4(random, 17, datagram, { source: source!, destination: destination! }));
}

function eap(random: Random): number[] {
  const method = random.pick([1, 2, 3, 4, 5, 6, 13, 18, 21, 23, 43, 254, 255, 77, 0]);
  const text = [...random.text(random.between(1, 10))].map((c) => c.charCodeAt(0));
  const data = method <= 2 ? text : random.bytes(random.between(5, 9));
  const code = random.between(1, 5);
  const body = code < 3 ? [method, ...data] : [];
  return [code, random.int(256), ...be16(body.length + 4), ...body];
}

export const generators: Generators = {
  ikeVersion1: (random) => ike(random, 1),
  ikeVersion2: (random) => ike(random, 2),
  natTraversal: (random) =>
    udp(
      random,
      40123,
      4500,
      random.pick([[0xff], [0xff, 1], [0, 0, 0, 0, ...isakmp(random, 1)], [1, ...random.bytes(20)]]),
    ),
  esp: (random) => upper(random, 50, bytes(random.bytes(random.between(8, 40))), -1),
  ah: (random) => {
    const words = random.between(1, 6);
    const reserved = random.once(4) ? random.int(65536) : 0;
    const head = [17, words, ...be16(reserved), ...random.bytes(8 + words * 4 - 4)];
    return upper(random, 51, bytes(head, be16(40001), be16(40002), be16(8), be16(0)), -1);
  },
  ipcomp: (random) => upper(random, 108, bytes(17, 0, random.bytes(random.between(2, 20))), -1),
  eapol: (random) => {
    const type = random.pick([0, 0, 0, 1, 2, 3, 4, 9]);
    const body = type === 0 ? eap(random) : random.bytes(random.int(6));
    return ethernet(random, 0x888e, [random.int(4), type, be16(body.length), body]);
  },
  macsec: (random) => {
    const control = (random.once(2) ? 0x20 : 0) | random.pick([0, 0, 0x08, 0x0c, 0x40, 0x50]) | random.int(4);
    const channel = (control & 0x20) !== 0 ? random.bytes(8) : [];
    const inner = bytes(
      be16(random.pick([0x9999, 0x8100])),
      [0, 5],
      be16(0x9998),
      random.bytes(random.int(30)),
    );
    const short = random.once(3) ? inner.length : 0;
    return ethernet(random, 0x88e5, [
      control,
      short < 48 ? short : 0,
      be32(random.int(100)),
      channel,
      inner,
      random.bytes(16),
    ]);
  },
};
