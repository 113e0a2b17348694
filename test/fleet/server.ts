// A NATS server for tests: on a port of its own, with what it keeps in a folder that goes with the test.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect as connectTo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { loadClient } from '../../src/fleet/client.js';

/** Why tests with a server cannot run here; false when they can. */
export const noServer: string | false = (() => {
  if (spawnSync('nats-server', ['--version']).error !== undefined) return 'nats-server is not installed';
  try {
    loadClient();
    return false;
  } catch (error) {
    return (error as Error).message;
  }
})();

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

export interface Server {
  readonly url: string;
  readonly port: number;
  /** Ends it as `kill -9` does. */
  kill(): Promise<void>;
  /** Begins again with what it had kept. */
  begin(): Promise<void>;
}

/** Starts a server. @param configuration a file; null: none */
export async function startServer(
  t: TestContext,
  configuration: string | null = null,
  port: number | null = null,
): Promise<Server> {
  const at = port ?? (await freePort());
  const store = mkdtempSync(join(tmpdir(), 'pktap-nats-'));
  let child: ChildProcess | null = null;
  const kill = async (): Promise<void> => {
    const dying = child;
    child = null;
    if (dying === null || dying.exitCode !== null || dying.signalCode !== null) return;
    const ended = new Promise((done) => dying.once('exit', done));
    dying.kill('SIGKILL');
    await ended;
  };
  const begin = async (): Promise<void> => {
    const words = configuration === null ? ['-js', '-sd', store] : ['-c', configuration];
    child = spawn('nats-server', ['-a', '127.0.0.1', '-p', `${at}`, ...words], { stdio: 'ignore' });
    for (let i = 0; i < 400; i++) {
      const there = await new Promise<boolean>((done) => {
        const socket = connectTo(at, '127.0.0.1')
          .once('connect', () => {
            socket.destroy();
            done(true);
          })
          .once('error', () => done(false));
      });
      if (there) return;
      await new Promise((done) => setTimeout(done, 50));
    }
    throw new Error('nats-server does not come');
  };
  t.after(async () => {
    await kill();
    rmSync(store, { recursive: true, force: true });
  });
  await begin();
  return { url: `nats://127.0.0.1:${at}`, port: at, kill, begin };
}
