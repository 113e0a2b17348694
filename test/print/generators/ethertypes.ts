// Protocols directly in Ethernet: AoE, CALM FAST, MPCP, NLB's heartbeats, Realtek's, TIPC; Arista's time stamps; tags of
// switches.

import {
  be16,
  be32,
  bytes,
  ethernet,
  type Generator,
  type Generators,
  ip4,
  type Part,
  type Random,
} from '../generator.js';

const some = (random: Random, most: number, size: number): Part[] =>
  Array.from({ length: random.int(most + 1) }, () => random.bytes(size));

/** Once in ten a piece of it. */
function whole(random: Random, part: Part): Uint8Array {
  const body = bytes(part);
  return random.once(10) ? body.subarray(0, random.int(body.length + 1)) : body;
}

function aoe(random: Random): Part {
  const command = random.once(12) ? 9 : random.int(4);
  const count = random.int(4);
  const text = random.text(random.int(9));
  const arguments_: Part[] = [
    [random.bytes(12), random.bytes(random.int(4))],
    [random.bytes(5), random.int(7), be16(random.once(9) ? 99 : text.length), text],
    [
      0,
      random.int(3),
      random.int(5),
      count,
      Array.from({ length: count }, () => [0, random.int(4), random.bytes(6)]),
    ],
    [random.int(4), random.once(9) ? 9 : count, Array.from({ length: count }, () => random.bytes(6))],
  ];
  const version = random.once(12) ? 2 : 1;
  const head: Part = [
    (version << 4) | random.int(16),
    random.int(8),
    be16(random.int(65536)),
    random.int(256),
  ];
  return [head, command, be32(random.u32()), arguments_[command] ?? []];
}

function mpcp(random: Random): Part {
  const opcode = random.once(12) ? 9 : random.between(1, 6);
  const bodies: Part[] = [
    [],
    [],
    [random.int(256), some(random, 5, 6), random.bytes(2)],
    [random.int(4), some(random, 6, 3)],
    [random.int(5), random.int(256)],
    [random.bytes(2), random.int(9), random.bytes(3)],
    // 4.99 has a word for no flags that it never prints.
    [random.int(3), random.bytes(4)],
  ];
  return [be16(opcode), be32(random.u32()), bodies[opcode] ?? random.bytes(20)];
}

function realtek(random: Random): Part {
  const protocol = random.pick([1, 1, 1, 1, 2, 3, 0x23, 4, 0x91, 0xa5, 0x60]);
  return [protocol, random.int(4) | (random.int(2) << 7), random.bytes(18)];
}

/** A frame of a link type whose tag of `size` bytes is behind the addresses, or in front of them. */
function tagged(linkType: number, size: number, front = false): Generator {
  return (random) => {
    const frame = ethernet(random, 0x0800, ip4(random, 253, random.bytes(4)));
    const at = front ? 0 : 12;
    const tag = random.bytes(size);
    if (random.once(2)) tag[0] = 0;
    return { linkType, bytes: bytes(frame.subarray(0, at), tag, frame.subarray(at)) };
  };
}

function arista(random: Random): Part {
  const format = random.once(8) ? 3 : random.between(1, 2);
  const stamp = [random.bytes(format === 1 ? 4 : 2), be32(random.u32())];
  const head = [be16(random.once(8) ? 2 : 1), random.int(3), (format << 4) | random.int(3)];
  return [head, stamp, be16(0x0800), ip4(random, 253, random.bytes(4))];
}

function tipc(random: Random): Part {
  const user = random.once(12) ? 4 : random.pick([0, 1, 5, 6, 7, 8, 10, 11, 12, 13]);
  const word = ((2 << 29) | (user << 25) | (random.between(5, 11) << 21) | random.int(0x20000)) >>> 0;
  return [be32(word), random.bytes(40)];
}

export const generators: Generators = {
  dsa: tagged(284, 4),
  edsa: tagged(285, 8),
  broadcom: tagged(281, 4),
  broadcomPrepended: tagged(282, 4, true),
  arista: (random) => ethernet(random, 0xd28b, whole(random, arista(random))),
  tipc: (random) => ethernet(random, 0x88ca, whole(random, tipc(random))),
  aoe: (random) => ethernet(random, 0x88a2, whole(random, aoe(random))),
  calmFast: (random) => ethernet(random, 0x1111, random.bytes(random.int(12))),
  mpcp: (random) => ethernet(random, 0x8808, whole(random, mpcp(random))),
  msNlb: (random) => ethernet(random, 0x886f, whole(random, random.bytes(24))),
  realtek: (random) => ethernet(random, 0x8899, whole(random, realtek(random))),
};
