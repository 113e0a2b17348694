// What -i means on macOS.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wantedDevice } from '../../../src/tap/darwin/names.js';

/** The device, whether it is tapped, and what must be there. */
function wanted(argument: string | string[] | null, processes = false): [string, boolean, string] {
  const { device, tapped, required } = wantedDevice(argument, processes);
  return [device, tapped, required.join(' ')];
}

test('taps, lists and plain devices, as Apple’s libpcap takes them', () => {
  assert.deepEqual(wanted(null), ['pktap', true, '']);
  assert.deepEqual(wanted('pktap,en0,lo0'), ['pktap,en0,lo0', true, 'en0 lo0']);
  assert.deepEqual(wanted('pktap,en'), ['pktap,en', true, '']);
  assert.deepEqual(wanted('any'), ['pktap,all', true, '']);
  assert.deepEqual(wanted('all'), ['pktap,all', true, '']);
  assert.deepEqual(wanted('pktap,en0,any'), ['pktap,all', true, '']);
  assert.deepEqual(wanted('iptap,utun3'), ['iptap,utun3', true, 'utun3']);
  assert.deepEqual(wanted('droptap'), ['droptap', true, '']);
  assert.deepEqual(wanted('pktap0'), ['pktap0', true, ''], 'one that is there already');
  assert.deepEqual(wanted('en0'), ['en0', false, 'en0']);
  assert.deepEqual(wanted('rvi0', true), ['pktap,rvi0', true, 'rvi0']);
  assert.deepEqual(wanted('pktapper'), ['pktapper', false, 'pktapper']);
});

test('several are one tap', () => {
  assert.deepEqual(wanted(['en0', 'lo0']), ['pktap,en0,lo0', true, 'en0 lo0']);
  assert.deepEqual(wanted(['en0', 'pktap,lo0', 'en0']), ['pktap,en0,lo0', true, 'en0 lo0']);
  assert.deepEqual(wanted(['en0', 'any']), ['pktap,all', true, '']);
});

test('what Apple’s tap cannot do is said', () => {
  const nine = Array.from({ length: 9 }, (_, i) => `en${i}`);
  assert.throws(() => wanted(nine), /macOS takes 8 interfaces in a list, not 9; pktap,all takes every one$/);
  assert.throws(() => wanted(`pktap,${nine.join(',')}`), /macOS takes 8 interfaces in a list, not 9/);
  assert.deepEqual(wanted(nine.slice(1))[0], `pktap,${nine.slice(1).join(',')}`);
  assert.throws(() => wanted('pktap,,en0'), /^Error: pktap,,en0: an interface name is empty$/);
  assert.throws(() => wanted(['droptap', 'en0']), /droptap, en0: .* is a capture of its own$/);
  assert.throws(() => wanted(['pktap', 'lo0']), /pktap alone goes with no other names here/);
});
