// The list of a live view: a filter keeps packets out of it, and another one finds them again.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Packet } from '../../src/packet/index.js';
import { defaultPrintOptions, linePrinter, TextOutput } from '../../src/print/index.js';
import { machineServices } from '../../src/run/index.js';
import { PacketText, View } from '../../src/view/index.js';
import { CURL, packetOf, tcpFrame } from '../export/packets.js';

const text = new PacketText({ TextOutput, linePrinter, defaultPrintOptions }, machineServices());
const ALL = { metadata: '', expression: '', from: null, to: null };

function numbers(view: View): number[] {
  return view.lines({ most: 500 }, text).lines.map(({ number }) => number);
}

/** Packet number n is sent in second n. */
const sent = (view: View, ...seconds: number[]): void => {
  for (const second of seconds) view.packet(packetOf(tcpFrame({}), CURL, 2, second, 0));
};
const every = (n: number) => (packet: Packet) => packet.seconds % n === 0;

test('what one filter left out another finds, as far as it is kept', () => {
  const view = new View(true);
  sent(view, 1, 2, 3, 4, 5, 6);
  assert.deepEqual(numbers(view), [1, 2, 3, 4, 5, 6]);
  view.choose({ ...ALL, metadata: 'every second' }, every(2), false);
  assert.deepEqual(numbers(view), [2, 4, 6]);
  sent(view, 7, 8, 9);
  assert.deepEqual(numbers(view), [2, 4, 6, 8]);
  view.choose({ ...ALL, metadata: 'every third' }, every(3), false);
  assert.deepEqual(numbers(view), [3, 6, 9]);
  view.choose(ALL, null, false);
  assert.deepEqual(numbers(view), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  sent(view, 10);
  assert.deepEqual(numbers(view), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test('what a filter took is kept when others push it out of the unfiltered packets', () => {
  const view = new View(true);
  sent(view, 1, 2);
  view.choose({ ...ALL, metadata: 'the first' }, (packet) => packet.seconds === 1, false);
  for (let i = 3; i <= 9000; i++) sent(view, i);
  view.choose(ALL, null, false);
  const { lines } = view.lines({ before: 1000, most: 3 }, text);
  assert.deepEqual(
    lines.map(({ number }) => number),
    [997, 998, 999],
  );
  assert.equal(
    view.frame({
      source: '',
      ended: false,
      error: null,
      notes: [],
      time: 9000,
      recording: null,
      records: true,
      takesExpression: true,
    }).packets.kept,
    8192,
  );
});
