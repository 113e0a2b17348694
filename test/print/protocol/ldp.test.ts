// Texts of LDP in tcpdump 5.0 that the installed 4.99 does not have.

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
