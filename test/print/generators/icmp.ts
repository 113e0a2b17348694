// ICMP and ICMPv6: every type, extension and option; DNS: every record and option.

import {
  be16,
  be32,
  bytes,
  ethernet,
  type Generators,
  internetChecksum,
  ip4,
  ip6,
  ip6Address,
  type Part,
  ports,
  type Random,
  tcp,
  udp,
  withChecksum,
} from '../generator.js';

const ICMP = 1;
const ICMP6 = 58;

/** An ICMP message in IPv4, its checksum right but for one in eight. */
function icmp(random: Random, message: Part): Uint8Array {
  const packet = ip4(random, ICMP, message);
  const body = packet.subarray(20);
  if (!random.once(8)) {
    body.set([0, 0], 2);
    body.set(be16(internetChecksum(body)), 2);
  }
  return ethernet(random, 0x0800, packet);
}

/** An ICMPv6 message in IPv6, its checksum right but for one in eight. */
function icmp6(random: Random, message: Part): Uint8Array {
  const packet = ip6(random, ICMP6, message);
  if (!random.once(8) && packet.length >= 44) withChecksum(packet, 40, 2, ICMP6);
  return ethernet(random, 0x86dd, packet);
}

const header = (type: number, code: number): number[] => [type, code, 0, 0];

/** A packet as an error quotes it. */
function quoted(random: Random, protocol = random.pick([6, 17, 17, 99])): Uint8Array {
  const payload =
    protocol === 17
      ? [random.between(40000, 40999), random.between(41000, 41999), 8, 0].flatMap(be16)
      : random.bytes(8);
  return ip4(random, protocol, payload, random.once(4) ? { length: random.pick([0, 28, 19, 60]) } : {});
}

/** One object of an ICMP extension. */
function extensionObject(random: Random): number[] {
  // 4.99 knows the label stack alone, and calls its traffic class otherwise.
  return [...be16(random.once(4) ? random.int(14) : 8), 77, 1, ...random.bytes(4)];
}

/** An error whose quoted packet is padded to 128 bytes, an extension behind it. */
function extended(random: Random): number[] {
  // What is cut in the quoted packet ends it in 5.0, and 4.99 goes on.
  const inner = [...ip4(random, 99, random.bytes(8))];
  while (inner.length < 128) inner.push(0);
  const objects = [...extensionObject(random), ...(random.once(2) ? extensionObject(random) : [])];
  const extension = [random.once(8) ? 0x10 : 0x20, 0, 0, 0, ...objects];
  if (!random.once(4)) extension.splice(2, 2, ...be16(internetChecksum(extension)));
  const type = random.pick([3, 11, 12]);
  return [...header(type, random.int(2)), 0, random.pick([0, 32]), 0, 0, ...inner, ...extension];
}

const link = (random: Random): number[] => [random.pick([1, 2]), 1, ...random.bytes(6)];

/** A domain name without pointers. */
function name(random: Random): number[] {
  const out: number[] = [];
  for (let i = random.between(0, 3); i > 0; i--) {
    const label = random.once(6)
      ? random.bytes(random.between(1, 8))
      : [...random.text(random.between(1, 8))].map((c) => c.charCodeAt(0));
    out.push(label.length, ...label);
  }
  return [...out, 0];
}

/** A neighbour discovery option. */
function discoveryOption(random: Random): number[] {
  switch (random.int(11)) {
    case 0:
      return link(random);
    case 1:
      return [
        3,
        random.once(6) ? 5 : 4,
        random.int(129),
        random.int(256),
        ...random.bytes(12),
        ...ip6Address(random),
      ].concat(random.once(3) ? random.bytes(8) : []);
    case 2:
      return [5, 1, 0, 0, ...be32(random.int(9000))];
    case 3:
      return [7, 1, 0, 0, ...random.bytes(4)];
    case 4:
      return [8, 1, 0, 0, ...random.bytes(4)];
    case 5: {
      const words = random.between(1, 4);
      return [
        24,
        words,
        random.int(129),
        random.int(256),
        ...be32(random.pick([60, 0xffffffff])),
        ...random.bytes((words - 1) * 8),
      ];
    }
    case 6: {
      const count = random.between(1, 3);
      return [
        25,
        1 + 2 * count,
        0,
        0,
        ...random.bytes(4),
        ...Array.from({ length: count }, () => ip6Address(random)).flat(),
      ];
    }
    case 7: {
      const body = [...be32(600), ...name(random), ...name(random)];
      while ((body.length + 4) % 8 !== 0) body.push(0);
      return [31, (body.length + 4) / 8, 0, 0, ...body];
    }
    case 8:
      return [4, 2, ...random.bytes(14)];
    case 9:
      return [random.pick([9, 77, 200]), random.int(3), ...random.bytes(14)];
    default:
      return [1, 0, ...random.bytes(6)];
  }
}

