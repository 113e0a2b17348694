// SNMP: messages of every version, PDUs of every kind, values of every type, and elements that are wrong.

import { be16, bytes, type Generators, type Part, ports, type Random, udp } from '../generator.js';

/** An element: tag, length in its short or long form, content; once in a while wrong. */
function element(random: Random, tag: Part, ...content: Part[]): Uint8Array {
  const body = bytes(...content);
  const size = random.once(150) ? random.int(200) : body.length;
  const length = size < 128 && !random.once(12) ? size : [0x82, be16(size)];
  return bytes(random.once(200) ? random.int(256) : tag, length, body);
}

const integer = (random: Random, value: number): Uint8Array =>
  value >= -128 && value < 128 ? element(random, 2, value) : element(random, 2, [value >> 8, value]);

/** Integers of any length. */
const anyInteger = (random: Random): Uint8Array => element(random, 2, random.bytes(random.between(1, 6)));

/** Text or not. */
const string = (random: Random): Uint8Array =>
  element(random, 4, random.once(4) ? random.bytes(random.int(9)) : random.text(random.int(12)));

function object(random: Random): Uint8Array {
  const start = random.pick([
    [0x2b, 6, 1, 2, 1, random.between(1, 12), random.int(30)],
    [0x2b, 6, 1, 4, 1, 9, 1],
    [0x2b, 6, 1, 3, 7],
    [0x2b, 6, 1, 6, 3, 10, 2, 1],
    random.bytes(random.int(4)).map((byte) => byte & 0x7f),
    [0x88, 0x37],
  ]);
  // Numbers that 4.99 takes for negative ones stay out.
  const rest = Array.from({ length: random.int(5) }, () =>
    random.once(6) ? [0x80 | random.int(128), random.int(128)] : random.int(128),
  );
  return element(random, 6, start, rest);
}

function value(random: Random): Uint8Array {
  switch (random.int(12)) {
    case 0:
      return anyInteger(random);
    case 1:
    case 2:
      return string(random);
    case 3:
      return object(random);
    case 4:
      return element(random, 0x40, random.bytes(random.once(9) ? random.int(6) : 4));
    case 5:
    case 6:
      return element(random, 0x40 + random.between(1, 3), random.bytes(random.int(6)));
    case 7:
      return element(random, 0x46, random.bytes(random.int(10)));
    case 8:
      return element(random, 0x80 + random.int(9));
    case 9:
      return element(random, random.int(256), random.bytes(random.int(4)));
    case 10:
      return element(random, [0x1f | (random.int(8) << 5), 0x81, random.int(20)], random.bytes(2));
    default:
      return element(random, 5);
  }
}

function pdu(random: Random, type: number): Uint8Array {
  const asked = type < 2 || type === 5;
  const bindings = Array.from({ length: random.int(4) }, () =>
    element(random, 0x30, object(random), asked && !random.once(8) ? element(random, 5) : value(random)),
  );
  const list = element(random, 0x30, bindings);
  const extra = random.once(30) ? random.bytes(2) : [];
  if (type === 4) {
    const generic = integer(random, random.int(9));
    const address = element(random, 0x40, random.bytes(4));
    const specific = integer(random, random.once(2) ? 0 : random.int(99));
    const time = element(random, 0x43, random.bytes(3));
    return element(random, 0xa4, object(random), address, generic, specific, time, list, extra);
  }
  const status = integer(random, random.once(3) ? random.between(-1, 21) : 0);
  const index = integer(random, random.once(3) ? random.int(9) : 0);
  return element(random, 0xa0 + type, anyInteger(random), status, index, list, extra);
}

function community(random: Random): Part {
  const version = random.int(2);
  const name = random.once(2) ? element(random, 4, 'public') : string(random);
  const type = random.int(version === 0 && !random.once(5) ? 5 : 9);
  return [integer(random, random.once(30) ? random.int(9) : version), name, pdu(random, type)];
}

function version3(random: Random): Part {
  const flags = element(
    random,
    4,
    random.once(15) ? random.bytes(random.int(3)) : random.pick([0, 1, 3, 4, 5, 7]),
  );
  const model = integer(random, random.once(12) ? random.int(9) : 3);
  const extra = random.once(20) ? random.bytes(random.int(6)) : [];
  const header = element(random, 0x30, anyInteger(random), anyInteger(random), flags, model, extra);
  const user = element(
    random,
    0x30,
    string(random),
    anyInteger(random),
    anyInteger(random),
    string(random),
    string(random),
    string(random),
    extra,
  );
  const scoped = element(random, 0x30, string(random), string(random), pdu(random, random.int(9)));
  return [integer(random, 3), header, element(random, 4, user), scoped];
}

const message = (random: Random, content: Part): Uint8Array =>
  udp(random, ...ports(random, random.pick([161, 162])), [
    element(random, 0x30, content),
    random.once(30) ? random.bytes(3) : [],
  ]);

export const generators: Generators = {
  snmp: (random) => message(random, community(random)),
  snmp3: (random) => message(random, version3(random)),
  snmpShort: (random) => udp(random, ...ports(random, 161), random.bytes(random.int(12))),
};
