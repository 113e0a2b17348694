// SMB and NetBIOS as --smb decodes them: every command, request and answer. Without it they are shown by their lengths.

import {
  be16,
  be32,
  bytes,
  ethernet,
  type Generators,
  le16,
  le32,
  type Part,
  ports,
  type Random,
  tcp,
  udp,
} from '../generator.js';

/** Bytes that are no tab and no newline: tcpdump shows names as they are. */
const soup = (random: Random, count: number): number[] =>
  random.bytes(count).map((byte) => (byte === 9 || byte === 10 ? 0x41 : byte));

/** The same of bytes that are there: where a name is looked for in what is none. */
const noLines = (data: Uint8Array): Uint8Array =>
  data.map((byte) => (byte === 9 || byte === 10 ? 0x41 : byte));

const COMMANDS = [
  0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x10, 0x11,
  0x12, 0x13, 0x14, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f, 0x20, 0x22, 0x23, 0x24, 0x26, 0x27, 0x28, 0x29, 0x2a,
  0x2b, 0x2c, 0x2d, 0x2e, 0x2f, 0x33, 0x34, 0x35, 0x70, 0x71, 0x74, 0x75, 0x80, 0x81, 0x82, 0x83, 0x84, 0xa0,
  0xa1, 0xa2, 0xa4, 0xc0, 0xc1, 0xc2, 0xc3, 0xd0, 0xd1, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7, 0xfe, 0xff,
];
const CHAINED = [0x24, 0x2d, 0x2e, 0x2f, 0x73, 0x74, 0x75, 0xa2];
const UNICODE = 0x8000;
const NT_STATUS = 0x4000;

function ascii(random: Random, most = 20): string {
  return `${random.text(random.int(most))}\0`;
}

/** A string as the flags want it; without the padding that aligns it. */
function string(random: Random, flags2: number): Part {
  const text = ascii(random);
  return (flags2 & UNICODE) === 0 ? text : [...text].map((letter) => [letter, 0]);
}

/** A NetBIOS name of sixteen bytes. */
function plainName(random: Random): Part {
  const type = random.pick([0, 3, 0x1b, 0x1d, 0x1e, 0x20, random.int(256)]);
  return [random.text(random.between(1, 15)).padEnd(15).slice(0, 15), type];
}

/** A name in half-bytes, now and then a pointer, a wrong letter, or with a scope. */
function encodedName(random: Random): Part {
  if (random.once(12)) return be16(0xc000 + random.pick([0, 12, 14, 30, 400]));
  const name = bytes(plainName(random));
  const letters = [...name].map((byte) => [0x41 + (byte >> 4), 0x41 + (byte & 15)]);
  if (random.once(12)) letters[random.int(16)] = [0x51, 0x20];
  const scope = random.once(4) ? [3, 'abc', 2, 'de'] : [];
  return [random.once(12) ? random.int(70) : 32, letters, scope, 0];
}

/** Any time: unknown, of MS-DOS, or of Windows. */
function time4(random: Random): number[] {
  return random.once(4) ? random.pick([le32(0), le32(0xffffffff)]) : soup(random, 4);
}

interface Piece {
  readonly words: Part;
  readonly data: Part;
}

/** A body of any command: words that make up times and numbers, and bytes that make up strings and entries. */
function anyBody(random: Random, flags2: number): Piece {
  const count = random.pick([0, 1, 2, 3, 5, 6, 8, 10, 12, 13, 14, 15, 17, 24, 34]);
  const words = bytes(random.once(2) ? time4(random) : soup(random, 4), soup(random, 80)).subarray(
    0,
    2 * count,
  );
  if (count > 0 && random.once(3)) words[0] = 0xff;
  const typed = (): Part => [random.once(10) ? random.int(8) : 4, string(random, flags2)];
  const kinds: (() => Part)[] = [
    () => [],
    () => [typed(), typed(), typed()],
    () => [string(random, flags2), string(random, flags2)],
    () => [2, ascii(random), 2, ascii(random)],
    () => [typed(), 5, le16(21), soup(random, 1), 'FOO     TXT', 1, le16(3), le16(4), le32(5)],
    () => [
      5,
      le16(43),
      Array.from({ length: random.int(3) }, () => [
        soup(random, 1),
        'FOO     TXT',
        soup(random, 9),
        random.int(64),
        time4(random),
        soup(random, 4),
        'FOO.TXT\0    \0',
      ]),
    ],
    () => soup(random, random.int(60)),
  ];
  return { words, data: random.pick(kinds)() };
}

