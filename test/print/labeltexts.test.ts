// Texts of LDP, MSDP and the router side of the RPKI in 5.0 that the installed tcpdump 4.99 does not have.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { be16, be32, bytes, ip4, type Part, Random } from './generator.js';
import { printPacket } from './run.js';

const random = new Random(1);

/** The text of a TCP segment's payload behind its length. */
function segment(port: number, verbose: number, payload: Part): string {
  const header = [be16(port), be16(40001), be32(1), be32(0), 0x50, 0x08, be16(9), be32(0)];
  const text = printPacket(ip4(random, 6, [header, bytes(payload)]), { verbose });
  return text.replace(/^.*?length \d+(?=\n\t|: msdp|, RPKI)/s, '');
}

/** The text of one LDP TLV, behind its first line. */
function tlv(type: number, ...value: Part[]): string {
  const body = bytes(...value);
  const message = bytes(be16(0x0001), be16(body.length + 8), be32(7), be16(type), be16(body.length), body);
  const unit = [be16(1), be16(message.length + 6), [192, 0, 2, 1], be16(0), message];
  return segment(646, 1, unit).replace(/^.*forward if unknown\]/s, '');
}

test('LDP', () => {
  assert.equal(tlv(0x0103, 5), '\n\t      Hop Count: 5');
  assert.equal(tlv(0x0103), ' [tlv length 0 < 1] (invalid)');
  assert.equal(tlv(0x0104, [192, 0, 2, 1], [192, 0, 2, 2], 9), '\n\t      Path Vector: 192.0.2.1, 192.0.2.2');
  assert.equal(
    tlv(0x0300, be32(0x80000009), be32(1), be16(0x0400)),
    "\n\t      Status Code: Hold Timer Expired, Flags: [Fatal error and don't forward], " +
      'causing Message ID: 0x00000001, Message Type: Label Mapping',
  );
  assert.equal(
    tlv(0x0500, be16(1), be16(180), be16(0x4007), be16(4096), [192, 0, 2, 9], be16(3)),
    '\n\t      Version: 1, Keepalive: 180s, Flags: [Downstream Unsolicited, Loop Detection Enabled]' +
      '\n\t      Path Vector Limit 7, Max-PDU length: 4096, Receiver Label-Space-ID 192.0.2.9:3',
  );
  assert.equal(tlv(0x0500, be32(1), be32(1)), ' [tlv length 8 < 14] (invalid)');
  const cut = [be16(0x0500), be16(14), be16(1), be16(30), be16(0x8000), be16(4096), [192, 0]];
  const message = [be16(0x0200), be16(22), be32(7), cut];
  assert.match(
    segment(646, 1, [be16(1), be16(32), [192, 0, 2, 1], be16(0), message]),
    /, Flags: \[Downstream On Demand, Loop Detection Disabled\] \[\|ldp\]$/,
  );
  assert.equal(tlv(0x050b, 0x80), '\n\t      Support');
  assert.equal(tlv(0x0701, be32(0x60000000)), '\n\t      Transport Connection Preference: IPv6');
});

test('MSDP', () => {
  const inner = ip4(random, 255, 'data', { source: [192, 0, 2, 1], destination: [233, 252, 0, 1] });
  const active = bytes(1, be16(20 + inner.length), 1, [192, 0, 2, 9], Array<number>(12).fill(0), inner);
  assert.equal(segment(639, 0, active), ': msdp SA 1 entries [w/data]');
  assert.match(
    segment(639, 2, active),
    /^: msdp \[len 44\] SA 1 entries \[w\/data\] IP \(tos .*\)\n {4}192\.0\.2\.1 > 233\.252\.0\.1: {2}ip-proto-255 4$/,
  );
  assert.equal(segment(639, 0, [1, be16(7), 0, be32(0)]), ': msdp SA 0 entries [len 7 < 8] (invalid)');
  assert.equal(segment(639, 0, [4, be16(3), 4, be16(2)]), ': msdp Keepalive [len 2 < 3] (invalid)');
  assert.equal(segment(639, 0, [4, be16(3), 4]), ': msdp Keepalive [length 1 < 3] (invalid)');
  assert.equal(segment(639, 0, [4, be16(9)]), ': msdp [length 3 < 9] (invalid)');
  assert.equal(segment(639, 0, [0, be16(3)]), ': msdp [type 0 == 0] (invalid)');
});

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
