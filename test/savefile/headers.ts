// PKTAP headers, built byte by byte.

import { build } from './build.js';

export const uuid = Uint8Array.from({ length: 16 }, (_, i) => i + 1);
export const other = Uint8Array.from({ length: 16 }, (_, i) => 255 - i);
const LE = 'little';

export interface Header {
  length?: number;
  type?: number;
  linkType?: number;
  flags?: number;
}

export function version1({
  length = 156,
  type = 1,
  linkType = 1,
  flags = 2 | 0x4000 | 0x20000,
}: Header = {}): Buffer {
  const header = build(LE)
    .u32(length, type, linkType)
    .bytes('en0', 24)
    .u32(flags, 2, 14, 0, 4711)
    .bytes('curl', 17)
    .u8(17)
    .u16(0xbeef)
    .u32(100)
    .u16(6, 0)
    .u32(12)
    .bytes('a name of 17 byte', 17)
    .bytes('', 3)
    .u32(0xfedcba98, 3, 1_700_000_000, 5)
    .bytes(uuid)
    .bytes(other);
  return header.done().subarray(0, Math.min(length, 156));
}

export function dropped(line: number, name: string): Buffer {
  const length = name === '' ? 161 : 164 + name.length + 1;
  const head = Buffer.concat([version1({ length, type: 2 }), build(LE).u32(42).u8(name.length).done()]);
  return name === '' ? head : Buffer.concat([head, build(LE).u8(0).u16(line).bytes(name).u8(0).done()]);
}

export function version2(): Buffer {
  const head = build(LE)
    .u8(109, 40, 0, 56, 60, 0)
    .u16(101, 0, 0, 24, 6)
    .u32(30, 900, 77, 4711, -1, 1 | 0x80000 | 0x100000)
    .bytes(uuid)
    .bytes('lo0\0')
    .bytes('a process\0');
  return head.bytes('', 109 - head.length).done();
}
