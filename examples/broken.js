// A file that breaks off: the packets before are handed on, then the error says where.

import { readFileSync, writeFileSync } from 'node:fs';
import { openSavefile, SavefileError } from 'pktap';

const [, , path = 'examples/curl.pcapng', cut = '/tmp/pktap-example-cut.pcapng'] = process.argv;
writeFileSync(cut, readFileSync(path).subarray(0, -20));
const file = await openSavefile(cut);
let packets = 0;
try {
  for await (const packet of file) packets += packet.length > 0 ? 1 : 0;
} catch (error) {
  if (!(error instanceof SavefileError)) throw error;
  console.log(packets, 'packets, then:', error.reason, 'at byte', error.offset);
} finally {
  file.close();
}
