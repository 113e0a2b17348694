// Starts a capture of an agent's as a process of its own, and hears what it sends.

import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import {
  type CaptureEvents,
  type CaptureRequest,
  type Capturing,
  narrowed,
  type Policy,
  parseJson,
  SectionSplitter,
} from '../../fleet/index.js';
import { packageFile } from '../../packagefolder.js';
import type { Asked } from './words.js';

/** Bytes of a section at most, and of a line. */
const MOST_SECTION = 4 << 20;
const MOST_LINE = 1 << 20;
/** What a child has of the environment: nothing that is the agent's alone. */
const KEPT = ['PATH', 'LANG', 'LC_ALL', 'TZ', 'HOME'];

/** Lines of JSON out of a stream that may send anything. */
function lines(stream: Readable, take: (line: Record<string, unknown>) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop()!;
    if (rest.length > MOST_LINE) rest = '';
    for (const part of parts) {
      const line = parseJson(Buffer.from(part), MOST_LINE);
      if (line !== null) take(line);
    }
  });
  stream.on('error', () => {});
}

/** @param host this machine's name */
export function capturerOf(
  host: string,
  policy: Policy,
): (request: CaptureRequest, events: CaptureEvents, own: readonly string[]) => Capturing {
  return (request, events, own) => {
    const environment = Object.fromEntries(
      KEPT.flatMap((name) => {
        const value = process.env[name];
        return value === undefined ? [] : [[name, value]];
      }),
    );
    const child = spawn(
      process.execPath,
      ['--no-warnings', packageFile('dist/command/start.cjs'), 'agent', '--capture'],
      { stdio: ['pipe', 'pipe', 'pipe', 'pipe'], env: environment, cwd: '/' },
    );
    const splitter = new SectionSplitter(MOST_SECTION);
    let said = '';
    let broken: string | null = null;
    let over = false;
    const end = (failure: string | null): void => {
      if (over) return;
      over = true;
      events.ended(failure);
    };
    child.on('error', (error) => end(error.message));
    child.stdin.on('error', () => {});
    child.stdout.on('data', (chunk: Buffer) => {
      if (broken !== null) return;
      try {
        for (const { bytes, packets } of splitter.push(chunk)) events.section(bytes, packets);
      } catch (error) {
        broken = (error as Error).message;
        child.kill('SIGKILL');
      }
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4096);
    });
    lines(child.stdio[3] as Readable, (line) => {
      const { counts, flows, said: words, opened } = line;
      if (opened === true) events.opened();
      if (typeof flows === 'string') events.flows(flows);
      if (typeof words === 'string') events.said(words);
      if (typeof counts === 'object' && counts !== null) {
        const { received = 0, droppedByKernel = 0, withheld = 0 } = counts as Record<string, number>;
        events.counts(received, droppedByKernel, withheld);
      }
    });
    child.on('close', (status, signal) => {
      const words = said
        .trim()
        .split('\n')[0]!
        .replace(/^pktap: /, '');
      if (broken !== null) end(broken);
      else if (status === 0) end(null);
      else end(words === '' ? `the capture ended by ${signal ?? `status ${status}`}` : words);
    });
    const asked: Asked = { host, request, expression: narrowed(policy, request.expression, own), policy };
    child.stdin.write(`${JSON.stringify(asked)}\n`);
    return { stop: () => child.stdin.end(), kill: () => void child.kill('SIGKILL') };
  };
}
