// NetBIOS and SMB. tcpdump prints them only when it is built to, which is not the default: datagrams and segments are
// shown by their lengths, frames by their bytes.

import {
  be16,
  be32,
  bytes,
  ethernet,
  type Generators,
  le16,
  type Part,
  ports,
  type Random,
  tcp,
  udp,
} from '../generator.js';

const DIRECT = 445;
const SESSION = 139;

/** A name, each half byte a letter from A to P. */
function name(random: Random): Part {
  const letters = Array.from({ length: 32 }, () => 0x41 + random.int(16));
  return [32, letters, 0];
}

/** A message of SMB, of version 1 or 2. */
function smb(random: Random): Part {
  return [random.pick([0xfe, 0xff]), 'SMB', random.bytes(random.between(28, 70))];
}

function session(random: Random): Part {
  const body = random.once(3) ? bytes(name(random), name(random)) : bytes(smb(random));
  return [random.pick([0, 0, 0x81, 0x82, 0x83, 0x85]), 0, be16(body.length), body];
}

function ipx(random: Random, socket: number, payload: Part): Part {
  const body = bytes(payload);
  const address = [be32(random.int(4)), 2, random.bytes(5), be16(socket)];
  return [be16(0xffff), be16(30 + body.length), random.int(16), random.int(21), address, address, body];
}

export const generators: Generators = {
  netbiosName: (random) =>
    udp(random, 137, random.pick([137, 40000]), [
      be16(random.int(65536)),
      be16(random.pick([0x0110, 0x2910, 0x8500, 0xad80])),
      be16(1),
      random.bytes(6),
      name(random),
      be16(random.pick([0x20, 0x21])),
      be16(1),
    ]),
  netbiosDatagram: (random) =>
    udp(random, 138, 138, [
      random.pick([0x10, 0x11, 0x12, 0x14]),
      random.int(16),
      be16(random.int(65536)),
      random.bytes(4),
      be16(138),
      be16(100),
      be16(0),
      name(random),
      name(random),
      smb(random),
    ]),
  netbiosSession: (random) => tcp(random, ...ports(random, SESSION), session(random)),
  smb: (random) => tcp(random, ...ports(random, DIRECT), session(random)),
  netbeui: (random) =>
    ethernet(random, 0, [
      [0xf0, random.pick([0xf0, 0xf1]), random.pick([[3], [random.int(256), random.int(256)]])],
      le16(44),
      le16(0xefff),
      random.pick([0, 1, 8, 10, 14, 15, 22]),
      random.bytes(random.between(7, 50)),
    ]),
  ipxNetbios: (random) => ethernet(random, 0x8137, ipx(random, 0x0455, [random.bytes(50)])),
};
