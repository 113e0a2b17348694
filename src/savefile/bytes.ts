// Copying bytes without allocating: what every packet written goes through.

/** Below this, a loop beats the view that TypedArray.set needs. */
const LOOP = 96;

/** Copies `length` bytes. Both places have been checked. */
export function copyBytes(
  source: Uint8Array,
  from: number,
  target: Uint8Array,
  to: number,
  length: number,
): void {
  if (length <= LOOP) for (let i = 0; i < length; i++) target[to + i] = source[from + i]!;
  else target.set(new Uint8Array(source.buffer, source.byteOffset + from, length), to);
}
