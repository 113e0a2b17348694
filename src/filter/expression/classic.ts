// Classic BPF's opcodes. Source: net/bpf.h, linux/filter.h.

import type { ClassicInstruction } from '../../system/index.js';

export const Class = { LD: 0, LDX: 1, ST: 2, STX: 3, ALU: 4, JMP: 5, RET: 6, MISC: 7 } as const;
export const Mode = { IMM: 0x00, ABS: 0x20, IND: 0x40, MEM: 0x60, LEN: 0x80, MSH: 0xa0 } as const;
export const Jump = { JA: 0x00, JEQ: 0x10, JGT: 0x20, JGE: 0x30, JSET: 0x40 } as const;
export const Alu = {
  ADD: 0x00,
  SUB: 0x10,
  MUL: 0x20,
  DIV: 0x30,
  OR: 0x40,
  AND: 0x50,
  LSH: 0x60,
  RSH: 0x70,
  NEG: 0x80,
  MOD: 0x90,
  XOR: 0xa0,
} as const;
/** The operand is X, not the constant. */
export const SOURCE_X = 0x08;
/** RET's operand is A. */
export const RETURN_A = 0x10;
export const TXA = 0x80;

/** Bytes a load reads: of the opcode's size bits. */
export function loadSize(code: number): 1 | 2 | 4 {
  return (code & 0x18) === 0x10 ? 1 : (code & 0x18) === 0x08 ? 2 : 4;
}

/** Loads from here on mean the kernel's own facts (SKF_AD_OFF), which files do not have. */
export const ANCILLARY = 0xfffff000;
/** Which of them libpcap asks for. Source: linux/filter.h, SKF_AD_*. */
export const Fact = {
  PROTOCOL: 0,
  PACKET_TYPE: 4,
  INTERFACE: 8,
  VLAN_TAG: 44,
  VLAN_TAG_PRESENT: 48,
  VLAN_PROTOCOL: 60,
} as const;

/** Whether it is a jump that asks, and has two ends. */
export function isConditional(code: number): boolean {
  return (code & 7) === Class.JMP && (code & 0xf0) !== Jump.JA;
}

/** Whether it is a jump that always jumps. */
export function isPlainJump(code: number): boolean {
  return (code & 7) === Class.JMP && (code & 0xf0) === Jump.JA;
}

/** Where a plain jump goes: back, too, in programs that follow a chain of headers. */
export function jumpTarget({ k }: ClassicInstruction, index: number): number {
  return index + 1 + (k | 0);
}

/** Whether the program has loops. */
export function jumpsBack(program: readonly ClassicInstruction[]): boolean {
  return program.some(({ code, k }) => isPlainJump(code) && (k | 0) < 0);
}
