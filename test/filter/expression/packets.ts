// Packets of many link types for the packet filters: of each protocol that filters ask for, with values that they name.

import { be16, be32, bytes, le16, le32, type Part, type Random } from '../../print/generator.js';

export const V4 = [
  [10, 1, 2, 3],
  [10, 1, 2, 4],
  [192, 168, 1, 11],
  [192, 168, 1, 255],
  [224, 0, 0, 1],
  [255, 255, 255, 255],
  [0, 0, 0, 0],
  [172, 16, 5, 6],
] as const;
const prefix = [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0];
export const V6 = [
  [...prefix, 1],
  [...prefix, 2],
  [0xfe, 0x80, ...Array<number>(13).fill(0), 9],
  [0xff, 2, ...Array<number>(13).fill(0), 1],
] as const;
export const MACS = [
  [2, 0, 0, 0, 0, 1],
  [2, 0, 0, 0, 0, 2],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  [1, 0, 0x5e, 0, 0, 1],
  [0x33, 0x33, 0, 0, 0, 1],
] as const;
export const PORTS = [53, 67, 80, 443, 8080, 4789, 6081, 22, 0, 65535] as const;
export const NUMBERS = [
  0, 1, 2, 4, 5, 6, 8, 17, 0x0f, 0x11, 0x40, 0x45, 0x80, 0xff, 0x1fff, 0x0800, 0xffff, 0x7fffffff, 0x80000000,
  0xffffffff,
] as const;

const mac = (r: Random): readonly number[] => r.pick(MACS);

function transport(r: Random, depth: number): [protocol: number, body: Uint8Array] {
  const ports = [be16(r.pick(PORTS)), be16(r.pick(PORTS))];
  switch (r.int(depth > 1 ? 8 : 10)) {
    case 0:
    case 1:
      return [
        6,
        bytes(
          ports,
          r.bytes(8),
          0x50 | r.int(2),
          r.pick([2, 0x12, 0x10, 1, 4, 0x18]),
          r.bytes(6),
          r.bytes(r.int(24)),
        ),
      ];
    case 2:
    case 3:
      return [17, bytes(ports, be16(8), be16(0), r.bytes(r.int(20)))];
    case 4:
      return [r.pick([1, 58]), bytes(r.pick([0, 3, 8, 11, 128, 135]), r.int(3), r.bytes(6))];
    case 5:
      return [132, bytes(ports, r.bytes(8), r.bytes(8))];
    case 6:
      return [r.pick([2, 47, 50, 103, 112, 9, 89, 255]), bytes(r.bytes(16))];
    case 7:
      return [
        r.pick([51, 0, 43, 44, 60]),
        bytes(r.pick([6, 17, 58, 44, 60, 59]), r.int(2), r.bytes(6), ...transport(r, depth + 2)[1]),
      ];
    case 8: {
      const vxlan = bytes(
        be16(r.pick(PORTS)),
        be16(4789),
        be16(40),
        be16(0),
        r.pick([8, 0]),
        0,
        0,
        0,
        0,
        0,
        r.pick([11, 12]),
        0,
      );
      return [17, bytes(vxlan, ethernet(r, depth + 1))];
    }
    default: {
      const options = r.int(2);
      const inner = r.once(2);
      const geneve = bytes(
        be16(r.pick(PORTS)),
        be16(6081),
        be16(40),
        be16(0),
        options,
        0,
        be16(inner ? 0x6558 : 0x0800),
        0,
        0,
        r.pick([11, 12]),
        0,
      );
      return [17, bytes(geneve, r.bytes(4 * options), inner ? ethernet(r, depth + 1) : ip4(r, depth + 1))];
    }
  }
}

function ip4(r: Random, depth: number): Uint8Array {
  const [protocol, body] = transport(r, depth);
  const options = r.once(6) ? 4 : 0;
  return bytes(
    0x45 + options / 4,
    r.pick([0, 0, 0x10]),
    be16(20 + options + body.length),
    be16(r.int(65536)),
    be16(r.pick([0, 0, 0x4000, 0x2000, 0x0005])),
    r.pick([1, 64, 255]),
    protocol,
    be16(0),
    r.pick(V4),
    r.pick(V4),
    Array<number>(options).fill(1),
    body,
  );
}

