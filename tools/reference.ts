// Writes the manual page and the completions into dist/share, where packages take them from. A part of the build.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bashCompletion, fishCompletion, manualPage, zshCompletion } from '../src/cli/reference/index.js';
import { lastRelease } from './release.js';

const SHARE = 'dist/share';

function write(path: string, text: string): void {
  const file = join(SHARE, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

const { version, day } = lastRelease();
const date = new Date(`${day}T00:00:00Z`);
const month = date.toLocaleString('en', { month: 'long', timeZone: 'UTC' });

write('man/man1/pktap.1', manualPage(`${month} ${date.getUTCDate()}, ${date.getUTCFullYear()}`, version));
write('bash-completion/completions/pktap', bashCompletion());
write('zsh/vendor-completions/_pktap', zshCompletion());
write('fish/vendor_completions.d/pktap.fish', fishCompletion());