/** A command's words and bytes with their counts. */
function block(random: Random, { words, data }: Piece): Uint8Array {
  const body = bytes(data);
  const all = bytes(words);
  const size = random.once(12) ? random.int(100) : body.length;
  return bytes(all.length >> 1, all, le16(size), body);
}

function header(random: Random, command: number, request: boolean, flags2: number): Uint8Array {
  const error = random.once(2)
    ? [0, 0, 0, 0]
    : (flags2 & NT_STATUS) !== 0
      ? random.pick([le32(0xc0000022), le32(0x80000005), le32(0xc00000bb), le32(0xc0020003), soup(random, 4)])
      : [random.pick([1, 2, 3, 4, 0xe1, 0xff, 9]), 0, le16(random.int(random.pick([40, 256])))];
  return bytes(
    [0xff, 'SMB', command],
    error,
    random.int(128) | (request ? 0 : 0x80),
    le16(flags2),
    soup(random, 12),
    soup(random, 8),
  );
}

/** A message whose command is `command`, and one more behind it where there may be one. */
function message(
  random: Random,
  command: number,
  body: (flags2: number, request: boolean) => Piece,
): Uint8Array {
  const request = random.once(2);
  const flags2 = random.pick([0, UNICODE, NT_STATUS, UNICODE | NT_STATUS]) | random.int(128);
  const head = header(random, command, request, flags2);
  const first = block(random, body(flags2, request));
  if (!CHAINED.includes(command) || first[0]! < 2) return bytes(head, first);
  if (random.once(2)) {
    first[1] = random.pick([0x2e, 0x75, 0x04, 0xa2, 0xf0]);
    first.set(le16(random.once(6) ? random.int(40) : head.length + first.length), 3);
  } else first[1] = 0xff;
  return bytes(head, first, block(random, anyBody(random, flags2)));
}

/** A transaction's words, as long as they have to be; parameters and data lie where `place` says. */
function transactionWords(
  request: boolean,
  place: { parameters: number; parametersAt: number; data: number; dataAt: number },
  setup: Part,
): Uint8Array {
  const { parameters, parametersAt, data, dataAt } = place;
  return request
    ? bytes(
        [parameters, data, 10, 200].map(le16),
        [0, 0],
        le16(2),
        le32(5000),
        le16(0),
        [parameters, parametersAt, data, dataAt].map(le16),
        setup,
      )
    : bytes([parameters, data, 0, parameters, parametersAt, 0, data, dataAt, 0].map(le16), setup);
}

/** A whole transaction. `name` is what the bytes begin with. */
function transaction(
  random: Random,
  request: boolean,
  setup: Part,
  name: Part,
  parameters: Part,
  data: Part,
): Piece {
  const first = bytes(parameters);
  const second = bytes(data);
  const title = bytes(name);
  const size = transactionWords(
    request,
    { parameters: 0, parametersAt: 0, data: 0, dataAt: 0 },
    setup,
  ).length;
  const parametersAt = 32 + 1 + size + 2 + title.length + (random.once(10) ? random.int(20) : 0);
  const place = {
    parameters: first.length,
    parametersAt,
    data: random.once(10) ? random.int(60) : second.length,
    dataAt: parametersAt + first.length,
  };
  return { words: transactionWords(request, place, setup), data: [title, first, second] };
}

function browse(random: Random, flags2: number): Part {
  const type = random.pick([1, 2, 8, 9, 10, 11, 12, 13, 14, 15, 77]);
  switch (type) {
    case 1:
    case 12:
    case 15:
      return [type, soup(random, 6), plainName(random), soup(random, 10), string(random, flags2)];
    case 8:
      return [type, soup(random, 13), string(random, flags2)];
    case 10:
      return [type, soup(random, 5), string(random, flags2), string(random, flags2)];
    default:
      return [type, soup(random, random.int(7)), string(random, flags2)];
  }
}

