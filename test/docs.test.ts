// What the documents show of the sources is what the sources say.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

test('docs/architecture.md shows the smallest printer as it is', () => {
  const text = readFileSync('docs/architecture.md', 'utf8');
  assert.ok(text.includes(`\`\`\`ts\n${readFileSync('src/print/protocol/esp/ipcomp.ts', 'utf8')}\`\`\`\n`));
  for (const file of ['table', 'transport']) {
    const line = /^.*ipcomp.*$/m.exec(readFileSync(`src/print/${file}.ts`, 'utf8'))![0];
    assert.ok(text.includes(line), line);
  }
});
