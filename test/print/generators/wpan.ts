// IEEE 802.15.4: every type of frame, security, elements and commands; alone, behind the tap's header, and in ZEP.

import {
  be16,
  be32,
  bytes,
  type Generators,
  le16,
  le32,
  type Part,
  ports,
  type Random,
  udp,
} from '../generator.js';

function managementElement(random: Random): Part {
  const long = random.once(3);
  const id = long ? random.pick([8, 9, 9, 5]) : random.pick([0x1a, 0x1b, 0x1b, 0x1c, 0x1d, 0x30, 3]);
  const bodies: Readonly<Record<number, Part>> = {
    8: random.bytes(random.int(6)),
    9: random.once(3)
      ? [7]
      : [
          7,
          random.pick([1, 9, 10]),
          le16(random.int(20)),
          random.bytes(4),
          random.bytes(2),
          le16(2),
          random.bytes(6),
        ],
    26: random.bytes(6),
    27: [1, 5, le16(9), 2, random.bytes(10)],
    28: random.bytes(random.pick([1, 25, 27, 4])),
  };
  const body = bytes(bodies[id] ?? random.bytes(random.int(5)));
  return [le16(long ? 0x8000 | (id << 11) | body.length : (id << 8) | body.length), body];
}

function payloadElement(random: Random): Part {
  const group = random.pick([0, 1, 1, 1, 2, 3, 3, 5, 6]);
  const body = bytes(
    group === 1
      ? Array.from({ length: random.between(1, 2) }, () => managementElement(random))
      : random.bytes(random.int(10)),
  );
  return [le16(0x8000 | (group << 11) | body.length), body];
}

function elements(random: Random): Part {
  const headers = Array.from({ length: random.int(3) }, () => {
    const id = random.pick([0, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x21, 0x27, 0x90]);
    const sizes: Readonly<Record<number, number>> = { 0x1a: 6, 0x1b: 4, 0x1d: 4, 0x1e: 2 };
    const size = sizes[id] ?? random.pick([0, 5, 30]);
    const body = random.bytes(size);
    if ((id === 0x1c || id === 0x21) && size > 2) body[2] = random.pick([0, 0x01, 0x10]);
    return [le16((id << 7) | size), body];
  });
  if (random.once(3)) return [headers, le16(0x7f << 7)];
  const payload = Array.from({ length: random.int(3) }, () => payloadElement(random));
  return [headers, le16(0x7e << 7), payload, random.once(2) ? le16(0x8000 | (0xf << 11)) : []];
}

/** The check value of two bytes. */
function crc16(data: Uint8Array): number {
  let sum = 0;
  for (const byte of data) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum & 1) !== 0 ? (sum >>> 1) ^ 0x8408 : sum >>> 1;
  }
  return sum;
}

function crc32(data: Uint8Array): number {
  let sum = 0;
  for (const byte of data) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum & 1) !== 0 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return sum >>> 0;
}

function body(random: Random, type: number): Part {
  if (type === 0) {
    const slots = random.once(2) ? 0 : random.between(1, 2);
    const shorts = random.int(3);
    const longs = random.int(2);
    const pending = [(longs << 4) | shorts, random.bytes(shorts * 2 + longs * 8)];
    return [
      random.bytes(2),
      slots,
      slots > 0 ? random.bytes(1 + slots * 3) : [],
      pending,
      random.bytes(random.int(3)),
    ];
  }
  if (type !== 3) return random.bytes(random.int(8));
  const command = random.once(8) ? random.int(256) : random.int(10);
  const sizes = [3, 1, 3, 1, 0, 0, 0, 0, 8, 1];
  return [command, random.bytes(random.once(6) ? random.int(9) : (sizes[command] ?? 4))];
}

function frame(random: Random): Uint8Array {
  const type = random.once(10) ? random.int(8) : random.int(4);
  const control = (random.u32() & 0xf8 & (random.once(3) ? 0xff : 0xf7)) | type;
  const version = random.int(3);
  const modes = random.pick([0x8800, 0xcc00, 0x8c00, 0x0800, 0x8000, 0x0000, 0x4800]);
  const suppressed = random.once(9) ? 0x100 : 0;
  const listed = random.once(2) ? 0x200 : 0;
  const field =
    type === 5 ? (random.u32() & 0xfff8) | 5 : control | modes | suppressed | listed | (version << 12);
  const widths = [0, 0, 2, 8];
  const addresses = [
    random.bytes((field & 0x40) !== 0 ? 2 : 4),
    random.bytes(widths[(field >> 10) & 3]! + widths[field >> 14]!),
  ];
  const level = random.int(8) | (random.int(4) << 3) | (random.once(4) ? 0x20 : 0);
  const security = (field & 8) !== 0 ? [level, random.bytes(random.pick([4, 5, 9]))] : [];
  const whole = bytes(
    le16(field),
    suppressed !== 0 ? [] : random.int(256),
    addresses,
    security,
    listed !== 0 ? elements(random) : [],
    body(random, type),
  );
  if (random.once(3)) return bytes(whole, le16(crc16(whole)));
  return random.once(3) ? bytes(whole, le32(crc32(whole))) : whole;
}

function zep(random: Random): Uint8Array {
  const inner = frame(random);
  const end = [inner.length, inner];
  const kind = random.int(4);
  if (random.once(12)) return bytes(random.text(8));
  if (kind === 0) return bytes('EX', 1, random.bytes(3), random.int(2), random.bytes(8), end);
  if (kind === 1) return bytes('EX', 2, 2, be32(random.u32()));
  const stamp = [be32(random.once(4) ? 0 : 0xe0000000 + random.int(0xfffffff)), random.bytes(4)];
  return bytes(
    'EX',
    2,
    1,
    random.int(27),
    be16(random.int(65536)),
    random.int(2),
    9,
    stamp,
    random.bytes(14),
    end,
  );
}

export const generators: Generators = {
  wpan: (random) => ({ linkType: random.pick([195, 230]), bytes: frame(random) }),
  tap: (random) => {
    const fields = random.bytes(random.int(3) * 4);
    const size = random.once(12) ? random.int(64) : fields.length + 4;
    return { linkType: 283, bytes: bytes(random.once(12) ? 1 : 0, 0, le16(size), fields, frame(random)) };
  },
  zep: (random) => udp(random, ...ports(random, 17754), zep(random)),
};
