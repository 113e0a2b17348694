// OpenFlow 1.0 and 1.3: every type of message, with structures and lengths that are wrong now and then; and BEEP.

import { be16, be32, bytes, type Generators, type Part, ports, type Random, tcp } from '../generator.js';

/** A value, now and then another one. */
const mostly = (random: Random, value: number, other: number): number => (random.once(12) ? other : value);

/** Flags, most of the time only the known ones. */
const bits = (random: Random, known: number): number[] =>
  be32(random.pick([0, random.u32() & known, random.u32() & known, random.u32()]));

const port10 = (random: Random): number[] =>
  be16(random.pick([1, 0xff00, 0xfffd, 0xfff8 + random.int(8), random.int(65536)]));
const port13 = (random: Random): number[] =>
  be32(random.pick([1, 0xffffff00, 0xfffffff8 + random.int(8), random.u32()]));
const vendor = (random: Random): number[] =>
  be32(random.pick([0x5c16c7, 0x5c16c7, 0x2320, 0x4f4e4600, 0xff000001, 0xff00000a, random.u32()]));

const named = (random: Random, length: number): Part => {
  const text = random.text(random.int(random.once(4) ? length + 1 : 6));
  return [text, Array<number>(length - text.length).fill(0)];
};

function match(random: Random): Part {
  const wildcards = random.pick([0, 0x3fffff, random.u32() & 0x3fffff, random.u32()]);
  return [
    be32(wildcards),
    port10(random),
    random.bytes(12),
    be16(random.pick([0xffff, 0, 0xfff, random.int(4096)])),
    random.int(10),
    0,
    be16(random.pick([0x0800, 0x0800, 0x0806, random.int(65536)])),
    random.int(256),
    random.pick([1, 1, 6, 17]),
    [0, 0],
    random.bytes(12),
  ];
}

function bigSwitch(random: Random, action: boolean): Part {
  if (action) {
    const subtype = random.pick([1, 1, 2, 4, 9]);
    const tag = random.pick([be32(0), [0x81, 0, ...random.bytes(2)], random.bytes(4)]);
    return [be32(subtype), random.bytes(4), tag, random.int(3), [0, 0, 0]];
  }
  const subtype = random.int(38);
  const length = [8, 8, 8, 4, 4, 4, 9, 5, 4, 0][subtype] ?? (subtype === 17 ? 4 : random.pick([0, 0, 3]));
  return [be32(subtype), random.int(3), random.bytes(Math.max(0, mostly(random, length, random.int(9)) - 1))];
}

function actions(random: Random): Uint8Array {
  const made: Part[] = [];
  for (let i = random.int(4); i > 0; i--) {
    const type = random.once(6) ? 0xffff : random.int(13);
    if (type === 0xffff) {
      const body = bytes(
        vendor(random),
        random.once(2) ? bigSwitch(random, true) : random.bytes(random.int(3) * 8),
      );
      const padded = bytes(body, Array<number>((4 - body.length) & 7).fill(0));
      made.push([be16(type), be16(mostly(random, padded.length + 4, random.int(30))), padded]);
      continue;
    }
    const size = [4, 5, 11].includes(type) ? 12 : 4;
    const body = random.once(2) ? random.bytes(size) : [...port10(random), ...random.bytes(size - 2)];
    made.push([be16(type), be16(mostly(random, size + 4, random.int(24))), body]);
  }
  return bytes(made, random.once(12) ? random.bytes(random.int(9)) : []);
}

const phyPort = (random: Random): Part => [
  port10(random),
  random.bytes(6),
  named(random, 16),
  bits(random, 0x7f),
  bits(random, 0x301),
  Array.from({ length: 4 }, () => bits(random, 0xfff)),
];

function queues(random: Random): Part {
  const queue = (): Part => {
    const properties = Array.from({ length: random.int(3) }, () => {
      const type = random.int(3);
      const body = type === 1 ? [be16(random.int(1200)), random.bytes(6)] : [];
      return [be16(type), be16(mostly(random, type === 1 ? 16 : 8, random.int(20))), random.bytes(4), body];
    });
    const body = bytes(properties);
    return [be32(random.int(9)), be16(mostly(random, body.length + 8, random.int(40))), [0, 0], body];
  };
  return [Array.from({ length: random.int(3) }, queue), random.once(12) ? random.bytes(random.int(8)) : []];
}

