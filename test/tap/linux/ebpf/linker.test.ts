// Programs put together: constants where they are asked for, none made up.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BpfObject, ObjectFunction } from '../../../../src/tap/linux/ebpf/elf.js';
import { link } from '../../../../src/tap/linux/ebpf/linker.js';

/** A function that loads one constant, and ends. */
const entry: ObjectFunction = {
  name: 'entry',
  section: 'x',
  instructions: Uint8Array.from([
    ...[0x18, 0, 0, 0, 0, 0, 0, 0],
    ...[0, 0, 0, 0, 0, 0, 0, 0],
    ...[0x95, 0, 0, 0, 0, 0, 0, 0],
  ]),
  references: [{ at: 0, kind: 'address', symbol: 'constant_stack_size' }],
};
const object: BpfObject = { functions: new Map([['entry', entry]]), maps: [] };

const linked = (constants: { readonly [name: string]: number | bigint }): Uint8Array =>
  link(object, 'entry', { constants, maps: new Map(), generated: {} }).instructions;

test('a constant fills both halves of its instruction', () => {
  const view = new DataView(linked({ stack_size: 0x1_0000_4000 }).buffer);
  assert.equal(view.getUint32(4, true), 0x4000);
  assert.equal(view.getUint32(12, true), 1);
  const negative = new DataView(linked({ stack_size: -1 }).buffer);
  assert.equal(negative.getUint32(4, true), 0xffffffff);
  assert.equal(negative.getUint32(12, true), 0xffffffff);
});

test('a constant that nobody knows is an error, not 0', () => {
  assert.throws(
    () => linked({ stacksize: 1 }),
    /^Error: the eBPF object asks for the unknown constant_stack_size$/,
  );
  assert.doesNotThrow(() => linked({ stack_size: 0 }));
});
