// The conformance captures as tcpdump counts and dates them.
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openSavefile } from '../../src/savefile/index.js';

const folder = join(process.env['PKTAP_CONFORMANCE'] ?? '../shared/conformance', 'captures');

async function describe(name: string): Promise<object> {
  const source = await openSavefile(join(folder, name));
  const lines: string[] = [];
  await source.run((packet) => {
    const time = `${packet.seconds}.${String(packet.nanoseconds).padStart(9, '0')}`;
    lines.push(`${time} ${packet.linkType} ${packet.capturedLength}/${packet.length}`);
    return true;
  });
  source.close();
  const { format, linkType, snapshotLength, precision } = source;
  return { format, linkType, snapshotLength, precision, count: lines.length, last: lines.at(-1) };
}

test('captures of tcpdump’s own tests', {
  skip: !existsSync(folder) && 'no conformance captures here',
}, async () => {
  assert.deepEqual(await describe('tcp-handshake-nano.pcap'), {
    format: 'pcap',
    linkType: 113,
    snapshotLength: 262144,
    precision: 'nano',
    count: 3,
    last: '1418145370.052115157 113 68/68',
  });
  assert.deepEqual(await describe('nfs-write-verf-cookie.pcapng'), {
    format: 'pcapng',
    linkType: 1,
    snapshotLength: 65535,
    precision: 'micro',
    count: 2,
    last: '1535100872.731527000 1 230/230',
  });
  const captures = readdirSync(folder).filter((name) => /\.(pcap|pcapng|cap)$/.test(name));
  assert.ok(captures.length > 100);
  for (const name of captures) {
    const { count } = (await describe(name)) as { count: number };
    assert.equal(count > 0, name !== 'empty.pcap', name);
  }
});
