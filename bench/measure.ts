// Runs programs and says what they took. Python's wait4 knows the memory of a child, which Node does not tell.

import { spawnSync } from 'node:child_process';
import { availableParallelism, cpus, release, type } from 'node:os';

export interface Cost {
  readonly seconds: number;
  /** Processor time, all threads together. */
  readonly processor: number;
  /** Most memory at once, in MiB. */
  readonly memory: number;
  readonly out: string;
}

const WATCH = `
import json, os, subprocess, sys, time
start = time.monotonic()
child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
out = child.stdout.read()
err = child.stderr.read()
_, status, usage = os.wait4(child.pid, 0)
print(json.dumps({'seconds': time.monotonic() - start, 'processor': usage.ru_utime + usage.ru_stime,
  'memory': usage.ru_maxrss / 1024, 'out': out.decode(), 'err': err.decode(), 'status': status}))`;

/** @throws Error with what it said when it fails */
export function measure(program: string, ...args: string[]): Cost {
  const { stdout } = spawnSync('python3', ['-c', WATCH, program, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const cost = JSON.parse(stdout) as Cost & { err: string; status: number };
  if (cost.status !== 0) throw new Error(`${program} ${args.join(' ')}: ${cost.err}`);
  return cost;
}

export const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[numbers.length >> 1]!;

/** The machine and the versions of what is compared, in a line. */
export function machine(): string {
  const first = (program: string): string => {
    const { stdout, stderr } = spawnSync(program, ['--version'], { encoding: 'utf8' });
    return (
      `${stdout ?? ''}\n${stderr ?? ''}`.split('\n').find((line) => /version|\d\.\d/.test(line)) ??
      `no ${program}`
    );
  };
  const cores = availableParallelism();
  const programs = ['tcpdump', 'tshark', 'editcap', 'dumpcap', 'iperf3'].map(first);
  return [
    `${cores} × ${cpus()[0]!.model}, ${type()} ${release()}, Node ${process.version}`,
    ...programs,
  ].join('; ');
}
