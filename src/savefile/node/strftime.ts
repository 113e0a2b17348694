// strftime(3) in the C locale, local time, for file names (-G).

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

const COMPOUND: Readonly<Record<string, string>> = {
  c: '%a %b %e %H:%M:%S %Y',
  D: '%m/%d/%y',
  F: '%Y-%m-%d',
  h: '%b',
  r: '%I:%M:%S %p',
  R: '%H:%M',
  T: '%H:%M:%S',
  x: '%m/%d/%y',
  X: '%H:%M:%S',
};

/**
 * @param format text with strftime conversions; unknown ones stay as they are
 * @param time when
 * @returns the text with them filled in
 */
export function formatTime(format: string, time: Date): string {
  // E and O ask for other numerals, of which the C locale has none.
  return format.replace(/%[EO]?([a-zA-Z%])/g, (whole, letter: string) => convert(letter, time) ?? whole);
}

function convert(letter: string, t: Date): string | null {
  const compound = COMPOUND[letter];
  if (compound !== undefined) return formatTime(compound, t);
  const two = (value: number, fill = '0'): string => String(value).padStart(2, fill);
  const hour12 = t.getHours() % 12 === 0 ? 12 : t.getHours() % 12;
  switch (letter) {
    case 'a':
      return DAYS[t.getDay()]!.slice(0, 3);
    case 'A':
      return DAYS[t.getDay()]!;
    case 'b':
      return MONTHS[t.getMonth()]!.slice(0, 3);
    case 'B':
      return MONTHS[t.getMonth()]!;
    case 'C':
      return two(Math.floor(t.getFullYear() / 100));
    case 'd':
      return two(t.getDate());
    case 'e':
      return two(t.getDate(), ' ');
    case 'g':
      return two(isoWeek(t).year % 100);
    case 'G':
      return String(isoWeek(t).year);
    case 'H':
      return two(t.getHours());
    case 'I':
      return two(hour12);
    case 'j':
      return String(dayOfYear(t) + 1).padStart(3, '0');
    case 'k':
      return two(t.getHours(), ' ');
    case 'l':
      return two(hour12, ' ');
    case 'm':
      return two(t.getMonth() + 1);
    case 'M':
      return two(t.getMinutes());
    case 'n':
      return '\n';
    case 'p':
      return t.getHours() < 12 ? 'AM' : 'PM';
    case 'P':
      return t.getHours() < 12 ? 'am' : 'pm';
    case 's':
      return String(Math.floor(t.getTime() / 1000));
    case 'S':
      return two(t.getSeconds());
    case 't':
      return '\t';
    case 'u':
      return String(t.getDay() === 0 ? 7 : t.getDay());
    case 'U':
      return two(Math.floor((dayOfYear(t) + 7 - t.getDay()) / 7));
    case 'V':
      return two(isoWeek(t).week);
    case 'w':
      return String(t.getDay());
    case 'W':
      return two(Math.floor((dayOfYear(t) + 7 - ((t.getDay() + 6) % 7)) / 7));
    case 'y':
      return two(t.getFullYear() % 100);
    case 'Y':
      return String(t.getFullYear());
    case 'z': {
      const minutes = -t.getTimezoneOffset();
      const size = Math.abs(minutes);
      return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${two(size % 60)}`;
    }
    case 'Z':
      return zoneName(t);
    case '%':
      return '%';
    default:
      return null;
  }
}

function dayOfYear(t: Date): number {
  return Math.round(
    (Date.UTC(t.getFullYear(), t.getMonth(), t.getDate()) - Date.UTC(t.getFullYear(), 0, 1)) / 86_400_000,
  );
}

/** ISO 8601: the week with the year's first Thursday is week 1. */
function isoWeek(t: Date): { year: number; week: number } {
  const day = new Date(Date.UTC(t.getFullYear(), t.getMonth(), t.getDate()));
  day.setUTCDate(day.getUTCDate() + 4 - (day.getUTCDay() === 0 ? 7 : day.getUTCDay()));
  const year = day.getUTCFullYear();
  return { year, week: Math.ceil(((day.getTime() - Date.UTC(year, 0, 1)) / 86_400_000 + 1) / 7) };
}

function zoneName(t: Date): string {
  const parts = new Intl.DateTimeFormat('en-US', { timeZoneName: 'short' }).formatToParts(t);
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
}
