// `pktap web` as a process of a test, and requests to it with any headers.

import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { join, resolve } from 'node:path';
import type { TestContext } from 'node:test';

export interface Served {
  readonly process: ChildProcess;
  readonly url: string;
  readonly port: number;
  readonly token: string;
  /** What it said on standard error so far. */
  said(): string;
  /** Ends it. @returns its exit status */
  stop(): Promise<number | null>;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly bytes: Buffer;
}

/** Starts it and waits for its address. */
export async function serve(t: TestContext, ...args: string[]): Promise<Served> {
  const child = spawn(resolve('bin/pktap'), ['web', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  let printed = '';
  child.stderr.on('data', (part) => {
    said += part;
  });
  const ended = new Promise<number | null>((done) => child.once('exit', (status) => done(status)));
  const stop = (): Promise<number | null> => {
    child.kill('SIGTERM');
    return ended;
  };
  t.after(stop);
  const url = await new Promise<string>((done, fail) => {
    child.stdout.on('data', (part) => {
      printed += part;
      if (printed.endsWith('\n')) done(printed.trim());
    });
    child.once('exit', () => fail(new Error(said)));
  });
  const [, port, token] = /^http:\/\/127\.0\.0\.1:(\d+)\/#([\w-]{22})$/.exec(url) ?? [];
  if (port === undefined) throw new Error(`${url} is no address`);
  return { process: child, url, port: Number(port), token: token!, said: () => said, stop };
}

/** Sends a request; headers are ours alone. */
export function ask(
  { port, token }: Pick<Served, 'port' | 'token'>,
  path: string,
  {
    method = 'GET',
    headers = {},
    body = '',
  }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  const all: Record<string, string> = { Authorization: `Bearer ${token}`, ...headers };
  for (const [name, value] of Object.entries(all)) if (value === '') delete all[name];
  return new Promise((done, fail) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers: all }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => {
        const bytes = Buffer.concat(parts);
        done({ status: response.statusCode!, headers: response.headers, body: bytes.toString(), bytes });
      });
    });
    sent.on('error', fail);
    sent.end(body);
  });
}

/** Asks with JSON, and takes JSON. */
export async function post<T>(
  served: Pick<Served, 'port' | 'token'>,
  path: string,
  question: unknown,
): Promise<T> {
  const { status, body } = await ask(served, path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(question),
  });
  if (status !== 200) throw new Error(`${status} ${body}`);
  return JSON.parse(body) as T;
}

/** The first message of the stream that is as wanted. */
export function message<T>(
  { port, token }: Pick<Served, 'port' | 'token'>,
  wanted: (message: T) => boolean,
): Promise<T> {
  return new Promise((done, fail) => {
    const sent = request(
      { host: '127.0.0.1', port, path: '/api/stream', headers: { Authorization: `Bearer ${token}` } },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part) => {
          text += part;
          const lines = text.split('\n');
          text = lines.pop()!;
          for (const line of lines) {
            const one = JSON.parse(line) as T;
            if (!wanted(one)) continue;
            sent.destroy();
            done(one);
            return;
          }
        });
      },
    );
    sent.on('error', fail);
    sent.end();
  });
}

/** The first of these programs that there is; null: none. */
export function findProgram(names: readonly string[], given: string | undefined): string | null {
  const folders = (process.env['PATH'] ?? '').split(':');
  const places = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  for (const path of [given ?? '', ...places]) {
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {}
  }
  return null;
}
