// Rx: calls of AFS' services, replies to the calls before them, acknowledgements.

import {
  be16,
  be32,
  bytes,
  ethernet,
  type Generators,
  ip4,
  ip6,
  type Part,
  type Random,
} from '../generator.js';

const CLIENT4 = [10, 0, 0, 1];
const SERVER4 = [10, 0, 0, 2];
const CLIENT6 = [0x20, 1, 0x0d, 0xb8, ...Array<number>(11).fill(0), 1];
const SERVER6 = [0x20, 1, 0x0d, 0xb8, ...Array<number>(11).fill(0), 2];
const CLIENT_PORT = 40001;
const Type = { DATA: 1, ACK: 2, ABORT: 4 } as const;

/** What calls and replies consist of: a letter for each field. */
const FIELDS: Readonly<Record<string, (random: Random) => Part>> = {
  i: (random) => be32(random.once(4) ? random.u32() : random.int(30)),
  d: (random) => be32(random.u32()),
  f: (random) => random.bytes(12),
  '8': (random) => random.bytes(8),
  u: (random) => random.bytes(44),
  S: (random) => [be32(random.pick([0, random.int(32), 1024 + random.int(32)])), random.bytes(20)],
  s: (random) => {
    const text = random.text(random.int(9));
    const length = random.once(20) ? random.pick([70, 300, 60]) : text.length;
    return [be32(length), text, Array<number>(-text.length & 3).fill(0)];
  },
  t: (random) => {
    const length = random.int(9);
    return [be32(random.once(20) ? 5000 : length), random.bytes(length)];
  },
  w: (random) => wide(random, 64),
  W: (random) => wide(random, 65),
  a: (random) => {
    const line = (): string => `${random.pick(['user', 'a:b', '\x80\x01', '17'])} ${random.int(130)}\n`;
    const [more, less] = [random.int(3), random.int(3)];
    const lines = Array.from({ length: more + less - (random.once(6) ? 1 : 0) }, line).join('');
    const text = random.pick([
      `${more}\n${less}\n${lines}`,
      `${more} ${less}${lines}`,
      `+${more} \t-1 ${lines}`,
    ]);
    return [be32(random.once(20) ? 999 : text.length), text];
  },
  // Lists, their length in front.
  F: (random) => several(random, () => random.bytes(12)),
  I: (random) => several(random, () => be32(random.u32())),
  V: (random) => several(random, () => wide(random, 64)),
  C: (random) => several(random, () => random.bytes(12)),
  D: (random) => several(random, () => [wide(random, 32), random.bytes(88)]),
  // Sites of a volume.
  o: (random) => [be32(1), sites(random, 8, false)],
  n: (random) => sites(random, 13, false),
  U: (random) => sites(random, 13, true),
};

function wide(random: Random, count: number): Part {
  const length = random.int(6);
  return Array.from({ length: count }, (_, i) => be32(i < length ? random.int(256) : 0));
}

function several(random: Random, item: () => Part): Part {
  const count = random.int(4);
  const items = Array.from({ length: count }, item);
  return [be32(random.once(20) ? count + 1 : count), items];
}

function sites(random: Random, most: number, uuids: boolean): Part {
  return [
    be32(random.once(12) ? most + 3 : random.int(4)),
    random.bytes(most * (uuids ? 48 : 4)),
    Array.from({ length: most }, () => be32(random.int(30))),
    random.bytes(most * 4 + 12),
  ];
}

/** Calls, their fields and those of the replies. */
type Shape = readonly [calls: readonly number[], call: string, reply: string];

/** Fields by service and call. */
const SERVICES: Readonly<Record<number, readonly Shape[]>> = {
  7000: [
    [[130], 'fii', ''],
    [[131], 'f', 'a'],
    [[132, 143, 156], 'f', ''],
    [[133], 'fSiii', ''],
    [[134], 'fa', ''],
    [[135], 'fS', ''],
    [[136, 142], 'fs', ''],
    [[137, 141], 'fsS', 'f'],
    [[138], 'fsfs', ''],
    [[139], 'fss', ''],
    [[140], 'fsf', ''],
    [[148, 154], 's', ''],
    [[149], 'i', ''],
    [[151], '', 's'],
    [[153], '', 'd'],
    [[155, 65536], 'F', ''],
    [[65537], 'f88', ''],
    [[65538], 'fS888', ''],
    [[65541, 220, 999], 'i', ''],
  ],
  7001: [
    [[204], 'FD', ''],
    [[213], '', 'u'],
    [[214], 'u', ''],
    [[205, 65538, 9], 'i', 'i'],
  ],
  7002: [
    [[500], 'sii', ''],
    [[501, 506, 512, 530], 'i', ''],
    [[503, 507, 511], 'ii', ''],
    [[504], 'V', 'I'],
    [[505], 'I', 'V'],
    [[508, 514, 519], 'i', 'I'],
    [[509], 'sii', ''],
    [[510, 502], 'i', 'ii'],
    [[513], 'isii', ''],
    [[520], 'is', ''],
  ],
  7003: [
    [[501, 517], 'W', ''],
    [[503], 'ii', 'Wo'],
    [[504], 's', 'Wo'],
    [[505], 'i', 'i'],
    [[506, 520], 'iiW', ''],
    [[510], 'i', 'iiWo'],
    [[518], 'ii', 'Wn'],
    [[519], 's', 'Wn'],
    [[521, 529], 'i', 'iiWn'],
    [[527], 's', 'WU'],
    [[526, 508], 'ii', 'WU'],
  ],
  7004: [
    [[1, 2, 21, 15], 'ss', ''],
    [[3, 23], 'istss', ''],
    [[4], 'ssi', ''],
    [[12], 's', ''],
  ],
  7005: [
    [[100], 'isii', 'ii'],
    [[102, 106, 111, 116], 'ii', ''],
    [[103], 'idfi', ''],
    [[105], 'iiis', 'i'],
    [[101, 107, 104, 120], 'i', 'i'],
    [[108], 'iii', 'i'],
    [[109, 123, 65537], 'id', ''],
    [[110], 'i', 'ii'],
    [[112], 'i', 's'],
    [[113], 'i', 'iiiiiiiiiidddddd'],
    [[114], 'siii', ''],
    [[116, 121], 'ii', 'D'],
    [[117], 'isiiii', ''],
    [[119], 's', ''],
    [[125, 65536], 'ii', ''],
    [[128], 'idC', ''],
    [[65538], 'idi', ''],
  ],
  7007: [
    [[80], 'ss', ''],
    [[81, 108], 's', ''],
    [[82, 86], 'si', ''],
    [[84, 95], 'i', ''],
    [[105], 'siii', ''],
  ],
};

