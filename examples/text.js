// Packets as tcpdump prints them.

import { defaultPrintOptions, openSavefile, TextOutput } from 'pktap';

const options = { ...defaultPrintOptions(), numeric: true, timestamp: 1, metadata: 'NP' };
const text = new TextOutput(options, (bytes) => process.stdout.write(Buffer.from(bytes)));
const file = await openSavefile(process.argv[2] ?? 'examples/curl.pcapng');
for await (const packet of file) text.packet(packet);
text.close();
file.close();
