// Texts of RADIUS in tcpdump 5.0 that the installed 4.99 does not have.

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

/** The text of a RADIUS packet of these attributes, behind its authenticator under -v. */
function radius(verbose: number, ...attributes: Part[]): string {
  const list = bytes(...attributes);
  const text = datagram(1812, verbose, [1, 7, be16(list.length + 20), random.bytes(16), list]);
  return text.replace(/Authenticator: [0-9a-f]{32}/, 'Authenticator: ?');
}

test('RADIUS says which length is wrong', () => {
  const header = [1, 7, be16(30), random.bytes(16)];
  assert.equal(datagram(1812, 0, header), 'RADIUS [length 30 > 20] (invalid)');
  assert.equal(datagram(1812, 1, [1, 7, be16(19), random.bytes(16)]), 'RADIUS [length 19 < 20] (invalid)');
  assert.equal(
    datagram(1812, 1, [1, 7, be16(5000), random.bytes(16)]),
    'RADIUS [length 5000 > 4096] (invalid)',
  );
  assert.equal(datagram(1812, 1, [1, 7, 0, 4]), 'RADIUS [length 4 < 20] (invalid)');
  assert.equal(radius(0), 'RADIUS, Access-Request (1), id: 0x07, length: 20');
  const first = 'RADIUS, length: 28\n\tAccess-Request (1), id: 0x07, Authenticator: ?\n\t  ';
  assert.equal(
    radius(1, 5, 5, 1, 2, 3, 69, 3, 0),
    `${first}NAS-Port Attribute (5), length: 5, Value:  [length 3 != 4] (invalid)\n\t  ` +
      'Tunnel-Password Attribute (69), length: 3, Value:  [length 1 < 3] (invalid)',
  );
  assert.match(radius(1, 26, 5, 1, 2, 3), /Value: {2}\[length 3 < 4\] \(invalid\)$/);
  const vendor = [26, 8, be32(311), 9, 2];
  const more =
    'Vendor-Specific Attribute (26), length: 8, Value: Vendor: Microsoft (311)\n\t    Vendor Attribute: 9';
  assert.equal(radius(1, vendor), `${first}${more}, length: 2, value: `);
  assert.match(
    radius(1, [26, 8, be32(311), 9, 60]),
    /Attribute: 9, length: 60 \[length 60 > 2\] \(invalid\)$/,
  );
  assert.match(radius(1, [26, 8, be32(311), 9, 1]), /Attribute: 9, length: 1 \[length 1 < 2\] \(invalid\)$/);
  assert.equal(
    radius(1, 37, 0, 1, 2, 3, 4, 5, 6),
    `${first}Framed-AppleTalk-Link Attribute (37), length: 0 [length 0 < 2] (invalid)`,
  );
  assert.equal(
    radius(1, 1, 60, 1, 2, 3, 4, 5, 6),
    `${first}User-Name Attribute (1), length: 60 [length 60 > 8] (invalid)`,
  );
});
