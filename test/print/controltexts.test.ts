// Texts of 5.0 that the installed tcpdump 4.99 does not have: NTP's second era, RADIUS' wrong lengths, DHCP's
// and DHCPv6's newer options, names of SNMP's objects, Kerberos.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { be16, be32, bytes, ip4, type Part, Random } from './generator.js';
import { printPacket } from './run.js';

const random = new Random(1);

/** The text of a datagram to a port behind `: `, with names of objects if wanted. */
function datagram(port: number, verbose: number, payload: Part, numeric = true): string {
  const body = bytes(payload);
  const packet = ip4(random, 17, [be16(40001), be16(port), be16(body.length + 8), be16(0), body]);
  return printPacket(packet, { verbose, numeric }).replace(/^.*?: /s, '');
}

test('NTP counts its seconds anew from 2036', () => {
  const stamps = [0x80000000, 0x7fffffff, 1, 0].map((seconds) => be32(seconds).concat(be32(0x80000000)));
  const text = datagram(123, 1, [0x23, 2, 6, 0xec, be32(0), be32(0), be32(0xc0000201), stamps]);
  assert.match(text, /Reference Timestamp: {2}2147483648\.500000000 \(1968-01-20T03:14:08Z\)\n/);
  assert.match(text, /Origin Timestamp: {5}2147483647\.500000000 \(2104-02-26T09:42:23Z\)\n/);
  assert.match(text, /Receive Timestamp: {4}1\.500000000 \(2036-02-07T06:28:17Z\)\n/);
  assert.match(text, /Transmit Timestamp: {3}0\.500000000\n/);
});

/** A client's message of NTP version 4 in stratum 0 with this reference. */
function ntp(verbose: number, reference: Part, ...more: Part[]): string {
  return datagram(123, verbose, [
    0xe3,
    0,
    6,
    0xe8,
    be32(0),
    be32(2),
    reference,
    Array<number>(32).fill(0),
    more,
  ]);
}

test('NTP: kiss codes, extension fields and authentication codes', () => {
  assert.match(ntp(1, 'INIT'), /, Reference-ID: INIT\n/);
  assert.match(ntp(1, ['ACK', 0]), /, Reference-ID: ACK\^@\n/);
  assert.match(ntp(1, be32(0)), /, Reference-ID: \(unspec\)\n/);
  assert.match(ntp(1, be32(0), be32(7)), /\n\tKey id: 7$/);
  const cookie = [be16(0x0204), be16(28), Array<number>(24).fill(0xab)];
  assert.match(
    ntp(1, be32(0), cookie, be32(7), Array<number>(16).fill(1)),
    /\n\tExtension field: NTS Cookie \(0x0204\), length 28\n\tKey id: 7\n\tAuthentication: (01){16}$/,
  );
  assert.match(ntp(3, be32(0), cookie), /\(0x0204\), length 28\n\t {2}0x0000: {2}abab abab/);
  assert.match(ntp(1, be32(0), [1, 2, 3]), /\n\t\(3 more bytes after the header and extension fields\)$/);
  assert.match(datagram(123, 1, [0xe0, Array<number>(9).fill(0)]), /\(192\) \[length 10 < 48\] \(invalid\)$/);
  assert.match(datagram(123, 1, [0xe6, Array<number>(6).fill(0)]), /\(192\) \[length 7 < 12\] \(invalid\)$/);
});

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

/** The text of DHCP options. */
function dhcp(...options: Part[]): string {
  const header = bytes([1, 0, 0, 0], Array<number>(232).fill(0), [99, 130, 83, 99]);
  return datagram(67, 1, [header, options]).replace(/^.*Cookie 0x63825363/s, '');
}

test('DHCP: newer options and wrong pairs of addresses', () => {
  assert.equal(dhcp(108, 4, be32(1800)), '\n\t    IPv6-Only-Preferred (108), length 4: 1800');
  assert.equal(dhcp(27, 2, 1, 0), '\n\t    LSN (27), length 2: [length != 1 byte] (invalid)');
  assert.equal(dhcp(116, 1, 1), '\n\t    Auto-Configure (116), length 1: Y');
  assert.equal(
    dhcp(143, 9, be16(3), 'abc', be16(2), 'de', 255),
    '\n\t    SZTP-Redirect (143), length 9: \n\t\t    length 3: "abc"\n\t\t    length 2: "de"',
  );
  assert.equal(
    dhcp(143, 3, be16(300), 'a', 255),
    '\n\t    SZTP-Redirect (143), length 3: \n\t\t    length 300: length goes past end of option',
  );
  assert.equal(
    dhcp(33, 8, [1, 2, 3, 4], [5, 6, 7, 8], 33, 3, [1, 2, 3], 255),
    '\n\t    Static-Route (33), length 8: (1.2.3.4:5.6.7.8)' +
      '\n\t    Static-Route (33), length 3: [length != N x 8 bytes] (invalid)',
  );
});

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

test('SNMP names objects without -n', () => {
  const names = [
    [[0x2b, 6, 1, 2, 1, 1, 1, 0], 'system.sysDescr.0'],
    [[0x2b, 6, 1, 2, 1, 2, 2, 1, 10, 3], 'interfaces.ifTable.ifEntry.ifInOctets.3'],
    [[0x2b, 6, 1, 4, 1, 9, 2, 1], 'E:cisco.2.1'],
    [[0x2b, 6, 1, 4, 1, 0x82, 0x37, 1], 'E:311.1'],
    [[0x2b, 6, 1, 3, 8], 'X:8'],
    [[0x2b, 6, 1, 6, 3, 15, 1, 1, 3, 0], 'S:snmpUsmMIB.usmMIBObjects.usmStats.usmStatsUnknownUserNames.0'],
    [[0x2b, 6, 1, 2, 1], ''],
    [[0x2b, 6], '.iso.org.dod'],
    [[0x80, 0x2b, 6, 1, 2, 1, 1], '.iso.org.dod.internet.mgmt.mib.system'],
    [[0x2b, 5, 1], '.iso.org.5.1'],
    [[0x88, 0x37, 3], '.2.999.3'],
  ] as const;
  for (const [object, name] of names) {
    const list = [0x30, object.length + 6, 0x30, object.length + 4, 6, object.length, object, 5, 0];
    const size = object.length + 17;
    const pdu = [0xa0, size, 2, 1, 1, 2, 1, 0, 2, 1, 0, list];
    const message = [0x30, size + 13, 2, 1, 0, 4, 6, 'public', pdu];
    assert.equal(datagram(161, 0, message, false), ` GetRequest(${size})  ${name}`);
  }
});

test('Kerberos is named; the lightweight resolver’s other versions want all their bytes', () => {
  assert.equal(datagram(88, 0, [0x6a, 0x81]), 'kerberos v5');
  assert.equal(datagram(88, 0, [4, 6, 4, 'me\0', 1, 2]), 'kerberos v4 be APPL_REQUEST: v4 me (1) (2)');
  assert.equal(datagram(88, 0, [9]), 'kerberos');
  const header = [be16(1), be16(0), Array<number>(20).fill(0)];
  assert.equal(datagram(921, 0, [be32(28), header]), ' lwres v1');
  assert.equal(datagram(921, 0, [be32(29), header]), ' lwres v1 [|lwres]');
});