const discoveryOptions = (random: Random): number[] =>
  Array.from({ length: random.int(4) }, () => discoveryOption(random)).flat();

/** A quoted IPv6 packet with the headers before its port. */
function quoted6(random: Random): Uint8Array {
  const next = random.pick([6, 17, 17, 99, 58]);
  let first = next;
  const headers: number[] = [];
  if (random.once(3)) {
    first = random.pick([0, 60, 43]);
    headers.push(next, 0, ...random.bytes(6));
  } else if (random.once(6)) {
    first = 44;
    headers.push(next, 0, 0, random.once(3) ? 8 : 0, ...random.bytes(4));
  }
  return ip6(random, first, [headers, be16(random.between(40000, 40999)), be16(41000), random.bytes(8)]);
}

function listenerRecord(random: Random): number[] {
  const sources = random.int(3);
  return [
    random.between(1, 7),
    0,
    ...be16(random.once(8) ? 99 : sources),
    ...ip6Address(random),
    ...Array.from({ length: sources }, () => ip6Address(random)).flat(),
  ];
}

/** An RPL option, and messages of its kinds. */
function rplOptions(random: Random): number[] {
  return Array.from({ length: random.int(3) }, () => {
    if (random.once(4)) return [0];
    const size = random.int(9);
    return [random.between(1, 10), random.once(8) ? 60 : size, ...random.bytes(size)];
  }).flat();
}

/** A name in a message: labels, and sometimes a pointer to the question's or to a place that is none. */
function dnsName(random: Random): number[] {
  const labels = name(random).slice(0, -1);
  switch (random.int(12)) {
    case 0:
      return [...labels, ...be16(0xc000 | random.int(0x3fff))];
    case 1:
      return [...labels, 0x41, random.pick([0, 5, 8, 12, 16, 17, 31]), ...random.bytes(4)];
    case 2:
      return [...labels, random.pick([0x80, 0x42, 0xbf]), 0];
    case 3:
    case 4:
    case 5:
    case 6:
      return [...labels, 0xc0, 12];
    default:
      return [...labels, 0];
  }
}

/** Those that 4.99 knows by name, and one that nobody does. */
const TYPES = [1, 2, 5, 6, 12, 15, 16, 28, 33, 38, 39, 41, 41, 41, 250, 256, 13, 24, 35, 999];

function characterStrings(random: Random): number[] {
  return Array.from({ length: random.int(4) }, () => {
    const text = random.bytes(random.int(12));
    return [random.once(12) ? 90 : text.length, ...text];
  }).flat();
}

/** EDNS options. 4.99 shows the values as bytes: those that 5.0 shows otherwise are for the tests of the printer. */
function ednsOption(random: Random): number[] {
  const size = random.int(6);
  return [...be16(random.pick([1, 2, 3, 16, 17, 999])), ...be16(size), ...random.bytes(size)];
}

function recordData(random: Random, type: number): number[] {
  switch (type) {
    case 1:
      return random.bytes(random.once(8) ? 6 : 4);
    case 28:
      return ip6Address(random);
    case 2:
    case 5:
    case 12:
    case 39:
      return dnsName(random);
    case 6:
      return [...dnsName(random), ...dnsName(random), ...random.bytes(20)];
    case 15:
      return [...random.bytes(2), ...dnsName(random)];
    case 16:
      return characterStrings(random);
    case 33:
      return [...random.bytes(6), ...dnsName(random)];
    case 38: {
      const bits = random.pick([0, 8, 64, 127, 128, 129]);
      return [bits, ...random.bytes(Math.max(0, 16 - (bits >> 3))), ...dnsName(random)];
    }
    case 41:
      return Array.from({ length: random.int(3) }, () => ednsOption(random)).flat();
    case 250:
      return [...dnsName(random), ...random.bytes(8), 0, 3, ...random.bytes(9)];
    default:
      return random.bytes(4 + random.int(12));
  }
}

