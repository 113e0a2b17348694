// NFS 2 and 3 over UDP and TCP: calls, and replies to the calls before them.

import {
  be16,
  be32,
  be64,
  bytes,
  ethernet,
  type Generators,
  ip4,
  ip6,
  type Part,
  type Random,
} from '../generator.js';

const PORT = 2049;
const CLIENT4 = [10, 0, 0, 1];
const SERVER4 = [10, 0, 0, 2];
const CLIENT6 = [0x20, 1, 0x0d, 0xb8, ...Array<number>(11).fill(0), 1];
const SERVER6 = [0x20, 1, 0x0d, 0xb8, ...Array<number>(11).fill(0), 2];

/** A call that a reply may follow. */
interface Made {
  readonly xid: number;
  readonly version: number;
  readonly procedure: number;
  readonly version4: boolean;
}

const u32 = (random: Random): number[] => be32(random.u32());
const u64 = (random: Random): number[] => be64(BigInt(random.u32()) * BigInt(random.pick([1, 1 << 20])));

const padded = (part: Part): Uint8Array => {
  const body = bytes(part);
  return bytes(body, Array<number>(-body.length & 3).fill(0));
};

/** Bytes with their length in front. */
function opaque(random: Random, part: Part): Uint8Array {
  const body = bytes(part);
  // Lengths that cannot be are tested by their texts.
  const length = random.once(24) ? random.pick([body.length + 40, 9999]) : body.length;
  return bytes(be32(length), padded(body));
}

/** What handles of the systems look like that are told by them. */
function handleBytes(random: Random, length: number): number[] {
  const handle = random.bytes(length);
  const set = (at: number, ...values: number[]): void => {
    handle.splice(at, values.length, ...values);
  };
  switch (random.int(11)) {
    case 0:
      set(0, 0, 0, 0, 0);
      break;
    case 1:
      set(0, 0, 0, 1);
      break;
    case 2:
      set(0, 0, 0, 1, 2, 0, 8, 0, 0);
      break;
    case 3:
      set(0, 0, 0, 1, 2, 7, 0, 0, 0, 12, 0);
      break;
    case 4:
      set(2, 0, 0, 1, 1, 0, 0);
      break;
    case 5:
      set(2, 0, 0, 1, 1, 1, 0);
      set(21, 0, 9, 0);
      break;
    case 6:
      set(2, 0, 0, 1, 1, 1, 0, 8, 10);
      break;
    case 7:
      set(0, 9, 9, 9, 9, 0, 0, 0, 0, 0, 10);
      break;
    case 8:
      set(0, 9, 9, 9, 9, 1, 0, 0, 2, 0, 10);
      break;
    case 9:
      set(0, 1, ...bytes(random.pick(['DUA0', 'A B   ', 'DEVICE:LONG12'])), 0, 0, 0);
      for (let i = 8; i < 14; i++) if (handle[7] === 0) handle[i] = 0;
      break;
  }
  return handle.slice(0, length);
}

function handle(random: Random, v3: boolean): Uint8Array {
  if (!v3) return bytes(handleBytes(random, 32));
  return opaque(random, handleBytes(random, random.pick([32, 32, 28, 24, 16, 12, 8, 64])));
}

const name = (random: Random): Uint8Array => opaque(random, random.text(random.int(12)));

/** Attributes that a call sets. The size is left out of most: tcpdump reads it short. */
function newAttributes(random: Random): Part {
  const optional = (): Part => (random.once(2) ? [be32(1), u32(random)] : be32(0));
  const time = (): Part => {
    const how = random.int(3);
    return [be32(how), how === 2 ? [u32(random), u32(random)] : []];
  };
  return [optional(), optional(), optional(), be32(0), time(), time()];
}

function body(random: Random, v3: boolean, procedure: number): Part {
  const fh = handle(random, v3);
  const words = [u32(random), u32(random), u32(random), be32(random.int(3)), u32(random), u32(random)];
  if (!v3) {
    switch (procedure) {
      case 4:
      case 9:
      case 10:
      case 14:
      case 15:
        return [fh, name(random), random.bytes(8)];
      case 11:
        return [fh, name(random), fh, name(random)];
      case 12:
        return [fh, fh, name(random)];
      case 13:
        return [fh, name(random), name(random)];
      default:
        return [fh, words];
    }
  }
  switch (procedure) {
    case 3:
    case 8:
    case 9:
    case 12:
    case 13:
      return [fh, name(random)];
    case 4:
      return [fh, be32(random.pick([0, 0x3f, random.int(64), 0x40, random.u32()]))];
    case 10:
      return [fh, name(random), newAttributes(random), name(random)];
    case 11:
      return [fh, name(random), be32(random.int(9)), newAttributes(random), u32(random), u32(random)];
    case 14:
      return [fh, name(random), fh, name(random)];
    case 15:
      return [fh, fh, name(random)];
    default:
      return [fh, words];
  }
}