function ip6(r: Random, depth: number): Uint8Array {
  const [protocol, body] = transport(r, depth);
  return bytes(
    0x60,
    0,
    0,
    0,
    be16(body.length),
    protocol,
    r.pick([1, 64, 255]),
    r.pick(V6),
    r.pick(V6),
    body,
  );
}

function arp(r: Random): Uint8Array {
  return bytes(be16(1), be16(0x800), 6, 4, be16(r.pick([1, 2])), mac(r), r.pick(V4), mac(r), r.pick(V4));
}

const SAPS = [0xaa, 0x42, 0xf0, 0xe0, 0xfe, 0x06] as const;

/** An LLC frame. */
function llc(r: Random, depth: number): Uint8Array {
  const sap = r.pick(SAPS);
  if (sap === 0xaa) {
    const [type, body] = ethertyped(r, depth + 1);
    return bytes(
      0xaa,
      0xaa,
      3,
      r.pick([
        [0, 0, 0],
        [8, 0, 7],
        [0, 0, 0xf8],
      ]),
      be16(r.once(4) ? 0x809b : type),
      body,
    );
  }
  if (sap === 0xfe)
    return bytes(
      0xfe,
      0xfe,
      3,
      r.pick([0x81, 0x82, 0x83]),
      r.bytes(3),
      r.pick([15, 16, 18, 20, 24, 25, 26, 27]),
      r.bytes(20),
    );
  return bytes(sap, sap, r.pick([3, 0, 1, 5, 9, 0x63, 0x43, 0x6f, 0xe3, 0xaf, 0x87]), r.bytes(24));
}

/** What an Ethernet type leads to. */
function ethertyped(r: Random, depth: number): [type: number, body: Uint8Array] {
  switch (r.int(depth > 1 ? 6 : 10)) {
    case 0:
    case 1:
      return [0x0800, ip4(r, depth)];
    case 2:
    case 3:
      return [0x86dd, ip6(r, depth)];
    case 4:
      return [r.pick([0x0806, 0x8035]), arp(r)];
    case 5:
      return [
        r.pick([0x809b, 0x80f3, 0x8137, 0x6003, 0x6004, 0x6002, 0x6001, 0x6007, 0x9000, 0x88cc]),
        bytes(le16(r.pick([10, 20])), r.bytes(20)),
      ];
    case 6: {
      const [type, body] = ethertyped(r, depth + 1);
      return [
        r.pick([0x8100, 0x8100, 0x88a8, 0x9100]),
        bytes(be16(r.pick([5, 100, 0x2005, 4095])), be16(type), body),
      ];
    }
    case 7: {
      const more = r.once(2) ? [] : [be32((r.pick([100, 1024]) << 12) | 0x40)];
      return [
        0x8847,
        bytes(more, be32((r.pick([100, 1024]) << 12) | 0x140), r.once(2) ? ip4(r, depth) : ip6(r, depth)),
      ];
    }
    case 8:
      return [0x8864, bytes(0x11, 0, be16(r.pick([0x27, 5])), be16(40), ppp(r, depth))];
    default:
      return [0x8863, bytes(0x11, 9, r.bytes(20))];
  }
}

function ethernet(r: Random, depth: number): Uint8Array {
  if (r.once(5)) {
    const body = llc(r, depth);
    return bytes(mac(r), mac(r), be16(body.length), body);
  }
  const [type, body] = ethertyped(r, depth);
  return bytes(mac(r), mac(r), be16(type), body);
}

function ppp(r: Random, depth: number): Uint8Array {
  switch (r.int(4)) {
    case 0:
      return bytes(be16(0x21), ip4(r, depth));
    case 1:
      return bytes(be16(0x57), ip6(r, depth));
    case 2:
      return bytes(be16(r.pick([0xc021, 0x8021, 0x23, 0x25, 0x29, 0x2b, 0x281])), r.bytes(12));
    default:
      return bytes(0x21, ip4(r, depth));
  }
}

const ip = (r: Random): Uint8Array => (r.once(2) ? ip4(r, 0) : ip6(r, 0));

/** An 802.11 frame. */
function wifi(r: Random): Uint8Array {
  const control = r.pick([
    0x80, 0x40, 0x50, 0x00, 0xb0, 0xc0, 0xb4, 0xc4, 0xd4, 0xa4, 0x84, 0x08, 0x88, 0x48, 0x18, 0xc8,
  ]);
  const flags = r.pick([0, 1, 2, 3, 0x41]);
  const fourth = (flags & 3) === 3 ? mac(r) : [];
  const qos = (control & 0x8c) === 0x88 ? [0, 0] : [];
  const type = (control >> 2) & 3;
  const body = type === 2 ? llc(r, 0) : r.bytes(12);
  if (type === 1) return bytes(control, flags, [0, 0], mac(r), r.once(2) ? mac(r) : []);
  return bytes(control, flags, [0, 0], mac(r), mac(r), mac(r), [0, 0], fourth, qos, body);
}

