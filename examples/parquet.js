// A capture as a Parquet file: node examples/parquet.js FILE OUT

import { openSavefile, ParquetOutput } from 'pktap';

const [, , path = 'examples/curl.pcapng', to = '/tmp/pktap-example.parquet'] = process.argv;
const file = await openSavefile(path);
const output = new ParquetOutput(to);
await file.run((packet) => {
  output.packet(packet);
  return true;
});
output.close();
file.close();
console.log(output.rows, 'rows');
