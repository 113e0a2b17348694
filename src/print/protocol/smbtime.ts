// Times of SMB: DOS' packed ones and Windows' count from 1601. Source: MS-CIFS, MS-DTYP.

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Seconds between 1601 and 1970 as tcpdump has them: 369 Julian years, and what they are wrong by. */
const SINCE_1601 = 369.0 * 365.25 * 24 * 60 * 60;
const CORRECTION = 3 * 24 * 60 * 60 + 6 * 60 * 60 + 2;

/** Seconds since 1970 of a time in units of 100 ns since 1601, by its upper five bytes; 0 before 1970. */
export function fileTime(high: number, next: number): number {
  const seconds = (high * 256.0 + next) * (1.0e-7 * (1 << 24)) - SINCE_1601 + CORRECTION;
  return seconds < 0 ? 0 : Math.trunc(seconds);
}

/** Seconds since 1970 of a packed date and time of day, which are local and know no summer time. */
export function dosTime(date: number): number {
  if (date === 0) return 0;
  const year = (date >>> 25) + 1980;
  const month = ((date >>> 21) & 15) - 1;
  const local = Date.UTC(
    year,
    month,
    (date >>> 16) & 31,
    (date >>> 11) & 31,
    (date >>> 5) & 63,
    (date & 31) * 2,
  );
  const winter = Math.max(
    new Date(year, 0, 1).getTimezoneOffset(),
    new Date(year, 6, 1).getTimezoneOffset(),
  );
  return local / 1000 + winter * 60;
}

/** C's asctime of the local time, newline included; `NULL` for no time. */
export function asctime(seconds: number): string {
  if (seconds === 0) return 'NULL\n';
  const t = new Date(seconds * 1000);
  const two = (n: number): string => String(n).padStart(2, '0');
  const clock = `${two(t.getHours())}:${two(t.getMinutes())}:${two(t.getSeconds())}`;
  const day = String(t.getDate()).padStart(3);
  return `${DAYS[t.getDay()]} ${MONTHS[t.getMonth()]}${day} ${clock} ${t.getFullYear()}\n`;
}
