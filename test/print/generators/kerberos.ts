// Services over UDP: TFTP, VQP, Kerberos, the lightweight resolver, Zephyr.

import {
  be16,
  be32,
  bytes,
  type Generators,
  ip6Address,
  type Part,
  ports,
  type Random,
  udp,
} from '../generator.js';

/** Text with its zero byte, which is missing once in a while. */
const string = (random: Random): Part => [
  random.once(8) ? random.bytes(3) : random.text(random.int(9)),
  random.once(12) ? [] : 0,
];

/** The bytes, or once in a while the first of them. */
const cut = (random: Random, body: Uint8Array): Uint8Array =>
  random.once(10) ? body.subarray(0, random.int(body.length + 1)) : body;

function tftp(random: Random): Uint8Array {
  const operation = random.once(8) ? random.int(65536) : random.between(1, 6);
  const strings = Array.from({ length: random.int(6) }, () => string(random));
  const number = be16(random.once(3) ? random.int(65536) : random.int(10));
  const body = bytes(
    be16(operation),
    operation === 5 ? number : [],
    operation < 3 || operation > 4 ? strings : number,
  );
  return udp(random, ...ports(random, 69), cut(random, body));
}

const many = (random: Random, most: number, make: () => Part): Part[] =>
  Array.from({ length: random.int(most) }, make);

function vqp(random: Random): Uint8Array {
  const items = many(random, 5, () => {
    const type = random.once(8) ? random.int(2) * 77 : 0xc00 + random.between(1, 8);
    const right = type === 0xc01 ? random.bytes(4) : random.bytes(6);
    const value = bytes(random.once(8) ? random.text(random.int(9)) : right);
    return [be32(type), be16(random.once(15) ? random.int(20) : value.length), value];
  });
  const count = random.once(8) ? random.int(6) : items.length;
  const header = [random.once(12) ? random.int(4) : 1, random.int(6), random.int(7), count, random.bytes(4)];
  return udp(random, ...ports(random, 1589), cut(random, bytes(header, items)));
}

function kerberos(random: Random): Uint8Array {
  const version = random.once(4) ? random.pick([1, 2, 3, 5, 0x6a, 0x6b, 0]) : 4;
  const type = random.pick([2, 4, 6, 8, 10, 12, 126, random.int(256)]) | random.int(2);
  const names = Array.from({ length: 3 }, () => string(random));
  const number = [random.int(13), random.int(13)];
  const body = bytes(
    version,
    type,
    names,
    random.bytes(4),
    number,
    number,
    random.bytes(2),
    string(random),
    string(random),
  );
  return udp(random, ...ports(random, random.pick([88, 750])), cut(random, body));
}

/** A name with its length and zero byte. */
function sizedName(random: Random): Part {
  const name = random.text(random.int(9));
  return [be16(random.once(20) ? random.int(12) : name.length), name, random.once(20) ? 1 : 0];
}

function resolverAddress(random: Random): Part {
  const family = random.pick([1, 2, 3]);
  const address = family === 2 ? ip6Address(random) : random.bytes(4);
  return [be32(family), be16(random.once(15) ? random.int(18) : address.length), address];
}

function resolverBody(random: Random, operation: number, response: boolean): Part {
  const flags = random.bytes(4);
  const type = [be16(random.once(3) ? random.int(6) : 1), be16(random.int(40))];
  const name = bytes(sizedName(random));
  const [length, text] = [name.subarray(0, 2), name.subarray(2)];
  const aliases = many(random, 3, () => sizedName(random));
  const addresses = many(random, 3, () => resolverAddress(random));
  const count = be16(aliases.length);
  switch (operation) {
    case 0x10001:
      if (!response) return [flags, be32(random.int(6)), name];
      return [flags, count, be16(addresses.length), length, text, aliases, addresses];
    case 0x10002:
      return response ? [flags, count, length, text, aliases] : [flags, resolverAddress(random)];
    case 0x10003: {
      if (!response) return [flags, type, name];
      const records = many(random, 3, () => [be16(3), random.bytes(3)]);
      return [flags, type, be32(random.int(200000)), be16(records.length), be16(0), name, records];
    }
    default:
      return random.bytes(random.int(5));
  }
}

function lwres(random: Random): Uint8Array {
  const response = random.once(2);
  const operation = random.once(8) ? random.int(3) : 0x10000 + random.between(1, 3);
  const content = bytes(resolverBody(random, operation, response));
  const length = content.length + 28 + (random.once(5) ? random.between(-2, 3) : 0);
  const flags = (response ? 1 : 0) | (random.once(8) ? 6 : 0);
  const header = [be32(length), be16(random.once(12) ? 1 : 0), be16(flags), random.bytes(4), be32(operation)];
  return udp(random, ...ports(random, 921), cut(random, bytes(header, random.bytes(12), content)));
}

/** What Zephyr's own notices are of. */
const NOTICES = [
  ['USER_LOCATE', 'x', 'USER_HIDE USER_UNHIDE OTHER'],
  ['ZEPHYR_ADMIN', 'x', 'KILL Op'],
  ['ZEPHYR_CTL', 'CLIENT', 'SUBSCRIBE SUBSCRIBE_NODEFS UNSUBSCRIBE GIMME GIMMEDEFS CLEARSUB constructor'],
  ['ZEPHYR_CTL', 'HM', 'BOOT'],
  ['ZEPHYR_CTL', 'REALM', 'ADD_SUBSCRIBE REQ_SUBSCRIBE RLM_SUBSCRIBE RLM_UNSUBSCRIBE OTHER'],
  ['ZEPHYR_CTL', 'OTHER', 'OTHER'],
  ['HM_CTL', 'Inst', 'Op'],
  ['HM_STAT', 'HMST_CLIENT', 'GIMMESTATS OTHER'],
  ['WG_CTL', 'Inst', 'Op'],
  ['LOGIN', 'me', 'USER_FLUSH NONE OPSTAFF NET-VISIBLE OTHER'],
  ['MESSAGE', 'personal', 'PING'],
] as const;

function zephyr(random: Random): Uint8Array {
  const [group, instance, operations] = random.pick(NOTICES);
  const other = random.once(8);
  const fields = [
    random.once(12) ? random.pick(['ZEPH0.3', 'ZEPH', 'X']) : 'ZEPH0.2',
    '0x11',
    random.once(8)
      ? random.pick(['', '-1', '0X', '7fffffffffffffffff', ' 3z'])
      : `0x0000000${random.int(10)}`,
    '0x1',
    '0x0837',
    '0x0',
    '0x0',
    '',
    other ? random.text(5) : group,
    other ? random.text(random.once(9) ? 300 : 4) : instance,
    random.pick(operations.split(' ')),
    random.once(3) ? '' : 'me@REALM',
    random.once(2) ? '' : 'you',
    'fmt',
    '0x0',
    '',
    'id',
    random.pick(['SENT', 'LOST', 'class']),
    'inst',
    random.once(2) ? '' : '*',
  ];
  return udp(
    random,
    ...ports(random, random.pick([2103, 2104])),
    cut(random, bytes(fields.map((field) => [field, 0]))),
  );
}

export const generators: Generators = { tftp, vqp, kerberos, lwres, zephyr };
