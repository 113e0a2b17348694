// Texts of BGP in 5.0 that the installed tcpdump 4.99 does not have, and what a random packet hardly meets.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PrintOptions } from '../../../src/print/index.js';
import { be16, be32, bytes, ip4, type Part, Random } from '../generator.js';
import { printPacket } from '../run.js';

const random = new Random(1);
const TCP = 6;
const MARKER = Array<number>(16).fill(0xff);

/** The text of a segment behind `: BGP`. */
function segment(payload: Part, options: Partial<PrintOptions> = {}): string {
  const header = [be16(179), be16(40001), be32(1), be32(0), 0x50, 0x08, be16(9), be32(0)];
  const packet = ip4(random, TCP, [header, bytes(payload)]);
  return printPacket(packet, { verbose: 1, ...options }).replace(/^.*?: BGP/s, '');
}

function message(type: number, ...body: Part[]): Uint8Array {
  const content = bytes(...body);
  return bytes(MARKER, be16(content.length + 19), type, content);
}

/** The text of a message behind its first line. */
function body(type: number, ...parts: Part[]): string {
  return segment(message(type, ...parts)).replace(/^\n\t.*?length: \d+/, '');
}

/** The text of an update with one attribute, behind the attribute's name, number and length. */
function attribute(type: number, ...parts: Part[]): string {
  const value = bytes(...parts);
  const text = body(2, be16(0), be16(value.length + 4), [0xd0, type, be16(value.length), value]);
  return text.replace(/^\n\t {2}.*?length: \d+, Flags \[OTE\]: /, '');
}

/** The text of an open message with one capability, behind the capability's first line. */
function capability(type: number, ...parts: Part[]): string {
  const value = bytes(...parts);
  const parameter = [2, value.length + 2, type, value.length, value];
  const text = body(1, [4, be16(1), be16(180), be32(1), value.length + 4], parameter);
  return text.replace(/^.*Option Capabilities Advertisement \(2\), length: \d+/s, '');
}

test('open messages', () => {
  assert.equal(capability(6), '\n\t      BGP Extended Message (6), length: 0');
  assert.equal(capability(70), '\n\t      Enhanced Route Refresh (70), length: 0');
  assert.equal(
    capability(7, 0x18, be16(2)),
    '\n\t      BGPsec (7), length: 3\n\t\tVersion 16, Direction Send (1), AFI IPv6 (2)',
  );
  assert.equal(
    capability(7, 0, be16(3)),
    '\n\t      BGPsec (7), length: 3\n\t\tVersion 0, Direction Receive (0), AFI IPv4, IPv6, NSAP (3)',
  );
  assert.equal(capability(7, 0), '\n\t      BGPsec (7), length: 1 [1 != 3]');
  assert.equal(capability(9, 4), '\n\t      Role Capability (9), length: 1\n\t\tRole name Peer (4)');
  assert.equal(capability(9, 5), '\n\t      Role Capability (9), length: 1\n\t\tRole name Unassigned (5)');
  assert.equal(capability(9), '\n\t      Role Capability (9), length: 0 (too short, < 1)');
  assert.equal(
    capability(64, 0xc0, 120),
    '\n\t      Graceful Restart (64), length: 2\n\t\tRestart Flags: [R, N], Restart Time 120s',
  );
  const long = [
    4,
    be16(23456),
    be16(90),
    [192, 0, 2, 1],
    255,
    255,
    be16(9),
    [2, be16(6), 65, 4, be32(65536)],
  ];
  assert.equal(
    body(1, long),
    '\n\t  Version 4, my AS 23456, Holdtime 90s, ID 192.0.2.1' +
      '\n\t  Optional parameters (Extended), length: 9' +
      '\n\t    Option Capabilities Advertisement (2), length: 6' +
      '\n\t      32-Bit AS Number (65), length: 4\n\t\t 4 Byte AS 65536',
  );
  // What would be the type of a first parameter is read although there is none.
  assert.equal(
    body(1, [4, be16(1), be16(90), be32(1), 0]),
    '\n\t  Version 4, my AS 1, Holdtime 90s, ID 0.0.0.1 [|bgp]',
  );
});

test('notifications', () => {
  assert.equal(
    body(3, 6, 9, 6, 2, 3, 'off'), // the reason that would be given without the hard reset
    ', Cease (6), subcode Hard Reset (9), Cease (6), subcode Administrative Shutdown (2)' +
      ', Shutdown Communication (length: 3): "off"',
  );
  assert.equal(body(3, 6, 9, 6), ', Cease (6), subcode Hard Reset (9)');
  assert.equal(body(3, 6, 10), ', Cease (6), subcode BFD Down (10)');
  assert.equal(body(3, 4, 7), ', Hold Timer Expired (4), subcode 7');
  assert.equal(body(3, 9, 0), ', Unknown Error (9)');
  const deep = message(
    3,
    Array.from({ length: 20000 }, () => [6, 9]),
  );
  assert.match(segment(deep), /(, Cease \(6\), subcode Hard Reset \(9\)){20000}$/);
});

