// Applications' protocols: telnet, RESP.

import { bytes, type Generators, type Part, ports, type Random, tcp } from '../generator.js';

const many = <Item>(count: number, make: () => Item): Item[] => Array.from({ length: count }, make);

/** A command of telnet, sometimes without its end. */
function telnetCommand(random: Random): Part {
  if (random.once(8)) return random.text(3);
  const command = random.pick([random.between(230, 255), 250, 250, random.between(251, 254)]);
  if (command < 250) return [255, command];
  const option = random.once(6) ? random.int(256) : random.int(42);
  if (command !== 250) return [255, command, option];
  const end = random.once(10) ? [255] : [255, 240];
  return [255, 250, random.pick([option, 37, 38, 24]), many(random.int(5), () => random.int(17)), end];
}

const telnet = (random: Random) =>
  tcp(
    random,
    ...ports(random, 23),
    many(random.between(1, 5), () => telnetCommand(random)),
  );

const LINE_END = '\r\n';

/** An element of RESP, sometimes wrong. */
function respElement(random: Random, depth = 0): string {
  const text = random.text(random.int(12));
  const end = random.once(20) ? random.pick(['\r', '\n', '']) : LINE_END;
  switch (random.int(depth > 3 ? 6 : 8)) {
    case 0:
      return `+${text}${end}`;
    case 1:
      return `-ERR ${text}${end}`;
    case 2:
      return `:${random.u32()}${end}`;
    case 3: {
      const length = random.once(5)
        ? random.pick(['-1', '-2', '-0', '2147483647', '2147483648', '99999999999', 'x', '', '7x', '-'])
        : String(text.length);
      return `$${length}${end}${length === '-1' ? '' : text + LINE_END}`;
    }
    case 4:
      return `${random.pick(['', LINE_END])}PING ${text.replace(/[*$]/g, '')}${random.pick([end, '\n', '\r\r'])}`;
    case 5:
      return random.once(3) ? `*${random.pick(['0', '-1', '-7', '3000000000', 'y'])}${end}` : LINE_END;
    default: {
      const count = random.int(4);
      const elements = many(random.once(12) ? 1 : count, () => respElement(random, depth + 1));
      return `*${count}${end}${elements.join('')}`;
    }
  }
}

const resp = (random: Random) =>
  tcp(random, ...ports(random, 6379), bytes(...many(random.between(1, 3), () => respElement(random))));

export const generators: Generators = { telnet, resp };
