// SSH's banner. Source: RFC 4253 4.2.

import type { Printer } from '../printer.js';

const PREFIX = 'SSH-';

/** The identification string; nothing of what is encrypted after it. */
export function printSsh(p: Printer, offset: number, length: number): void {
  p.protocol = 'ssh';
  for (let i = 0; i < PREFIX.length; i++) {
    if (i >= length) {
      p.truncated();
      return;
    }
    if (p.u8(offset + i) !== PREFIX.charCodeAt(i)) return;
  }
  p.text(': SSH: ');
  for (let i = 0; i < length; i++) {
    const c = p.u8(offset + i);
    if (c === 10 || c === 13) return;
    p.safeChar(c);
  }
}