const family = (r: Random, packet: Uint8Array): number =>
  packet[0]! >> 4 === 4 ? 2 : r.pick([24, 28, 30, 10]);

/** Packets by LINKTYPE_ number. */
export const LINKS: { readonly [linkType: number]: (r: Random, order: 'little' | 'big') => Part } = {
  0: (r, order) => {
    const packet = ip(r);
    return [order === 'little' ? le32(family(r, packet)) : be32(family(r, packet)), packet];
  },
  1: (r) => ethernet(r, 0),
  6: (r) => {
    const routed = r.once(4);
    return [
      0x10,
      0x40,
      mac(r),
      routed ? [0x82, ...r.pick(MACS).slice(1)] : mac(r),
      routed ? [0x06, 0x90, 1, 2, 3, 4] : [],
      llc(r, 0),
    ];
  },
  7: (r) => [
    r.pick([1, 5, 0xff]),
    r.pick([1, 5]),
    r.pick([0xd4, 0xf0, 0xd5, 0x0c, 0xc4]),
    r.once(2) ? [0, 0, 0] : [],
    ip(r),
  ],
  8: (r) => [r.pick([0, 1]), r.bytes(15), ip(r)],
  9: (r) => [r.pick([[0xff, 3], [0, 3], [1, 3], []]), ppp(r, 0)],
  10: (r) => [0x50, mac(r), mac(r), llc(r, 0)],
  50: (r) => [
    r.pick([
      [0xff, 3],
      [0x0f, 0, 8, 0],
      [0x8f, 0, 0x80, 0x35],
    ]),
    ppp(r, 0),
  ],
  51: (r) => [0x11, 0, be16(0x27), be16(40), ppp(r, 0)],
  99: (r) => [r.bytes(42), be16(r.pick([0x800, 0x86dd, 0x806])), ip(r)],
  100: (r) => llc(r, 0),
  101: ip,
  104: (r) => [0x0f, 0, ethertypeAndBody(r)],
  105: wifi,
  107: (r) => [[0x18, 0x41, 3, r.pick([0xcc, 0x8e])], ip(r)],
  108: (r) => {
    const packet = ip(r);
    return [be32(family(r, packet)), packet];
  },
  109: (r, order) => {
    const packet = ip(r);
    return [order === 'little' ? le32(family(r, packet)) : be32(family(r, packet)), r.bytes(8), packet];
  },
  112: (r) => [0x0f, 0, ethertypeAndBody(r)],
  113: (r) => [
    be16(r.pick([0, 1, 2, 3, 4])),
    be16(1),
    be16(6),
    mac(r),
    0,
    0,
    r.once(6) ? [be16(4), llc(r, 0)] : ethertypeAndBody(r),
  ],
  114: (r) => [1, 2, r.pick([1, 2, 0x22]), r.bytes(20)],
  117: (r) => {
    const packet = ip(r);
    const header = [
      61,
      family(r, packet),
      r.int(7),
      r.int(6),
      r.pick(['em0', 'lo0']).padEnd(16, '\0'),
      r.pick(['main', 'inner']).padEnd(16, '\0'),
      be32(r.pick([0, 1, 17])),
      be32(r.pick([0, 1, 0xffffffff])),
      r.bytes(16),
      r.int(3),
      0,
      0,
      0,
    ];
    return [header, packet];
  },
  119: (r) => [be32(0x44), be32(r.pick([144, 0x80211001])), r.bytes(136), wifi(r)],
  122: (r) => [0, 0, mac(r), 0, 0, mac(r), llc(r, 0)],
  123: (r) => {
    const lane = r.once(3);
    const kind = r.pick([2, 1, 3, 0x82, 0x85, 0x81]);
    return [
      lane ? 0x01 : kind,
      r.pick([0, 5, 10]),
      be16(r.pick([1, 2, 3, 4, 5, 16, 20])),
      lane ? [be16(r.pick([0xff00, 1])), ethernet(r, 0)] : llc(r, 0),
    ];
  },
  127: (r) => [0, 0, le16(8), le32(0), wifi(r)],
  129: (r) => [r.pick([1, 5]), r.pick([1, 5]), 0, 0, r.pick([0xd4, 0xf0, 0xd5]), r.bytes(3), ip(r)],
  138: (r) => [r.bytes(16), ethertypeAndBody(r)],
  139: (r) => [r.int(2), r.int(2), be16(0), ss7(r)],
  140: ss7,
  163: (r) => [be32(0x80211001), be32(64), r.bytes(56), wifi(r)],
  166: (r) => [r.int(2), 3, ppp(r, 0)],
  182: (r) => [r.bytes(2), [0x18, 0x41, 3, 0xcc], ip(r)],
  189: (r) => r.bytes(60),
  192: (r) => [0, 0, le16(8), le32(r.pick([105, 1])), wifi(r)],
  195: (r) => r.bytes(40),
  204: (r) => [r.int(2), r.pick([[0xff, 3], []]), ppp(r, 0)],
  219: (r) => [be32((r.pick([100, 1024]) << 12) | 0x140), ip(r)],
  226: (r) => [1, r.pick([1, 2]), be16(r.int(2)), be32(4), be32(1), be32(2), be32(0), be32(0), ip(r)],
  228: (r) => ip4(r, 0),
  229: (r) => ip6(r, 0),
  240: (r) => [r.bytes(4), ethernet(r, 0)],
  241: (r) => [r.bytes(4), Array<number>(7).fill(0x55), 0xd5, ethernet(r, 0)],
  242: (r) => [r.bytes(40), ethertypeAndBody(r)],
  276: (r) => [
    ethertype(r, (type, body) => [
      be16(type),
      0,
      0,
      be32(r.pick([1, 2, 7])),
      be16(1),
      r.int(5),
      6,
      mac(r),
      0,
      0,
      body,
    ]),
  ],
  281: (r) => [mac(r), mac(r), r.bytes(4), ethertypeAndBody(r)],
  284: (r) => [mac(r), mac(r), r.bytes(4), ethertypeAndBody(r)],
};

