// How a row is written: as JSON, as CSV or as TSV.

import { type Field, type FieldValue, hexText } from '../decode/facts/index.js';
import { epochText, timeText } from './times.js';

export type RowFormat = 'json' | 'csv' | 'tsv';

/** What differs between the formats. A row is a cell a field, and a line feed. */
export interface Dialect {
  /** The first line, null: none. */
  header(names: readonly string[]): string | null;
  /** Before the value of the field at a place in the row. */
  before(name: string, index: number): string;
  /** Around texts in which nothing has to be escaped. */
  readonly quote: string;
  /** Whether a cell of nothing is written for what is not known. */
  readonly empty: boolean;
  /** Any text, with what is around it. */
  text(text: string): string;
}

/**
 * Control characters, which a terminal would obey, and all that turns text around or cannot be seen; halves of surrogate pairs, which
 * are no text in UTF-8. JSON.stringify escapes but the first 32 and lone halves.
 */
const UNSEEN = /[\x7f-\x9f\u{ad}\u{61c}\u{200b}-\u{200f}\u{2028}-\u{202e}\u{2060}-\u{206f}\u{feff}]/gu;
const HALVES = /\p{Cs}/gu;
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

const unicode = (c: string): string => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** @returns whether a text is written as it is, in every format */
export function isPlain(text: string): boolean {
  return PLAIN.test(text);
}

/** A text as JSON: valid UTF-8, nothing that a terminal obeys, and the same again when it is read. */
function jsonText(text: string): string {
  return JSON.stringify(text.replace(HALVES, '\ufffd')).replace(UNSEEN, unicode);
}

/** A text as CSV (RFC 4180): in quotes where it has to be. */
function csvText(text: string): string {
  if (text === '') return '""';
  const whole = text.replace(HALVES, '\ufffd');
  return /[",\r\n]|^\s|\s$/.test(whole) ? `"${whole.replaceAll('"', '""')}"` : whole;
}

const TSV_ESCAPES: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r', '\\': '\\\\' };

/** A text as TSV, with the escapes of PostgreSQL's, MySQL's and ClickHouse's. */
function tsvText(text: string): string {
  return text.replace(HALVES, '\ufffd').replace(/[\t\n\r\\]/g, (c) => TSV_ESCAPES[c]!);
}

/** What a terminal would obey, shown instead. */
function shown(text: string): string {
  return text.replace(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/g, unicode).replace(UNSEEN, unicode);
}

/**
 * @param terminal whether it is read by eyes: control characters of texts are then written as escapes, in CSV and TSV too
 */
export function dialectOf(format: RowFormat, terminal = false): Dialect {
  if (format === 'json') {
    return {
      header: () => null,
      before: (name) => `,${JSON.stringify(name)}:`,
      quote: '"',
      empty: false,
      text: jsonText,
    };
  }
  const separator = format === 'csv' ? ',' : '\t';
  const text = format === 'csv' ? csvText : tsvText;
  return {
    header: (names) => `${names.join(separator)}\n`,
    before: (_, index) => (index === 0 ? '' : separator),
    quote: '',
    empty: true,
    text: terminal ? (value) => shown(text(value).replaceAll('\n', '\\n')) : text,
  };
}

/** A value as a cell; null: it cannot be written. Lists are JSON in every format. */
export function cell(dialect: Dialect, type: Field['type'], value: FieldValue): string | null {
  switch (type) {
    case 'time': {
      const time = timeText(value as bigint);
      return time === null ? null : dialect.quote + time + dialect.quote;
    }
    case 'epoch':
      return epochText(value as bigint);
    case 'bytes':
      return dialect.quote + hexText(value as Uint8Array) + dialect.quote;
    case 'strings': {
      const list = `[${(value as readonly string[]).map(jsonText).join(',')}]`;
      return dialect.quote === '"' ? list : dialect.text(list);
    }
    case 'string':
      return dialect.text(value as string);
    default:
      return String(value);
  }
}
