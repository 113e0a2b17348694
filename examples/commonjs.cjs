// The library in CommonJS (Node.js 20.19 and later).

const { openSavefile } = require('pktap');

async function main() {
  const file = await openSavefile(process.argv[2] ?? 'examples/curl.pcapng');
  const packets = [];
  for await (const packet of file) packets.push(packet);
  file.close();
  // They are copies: what they hold is there when the file is closed.
  console.log(packets.length, packets[0].data.length);
}

void main();
