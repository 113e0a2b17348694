// One process's packets in a file of their own: node examples/copy.js FILE OUT

import { createSavefile, openSavefile } from 'pktap';

const [, , path = 'examples/curl.pcapng', to = '/tmp/pktap-example.pcapng'] = process.argv;
const file = await openSavefile(path, { metadataFilter: 'process.name = curl' });
const output = await createSavefile(to, { format: 'pcapng', linkType: file.linkType, copyOf: file });
let packets = 0;
await file.run((packet) => {
  output.packet(packet);
  packets++;
  return true;
});
output.close();
file.close();
console.log(packets, 'packets');
