// What 5.0 prints anew in headers, tags and endings, with the bytes that show it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { be16, be32, bytes, ip4, ip6, le16, le32, type Part, Random } from './generator.js';
import { printPacket } from './run.js';

const random = new Random(1);
const SOURCE = [0x20, 0x01, 0x0d, 0xb8, ...Array<number>(11).fill(0), 1];
const DESTINATION = [...SOURCE.slice(0, 15), 2];
const ADDRESSES = { source: SOURCE, destination: DESTINATION, hopLimit: 64 };
const LinkType = { RAW_IP: 101, WIFI: 105, PPI: 192, BROADCOM: 281 } as const;

const six = (next: number, payload: Part, length?: number): Uint8Array =>
  ip6(random, next, payload, length === undefined ? ADDRESSES : { ...ADDRESSES, length });

test('IPv6: a cut header, no next header, a fragment without length, a segment not yet segmented', () => {
  const cut = six(0, Array<number>(20).fill(0)).subarray(0, 39);
  const header = '(hlim 64, next-header HBH (0), payload length 20) ';
  assert.equal(printPacket(cut, { verbose: 1 }, LinkType.RAW_IP, 60), `IP6 ${header} [|ip6]`);
  assert.equal(printPacket(cut, {}, LinkType.RAW_IP, 60), 'IP6  [|ip6]');
  const none = six(59, []);
  const ends = '2001:db8::1 > 2001:db8::2: ';
  assert.equal(
    printPacket(none, { verbose: 1 }),
    `IP6 (hlim 64, next-header No Next Header (59), payload length 0) ${ends}no next header`,
  );
  const fragment = six(44, [17, 0, be16(1280), be32(1), [1, 2, 3, 4]], 0);
  assert.equal(printPacket(fragment), `IP6 ${ends}frag (1280|[length < 0] (invalid))`);
  const tcp = [be16(1000), be16(2000), be32(1), be32(0), 0x50, 0x08, be16(9), be32(0)];
  const big = six(6, [tcp, Array<number>(70000).fill(0)], 0);
  const text = 'Flags [P], seq 1:70001, win 9, length 70000';
  assert.equal(printPacket(big), `IP6 2001:db8::1.1000 > 2001:db8::2.2000: ${text}`);
  assert.match(
    printPacket(big, { verbose: 1 }),
    /payload length 0\) \[real length 70060, presumed BIG TCP\] 2001:/,
  );
});

test('ICMPv6: the bytes of a nonce', () => {
  const option = [14, 1, [0x2a, 0xdb, 0xd6, 0xb9, 0x1c, 0x40]];
  const text = printPacket(six(58, [135, 0, be16(0), be32(0), SOURCE, option]), { verbose: 1 });
  assert.match(text, /\n\t {2}nonce option \(14\), length 8 \(1\): 2a db d6 b9 1c 40$/);
});

test('Broadcom’s tag: class, ports and reasons', () => {
  const tagged = (...tag: number[]): string =>
    printPacket(bytes(Array<number>(12).fill(2), tag, be16(0x88b5)), {}, LinkType.BROADCOM);
  assert.match(tagged(0x2c, 0, 0, 0x80), /^BRCM tag OP: IG, TC: 3, TE: None, TS: 0, DST map: \[port 7\], /);
  assert.match(tagged(0x20, 0x82, 1, 1), /TC: 0, TE: Header, TS: 1, DST map: \[port 0, port 8\], /);
  assert.match(tagged(0, 5, 0x20, 0x61), /^BRCM tag OP: EG, CID: 5, RC: \[exception\], TC: 3, port: 1, /);
});

test('802.11: HT Control ends the header of management frames and of data with quality of service', () => {
  const wifi = (changed: object, ...parts: Part[]): string =>
    printPacket(bytes(...parts), changed, LinkType.WIFI);
  const six = (n: number): number[] => Array<number>(6).fill(n);
  const probe: Part[] = [
    [0x40, 0x80],
    le16(0),
    six(1),
    six(2),
    six(3),
    le16(0),
    be32(0xcaabd6f6),
    [0, 2, 'hi'],
  ];
  assert.equal(wifi({}, ...probe), 'Probe Request (hi)');
  assert.match(wifi({ linkHeader: true, verbose: 1 }, ...probe), /^\+HTC 0us BSSID:03/);
  const data: Part[] = [[0x88, 0x80], le16(0), six(1), six(2), six(3), le16(0), le16(0), be32(7)];
  assert.match(wifi({}, ...data, [0xaa, 0xaa, 3, 0, 0, 0, 8, 0], ip4(random, 59, [])), /no next header$/);
});

test('a link type for private use within PPI has a name', () => {
  const packet = bytes([0, 0], le16(8), le32(147), [1, 2]);
  assert.match(printPacket(packet, {}, LinkType.PPI), /^V\.0 DLT USER0 \(147\) len 8, length 10: /);
  assert.match(printPacket(packet, { quiet: true }, LinkType.PPI), /^USER0, length 10: /);
});

/** The text of a datagram behind its ports. */
function datagram(source: number, destination: number, verbose: number, ...payload: Part[]): string {
  const data = bytes(...payload);
  const packet = ip4(random, 17, [be16(source), be16(destination), be16(8 + data.length), be16(0), data]);
  return printPacket(packet, { verbose }).replace(/^.*? > [^ ]*: /s, '');
}

test('Broadcom’s lawful interception, and what its port is not taken for', () => {
  const inner = ip4(random, 59, [], { source: [10, 0, 0, 1], destination: [10, 0, 0, 2] });
  const shim = be32(((2 << 29) | (5 << 25) | (3 << 22) | 4711) >>> 0);
  const text = 'BCM-LI-SHIM: direction egress, pkt-type ipv4, pkt-subtype untagged, li-id 4711';
  assert.equal(datagram(49152, 9, 0, shim, inner), text);
  assert.match(
    datagram(49152, 9, 1, shim, inner),
    new RegExp(`^\n {4}${text}\n {4}IP .*no next header$`, 's'),
  );
  assert.equal(datagram(49152, 9, 0, [1]), ' (length 1 < 4) (invalid)');
  assert.equal(datagram(9, 49152, 0, shim), 'UDP, length 4');
  assert.equal(datagram(49152, 53, 0, shim), 'domain [length 4 < 12] (invalid)');
});

test('EGP: lengths, versions and what -v adds', () => {
  const egp = (verbose: number, ...parts: Part[]): string =>
    printPacket(ip4(random, 8, bytes(...parts)), { verbose }).replace(/^.*: EGP/s, 'EGP');
  const hello: Part[] = [[2, 5, 0, 1], be16(0), be16(7), be16(9), be16(0), be32(0)];
  assert.equal(egp(0, ...hello), 'EGPv2, length 16');
  assert.equal(egp(1, ...hello), 'EGPv2, AS 7, seq 9, length 16, reach hello state:up');
  assert.equal(egp(0, [2, 5]), 'EGP [length 2 < 16] (invalid)');
  assert.equal(egp(0, [3, 5], Array<number>(14).fill(0)), 'EGP [version 3 != 2] (invalid)');
});

test('RIPng: a wrong version', () => {
  assert.equal(datagram(521, 521, 0, [1, 2, 0, 0]), 'ripng [version 2, must be 1] (invalid)');
});
