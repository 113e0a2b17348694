// Packets counted in groups.

import { chooseFields, openSavefile, Summary } from 'pktap';

const summary = new Summary(chooseFields('process.name,tcp.dstport'));
const file = await openSavefile(process.argv[2] ?? 'examples/curl.pcapng');
await file.run((packet) => {
  summary.packet(packet);
  return true;
});
file.close();
for (const { values, packets, bytes, flows } of summary.sorted())
  console.log(...values, packets, bytes, flows);
