// Packets as Parquet files: loaded only where they are written.

export { columnOf } from './columns.js';
export { ParquetFile } from './file.js';
export { type ParquetOptions, ParquetOutput } from './output.js';
