// Small compressed files that become large ones.

import { build, pcapHeader } from './build.js';

/** Bytes of a zstd block that is one byte repeated. */
const BLOCK = 128 * 1024;

/** A zstd frame of a capture whose packets are endless zeros: four bytes for each 128 KiB. */
export function zstdBomb(blocks = 4096): Buffer {
  const order = 'little';
  // Records of no bytes at all: 16 zeros each.
  const start = pcapHeader(order, 0xa1b2c3d4, 1);
  const raw = (bytes: Uint8Array): Buffer => Buffer.concat([blockHeader(bytes.length, 0, false), bytes]);
  const parts = [build(order).u32(0xfd2fb528).u8(0, 0x38).done(), raw(start)];
  for (let i = 0; i < blocks; i++) parts.push(blockHeader(BLOCK, 1, i === blocks - 1), Buffer.from([0]));
  return Buffer.concat(parts);
}

function blockHeader(size: number, type: number, last: boolean): Buffer {
  const word = (size << 3) | (type << 1) | (last ? 1 : 0);
  return Buffer.from([word & 255, (word >> 8) & 255, word >> 16]);
}
