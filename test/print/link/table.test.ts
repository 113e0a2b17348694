// A link type without a printer.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytes } from '../generator.js';
import { printPacket } from '../run.js';

test('a link type without a printer is dumped, and once more where that is asked for', () => {
  const dump = `\n\t0x0000:  6162${' '.repeat(37)}ab`;
  assert.equal(printPacket(bytes('ab'), {}, 147), `UNSUPPORTED${dump}`);
  assert.equal(printPacket(bytes('ab'), { hexAscii: 1 }, 147), `UNSUPPORTED${dump}${dump}`);
  assert.equal(printPacket(bytes('ab'), { hex: 1 }, 147), `UNSUPPORTED${dump}\n\t0x0000:  6162`);
  assert.equal(printPacket(bytes('ab'), { ascii: 1 }, 147), `UNSUPPORTED${dump}\nab`);
});
