// The eBPF objects that the build makes: what is read of them, and what is no object.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { Btf } from '../../../../src/tap/linux/ebpf/btf.js';
import { readObject, readSections } from '../../../../src/tap/linux/ebpf/elf.js';
import { EXECUTION, MEMBER, OWNER, RECORD, TUPLE } from '../../../../src/tap/linux/ebpf/layouts.js';

const file = readFileSync(resolve('dist/kernel/tap.o'));

test('functions, their references, and maps', () => {
  const { functions, maps } = readObject(file);
  const ingress = functions.get('tap_ingress')!;
  assert.equal(ingress.section, 'classifier/ingress');
  assert.equal(ingress.instructions.length % 8, 0);
  const calls = ingress.references.filter(({ kind }) => kind === 'call').map(({ symbol }) => symbol);
  assert.ok(calls.includes('packet_filter'));
  assert.ok(ingress.references.some(({ symbol }) => symbol === 'constant_link_header'));
  for (const { at } of ingress.references) assert.ok(at * 8 < ingress.instructions.length);
  const members = maps.find(({ name }) => name === 'members')!;
  assert.deepEqual(members, {
    name: 'members',
    type: 1,
    keySize: 4,
    valueSize: MEMBER.SIZE,
    maxEntries: 65536,
    flags: 0,
  });
  assert.equal(maps.find(({ name }) => name === 'remembered')!.valueSize, OWNER.SIZE);
});

test('what is no object', () => {
  assert.throws(() => readObject(Buffer.alloc(0)), /^Error: the eBPF object is no ELF file$/);
  assert.throws(() => readObject(Buffer.alloc(100)), /^Error: the eBPF object is no ELF file$/);
  assert.throws(() => readSections(file.subarray(0, 63)), /^Error: the eBPF object is no ELF file$/);
});

test('layouts are what the compiler says: read here by the tap’s own reader of types', () => {
  const object = readFileSync(resolve('dist/layouts.o'));
  const { offset, size } = readSections(object).find(({ name }) => name === '.BTF')!;
  const types = new Btf(object.subarray(offset, offset + size));
  for (const [structure, layout] of Object.entries({
    record: RECORD,
    owner: OWNER,
    execution: EXECUTION,
    member: MEMBER,
    tuple: TUPLE,
  })) {
    assert.equal(types.structSize(structure), layout.SIZE, structure);
    for (const [field, at] of Object.entries(layout)) {
      if (field === 'SIZE') continue;
      assert.equal(types.offset(structure, field.toLowerCase()), at, `${structure} ${field}`);
    }
  }
  assert.equal(types.offset('record', 'owner', 'comm'), RECORD.OWNER + OWNER.COMM);
  // What the reader of records takes for granted: words, and the mark of a started program where a packet has nanoseconds.
  assert.equal(EXECUTION.MARK, RECORD.NANOSECONDS);
  for (const layout of [RECORD, OWNER]) assert.equal(layout.SIZE % 8, 0);
});

test('bytes that are no types', () => {
  assert.throws(() => new Btf(Buffer.alloc(23)), /^Error: no BTF$/);
  assert.throws(() => new Btf(Buffer.alloc(64)), /^Error: no BTF$/);
});
