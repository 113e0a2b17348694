// Pieces that the generators of routing protocols are made of.

import { be16, be32, bytes, type Part, type Random } from './generator.js';

/** The right length, or once in `times` another one. */
export const about = (random: Random, length: number, times = 16): number =>
  random.once(times)
    ? Math.max(0, random.pick([0, 1, 3, length - 1, length + 1, length + 4, 0xffff]))
    : length;

/** The same in one byte. */
export const about8 = (random: Random, length: number, times = 16): number =>
  Math.min(255, about(random, length, times));

/** A list of parts made one by one. */
export const many = (random: Random, least: number, most: number, make: () => Part): Part[] =>
  Array.from({ length: random.between(least, most) }, make);

/** Zeros up to a multiple of four. */
export const padded = (part: Part): Uint8Array => {
  const body = bytes(part);
  return bytes(body, Array<number>(-body.length & 3).fill(0));
};

/** The whole of it, or once in `times` less. */
export const shortened = (random: Random, part: Part, times = 16): Uint8Array => {
  const body = bytes(part);
  return body.subarray(0, random.once(times) ? random.int(body.length + 1) : body.length);
};

/** Type, length and value in 16 bits each, padded. */
export function tlv16(random: Random, type: number, value: Part): Uint8Array {
  const body = bytes(value);
  return padded([be16(type), be16(about(random, body.length)), body]);
}

/** Type, length and value, a byte each. */
export function tlv8(random: Random, type: number, value: Part): Uint8Array {
  const body = bytes(value).subarray(0, 255);
  return bytes(type, about8(random, body.length, 24), body);
}

/** A bandwidth in bytes a second as an IEEE number, or bits that are none. */
export function bandwidth(random: Random): number[] {
  if (random.once(12)) return random.bytes(4);
  if (random.once(12))
    return random.pick([
      [0, 0, 0, 0],
      [0x80, 0, 0, 0],
      [0xff, 0xc0, 0, 0],
      [0x7f, 0x80, 0, 0],
    ]);
  const number = new DataView(new ArrayBuffer(4));
  number.setFloat32(0, random.int(1_000_000_000) / 8);
  return be32(number.getUint32(0));
}

/** Several bandwidths. */
export const bandwidths = (random: Random, count: number): Part =>
  Array.from({ length: count }, () => bandwidth(random));
