// Texts of Juniper's links that the installed tcpdump 4.99 does not have, and what hostile packets do.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LinkType } from '../../../src/packet/index.js';
import type { PrintOptions } from '../../../src/print/index.js';
import { be16, be32, bytes, ip4, type Part, Random } from '../generator.js';
import { printPacket } from '../run.js';

const random = new Random(1);
const INCOMING = 0x01;
const EXTENSIONS = 0x80;

/** The text of a packet behind Juniper's magic number. */
function juniper(linkType: number, options: Partial<PrintOptions>, flags: number, ...parts: Part[]): string {
  return printPacket(bytes('MGC', flags, parts), options, linkType);
}

test('a cell of ATM shows its identifiers as they are', () => {
  const location = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
  const loopback = [
    0x18,
    1,
    be32(0x1234),
    location,
    location.map((n) => n + 0xa0),
    Array<number>(18).fill(0),
  ];
  const text = juniper(
    LinkType.JUNIPER_ATM1,
    { verbose: 1 },
    INCOMING,
    [0x80, 0, 0, 0],
    be32(0x0070002a),
    loopback,
  );
  assert.equal(
    text,
    'OAM F5, vpi 7, vci 2, payload [ VCC OAM F5 flow end-to-end ], clp 0, length 52' +
      '\n\tcell-type Fault Management (1), func-type Loopback (8)' +
      '\n\tLoopback-Indicator Request, Correlation-Tag 0x00001234' +
      '\n\tLocation-ID 0102030405060708090a0b0c' +
      '\n\tSource-ID   a1a2a3a4a5a6a7a8a9aaabac' +
      '\n\tcksum 0x000 (incorrect)',
  );
});

test('an alarm in a cell of ATM', () => {
  const place = Array.from({ length: 16 }, (_, i) => i);
  const alarm = [0x10, 9, place, Array<number>(30).fill(0x6a)];
  const text = juniper(
    LinkType.JUNIPER_ATM1,
    { verbose: 1 },
    INCOMING,
    [0x80, 0, 0, 0],
    be32(0x00000038),
    alarm,
  );
  assert.match(
    text,
    /^OAM F4 \(segment\), .*func-type AIS \(0\)\n\tFailure-type 0x09\n\tLocation-ID 000102030405060708090a0b0c0d0e0f\n\t/s,
  );
});

test('GGSN tells by its cookie what it carries', () => {
  const packet = ip4(random, 17, [be16(1), be16(40001), be16(8), be16(0)]);
  const cookie = (protocol: number): Part => [1, 0, protocol, 0, be16(300), be16(0)];
  assert.match(
    juniper(LinkType.JUNIPER_GGSN, { linkHeader: true }, 0, cookie(2), packet),
    /^Out GGSN-PIC, cookie-len 8, cookie 0x01000200012c0000: hlen 12, proto 0x4500, proto IPv4 \(2\), vlan 300: \(?10\./,
  );
  assert.equal(juniper(LinkType.JUNIPER_GGSN, {}, 0, cookie(9), packet), 'unknown GGSN proto (9)');
});

test('an extension longer than all of them', () => {
  assert.equal(
    juniper(LinkType.JUNIPER_PPP, { verbose: 2 }, EXTENSIONS, be16(4), [3, 9, 1, 1]),
    '\n\tJuniper PCAP Flags [Ext], PCAP Extension(s) total length 4 [extension_length 4 < 11] (invalid)',
  );
});

test('64 KiB of extensions', () => {
  const extensions = Array.from({ length: 21000 }, () => [8, 1, 64]).flat();
  const text = juniper(LinkType.JUNIPER_PPP, { verbose: 2 }, EXTENSIONS, be16(extensions.length), extensions);
  assert.ok(
    text.includes('TTP derived Logical Interface Encapsulation Extension TLV #8, length 1, value  (64)\n'),
  );
  assert.ok(text.endsWith('-----original packet-----\n\t [|ppp]'));
  assert.ok(text.length < 4_000_000);
});
