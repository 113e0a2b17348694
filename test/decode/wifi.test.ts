// 802.11 frames: where their data is, and that there is none where it is encrypted, goes on from another frame, or is cut off.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Headers } from '../../src/decode/index.js';
import { LinkType, Packet } from '../../src/packet/index.js';

const { IEEE802_11, IEEE802_11_RADIOTAP, IEEE802_11_AVS, IEEE802_11_PRISM, PPI, ETHERNET } = LinkType;
const ADDRESSES = 'ffffffffffff020000000001020000000002';
/** Frame control, duration, three addresses, sequence control. */
const head = (control: string, sequence = '1000'): string => `${control}0000${ADDRESSES}${sequence}`;
const SNAP = 'aaaa030000000800';
const IP = '450000200001000040110000c0a80001c0a8000212340035000c000061626364';
const DATA = `${SNAP}${IP}`;

function read(hex: string, linkType: number): Headers {
  const packet = new Packet();
  packet.buffer = Buffer.from(hex, 'hex');
  packet.capturedLength = packet.length = packet.buffer.length;
  packet.linkType = linkType;
  const headers = new Headers();
  headers.read(packet);
  return headers;
}

const ports = (hex: string, linkType: number): number[] => {
  const { version, sourcePort, destinationPort } = read(hex, linkType);
  return [version, sourcePort, destinationPort];
};
const FOUND = [4, 0x1234, 53];
const NOTHING = [0, -1, -1];

for (const [name, hex, linkType, wanted] of [
  ['data', head('0801') + DATA, IEEE802_11, FOUND],
  ['four addresses', `${head('0803')}020000000003${DATA}`, IEEE802_11, FOUND],
  ['QoS', `${head('8801')}0000${DATA}`, IEEE802_11, FOUND],
  ['QoS and HT control', `${head('8881')}000000000000${DATA}`, IEEE802_11, FOUND],
  ['the first of several', `${head('8801')}8000${'00'.repeat(12)}0028${DATA}`, IEEE802_11, FOUND],
  ['a mesh', `${head('8803')}0200000000032001002001000000${DATA}`, IEEE802_11, FOUND],
  [
    'a mesh with two more addresses',
    `${head('8802')}2001022001000000${'00'.repeat(12)}${DATA}`,
    IEEE802_11,
    FOUND,
  ],
  ['no mesh, though its bit is set', `${head('8802')}0001${DATA}`, IEEE802_11, FOUND],
  [
    'radiotap without a word of padding',
    `0000080000000000${head('0801')}${DATA}`,
    IEEE802_11_RADIOTAP,
    FOUND,
  ],
  [
    'radiotap: two words, a time, padded',
    `0000200003000080000000000000000000000000000000002000000000000000${head('8801')}00000000${DATA}`,
    IEEE802_11_RADIOTAP,
    FOUND,
  ],
  ['radiotap: not padded', `000009000200000000${head('8801')}0000${DATA}`, IEEE802_11_RADIOTAP, FOUND],
  ['AVS', `8021100100000040${'00'.repeat(56)}${head('0801')}${DATA}`, IEEE802_11_AVS, FOUND],
  ['PRISM', `00000044${'00'.repeat(140)}${head('0801')}${DATA}`, IEEE802_11_PRISM, FOUND],
  ['AVS as PRISM', `8021100200000040${'00'.repeat(56)}${head('0801')}${DATA}`, IEEE802_11_PRISM, FOUND],
  ['PPI over 802.11', `0000080069000000${head('0801')}${DATA}`, PPI, FOUND],
  ['PPI over Ethernet', `00000c000100000001020304${'00'.repeat(12)}0800${IP}`, PPI, FOUND],
  ['PPI over PPI', `00000800c0000000${head('0801')}${DATA}`, PPI, NOTHING],
  ['PPI longer than the packet', `0000ff7f69000000${head('0801')}${DATA}`, PPI, NOTHING],
  ['encrypted', head('0841') + DATA, IEEE802_11, NOTHING],
  ['a later fragment', head('0801', '1100') + DATA, IEEE802_11, NOTHING],
  ['no data', head('4801') + DATA, IEEE802_11, NOTHING],
  ['a beacon', head('8000') + DATA, IEEE802_11, NOTHING],
  ['another version', head('0901') + DATA, IEEE802_11, NOTHING],
  ['another organisation', `${head('0801')}aaaa030000f80800${IP}`, IEEE802_11, NOTHING],
  ['radiotap longer than the packet', `0000ff7f00000000${head('0801')}${DATA}`, IEEE802_11_RADIOTAP, NOTHING],
  ['AVS whose length is absurd', `80211001ffffffff${head('0801')}${DATA}`, IEEE802_11_AVS, NOTHING],
] as const)
  test(name, () => {
    assert.deepEqual(ports(hex, linkType), wanted);
    // Cut anywhere, nothing is read beyond, and nothing wrong is found.
    for (let length = 0; length < hex.length; length += 2) {
      const [version, source] = ports(hex.slice(0, length), linkType);
      assert.ok(version === 0 || version === 4);
      assert.ok(source === -1 || source === 0x1234);
    }
  });

test('a host takes none of it as its own IP packet', () => {
  assert.equal(read(head('0801') + DATA, IEEE802_11).link.plain, false);
  assert.equal(read(`00000c000100000001020304${'00'.repeat(12)}0800${IP}`, PPI).link.plain, false);
  assert.equal(read(`${'00'.repeat(12)}0800${IP}`, ETHERNET).link.plain, true);
});
