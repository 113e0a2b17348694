// Text protocols over TCP: messages, continuation lines and what is neither. Those that tcpdump 4.99 reads as 5.0 does; what
// 5.0 reads otherwise is in test/print/textproto.test.ts.

import { be16, be32, bytes, ethernet, type Generators, ip4, type Part, type Random } from '../generator.js';

const HTTP = [
  'GET',
  'HEAD',
  'POST',
  'PROPFIND',
  'CCM_POST',
  'RPC_CONNECT',
  'VERSION-CONTROL',
  'UNCHECKOUT',
  'Unknown',
];
const SIP = ['INVITE', 'ACK', 'PUBLISH', 'Unknown'];
const RTSP = ['DESCRIBE', 'SETUP', 'Unknown'];

/** A segment from or to a port. */
function segment(random: Random, port: number, payload: Part): Uint8Array {
  const other = random.between(40000, 50000);
  const [source, destination] = random.once(2) ? [port, other] : [other, port];
  const tcp = [be16(source), be16(destination), be32(1), be32(0), 0x50, 0x08, be16(512), be32(0)];
  return ethernet(random, 0x0800, ip4(random, 6, [tcp, payload]));
}

/** Lines with their ends: 4.99 takes a last one without for cut. */
function lines(random: Random, first: string): Part {
  const ends = random.pick(['\r\n', '\n', '\r\n']);
  const more = Array.from({ length: random.int(4) }, () => random.text(random.int(30)) + ends);
  return [first, ends, ...more, random.once(12) ? random.bytes(5) : ''];
}

/** A request or a response of a protocol like HTTP. */
function message(random: Random, name: string, commands: readonly string[]): Part {
  const request = `${random.pick(commands)} /${random.text(random.int(20))} ${name}/1.1`;
  const response = `${name}/1.1${random.pick([' ', '  '])}${random.between(0, 1200)} ${random.text(random.int(10))}`;
  return lines(random, random.pick([request, response]));
}

export const generators: Generators = {
  http: (random) => segment(random, random.pick([80, 8080]), message(random, 'HTTP', HTTP)),
  rtsp: (random) => segment(random, random.pick([554, 8554]), message(random, 'RTSP', RTSP)),
  sip: (random) => {
    const payload = bytes(message(random, 'SIP', SIP));
    const header = [be16(5060), be16(5060), be16(8 + payload.length), be16(0)];
    return ethernet(random, 0x0800, ip4(random, 17, [header, payload]));
  },
  ftp: (random) =>
    segment(random, 21, lines(random, `${random.between(100, 599)}${random.pick(['-', ' '])}ready`)),
  smtp: (random) => segment(random, 25, lines(random, random.text(20))),
  ssh: (random) => segment(random, 22, lines(random, `SSH-2.0-${random.text(random.int(20))}`)),
};
