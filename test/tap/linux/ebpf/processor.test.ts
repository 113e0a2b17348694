// What differs by processor: numbers of system calls, registers, stacks, marks among the kernel's functions.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pageSize, systemCalls } from '../../../../src/system/libc.js';
import { KernelFunctions } from '../../../../src/tap/linux/drops.js';
import { Btf } from '../../../../src/tap/linux/ebpf/btf.js';
import { callConstants, stackSize } from '../../../../src/tap/linux/ebpf/offsets.js';

const STRUCT = 4;
const UNION = 5;

interface Type {
  readonly kind: number;
  readonly name: string;
  readonly size: number;
  /** Members' names and offsets in bytes. */
  readonly members: { readonly [name: string]: number };
}

/** A kernel's types: structures and unions, all of whose members are numbers. */
function btfOf(...all: Type[]): Btf {
  let strings = '\0int\0';
  const words = [1, 1 << 24, 8, 64];
  const named = (name: string): number => {
    const at = strings.length;
    strings += `${name}\0`;
    return at;
  };
  for (const { kind, name, size, members } of all) {
    const entries = Object.entries(members);
    words.push(named(name), (kind << 24) | entries.length, size);
    for (const [member, offset] of entries) words.push(named(member), 1, offset * 8);
  }
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
  return new Btf(bytes);
}

/** What `body` says on a machine with that processor. */
function on<T>(arch: string, body: () => T): T {
  const own = Object.getOwnPropertyDescriptor(process, 'arch')!;
  Object.defineProperty(process, 'arch', { ...own, value: arch });
  try {
    return body();
  } finally {
    Object.defineProperty(process, 'arch', own);
  }
}

test('system calls have their numbers, or one that no call has', () => {
  const x64 = {
    seccomp: 317,
    flock: 73,
    recvmsg: 47,
    schedGetattr: 315,
    schedSetattr: 314,
    readlinkat: 267,
    openat: 257,
    getdents64: 217,
    bpf: 321,
    prlimit64: 302,
    setgroups: 116,
    setresuid: 117,
    setresgid: 119,
    openByHandleAt: 304,
    connect: 42,
    pipe2: 293,
  };
  const arm64 = {
    seccomp: 277,
    flock: 32,
    recvmsg: 212,
    schedGetattr: 275,
    schedSetattr: 274,
    readlinkat: 78,
    openat: 56,
    getdents64: 61,
    bpf: 280,
    prlimit64: 261,
    setgroups: 159,
    setresuid: 147,
    setresgid: 149,
    openByHandleAt: 265,
    connect: 203,
    pipe2: 59,
  };
  assert.deepEqual(systemCalls('x64'), x64);
  for (const arch of ['arm64', 'riscv64', 'loong64']) assert.deepEqual(systemCalls(arch), arm64);
  for (const arch of ['arm', 'ia32', 'ppc64', 's390x', 'constructor'])
    assert.deepEqual([...new Set(Object.values(systemCalls(arch)))], [-1], arch);
});

test("registers of a system call: arm64's are where its types say", () => {
  // As of Debian's 6.12.
  const registers = { regs: 0, sp: 248, pc: 256, pstate: 264, orig_x0: 272, syscallno: 280 };
  const btf = btfOf({ kind: STRUCT, name: 'pt_regs', size: 336, members: registers });
  const found = on('arm64', () => callConstants(btf));
  assert.deepEqual(
    [found['have_registers'], found['x86'], found['registers_size'], found['registers_call']],
    [1, 0, 336, 280],
  );
  assert.deepEqual(
    [found['registers_first'], found['registers_third'], found['registers_state']],
    [272, 16, 264],
  );
  assert.deepEqual([found['call_splice'], found['call_splice_32']], [76, 340]);
  // These are not x86's, and others' are not known.
  for (const arch of ['x64', 'riscv64', 'loong64', 's390x']) {
    const none = on(arch, () => callConstants(btf));
    assert.deepEqual([none['have_registers'], none['x86']], [0, 0], arch);
  }
});

test('a kernel stack has the bytes that its types say, or at least a page', () => {
  const task = (members: { [name: string]: number }): Type => ({
    kind: STRUCT,
    name: 'task_struct',
    size: 4096,
    members,
  });
  const plain = btfOf(task({ stack: 32 }));
  assert.equal(stackSize(plain, 4096), 16384);
  assert.equal(stackSize(plain, 16384), 16384);
  assert.equal(stackSize(plain, 65536), 65536);
  const checked = btfOf(task({ stack: 32, kasan_depth: 40 }));
  assert.equal(stackSize(checked, 4096), 32768);
  assert.equal(stackSize(checked, 65536), 65536);
  const said = btfOf(task({ stack: 32 }), { kind: UNION, name: 'thread_union', size: 32768, members: {} });
  assert.equal(stackSize(said, 4096), 32768);
});

test('pages have the size that the system says', () => {
  const size = pageSize();
  assert.ok([4096, 16384, 65536].includes(size), String(size));
});

test("an assembler's marks are no functions", () => {
  const functions = new KernelFunctions(
    [
      'ffff800080010000 T first',
      'ffff800080010004 t $x',
      'ffff800080010008 t $d.12\t[module]',
      'ffff80008001000c t .L0 ',
      'ffff800080010010 t __udp4_lib_rcv',
      'ffff800080010014 t $x.4',
    ].join('\n'),
  );
  assert.equal(functions.place(0x8001000e, 0xffff8000), 'first+0xe');
  assert.equal(functions.place(0x80010120, 0xffff8000), '__udp4_lib_rcv+0x110');
});
