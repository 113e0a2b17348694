// A program without loops as a graph, and back: what has no effect goes, and what is the same is there once.

import type { ClassicInstruction } from '../../system/index.js';
import { Alu, Class, isConditional, Mode, RETURN_A, SOURCE_X, TXA } from './classic.js';

/** One instruction and what comes after it, by number. Returns have nothing behind them. */
export interface Node {
  readonly code: number;
  readonly k: number;
  /** What comes next; of a test, where it holds. -1: nothing. */
  yes: number;
  /** Of a test, where it does not hold; else as `yes`. */
  no: number;
  /** Whether it always goes on: it may be left out where nobody asks for its result. */
  readonly safe: boolean;
}

/** Registers as bits: M[i] is 1 << i. */
export const A = 1 << 16;
export const X = 1 << 17;

/** @returns registers an instruction reads */
export function reads(code: number, k: number): number {
  const mode = code & 0xe0;
  switch (code & 7) {
    case Class.LD:
    case Class.LDX:
      return mode === Mode.IND ? X : mode === Mode.MEM ? 1 << (k & 15) : 0;
    case Class.ST:
      return A;
    case Class.STX:
      return X;
    case Class.ALU:
      return (code & 0xf0) !== Alu.NEG && (code & SOURCE_X) !== 0 ? A | X : A;
    case Class.JMP:
      return !isConditional(code) ? 0 : (code & SOURCE_X) !== 0 ? A | X : A;
    case Class.RET:
      return (code & 0x18) === RETURN_A ? A : 0;
    default:
      return (code & TXA) !== 0 ? X : A;
  }
}

/** @returns the register an instruction writes, 0: none */
export function writes(code: number, k: number): number {
  switch (code & 7) {
    case Class.LD:
    case Class.ALU:
      return A;
    case Class.LDX:
      return X;
    case Class.ST:
    case Class.STX:
      return 1 << (k & 15);
    case Class.MISC:
      return (code & TXA) !== 0 ? A : X;
    default:
      return 0;
  }
}

/** @returns the nodes that can be reached from `first`, each behind those it goes to */
function inOrder(nodes: readonly Node[], first: number): number[] {
  const order: number[] = [];
  const state = new Uint8Array(nodes.length);
  const stack = [first];
  while (stack.length > 0) {
    const at = stack[stack.length - 1]!;
    if (state[at] === 0) {
      state[at] = 1;
      const { yes, no } = nodes[at]!;
      // What is looked at last stands right behind it.
      for (const next of [yes, no]) if (next >= 0 && state[next] === 0) stack.push(next);
      continue;
    }
    stack.pop();
    if (state[at] === 2) continue;
    state[at] = 2;
    order.push(at);
  }
  return order;
}

function isRefusal({ code, k }: Node): boolean {
  return (code & 7) === Class.RET && (code & 0x18) !== RETURN_A && k === 0;
}

/** Leaves out what has no effect and joins what is the same. @returns the first node */
function reduce(nodes: Node[], first: number): number {
  const alias = Int32Array.from(nodes, (_, i) => i);
  const live = new Int32Array(nodes.length);
  const same = new Map<string, number>();
  for (const at of inOrder(nodes, first)) {
    const node = nodes[at]!;
    if (node.yes >= 0) {
      node.yes = alias[node.yes]!;
      node.no = alias[node.no]!;
    }
    const { code, k, yes, no, safe } = node;
    const after = yes < 0 ? 0 : live[yes]! | live[no]!;
    const target = writes(code, k);
    const idle = isConditional(code) ? yes === no : safe && target !== 0 && (after & target) === 0;
    // What may refuse the packet need not be asked where it is refused all the same.
    const refused = yes >= 0 && yes === no && isRefusal(nodes[yes]!);
    if (idle || refused) {
      alias[at] = yes;
      continue;
    }
    live[at] = (after & ~target) | reads(code, k);
    const key = `${code},${k},${yes},${no}`;
    const twin = same.get(key);
    if (twin === undefined) same.set(key, at);
    else alias[at] = twin;
  }
  return alias[first]!;
}

/**
 * @param nodes is changed
 * @param first the one that the program begins with
 * @returns the program; jumps go forward only, and as far as they have to
 */
export function toProgram(nodes: Node[], first: number): ClassicInstruction[] {
  const start = reduce(nodes, first);
  const order = inOrder(nodes, start).reverse();
  // A plain instruction whose next one stands elsewhere has a jump behind it.
  const places = new Int32Array(nodes.length);
  let size = 0;
  order.forEach((at, i) => {
    places[at] = size;
    const { code, yes } = nodes[at]!;
    size += yes >= 0 && !isConditional(code) && order[i + 1] !== yes ? 2 : 1;
  });
  const program: ClassicInstruction[] = [];
  for (const at of order) {
    const { code, k, yes, no } = nodes[at]!;
    const here = program.length;
    if (isConditional(code)) {
      program.push({ code, jt: places[yes]! - here - 1, jf: places[no]! - here - 1, k });
      continue;
    }
    program.push({ code, jt: 0, jf: 0, k });
    if (yes >= 0 && places[yes] !== here + 1)
      program.push({ code: Class.JMP, jt: 0, jf: 0, k: places[yes]! - here - 2 });
  }
  return program;
}
