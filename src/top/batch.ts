// Reports as plain text, for scripts and pipes: exact numbers in front, names behind, a line for the total. What packets say is
// escaped, and spaces within it are \x20: words are the columns.

import type { Traffic } from '../stats/traffic/index.js';
import { batchAmounts, batchColumns } from './columns.js';
import { type Line, type Listing, MOST } from './listing.js';
import { list } from './lists.js';
import { shown } from './width.js';

/** Something as one word. */
function word(text: string, ascii: boolean): string {
  return text === '' ? '-' : shown(text, ascii).replaceAll(' ', '\\x20');
}

/**
 * @param now the second that is going on
 * @param most rows that are shown
 * @returns a report that ends with an empty line
 */
export function report(
  traffic: Traffic,
  listing: Listing,
  now: number,
  most: number,
  ascii: boolean,
): string {
  const { amounts, labels } = batchColumns(listing.view, listing.group);
  const { lines, count } = list(traffic, listing, now, 0, Math.min(most, MOST));
  const how = { ascii, names: true, now, width: 0 };
  const total: Line = {
    id: '',
    labels: {},
    process: null,
    counts: traffic.total.counts(now),
    unknown: false,
    over: false,
  };
  const rows = [
    [...amounts, ...labels.map(({ title }) => title)],
    [...batchAmounts(total).map(String), 'TOTAL', ...labels.slice(1).map(() => '-')],
    ...lines.map((line) => [
      ...batchAmounts(line).map(String),
      ...labels.map((column) => word(column.text(line, how), ascii)),
    ]),
  ];
  const widths = amounts.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  const text = rows.map((row) =>
    row
      .map((cell, i) => (i < widths.length ? cell.padStart(widths[i]!) : cell))
      .join(' ')
      .trimEnd(),
  );
  const date = new Date(now * 1000);
  const time = Number.isNaN(date.getTime()) ? `${now}` : date.toISOString().replace('.000', '');
  const cut = count > lines.length ? `, the first ${lines.length} of ${count}` : '';
  return `${time} ${listing.view}${cut}\n${text.join('\n')}\n\n`;
}
