// Texts of the router side of the RPKI in tcpdump 5.0 that the installed 4.99 does not have.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { be16, be32, bytes, ip4, type Part, Random } from '../generator.js';
import { printPacket } from '../run.js';

const random = new Random(1);

/** The text of a TCP segment's payload behind its length. */
function segment(port: number, verbose: number, payload: Part): string {
  const header = [be16(port), be16(40001), be32(1), be32(0), 0x50, 0x08, be16(9), be32(0)];
  const text = printPacket(ip4(random, 6, [header, bytes(payload)]), { verbose });
  return text.replace(/^.*?length \d+(?=\n\t|: msdp|, RPKI)/s, '');
}

test('the router side of the RPKI', () => {
  const header = (type: number, length: number) => [0, type, be16(1), be32(length)];
  assert.equal(segment(323, 0, header(2, 8)), ', RPKI-RTR');
  // Sums of lengths wrap at 32 bits; what is in an error is read wherever that leads.
  const wrong = [header(10, 16), be32(0xfffffffc), be32(0)];
  assert.match(
    segment(323, 1, wrong),
    /Encapsulated PDU length: 4294967292\n\t {4}-----encapsulated PDU-----/,
  );
  const deep = (level: number): Uint8Array => {
    const body = level === 0 ? bytes(header(2, 8)) : deep(level - 1);
    return bytes(header(10, body.length + 16), be32(body.length), body, be32(0));
  };
  assert.equal(segment(323, 1, deep(50)).match(/encapsulated PDU-----/g)?.length, 1);
});
