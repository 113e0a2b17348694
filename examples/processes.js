// Bytes by process, at full speed: the callback gets the same object again and again.

import { openSavefile } from 'pktap';

const bytes = new Map();
const file = await openSavefile(process.argv[2] ?? 'examples/curl.pcapng');
await file.run(({ metadata, length }) => {
  const name = metadata?.process?.name ?? '-';
  bytes.set(name, (bytes.get(name) ?? 0) + length);
  return true;
});
file.close();
for (const [name, sum] of [...bytes].sort((a, b) => b[1] - a[1])) console.log(name, sum);
