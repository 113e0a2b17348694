// Draws the rooms into docs/architecture.md, and says what is wrong with what they import. Run by `npm run picture`.

import { readFileSync, writeFileSync } from 'node:fs';
import { readSources } from './imports.js';
import { faults, picture, withPicture } from './rooms.js';

const DOCUMENT = 'docs/architecture.md';

const files = readSources('src');
writeFileSync(DOCUMENT, withPicture(readFileSync(DOCUMENT, 'utf8'), picture(files)));
for (const fault of faults(files)) {
  console.error(fault);
  process.exitCode = 1;
}
