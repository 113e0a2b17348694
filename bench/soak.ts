// Constant churn of processes: `npm run soak`, an hour, or MINUTES=n. Prints memory over time and what is left in the
// kernel. Needs root.

import { soak } from './attribution/soak.js';

const minutes = Number(process.env['MINUTES'] ?? 60);
let last = 0;
const result = await soak(minutes * 60, (round) => {
  if (performance.now() - last < 30_000) return;
  last = performance.now();
  console.log(round);
});
const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[numbers.length >> 1]!;
console.log('| resident MiB | second quarter | last quarter | most |');
console.log('| --- | --- | --- | --- |');
for (const [name, all] of [
  ['-w /dev/null', result.writing],
  ['-kn', result.printing],
] as const) {
  const quarter = all.length >> 2;
  const parts = [all.slice(quarter, 2 * quarter), all.slice(3 * quarter)].map(median);
  const [second, fourth] = parts.map((kilobytes) => (kilobytes / 1024).toFixed(0));
  console.log(`| ${name} | ${second} | ${fourth} | ${(Math.max(...all) / 1024).toFixed(0)} |`);
}
console.log(
  `${result.writing.length} rounds, ${result.packets} packets, ${result.lost} lost; left in the kernel: ${result.left.length} of ${result.held.length} objects`,
);
