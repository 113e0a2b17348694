// Texts of DHCP in tcpdump 5.0 that the installed 4.99 does not have.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { be16, be32, bytes, ip4, type Part, Random } from '../generator.js';
import { printPacket } from '../run.js';

const random = new Random(1);

/** The text of a datagram to a port behind `: `, with names of objects if wanted. */
function datagram(port: number, verbose: number, payload: Part, numeric = true): string {
  const body = bytes(payload);
  const packet = ip4(random, 17, [be16(40001), be16(port), be16(body.length + 8), be16(0), body]);
  return printPacket(packet, { verbose, numeric }).replace(/^.*?: /s, '');
}

/** The text of DHCP options. */
function dhcp(...options: Part[]): string {
  const header = bytes([1, 0, 0, 0], Array<number>(232).fill(0), [99, 130, 83, 99]);
  return datagram(67, 1, [header, options]).replace(/^.*Cookie 0x63825363/s, '');
}

test('DHCP: newer options and wrong pairs of addresses', () => {
  assert.equal(dhcp(108, 4, be32(1800)), '\n\t    IPv6-Only-Preferred (108), length 4: 1800');
  assert.equal(dhcp(27, 2, 1, 0), '\n\t    LSN (27), length 2: [length != 1 byte] (invalid)');
  assert.equal(dhcp(116, 1, 1), '\n\t    Auto-Configure (116), length 1: Y');
  assert.equal(
    dhcp(143, 9, be16(3), 'abc', be16(2), 'de', 255),
    '\n\t    SZTP-Redirect (143), length 9: \n\t\t    length 3: "abc"\n\t\t    length 2: "de"',
  );
  assert.equal(
    dhcp(143, 3, be16(300), 'a', 255),
    '\n\t    SZTP-Redirect (143), length 3: \n\t\t    length 300: length goes past end of option',
  );
  assert.equal(
    dhcp(33, 8, [1, 2, 3, 4], [5, 6, 7, 8], 33, 3, [1, 2, 3], 255),
    '\n\t    Static-Route (33), length 8: (1.2.3.4:5.6.7.8)' +
      '\n\t    Static-Route (33), length 3: [length != N x 8 bytes] (invalid)',
  );
});
