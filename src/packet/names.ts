// Names of bytes that need be no UTF-8: as text, and back to the same bytes. A byte that is part of none becomes half a surrogate pair,
// U+DC80 to U+DCFF (as Python's surrogateescape has it), which no UTF-8 holds; `visible` shows it as an escape.

const REPLACED = '\ufffd';
const LOW = 0xdc00;
const HALVES = /[\udc80-\udcff]/;
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @returns bytes [start, end) as text */
export function nameText(bytes: Uint8Array, start = 0, end = bytes.length): string {
  const text: string = Buffer.prototype.utf8Slice.call(bytes, start, end);
  // Most are UTF-8; the others have something replaced.
  return text.includes(REPLACED) ? carefully(bytes.subarray(start, end)) : text;
}

/** The character that begins at a place, null when none does. */
function characterAt(bytes: Uint8Array, at: number): string | null {
  const first = bytes[at]!;
  const length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  try {
    return decoder.decode(bytes.subarray(at, at + length));
  } catch {
    return null;
  }
}

function carefully(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const character = characterAt(bytes, at);
    text += character ?? String.fromCharCode(LOW + bytes[at]!);
    at += character === null ? 1 : Buffer.byteLength(character);
  }
  return text;
}

/** Whether a name's bytes are no UTF-8. */
export function isForeign(text: string): boolean {
  if (!HALVES.test(text)) return false;
  for (const character of text) if (isByte(character.codePointAt(0)!)) return true;
  return false;
}

function isByte(code: number): boolean {
  return code >= LOW + 0x80 && code <= LOW + 0xff;
}

/** @returns the bytes that a text stands for: its UTF-8, and those that were none */
export function nameBytes(text: string): Uint8Array {
  if (!HALVES.test(text)) return Buffer.from(text, 'utf8');
  const parts = Array.from(text, (character) => {
    const code = character.codePointAt(0)!;
    return isByte(code) ? Buffer.of(code - LOW) : Buffer.from(character, 'utf8');
  });
  return Buffer.concat(parts);
}
