// --version, and the usage that stands behind an error: nothing is loaded for them but this.

import { readFileSync } from 'node:fs';
import { packageFile } from '../packagefolder.js';

/** The package's version, as package.json has it. */
export function release(): string {
  const { version } = JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { version: string };
  return version;
}

/** What --version says. */
export function version(): string {
  return `pktap version ${release()}\n`;
}

/** What files say that wrote them. */
export function application(): string {
  return `pktap ${release()}`;
}

/** What is shown behind an option that is not understood. */
export function usage(): string {
  return `${version()}Usage: pktap [options] [packet filter] [-- command]
       pktap --help lists the options
`;
}
