// Texts of DHCPv6 in tcpdump 5.0 that the installed 4.99 does not have.

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

/** A DHCPv6 option. */
function option6(type: number, ...value: Part[]): Uint8Array {
  const body = bytes(...value);
  return bytes(be16(type), be16(body.length), body);
}

/** The text of DHCPv6 options behind the transaction. */
const dhcp6 = (verbose: number, ...options: Part[]): string =>
  datagram(547, verbose, [1, 0, 0, 9, options]).replace(/^dhcp6 solicit \(xid=9/, '');

test('DHCPv6: newer options', () => {
  const enterprise = option6(1, be16(2), be32(30065), 'HSH');
  const uuid = option6(2, be16(4), Array<number>(16).fill(0xab));
  assert.equal(
    dhcp6(1, enterprise, uuid),
    ` (client-ID enterprise 30065 485348) (server-ID uuid ${'ab'.repeat(16)}))`,
  );
  assert.equal(dhcp6(1, option6(2, be16(4), 1)), ' (server-ID uuid  ?))');
  assert.equal(dhcp6(1, option6(15, be16(1), 'a', be16(2), 'bc')), ' (user-class a,bc))');
  assert.equal(dhcp6(1, option6(136, be16(5), 'a')), ' (SZTP-redirect  ? ?))');
  assert.equal(dhcp6(1, option6(59, 'tftp://x')), ' (Bootfile-URL tftp://x))');
  const vendor = option6(16, be32(311), be16(4), 'MSFT', be16(0));
  assert.equal(dhcp6(1, vendor), ' (vendor-class enterprise 311 (len 4 data MSFT) (len 0)))');
  assert.equal(dhcp6(1, option6(16, be32(9), be16(4), 'a')), ' (vendor-class enterprise 9 (len 4 ?)))');
  const options = option6(17, be32(311), be16(7), be16(11), Array<number>(11).fill(1));
  const start = ` (vendor-specific-info enterprise 311 (opt_7 len 11 data ${'01'.repeat(10)}`;
  assert.equal(dhcp6(1, options), `${start}...)))`);
  assert.equal(dhcp6(2, options), `${start}01)))`);
  assert.equal(dhcp6(1, option6(18, Array<number>(10).fill(2))), ` (interface-ID ${'02'.repeat(10)}))`);
});

test('DHCPv6: options in options in options end somewhere', () => {
  const depth = 16_000;
  const nested = Array.from({ length: depth }, (_, i) => [be16(45), be16(4 * (depth - i - 1))]);
  const text = dhcp6(1, nested);
  assert.match(text, /^( \(LQ-client-data){501} \[\|dhcp6\]\){502}$/);
});
