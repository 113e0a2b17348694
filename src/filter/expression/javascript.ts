// Classic BPF as a JavaScript function. A program of ordinary size is straight code, its jumps breaks out of labelled blocks; one
// that is too large for that, or jumps back, is pieces that a loop goes to by their numbers.

import type { BytesFilter } from '../../packet/index.js';
import type { ClassicInstruction } from '../../system/index.js';
import {
  Alu,
  ANCILLARY,
  Class,
  Fact,
  isConditional,
  isPlainJump,
  Jump,
  jumpsBack,
  jumpTarget,
  loadSize,
  Mode,
  RETURN_A,
  SOURCE_X,
  TXA,
} from './classic.js';

/** What the system knows of a live packet besides its bytes. */
export interface LiveFacts {
  /** PACKET_OUTGOING (4), or what it is for this machine. */
  packetType: number;
  /** The interface's index. */
  interface: number;
  /** Ethernet type, host order. */
  protocol: number;
  /** The VLAN tag that is not among the bytes: its TCI and type; none: 0. */
  vlanTag: number;
  vlanProtocol: number;
  vlanPresent: number;
}

/** As BytesFilter, of a live packet. */
export type LiveFilter = (
  buffer: Uint8Array,
  offset: number,
  captured: number,
  length: number,
  facts: LiveFacts,
) => boolean;

/** Blocks within one another that V8's parser surely takes: it calls itself for each. */
const DEEPEST = 200;

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

const FACTS: { readonly [fact: number]: keyof LiveFacts } = {
  [Fact.PROTOCOL]: 'protocol',
  [Fact.PACKET_TYPE]: 'packetType',
  [Fact.INTERFACE]: 'interface',
  [Fact.VLAN_TAG]: 'vlanTag',
  [Fact.VLAN_TAG_PRESENT]: 'vlanPresent',
  [Fact.VLAN_PROTOCOL]: 'vlanProtocol',
};

function load(target: string, size: 1 | 2 | 4, at: string): string {
  const check = `i = ${at}; if (i + ${size} > n) return false; i += o; `;
  if (size === 1) return `${check}${target} = b[i];`;
  if (size === 2) return `${check}${target} = (b[i] << 8) | b[i + 1];`;
  return `${check}${target} = ((b[i] << 24) | (b[i + 1] << 16) | (b[i + 2] << 8) | b[i + 3]) >>> 0;`;
}

/** A load from a place that is no variable: of the bytes, or of what the system knows. */
function loadAbsolute(size: 1 | 2 | 4, k: number): string {
  if (k < ANCILLARY) return load('A', size, String(k));
  const fact = FACTS[k - ANCILLARY];
  return fact === undefined ? 'return false;' : `A = facts.${fact};`;
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

/** An instruction that is no jump. */
function statement({ code, k }: ClassicInstruction): string {
  const mode = code & 0xe0;
  switch (code & 7) {
    case Class.LD:
      if (mode === Mode.ABS) return loadAbsolute(loadSize(code), k);
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
    default:
      return (code & TXA) !== 0 ? 'A = X;' : 'X = A;';
  }
}

/** What a jump asks. */
function condition({ code, k }: ClassicInstruction): string {
  const operation = code & 0xf0;
  const operand = (code & SOURCE_X) !== 0 ? 'X' : String(k);
  return operation === Jump.JSET ? `(A & ${operand}) !== 0` : `A ${JUMP_OPERATORS[operation]} ${operand}`;
}

/** Instructions that others jump to. */
function targetsOf(program: readonly ClassicInstruction[]): Set<number> {
  const targets = new Set<number>();
  program.forEach((instruction, i) => {
    const { code, jt, jf } = instruction;
    if (isPlainJump(code)) targets.add(jumpTarget(instruction, i));
    else if (isConditional(code)) targets.add(i + 1 + jt).add(i + 1 + jf);
  });
  return targets;
}

function straight(program: readonly ClassicInstruction[], targets: ReadonlySet<number>): string {
  const labels = [...targets].sort((a, b) => b - a);
  let body = labels.map((label) => `L${label}: {`).join(' ');
  program.forEach((instruction, i) => {
    const { code, jt, jf } = instruction;
    if (targets.has(i)) body += '}\n';
    if (isPlainJump(code)) body += `break L${jumpTarget(instruction, i)};\n`;
    else if (isConditional(code))
      body += `if (${condition(instruction)}) break L${i + 1 + jt}; else break L${i + 1 + jf};\n`;
    else body += `${statement(instruction)}\n`;
  });
  return body;
}

function pieces(program: readonly ClassicInstruction[], targets: ReadonlySet<number>): string {
  const numbers = new Map([0, ...targets].map((target, i) => [target, i]));
  let body = 'let p = 0; for (;;) switch (p) {';
  program.forEach((instruction, i) => {
    const { code, jt, jf } = instruction;
    if (numbers.has(i)) body += `case ${numbers.get(i)}:\n`;
    const to = (target: number): string =>
      target === i + 1 ? ';' : `{ p = ${numbers.get(target)}; continue; }`;
    if (isPlainJump(code)) body += `${to(jumpTarget(instruction, i))}\n`;
    else if (isConditional(code))
      body += `if (${condition(instruction)}) ${to(i + 1 + jt)} else ${to(i + 1 + jf)}\n`;
    else body += `${statement(instruction)}\n`;
  });
  return `${body}}`;
}

/**
 * @param program classic BPF as libpcap makes it
 * @returns a function that answers as the kernel's interpreter would
 */
export function compileProgram(program: readonly ClassicInstruction[]): LiveFilter & BytesFilter {
  const targets = targetsOf(program);
  const write = targets.size > DEEPEST || jumpsBack(program) ? pieces : straight;
  const memory = Array.from({ length: 16 }, (_, i) => `M${i} = 0`).join(', ');
  const source = `'use strict';
    let A = 0, X = 0, i = 0, ${memory};
    ${write(program, targets)}
    return false;`;
  return new Function('b', 'o', 'n', 'length', 'facts', source) as LiveFilter & BytesFilter;
}
