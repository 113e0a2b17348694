// Classic BPF as the body of kernel/store.c's packet_filter. A: r7, X: r8, the packet: r6, M[]: the stack; rounds left: r9.

import type { ClassicInstruction } from '../../system/index.js';
import { Assembler, Code, type EbpfInstruction } from '../assembler.js';
import {
  Alu,
  ANCILLARY,
  Class,
  Fact,
  isPlainJump,
  jumpsBack,
  jumpTarget,
  loadSize,
  Mode,
  RETURN_A,
  SOURCE_X,
  TXA,
} from './classic.js';

const SKB = 6;
const A = 7;
const X = 8;
const ROUNDS_LEFT = 9;
const ALU32 = 0x04;
const JMP32 = 0x06;
const BIG_ENDIAN = 0xdc;

/** Offsets in struct __sk_buff. Source: linux/bpf.h. */
const Skb = {
  PACKET_TYPE: 4,
  PROTOCOL: 16,
  VLAN_PRESENT: 20,
  VLAN_TAG: 24,
  VLAN_PROTOCOL: 28,
  INTERFACE: 40,
} as const;
const PACKET_OUTGOING = 4;

/** Times that a program may jump back: the verifier follows each of them. Headers of one packet that are no accident. */
const ROUNDS = 24;
/** Instructions of the largest program that the kernel is asked to verify; jumps go no further than 32,767. */
const LARGEST = 16_384;

/** What the kernel is to run for packets that come in, or go out. */
export interface KernelBody {
  /** Null: it would be too large. */
  readonly body: EbpfInstruction[] | null;
  /** Whether it answers whole; if not, it lets through what may match. */
  readonly exact: boolean;
}

/** @param outgoing whether it is run where packets go out */
export function expressionToEbpf(program: readonly ClassicInstruction[], outgoing: boolean): KernelBody {
  const a = new Assembler();
  const labels = program.map(() => a.label());
  const reject = a.label();
  const accept = a.label();
  const slot = (k: number): number => -4 - 4 * (k & 15);
  const load = (target: number, size: number, k: number, indexed: boolean): void => {
    a.emit(Code.MOV64_REG, 1, SKB);
    a.emit(Code.MOV32_IMM, 2, 0, 0, k | 0);
    if (indexed) {
      // 64 bits: what is past 32 is past every packet's end.
      a.emit(Code.ADD64_REG, 2, X);
      a.jump(reject, Code.JGT64_IMM, 2, 0x7fffffff);
    }
    a.emit(Code.MOV64_IMM, 3, 0, 0, size);
    a.call('load_packet');
    a.jump(reject, Code.JSLT64_IMM, 0, 0);
    a.emit(Code.MOV32_REG, target, 0);
  };

  a.emit(Code.MOV64_REG, SKB, 1);
  a.emit(Code.MOV32_IMM, A);
  a.emit(Code.MOV32_IMM, X);
  const slots = new Set<number>();
  for (const { code, k } of program) {
    const memory = ((code & 7) === Class.LD || (code & 7) === Class.LDX) && (code & 0xe0) === Mode.MEM;
    if (memory || (code & 7) === Class.ST || (code & 7) === Class.STX) slots.add(k & 15);
  }
  for (const k of slots) a.emit(Code.STORE_WORD_IMM, 10, 0, slot(k), 0);
  const loops = jumpsBack(program);
  if (loops) a.emit(Code.MOV64_IMM, ROUNDS_LEFT, 0, 0, ROUNDS);

  const emitLoad = (code: number, k: number): void => {
    const mode = code & 0xe0;
    const register = (code & 7) === Class.LDX ? X : A;
    if (mode === Mode.ABS && k >= ANCILLARY) emitFact(a, k - ANCILLARY, outgoing, reject);
    else if (mode === Mode.ABS || mode === Mode.IND) load(A, loadSize(code), k, mode === Mode.IND);
    else if (mode === Mode.MSH) {
      load(X, 1, k, false);
      a.emit(ALU32 | Alu.AND, X, 0, 0, 15);
      a.emit(ALU32 | Alu.LSH, X, 0, 0, 2);
    } else if (mode === Mode.LEN) {
      a.emit(Code.MOV64_REG, 1, SKB);
      a.call('packet_length');
      a.emit(Code.MOV32_REG, register, 0);
    } else if (mode === Mode.MEM) a.emit(Code.LOAD_WORD, register, 10, slot(k));
    else a.emit(Code.MOV32_IMM, register, 0, 0, k | 0);
  };

  const emitJump = (instruction: ClassicInstruction, i: number): void => {
    const { code, jt, jf, k } = instruction;
    if (isPlainJump(code)) {
      const target = jumpTarget(instruction, i);
      if (target <= i) {
        // A chain that is longer may match: user space asks again.
        a.jump(accept, Code.JEQ64_IMM, ROUNDS_LEFT, 0);
        a.emit(Code.SUB64_IMM, ROUNDS_LEFT, 0, 0, 1);
      }
      a.jump(labels[target]!);
      return;
    }
    const operator = JMP32 | (code & 0xf0) | (code & SOURCE_X);
    const yes = labels[i + 1 + jt]!;
    if ((code & SOURCE_X) !== 0) a.jump(yes, operator, A, 0, X);
    else a.jump(yes, operator, A, k | 0);
    if (jf !== 0) a.jump(labels[i + 1 + jf]!);
  };

  program.forEach((instruction, i) => {
    const { code, k } = instruction;
    a.place(labels[i]!);
    switch (code & 7) {
      case Class.LD:
      case Class.LDX:
        emitLoad(code, k);
        break;
      case Class.ST:
      case Class.STX:
        a.emit(Code.STORE_WORD, 10, (code & 7) === Class.STX ? X : A, slot(k));
        break;
      case Class.ALU:
        emitAlu(a, code, k, reject);
        break;
      case Class.MISC:
        if ((code & TXA) !== 0) a.emit(Code.MOV32_REG, A, X);
        else a.emit(Code.MOV32_REG, X, A);
        break;
      case Class.RET:
        if ((code & 0x18) === RETURN_A) a.emit(Code.MOV32_REG, 0, A);
        else a.emit(Code.MOV64_IMM, 0, 0, 0, k !== 0 ? 1 : 0);
        a.emit(Code.EXIT);
        break;
      default:
        emitJump(instruction, i);
    }
  });
  a.place(reject);
  a.emit(Code.MOV64_IMM, 0, 0, 0, 0);
  a.emit(Code.EXIT);
  a.place(accept);
  a.emit(Code.MOV64_IMM, 0, 0, 0, 1);
  a.emit(Code.EXIT);
  const body = a.finish();
  return body.length > LARGEST ? { body: null, exact: false } : { body, exact: !loops };
}

