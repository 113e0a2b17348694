// `npm run test:kernels [-- SERIES… [--only WORDS] [--minutes NUMBER] [--scale NUMBER] [--verbose]]`: boots Debian's kernels one beside
// the other and runs the cases on each; what is not right is tried once more. One table at the end. The status is 1 when something
// is not right, 3 when something could not be judged: no QEMU, no kernel, or no time.

import { cpus } from 'node:os';
import { ALL_SERIES, fetchKernel, installTools, type Kernel } from './fetch.js';
import { boot } from './machine.js';
import type { Report } from './result.js';
import { verdict } from './table.js';
import { attempt } from './trial.js';
import { wordsOf } from './words.js';

/** Share of packets whose process must be known; what is known wrong must be nothing anywhere. */
const LEAST: { readonly [series: string]: number } = { '5.10': 0.99, '6.1': 0.999 };
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const words = wordsOf(process.argv.slice(2));
/** Kernels that cannot be had: each is told of, and the others are tested. */
const open: string[] = [];

/** @returns what is done, null: it cannot be */
function possible<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    open.push((error as Error).message);
    console.log(open.at(-1));
    return null;
  }
}

const tools = possible(() => {
  installTools();
  return true;
});
const waiting =
  tools === null
    ? []
    : (words.asked.length === 0 ? ALL_SERIES : words.asked).flatMap(
        (series) => possible(() => fetchKernel(series)) ?? [],
      );
const reports = new Map<string, Report>();

async function test(kernel: Kernel): Promise<void> {
  const report = await attempt({
    ...{ name: kernel.version, boot: (guest) => boot(kernel, guest), node: process.execPath },
    ...{ least: LEAST[kernel.series] ?? 1, ...words },
  });
  reports.set(kernel.series, report);
}

// A machine has two processors, but waits often.
await Promise.all(
  Array.from({ length: Math.max(1, Math.min(2, cpus().length)) }, async () => {
    for (let kernel = waiting.shift(); kernel !== undefined; kernel = waiting.shift()) {
      if (performance.now() < words.until) await test(kernel);
      else open.push(`${kernel.version}: there was no time`);
    }
  }),
);
const { text, status } = verdict(
  ALL_SERIES.flatMap((series) => reports.get(series) ?? []),
  open,
);
console.log(`\n${text}`);
process.exit(status);