function dnsRecord(random: Random): number[] {
  const type = random.pick(TYPES);
  const data = recordData(random, type);
  // 4.99 reads a URI record that is too short as if it were longer.
  const cls = type === 41 ? random.int(65536) : random.pick([1, 1, 1, 3, 4, 255, 0x8001, 9]);
  return [
    ...dnsName(random),
    ...be16(type),
    ...be16(cls),
    ...random.bytes(4),
    ...be16(random.once(12) && type !== 256 ? random.int(40) : data.length),
    ...data,
  ];
}

const question = (random: Random): number[] => [
  ...(random.once(4) ? dnsName(random) : name(random)),
  ...be16(random.pick([...TYPES, 251, 252, 255])),
  ...be16(random.pick([1, 1, 3, 255, 0x8001, 77])),
];

/** A message, its counts right but for one in eight. */
function dnsMessage(random: Random): Uint8Array {
  const counts = [random.once(4) ? random.int(3) : 1, random.int(3), random.int(2), random.int(3)];
  const flags = random.once(2) ? random.int(65536) : random.pick([0x0100, 0x8180, 0x8580, 0x8183]);
  const questions = Array.from({ length: counts[0]! }, () => question(random));
  const records = Array.from({ length: counts[1]! + counts[2]! + counts[3]! }, () => dnsRecord(random));
  if (random.once(8)) counts[random.int(4)]!++;
  return bytes(random.bytes(2), be16(flags), counts.map(be16), questions, records);
}

