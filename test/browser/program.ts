// What bundle.test.ts runs: the bundle for browsers as if there were no Node. For each file on the command line a line of JSON: the text
// of its packets, their rows, and what it broke off with.

import { readFileSync, writeSync } from 'node:fs';

interface Job {
  readonly path: string;
  /** How its bytes come. */
  readonly as: 'blob' | 'bytes' | 'chunks';
  readonly verbose: number;
  readonly filter: string | null;
}

const jobs = JSON.parse(process.argv[2]!) as readonly Job[];
const bundle = process.argv[3]!;

// What browsers lack is gone before anything of the bundle is loaded.
const without = globalThis as Record<string, unknown>;
for (const name of ['Buffer', 'process', 'setImmediate', 'clearImmediate', 'global', 'require'])
  delete without[name];

const { openSavefile, openText, openLines, RowOutput, FIELDS } = (await import(
  bundle
)) as typeof import('../../src/browser/index.js');

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0, size = 1; at < bytes.length; at += size, size = (size * 7 + 3) % 4099)
    yield bytes.slice(at, at + size);
}

for (const { path, as, verbose, filter } of jobs) {
  const bytes = new Uint8Array(readFileSync(path));
  const decoder = new TextDecoder();
  let text = '';
  let rows = '';
  let error: string | null = null;
  const output = await openText({ verbose, timestamp: 4, metadata: 'INPSDCF' }, (part) => {
    text += decoder.decode(part, { stream: true });
  });
  const json = new RowOutput({ format: 'json', fields: FIELDS, info: await openLines() }, (part) => {
    rows += decoder.decode(part);
  });
  try {
    const from = as === 'blob' ? new Blob([bytes]) : as === 'bytes' ? bytes.slice().buffer : pieces(bytes);
    const file = await openSavefile(from, { name: path, metadataFilter: filter });
    await file.run((packet) => {
      output.packet(packet);
      json.packet(packet);
      return true;
    });
    file.close();
  } catch (broken) {
    error = (broken as Error).message;
  }
  output.close();
  json.close();
  const line = new TextEncoder().encode(`${JSON.stringify({ text, rows, error })}\n`);
  for (let at = 0; at < line.length; ) at += writeSync(1, line, at);
}
