// Numbers and times for eyes.

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

export function bytes(value: number): string {
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? Math.round(value) : value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} ${UNITS[unit]}`;
}

export function rate(value: number): string {
  return value === 0 ? '' : `${bytes(value)}/s`;
}

export function whole(value: number): string {
  return value.toLocaleString('en');
}

export function count(value: number): string {
  return value === 0 ? '' : whole(value);
}

function two(value: number): string {
  return `${value}`.padStart(2, '0');
}

/** Time of day; `digits` of a second. */
export function time(seconds: number, digits = 0): string {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return `${seconds}`;
  const fraction = digits === 0 ? '' : (seconds - Math.floor(seconds)).toFixed(digits).slice(1);
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}${fraction}`;
}
