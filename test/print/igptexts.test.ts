// Texts of 5.0 that the installed tcpdump 4.99 does not have: interior gateway protocols.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { be16, be32, bytes, ip4, type Part, Random } from './generator.js';
import { printPacket } from './run.js';

const random = new Random(1);

/** The text of a datagram's payload to or from a port, behind the ports. */
function datagram(port: number, verbose: number, ...payload: Part[]): string {
  const body = bytes(...payload);
  const packet = ip4(random, 17, [be16(port), be16(40001), be16(body.length + 8), be16(0), body]);
  return printPacket(packet, { verbose }).replace(/^.*?40001: /s, '');
}

const zeros = (count: number): number[] => Array<number>(count).fill(0);

test('RIP', () => {
  const rip = (verbose: number, ...payload: Part[]): string => datagram(520, verbose, ...payload);
  const route = [be16(2), be16(0), [192, 0, 2, 0], zeros(8), be32(3)];
  assert.equal(rip(0, [1, 1]), 'RIP [packet length 2 < 4] (invalid)');
  assert.equal(rip(0, [1, 3, 0, 0]), 'RIPv3 [version != 1 && version != 2] (invalid)');
  assert.equal(rip(0, [5, 1, 0, 0]), 'RIPv1, unknown command (5), length: 4');
  const names = ['Triggered Request', 'Triggered Response', 'Triggered Acknowledgement'];
  const updates = ['Update Request', 'Update Response', 'Update Acknowledge'];
  [...names, ...updates].forEach((name, i) => {
    assert.equal(rip(1, [6 + i, 2, 0, 0, 1, 2]), `\n\tRIPv2, ${name}, length: 6`);
  });
  assert.equal(rip(2, [9, 2, 0, 0, 1, 2]), '\n\tRIPv2, Update Request, length: 6\n\t0x0000:  0102');
  assert.equal(rip(1, [12, 2, 0, 0, 1, 2]), '\n\tRIPv2, unknown command (12), length: 6\n\t0x0000:  0102');
  assert.equal(
    rip(2, [2, 1, 0, 0], route),
    '\n\tRIPv1, Response, length: 24, routes: 1\n\t  192.0.2.0, metric: 3',
  );
  assert.equal(
    rip(1, [2, 1, 0, 0], route, zeros(17)),
    '\n\tRIPv1, Response, length: 41, routes: 1\n\t  192.0.2.0, metric: 3 [remaining data length 17 < 20] (invalid)',
  );
  assert.equal(
    rip(1, [2, 2, 0, 0], route, [0xff, 0xff, 0, 3], zeros(8)),
    '\n\tRIPv2, Response, length: 36, routes: 1 or less' +
      '\n\t  AFI IPv4,       192.0.2.0/0 , tag 0x0000, metric: 3, next-hop: self' +
      ' [remaining data length 8 < 16] (invalid)',
  );
  assert.equal(
    rip(1, [2, 2, 0, 0], [0xff, 0xff, 0, 2], 'secret'),
    '\n\tRIPv2, Response, length: 14, routes: 0 or less\n\t  Simple Text Authentication data: secret [|rip]',
  );
});

test('NHRP', () => {
  /** The text of an NHRP packet of a type behind its name: its addresses are IPv4's. */
  const nhrp = (verbose: number, type: number, lengths: number[], ...rest: Part[]): string => {
    const body = bytes(...rest);
    const sizes = [be16(body.length + 20), be16(0), be16(0)];
    const packet = ip4(random, 54, [be16(1), be16(0x0800), zeros(5), 254, sizes, 1, type, lengths, body]);
    return printPacket(packet, { verbose }).replace(/^.*?NHRP: /s, '');
  };
  const nbma = [10, 0, 0, 1];
  const [from, to] = [
    [192, 0, 2, 1],
    [192, 0, 2, 2],
  ];
  const mandatory = [4, 4, 0, 0, be32(7)];
  const client = [0, 32, 0, 0, be16(1400), be16(7200), 4, 0, 4, 9, nbma, from];
  assert.equal(
    nhrp(0, 1, [4, 0], mandatory, nbma, from, to),
    'res request, id 7, src nbma 10.0.0.1, 192.0.2.1 -> 192.0.2.2',
  );
  assert.equal(
    nhrp(1, 4, [4, 0], mandatory, nbma, from, to, client),
    'reg reply, id 7, hopcnt 254, src nbma 10.0.0.1, 192.0.2.1 -> 192.0.2.2' +
      ' (code 0, pl 32, mtu 1400, htime 7200, pref 9, nbma 10.0.0.1, proto 192.0.2.1)',
  );
  assert.equal(nhrp(0, 7, [0, 0], [0, 0, 0, 0, be16(12), be16(0)]), 'error indication, error 12');
  assert.equal(nhrp(0, 9, [0, 0], [0, 0, 0, 0, be32(1)]), 'unknown-op-type-0009, ->');
  assert.equal(nhrp(0, 1, [0, 0], [1, 2]), 'res request [mand_part_len 2 < 8] (invalid)');
  assert.equal(
    nhrp(0, 1, [4, 0], mandatory, nbma, from, [1, 2]),
    'res request, id 7, src nbma 10.0.0.1, 192.0.2.1 -> [mand_part_len 2 < 4] (invalid)',
  );
  // tcpdump says this without end.
  assert.equal(
    nhrp(0, 2, [0, 0], [0, 0, 0, 0, be32(1)], zeros(3)),
    'res reply, id 1, -> [remaining mandatory part length 3 < 12] (invalid)',
  );
});

test('IPX routes and services', () => {
  const ipx = (socket: number, ...payload: Part[]): string => {
    const body = bytes(...payload);
    const header = [be16(0xffff), be16(body.length + 30), zeros(12), be16(socket), zeros(12)];
    return printPacket(bytes(zeros(12), be16(0x8137), header, body), {}, 1).replace(/^.*?: /s, '');
  };
  assert.equal(ipx(0x453, be16(2), be32(0x10), be16(1), be16(2)), 'ipx-rip-resp 00000010/1.2');
  assert.equal(ipx(0x453, be16(2), be32(0x10)), 'ipx-rip-resp [length 4 < 8] (invalid)');
  assert.equal(
    ipx(0x452, be16(4), be16(4), 'SERVER', zeros(42), zeros(3)),
    "ipx-sap-nearest-resp 0004 'SERVER' [length 3 < 10] (invalid)",
  );
});

test('OSI in PPP in OSI ends', () => {
  const PPP = 9;
  const nested = bytes([0xff, 3], ...Array.from({ length: 20_000 }, () => [0, 0x23, 0xcf]));
  assert.match(printPacket(nested, { verbose: 1 }, PPP), /\[nesting too deep\] \(invalid\)$/);
  const quoted = [0x81, 11, 1, 0, 1, 0, 0, 0, 0, 0, 0];
  const errors = bytes([0xff, 3, 0, 0x23], ...Array.from({ length: 5_000 }, () => quoted));
  assert.ok(printPacket(errors, { verbose: 1 }, PPP).length < 20_000);
});