export const generators: Generators = {
  dns: (random) => udp(random, ...ports(random, 53), dnsMessage(random)),
  mdns: (random) => udp(random, ...ports(random, 5353), dnsMessage(random)),
  dnsTcp: (random) => {
    const message = dnsMessage(random);
    return tcp(random, ...ports(random, 53), [be16(message.length + (random.once(6) ? 2 : 0)), message]);
  },
  icmp: (random) => {
    const type = random.pick([0, 4, 8, 10, 13, 14, 15, 16, 17, 18, 19, 42, 99]);
    const body = type === 4 ? [0, 0, 0, 0, ...quoted(random)] : random.bytes(random.pick([4, 8, 16]));
    // 4.99 does not know extended echo.
    return icmp(random, [header(type === 42 ? 41 : type, random.int(3)), body]);
  },
  icmpErrors: (random) => {
    const type = random.pick([3, 3, 3, 5, 11, 12]);
    const code = type === 3 ? random.int(18) : random.int(5);
    return icmp(random, [
      header(type, code),
      random.once(2) ? random.bytes(4) : [0, 0, 0, 0],
      quoted(random),
    ]);
  },
  icmpExtended: (random) => icmp(random, extended(random)),
  icmpRouters: (random) => {
    const count = random.int(3);
    const size = random.once(6) ? 3 : 2;
    const lifetime = random.pick([30, 600, 7200, 65535]);
    return icmp(random, [header(9, 0), count, size, be16(lifetime), random.bytes(8 * count)]);
  },
  icmp6Errors: (random) => {
    const type = random.pick([1, 1, 2, 3, 4]);
    return icmp6(random, [header(type, random.int(7)), be32(random.int(2000)), quoted6(random)]);
  },
  icmp6Discovery: (random) => {
    const type = random.pick([133, 134, 135, 136, 137, 147]);
    const fixed = { 133: 4, 134: 12, 135: 20, 136: 20, 137: 36, 147: 4 }[type]!;
    // 4.99 does not know the flag that says there is IPv6 only.
    const body = random.bytes(fixed);
    if (type === 134) body[1] = body[1]! & ~2;
    return icmp6(random, [header(type, 0), body, discoveryOptions(random)]);
  },
  icmp6Listeners: (random) => {
    const type = random.pick([130, 131, 132, 143]);
    if (type === 143) {
      const count = random.int(4);
      const records = Array.from({ length: count }, () => listenerRecord(random));
      return icmp6(random, [header(143, 0), 0, 0, be16(random.once(8) ? 9 : count), records]);
    }
    const v2 = type === 130 && random.once(2);
    const sources = random.int(3);
    return icmp6(random, [
      header(type, 0),
      random.bytes(2),
      [0, 0],
      ip6Address(random),
      v2
        ? [random.int(16), random.int(256), be16(random.once(8) ? 99 : sources), random.bytes(16 * sources)]
        : random.once(8)
          ? [0, 0]
          : [],
    ]);
  },
  icmp6Other: (random) => {
    const type = random.pick([128, 129, 141, 142, 144, 145, 146, 200, 201, 5, 255]);
    const body =
      type === 145
        ? [random.bytes(4), ip6Address(random), ip6Address(random)]
        : random.bytes(4 + random.int(20));
    return icmp6(random, [header(type, random.int(3)), body]);
  },
  nodeInformation: (random) => {
    const type = random.pick([139, 140]);
    // 4.99 has other words for names and IPv4 addresses.
    const about = type === 139 ? random.pick([0, 3]) : random.pick([0, 3, 5]);
    const code = type === 139 ? 0 : random.int(4);
    // 4.99 reads the flags in the machine's byte order and shows other words for them.
    const head = [...header(type, code), ...be16(about), 0, 0, ...random.bytes(8)];
    const data =
      type === 139
        ? random.pick([ip6Address(random), random.bytes(12), random.bytes(20)])
        : about === 3
          ? [...be32(60), ...ip6Address(random), ...be32(7), ...ip6Address(random)]
          : random.bytes(8 * random.int(3));
    return icmp6(random, [head, data]);
  },
  renumbering: (random) => {
    const code = random.pick([0, 0, 0, 1, 255, 9]);
    const uses = random.int(3);
    const use = (): Part => [
      random.bytes(12),
      random.pick([0, 0x80, 0x40, 0xc0]),
      0,
      0,
      0,
      ip6Address(random),
    ];
    return icmp6(random, [
      header(138, code),
      random.bytes(4),
      random.int(9),
      random.pick([0, 0x80, 0x40, 0xf8, 0x10]),
      random.bytes(2),
      be32(random.once(3) ? 7 : 0),
      [random.int(5), random.once(8) ? 5 : 3 + 4 * uses, random.bytes(6), ip6Address(random)],
      Array.from({ length: uses }, use),
    ]);
  },
  rpl: (random) => {
    const code = random.pick([0, 1, 1, 2, 2, 3, 3, 4, 0x81]);
    const body =
      code === 1
        ? [random.bytes(8), ip6Address(random)]
        : code === 0
          ? []
          : [random.bytes(4), ip6Address(random)];
    return icmp6(random, [header(155, code), body, random.once(3) ? [] : rplOptions(random)]);
  },
  mobility: (random) => {
    const type = random.int(9);
    const options = Array.from({ length: random.int(4) }, () => {
      const kind = random.int(8);
      if (kind === 0) return [0];
      const size = random.once(8) ? random.int(40) : ([0, 3, 2, 16, 4, 12, 5, 1][kind] ?? 0);
      return [kind, size, ...random.bytes(random.once(8) ? 1 : size)];
    }).flat();
    const fixed = [0, 8, 8, 16, 16, 4, 4, 16, 8][type]!;
    const body = [...random.bytes(fixed), ...options];
    while ((body.length + 8) % 8 !== 0) body.push(0);
    const words = random.once(8) ? random.int(3) : body.length / 8;
    const next = random.once(6) ? 17 : 59;
    return ethernet(
      random,
      0x86dd,
      ip6(random, random.pick([135, 62]), [next, words, type, 0, random.bytes(4), body]),
    );
  },
  mobile: (random) => {
    const header = [random.int(256), random.pick([0, 0x80]), 0, 0, ...random.bytes(8)];
    if (!random.once(4))
      header.splice(2, 2, ...be16(internetChecksum(header.slice(0, header[1] === 0 ? 8 : 12))));
    const payload = random.once(8) ? random.bytes(5) : [...header, ...random.bytes(6)];
    return ethernet(random, 0x0800, ip4(random, 55, payload));
  },
};
