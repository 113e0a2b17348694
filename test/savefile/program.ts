// Runs the command as its users do, and files for it to read.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { build, pcapHeader, pcapRecord } from './build.js';
import { fileOf, udp } from './helpers.js';

export const command = resolve('bin/pktap');

export interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs it to its end. */
export function pktap(args: readonly string[], more: { cwd?: string; input?: string } = {}): Ended {
  const { status, stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    env: { ...process.env, TZ: 'UTC' },
    ...more,
  });
  return { status, out: stdout, err: stderr };
}

/** Starts it. `end` waits for its end. */
export function start(
  args: readonly string[],
  cwd = process.cwd(),
): { child: ChildProcess; end: () => Promise<Ended>; text: () => string } {
  const child = spawn(command, args, { cwd, env: { ...process.env, TZ: 'UTC' } });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const ended = new Promise<Ended>((done) => {
    child.on('close', (status) => done({ status, out, err }));
  });
  return { child, end: () => ended, text: () => out };
}

/** The header of a little-endian pcap file of Ethernet. */
export const header = pcapHeader('little', 0xa1b2c3d4, 1);

/** A record: `payload` in a UDP datagram at a time in milliseconds. */
export function record(milliseconds: number, payload: string): Buffer {
  const seconds = Math.floor(milliseconds / 1000);
  return pcapRecord('little', seconds, (milliseconds % 1000) * 1000, udp(payload));
}

/** A pcap file of Ethernet with one packet at each time. */
export function pcapOf(times: readonly number[], payload = 'x', suffix = '.pcap'): string {
  return fileOf(Buffer.concat([header, ...times.map((time) => record(time, payload))]), suffix);
}

/** A list of files, for -V. */
export function listOf(...paths: string[]): string {
  return fileOf(
    build('little')
      .bytes(`${paths.join('\n')}\n`)
      .done(),
    '.list',
  );
}

/** Waits until `done` says so. */
export async function until(done: () => boolean, what: string): Promise<void> {
  for (let i = 0; i < 500; i++) {
    if (done()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`waited for ${what}`);
}
