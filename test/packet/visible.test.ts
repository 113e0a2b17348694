// Text from elsewhere: nothing that a terminal obeys, that nobody sees, or that turns a line around.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { visible } from '../../src/packet/index.js';

test('what is not seen as itself is escaped, everything else stays', () => {
  for (const [text, shown] of [
    ['', ''],
    ['curl -s "x"', 'curl -s "x"'],
    ['\x1b[31m\x07\n\x7f', '^[[31m^G^J^?'],
    ['\u009b31m', '\\x9b31m'],
    // Bidirectional controls: a name that reads backwards.
    ['a\u202egpj.exe\u2066', 'a\\u202egpj.exe\\u2066'],
    ['\u200e\u200f\u061c', '\\u200e\\u200f\\u061c'],
    // Zero width, fillers, soft hyphen, byte order mark, separators, tags, variation selectors.
    ['ss\u200bhd\u200d\u2060\ufeff\u00ad', 'ss\\u200bhd\\u200d\\u2060\\ufeff\\xad'],
    ['\u3164\u115f\u2028\u2029', '\\u3164\\u115f\\u2028\\u2029'],
    ['\u{e0041}\ufe0f', '\\u{e0041}\\ufe0f'],
    ['\ud83d', '\\ud83d'],
    ['naïve 日本 \u{1f600} العربية', 'naïve 日本 \u{1f600} العربية'],
  ] as const)
    assert.equal(visible(text), shown);
});
