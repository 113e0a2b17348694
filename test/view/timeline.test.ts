// Bytes over time: whatever the order of the times and however far they are apart, nothing is lost, and each byte is in its stretch.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { SeriesLine } from '../../src/view/messages.js';
import { Timeline } from '../../src/view/timeline.js';

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

test('every packet is counted in the stretch that its time is in', () => {
  const time = fc.oneof(
    fc.integer({ min: 0, max: 700 * 8 }).map((n) => 1_700_000_000 + n / 8),
    fc.integer({ min: 0, max: 2 ** 32 }),
    fc.constantFrom(0, 1e-9, 2 ** 32, 1e13),
  );
  const packet = fc.record({
    time,
    bytes: fc.integer({ min: 0, max: 65_535 }),
    name: fc.constantFrom(null, 'a', 'b', 'unknown'),
    incoming: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(packet, { minLength: 1, maxLength: 60 }), (packets) => {
      const timeline = new Timeline(2 ** -10);
      for (const { time, bytes, name, incoming } of packets) timeline.count(name, time, bytes, incoming);
      const { begin, width, count, series, all } = timeline.data(100);
      assert.ok(count <= 600);
      const check = ({ process, bytesIn, bytesOut }: SeriesLine, whole: boolean): void => {
        const own = packets.filter(({ name }) => whole || name === process);
        for (const [values, incoming] of [
          [bytesIn, true],
          [bytesOut, false],
        ] as const) {
          const wanted = new Array<number>(count).fill(0);
          for (const one of own)
            if (one.incoming === incoming)
              wanted[Math.floor(one.time / width) - Math.round(begin / width)]! += one.bytes;
          assert.deepEqual(values, wanted);
        }
      };
      check(all, true);
      for (const one of series) check(one, false);
      assert.equal(series.length, new Set(packets.map(({ name }) => name)).size);
    }),
    { numRuns: 300 },
  );
});

test('many programs: the largest keep their series, and the whole keeps all', () => {
  const timeline = new Timeline(1);
  for (let i = 0; i < 2000; i++) {
    timeline.count(`small${i}`, 100 + (i % 300), 10, true);
    timeline.count('large', 100 + (i % 300), 1000, false);
  }
  const { series, all } = timeline.data(5);
  assert.equal(series[0]!.process, 'large');
  assert.equal(sum(series[0]!.bytesOut), 2_000_000);
  assert.equal(sum(all.bytesIn), 20_000);
  assert.equal(sum(all.bytesOut), 2_000_000);
  assert.ok(timeline.evicted > 1700);
});
