// Times as RFC 3339 has them, with nanoseconds, in UTC.

const BILLION = 1_000_000_000n;
/** Seconds to the end of the year 9999: a later time has no date. */
const MOST = 253_402_300_799;

/**
 * @param seconds since the epoch
 * @returns up to the second, with the point that the nanoseconds follow: 2023-11-14T22:13:20. Null: there is no such date
 */
export function secondText(seconds: number): string | null {
  return seconds < 0 || seconds > MOST ? null : new Date(seconds * 1000).toISOString().slice(0, 20);
}

/**
 * @param time nanoseconds since the epoch
 * @returns null when there is no such date
 */
export function timeText(time: bigint): string | null {
  const second = time < 0n ? null : secondText(Number(time / BILLION));
  return second === null ? null : `${second}${String(time % BILLION).padStart(9, '0')}Z`;
}

/** The same in seconds since the epoch, with all nine digits. */
export function epochText(time: bigint): string {
  const sign = time < 0n ? '-' : '';
  const size = time < 0n ? -time : time;
  return `${sign}${size / BILLION}.${String(size % BILLION).padStart(9, '0')}`;
}
