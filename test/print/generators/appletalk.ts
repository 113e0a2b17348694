// AppleTalk in Ethernet and in UDP: names, transactions and the rest; AARP.

import { be16, be32, bytes, ethernet, type Generators, type Part, type Random, udp } from '../generator.js';

const SOURCE = [be16(7), 9, 5] as const;

function tuple(random: Random): Part {
  const name = (): Part => {
    // One in thirty is longer than names may be.
    const text = random.text(random.once(30) ? 40 : random.int(6));
    return [text.length, text];
  };
  const [net, node, socket] = random.once(2) ? SOURCE : [random.bytes(2), random.int(256), random.int(9)];
  return [net!, node!, socket!, random.int(3), name(), name(), name()];
}

function names(random: Random): Part {
  const count = random.between(1, 3);
  return [
    (random.between(1, 4) << 4) | (random.once(6) ? random.int(16) : count),
    3,
    Array.from({ length: count }, () => tuple(random)),
  ];
}

function transaction(random: Random): Part {
  const data = be32(random.once(2) ? 0 : random.u32());
  return [
    random.int(256),
    random.pick([0, 1, 3, 7, 255, 5, 6]),
    random.bytes(2),
    data,
    random.bytes(random.int(3)),
  ];
}

function delivery(random: Random): Uint8Array {
  const type = random.pick([1, 2, 2, 2, 3, 3, 3, 4, 5, 22, 77]);
  const body = bytes(type === 2 ? names(random) : type === 3 ? transaction(random) : random.bytes(5));
  const destination = [random.int(256), SOURCE[1], random.int(9), SOURCE[2]];
  const packet = bytes(
    be16(body.length + 13),
    be16(0),
    be16(random.int(99)),
    SOURCE[0],
    destination,
    type,
    body,
  );
  return random.once(12) ? packet.subarray(0, random.int(packet.length)) : packet;
}

function aarp(random: Random): Uint8Array {
  const head = [be16(random.once(8) ? 2 : 1), be16(random.once(8) ? 0 : 0x809b), 6, 4];
  const packet = bytes(head, be16(random.between(1, 4)), random.bytes(20));
  return random.once(12) ? packet.subarray(0, random.int(28)) : packet;
}

export const generators: Generators = {
  delivery: (random) => ethernet(random, 0x809b, delivery(random)),
  aarp: (random) => ethernet(random, 0x80f3, aarp(random)),
  snap: (random) => ethernet(random, 0, [0xaa, 0xaa, 3, 8, 0, 7, be16(0x809b), delivery(random)]),
  localTalkLink: (random) => {
    const nodes = [random.int(256), SOURCE[1]];
    const type = random.pick([1, 2, 2, 3]);
    // The short header of delivery is the long one's last part.
    const packet = delivery(random);
    const body = type === 1 ? [random.bytes(2), packet.subarray(10)] : packet;
    return { linkType: 114, bytes: bytes(nodes, type, body) };
  },
  localTalk: (random) => {
    const frame = bytes([random.int(256), random.int(256), random.once(8) ? 1 : 2], delivery(random));
    return udp(random, 40001, random.pick([201, 770, 16515]), frame);
  },
};