/** What the kernel knows of a packet besides its bytes, into A. */
function emitFact(a: Assembler, fact: number, outgoing: boolean, reject: { at: number }): void {
  switch (fact) {
    case Fact.PACKET_TYPE:
      // Where packets go out it is set behind the hooks.
      if (outgoing) a.emit(Code.MOV32_IMM, A, 0, 0, PACKET_OUTGOING);
      else a.emit(Code.LOAD_WORD, A, SKB, Skb.PACKET_TYPE);
      break;
    case Fact.INTERFACE:
      a.emit(Code.LOAD_WORD, A, SKB, Skb.INTERFACE);
      break;
    case Fact.VLAN_TAG:
      a.emit(Code.LOAD_WORD, A, SKB, Skb.VLAN_TAG);
      break;
    case Fact.VLAN_TAG_PRESENT:
      a.emit(Code.LOAD_WORD, A, SKB, Skb.VLAN_PRESENT);
      break;
    case Fact.PROTOCOL:
    case Fact.VLAN_PROTOCOL:
      a.emit(Code.LOAD_WORD, A, SKB, fact === Fact.PROTOCOL ? Skb.PROTOCOL : Skb.VLAN_PROTOCOL);
      a.emit(BIG_ENDIAN, A, 0, 0, 16);
      break;
    default:
      a.jump(reject);
  }
}

function emitAlu(a: Assembler, code: number, k: number, reject: { at: number }): void {
  const operation = code & 0xf0;
  const byX = (code & SOURCE_X) !== 0;
  if (operation === Alu.NEG) {
    a.emit(ALU32 | Alu.NEG, A);
    return;
  }
  const divides = operation === Alu.DIV || operation === Alu.MOD;
  const shifts = operation === Alu.LSH || operation === Alu.RSH;
  if (byX) {
    if (divides) a.jump(reject, Code.JEQ32_IMM, X, 0);
    if (shifts) {
      // The interpreter's result of a shift by more than 31 is 0; the hardware's is not.
      const small = a.label();
      const done = a.label();
      a.jump(small, JMP32 | 0xa0, X, 32); // jlt
      a.emit(Code.MOV32_IMM, A);
      a.jump(done);
      a.place(small);
      a.emit(ALU32 | operation | SOURCE_X, A, X);
      a.place(done);
      return;
    }
    a.emit(ALU32 | operation | SOURCE_X, A, X);
    return;
  }
  if (divides && k === 0) a.jump(reject);
  else if (shifts && k > 31) a.emit(Code.MOV32_IMM, A);
  else a.emit(ALU32 | operation, A, 0, 0, k | 0);
}
