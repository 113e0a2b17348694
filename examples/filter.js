// Both filters on a file: what the system knows of packets, and what packets say.

import { FilterSyntaxError, openSavefile } from 'pktap';

const file = await openSavefile(process.argv[2] ?? 'examples/curl.pcapng', {
  metadataFilter: 'process.name = curl and tcp.len > 0',
  expression: 'tcp port 8080',
});
let packets = 0;
await file.run(() => ++packets > 0);
file.close();
console.log(packets, 'packets');

try {
  await openSavefile('examples/curl.pcapng', { metadataFilter: 'process.nam = curl' });
} catch (error) {
  if (!(error instanceof FilterSyntaxError)) throw error;
  console.log(error.message);
}
