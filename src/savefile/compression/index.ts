// Tells compressed savefiles by their first bytes, whatever they are called.

import type { MakeDecompressor } from './decoder.js';

const gzip = (): Promise<typeof import('./gzip.js')> => import('./gzip.js');
const zstd = (): Promise<typeof import('./zstd.js')> => import('./zstd.js');
const lz4 = (): Promise<typeof import('./lz4.js')> => import('./lz4.js');

/** Bytes needed to tell. */
export const MAGIC_LENGTH = 4;

/**
 * @param b the first bytes of a file, MAGIC_LENGTH of them
 * @returns what decompresses it, loaded only now; null when it is not compressed
 */
export async function decompressorFor(b: Uint8Array): Promise<MakeDecompressor | null> {
  if (b[0] === 0x1f && b[1] === 0x8b) {
    const { GzipDecompressor } = await gzip();
    return (output) => new GzipDecompressor(output);
  }
  const magic = (b[0]! | (b[1]! << 8) | (b[2]! << 16) | (b[3]! << 24)) >>> 0;
  if (magic === 0xfd2f_b528) {
    const { ZstdDecompressor } = await zstd();
    return (output) => new ZstdDecompressor(output);
  }
  if (magic === 0x184d_2204) {
    const { Lz4Decompressor } = await lz4();
    return (output) => new Lz4Decompressor(output);
  }
  return null;
}

/** Loads all of them. */
export async function loadDecompressors(): Promise<void> {
  await Promise.all([gzip(), zstd(), lz4()]);
}