const UBIK: readonly Shape[] = [
  [[10000], 'id88', ''],
  [[10003, 20005, 10007], 'i', ''],
  [[20000, 20010], '8', ''],
  [[20002], '8iiii', ''],
  [[20003, 20009], '8ii', ''],
  [[20004], '', '8'],
  [[20006], 'ii8', ''],
  [[20012], '888', ''],
];

/** A call that a reply may follow. */
interface Made {
  readonly port: number;
  readonly call: number;
  readonly service: number;
  readonly fields: string;
  readonly version4: boolean;
}

function packet(
  random: Random,
  made: Pick<Made, 'port' | 'call' | 'service' | 'version4'>,
  back: boolean,
  type: number,
  flags: number,
  body: Part,
): Uint8Array {
  const rx = bytes(
    random.bytes(8),
    be32(made.call),
    be32(random.once(12) ? 2 : 1),
    be32(random.u32()),
    type,
    flags,
    random.bytes(2),
    be16(0),
    be16(made.service),
    body,
  );
  const [source, destination] = back ? [made.port, CLIENT_PORT] : [CLIENT_PORT, made.port];
  const datagram = bytes(be16(source), be16(destination), be16(rx.length + 8), be16(0), rx);
  if (made.version4) {
    const hosts = back ? [SERVER4, CLIENT4] : [CLIENT4, SERVER4];
    return ethernet(random, 0x0800, ip4(random, 17, datagram, { source: hosts[0]!, destination: hosts[1]! }));
  }
  const hosts = back ? [SERVER6, CLIENT6] : [CLIENT6, SERVER6];
  return ethernet(random, 0x86dd, ip6(random, 17, datagram, { source: hosts[0]!, destination: hosts[1]! }));
}

const body = (random: Random, fields: string): Part => [...fields].map((letter) => FIELDS[letter]!(random));

function call(random: Random, only?: number): [Uint8Array, Made] {
  const port = only ?? random.pick(Object.keys(SERVICES).map(Number));
  const ubik = port >= 7002 && port <= 7004 && random.once(3);
  const [calls, fields, reply] = random.pick(ubik ? UBIK : SERVICES[port]!);
  const made = {
    port,
    call: random.u32(),
    service: random.int(50),
    fields: reply,
    version4: !random.once(4),
  };
  const flags = 1 | (random.once(3) ? random.int(64) : 0);
  const content = random.once(30) ? [] : [be32(random.pick(calls)), body(random, fields)];
  return [packet(random, made, false, Type.DATA, flags, content), made];
}

/** A generator of calls to a port and the replies to them, in turn. */
function conversation(port: number): (random: Random) => Uint8Array {
  let open: Made | null = null;
  return (random) => {
    if (open === null) {
      const [bytes, made] = call(random, port);
      open = made;
      return bytes;
    }
    const made = open;
    open = null;
    const abort = random.once(4);
    const content = abort
      ? be32(random.pick([101, 112, 113, 0xffffff9c, random.u32()]))
      : random.once(20)
        ? []
        : body(random, made.fields);
    return packet(random, made, true, abort ? Type.ABORT : Type.DATA, random.int(32) << 1, content);
  };
}

export const generators: Generators = {
  ...Object.fromEntries(Object.keys(SERVICES).map((port) => [`rx${port}`, conversation(Number(port))])),
  rxAck: (random) => {
    const count = random.pick([0, 0, 1, random.int(12)]);
    const acks = Array.from({ length: random.once(12) ? count >> 1 : count }, () =>
      random.pick([0, 1, 1, 1, 2]),
    );
    return packet(
      random,
      { port: random.pick([7000, 7006, 7009]), call: 1, service: 1, version4: random.once(2) },
      random.once(2),
      Type.ACK,
      random.int(64),
      [
        random.bytes(4),
        be32(random.once(9) ? 0xfffffffd : random.int(1000)),
        random.bytes(8),
        random.int(11),
        count,
        acks,
        random.bytes(random.pick([0, 3, 7, 11, 15, 19])),
      ],
    );
  },
  rxOther: (random) =>
    packet(
      random,
      { port: 7000 + random.int(10), call: random.u32(), service: 1, version4: random.once(2) },
      random.once(2),
      random.int(15),
      random.int(256),
      random.bytes(random.int(12)),
    ),
};
