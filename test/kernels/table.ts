// The tables at the end: cases by kernel, and kinds of senders by kernel, as docs/manual.md has them.

import type { Report } from './result.js';

function markdown(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`;
  return [line(rows[0]!), line(widths.map((width) => '-'.repeat(width))), ...rows.slice(1).map(line)].join(
    '\n',
  );
}

/** Cases by kernel. */
export function table(reports: readonly Report[]): string {
  const names = [...new Set(reports.flatMap(({ results }) => results.map(({ name }) => name)))];
  return markdown([
    ['', ...reports.map(({ version }) => version)],
    ...names.map((name) => [
      name,
      ...reports.map(({ results }) => {
        const result = results.find((each) => each.name === name);
        if (result === undefined) return '-';
        return `${result.right ? result.note.split('\n')[0]! : 'NOT RIGHT'}${result.again ? ' (second try)' : ''}`;
      }),
    ]),
    ['seconds, of a processor', ...reports.map(({ seconds, processor }) => `${seconds}, ${processor}`)],
  ]);
}

/** Kinds of senders by kernel: packets right / wrong / not at all. */
export function exactness(reports: readonly Report[]): string {
  const columns = reports.flatMap(({ version, results }) => {
    const kinds = results.find((result) => result.kinds !== undefined)?.kinds;
    return kinds === undefined ? [] : [{ version, kinds }];
  });
  if (columns.length === 0) return '';
  const names = [...new Set(columns.flatMap(({ kinds }) => Object.keys(kinds)))];
  const sums = columns.map(({ kinds }) => {
    const sum = { right: 0, wrong: 0, missing: 0 };
    for (const verdict of Object.values(kinds)) {
      sum.right += verdict.right;
      sum.wrong += verdict.wrong;
      sum.missing += verdict.missing;
    }
    return sum;
  });
  const cell = (verdict: { right: number; wrong: number; missing: number } | undefined): string =>
    verdict === undefined ? '-' : `${verdict.right} / ${verdict.wrong} / ${verdict.missing}`;
  return markdown([
    ['right / wrong / not at all', ...columns.map(({ version }) => version)],
    ...names.map((name) => [name, ...columns.map(({ kinds }) => cell(kinds[name]))]),
    ['all', ...sums.map(cell)],
  ]);
}

/** What is to be told at the end, and the status: 1 something is not right, 3 nothing is, but not all could be judged. */
export function verdict(
  reports: readonly Report[],
  open: readonly string[],
): { text: string; status: number } {
  const wrong = reports.flatMap(({ version, results }) =>
    results.filter(({ right }) => !right).map(({ name }) => `${version}: ${name}`),
  );
  const unjudged = [...open, ...reports.flatMap((report) => report.open)];
  const parts = reports.length === 0 ? [] : [table(reports), exactness(reports)];
  if (unjudged.length > 0) parts.push(`not judged:\n${unjudged.join('\n')}`);
  if (wrong.length > 0) parts.push(`not right:\n${wrong.join('\n')}`);
  return {
    text: parts.filter((part) => part !== '').join('\n\n'),
    status: wrong.length > 0 ? 1 : unjudged.length > 0 ? 3 : 0,
  };
}
