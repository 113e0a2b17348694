// What the documents show of the sources is what the sources say.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { help, optionsDocument } from '../src/cli/reference/index.js';
import { METADATA_FIELDS } from '../src/filter/index.js';

test('docs/architecture.md shows the smallest printer as it is', () => {
  const text = readFileSync('docs/architecture.md', 'utf8');
  assert.ok(text.includes(`\`\`\`ts\n${readFileSync('src/print/protocol/esp/ipcomp.ts', 'utf8')}\`\`\`\n`));
  for (const file of ['table', 'transport']) {
    const line = /^.*ipcomp.*$/m.exec(readFileSync(`src/print/${file}.ts`, 'utf8'))![0];
    assert.ok(text.includes(line), line);
  }
});

test('every field of -Q is in docs/filters.md, in docs/manual.md and in --help', () => {
  const filters = readFileSync('docs/filters.md', 'utf8');
  const manual = readFileSync('docs/manual.md', 'utf8');
  const [listed] = /^ {4}if proc pid [\s\S]*?\n\n/m.exec(manual)!;
  const [helped] = /conditions of -Q[\s\S]*?every field/.exec(help())!;
  for (const name of METADATA_FIELDS) {
    assert.match(filters, new RegExp(`^\\| \`${name}\` +\\|`, 'm'), name);
    assert.match(listed, new RegExp(`\\b${name}\\b`), name);
    assert.match(helped, new RegExp(`\\b${name}\\b`), name);
  }
});

test('docs/options.md is made from the table of options', () => {
  assert.equal(readFileSync('docs/options.md', 'utf8'), optionsDocument(), 'npm run docs makes it');
});