test('route refreshes', () => {
  assert.equal(
    body(5, be16(1), 1, 1),
    '\n\t  AFI IPv4 (1), SAFI Unicast (1), Subtype Demarcation of the beginning of a route refresh (1)',
  );
  assert.equal(
    body(5, be16(1), 0, 1, [1, 64], be16(2), 0x20, 0),
    '\n\t  AFI IPv4 (1), SAFI Unicast (1), Subtype Normal route refresh request (0)' +
      '\n\t  ORF refresh Immediate (1), ORF type Address Prefix ORF (64), ORF length 2',
  );
});

test('attributes', () => {
  for (const withdrawn of [11, 12, 13]) {
    assert.equal(
      body(2, be16(0), be16(5), [0xc0, withdrawn, 2, 1, 2]),
      `\n\t  Unknown Attribute (${withdrawn}), length: 2, Flags [OT]: ` +
        `\n\t    no Attribute ${withdrawn} decoder\n\t    0x0000:  0102`,
    );
  }
  assert.equal(attribute(35, be32(64512)), '\n\t    OTC 64512');
  assert.equal(attribute(35, 1), 'invalid len');
  assert.equal(
    attribute(16, be16(0x4300), [0, 0, 0, 0, 0, 1]),
    '\n\t    origin-validation-state (0x4300), Flags [non-transitive]: ovs: not found',
  );
  assert.equal(
    attribute(16, be16(0x4300), [0, 0, 0, 1, 0, 3]),
    '\n\t    origin-validation-state (0x4300), Flags [non-transitive]: [the reserved field 0x100 MUST be 0] ' +
      'ovs: unknown origin validation state',
  );
  const deep = (level: number): Uint8Array =>
    bytes(be32(level), level === 0 ? [] : [0xd0, 128, be16(deep(level - 1).length), deep(level - 1)]);
  assert.match(attribute(128, deep(12)), /: \(too many nested levels, not recursing\)$/);
});

test('a signed path', () => {
  const segments = [be16(8), [1, 0x80], be32(64512)];
  const key = Array<number>(20).fill(0xab);
  const dump =
    '\n\t          0x0000:  abab abab abab abab abab abab abab abab\n\t          0x0010:  abab abab';
  assert.equal(
    attribute(33, segments, be16(3 + 22 + 2), 1, key, be16(2), [1, 2]),
    '\n\t    Secure Path Length: 8' +
      '\n\t      Secure Path Segment: pCount: 1, Flags: [C] (0x80), AS: 64512' +
      '\n\t    Signature Block: Length: 27, Algo ID: 1' +
      `\n\t      Signature Segment:\n\t        SKI: ${dump}` +
      '\n\t        Length: 2\n\t        Signature:\n\t          0x0000:  0102',
  );
  assert.equal(attribute(33, be16(3)), ' [secure path length 3 < 8] (invalid)');
  assert.equal(
    attribute(33, be16(9)),
    '\n\t    Secure Path Length: 9 [total segments length 7 != N x 6] (invalid)',
  );
  assert.equal(
    attribute(33, segments, be16(7), 1, be32(0)),
    '\n\t    Secure Path Length: 8' +
      '\n\t      Secure Path Segment: pCount: 1, Flags: [C] (0x80), AS: 64512' +
      '\n\t    Signature Block: Length: 7, Algo ID: 1' +
      '\n\t      Signature Segment:\n\t        SKI:  [remaining length 4 < 20] (invalid)',
  );
});

test('AS numbers under -b', () => {
  const path = [0x40, 2, 6, 2, 1, be32(65537)];
  const text = segment(message(2, be16(0), be16(9), path), { asDot: true });
  assert.equal(text, '\n\tUpdate Message (2), length: 32\n\t  AS Path (2), length: 6, Flags [T]: 1.1 ');
});

test('messages that begin in the middle', () => {
  const alive = message(4);
  assert.equal(segment([1, 2, alive]), ' [|bgp]\n\tKeepalive Message (4), length: 19');
  assert.equal(segment([alive, alive.subarray(0, 18)]), '\n\tKeepalive Message (4), length: 19 [|bgp]');
  assert.equal(segment([MARKER, be16(30), 2]), '\n[|BGP Update]');
  assert.equal(segment([MARKER, be16(3), 2]), '\nmessage length 3 < 19 (invalid)');
  assert.equal(segment(alive, { verbose: 0 }), '');
});
