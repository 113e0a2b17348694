// A packet filter in the kernel: loaded, and asked about packets (BPF_PROG_TEST_RUN).

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { EbpfInstruction } from '../../../src/filter/index.js';
import { loadProgram, ProgramType, testRun } from '../../../src/system/bpf.js';
import { libc } from '../../../src/system/libc.js';
import { readObject } from '../../../src/tap/linux/ebpf/elf.js';
import { type GeneratedInstruction, link } from '../../../src/tap/linux/ebpf/linker.js';

/** Bytes of the packets that the kernel runs a program on. */
const SHORTEST = 14;
const LONGEST = 3000;

/** Why it cannot be asked here; false when it can. */
export const cannot: string | false = process.getuid?.() !== 0 ? 'loading a program needs root' : false;

/** The hook's filter function, linked with the helpers of kernel/tap.c, as a program whose result is the answer. */
export class KernelFilter {
  private readonly fd: number;

  constructor(body: readonly EbpfInstruction[]) {
    const object = readObject(readFileSync(resolve('dist/kernel/tap.o')));
    const entry: GeneratedInstruction[] = [
      { code: 0xb7, dst: 2, src: 0, off: 0, imm: SHORTEST },
      { code: 0x85, dst: 0, src: 1, off: 0, imm: 0, callee: 'packet_filter' },
      { code: 0x55, dst: 0, src: 0, off: 1, imm: 0 },
      { code: 0x95, dst: 0, src: 0, off: 0, imm: 0 },
      { code: 0xb7, dst: 0, src: 0, off: 0, imm: 1 },
      { code: 0x95, dst: 0, src: 0, off: 0, imm: 0 },
    ];
    const { instructions } = link(object, 'entry', {
      constants: { link_header: SHORTEST },
      maps: new Map(),
      generated: { entry, packet_filter: body },
    });
    this.fd = loadProgram({
      name: 'filter_test',
      type: ProgramType.SCHED_CLS,
      attachType: 0,
      attachBtfId: 0,
      instructions,
      functions: null,
    });
  }

  /** Whether packets of that length can be asked about: no hook sees others. */
  static takes(length: number): boolean {
    return length >= SHORTEST && length < LONGEST;
  }

  matches(packet: Uint8Array): boolean {
    const copy = new Uint8Array(new ArrayBuffer(packet.length));
    copy.set(packet);
    return testRun(this.fd, copy) !== 0;
  }

  close(): void {
    libc().close(this.fd);
  }
}
