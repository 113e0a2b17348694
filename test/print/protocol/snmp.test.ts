// Texts of SNMP in tcpdump 5.0 that the installed 4.99 does not have.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { be16, bytes, ip4, type Part, Random } from '../generator.js';
import { printPacket } from '../run.js';

const random = new Random(1);

/** The text of a datagram to a port behind `: `, with names of objects if wanted. */
function datagram(port: number, verbose: number, payload: Part, numeric = true): string {
  const body = bytes(payload);
  const packet = ip4(random, 17, [be16(40001), be16(port), be16(body.length + 8), be16(0), body]);
  return printPacket(packet, { verbose, numeric }).replace(/^.*?: /s, '');
}

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
