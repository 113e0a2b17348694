// Texts of 5.0 that the installed tcpdump 4.99 does not have: messaging, clocks, vehicles, access points.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PrintOptions } from '../../src/print/index.js';
import { be16, be32, bytes, ip4, type Part, Random } from './generator.js';
import { printPacket } from './run.js';

const random = new Random(1);
const ETHERNET = 1;

/** The text of a UDP datagram behind its ports. */
function udp(port: number, payload: Part, options: Partial<PrintOptions> = {}, fromPort = false): string {
  const body = bytes(payload);
  const ports = fromPort ? [be16(port), be16(40001)] : [be16(40001), be16(port)];
  const packet = ip4(random, 17, [ports, be16(body.length + 8), be16(0), body]);
  return printPacket(packet, options).replace(/^.*?\.\d+: (\[no cksum\] )?/s, '');
}

/** The text of an Ethernet frame of a type. */
function frame(type: number, payload: Part, options: Partial<PrintOptions> = {}): string {
  const packet = bytes([2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 0, 2], be16(type), payload);
  return printPacket(packet, options, ETHERNET);
}

/** The text of a TCP segment's payload. */
function tcp(payload: Part, options: Partial<PrintOptions>): string {
  const header = [be16(40001), be16(40002), be32(1), be32(1), 0x50, 0x18, be16(99), be16(0), be16(0)];
  return printPacket(ip4(random, 6, [header, payload]), options).replace(/^.*?, length \d+(?=: ZMTP)/s, '');
}

test('ZMTP names the bits of its flags, and ends no frame with an empty line', () => {
  const zmtp = { packetType: 'zmtp1' };
  assert.equal(
    tcp([3, 1, 'ab', 1, 0], zmtp),
    ': ZMTP/1.0\n\t frame flags+body  (8-bit) length 3, flags 0x01\n\t frame flags+body  (8-bit) length 1, flags 0x00',
  );
  assert.equal(
    tcp([3, 0x83, 'ab', 1, 0], { ...zmtp, verbose: 1 }),
    ': ZMTP/1.0\n\t frame flags+body  (8-bit) length 3, flags 0x83 (MORE, R1, R7), first 2 byte(s) of body:' +
      `\n\t 0x0000:  6162${' '.repeat(37)}ab` +
      '\n\t frame flags+body  (8-bit) length 1, flags 0x00 (none)',
  );
  assert.equal(
    tcp([0, 0xff, be32(0), be32(2), 0, 'a'], zmtp),
    ': ZMTP/1.0\n\t frame flags+body  (8-bit) length 0\n\t frame flags+body (64-bit) length 2, flags 0x00',
  );
  assert.equal(
    tcp([0xff, be32(0xffffffff), be32(0xfffffff7), 1, 'a'], zmtp),
    ': ZMTP/1.0\n\t frame flags+body (64-bit) length 18446744073709551607 (2 captured), flags 0x01 [|zmtp1]',
  );
});

/** The text of a ZMTP datagram behind the header of PGM. */
function pgm(payload: Part): string {
  const body = bytes(payload);
  const header = [be16(40001), be16(40002), 4, 0, be16(0), [0, 0, 0, 0, 0, 9], be16(body.length)];
  const packet = ip4(random, 113, [header, be32(7), be32(3), body]);
  const text = printPacket(packet, { packetType: 'pgm_zmtp1', verbose: 1 });
  const length = 24 + body.length;
  return text.replace(/^.*PGM, /s, '').replace(` 0x000000000009 ODATA trail 3 seq 7 [${length}]`, '');
}

test('ZMTP in datagrams says where messages begin', () => {
  const dump = `\n\t 0x0000:  6162${' '.repeat(37)}ab`;
  assert.equal(
    pgm([be16(2), 'ab', 1, 0]),
    `length 6\n\t frame offset 0x0002\n\t frame intermediate part, 2 bytes, first 2 byte(s):${dump}` +
      '\n\t frame flags+body  (8-bit) length 1, flags 0x00 (none)',
  );
  assert.equal(
    pgm([be16(0xffff), 'ab']),
    `length 4\n\t frame offset 0xffff\n\t frame intermediate part, 2 bytes, first 2 byte(s):${dump}`,
  );
  assert.equal(
    pgm([be16(9), 'ab']),
    'length 4\n\t frame offset 0x0009 (exceeds datagram declared length) [|zmtp1]',
  );
});

/** A PTP message of version 2.1. */
const ptp = (type: number, control: number, body: Part): Part => [
  [0x10 | type, 0x12, be16(44), 5, 0, be16(0x0200)],
  [0, 0, 0, 0, 0, 7, 0, 8, be32(9), be32(0xa), be32(0xb), be16(3), be16(4), control, 1],
  body,
];
const PTP =
  ', length: 44, domain: 5, reserved1: 0, Flags [two step], NS correction: 7, sub NS correction: 8, reserved2: 9' +
  ', clock identity: 0xa0000000b, port id: 3, seq id: 4, control: ';