const transactionMessage = (random: Random): Uint8Array =>
  message(random, 0x25, (flags2, request) => {
    const kind = random.int(3);
    const name = ['\\MAILSLOT\\BROWSE\0', '\\PIPE\\LANMAN\0', '\\PIPE\\whatever-it-is\0'][kind]!;
    const parameters: Part =
      kind === 1 ? [le16(random.int(65536)), ascii(random), ascii(random)] : soup(random, random.int(9));
    const data: Part = kind === 0 ? browse(random, flags2) : soup(random, random.int(40));
    const setup = request ? [le16(3), le16(1), le16(0)] : le16(0);
    return transaction(random, request, setup, random.once(10) ? [] : name, parameters, data);
  });

const transaction2Message = (random: Random): Uint8Array =>
  message(random, 0x32, (flags2, request) => {
    if (random.once(12)) return anyBody(random, flags2);
    if (request && random.once(8)) return { words: soup(random, 16), data: soup(random, 60) };
    const subcommand = random.pick([0, 0, 1, 1, 3, 3, 3, 5, 13, 20]);
    const level = random.pick([1, 2, 0x105, 3]);
    const setup = request ? [le16(1), le16(subcommand)] : le16(0);
    const parameters: Part = request
      ? subcommand === 3
        ? le16(level)
        : subcommand === 0
          ? [soup(random, 8), time4(random), soup(random, 16), string(random, flags2)]
          : [soup(random, 12), string(random, flags2)]
      : soup(random, random.pick([0, 10, 28, 32]));
    const data: Part = random.pick<Part>([
      [],
      soup(random, 18),
      [time4(random), 4, 'DATA'],
      [soup(random, 8), le32(8), 'D\0A\0T\0A\0'],
      soup(random, 30),
    ]);
    return transaction(random, request, setup, random.pick<Part>([[], [0], [0, 0, 0]]), parameters, data);
  });

const negotiationMessage = (random: Random): Uint8Array =>
  message(random, 0x72, (_, request) => ({
    words: soup(random, 2 * random.pick(request ? [0, 0, 0, 2] : [0, 1, 13, 17])),
    data: request
      ? ['PC NETWORK PROGRAM 1.0', 'NT LM 0.12', 'SMB 2.002'].map((dialect) => [2, dialect, 0])
      : soup(random, random.int(20)),
  }));

const setupMessage = (random: Random): Uint8Array =>
  message(random, 0x73, (flags2, request) => ({
    words: [0xff, 0, soup(random, 2 * random.pick(request ? [9, 11, 12] : [2, 3, 12]))],
    data: request
      ? soup(random, random.int(40))
      : [string(random, flags2), string(random, flags2), string(random, flags2)],
  }));

const lockMessage = (random: Random): Uint8Array =>
  message(random, 0x24, () => ({
    words: [0xff, 0, soup(random, 4), random.pick([0, 0x10]), soup(random, 9)].slice(
      0,
      random.once(8) ? 2 : 4,
    ),
    data: soup(random, random.pick([0, 10, 20, 40, 7])),
  }));

const anyMessage = (random: Random): Uint8Array => {
  const command = random.pick(COMMANDS);
  return message(random, command, (flags2) => anyBody(random, flags2));
};

/** NT create and X: the length of the name is among its words. */
const createMessage = (random: Random): Uint8Array =>
  message(random, 0xa2, (flags2, request) => {
    const path = bytes(string(random, flags2));
    return {
      words: request
        ? [0xff, 0, le16(0), 0, le16(random.once(8) ? random.int(90) : path.length), soup(random, 43)]
        : [0xff, 0, le16(0), soup(random, 64)],
      data: [random.once(2) ? [0] : [], path],
    };
  });

const MESSAGES = [
  anyMessage,
  transactionMessage,
  transaction2Message,
  negotiationMessage,
  setupMessage,
  lockMessage,
  createMessage,
];

