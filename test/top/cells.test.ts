// What the screen is made of: widths, numbers, bars, and the bytes from one frame to the next.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import xterm from '@xterm/headless';
import { eastAsianWidth } from 'get-east-asian-width';
import { Axis } from '../../src/top/axis.js';
import { Cells, Painter, Style } from '../../src/top/cells.js';
import { layOut } from '../../src/top/columns.js';
import { duration, short, sparkline } from '../../src/top/format.js';
import { GROUPS, VIEWS } from '../../src/top/listing.js';
import { characterWidth, clusters, fit, shown, textWidth } from '../../src/top/width.js';

test('widths are those of the package, but for marks and parts of Korean syllables', () => {
  for (let code = 0x20; code < 0x110000; code++) {
    if (code >= 0xd800 && code < 0xe000) continue;
    const character = String.fromCodePoint(code);
    const width = characterWidth(character);
    if (width !== 0) assert.equal(width, eastAsianWidth(code), code.toString(16));
    else assert.match(character, /\p{Mn}|\p{Me}|[\u1160-\u11ff\ud7b0-\ud7ff]/u);
  }
});

test('text is cut and filled to columns', () => {
  assert.equal(fit('abc', 5), 'abc  ');
  assert.equal(fit('abc', 5, true), '  abc');
  assert.equal(fit('abcdef', 5), 'abcd…');
  assert.equal(fit('日本語', 5), '日本…');
  assert.equal(fit('日本語', 4), '日… ');
  assert.equal(fit('日本語', 1), '…');
  assert.equal(fit('abc', 0), '');
  assert.equal(textWidth('e\u0301日'), 3);
  assert.deepEqual(
    clusters('\u0301a\u0301\u0301\u0301').map(({ text, width }) => ({ text, width })),
    [
      { text: '◌\u0301', width: 1 },
      { text: 'a\u0301\u0301', width: 1 },
    ],
  );
  assert.equal(shown('a\x1b[2J\u202e日', false), 'a^[[2J\\u202e日');
  assert.equal(shown('日\u{1f600}', true), '\\u65e5\\u{1f600}');
});

test('numbers in five characters', () => {
  const cases: [number, string][] = [
    [0, '0'],
    [999, '999'],
    [999.6, '1.00k'],
    [1234, '1.23k'],
    [9994, '9.99k'],
    [9996, '10.0k'],
    [99_960, '100k'],
    [999_499, '999k'],
    [999_500, '1.00M'],
    [12_345_678, '12.3M'],
    [1e9, '1.00G'],
    [5e18, '5.00E'],
  ];
  for (const [n, text] of cases) assert.equal(short(n), text, `${n}`);
  assert.deepEqual([0, 59, 61, 3723, 93_784].map(duration), ['0s', '59s', '1:01', '1:02:03', '1d02h']);
});

test('bars: the largest is full, anything shows', () => {
  assert.equal(sparkline([0, 1, 50, 100], 4, false), ' ▁▄█');
  assert.equal(sparkline([0, 1, 50, 100], 4, true), ' .=@');
  assert.equal(sparkline([1, 0, 0, 4], 2, false), '▂█');
  assert.equal(sparkline([5], 3, false), '  █');
  assert.equal(sparkline([], 3, false), '   ');
});

test('a file’s time in parts, whatever its length, also backwards', () => {
  const axis = new Axis();
  for (let i = 0; i < 1000; i++) axis.add(100 + i, 1);
  assert.deepEqual(axis.parts(1), [1000]);
  const tenths = axis.parts(10);
  assert.equal(
    tenths.reduce((a, b) => a + b),
    1000,
  );
  assert.ok(
    tenths.every((n) => n > 80 && n < 120),
    `${tenths}`,
  );
  axis.add(0, 7);
  assert.deepEqual([axis.begin, axis.end], [0, 1099]);
  assert.equal(
    axis.parts(4).reduce((a, b) => a + b),
    1007,
  );
  assert.equal(axis.parts(64)[0], 7);
  axis.add(4e9, 1);
  assert.equal(
    axis.parts(8).reduce((a, b) => a + b),
    1008,
  );
});

test('frames: what is written turns any screen into any other', async () => {
  const [columns, rows] = [37, 9];
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  const painter = new Painter(true);
  let state = 5;
  const pick = (below: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % below;
  };
  const words = ['curl', '日本語', ' ', 'e\u0301a', 'x', '한국', '😀', '…', '─', 'longer text'];
  for (let frame = 0; frame < 200; frame++) {
    const cells = new Cells(columns, rows);
    for (let row = 0; row < rows; row++) {
      let at = 0;
      while (at < columns) {
        const before = at;
        at = cells.put(
          row,
          at,
          words[pick(words.length)]!,
          [0, Style.REVERSE, Style.BOLD | Style.RED][pick(3)],
        );
        if (at === before || pick(9) === 0) at += 1;
      }
    }
    await new Promise<void>((done) => terminal.write(painter.paint(cells), done));
    for (let row = 0; row < rows; row++) {
      const line = terminal.buffer.active.getLine(row)!;
      for (let column = 0; column < columns; column++) {
        const cell = line.getCell(column)!;
        const wanted = cells.text[row * columns + column]!;
        const got = cell.getWidth() === 0 ? '' : cell.getChars() || ' ';
        // That terminal counts emoji's columns by an older Unicode.
        if (/😀/.test(cells.text.slice(row * columns, row * columns + column + 1).join(''))) break;
        assert.equal(got, wanted, `frame ${frame} row ${row} column ${column}`);
        assert.equal(cell.isInverse() !== 0, (cells.style[row * columns + column]! & Style.REVERSE) !== 0);
      }
    }
    assert.equal(painter.paint(cells), '');
  }
});

test('every view has its columns within every width', () => {
  for (const view of VIEWS)
    for (const group of GROUPS[view])
      for (let columns = 30; columns < 260; columns++) {
        const placed = layOut(view, group, columns);
        assert.ok(placed.length >= 1);
        const last = placed[placed.length - 1]!;
        assert.ok(last.at + last.width <= columns, `${view} ${group} ${columns}`);
        if (columns >= 80)
          for (const title of ['IN/s', 'OUT/s', 'IN', 'OUT', 'LAST MIN'])
            assert.ok(
              placed.some(({ column }) => column.title === title),
              `${view} ${columns} ${title}`,
            );
      }
});
