// Packets as Parquet files: loaded only where they are written.

export { type ParquetOptions, ParquetOutput } from './output.js';
