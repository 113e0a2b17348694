// SSH's banner. Source: RFC 4253 4.2.

import type { Printer } from '../printer.js';

const PREFIX = 'SSH-';
const LF = 10;
const CR = 13;

/** The identification string, when it is whole and printable; nothing of what is encrypted after it. */
export function printSsh(p: Printer, offset: number, length: number): void {
  p.protocol = 'ssh';
  for (let i = 0; i < PREFIX.length; i++) {
    if (p.u8(offset + i) !== PREFIX.charCodeAt(i)) return;
  }
  for (let i = PREFIX.length; i < length; i++) {
    const c = p.u8(offset + i);
    if (c === LF || (c === CR && i + 1 < length && p.u8(offset + i + 1) === LF)) {
      p.text(': SSH: ');
      p.safeBytes(offset, i);
      return;
    }
    if (c < 0x20 || c >= 0x7f) return;
  }
}
