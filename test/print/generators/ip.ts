// IPv4 and IPv6: options, extension headers, fragments, wrong lengths and checksums.

import {
  be16,
  be32,
  bytes,
  ethernet,
  type Generators,
  ip4,
  ip6,
  ip6Address,
  type Part,
  type Random,
  withChecksum,
} from '../generator.js';

const udpHeader = (random: Random, payload: Part = random.bytes(random.int(20))): Uint8Array => {
  const body = bytes(payload);
  return bytes(
    be16(random.between(40000, 40999)),
    be16(random.between(41000, 41999)),
    be16(body.length + 8),
    [0, 0],
    body,
  );
};

const addresses = (random: Random, count: number): number[] =>
  Array.from({ length: count }, () => random.bytes(4)).flat();

/** One IPv4 option, sometimes with a length or pointer that is wrong. */
function ip4Option(random: Random): number[] {
  switch (random.int(8)) {
    case 0:
      return [1];
    case 1: {
      const hops = random.int(4);
      return [
        7,
        3 + hops * 4,
        random.once(4) ? random.int(20) : 4 + 4 * random.int(hops + 1),
        ...addresses(random, hops),
      ];
    }
    case 2: {
      const hops = random.between(1, 3);
      return [
        random.pick([131, 137]),
        3 + hops * 4,
        4 + 4 * random.int(hops + 1),
        ...addresses(random, hops),
      ];
    }
    case 3: {
      const kind = random.pick([0, 1, 3, 2]);
      const hops = random.int(3);
      const size = kind === 0 ? 4 : 8;
      return [
        68,
        4 + hops * size,
        random.once(4) ? random.int(30) : 5 + size * random.int(hops + 1),
        (random.once(3) ? random.int(16) << 4 : 0) | kind,
        ...random.bytes(hops * size),
      ];
    }
    case 4:
      return [148, 4, ...be16(random.pick([0, 0, 1]))];
    case 5:
      return [130, 11, ...random.bytes(9)];
    case 6:
      return [random.pick([151, 25, 82, 200]), random.once(5) ? random.int(12) : 6, ...random.bytes(4)];
    default:
      return [0];
  }
}

const option6 = (random: Random): number[] => {
  switch (random.int(7)) {
    case 0:
      return [0];
    case 1: {
      const count = random.int(6);
      return [1, count, ...Array<number>(count).fill(0)];
    }
    case 2:
      return [5, 2, ...be16(random.int(4))];
    case 3:
      return [0xc2, 4, ...be32(random.pick([0, 100, 65536, 70000]))];
    case 4:
      return [201, 16, ...ip6Address(random)];
    case 5: {
      const count = random.int(10);
      return [random.pick([0x63, 0x22, 0x1e, 0x8b]), random.once(6) ? 200 : count, ...random.bytes(count)];
    }
    default:
      return [201, 20, ...ip6Address(random), 0x01, 0x02, ...random.bytes(2)];
  }
};

/** Hop-by-hop or destination options, padded to eight bytes. */
function options6(random: Random, next: number): Uint8Array {
  const body: number[] = [];
  for (let i = random.int(4); i > 0; i--) body.push(...option6(random));
  while ((body.length + 2) % 8 !== 0) body.push(0);
  return bytes(next, (body.length + 2) / 8 - 1, body);
}

function routing6(random: Random, next: number): Uint8Array {
  const type = random.pick([0, 2, 3, 4, 4, 7]);
  const segments = type === 4 ? random.between(1, 3) : random.int(4);
  const list = Array.from({ length: segments }, () => ip6Address(random)).flat();
  if (type === 4) {
    return bytes(
      next,
      segments * 2,
      4,
      random.int(segments + 1),
      Math.max(0, segments - 1),
      random.pick([0, 0, 0x08]),
      be16(random.int(3)),
      list,
    );
  }
  return bytes(
    next,
    segments * 2 + (random.once(8) ? 1 : 0),
    type,
    random.int(segments + 1),
    be32(random.int(2)),
    list,
  );
}

const fragment6 = (random: Random, next: number): Uint8Array =>
  bytes(next, 0, be16(random.pick([0, 1, 0xb9 << 3, (0xb9 << 3) | 1])), be32(random.u32()));

export const generators: Generators = {
  plain4: (random) =>
    ethernet(
      random,
      0x0800,
      withChecksum(
        ip4(random, 17, udpHeader(random), { tos: random.int(256), ttl: random.int(256) }),
        20,
        6,
        17,
      ),
    ),
  options4: (random) => {
    const options: number[] = [];
    while (random.once(2) || options.length === 0) {
      const option = ip4Option(random);
      if (options.length + option.length > 40) break;
      options.push(...option);
    }
    return ethernet(random, 0x0800, ip4(random, 17, udpHeader(random), { options }));
  },
  lengths4: (random) => {
    const payload = udpHeader(random);
    const packet = ip4(random, random.pick([17, 99]), payload, {
      length: random.pick([10, 19, 20, 28, 40, 60, 2000]),
      checksum: random.once(2) ? random.int(65536) : 0,
    });
    if (random.once(4)) packet[0] = random.pick([0x44, 0x46, 0x65, 0x15, 0x4f]);
    return ethernet(random, 0x0800, bytes(packet, random.bytes(random.int(12))));
  },
  fragments4: (random) =>
    ethernet(
      random,
      0x0800,
      ip4(random, random.pick([17, 6, 253]), bytes(udpHeader(random), random.bytes(30)), {
        fragment: random.pick([0x2000, 0x2001, 0x00b9, 0xa000, 0x8000, 0x20b9]),
      }),
    ),
  protocols4: (random) =>
    ethernet(
      random,
      0x0800,
      ip4(random, random.pick([4, 41, 59, 60, 77, 143, 58, 99, 253, 61]), random.bytes(random.int(40))),
    ),
  nested: (random) => {
    const inner = random.once(2) ? ip4(random, 17, udpHeader(random)) : ip6(random, 17, udpHeader(random));
    const protocol = inner[0]! >> 4 === 4 ? 4 : 41;
    return random.once(2)
      ? ethernet(random, 0x0800, ip4(random, protocol, inner))
      : ethernet(random, 0x86dd, ip6(random, protocol, inner));
  },
  plain6: (random) =>
    ethernet(
      random,
      0x86dd,
      withChecksum(
        ip6(random, 17, udpHeader(random), {
          trafficClass: random.once(2) ? random.int(256) : 0,
          flowLabel: random.once(2) ? random.int(0x100000) : 0,
        }),
        40,
        6,
        17,
      ),
    ),
  lengths6: (random) => {
    const packet = ip6(random, random.pick([17, 59, 0, 99]), udpHeader(random), {
      length: random.pick([1, 8, 20, 40, 3000]),
    });
    if (random.once(4)) packet[0] = random.pick([0x44, 0x00, 0x75]);
    return ethernet(random, 0x86dd, bytes(packet, random.bytes(random.int(12))));
  },
  extensions6: (random) => {
    let next = random.pick([17, 17, 17, 6, 59, 99, 50]);
    let packet: Uint8Array = next === 17 ? udpHeader(random) : bytes(random.bytes(random.int(30)));
    for (let i = random.between(1, 3); i > 0; i--) {
      const kind = random.pick([0, 60, 60, 43, 43, 44]);
      packet = bytes(
        kind === 43 ? routing6(random, next) : kind === 44 ? fragment6(random, next) : options6(random, next),
        packet,
      );
      next = kind;
    }
    return ethernet(random, 0x86dd, ip6(random, next, packet));
  },
};
