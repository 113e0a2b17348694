// Headers whose numbers are in the byte order of the machine that captured, in files of the other one.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { description, enhanced, pcapHeader, pcapRecord, section } from './build.js';
import { fileOf, has, newPath, readAll, run } from './helpers.js';
import { pktap } from './program.js';

/** A packet of each byte order, of these sizes of fields; negative ones are the same in both. */
function both(sizes: readonly number[]): { big: Buffer; little: Buffer } {
  const parts = sizes.map((size, field) =>
    Buffer.from(Array.from({ length: Math.abs(size) }, (_, i) => (field * 16 + i) & 0xff)),
  );
  const turned = parts.map((part, i) => (sizes[i]! > 0 ? Buffer.from(part).reverse() : part));
  return { big: Buffer.concat(parts), little: Buffer.concat(turned) };
}

const USB = [8, -4, 2, -2, 8, 4, 4, 4, 4];
const usb = both([...USB, -8, 4, 4, 4, 4, -5]);
const isochronous = both([...USB, 4, 4, 4, 4, 4, 4, 4, 4, 4, -4, 4, 4]);
for (const packet of [isochronous.big, isochronous.little]) packet[9] = 0;
isochronous.big.set([0, 0, 0, 2], 60);
isochronous.little.set([2, 0, 0, 0], 60);
const nflog = both([-4, 2, 2, -8, 2, 2, -5]);
for (const [at, size] of [
  [4, 10],
  [16, 9],
] as const) {
  nflog.big.writeUInt16BE(size, at);
  nflog.little.writeUInt16LE(size, at);
}
nflog.big[1] = nflog.little[1] = 0;
const can = both([-14, -2, 4, -12]);
can.big.set([0, 0x0c], 14);
can.little.set([0, 0x0c], 14);
const pflog = both([-44, 4, 4, 4, 4, -8]);
pflog.big[0] = pflog.little[0] = 61;

const CASES = [
  ['usbmon', 220, usb],
  ['usbmon of an isochronous transfer', 220, isochronous],
  ['netfilter log', 239, nflog],
  ['CAN in Linux’ cooked capture', 113, can],
  ['pf’s log', 117, pflog],
] as const;

for (const [name, linkType, { big, little }] of CASES) {
  test(`${name} of a big-endian file`, async () => {
    const pcap = fileOf(
      Buffer.concat([
        pcapHeader('big', 0xa1b2c3d4, linkType),
        pcapRecord('big', 1, 0, big),
        pcapRecord('big', 2, 0, big.subarray(0, 13)),
      ]),
    );
    const pcapng = fileOf(
      Buffer.concat([section('big'), description('big', linkType, 0), enhanced('big', {}, big)]),
    );
    for (const path of [pcap, pcapng]) {
      const { packets } = await readAll(path);
      assert.equal(packets[0]!.data, little.toString('hex'));
    }
    if (linkType === 117 || !has('tcpdump')) return;
    const [ours, theirs] = [newPath(), newPath()];
    assert.equal(pktap(['-r', pcap, '-w', ours]).status, 0);
    run('tcpdump', '-r', pcap, '-w', theirs);
    assert.deepEqual(readFileSync(ours).subarray(24), readFileSync(theirs).subarray(24));
  });
}
