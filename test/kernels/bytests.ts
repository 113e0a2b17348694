// What tests of `test/live/` show, run on the booted machine.

import assert from 'node:assert/strict';
import { run } from './capture.js';
import type { Case } from './cases.js';

/** @param of what each of its tests shows */
function byTest(name: string, of: string): Case {
  return async () => {
    const words = ['--test', '--test-reporter=tap', `dist/test/live/${name}.test.js`];
    const { status, lines } = await run([process.execPath, ...words]);
    assert.equal(status, 0, lines.join('\n'));
    const skipped = lines.filter((line) => line.includes('# SKIP'));
    assert.deepEqual(skipped, []);
    return `${lines.filter((line) => /^ok /.test(line)).length} ${of}`;
  };
}

export const BY_TESTS: { readonly [name: string]: Case } = {
  // What is mapped depends on the size of the kernel's pages.
  rings: byTest('ring', 'rings'),
  'eBPF refused': byTest('refusal', 'ways'),
};
