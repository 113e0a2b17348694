// Texts of 5.0 that the installed tcpdump 4.99 does not have: link types.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { be32, bytes, ip4, type Part, Random } from './generator.js';
import { printPacket } from './run.js';

const random = new Random(1);
const packet = ip4(random, 253, 'abcd', { source: [10, 0, 0, 1], destination: [10, 0, 0, 2] });

/** Bytes of a field of `size`, zeros behind the text. */
const field = (text: string, size: number): Part => [text, Array<number>(size - text.length).fill(0)];

/** The text of a packet that pf logged. */
function pflog(size: number, action: number, reason: number, rules = ''): string {
  const subrule = be32(rules === '' ? 0xffffffff : 7);
  const header = bytes(
    [size, 2, action, reason],
    field('em0', 16),
    field(rules, 16),
    be32(5),
    subrule,
    field('', 16),
    1,
  );
  return printPacket(bytes(header, field('', 3), packet), { linkHeader: true }, 117);
}

test('pf’s log', () => {
  const rest = '10.0.0.1 > 10.0.0.2:  ip-proto-253 4';
  assert.equal(pflog(61, 3, 3), `rule 5/3(short): noscrub in on em0: ${rest}`);
  assert.equal(pflog(64, 1, 4), `rule 5/4(normalize): block in on em0: ${rest}`);
  assert.equal(pflog(61, 10, 14, 'a\x1b'), `rule 5.a^[.7/14(synproxy): synproxy-drop in on em0: ${rest}`);
  assert.equal(pflog(61, 11, 15), `rule 5/unkn(15): unkn(11) in on em0: ${rest}`);
  assert.equal(pflog(60, 0, 0), '[pflog: invalid header length!]');
});

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

test('LocalTalk', () => {
  const frame = (...parts: Part[]): string => printPacket(bytes(...parts), {}, 114);
  assert.equal(frame(1, 2), ' [LLAP length 2 < 3] (invalid)');
  assert.equal(frame(1, 2, 1, [0, 5, 4]), ' [SDDP length 3 < 5] (invalid)');
  assert.equal(frame(1, 2, 2, [0, 13, 0, 0]), ' [DDP length 4 < 13] (invalid)');
  assert.equal(frame(1, 2, 1, [0, 5, 4, 1, 4]), '0.2.1 > 0.1.4: at-echo 0');
});

test('a link type without a printer is dumped, and once more where that is asked for', () => {
  const dump = `\n\t0x0000:  6162${' '.repeat(37)}ab`;
  assert.equal(printPacket(bytes('ab'), {}, 147), `UNSUPPORTED${dump}`);
  assert.equal(printPacket(bytes('ab'), { hexAscii: 1 }, 147), `UNSUPPORTED${dump}${dump}`);
  assert.equal(printPacket(bytes('ab'), { hex: 1 }, 147), `UNSUPPORTED${dump}\n\t0x0000:  6162`);
  assert.equal(printPacket(bytes('ab'), { ascii: 1 }, 147), `UNSUPPORTED${dump}\nab`);
});
