// What -i means: which devices are captured on, and what is said of those that are not there.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Device } from '../../src/tap/linux/network/devices.js';
import { parseSelection, requireDevices } from '../../src/tap/selection.js';

const device = (name: string, changes: Partial<Device> = {}): Device => ({
  index: 1,
  name,
  hardware: 1,
  up: true,
  running: true,
  loopback: false,
  mac: null,
  alias: null,
  kind: null,
  peerNamespace: null,
  ...changes,
});
const DEVICES = [
  device('lo', { hardware: 772, loopback: true }),
  device('eth0'),
  device('eth1', { up: false }),
  device('veth12'),
  device('wg', { hardware: 65534 }),
];
const NAMES = new Set(DEVICES.map(({ name }) => name));

/** What -i selects, and whether it is a tap. */
function selected(argument: string | string[] | null, processes = false): [boolean, string] {
  const selection = parseSelection(argument, NAMES, processes);
  const names = DEVICES.filter((one) => selection.matches(one)).map(({ name }) => name);
  return [selection.tap, names.join(' ')];
}

test('names, prefixes, and what stands for many', () => {
  assert.deepEqual(selected(null), [true, 'eth0 eth1 veth12']);
  assert.deepEqual(selected('pktap'), [true, 'eth0 eth1 veth12']);
  assert.deepEqual(selected('iptap'), [true, 'eth0 eth1 veth12']);
  assert.deepEqual(selected('any'), [true, 'lo eth0 eth1 veth12 wg']);
  assert.deepEqual(selected('pktap,all'), [true, 'lo eth0 eth1 veth12 wg']);
  assert.deepEqual(selected('eth0'), [false, 'eth0']);
  assert.deepEqual(selected('eth0', true), [true, 'eth0']);
  assert.deepEqual(selected('pktap,eth'), [true, 'eth0 eth1']);
  assert.deepEqual(selected('pktap,eth0,lo'), [true, 'lo eth0']);
  assert.deepEqual(selected('pktap,wg'), [true, 'wg'], 'a name that there is is no prefix');
  assert.deepEqual(selected(['eth0', 'wg']), [true, 'eth0 wg']);
  assert.deepEqual(selected(['eth0', 'pktap,veth']), [true, 'eth0 veth12']);
});

test('dropped packets are a capture of their own', () => {
  assert.equal(parseSelection('droptap', NAMES, false).drops, true);
  assert.equal(parseSelection('droptap', NAMES, false).everywhere, true);
  assert.equal(parseSelection('droptap,eth0', NAMES, false).everywhere, false);
  assert.throws(
    () => parseSelection(['droptap', 'eth0'], NAMES, false),
    /^Error: droptap, eth0: droptap is a capture of its own$/,
  );
  assert.throws(() => parseSelection('pktap,', NAMES, false), /^Error: pktap,: an interface name is empty$/);
});

test('names for messages', () => {
  const name = (argument: string | string[], processes = false): string =>
    parseSelection(argument, NAMES, processes).name;
  assert.equal(name('eth0'), 'eth0');
  assert.equal(name('eth0', true), 'pktap,eth0');
  assert.equal(name(['eth0', 'wg', 'eth0']), 'pktap,eth0,wg');
  assert.equal(name(['eth0', 'pktap,veth']), 'eth0 and pktap,veth');
  assert.equal(name(['eth0', 'any']), 'any');
});

test('what is not there, or down', () => {
  const told: string[] = [];
  const require = (argument: string, devices: readonly Device[] = DEVICES): boolean =>
    requireDevices(parseSelection(argument, NAMES, false), devices, (message) => told.push(message));
  assert.equal(require('eth0'), true);
  assert.equal(require('pktap,eth0'), false);
  assert.throws(
    () => require('eth7'),
    /^Error: eth7: No such device exists \(there are lo, eth0, eth1, veth12, wg\)$/,
  );
  assert.throws(() => require('eth1'), /^Error: eth1: That device is not up$/);
  assert.deepEqual(told, []);
  assert.equal(require('pktap,tun'), false);
  assert.deepEqual(told.splice(0), [
    "pktap,tun: no interface's name begins with 'tun' yet (there are lo, eth0, eth1, veth12, wg)",
  ]);
  assert.equal(require('pktap', [DEVICES[0]!]), false);
  assert.deepEqual(told.splice(0), [
    'pktap: no Ethernet interface yet (there is lo); -i pktap,all takes every interface',
  ]);
  const many = Array.from({ length: 20 }, (_, i) => device(`c${i}`));
  assert.throws(() => require('eth7', many), /c11 and 8 more\)$/);
});
