// SMB and NetBIOS against a tcpdump that was configured with --enable-smb, which no distribution's is: PKTAP_SMB_TCPDUMP names it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compare } from './differential.js';
import { generators } from './generators/smb.js';

const tcpdump = process.env['PKTAP_SMB_TCPDUMP'];
const SEED = Number(process.env['SEED'] ?? 20261130);
const [WHOLE, CUT] = (process.env['COUNTS'] ?? '60,3').split(',').map(Number) as [number, number];
const OPTION_SETS = [['-n'], ['-n', '-v'], ['-n', '-vv', '-e'], ['-n', '-vvv', '-K'], ['-n', '-q']];

for (const name of Object.keys(generators)) {
  test(`tcpdump with SMB prints the same: ${name}`, { skip: tcpdump === undefined }, async () => {
    const found = await compare(generators, SEED, WHOLE, CUT, [name], OPTION_SETS, {
      tcpdump: tcpdump!,
      ours: ['--smb'],
    });
    const shown = found
      .slice(0, 3)
      .map((m) => `${m.options.join(' ')}, ${m.captured} bytes of ${m.hex}\n- ${m.tcpdump}\n+ ${m.ours}`);
    assert.equal(found.length, 0, `${found.length} differ\n${shown.join('\n')}`);
  });
}
