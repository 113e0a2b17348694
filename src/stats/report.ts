// A summary as text: a table for eyes, or JSON, CSV and TSV.

import type { Field } from '../decode/facts/index.js';
import { cell, type Dialect, dialectOf, type RowFormat, type Sink, timeText } from '../export/index.js';
import { type Output, type Packet, visible } from '../packet/index.js';
import { firstTime, type Group, lastTime, Summary, type SummaryLimits } from './summary.js';

/** What is counted, in the order of the columns. */
const COUNTS = ['packets', 'bytes', 'bytes_in', 'bytes_out', 'retransmissions', 'flows'] as const;
const TIMES = ['first', 'last'] as const;
const OTHERS = '(others)';
/** Longest text of a table's cell, in characters; longer ones end with an ellipsis. */
const WIDEST = 48;

export interface SummaryOptions {
  readonly fields: readonly Field[];
  readonly format: 'table' | RowFormat;
  /** Reports come while packets are counted, each with its time. */
  readonly repeated?: boolean;
  readonly terminal?: boolean;
  readonly limits?: SummaryLimits;
  /** Takes what is less exact than it looks, a line each, at the end. */
  readonly warn?: (message: string) => void;
}

function countsOf(group: Group): number[] {
  const { packets, bytes, bytesIn, bytesOut, retransmissions, flows } = group;
  return [packets, bytes, bytesIn, bytesOut, retransmissions, flows];
}

/** Counts packets in groups, and says how many when it is asked and when it ends. */
export class SummaryOutput implements Output {
  readonly summary: Summary;
  private headed = false;
  private closed = false;

  constructor(
    private readonly options: SummaryOptions,
    private readonly sink: Sink,
  ) {
    this.summary = new Summary(options.fields, options.limits);
  }

  packet(packet: Packet): void {
    this.summary.packet(packet);
  }

  /** Nothing is held back: what there is to say is said by `report`. */
  flush(): void {}

  /**
   * Says what was counted so far.
   * @param now nanoseconds since the epoch
   */
  report(now: bigint): void {
    const { format } = this.options;
    const time = this.options.repeated === true ? now : null;
    const text = format === 'table' ? this.table(time) : this.rows(format, time);
    if (text !== '') this.sink(Buffer.from(text));
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.report(BigInt(Date.now()) * 1_000_000n);
    for (const line of this.summary.limits()) this.options.warn?.(line);
  }

  private table(now: bigint | null): string {
    const { fields } = this.options;
    const groups = this.summary.sorted();
    const head = [...fields.map(({ name }) => name), ...COUNTS, ...TIMES];
    const lines = groups.map((group) => [
      ...(group.others
        ? [OTHERS, ...fields.slice(1).map(() => '')]
        : group.values.map((value, i) => shown(fields[i]!, value))),
      ...countsOf(group).map(String),
      timeText(firstTime(group)) ?? '',
      timeText(lastTime(group)) ?? '',
    ]);
    const widths = head.map((name, i) => Math.max(width(name), ...lines.map((line) => width(line[i]!))));
    const keys = fields.length;
    const line = (cells: readonly string[]): string =>
      `${cells
        .map((text, i) => {
          const pad = ' '.repeat(widths[i]! - width(text));
          return i >= keys && i < keys + COUNTS.length ? pad + text : text + pad;
        })
        .join('  ')
        .trimEnd()}\n`;
    const title = now === null ? '' : `${this.headed ? '\n' : ''}${timeText(now)}\n`;
    this.headed = true;
    return title + [head, ...lines].map(line).join('');
  }

  private rows(format: RowFormat, now: bigint | null): string {
    const { fields, terminal = false } = this.options;
    const dialect = dialectOf(format, terminal);
    const names = [
      ...(now === null ? [] : ['time']),
      ...fields.map(({ name }) => name),
      ...COUNTS,
      ...TIMES,
      'others',
    ];
    const header = this.headed ? null : dialect.header(names);
    this.headed = true;
    const rows = this.summary.sorted().map((group) => {
      const cells = [
        ...(now === null ? [] : [cell(dialect, 'time', now)]),
        ...group.values.map((value, i) => (value === null ? null : cell(dialect, fields[i]!.type, value))),
        ...countsOf(group).map(String),
        cell(dialect, 'time', firstTime(group)),
        cell(dialect, 'time', lastTime(group)),
        group.others ? 'true' : null,
      ];
      return row(dialect, names, cells);
    });
    return (header ?? '') + rows.join('');
  }
}

/** A line: what is not known is left out of JSON, and empty elsewhere. */
function row(dialect: Dialect, names: readonly string[], cells: readonly (string | null)[]): string {
  const text = names
    .map((name, i) => (cells[i] === null && !dialect.empty ? '' : dialect.before(name, i) + (cells[i] ?? '')))
    .join('');
  return dialect.empty ? `${text}\n` : `{${text.slice(1)}}\n`;
}

/** A value for eyes; what is not known is a dash. */
function shown(field: Field, value: Group['values'][number]): string {
  if (value === null) return '-';
  const text = Array.isArray(value) ? value.join(' ') : (cell(dialectOf('csv'), field.type, value) ?? '-');
  const seen = visible(typeof value === 'string' ? value : text);
  return seen.length > WIDEST ? `${[...seen].slice(0, WIDEST - 1).join('')}…` : seen;
}

/** Columns of a text on a terminal, but for wide characters. */
function width(text: string): number {
  return [...text].length;
}
