// Every field that Wireshark has says the same of the same packet: public captures of many kinds.

import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { compareWithTshark, isInstalled, reasonOf, SAME } from './tshark.js';

const folder = join(process.env['PKTAP_CORPUS'] ?? '../shared/corpus', 'captures');
const skip = !isInstalled || !existsSync(folder) ? 'no tshark or no captures to compare with' : false;
/** Captures that are compared; PKTAP_CAPTURES=all takes every one that there is. */
const CAPTURES =
  process.env['PKTAP_CAPTURES'] === 'all' && !skip ? readdirSync(folder).sort() : '@LIST@'.split(' ');

test('fields beside tshark’s', { skip }, async (t) => {
  const compared = new Map<string, number>();
  const reasons = new Map<string, number>();
  for (const name of CAPTURES) {
    const result = await compareWithTshark(join(folder, name));
    for (const [field, count] of result.compared) compared.set(field, (compared.get(field) ?? 0) + count);
    const unexplained = result.differences.filter((one) => {
      const reason = reasonOf(one);
      if (reason !== null) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      return reason === null;
    });
    assert.deepEqual(unexplained, [], name);
  }
  for (const [reason, count] of reasons) t.diagnostic(`${count}: ${reason}`);
  t.diagnostic(`${[...compared.values()].reduce((sum, count) => sum + count, 0)} values are compared`);
  // Each field of the table was seen.
  assert.deepEqual(
    Object.keys(SAME).filter((field) => !compared.has(field)),
    [],
  );
});
