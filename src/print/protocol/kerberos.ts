// Kerberos: messages of version 4, the version of others. Source: Athena Technical Plan section E.2.1; RFC 4120.

import { wordOf } from '../inline.js';
import type { Printer, Words } from '../printer.js';

const Type = { REQUEST: 2, REPLY: 4, APPLICATION_REQUEST: 6, ERROR: 10 } as const;
const TYPES: Words = {
  2: 'KDC_REQUEST',
  4: 'KDC_REPLY',
  6: 'APPL_REQUEST',
  8: 'APPL_REQUEST_MUTUAL',
  10: 'ERR_REPLY',
  12: 'PRIVATE',
  14: 'SAFE',
  16: 'APPL_ERR',
  126: 'DIE',
};
const ERRORS: Words = {
  0: 'OK',
  1: 'NAME_EXP',
  2: 'SERVICE_EXP',
  3: 'AUTH_EXP',
  4: 'PKT_VER',
  5: 'NAME_MAST_KEY_VER',
  6: 'SERV_MAST_KEY_VER',
  7: 'BYTE_ORDER',
  8: 'PRINCIPAL_UNKNOWN',
  9: 'PRINCIPAL_NOT_UNIQUE',
  10: 'NULL_KEY',
};
/** First bytes of version 5: the tags of its requests and replies for a first ticket. */
const VERSION_5: readonly number[] = [0x6a, 0x6b];

/** A Kerberos message. */
export function printKerberos(p: Printer, offset: number): void {
  p.protocol = 'kerberos';
  p.text('kerberos');
  const version = p.u8(offset);
  if (version >= 1 && version <= 4) p.text(` v${version}`);
  else if (VERSION_5.includes(version)) p.text(' v5');
  if (version === 4 && !version4(p, offset)) p.truncated();
}

/** @returns false when a name has no end */
function version4(p: Printer, offset: number): boolean {
  if (!p.has(offset + 1, 1)) return false;
  const little = (p.u8(offset + 1) & 1) !== 0;
  const type = p.u8(offset + 1) & 0xfe;
  const short = (at: number): number => (little ? p.le16(at) : p.u16(at));
  p.text(` ${little ? 'le' : 'be'} ${wordOf(TYPES, type, '#%d')}: `);
  switch (type) {
    case Type.REQUEST: {
      const at = principal(p, offset + 2);
      if (at === 0) return false;
      p.text(` ${p.u8(at + 4) * 5}min `);
      return names(p, at + 5, '.', '') !== 0;
    }
    case Type.APPLICATION_REQUEST: {
      p.text(`v${p.u8(offset + 2)} `);
      const at = names(p, offset + 3, '');
      if (at === 0) return false;
      p.text(` (${p.u8(at)})`);
      p.text(` (${p.u8(at + 1)})`);
      return true;
    }
    case Type.REPLY: {
      const at = principal(p, offset + 2);
      if (at !== 0) p.text(` (${short(at + 10)})`);
      return at !== 0;
    }
    case Type.ERROR: {
      const at = principal(p, offset + 2);
      if (at === 0) return false;
      p.text(` ${wordOf(ERRORS, short(at + 4), '#%d')} `);
      return names(p, at + 8, '') !== 0;
    }
    default:
      p.text('(unknown)');
      return true;
  }
}

/** Who it is: name, instance and realm. */
const principal = (p: Printer, offset: number): number => names(p, offset, '.', '@', '');

/** Names with what stands behind each. @returns where they end, 0 when one has no end */
function names(p: Printer, offset: number, ...behind: readonly string[]): number {
  let at = offset;
  for (const text of behind) {
    const used = p.safeZeroTerminated(at, Number.POSITIVE_INFINITY);
    if (used === 0) return 0;
    at += used;
    p.text(text);
  }
  return at;
}
