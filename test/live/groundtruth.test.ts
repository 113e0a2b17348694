// Every packet says who sent it: the tap must say the same. Kinds of processes and sockets: bench/attribution/kinds.py.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run } from '../../bench/attribution/run.js';
import { soak } from '../../bench/attribution/soak.js';
import { kindsOfSenders } from '../../bench/attribution/world.js';
import { cannot } from './world.js';

for (const attach of ['tcx', 'clsact']) {
  test(`all kinds of senders at once, by ${attach}: nobody is named wrong or missed`, {
    skip: cannot,
  }, async () => {
    const { judgement, lost, unfiltered, filtered } = await run(1, { PKTAP_ATTACH: attach });
    const { all, kinds, examples } = judgement;
    assert.equal(lost, 0);
    assert.deepEqual(
      { wrong: all.wrong, missing: all.missing },
      { wrong: 0, missing: 0 },
      examples.join('\n'),
    );
    // how many fit into the time depends on the machine
    for (const kind of [...kindsOfSenders(), "the kernel's own"]) {
      assert.ok((kinds.get(kind)?.right ?? 0) >= 2, `${kind}: ${kinds.get(kind)?.right} right`);
    }
    assert.ok(all.right > 5000, `${all.right} right`);
    assert.equal(unfiltered.length, 120);
    assert.deepEqual(filtered, unfiltered);
  });
}

test('churn: memory stays in bounds, nothing is left in the kernel', { skip: cannot }, async () => {
  const { writing, printing, packets, held, left } = await soak(8);
  assert.ok(packets > 20_000, `${packets} packets`);
  for (const resident of [...writing, ...printing]) assert.ok(resident < 200 * 1024, `${resident} kB`);
  assert.ok(held.length > 10, held.join());
  assert.deepEqual(left, []);
});
