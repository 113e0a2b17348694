// Messages of rtnetlink: what they say of devices and addresses.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LinkType } from '../../../../src/packet/index.js';
import { attribute } from '../../../../src/system/netlink.js';
import { ADDRESS } from '../../../../src/tap/linux/ebpf/layouts.js';
import { addressKey } from '../../../../src/tap/linux/network/addresses.js';
import { interfaceType, linkTypeOf, parseDevice } from '../../../../src/tap/linux/network/devices.js';

const NEW_LINK = 16;
const NEW_ADDRESS = 20;
const text = (name: string): Buffer => Buffer.from(`${name}\0`);
const i32 = (number: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(number);
  return bytes;
};

/** struct ifinfomsg and attributes. */
function deviceMessage(hardware: number, index: number, flags: number, ...attributes: Buffer[]): Buffer {
  const header = Buffer.alloc(16);
  header.writeUInt16LE(hardware, 2);
  header.writeInt32LE(index, 4);
  header.writeUInt32LE(flags, 8);
  return Buffer.concat([header, ...attributes]);
}

test('a device, with all that is said of it', () => {
  const mac = Buffer.from([2, 0, 0, 0, 0, 9]);
  const info = attribute(18, attribute(1, text('veth')));
  const parts = [attribute(3, text('web0')), attribute(1, mac), attribute(20, text('to the web')), info];
  const body = deviceMessage(1, 7, 0x41, ...parts, attribute(37, i32(3)));
  const found = parseDevice({ type: NEW_LINK, body })!;
  assert.deepEqual(found, {
    index: 7,
    name: 'web0',
    hardware: 1,
    up: true,
    running: true,
    loopback: false,
    mac: new Uint8Array(mac),
    alias: 'to the web',
    kind: 'veth',
    peerNamespace: 3,
  });
  assert.equal(linkTypeOf(found), LinkType.ETHERNET);
  assert.equal(interfaceType(found), 6);
});

test('what is cut off, or has no name, or is another message', () => {
  const body = deviceMessage(1, 7, 0, attribute(3, text('eth0')));
  for (let cut = 0; cut < body.length - 3; cut++)
    assert.equal(parseDevice({ type: NEW_LINK, body: body.subarray(0, cut) }), null, String(cut));
  assert.equal(parseDevice({ type: NEW_ADDRESS, body }), null);
  assert.equal(parseDevice({ type: NEW_LINK, body: deviceMessage(1, 7, 0) }), null);
  const odd = deviceMessage(772, 1, 0x8, attribute(3, Buffer.from('lo')), attribute(1, Buffer.alloc(20)));
  const found = parseDevice({ type: NEW_LINK, body: odd })!;
  assert.deepEqual([found.name, found.mac, found.loopback], ['lo', null, true]);
});

test('kinds of devices without an Ethernet header', () => {
  for (const [hardware, type] of [
    [512, 23],
    [801, 71],
    [768, 131],
    [65534, 131],
    [280, 1],
  ] as const) {
    const device = parseDevice({
      type: NEW_LINK,
      body: deviceMessage(hardware, 1, 0, attribute(3, text('x'))),
    })!;
    assert.equal(linkTypeOf(device), LinkType.RAW);
    assert.equal(interfaceType(device), type);
  }
});

test('an address is the map’s key: its words, the namespace, the family', () => {
  const header = Buffer.alloc(8);
  header[0] = 2;
  const own = attribute(2, Buffer.from([10, 0, 0, 1]));
  const peer = attribute(1, Buffer.from([10, 0, 0, 2]));
  const key = Buffer.from(
    addressKey(5, { type: NEW_ADDRESS, body: Buffer.concat([header, peer, own]) })!,
    'latin1',
  );
  assert.equal(key.length, ADDRESS.SIZE);
  assert.deepEqual([...key.subarray(0, 16)], [10, 0, 0, 1, ...Array(12).fill(0)]);
  assert.equal(key.readUInt32LE(ADDRESS.NETNS), 5);
  assert.equal(key.readUInt32LE(ADDRESS.FAMILY), 2);
  assert.equal(addressKey(0, { type: NEW_ADDRESS, body: header }), null);
  const short = attribute(1, Buffer.from([10, 0]));
  assert.equal(addressKey(0, { type: NEW_ADDRESS, body: Buffer.concat([header, short]) }), null);
});
