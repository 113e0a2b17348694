// Types of a module, whose IDs and names go on from the kernel's.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Btf } from '../../../../src/tap/linux/ebpf/btf.js';

const INT = 1;
const STRUCT = 4;

/** BTF of these words and strings. */
function blob(words: readonly number[], strings: string): Buffer {
  const bytes = Buffer.alloc(24 + words.length * 4 + strings.length);
  bytes.writeUInt16LE(0xeb9f, 0);
  bytes.writeUInt32LE(24, 4);
  bytes.writeUInt32LE(words.length * 4, 12);
  bytes.writeUInt32LE(words.length * 4, 16);
  bytes.writeUInt32LE(strings.length, 20);
  words.forEach((word, i) => {
    bytes.writeUInt32LE(word, 24 + i * 4);
  });
  bytes.write(strings, 24 + words.length * 4, 'latin1');
  return bytes;
}

const KERNEL_STRINGS = '\0int\0pair\0first\0second\0status\0';
const inKernel = (name: string): number => KERNEL_STRINGS.indexOf(`\0${name}\0`) + 1;
/** 1: int; 2: struct pair { int first, second; } */
const KERNEL = [
  ...[inKernel('int'), INT << 24, 4, 32],
  ...[inKernel('pair'), (STRUCT << 24) | 2, 8],
  ...[inKernel('first'), 1, 0, inKernel('second'), 1, 32],
];

const MODULE_STRINGS = '\0entry\0tuples\0';
const inModule = (name: string): number => KERNEL_STRINGS.length + MODULE_STRINGS.indexOf(`\0${name}\0`) + 1;
/** 3: struct entry { int status; struct { struct pair tuples; }; }, 4: what is within */
const MODULE = [
  ...[inModule('entry'), (STRUCT << 24) | 2, 16],
  ...[inKernel('status'), 1, 32, 0, 4, 64],
  ...[0, (STRUCT << 24) | 1, 8],
  ...[inModule('tuples'), 2, 0],
];

test('a module’s structures are found, with what they have of the kernel’s', () => {
  const kernel = new Btf(blob(KERNEL, KERNEL_STRINGS));
  const types = new Btf(blob(MODULE, MODULE_STRINGS), kernel);
  assert.equal(types.structSize('entry'), 16);
  assert.equal(types.offset('entry', 'status'), 4);
  assert.equal(types.offset('entry', 'tuples'), 8);
  assert.equal(types.offset('entry', 'tuples', 'second'), 12);
  assert.equal(types.offset('entry', 'second'), -1);
});

test('the kernel’s own structures are found through the module’s, and not the other way round', () => {
  const kernel = new Btf(blob(KERNEL, KERNEL_STRINGS));
  const types = new Btf(blob(MODULE, MODULE_STRINGS), kernel);
  assert.equal(types.structSize('pair'), 8);
  assert.equal(types.offset('pair', 'second'), 4);
  assert.equal(kernel.hasStruct('entry'), false);
  assert.equal(kernel.offset('pair', 'second'), 4);
  assert.equal(types.offset('nothing', 'second'), -1);
});
