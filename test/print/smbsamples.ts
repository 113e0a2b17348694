// Packets of SMB and NetBIOS that protocol/smb.test.ts prints: raw IP, and Ethernet for what has no IP.

import { be16, be32, bytes, ethernet, ip4, le16, le32, type Part, Random } from './generator.js';

const random = new Random(5);
const addresses = { source: [10, 0, 0, 1], destination: [10, 0, 0, 2], id: 1, fragment: 0, ttl: 64 };

function tcp(port: number, payload: Part): Uint8Array {
  const ports = [be16(40000), be16(port)];
  return ip4(random, 6, [ports, be32(1), be32(0), 0x50, 0x08, be16(512), be32(0), payload], addresses);
}

function udp(port: number, payload: Part): Uint8Array {
  const length = be16(8 + bytes(payload).length);
  return ip4(random, 17, [be16(port), be16(port), length, be16(0), payload], addresses);
}

/** A name of fifteen characters and a type, in half-bytes. */
function encoded(name: string, type: number): Part {
  const letters = [...bytes(name.padEnd(15), type)].map((byte) => [0x41 + (byte >> 4), 0x41 + (byte & 15)]);
  return [32, letters, 0];
}

function message(
  command: number,
  reply: boolean,
  flags2: number,
  error: Part,
  ...blocks: Part[]
): Uint8Array {
  const front = [0xff, 'SMB', command, error, reply ? 0x88 : 0x08, le16(flags2), Array<number>(12).fill(0)];
  return bytes(front, le16(1), le16(2), le16(3), le16(4), blocks);
}

/** Words and bytes of a command. */
function block(words: Part, data: Part): Part {
  return [bytes(words).length / 2, words, le16(bytes(data).length), data];
}

const direct = (smb: Uint8Array): Uint8Array => tcp(445, [0, 0, be16(smb.length), smb]);
const session = (smb: Uint8Array): Uint8Array => tcp(139, [0, 0, be16(smb.length), smb]);
const wide = (text: string): Part => [...text].map((letter) => [letter, 0]);
const NONE = le32(0);

const browse = bytes([1, 0], le32(60000), 'SERVER'.padEnd(15), 0, [4, 9], le32(0x9003), [15, 1, 0x55, 0xaa]);
const announcement = message(
  0x25,
  false,
  0,
  NONE,
  block(
    [
      [0, browse.length, 0, 0].map(le16),
      [0, 0],
      le16(0),
      le32(1000),
      le16(0),
      [0, 0, browse.length, 86].map(le16),
      [3, 0],
      [1, 1, 2].map(le16),
    ],
    ['\\MAILSLOT\\BROWSE\0', browse],
  ),
);
const fileSystemRequest = message(
  0x32,
  false,
  0,
  NONE,
  block(
    [[2, 0, 0, 560].map(le16), [0, 0], le16(0), le32(0), le16(0), [2, 66, 0, 0].map(le16), [1, 0], le16(3)],
    [0, le16(2)],
  ),
);
const volume = bytes(le32(0), 5, 'DRIVE');
const fileSystemReply = message(
  0x32,
  true,
  0,
  NONE,
  block([[0, volume.length, 0, 0, 0, 0, volume.length, 56, 0, 0].map(le16)], [0, volume]),
);

const netbeui = (control: Part, command: number, rest: Part): Uint8Array =>
  ethernet(random, 0, [[0xf0, 0xf0], control, le16(44), le16(0xefff), command, rest]);
const names: Part = [Array<number>(7).fill(0), 'WORKGROUP'.padEnd(15), 0x1e, 'SERVER'.padEnd(15), 0x20];

/** A chain of as many commands as there is room for. */
const endless = message(
  0x74,
  false,
  0,
  NONE,
  Array.from({ length: 200 }, (_, i) => block([0x74, 0, le16(32 + 7 * (i + 1))], [])),
);

export interface Sample {
  readonly bytes: Uint8Array;
  readonly linkType: 1 | 101;
}

const ip = (packet: Uint8Array): Sample => ({ bytes: packet, linkType: 101 });
const frame = (packet: Uint8Array): Sample => ({ bytes: packet, linkType: 1 });

export const samples = {
  keepalive: ip(tcp(139, [0x85, 0, be16(0)])),
  reject: ip(tcp(139, [0x83, 0, be16(4), 0x82, 0, 0, 0])),
  request: ip(tcp(139, [0x81, 0, be16(68), encoded('SERVER', 0x20), encoded('CLIENT', 0)])),
  negotiation: ip(direct(message(0x72, false, 0xc853, NONE, block([], [2, 'NT LM 0.12\0'])))),
  negotiated: ip(
    session(
      message(
        0x72,
        true,
        0,
        NONE,
        block(
          [
            le16(0),
            3,
            le16(50),
            le16(1),
            le32(16644),
            le32(65536),
            le32(7),
            le32(0x8001f3fd),
            [0, 0x80, 0x3e, 0xd5, 0xde, 0xb1, 0x9d, 1],
            le16(0),
            8,
          ],
          'challeng',
        ),
      ),
    ),
  ),
  setup: ip(
    direct(
      message(
        0x73,
        true,
        0x8000,
        NONE,
        block([0xff, 0, le16(0), le16(1)], [0, wide('Unix\0'), wide('Samba\0'), wide('HOME\0')]),
      ),
    ),
  ),
  refused: ip(direct(message(0xa2, true, 0x4000, le32(0xc0000022), block([], [])))),
  locked: ip(direct(message(0x02, true, 0, [1, 0, le16(33)], block([], [])))),
  open: ip(
    direct(message(0x02, false, 0, NONE, block([le16(0x42), le16(0x16)], [4, '\\AUTO\x1bEXEC.BAT\0']))),
  ),
  chain: ip(
    direct(
      message(
        0x75,
        false,
        0,
        NONE,
        block([0x2e, 0, le16(47), le16(0), le16(1)], [0, 'A:\0']),
        block([0xff, 0, le16(0), le16(5), le32(100), le16(10), le16(10), le32(0), le16(0)], []),
      ),
    ),
  ),
  announcement: ip(
    udp(138, [
      [0x11, 0x0a],
      be16(7),
      [10, 0, 0, 1],
      be16(138),
      be16(200),
      be16(0),
      encoded('SERVER', 0),
      encoded('WORKGROUP', 0x1e),
      announcement,
    ]),
  ),
  fileSystemRequest: ip(direct(fileSystemRequest)),
  fileSystemReply: ip(direct(fileSystemReply)),
  query: ip(
    udp(137, [[0x12, 0x34, 1, 0x10], [1, 0, 0, 0].map(be16), encoded('SERVER', 0x20), be16(0x20), be16(1)]),
  ),
  answer: ip(
    udp(137, [
      [0x12, 0x34, 0x85, 0],
      [0, 1, 0, 0].map(be16),
      encoded('SERVER', 0x20),
      be16(0x21),
      be16(1),
      be32(300),
      be16(37),
      2,
      ['SERVER'.padEnd(15), 0, 0x04, 0],
      ['WORKGROUP'.padEnd(15), 0x1e, 0x84, 0],
    ]),
  ),
  netbeui: frame(netbeui(3, 8, names)),
  ipx: frame(
    ethernet(random, 0x8137, [
      be16(0xffff),
      be16(34 + fileSystemReply.length),
      [0, 17],
      [be32(1), Array<number>(6).fill(2), be16(0x553)],
      [be32(1), Array<number>(6).fill(3), be16(0x553)],
      [1, 2, 3, 4],
      fileSystemReply,
    ]),
  ),
  endless: ip(direct(endless)),
} satisfies Record<string, Sample>;