/**
 * A frame that is too short to be one: 4.99 prints all later packets with a lower -v when a frame in a message is cut.
 */
const frame = (random: Random): Part => random.bytes(random.int(14));

function statsRequest(random: Random): Part {
  const type = random.pick([0, 1, 2, 3, 4, 5, 0xffff, 7]);
  const body: Part =
    type === 1 || type === 2
      ? [match(random), random.pick([0xfe, 0xff, 1]), 0, port10(random)]
      : type === 4 || type === 5
        ? [port10(random), [0, 0], random.once(2) ? be32(0xffffffff) : random.bytes(4)]
        : type === 0xffff
          ? [vendor(random), random.bytes(random.int(9))]
          : [];
  return [be16(type), be16(mostly(random, 0, 1)), body, random.once(15) ? [0] : []];
}

function statsReply(random: Random): Part {
  const type = random.pick([1, 2, 3, 4, 5, 0xffff, 7]);
  const entry = (): Part => {
    switch (type) {
      case 1: {
        const list = actions(random);
        const length = mostly(random, list.length + 88, random.int(150));
        return [be16(length), random.pick([0xfe, 0xff, 1]), 0, match(random), random.bytes(44), list];
      }
      case 3:
        return [
          random.pick([0xfe, 3]),
          [0, 0, 0],
          named(random, 32),
          bits(random, 0x3fffff),
          random.bytes(24),
        ];
      case 4:
        return [port10(random), random.bytes(102)];
      default:
        return [port10(random), random.bytes(30)];
    }
  };
  const body: Part =
    type === 2
      ? random.bytes(24)
      : type === 0xffff
        ? [vendor(random), random.bytes(random.int(9))]
        : Array.from({ length: random.int(3) }, entry);
  return [
    be16(type),
    be16(random.pick([0, 1, 1, 3])),
    body,
    random.once(12) ? random.bytes(random.int(9)) : [],
  ];
}

const descriptions = (random: Random): Part => [
  be16(0),
  be16(0),
  named(random, 256),
  named(random, 256),
  named(random, 256),
  named(random, 32),
  named(random, 256),
];

const error = (random: Random): Part => [
  be16(random.once(12) ? 0xffff : random.int(15)),
  be16(random.int(17)),
  random.bytes(random.int(20)),
];

/** Bodies by type of message. */
const BODIES_10: readonly ((random: Random) => Part)[] = [
  (random) => random.bytes(random.int(20)),
  error,
  (random) => random.bytes(random.int(20)),
  (random) => random.bytes(random.int(20)),
  (random) => [vendor(random), random.once(4) ? random.bytes(random.int(20)) : bigSwitch(random, false)],
  () => [],
  (random) => [
    random.bytes(12),
    random.int(256),
    [0, 0, 0],
    bits(random, 0xff),
    bits(random, 0xfff),
    Array.from({ length: random.int(3) }, () => phyPort(random)),
    random.once(9) ? random.bytes(random.int(40)) : [],
  ],
  () => [],
  (random) => [be16(random.int(4)), random.bytes(2)],
  (random) => [be16(random.int(4)), random.bytes(2)],
  (random) => [random.bytes(6), port10(random), random.int(3), 0, frame(random)],
  (random) => [match(random), random.bytes(8), be16(random.int(2)), random.int(4), random.bytes(29)],
  (random) => [random.int(4), random.bytes(7), phyPort(random)],
  (random) => {
    const list = actions(random);
    return [
      random.bytes(4),
      port10(random),
      be16(mostly(random, list.length, random.int(200))),
      list,
      frame(random),
    ];
  },
  (random) => [
    match(random),
    random.bytes(8),
    be16(random.int(6)),
    [0, random.int(2), 0, random.int(2), 0, random.int(2)],
    random.once(2) ? be32(0xffffffff) : random.bytes(4),
    port10(random),
    be16(random.pick([0, 1, 2, 5, 9])),
    actions(random),
  ],
  (random) => [
    port10(random),
    random.bytes(6),
    bits(random, 0x7f),
    bits(random, 0x7f),
    bits(random, 0xfff),
    random.bytes(4),
  ],
  statsRequest,
  statsReply,
  () => [],
  () => [],
  (random) => [port10(random), [0, 0]],
  (random) => [port10(random), random.bytes(6), queues(random)],
];

