// The house is as its rules say: who imports whom, how long files are, how many lie in a folder.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { test } from 'node:test';
import { exportsIn, takenIn, unusedExports } from '../tools/exports.js';
import { cycles, type How, importsIn, readSources, type SourceFile } from '../tools/imports.js';
import { faults, picture, pictureIn } from '../tools/rooms.js';

/** Lines of a file at most, and files of code in a folder. */
const LINES = 500;
const FILES = 60;
/** A folder of one file a protocol. */
const MANY: Readonly<Record<string, number>> = { 'src/print/protocol': 110 };
const CODE = /\.(c?ts|js|c|h)$/;
const FOLDERS = ['src', 'test', 'bench', 'tools', 'kernel'];

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => CODE.test(name))
    .map((name) => posix.join(folder, name));
}

/** Sources made up for a test: each file with what it imports. */
function made(files: Readonly<Record<string, string>>): Map<string, SourceFile> {
  return new Map(
    Object.entries(files).map(([path, text]) => {
      const found = importsIn(text);
      return [
        path,
        {
          path,
          imports: found
            .filter(([name]) => name.startsWith('.'))
            .map(([name, how]) => ({
              to: posix.join(posix.dirname(path), name).replace(/js$/, 'ts'),
              how,
            })),
          packages: found.map(([name]) => name).filter((name) => !name.startsWith('.')),
          lines: 1,
        },
      ];
    }),
  );
}

test('rooms import what they may, by their doors, and nothing goes round', () => {
  assert.deepEqual(faults(readSources('src')), []);
});

test('docs/architecture.md has the picture of the rooms as they are (npm run picture)', () => {
  assert.equal(pictureIn(readFileSync('docs/architecture.md', 'utf8')), picture(readSources('src')));
});

test('files are short enough to be read', () => {
  const long = FOLDERS.flatMap(filesOf).flatMap((path) => {
    const text = readFileSync(path, 'utf8');
    const lines = text.split('\n').length - 1;
    return lines < LINES || isTable(text) ? [] : [`${path}: ${lines} lines`];
  });
  assert.deepEqual(long, []);
});

/** Whether a file is data: hardly a line of it does anything. */
function isTable(text: string): boolean {
  const lines = text.split('\n');
  const doing = lines.filter((line) => /\b(if|for|while|return|case|switch)\b|=>/.test(line));
  return doing.length < lines.length / 25;
}

test('folders hold no more than one can look over', () => {
  const counts = new Map<string, number>();
  for (const path of FOLDERS.flatMap(filesOf)) {
    const folder = posix.dirname(path);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  const full = [...counts].filter(([folder, count]) => count > (MANY[folder] ?? FILES));
  assert.deepEqual(full, []);
});

/** Files whose exports others than our own TypeScript take, and one name that the compiler alone reads. */
const FACES: readonly string[] = [
  'src/index.ts',
  'src/browser/index.ts',
  // The bundles put these in the places of others, or run them.
  'src/browser/instead/builtin.ts',
  'src/browser/instead/late.ts',
  'src/browser/instead/system.ts',
  'src/cli/loader.cts',
  // The build makes it of the kernel's structures, with all that they have.
  'src/tap/linux/ebpf/layouts.ts',
  // The live views' own room, each of which takes some of it.
  'src/stats/traffic/index.ts',
];
const CHECKED_BY_COMPILER = 'src/tap/linux/ebpf/constants.ts exports NotGiven, which nobody uses';

test('nothing is exported that nobody takes', () => {
  const unused = unusedExports('src', ['test', 'bench', 'tools'], FACES);
  assert.deepEqual(unused, [CHECKED_BY_COMPILER]);
  for (const face of FACES.filter((path) => !path.endsWith('layouts.ts')))
    assert.ok(filesOf('src').includes(face), `${face} is no file`);
});

test('exports and what is taken are found in every form', () => {
  const text = [
    "export { a, b as c, type D } from './x.js';",
    'export const e = 1;\nexport async function f() {}\nexport default class {}\nexport abstract class G {}',
    'export type H = 1;\nexport interface I {}\n// export const not = 1;',
    "import { j, type K as L } from './y.js';\nimport * as m from './z.js';\nexport * from './w.js';",
    "const n = await import('./v.js');",
  ].join('\n');
  assert.deepEqual(exportsIn(text).sort(), ['D', 'G', 'H', 'I', 'a', 'c', 'e', 'f']);
  assert.deepEqual(takenIn(text), [
    ['./x.js', 'a'],
    ['./x.js', 'b'],
    ['./x.js', 'D'],
    ['./y.js', 'j'],
    ['./y.js', 'K'],
    ['./z.js', '*'],
    ['./w.js', '*'],
    ['./v.js', '*'],
  ]);
});

test('imports are found in every form, and not in comments', () => {
  const text = `// import { a } from './comment.js';
import { a } from './value.js';
import type { B } from './type.js';
import { type C, type D } from './types.js';
import { type E, f } from './both.js';
export * from './star.js';
export { type G } from './exported.js';
import './bare.js';
const late = () => import('./late.js');
const named: typeof import('./typeof.js') = load<typeof import('./typeof.js')>('./typeof.js');
new Worker(new URL('./thread.js', import.meta.url));
/* import { x } from './block.js'; */ const quoted = '// no comment';
import {
  g,
} from './lines.js';
`;
  const expected: [string, How][] = [
    ['./value.js', 'value'],
    ['./type.js', 'type'],
    ['./types.js', 'type'],
    ['./both.js', 'value'],
    ['./star.js', 'value'],
    ['./exported.js', 'type'],
    ['./lines.js', 'value'],
    ['./bare.js', 'value'],
    ['./late.js', 'late'],
    ['./typeof.js', 'late'],
    ['./typeof.js', 'late'],
    ['./thread.js', 'thread'],
  ];
  assert.deepEqual(importsIn(text), expected);
});

test('cycles are found by value, by type and by late loads', () => {
  const files = made({
    'a.ts': "import { b } from './b.js';",
    'b.ts': "import type { C } from './c.js';",
    'c.ts': "const a = import('./a.js');",
    'd.ts': "import { a } from './a.js';",
    'e.ts': "import type { E } from './e.js';",
  });
  assert.deepEqual(cycles(files), [['a.ts', 'b.ts', 'c.ts'], ['e.ts']]);
  assert.deepEqual(
    cycles(files, (how) => how !== 'late'),
    [['e.ts']],
  );
});

test('what rooms may not do is said', () => {
  const files = readSources('src');
  const broken = new Map([
    ...files,
    ...made({
      'packet/bad.ts': "import { open } from '../run/index.js';",
      'print/bad.ts': "import { LinkType } from '../packet/linktype.js';",
      'filter/bad.ts': "import koffi from 'koffi';",
      'tap/bad.ts': "import { openTap } from './index.js';",
      'cellar/index.ts': '',
      'names/bad.ts': "import { openTap } from '../index.js';",
    }),
  ]);
  const said = faults(broken);
  for (const line of [
    'packet/bad.ts imports run/index.ts: packet/ may not import run/',
    'print/bad.ts imports packet/linktype.ts past the index of packet/',
    'filter/bad.ts imports koffi: only system/koffi.ts may',
    'tap/bad.ts imports the index of its own room',
    'cellar/index.ts: cellar/ is no room of tools/rooms.ts',
    "names/bad.ts imports index.ts, which is the library's and no room's",
  ])
    assert.ok(said.includes(line), `${line} is missing from\n${said.join('\n')}`);
});
