// Who sent it? Every packet of the generator's carries the answer; this prints how often the tap agrees, by kind of
// process and socket. Needs root. SCALE=n sends n times as much.

import { FILTERED, run } from './attribution/run.js';

const result = await run(Number(process.env['SCALE'] ?? 5));
const { judgement } = result;
console.log('| kind | right | wrong | not at all | cannot be judged |');
console.log('| --- | --- | --- | --- | --- |');
for (const [kind, v] of [...judgement.kinds].sort(([a], [b]) => (a < b ? -1 : 1))) {
  console.log(`| ${kind} | ${v.right} | ${v.wrong} | ${v.missing} | ${v.open} |`);
}
const { right, wrong, missing, open } = judgement.all;
console.log(`| all | ${right} | ${wrong} | ${missing} | ${open} |`);
const share = ((100 * right) / (right + wrong + missing)).toFixed(3);
console.log(
  `\n${judgement.packets} packets of ${result.processes} processes in ${result.seconds.toFixed(1)} s, ${result.lost} lost; ${share} % right`,
);
const same = JSON.stringify(result.unfiltered) === JSON.stringify(result.filtered);
console.log(
  `${FILTERED}: ${result.unfiltered.length} packets without a filter, ${result.filtered.length} with one, ${same ? 'the same' : 'not the same'}`,
);
for (const example of judgement.examples) console.log(example);
