// ARP over every hardware: ATM's with its own header.

import { be16, bytes, ethernet, type Generators, type Part, type Random } from '../generator.js';

const PROTOCOLS = [0x0800, 0x0800, 0x0800, 0x1000, 0x86dd, 0x1234] as const;
const OPERATIONS = [1, 1, 2, 2, 3, 4, 8, 9, 10, 77] as const;

/** Four bytes of address, or once in a while another number of them. */
const size = (random: Random): number => (random.once(8) ? random.int(7) : 4);

function arp(random: Random): Part {
  const hardware = random.pick([1, 1, 6, 7, 15, 15, 17, 23, 24, 32]);
  const length = random.pick([6, 6, 2, 3, 4, 8, 20, 0]);
  const protocol = size(random);
  const address = (): Part => (random.once(4) ? Array<number>(length).fill(0) : random.bytes(length));
  const head = [
    be16(hardware),
    be16(random.pick(PROTOCOLS)),
    length,
    protocol,
    be16(random.pick(OPERATIONS)),
  ];
  return [head, address(), random.bytes(protocol), address(), random.bytes(protocol), random.bytes(4)];
}

function atm(random: Random): Part {
  const number = (): number => random.pick([20, 20, 8, 0]);
  const subaddress = (): number => random.pick([0, 0, 20, 6]);
  const e164 = (): number => random.pick([0, 0x40, 0x80]);
  const sender = [number(), subaddress(), size(random)] as const;
  const target = [number(), subaddress(), size(random)] as const;
  return [
    [0, 19, be16(random.pick(PROTOCOLS)), sender[0] | e164(), sender[1] | e164()],
    be16(random.pick(OPERATIONS)),
    [sender[2], target[0] | e164(), target[1] | e164(), target[2]],
    [sender, target].map(([a, b, c]) => random.bytes(a + b + c)),
  ];
}

export const generators: Generators = {
  arp: (random) => ethernet(random, random.pick([0x0806, 0x0806, 0x8035]), bytes(arp(random))),
  atm: (random) => ethernet(random, 0x0806, bytes(atm(random))),
};
