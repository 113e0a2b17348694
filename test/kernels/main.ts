// `npm run test:kernels [-- SERIES… [--only WORDS] [--verbose]]`: boots Debian's kernels one beside the other and runs the cases on
// each. One table at the end; the status is 1 when something is not right.

import { cpus } from 'node:os';
import { ALL_SERIES, fetchKernel, installTools, type Kernel } from './fetch.js';
import { boot } from './machine.js';
import type { Report } from './report.js';
import { MARK, type Result } from './result.js';
import { exactness, table } from './table.js';

/** Share of packets whose process must be known; what is known wrong must be nothing anywhere. */
const LEAST: { readonly [series: string]: number } = { '5.10': 0.99, '6.1': 0.999 };
/** Processor time of one machine: three times what it takes. */
const SECONDS = 1800;
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const words = process.argv.slice(2);
const verbose = words.includes('--verbose');
const at = words.indexOf('--only');
const only = at < 0 ? '' : words[at + 1]!;
const asked = words.filter((word, i) => !word.startsWith('--') && (at < 0 || i !== at + 1));

async function test(kernel: Kernel): Promise<Report> {
  const start = performance.now();
  const results: Result[] = [];
  const others: string[] = [];
  const line = (text: string): void => {
    const mark = text.indexOf(MARK);
    if (mark < 0) {
      if (verbose) console.log(`${kernel.series}: ${text}`);
      others.push(text);
      return;
    }
    const result = JSON.parse(text.slice(mark + MARK.length)) as Result;
    results.push(result);
    console.log(
      `${kernel.version}: ${result.name}: ${result.right ? 'right' : 'NOT RIGHT'} (${result.seconds} s): ${result.note}`,
    );
  };
  const guest = `'${process.execPath}' dist/test/kernels/guest.js ${LEAST[kernel.series] ?? 1} '${only}'; echo guest ended $?`;
  const why = await boot(kernel, { script: guest, seconds: SECONDS, line });
  if (why !== null || !others.some((text) => text.includes('guest ended 0'))) {
    const note = `${why ?? 'it ended before its time'}; it said last:\n${others.slice(-20).join('\n')}`;
    console.log(`${kernel.version}: ${note}`);
    results.push({ name: 'all of them', right: false, note, seconds: 0 });
  }
  return { kernel, results, seconds: Math.round((performance.now() - start) / 1000) };
}

installTools();
const reports: Report[] = [];
/** Kernels that cannot be had: each is told of, and the others are tested. */
const missing: string[] = [];
const waiting = (asked.length === 0 ? ALL_SERIES : asked).flatMap((series) => {
  try {
    return [fetchKernel(series)];
  } catch (error) {
    missing.push((error as Error).message);
    console.log(missing.at(-1));
    return [];
  }
});
// A machine has two processors, but waits often.
await Promise.all(
  Array.from({ length: Math.max(1, Math.min(2, cpus().length)) }, async () => {
    for (;;) {
      const kernel = waiting.shift();
      if (kernel === undefined) return;
      reports.push(await test(kernel));
    }
  }),
);
reports.sort((a, b) => ALL_SERIES.indexOf(a.kernel.series) - ALL_SERIES.indexOf(b.kernel.series));
if (reports.length > 0) console.log(`\n${table(reports)}`);
const kinds = exactness(reports);
if (kinds !== '') console.log(`\n${kinds}`);
const wrong = [
  ...missing,
  ...reports.flatMap(({ kernel, results }) =>
    results.filter(({ right }) => !right).map(({ name }) => `${kernel.version}: ${name}`),
  ),
];
if (wrong.length > 0) {
  console.log(`\nnot right:\n${wrong.join('\n')}`);
  process.exit(1);
}
