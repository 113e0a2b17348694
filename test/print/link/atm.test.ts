// Texts of ATM in tcpdump 5.0 that the installed 4.99 does not have.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { be32, bytes, type Part } from '../generator.js';
import { printPacket } from '../run.js';

/** Bytes of a field of `size`, zeros behind the text. */
const field = (text: string, size: number): Part => [text, Array<number>(size - text.length).fill(0)];

test('where an OAM cell was looped or failed', () => {
  const sun = bytes(
    [2, 0, 0, 4],
    0,
    be32(0x00000044),
    0x18,
    1,
    be32(7),
    field('location', 12),
    'sourcesource',
  );
  const looped = printPacket(bytes(sun, field('', 18)), { verbose: 1 }, 123);
  assert.match(
    looped,
    /^OAM F4 \(end\), vpi 0, vci 4, payload \[ user data, congested, SDU 0 \], clp 0, length 53/,
  );
  assert.match(looped, /\n\tcell-type Fault Management \(1\), func-type Loopback \(8\)\n/);
  assert.match(looped, /\n\tLoopback-Indicator Request, Correlation-Tag 0x00000007\n/);
  assert.match(
    looped,
    /\n\tLocation-ID 6c6f636174696f6e00000000\n\tSource-ID {3}736f75726365736f75726365\n\tcksum 0x000 /,
  );
});
