// Where the generator works: two namespaces and a cable between them, all gone when it is closed.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { join, resolve } from 'node:path';

const DIRECTORY = resolve('bench/attribution');
const ADDRESSES = ['10.78.0.1', 'fd78::1', '10.78.0.2', 'fd78::2'] as const;

const ip = (...words: string[]): void => {
  execFileSync('ip', words);
};

/** Names of the kinds of senders, by number. */
export function kindsOfSenders(): string[] {
  const code = 'import ground, json; print(json.dumps(ground.KINDS))';
  return JSON.parse(execFileSync('python3', ['-c', code], { cwd: DIRECTORY, encoding: 'utf8' })) as string[];
}

/** Resolves when a program has said something; fails when it ends before. */
export function says(child: ChildProcess, stream: 'stdout' | 'stderr', pattern: RegExp): Promise<void> {
  let text = '';
  return new Promise((done, fail) => {
    child[stream]!.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (pattern.test(text)) done();
    });
    child.on('close', () => fail(new Error(`ended before ${pattern}: ${text}`)));
  });
}

/** Ends a capture as Ctrl-C does. @returns what it says of its counts */
export function end(capture: ChildProcess): Promise<string> {
  let text = '';
  capture.stderr!.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  return new Promise((done) => {
    capture.on('close', () => done(text));
    capture.kill('SIGINT');
  });
}

/** A generator that has opened what is to be older than a capture, and waits. */
export interface Senders {
  /** Lets them send. Resolves when all have. @throws Error with what they complain of */
  go(): Promise<void>;
}

export class World {
  private readonly here = `pktap-truth-${process.pid}`;
  private readonly there = `pktap-truth-${process.pid}-b`;
  private readonly children = new Set<ChildProcess>();

  /** Makes the namespaces and starts the other host. */
  static async open(): Promise<World> {
    const world = new World();
    try {
      const { here, there } = world;
      for (const name of [here, there]) ip('netns', 'add', name);
      ip('-n', here, 'link', 'add', 'cable', 'type', 'veth', 'peer', 'name', 'cable', 'netns', there);
      for (const [name, v4, v6] of [
        [here, ADDRESSES[0], ADDRESSES[1]],
        [there, ADDRESSES[2], ADDRESSES[3]],
      ] as const) {
        ip('-n', name, 'addr', 'add', `${v4}/24`, 'dev', 'cable');
        ip('-n', name, 'addr', 'add', `${v6}/64`, 'dev', 'cable', 'nodad');
        for (const device of ['lo', 'cable']) ip('-n', name, 'link', 'set', device, 'up');
      }
      await says(world.generator(there, 'echo', ADDRESSES[2]), 'stdout', /ready/);
      return world;
    } catch (error) {
      world.close();
      throw error;
    }
  }

  private inside(namespace: string, words: readonly string[], environment: NodeJS.ProcessEnv): ChildProcess {
    const child = spawn('nsenter', [`--net=/run/netns/${namespace}`, ...words], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
      detached: true,
    });
    this.children.add(child);
    child.on('close', () => this.children.delete(child));
    return child;
  }

  private generator(namespace: string, ...words: string[]): ChildProcess {
    return this.inside(namespace, ['python3', join(DIRECTORY, 'generator.py'), ...words], {});
  }

  /** Starts pktap where the senders are. Resolves when it listens. */
  async capture(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<ChildProcess> {
    const child = this.inside(this.here, [resolve('bin/pktap'), ...args], environment);
    await says(child, 'stderr', /listening on/);
    return child;
  }

  /** @param scale how much will be sent: 1 is some 36,000 packets of 450 processes */
  async senders(scale: number): Promise<Senders> {
    const child = this.generator(this.here, 'run', String(scale), ...ADDRESSES);
    let complaints = '';
    child.stderr!.on('data', (chunk: Buffer) => {
      complaints += chunk.toString();
    });
    await says(child, 'stdout', /ready/);
    return {
      go: async () => {
        child.stdin!.end('go\n');
        await says(child, 'stdout', /done/);
        if (complaints !== '') throw new Error(`the generator failed: ${complaints}`);
      },
    };
  }

  close(): void {
    for (const child of this.children) {
      try {
        process.kill(-child.pid!, 'SIGKILL');
      } catch {
        // gone in between
      }
    }
    for (const name of [this.here, this.there]) {
      try {
        execFileSync('ip', ['netns', 'del', name], { stdio: 'ignore' });
      } catch {
        // never made
      }
    }
  }
}
