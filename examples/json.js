// Packets as rows: JSON lines of some fields.

import { chooseFields, openSavefile, RowOutput } from 'pktap';

const fields = chooseFields('frame.time,process.name,tcp.flags,http.path');
const output = new RowOutput({ format: 'json', fields }, (bytes) => process.stdout.write(Buffer.from(bytes)));
const file = await openSavefile(process.argv[2] ?? 'examples/curl.pcapng');
await file.run((packet) => {
  output.packet(packet);
  return true;
});
output.close();
file.close();