/** A message in a session over TCP, of either port. */
function session(random: Random, body: Uint8Array): Uint8Array {
  const claimed = random.once(8) ? body.length + random.int(2000) : body.length;
  const direct = random.once(2);
  const front = direct ? [0, 0, be16(claimed)] : [0, random.int(2), be16(claimed)];
  return tcp(random, ...ports(random, direct ? 445 : 139), [
    front,
    body,
    random.once(8) ? soup(random, 5) : [],
  ]);
}

const over = (make: (random: Random) => Uint8Array) => (random: Random) => session(random, make(random));

const DATAGRAM_FRONT = 10;

export const generators: Generators = {
  smbCommand: over(anyMessage),
  smbTransaction: over(transactionMessage),
  smbTransaction2: over(transaction2Message),
  smbNegotiation: over(negotiationMessage),
  smbSetup: over(setupMessage),
  smbLock: over(lockMessage),
  smbCreate: over(createMessage),
  smbNoise: (random) =>
    session(random, bytes(random.once(2) ? [0xff, 'SMB'] : [], soup(random, random.int(90)))),
  smbSession: (random) => {
    const type = random.pick([0x81, 0x82, 0x83, 0x83, 0x85, 0x99]);
    const body = bytes(
      type === 0x83
        ? [random.pick([0x80, 0x81, 0x82, 0x83, 0x8f]), soup(random, random.pick([0, 3]))]
        : [encodedName(random), encodedName(random)],
    );
    return tcp(random, ...ports(random, 139), [type, 0, be16(body.length), body]);
  },
  smbDatagram: (random) =>
    udp(random, 138, 138, [
      random.pick([0x10, 0x11]),
      random.int(16),
      soup(random, DATAGRAM_FRONT - 2),
      soup(random, 4),
      encodedName(random),
      encodedName(random),
      random.once(8) ? soup(random, 20) : random.pick(MESSAGES)(random),
    ]),
  smbName: (random) => {
    const questions = random.once(20) ? 101 : random.int(3);
    const records = random.int(3);
    const record = (): Part => {
      const head = (type: number): Part => [encodedName(random), be16(type), be16(1), be32(random.u32())];
      switch (random.int(3)) {
        case 0:
          return [head(0x20), be16(6), be16(random.int(65536)), random.bytes(4)];
        case 1: {
          const names = Array.from({ length: random.int(4) }, () => [plainName(random), random.int(256), 0]);
          return [head(0x21), be16(1 + 18 * names.length), names.length, names];
        }
        default: {
          const size = random.int(40);
          return [head(0x0a), be16(size), soup(random, size)];
        }
      }
    };
    return udp(random, 137, random.pick([137, 40000]), [
      be16(random.int(65536)),
      [(random.int(2) << 7) | (random.int(16) << 3) | random.int(8), random.int(256)],
      be16(questions),
      be16(records),
      be16(0),
      be16(random.int(2)),
      Array.from({ length: Math.min(questions, 3) }, () => [encodedName(random), be16(0x20), be16(1)]),
      Array.from({ length: records }, record),
      random.once(3) ? soup(random, random.int(20)) : [],
    ]);
  },
  netbeui: (random) => {
    const command = random.once(2) ? random.pick([8, 9, 0x15, 0x16]) : random.int(34);
    const named = random.once(2);
    const front = [le16(named ? 44 : 14), le16(0xefff), command, soup(random, named ? 7 : 9)];
    const carried = random.once(3)
      ? soup(random, random.int(30))
      : [random.once(4) ? soup(random, random.int(150)) : [], noLines(random.pick(MESSAGES)(random))];
    return ethernet(random, 0, [
      [0xf0, 0xf0 | random.int(2)],
      random.once(2) ? 0x03 : random.once(4) ? [0x01, 0x04] : [2 * random.int(128), random.int(256)],
      front,
      named ? [plainName(random), plainName(random)] : [],
      carried,
    ]);
  },
  netbiosOverIpx: (random) => {
    const socket = random.pick([0x455, 0x553]);
    const body = bytes(soup(random, random.int(140)), random.once(3) ? [] : random.pick(MESSAGES)(random));
    const address = [be32(1), 2, random.bytes(5), be16(socket)];
    return ethernet(random, 0x8137, [be16(0xffff), be16(30 + body.length), 0, 17, address, address, body]);
  },
};
