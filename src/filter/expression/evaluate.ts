// Classic BPF as a JavaScript function: straight code, forward jumps as breaks out of labelled blocks.

import type { ClassicInstruction } from '../../native/libpcap.js';
import type { BytesFilter } from '../../packet/index.js';
import { Alu, Class, Jump, loadSize, Mode, RETURN_A, SOURCE_X, TXA } from './classic.js';

const ALU_OPERATORS: { readonly [operation: number]: string } = {
  [Alu.ADD]: '+',
  [Alu.SUB]: '-',
  [Alu.OR]: '|',
  [Alu.AND]: '&',
  [Alu.XOR]: '^',
};

const JUMP_OPERATORS: { readonly [operation: number]: string } = {
  [Jump.JEQ]: '===',
  [Jump.JGT]: '>',
  [Jump.JGE]: '>=',
};

function load(target: string, size: 1 | 2 | 4, at: string): string {
  const check = `i = ${at}; if (i + ${size} > n) return false; i += o; `;
  if (size === 1) return `${check}${target} = b[i];`;
  if (size === 2) return `${check}${target} = (b[i] << 8) | b[i + 1];`;
  return `${check}${target} = ((b[i] << 24) | (b[i + 1] << 16) | (b[i + 2] << 8) | b[i + 3]) >>> 0;`;
}

function alu(code: number, k: number): string {
  const operand = (code & SOURCE_X) !== 0 ? 'X' : String(k);
  const operation = code & 0xf0;
  const operator = ALU_OPERATORS[operation];
  if (operator !== undefined) return `A = (A ${operator} ${operand}) >>> 0;`;
  switch (operation) {
    case Alu.MUL:
      return `A = Math.imul(A, ${operand}) >>> 0;`;
    case Alu.DIV:
      return `if (${operand} === 0) return false; A = Math.floor(A / ${operand});`;
    case Alu.MOD:
      return `if (${operand} === 0) return false; A = A % ${operand};`;
    case Alu.LSH:
      return `A = ${operand} > 31 ? 0 : (A << ${operand}) >>> 0;`;
    case Alu.RSH:
      return `A = ${operand} > 31 ? 0 : A >>> ${operand};`;
    default:
      return 'A = -A >>> 0;';
  }
}

function statement(instruction: ClassicInstruction, index: number): string {
  const { code, k } = instruction;
  const mode = code & 0xe0;
  switch (code & 7) {
    case Class.LD:
      if (mode === Mode.ABS) return load('A', loadSize(code), String(k));
      if (mode === Mode.IND) return load('A', loadSize(code), `X + ${k}`);
      if (mode === Mode.LEN) return 'A = length;';
      return mode === Mode.MEM ? `A = M${k & 15};` : `A = ${k};`;
    case Class.LDX:
      if (mode === Mode.MSH) return `${load('X', 1, String(k))} X = (X & 15) << 2;`;
      if (mode === Mode.LEN) return 'X = length;';
      return mode === Mode.MEM ? `X = M${k & 15};` : `X = ${k};`;
    case Class.ST:
      return `M${k & 15} = A;`;
    case Class.STX:
      return `M${k & 15} = X;`;
    case Class.ALU:
      return alu(code, k);
    case Class.RET:
      return (code & 0x18) === RETURN_A ? 'return A !== 0;' : `return ${k !== 0};`;
    case Class.MISC:
      return (code & TXA) !== 0 ? 'A = X;' : 'X = A;';
    default: {
      const operation = code & 0xf0;
      if (operation === Jump.JA) return `break L${index + 1 + k};`;
      const operand = (code & SOURCE_X) !== 0 ? 'X' : String(k);
      const test =
        operation === Jump.JSET ? `(A & ${operand}) !== 0` : `A ${JUMP_OPERATORS[operation]} ${operand}`;
      return `if (${test}) break L${index + 1 + instruction.jt}; else break L${index + 1 + instruction.jf};`;
    }
  }
}

/**
 * @param program classic BPF as libpcap makes it: jumps go forward only
 * @returns a function that answers as the kernel's interpreter would
 */
export function compileProgram(program: readonly ClassicInstruction[]): BytesFilter {
  const targets = new Set<number>();
  program.forEach(({ code, jt, jf, k }, i) => {
    if ((code & 7) !== Class.JMP) return;
    if ((code & 0xf0) === Jump.JA) targets.add(i + 1 + k);
    else targets.add(i + 1 + jt).add(i + 1 + jf);
  });
  const labels = [...targets].sort((a, b) => b - a);
  let body = labels.map((label) => `L${label}: {`).join(' ');
  program.forEach((instruction, i) => {
    if (targets.has(i)) body += '}\n';
    body += `${statement(instruction, i)}\n`;
  });
  const memory = Array.from({ length: 16 }, (_, i) => `M${i} = 0`).join(', ');
  const source = `'use strict';
    let A = 0, X = 0, i = 0, ${memory};
    ${body}
    return false;`;
  return new Function('b', 'o', 'n', 'length', source) as BytesFilter;
}
