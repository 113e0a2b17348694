// The packets of a file, one after the other: node examples/read.js FILE

import { decode, openSavefile } from 'pktap';

const file = await openSavefile(process.argv[2] ?? 'examples/curl.pcapng');
for await (const packet of file) {
  const says = decode(packet);
  console.log(says['process.name'], says['ip.src'], '→', says['ip.dst'], packet.length);
}
file.close();
