// eBPF instructions with jumps to labels, as both filters emit them. Source: Documentation/bpf/standardization/instruction-set.rst.

/** One 8-byte instruction. `callee`: a call to that function of the tap's object. */
export interface EbpfInstruction {
  readonly code: number;
  readonly dst: number;
  readonly src: number;
  off: number;
  readonly imm: number;
  readonly callee?: string;
}

export const Code = {
  MOV32_IMM: 0xb4,
  MOV32_REG: 0xbc,
  MOV64_IMM: 0xb7,
  MOV64_REG: 0xbf,
  ADD64_REG: 0x0f,
  SUB64_IMM: 0x17,
  LOAD_WORD: 0x61,
  STORE_WORD: 0x63,
  STORE_WORD_IMM: 0x62,
  JUMP: 0x05,
  JEQ32_IMM: 0x16,
  JEQ64_IMM: 0x15,
  JNE32_IMM: 0x56,
  JSET32_IMM: 0x46,
  JSLT64_IMM: 0xc5,
  JGT64_IMM: 0x25,
  CALL: 0x85,
  EXIT: 0x95,
} as const;

export type Label = { at: number };

/** Collects instructions; labels are placed later. */
export class Assembler {
  private readonly instructions: EbpfInstruction[] = [];
  private readonly jumps: [at: number, to: Label][] = [];

  emit(code: number, dst = 0, src = 0, off = 0, imm = 0): void {
    this.instructions.push({ code, dst, src, off, imm });
  }

  call(callee: string): void {
    this.instructions.push({ code: Code.CALL, dst: 0, src: 1, off: 0, imm: 0, callee });
  }

  jump(to: Label, code: number = Code.JUMP, dst = 0, imm = 0, src = 0): void {
    this.jumps.push([this.instructions.length, to]);
    this.emit(code, dst, src, 0, imm);
  }

  label(): Label {
    return { at: -1 };
  }

  place(label: Label): void {
    label.at = this.instructions.length;
  }

  /** @returns the instructions, jumps filled in, those that cannot be reached left out */
  finish(): EbpfInstruction[] {
    for (const [at, to] of this.jumps) this.instructions[at]!.off = to.at - at - 1;
    const code = this.instructions;
    const reached = new Set<number>();
    const pending = [0];
    while (pending.length > 0) {
      let i = pending.pop()!;
      while (i < code.length && !reached.has(i)) {
        reached.add(i);
        const { code: op, off } = code[i]!;
        if (op === Code.EXIT) break;
        if (op === Code.JUMP) {
          i += 1 + off;
          continue;
        }
        if (((op & 7) === 5 || (op & 7) === 6) && op !== Code.CALL) pending.push(i + 1 + off);
        i++;
      }
    }
    const places: number[] = [];
    let place = 0;
    for (let i = 0; i <= code.length; i++) {
      places.push(place);
      if (reached.has(i)) place++;
    }
    return code.flatMap((instruction, i) => {
      if (!reached.has(i)) return [];
      const jumps =
        ((instruction.code & 7) === 5 || (instruction.code & 7) === 6) &&
        instruction.code !== Code.CALL &&
        instruction.code !== Code.EXIT;
      return [
        jumps ? { ...instruction, off: places[i + 1 + instruction.off]! - places[i]! - 1 } : instruction,
      ];
    });
  }
}
