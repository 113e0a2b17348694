// `npm run bench -- bursts`: what many interfaces, sockets, processes and large command lines cost, small and large in one run, so
// that what grows faster than its number shows. SCALE: a part of it. Needs root.

import { type Burst, chain, forks, interfaces, named, programs, sockets } from './bursts/kinds.js';
import { machine } from './measure.js';

const SCALE = Number(process.env['SCALE'] ?? 100) / 100;
const PORT = 20_000 + (process.pid % 10_000);

function row(name: string, count: number, { start, stop, memory }: Burst, right: string): void {
  const figures = [`${start.toFixed(0)} ms`, `${stop.toFixed(0)} ms`, `${memory.toFixed(0)} MiB`, right];
  console.log(`| ${name} | ${count} | ${figures.join(' | ')} |`);
}

/** Lines with the name that is expected, of all that there should be. */
function share({ lines }: Burst, expected: RegExp, count: number): string {
  return `${named(lines).filter((name) => expected.test(name)).length} of ${count}`;
}

console.log(`# Bursts\n\n${machine()}\n`);
console.log('| burst | number | start | stop | memory | packets named right |');
console.log('| --- | --- | --- | --- | --- | --- |');
for (const all of [1, 10, 100].map((part) => part / 100)) {
  const of = (most: number): number => Math.max(2, Math.round(most * all * Math.max(SCALE, 0.02)));
  const [faces, open, deep, forked, large] = [of(500), of(30_000), of(3000), of(5000), of(3000)];
  row('interfaces', faces, await interfaces(faces), '');
  row(
    'interfaces, a filter that asks for their netmasks',
    faces,
    await interfaces(faces, ['ip', 'broadcast']),
    '',
  );
  const { pid, ...burst } = await sockets(open, PORT);
  row('open sockets', open, burst, share(burst, new RegExp(`^python3:${pid}$`), 2));
  const linked = await chain(deep, PORT);
  row('chain of processes, `tree=` the first', deep, linked, share(linked, /^python3:/, 1));
  const many = await forks(forked, PORT);
  row('forks', forked, many, share(many, /^python3:/, forked));
  const words = await programs(large, 32_000, PORT);
  row('programs with command lines of 32 kB', large, words, share(words, /^bash:/, large));
}
