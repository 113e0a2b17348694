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

/** Every option of the manuals: those of tcpdump 4.99 first, then what tcpdump 5.0 and Apple's have besides. */
const MANUALS = {
  'tcpdump 4.99':
    '-A -b -B --buffer-size -c --count -C -d -D --list-interfaces -e -E -f -F -G -h --help --version -H -i --interface -I --monitor-mode --immediate-mode ' +
    '-j --time-stamp-type -J --list-time-stamp-types --time-stamp-precision --micro --nano -K --dont-verify-checksums -l -L --list-data-link-types -m -M -n -N ' +
    '-# --number -O --no-optimize -p --no-promiscuous-mode --print -Q --direction -q -r -S --absolute-tcp-sequence-numbers -s --snapshot-length -T -t -u -U ' +
    '--packet-buffered -v -V -w -W -x -X -y --linktype -z -Z --relinquish-privileges --list-remote-interfaces',
  'tcpdump 5.0': '--lengths --skip --print-sampling',
  "Apple's":
    '-g --apple-oneline -k --apple-md-print -P --apple-pcapng --apple-md-filter --apple-arp-plain --apple-truncate --apple-pktapv2',
} as const;

test('docs/options.md has every option of the manuals', () => {
  const text = readFileSync('docs/options.md', 'utf8');
  // In the first column, or in the words above the tables.
  const places = text
    .split('\n')
    .map((line) => (line.startsWith('|') ? (line.split(' | ')[0] ?? '') : line.startsWith('#') ? '' : line))
    .join('\n');
  const spelled = new Set(places.match(/(?<![\w-])--?[a-zA-Z#][\w-]*/g));
  for (const [manual, options] of Object.entries(MANUALS))
    for (const option of options.split(' ')) assert.ok(spelled.has(option), `${manual}: ${option}`);
});
