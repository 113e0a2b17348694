// The types of pktap/browser: the public names, and a strict program that uses them without the types of Node.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';

test('the public names are those that were agreed on', () => {
  const types = 'dist/types/src/browser/index.d.ts';
  assert.equal(readFileSync(types, 'utf8'), readFileSync('test/browser/index.d.txt', 'utf8'));
});

test('a strict program compiles, with the types of a browser alone', () => {
  const folder = mkdtempSync(resolve('dist/strict-browser-'));
  after(() => rmSync(folder, { recursive: true }));
  const program = join(folder, 'program.mts');
  writeFileSync(
    program,
    `import { chooseFields, decode, openLines, openSavefile, openText, type Packet, RowOutput, Summary } from 'pktap/browser';
const input = document.querySelector('input')!;
const file = await openSavefile(input.files![0]!, { metadataFilter: 'proc = a', signal: AbortSignal.timeout(5) });
for await (const packet of file) { const p: Packet = packet.copy(); const name: unknown = decode(p)['process.name']; void name; }
for await (const batch of file.batches()) for (const packet of batch) void packet.length;
const response = await fetch('x');
await openSavefile(response.body!);
await openSavefile(await response.arrayBuffer());
await openSavefile(new Uint8Array(4));
const text = await openText({ verbose: 1 }, (bytes: Uint8Array) => void new TextDecoder().decode(bytes));
text.close();
const rows = new RowOutput({ format: 'csv', fields: chooseFields('ip.src'), info: await openLines() }, (bytes: Uint8Array) => void bytes.length);
rows.close();
const counted: number = new Summary(chooseFields('process.name')).sorted()[0]!.bytes;
void counted;
`,
  );
  const { stdout, status } = spawnSync(
    'npx',
    [
      ...[
        'tsc',
        '--strict',
        '--noEmit',
        '--target',
        'ES2022',
        '--lib',
        'ES2023,DOM,DOM.Iterable,DOM.AsyncIterable',
      ],
      ...['--module', 'NodeNext', '--moduleResolution', 'NodeNext', '--types', '', '--ignoreConfig', program],
    ],
    { encoding: 'utf8' },
  );
  assert.equal(stdout, '');
  assert.equal(status, 0);
});
