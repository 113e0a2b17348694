// The best effort: without eBPF short programs are named as well as they can be found, and nobody is named wrong.

import assert from 'node:assert/strict';
import { capture, curl, PORT, partsOf, said, shell, webServer } from './capture.js';
import type { Case } from './cases.js';

const RUNS = 10;

/** Real-time priority: how long a program lives is its own work, whatever else runs. The capture goes first, as what sleeps mostly does. */
const priority = (number: number): string[] => ['chrt', '-r', String(number)];

async function shortPrograms(): Promise<string> {
  const server = await webServer();
  try {
    shell(`chrt -a -r -p 5 ${server.pid}`);
    const running = await capture(
      ['-tkn', '-i', 'pktap,lo', `tcp port ${PORT}`],
      [...priority(6), 'env', 'PKTAP_ATTACH=packet'],
    );
    const clients = new Set<string>();
    for (let i = 0; i < RUNS; i++) clients.add(`curl:${(await curl(priority(5))).pid}`);
    const seen = await running.end();
    assert.ok(seen.lines.length >= RUNS * 16, `${seen.lines.length} packets\n${seen.err}`);
    assert.match(
      said(seen).join('\n'),
      /^pktap: no eBPF \(PKTAP_ATTACH=packet\): packets by AF_PACKET, [^\n]*best effort[^\n]*$/,
    );
    let named = 0;
    for (const line of seen.lines) {
      const { proc, out, toServer } = partsOf(line);
      if (proc === null) continue;
      named++;
      assert.ok(toServer === out ? clients.has(proc) : proc === `python3:${server.pid}`, line);
    }
    // How many is judged on a real processor (`test/live/shortlived.test.ts`): one of two emulated ones may be kept waiting.
    assert.ok(named > 0, seen.lines.join('\n'));
    return `${named} of ${seen.lines.length} packets named`;
  } finally {
    server.kill('SIGKILL');
  }
}

export const BEST_EFFORT: { readonly [name: string]: Case } = { 'best effort': shortPrograms };
