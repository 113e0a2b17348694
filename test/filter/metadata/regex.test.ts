// Regular expressions of metadata filters: the same answers as ECMAScript's, in bounded time.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Pattern, PatternError } from '../../../src/filter/metadata/regex.js';

test('the same answers as the language’s own', () => {
  const atom = fc.constantFrom(
    ...[
      'a',
      'b',
      '.',
      '\\d',
      '\\w',
      '\\W',
      '\\s',
      '[ab]',
      '[^a]',
      '[a-c\\d_-]',
      '\\.',
      '-',
      '\\x41',
      'é',
      ' ',
      '/',
      '',
    ],
    ...['^', '$', '\\b', '\\B', '[^\\w]', '[\\b]', '\\u0062', '\\n', '\\S', '\\D'],
  );
  const quantifier = fc.constantFrom('', '', '*', '+', '?', '*?', '{2}', '{1,2}', '{0,3}?', '{1,}');
  const { expression } = fc.letrec<{ expression: string }>((tie) => ({
    expression: fc.oneof(
      { depthSize: 'small' },
      fc.tuple(atom, quantifier).map(([a, q]) => (/^(\^|\$|\\b|\\B|)$/.test(a) ? a : a + q)),
      fc.tuple(tie('expression'), tie('expression')).map((parts) => parts.join('')),
      fc.tuple(tie('expression'), tie('expression')).map((parts) => parts.join('|')),
      fc
        .tuple(fc.constantFrom('(', '(?:'), tie('expression'), quantifier)
        .map(([open, inner, q]) => `${open}${inner})${q}`),
    ),
  }));
  const text = fc
    .array(fc.constantFrom('a', 'b', 'c', 'A', '1', '_', '-', '.', ' ', '\n', 'é', '/'), {
      maxLength: 8,
    })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(expression, fc.array(text, { minLength: 5, maxLength: 5 }), (source, texts) => {
      const theirs = new RegExp(source, 'u');
      const ours = new Pattern(source);
      for (const one of texts) assert.equal(ours.test(one), theirs.test(one), JSON.stringify([source, one]));
    }),
    { numRuns: 5000 },
  );
});

test('what makes other engines try every way is answered in steps', () => {
  const text = `${'a'.repeat(16383)}!`;
  assert.equal(new Pattern('^(a+)+$').test(text), false);
  assert.equal(new Pattern('^(a|aa)+$').test(text), false);
  assert.equal(new Pattern('(\\w+\\s?)*$').test('word '.repeat(3000)), true);
  assert.equal(new Pattern('(a*)*b').test(text), false);
  assert.equal(new Pattern('(x+x+)+y').test('x'.repeat(20000)), false);
  // Characters are whole, also those that the language keeps in two halves.
  assert.equal(new Pattern('^a.a$').test('a😀a'), true);
  assert.equal(new Pattern('^[😀-😂]{2}$').test('😀😁'), true);
  // What is behind the limit is not seen.
  assert.equal(new Pattern('b').test(`${'a'.repeat(16384)}b`), false);
  assert.equal(new Pattern('b').test(`${'a'.repeat(16383)}b`), true);
});

test('what is not supported or makes no sense is refused with a reason', () => {
  const reason = (text: string): string => {
    try {
      new Pattern(text);
    } catch (error) {
      assert.ok(error instanceof PatternError);
      return error.message;
    }
    return '';
  };
  assert.deepEqual(
    [
      '(',
      ')',
      '[a',
      '*a',
      'a**',
      '^*',
      '(?=a)',
      '(?<!a)',
      '(?<n>a)',
      '(a)\\1',
      '\\q',
      'a\\',
      '[b-a]',
      'a{3,2}',
      '\\xg0',
    ].map(reason),
    [
      ...["')' is missing", "unmatched ')'", "']' is missing", 'nothing to repeat', 'nothing to repeat'],
      ...['nothing to repeat', 'look-ahead and look-behind are not supported'],
      ...['look-ahead and look-behind are not supported', "unknown group '(?'"],
      ...['back references are not supported', 'unknown \\q', '\\ at the end', 'a range out of order in []'],
      ...['numbers out of order in {}', '\\x needs hexadecimal digits'],
    ],
  );
  assert.equal(reason('((a{99}){99}){99}'), 'too large');
  assert.equal(reason('a{99999}'), 'too large');
  assert.equal(reason('((((){99999}){99999}){99999}){99999}'), '');
  assert.equal(reason('((((){99999}){99999}){99999}){1,99999}'), 'too large');
  assert.equal(reason(`${'('.repeat(60)}a${')'.repeat(60)}`), 'nested too deep');
  assert.equal(reason('a{,3}]'), '');
});
