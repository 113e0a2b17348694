// The kernel's counters, which each processor has its own of.

import { readFileSync } from 'node:fs';
import { lookupMap } from '../../../system/index.js';

let possibleCpus = 0;
/** More than a kernel is built for: what the kernel does not fill stays 0. */
const MOST_CPUS = 8192;

/** Processors there may be; without /sys, surely no fewer. */
function countCpus(): number {
  try {
    const last = readFileSync('/sys/devices/system/cpu/possible', 'latin1').trim().split(/[-,]/).pop();
    return Number(last) + 1;
  } catch {
    return MOST_CPUS;
  }
}

/** Sum over the CPUs of one counter. */
export function sumCounter(map: number, index: number): number {
  if (possibleCpus === 0) {
    possibleCpus = countCpus();
  }
  const key = new Uint8Array(new Uint32Array([index]).buffer);
  const values = new BigUint64Array(possibleCpus);
  lookupMap(map, key, new Uint8Array(values.buffer));
  return Number(values.reduce((sum, value) => sum + value, 0n));
}
