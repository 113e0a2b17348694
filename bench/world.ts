// Two ends of a veth for live benchmarks: ours, and one in a network namespace where iperf3 serves.

import { execFileSync, spawn } from 'node:child_process';

export const SERVER = '10.79.0.2';

export interface World {
  /** Our end's name. */
  readonly device: string;
  close(): void;
}

const ip = (...args: string[]): void => {
  execFileSync('ip', args);
};

export const sleep = (milliseconds: number): Promise<void> =>
  new Promise((done) => setTimeout(done, milliseconds));

/** Needs root. */
export async function makeWorld(): Promise<World> {
  const namespace = `pktap-bench-${process.pid}`;
  const device = `pkb${process.pid % 100000}`;
  ip('netns', 'add', namespace);
  const server = spawn('ip', ['netns', 'exec', namespace, 'iperf3', '-s'], { stdio: 'ignore' });
  const close = (): void => {
    server.kill();
    ip('netns', 'del', namespace);
  };
  try {
    ip('link', 'add', device, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace);
    ip('addr', 'add', '10.79.0.1/24', 'dev', device);
    ip('link', 'set', device, 'up');
    ip('-n', namespace, 'addr', 'add', `${SERVER}/24`, 'dev', 'eth0');
    ip('-n', namespace, 'link', 'set', 'eth0', 'up');
    await sleep(500);
    return { device, close };
  } catch (error) {
    close();
    throw error;
  }
}
