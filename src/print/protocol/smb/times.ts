// Times in SMB, shown as the local clock. Source: MS-DTYP section 2.3.3 (FILETIME), MS-CIFS section 2.2.1.4 (SMB_DATE, SMB_TIME).

import { CUT } from './layout.js';
import type { SmbState } from './state.js';

/** Unknown, as times of MS-DOS say it. */
const UNKNOWN = 0xffffffff;
/** The years from 1601 to 1970 as 365.25 days each, and what that is wrong by. */
const FILE_EPOCH = 369 * 365.25 * 24 * 60 * 60 - (3 * 24 * 60 * 60 + 6 * 60 * 60 + 2);

/** A line with the local time, or NULL. */
function show(s: SmbState, seconds: number): void {
  if (seconds === 0) {
    s.p.text('NULL\n');
    return;
  }
  const date = new Date(seconds * 1000);
  const two = (n: number): string => String(n).padStart(2, '0');
  s.p.text(
    `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ` +
      `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}\n`,
  );
}

/** Seconds since 1970 of a date above a time, which are of the server's clock: of standard time here. */
function dosSeconds(date: number, time: number): number {
  const year = (date >> 9) + 1980;
  const month = ((date >> 5) & 15) - 1;
  const minute = (time >> 5) & 63;
  const clock = Date.UTC(year, month, date & 31, time >> 11, minute, 2 * (time & 31)) / 1000;
  // Summer time is the smaller offset to the west.
  const offset = Math.max(...[0, 6].map((monthOfYear) => new Date(year, monthOfYear, 1).getTimezoneOffset()));
  return clock + offset * 60;
}

/** Date in the high half. */
export function dosTime(s: SmbState, at: number): number {
  const value = s.p.le32(at);
  show(s, value === 0 || value === UNKNOWN ? 0 : dosSeconds(value >>> 16, value & 0xffff));
  return at + 4;
}

/** Date in the low half. */
export function swappedDosTime(s: SmbState, at: number): number {
  const value = s.p.le32(at);
  show(s, value === 0 || value === UNKNOWN ? 0 : dosSeconds(value & 0xffff, value >>> 16));
  return at + 4;
}

/** Tenths of a microsecond since 1601, of which the lowest three bytes are left out. */
export function fileTime(s: SmbState, at: number): number {
  if (!s.p.has(at, 8)) return CUT;
  const seconds = (s.p.le32(at + 4) * 256 + s.p.u8(at + 3)) * (1e-7 * 2 ** 24) - FILE_EPOCH;
  show(s, seconds < 0 ? 0 : Math.trunc(seconds));
  return at + 8;
}
