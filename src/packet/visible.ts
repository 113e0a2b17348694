// Text from elsewhere as it can be shown: without what a terminal obeys, and without characters that nobody sees or that
// turn the text around, by which one name could be taken for another.

/**
 * Control characters, halves of surrogate pairs, line and paragraph separators, and all that Unicode says is formatting or
 * ignorable: bidirectional controls, zero-width characters, fillers, tags, variation selectors.
 */
const UNSEEN = /[\p{Cc}\p{Cs}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
const PLAIN = /^[\x20-\x7e]*$/;

/** `^A` for a control character of ASCII, `\x9b`, `\u202e` or `\u{e0001}` for others. */
function escaped(character: string): string {
  const code = character.codePointAt(0)!;
  if (code < 0x20 || code === 0x7f) return `^${String.fromCharCode(code ^ 0x40)}`;
  const hex = code.toString(16);
  if (code < 0x100) return `\\x${hex}`;
  return code > 0xffff ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`;
}

/** @returns the text with an escape for every character that must not, or cannot, be seen as itself */
export function visible(text: string): string {
  return PLAIN.test(text) ? text : text.replace(UNSEEN, escaped);
}
