// Where bin/pktap begins.

import { main } from './main.js';

process.exitCode = await main(process.argv.slice(2));
// Timers and look-ups may be under way: nobody waits for them.
process.exit();
