// A thread that compiles packet filters, right and wrong ones, until it is ended. The first of them loads koffi and libpcap.

import { workerData } from 'node:worker_threads';
import { compileFilter } from '../../src/system/index.js';
import { hasLoaded, type ThreadData } from '../../src/thread.js';

const thread = workerData as ThreadData<Int32Array>;
hasLoaded(thread);
for (;;) {
  for (const text of ['tcp port 80 and host ::1', 'no such filter']) {
    try {
      compileFilter(text, { kind: 'none', dlt: 1 }, { snapshotLength: 65535, optimize: true, netmask: 0 });
    } catch {}
    Atomics.add(thread.data, 0, 1);
  }
}
