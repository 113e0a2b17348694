// Where packets are dropped, in the kernel's words: the function that an address lies in.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KernelFunctions } from '../../../src/tap/linux/drops.js';

const KALLSYMS = [
  'ffffffff81000000 T _text',
  'ffffffff81a00100 T tcp_v4_rcv',
  'ffffffff81a00900 t tcp_filter',
  'ffffffff81a00a00 r a_table',
  'ffffffff81a00b00 T $x.1',
  'ffffffffc0001000 t nft_do_chain\t[nf_tables]',
  '0000000000000000 T hidden',
].join('\n');

test('the function, and how far in it', () => {
  const functions = new KernelFunctions(KALLSYMS);
  const at = (low: number): string => functions.place(low, 0xffffffff);
  assert.equal(at(0x81a00100), 'tcp_v4_rcv+0x0');
  assert.equal(at(0x81a008ff), 'tcp_v4_rcv+0x7ff');
  assert.equal(at(0x81a00b10), 'tcp_filter+0x210', 'tables and marks are no functions');
  assert.equal(at(0xc0001234), 'nft_do_chain+0x234');
  assert.equal(at(0x80ffffff), '', 'in front of all');
  assert.equal(at(0xc0200000), '', 'too far behind the last');
  assert.equal(new KernelFunctions('').place(1, 1), '');
});
