// Where bin/pktap begins.

import { main } from './main.js';

// bin/pktap keeps certificates from Node, which would read them all at every start: commands that we run may want them.
const certificates = process.env['PKTAP_EXTRA_CA_CERTS'];
if (certificates !== undefined) {
  process.env['NODE_EXTRA_CA_CERTS'] = certificates;
  delete process.env['PKTAP_EXTRA_CA_CERTS'];
}
// Timers and look-ups may be under way: nobody waits for them.
void main(process.argv.slice(2)).then((status) => process.exit(status));
