// Rings gone round, by the test of them: what is mapped depends on the size of the kernel's pages.

import assert from 'node:assert/strict';
import { run } from './capture.js';
import type { Case } from './cases.js';

async function rings(): Promise<string> {
  const words = ['--test', '--test-reporter=tap', 'dist/test/live/ring.test.js'];
  const { status, lines } = await run([process.execPath, ...words]);
  assert.equal(status, 0, lines.join('\n'));
  return `${lines.filter((line) => line.startsWith('ok ')).length} rings`;
}

export const RINGS: { readonly [name: string]: Case } = { rings };
