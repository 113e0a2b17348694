// --version, and the usage that stands behind an error: nothing is loaded for them but this.

import { readFileSync } from 'node:fs';
import { packageFile } from '../packagefolder.js';

/** The package's version. */
export function version(): string {
  const { version } = JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { version: string };
  return `pktap version ${version}\n`;
}

/** What is shown behind an option that is not understood. */
export function usage(): string {
  return `${version()}Usage: pktap [options] [packet filter] [-- command]
       pktap --help lists the options
`;
}
