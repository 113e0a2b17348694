// Every field that Wireshark has says the same of the same packet: public captures of many kinds.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { FIELDS } from '../../src/decode/facts/index.js';
import { createSavefile, openSavefile } from '../../src/savefile/index.js';
import { compareWithTshark, isInstalled, reasonOf, SAME } from './tshark.js';
import { WITHOUT } from './withouttshark.js';

const folder = join(process.env['PKTAP_CORPUS'] ?? '../shared/corpus', 'captures');
const skip = !isInstalled || !existsSync(folder) ? 'no tshark or no captures to compare with' : false;
/** Captures that are compared; PKTAP_CAPTURES=all takes every one that there is. */
const CAPTURES =
  process.env['PKTAP_CAPTURES'] === 'all' && !skip
    ? readdirSync(folder).sort()
    : (
        '00230ad107 022e05bac4 0525d9bb0c 05b2cb86a0 08cc76efbb 0a84e5fe34 0bd04e7d5d 0cbe3c0202 0cd5cbabd1 ' +
        '0f3b94dfe5 12aa66141f 135f20cb6a 17ad230db1 17f46dacdc 1b1f471197 1e1a0aee9e 225907e271 23ecc7fb96 ' +
        '26ffa143ca 2c003ad125 2eeafa2416 3008901435 304bc78a90 3304ab9a94 33369f12a4 368cead605 38e54c40ec ' +
        '3e27e1e928 05c7e0c737 0db0c52637 192267dbdf 1c3442fe1f 238ee8af25 24986c3273 2d447b2179 f99014e92a ' +
        // Of 802.11: bare, of a mesh, behind radiotap and PPI.
        '5b7049c521 aa5796657d 6e56565a42 95baaae685'
      ).split(' ');

/** One program's packets with comments and directions, as a file: none of the captures has both. */
async function commented(t: TestContext): Promise<string> {
  const place = mkdtempSync(join(tmpdir(), 'pktap-fields-'));
  t.after(() => rmSync(place, { recursive: true }));
  const path = join(place, 'commented.pcapng');
  const source = await openSavefile('examples/curl.pcapng');
  const writer = await createSavefile(path, { format: 'pcapng', linkType: 1, ownerComments: 'none' });
  let packets = 0;
  await source.run((packet) => {
    if (packet.metadata?.process?.name !== 'curl') return true;
    packet.comments = packets++ % 3 === 0 ? ['one, “quoted”', 'and another'] : null;
    writer.packet(packet);
    return true;
  });
  source.close();
  writer.close();
  return path;
}

test('fields beside tshark’s', { skip }, async (t) => {
  const compared = new Map<string, number>();
  const made = await commented(t);
  const reasons = new Map<string, number>();
  for (const name of [...CAPTURES, made]) {
    const result = await compareWithTshark(name === made ? made : join(folder, name));
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

test('every field is compared, or there is a reason why not', () => {
  const names = FIELDS.map(({ name }) => name);
  assert.deepEqual(
    names.filter((name) => !Object.hasOwn(SAME, name) && !Object.hasOwn(WITHOUT, name)),
    [],
  );
  assert.deepEqual(
    Object.keys(WITHOUT).filter((name) => Object.hasOwn(SAME, name) || !names.includes(name)),
    [],
  );
});
