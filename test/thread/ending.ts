// Ends threads in the midst of their native calls; the last of them by the end of the process.
// Arguments: how many threads, and the milliseconds that each has at most.

import { Thread } from '../../src/thread.js';

const [count, most] = process.argv.slice(2).map(Number) as [number, number];
let compiled = 0;
for (let i = 1; i <= count; i++) {
  const calls = new Int32Array(new SharedArrayBuffer(4));
  const thread = new Thread('../test/thread/compiling.js', calls);
  await new Promise((resolve) => setTimeout(resolve, (most * i) / count));
  if (i === count) {
    console.log(compiled + Atomics.load(calls, 0));
    process.exit(0);
  }
  const ended = new Promise((resolve) => thread.worker.once('exit', resolve));
  thread.end();
  await ended;
  compiled += Atomics.load(calls, 0);
}