function call(random: Random, made: Made): Part {
  const credentials = opaque(random, random.bytes(random.int(4) * 4));
  const verifier = opaque(random, random.bytes(random.pick([0, 0, 4])));
  return [
    be32(made.xid),
    be32(0),
    be32(2),
    be32(100003),
    be32(made.version),
    be32(made.procedure),
    be32(1),
    credentials,
    be32(0),
    verifier,
    body(random, made.version === 3, made.procedure),
  ];
}

const attributes2 = (random: Random): Part => [
  be32(random.int(9)),
  Array.from({ length: 16 }, () => u32(random)),
];
const attributes3 = (random: Random): Part => [
  be32(random.int(9)),
  Array.from({ length: 20 }, () => u32(random)),
];
const after = (random: Random): Part => (random.once(4) ? be32(0) : [be32(1), attributes3(random)]);
const change = (random: Random): Part => [
  random.once(3) ? be32(0) : [be32(1), Array.from({ length: 6 }, () => u32(random))],
  after(random),
];

function results(random: Random, v3: boolean, procedure: number, error: boolean): Part {
  const rest = [u64(random), u64(random), u64(random), u64(random), u64(random), u64(random), u32(random)];
  if (!v3) {
    switch (procedure) {
      case 4:
      case 9:
      case 14:
        return [handle(random, false), attributes2(random)];
      case 5:
        return name(random);
      case 16:
        return [u32(random), u32(random), be32(random.int(2))];
      case 17:
        return rest;
      default:
        return attributes2(random);
    }
  }
  switch (procedure) {
    case 1:
      return attributes3(random);
    case 3:
      return error ? after(random) : [handle(random, true), after(random), after(random)];
    case 4:
      return [after(random), be32(random.int(64))];
    case 5:
      return [after(random), name(random)];
    case 2:
    case 12:
    case 13:
      return change(random);
    case 21:
      return [change(random), u64(random)];
    case 7:
      return [change(random), u32(random), be32(random.int(4)), u64(random)];
    case 8:
    case 9:
    case 10:
    case 11: {
      if (error) return change(random);
      const object = random.once(4) ? be32(0) : [be32(1), handle(random, true)];
      return [object, after(random), change(random)];
    }
    case 14:
      return [change(random), change(random)];
    case 15:
      return [after(random), change(random)];
    case 20:
      return [after(random), u32(random), u32(random), Array.from({ length: 4 }, () => be32(random.int(2)))];
    default:
      return [after(random), rest];
  }
}

function reply(random: Random, made: Made): Part {
  const front = [be32(made.xid), be32(1)];
  if (random.once(12)) {
    const reason = random.int(3);
    return [front, be32(1), be32(reason), be32(random.int(10)), be32(random.int(4))];
  }
  if (random.once(24)) return [front, be32(2), u32(random)];
  const verifier = opaque(random, random.bytes(random.pick([0, 0, 4])));
  const accepted = [front, be32(0), be32(0), verifier];
  if (random.once(12)) return [accepted, be32(random.between(1, 6))];
  const error = random.once(4);
  const status = error ? random.pick([1, 2, 5, 13, 70, 71, 99, 10001, 10008, 4, 123]) : 0;
  return [
    accepted,
    be32(0),
    be32(status),
    error && random.once(2) ? [] : results(random, made.version === 3, made.procedure, error),
  ];
}

/** A message between client and server in UDP, or in TCP behind a record mark. */
function message(random: Random, made: Made, tcp: boolean, answer: boolean, part: Part): Uint8Array {
  const whole = bytes(part);
  const content = whole.subarray(0, random.once(12) ? random.int(whole.length) & ~3 : whole.length);
  const ports = answer ? [be16(PORT), be16(40001)] : [be16(40001), be16(PORT)];
  const mark = be32((content.length | 0x80000000) >>> 0);
  const payload = tcp
    ? bytes(ports, random.bytes(8), 0x50, 0x18, random.bytes(6), mark, content)
    : bytes(ports, be16(content.length + 8), be16(0), content);
  const protocol = tcp ? 6 : 17;
  if (made.version4) {
    const source = answer ? SERVER4 : CLIENT4;
    return ethernet(
      random,
      0x0800,
      ip4(random, protocol, payload, { source, destination: answer ? CLIENT4 : SERVER4 }),
    );
  }
  const source = answer ? SERVER6 : CLIENT6;
  return ethernet(
    random,
    0x86dd,
    ip6(random, protocol, payload, { source, destination: answer ? CLIENT6 : SERVER6 }),
  );
}

/** A generator that makes calls and, after most, replies to them. */
function conversation(tcp: boolean): (random: Random) => Uint8Array {
  let last: Made | null = null;
  return (random) => {
    if (last !== null) {
      const made = last;
      last = null;
      return message(random, random.once(16) ? { ...made, xid: 1 } : made, tcp, true, reply(random, made));
    }
    const version = random.pick([2, 3, 3]);
    last = {
      xid: random.u32(),
      version,
      procedure: random.int(version === 3 ? (random.once(8) ? 30 : 22) : 19),
      version4: random.once(2),
    };
    return message(random, last, tcp, false, call(random, last));
  };
}

export const generators: Generators = { nfsUdp: conversation(false), nfsTcp: conversation(true) };
