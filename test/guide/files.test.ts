// docs/guide: what its commands that read files print, and that every command there is run by this test, by the live one, or says why not.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { check, masked, readPages } from './pages.js';
import { makeFolder } from './programs.js';

/** What cannot be run by a test, and why. */
const NOT_RUN: Readonly<Record<string, string>> = {
  'needs a Mac': 'apple.md',
  'needs an iPhone and a Mac': 'apple.md',
  'opens a window': 'wireshark.md',
  'changes the system': 'without-root.md',
  'runs for a day': 'a-day.md',
};

const pages = readPages();
/** Pages with scenes are the live test's, with all their commands: they work on one another's files. */
const isLive = ({ blocks }: (typeof pages)[number]): boolean => blocks.some(({ kind }) => kind === 'scene');
const missing = ['tshark', 'jq'].filter((name) => spawnSync('sh', ['-c', `command -v ${name}`]).status !== 0);

for (const page of pages.filter((one) => !isLive(one))) {
  const needs = missing.filter((name) =>
    page.blocks.some(({ commands }) => commands.some(({ text }) => text.includes(name))),
  );
  test(`docs/guide/${page.name}`, { skip: needs.length > 0 && `no ${needs.join(', ')}` }, async (t) => {
    const { folder, env } = makeFolder(t);
    for (const block of page.blocks)
      if (block.kind === 'files')
        await check(page.name, block, { before: [], folder, env, traffic: async () => {} });
  });
}

test('what is not run says why', () => {
  for (const page of pages)
    for (const { kind, words, commands } of page.blocks) {
      assert.ok(commands.length > 0, page.name);
      if (kind === 'not run') assert.equal(NOT_RUN[words], page.name, words);
    }
});

test('the guide’s list has every page, and every link leads somewhere', () => {
  const index = readFileSync('docs/guide/README.md', 'utf8');
  for (const { name } of pages) {
    if (name !== 'README.md') assert.ok(index.includes(`](${name})`), name);
    const text = readFileSync(join('docs/guide', name), 'utf8');
    for (const [, link] of text.matchAll(/\]\(([^)#]+?)(?:#[^)]*)?\)/g))
      if (!link!.includes('://')) assert.ok(existsSync(join('docs/guide', link!)), `${name}: ${link}`);
  }
});

test('what may differ is masked, and no more', () => {
  const line =
    '(eth0, proc curl:4711, svc BE, out, nf, so) IP 192.0.2.10.50766 > 192.0.2.80.80: Flags [S], seq 123, length 0';
  const again =
    '(eth0, proc curl:12, svc BE, out, nf, so) IP 192.0.2.10.41234 > 192.0.2.80.80: Flags [S], seq 99999, length 0';
  assert.equal(masked(line), masked(again));
  for (const other of ['curl', '192.0.2.80.80', '192.0.2.10', 'length 0', 'nf'])
    assert.notEqual(masked(line), masked(again.replace(other, '7')), other);
  assert.notEqual(masked('1 packet'), masked('2 packet'));
});
