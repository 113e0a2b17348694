// `npm run test:filters [SEED [EACH [SHARE]]]`: thousands of random filters over every link type, against libpcap's own interpreter and
// the installed tcpdump.

import { compareFilters } from './compare.js';

const [seed = 1, each = 60, share = 1] = process.argv.slice(2).map(Number);
const started = Date.now();
const found = await compareFilters(seed, each, share);
for (const one of found.optimizer) console.log(`libpcap's optimizer: ${one}`);
for (const one of found.differences) console.log(`different: ${one}`);
const { asked, linkTypes, telling, refused, optimizer, differences } = found;
const seconds = ((Date.now() - started) / 1000).toFixed(0);
console.log(
  `seed ${seed}: ${asked} filters of ${linkTypes} link types in ${seconds} s: ${telling} took some packets, ${refused} were refused, ${found.undefined} mean nothing, ${found.unoptimized} were run unoptimized, for ${optimizer.length} libpcap's optimizer takes others, ${differences.length} differences`,
);
process.exitCode = differences.length > 0 ? 1 : 0;
