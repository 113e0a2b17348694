// How pages are compressed: by Zstandard where Node has it (22.15 and later), by Snappy elsewhere.

import { builtin } from '../../builtin.js';
import { snappyCompress } from './snappy.js';

export interface Codec {
  /** Source: parquet.thrift, CompressionCodec. */
  readonly number: number;
  compress(bytes: Uint8Array): Uint8Array;
}

const SNAPPY: Codec = { number: 1, compress: snappyCompress };

/** The best there is. */
export function codec(): Codec {
  const { zstdCompressSync } = builtin('node:zlib') as {
    zstdCompressSync?: (bytes: Uint8Array) => Uint8Array;
  };
  return zstdCompressSync === undefined
    ? SNAPPY
    : { number: 6, compress: (bytes) => zstdCompressSync(bytes) };
}
