// Numbers for eyes: bytes with a unit, times, and history as a line of bars.

const UNITS = ['', 'k', 'M', 'G', 'T', 'P', 'E'];

/** A number in at most five characters: 0, 999, 1.23k, 12.3M, 123G. */
export function short(n: number): string {
  if (!Number.isFinite(n)) return '-';
  let unit = 0;
  let value = n;
  // What would be rounded up to 1000 has the next unit.
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  if (unit === 0) return String(Math.round(value));
  const digits = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  return value.toFixed(digits) + UNITS[unit];
}

/** A duration: 12s, 3:04, 1:02:03, 2d03h. */
export function duration(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds));
  const two = (n: number): string => String(n).padStart(2, '0');
  if (s < 60) return `${s}s`;
  if (s < 3600) return `${Math.floor(s / 60)}:${two(s % 60)}`;
  if (s < 86_400) return `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
  return `${Math.floor(s / 86_400)}d${two(Math.floor(s / 3600) % 24)}h`;
}

/** A time of day in this machine's time zone, with its date. */
export function clock(seconds: number): string {
  const t = new Date(seconds * 1000);
  if (Number.isNaN(t.getTime())) return '-';
  const two = (n: number): string => String(n).padStart(2, '0');
  const day = `${t.getFullYear()}-${two(t.getMonth() + 1)}-${two(t.getDate())}`;
  return `${day} ${two(t.getHours())}:${two(t.getMinutes())}:${two(t.getSeconds())}`;
}

const BARS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const ASCII_BARS = [' ', '.', ':', '-', '=', '+', '*', '#', '@'];

/**
 * History as bars, the largest of which is full. Anything at all shows a bar.
 * @param values the oldest first
 * @param columns bars; each is the largest of its values
 */
export function sparkline(values: readonly number[], columns: number, ascii: boolean, most?: number): string {
  const bars = ascii ? ASCII_BARS : BARS;
  const per = Math.max(1, Math.ceil(values.length / columns));
  const groups: number[] = [];
  for (let end = values.length; end > 0 && groups.length < columns; end -= per)
    groups.unshift(Math.max(...values.slice(Math.max(0, end - per), end)));
  const top = most ?? Math.max(...groups);
  const line = groups
    .map((value) => (value <= 0 ? ' ' : bars[Math.min(8, Math.max(1, Math.ceil((value / top) * 8)))]!))
    .join('');
  return line.padStart(columns);
}
