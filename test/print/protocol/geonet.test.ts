// Texts of GeoNetworking in tcpdump 5.0 that the installed 4.99 does not have.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PrintOptions } from '../../../src/print/index.js';
import { be16, be32, bytes, type Part } from '../generator.js';
import { printPacket } from '../run.js';

const ETHERNET = 1;

/** The text of an Ethernet frame of a type. */
function frame(type: number, payload: Part, options: Partial<PrintOptions> = {}): string {
  const packet = bytes([2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 0, 2], be16(type), payload);
  return printPacket(packet, options, ETHERNET);
}

test('GeoNetworking of 2020', () => {
  const position = [
    [0x94, 0x05],
    [0, 1, 2, 3, 4, 5],
    be32(77),
    be32(413850000),
    be32(0xffffff9c),
    be16(250),
    be16(905),
  ];
  const packet = (basic: Part, ...rest: Part[]) => [basic, 0x20, 0x50, 0x85, 1, be16(9), 1, 0, rest];
  const whole = packet([0x11, 0, 0xf1, 1], position, be32(6), be16(2001), be16(0), 'ab');
  assert.equal(
    frame(0x8947, whole),
    'GeoNet nh:BTP-B nt:TopoScopeBcast-SH; GN_ADDR:0x102030405 lat:41.385000 N, lon:0.000010 W; BTP-B dst:CAM; ',
  );
  assert.equal(
    frame(0x8947, whole, { verbose: 3, quiet: true }),
    'GeoNet ver:1 nh:CommonHeader reserved:0 lt:[base:1 mult:60 = 60.00s] rhl:1; ' +
      'nh:BTP-B reserved:0 ht:TopoScopeBcast-SH hst:0 tc:[scf:1 co:0 id:5] f:Mobile pl:9 mhl:1 reserved2:0; ' +
      'GN_ADDR:[m:1 st:Passenger Car reserved:5 mib:0x102030405] tst:77 lat:41.385000 N lon:0.000010 W' +
      ' pai:True, s:2.50 m/s, h:90.5\u00c2\u00b0; Media-Independent Data: 6; BTP-B dst:CAM dpi:0; ' +
      `\n\t0x0000:  6162${' '.repeat(37)}ab`,
  );
  assert.equal(
    frame(0x8947, packet([0x01, 0, 0, 0])),
    'GeoNet  (Unsupported GeoNetworking Basic Header version 0) (Next-Header not supported: Any) (invalid)',
  );
  assert.equal(
    frame(0x8947, [[0x11, 0, 0, 0], 0x20, 0x20, 0, 0, be16(0), 0, 0]),
    'GeoNet nh:BTP-B nt:GeoUnicast;  (GeoNetworking Header-Type GeoUnicast not supported) (invalid)',
  );
  assert.equal(frame(0x0707, [0x11]), 'GeoNet  (length 1 < 4) (invalid)');
});