test('PTP has two parts of a version, and fields of management', () => {
  const stamp: Part = [be16(0), be32(1582303626), be32(67062623)];
  assert.equal(
    frame(0x88f7, ptp(0, 0, stamp)),
    `PTPv2.1, majorSdoId: 0x1, msg type: sync msg${PTP}0 (Sync), log message interval: 1` +
      ', originTimeStamp: 1582303626.067062623 seconds',
  );
  const port: Part = [be32(0), be32(0xc), be16(2)];
  assert.equal(
    frame(0x88f7, ptp(13, 4, [port, 1, 2, 0x13, 4])),
    `PTPv2.1, majorSdoId: 0x1, msg type: management msg${PTP}4 (Management), log message interval: 1` +
      ', port identity: 0xc, port id: 2, start boundary hops: 1, boundary hops: 2, flags: 0x13, reserved: 0x4',
  );
  assert.equal(frame(0x88f7, [0, 3, Array<number>(32).fill(0)]), 'PTPv3 (unsupported)');
  assert.equal(frame(0x88f7, [0, 1, Array<number>(32).fill(0)]), 'PTPv1 (not implemented)');
  assert.equal(frame(0x88f7, [0, 2]), 'PTP [length 2 < 34] (invalid)');
});

test('SOME/IP and VTP say which lengths are wrong', () => {
  assert.equal(udp(30490, [1, 2, 3]), 'SOMEIP [length 3 < 16] (invalid)');
  const snap = [0xaa, 0xaa, 3, 0, 0, 12, be16(0x2003)];
  assert.equal(frame(12, [snap, 1, 2, 3, 4]), 'VTP [length 4 < 36] (invalid)');
  const vtp = (version: number) => [snap, version, 1, 0, 1, 'a', Array<number>(63).fill(0)];
  assert.equal(frame(76, vtp(0)), 'VTP [version 0 < 1] (invalid)');
  assert.equal(frame(76, vtp(4)), 'VTP [version 4 > 3] (invalid)');
});

test('LWAPP takes apart the elements of its messages', () => {
  const elements = bytes(58, be16(1), 0, 3, be16(3), [1, 2, 3], 200, be16(0));
  const message = (claimed: number) => [1, 9, be16(claimed), be32(7), elements];
  const control = (claimed: number) => [
    [2, 0, 0, 0, 0, 9],
    [0x0c, 0, be16(elements.length + 8), be16(0), message(claimed)],
  ];
  assert.equal(udp(12223, control(elements.length)), 'LWAPPv0, Control frame, Flags [Control], length 21');
  assert.equal(
    udp(12223, control(elements.length), { verbose: 1 }),
    'LWAPPv0, Control frame, Radio-id 1, Flags [Control], Frag-id 0, length 21' +
      '\n\tAP identity: 02:00:00:00:00:09' +
      '\n\t  Msg type: Discovery req (1), Seqnum: 9, Msg len: 13, Session: 0x00000007' +
      '\n\t  Msg Elem 0 Type: 58 (Discovery Type), Length: 1' +
      '\n\t  Msg Elem 1 Type: 3 (WTP Descriptor), Length: 3 [too short!]' +
      '\n\t  Msg Elem 2 Type: 200 (Unknown) [unexpected!], Length: 0',
  );
  assert.equal(
    udp(12223, control(5), { verbose: 1 }).split('\n').at(-1),
    '\t  Msg type: Discovery req (1), Seqnum: 9, Msg len: 5 [msg_elem_len 5 != 13] (invalid)',
  );
  assert.equal(
    udp(12222, [3, 1, be16(5), be16(0), 'abcd'], { verbose: 1 }),
    'LWAPPv0, Data frame, Radio-id 0, Flags [Not Last, Fragment] (bogus), Frag-id 1 (MBZ!), length 5' +
      ' [LWAPP payload length 5 != 4] (invalid)',
  );
  // What a controller sends has no identity in front.
  assert.equal(
    udp(12223, [4, 0, be16(0), be16(0)], {}, true),
    'LWAPPv0, Control frame, Flags [Control], length 0',
  );
  assert.equal(udp(12222, [0x40, 0, be16(0), be16(0)]), 'LWAPP [version 1 != 0] (invalid)');
  assert.equal(udp(12222, [0, 0]), 'LWAPP [UDP payload length 2 < 6] (invalid)');
});

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

test('ZEP has the time stamps of NTP, AODV says what is too short', () => {
  const zep = [
    'EX',
    2,
    1,
    11,
    be16(7),
    0,
    9,
    be32(3832540832),
    be32(0x80000000),
    be32(5),
    Array(10).fill(0),
    0,
  ];
  assert.equal(
    udp(17754, zep as Part),
    'ZEPv2 Type 1, Channel ID 11, Device ID 0x0007, LQI 9, 3832540832.500000000 (2021-06-13T02:40:32Z)' +
      ', seq# = 5, inner len = 0',
  );
  assert.equal(udp(654, [1, 0]), ' aodv rreq [message length 2 < 24] (invalid)');
  assert.equal(
    udp(654, [3, 0x80, 0, 1, 1]),
    ' aodv rerr [D] [items 1] [5]: [remaining length 1 < 8] (invalid)',
  );
});