const asynchronous = (random: Random): Part => Array.from({ length: 6 }, () => bits(random, 7));
const role = (random: Random): Part => [be32(random.int(5)), random.bytes(12)];
const config13 = (random: Random): Part => [be16(random.int(4)), be16(random.pick([128, 0xffe5, 0xffff]))];
const anything = (random: Random): Part => random.bytes(random.int(30));

const BODIES_13: readonly ((random: Random) => Part)[] = [
  (random) => [
    Array.from({ length: random.int(3) }, () => {
      const type = random.pick([1, 1, 2]);
      const length = random.pick([4, 4, 8, 1]);
      const body = type === 1 && length === 4 ? bits(random, 0x3f) : random.bytes(length);
      return [be16(type), be16(mostly(random, length + 4, random.int(20))), body];
    }),
    random.once(12) ? random.bytes(random.int(4)) : [],
  ],
  error,
  anything,
  anything,
  (random) => [vendor(random), random.bytes(4 + random.int(9))],
  () => [],
  (random) => [random.bytes(16), bits(random, 0x16f), random.bytes(4)],
  () => [],
  config13,
  config13,
  anything,
  anything,
  (random) => [
    random.int(4),
    random.bytes(7),
    port13(random),
    random.bytes(12),
    named(random, 16),
    bits(random, 0x65),
    bits(random, 7),
    Array.from({ length: 4 }, () => bits(random, 0xffff)),
    random.bytes(8),
  ],
  anything,
  anything,
  anything,
  (random) => [
    port13(random),
    random.bytes(12),
    bits(random, 0x65),
    bits(random, 0x65),
    bits(random, 0xffff),
    random.bytes(4),
  ],
  (random) => [random.pick([0xfe, 0xff, 7]), random.bytes(7)],
  anything,
  anything,
  () => [],
  () => [],
  (random) => [port13(random), random.bytes(4)],
  anything,
  role,
  role,
  () => [],
  asynchronous,
  asynchronous,
  anything,
];

function message(random: Random, version: number, type: number, content: Part): Uint8Array {
  const body = bytes(content, random.once(15) ? random.bytes(random.int(5)) : []);
  const length = random.once(20) ? random.int(body.length + 20) : body.length + 8;
  return bytes(version, type, be16(length), random.bytes(4), body);
}

/** A message of a version; a type that is none has anything in it. */
function any(random: Random, version: number, bodies: readonly ((random: Random) => Part)[]): Uint8Array {
  const type = random.int(bodies.length + (random.once(9) ? 2 : 0));
  return message(random, version, type, (bodies[type] ?? anything)(random));
}

const segment = (random: Random, ...messages: Part[]): Uint8Array =>
  tcp(random, ...ports(random, random.pick([6633, 6653])), messages);

export const generators: Generators = {
  openflow10: (random) => segment(random, any(random, 1, BODIES_10)),
  openflow10Descriptions: (random) => segment(random, message(random, 1, 17, descriptions(random))),
  openflow13: (random) => segment(random, any(random, 4, BODIES_13)),
  openflowSeveral: (random) =>
    segment(
      random,
      Array.from({ length: random.between(1, 3) }, () =>
        random.pick([
          () => any(random, 1, BODIES_10),
          () => any(random, 4, BODIES_13),
          () => message(random, random.int(8), random.int(40), anything(random)),
        ])(),
      ),
      random.once(4) ? [random.pick([1, 4]), random.bytes(random.int(7))] : [],
    ),
  beep: (random) =>
    tcp(random, ...ports(random, 10288), [
      random.pick(['MSG', 'RPY', 'ERR', 'ANS', 'NUL', 'SEQ', 'END', 'abc']),
      random.pick([0, 32]),
      random.text(random.int(8)),
    ]),
};
