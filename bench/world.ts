// Two ends of a veth for live benchmarks: ours, and one in a network namespace where iperf3 serves.

import { execFileSync, spawn } from 'node:child_process';

/** A network of this process's own: a run that was killed may have left its namespace. */
const NETWORK = `10.79.${process.pid % 256}`;
export const SERVER = `${NETWORK}.2`;

export interface World {
  /** Our end's name. */
  readonly device: string;
  /** The network namespace of the other end. */
  readonly namespace: string;
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
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      close();
      process.exit(1);
    });
  }
  try {
    ip('link', 'add', device, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace);
    ip('addr', 'add', `${NETWORK}.1/24`, 'dev', device);
    ip('link', 'set', device, 'up');
    ip('-n', namespace, 'addr', 'add', `${SERVER}/24`, 'dev', 'eth0');
    ip('-n', namespace, 'link', 'set', 'eth0', 'up');
    await sleep(500);
    return { device, namespace, close };
  } catch (error) {
    close();
    throw error;
  }
}
