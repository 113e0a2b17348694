// The last release, as CHANGELOG.md has it: what is made of it is the same whenever it is made.

import { readFileSync } from 'node:fs';

/** @returns its version, and its day as 2026-11-30 */
export function lastRelease(): { version: string; day: string } {
  const found = /^## ([\d.]+) \((\d{4}-\d\d-\d\d)\)$/m.exec(readFileSync('CHANGELOG.md', 'utf8'));
  if (found === null) throw new Error('CHANGELOG.md: no release with its day');
  return { version: found[1]!, day: found[2]! };
}
