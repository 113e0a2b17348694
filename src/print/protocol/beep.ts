// BEEP, the Blocks Extensible Exchange Protocol: what kind of frame a segment begins with. Source: RFC 3080, RFC 3081.

import type { Printer } from '../printer.js';

const KEYWORD = 4;
/** Keywords; tcpdump asks for a zero byte behind two of them. */
const KEYWORDS = ['MSG\0', 'RPY ', 'ERR ', 'ANS ', 'NUL ', 'SEQ ', 'END\0'];

/** A segment of BEEP. */
export function printBeep(p: Printer, offset: number, length: number): void {
  p.protocol = 'beep';
  let word = '';
  if (length >= KEYWORD && p.has(offset, KEYWORD)) word = String.fromCharCode(...p.view(offset, KEYWORD));
  p.text(KEYWORDS.includes(word) ? ` BEEP ${word.slice(0, 3)}` : ' BEEP (payload or undecoded)');
}