function ethertype(r: Random, make: (type: number, body: Uint8Array) => Part): Part {
  return make(...ethertyped(r, 0));
}

function ethertypeAndBody(r: Random): Part {
  return ethertype(r, (type, body) => [be16(type), body]);
}

function ss7(r: Random): Part {
  return [
    r.bytes(2),
    r.pick([0, 1, 2, 3, 40]),
    r.pick([0, 1, 5, 0x83]),
    le32(r.pick([5, 1 | (12 << 14), 0x10000005])),
    r.bytes(12),
  ];
}

export const LINK_TYPES: readonly number[] = Object.keys(LINKS).map(Number);

/** A packet of a file. */
export interface FilePacket {
  readonly bytes: Uint8Array;
  readonly captured: number;
  readonly length: number;
}

/** Packets of one link type; some are cut, some are noise behind a header. */
export function packetsOf(r: Random, linkType: number, order: 'little' | 'big', count: number): FilePacket[] {
  return Array.from({ length: count }, () => {
    const whole = bytes(LINKS[linkType]!(r, order));
    if (r.once(12)) whole.set(r.bytes(Math.min(8, whole.length)), r.int(Math.max(1, whole.length - 8)));
    const captured = r.once(5) ? r.int(whole.length + 1) : whole.length;
    return { bytes: whole, captured, length: r.once(8) ? whole.length + 20 : whole.length };
  });
}

/** A pcap file's bytes. */
export function pcapOf(
  linkType: number,
  order: 'little' | 'big',
  packets: readonly FilePacket[],
): Uint8Array {
  const little = order === 'little';
  const size = packets.reduce((sum, { captured }) => sum + 16 + captured, 24);
  const out = new Uint8Array(size);
  const view = new DataView(out.buffer);
  view.setUint32(0, 0xa1b2c3d4, little);
  view.setUint16(4, 2, little);
  view.setUint16(6, 4, little);
  view.setUint32(16, 65535, little);
  view.setUint32(20, linkType, little);
  let at = 24;
  packets.forEach(({ bytes: whole, captured, length }, i) => {
    [1_700_000_000, i, captured, length].forEach((field, f) => {
      view.setUint32(at + 4 * f, field, little);
    });
    out.set(whole.subarray(0, captured), at + 16);
    at += 16 + captured;
  });
  return out;
}
