// Texts of ForCES that the installed tcpdump 4.99 does not have, and what hostile messages do.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PrintOptions } from '../../../src/print/index.js';
import { be16, be32, bytes, ip4, type Part, Random } from '../generator.js';
import { printPacket } from '../run.js';

const random = new Random(1);

/** The text of a ForCES message behind the heading of its chunk. */
function forces(options: Partial<PrintOptions>, type: number, ...parts: Part[]): string {
  const body = bytes(...parts);
  const message = bytes(
    0x10,
    type,
    be16((body.length + 24) >> 2),
    be32(1),
    be32(2),
    be32(0),
    be32(0),
    be32(0),
    body,
  );
  const chunk = [0, 3, be16(message.length + 16), be32(1), be32(0), be32(21), message];
  const packet = ip4(random, 132, [be16(6704), be16(40001), be32(0), be32(0), chunk]);
  return printPacket(packet, options).replace(/^.*\[PPID ForCES HP\] /s, '');
}

test('a ForCES message that is wrong', () => {
  assert.equal(forces({}, 7), 'Invalid ForCES message type 7\n (invalid)');
  const text = forces({}, 2, be16(0x11), be16(8), be32(300));
  assert.equal(
    text,
    '\n\tForCES Association TearDown illegal ASTresult result code: 300!\n [rc 4294967295 < 0] (invalid)',
  );
});

test('paths of ForCES inside each other end', () => {
  let path = bytes(be16(0), be16(0));
  while (path.length < 30000) path = bytes(be16(0), be16(0), be16(0x110), be16(path.length + 4), path);
  const get = bytes(be16(7), be16(path.length + 8), be16(0x110), be16(path.length + 4), path);
  const text = forces({ verbose: 3 }, 4, be16(0x1000), be16(get.length + 12), be32(1), be32(1), get);
  assert.ok(text.length < 2_000_000, String(text.length));
});
