// What the kernel is told of a program's functions: the blob's bytes, and that the kernel takes it and looks at each function once.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { functionBtf } from '../../../../src/tap/linux/ebpf/functions.js';
import { Loader } from '../../../../src/tap/linux/ebpf/loader.js';

test('the types say which functions are global, and what they take', () => {
  const bytes = Buffer.from(
    functionBtf([
      { name: 'entry', section: 'classifier/ingress', at: 0 },
      { name: 'once', section: 'global', at: 9 },
    ]),
  );
  const typesSize = bytes.readUInt32LE(12);
  assert.equal(bytes.readUInt16LE(0), 0xeb9f);
  assert.equal(bytes.length, 24 + typesSize + bytes.readUInt32LE(20));
  const strings = bytes.subarray(24 + typesSize).toString('latin1');
  assert.equal(strings, '\0int\0u64\0__sk_buff\0skb\0number\0entry\0once\0');
  const last = Array.from({ length: 6 }, (_, i) => bytes.readUInt32LE(24 + typesSize - 24 + i * 4));
  const FUNC = 12 << 24;
  // Name, kind and linkage, prototype.
  assert.deepEqual(last, [strings.indexOf('entry'), FUNC, 6, strings.indexOf('once'), FUNC | 1, 5]);
});

const MOST = 25_000;

test('the kernel follows the packet hooks in few steps', { skip: process.getuid?.() !== 0 }, (t) => {
  const loader = new Loader({
    ringSize: 1 << 16,
    snapshotLength: 262_144,
    immediate: false,
    processes: true,
    trees: false,
    counts: false,
  });
  try {
    for (const direction of ['in', 'out'] as const) {
      const filters = { packetFilter: null, metadataFilter: null, ofOwner: false };
      const fd = loader.packetHook({ direction, linkHeader: 14, netns: 0, inode: 1, ...filters });
      const followed = /^verified_insns:\s*(\d+)$/m.exec(
        readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'),
      )?.[1];
      if (followed === undefined) return t.skip('this kernel does not say it (5.16)');
      assert.ok(Number(followed) < MOST, `${direction}: ${followed}`);
    }
  } finally {
    loader.close();
  }
});
