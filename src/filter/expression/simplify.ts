// Makes a packet filter's program shorter without changing one of its answers. Every way through it is followed with what the
// tests on the way have said: a test whose result is known is left out, and so is a load of what is there already. A load
// that may be past the packet's end stays, as it refuses the packet.

import type { ClassicInstruction } from '../../system/index.js';
import {
  Alu,
  ANCILLARY,
  Class,
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
import { A, type Node, reads, toProgram, writes, X } from './graph.js';
import { type Knowledge, type Known, Values } from './values.js';

const MAXIMUM = 0xffffffff;
/** A program may grow to so many times its size on the way, and no further. */
const GROWTH = 4;
const SMALL = 512;
/** How far behind a place a load by X is thought to reach: behind tags. */
const BEHIND = 16;

/** Where the program is, and what is known there. */
interface State {
  readonly at: number;
  /** Terms by register: M[0..15], A, X. */
  readonly registers: readonly number[];
  /** Bytes that the packet has for certain. */
  readonly bytes: number;
  readonly knowledge: Knowledge;
}

const A_PLACE = 16;
const X_PLACE = 17;
/** No term: nobody asks for the register any more. */
const DEAD = -1;
const NONE: readonly number[] = [];

/** What is asked for from each instruction on. */
class Ahead {
  /** Registers, as graph.ts has them. */
  readonly live: Int32Array;
  /** Ends of the loads: from the first byte that one of them may want to the last. */
  readonly firstEnd: Float64Array;
  readonly lastEnd: Float64Array;
  /** Loads by their places, which have numbers of their own. */
  readonly places: Int32Array;
  private readonly numbers = new Map<string, number>();
  private readonly words: number;
  private readonly loads: Uint32Array;

  constructor(program: readonly ClassicInstruction[]) {
    const count = program.length;
    this.live = new Int32Array(count);
    this.firstEnd = new Float64Array(count).fill(Infinity);
    this.lastEnd = new Float64Array(count);
    this.places = new Int32Array(count).fill(-1);
    const { numbers } = this;
    program.forEach(({ code, k }, i) => {
      const mode = code & 0xe0;
      const loads = (code & 7) === Class.LD && (mode === Mode.ABS || mode === Mode.IND);
      if (!loads && !((code & 7) === Class.LDX && mode === Mode.MSH)) return;
      const key = `${mode === Mode.IND} ${mode === Mode.MSH ? 1 : loadSize(code)} ${k}`;
      if (!numbers.has(key)) numbers.set(key, numbers.size);
      this.places[i] = numbers.get(key)!;
    });
    this.words = (numbers.size + 31) >> 5;
    this.loads = new Uint32Array(count * this.words);
    for (let i = count - 1; i >= 0; i--) this.look(program, i);
  }

  private look(program: readonly ClassicInstruction[], i: number): void {
    const { code, jt, jf, k } = program[i]!;
    const { words, loads } = this;
    const follow = (next: number): void => {
      this.live[i] = this.live[i]! | this.live[next]!;
      this.firstEnd[i] = Math.min(this.firstEnd[i]!, this.firstEnd[next]!);
      this.lastEnd[i] = Math.max(this.lastEnd[i]!, this.lastEnd[next]!);
      for (let w = 0; w < words; w++) {
        loads[i * words + w] = loads[i * words + w]! | loads[next * words + w]!;
      }
    };
    if (isPlainJump(code)) follow(jumpTarget(program[i]!, i));
    else if (isConditional(code)) {
      follow(i + 1 + jt);
      follow(i + 1 + jf);
    } else if ((code & 7) !== Class.RET) follow(i + 1);
    this.live[i] = (this.live[i]! & ~writes(code, k)) | reads(code, k);
    const place = this.places[i]!;
    if (place < 0) return;
    loads[i * words + (place >> 5)] = loads[i * words + (place >> 5)]! | (1 << (place & 31));
    const size = (code & 7) === Class.LDX ? 1 : loadSize(code);
    const byX = (code & 0xe0) === Mode.IND;
    if (!byX && k >= ANCILLARY) return;
    this.firstEnd[i] = Math.min(this.firstEnd[i]!, byX ? 0 : k + size);
    this.lastEnd[i] = Math.max(this.lastEnd[i]!, byX ? k + size + BEHIND : k + size);
  }

  /** The place of a load that is not by X, or of one that is; undefined: there is none. */
  placeOf(byX: boolean, size: number, k: number): number | undefined {
    return this.numbers.get(`${byX} ${size} ${k}`);
  }

  /** Whether one of these loads is still to come. */
  loadsAny(i: number, places: readonly number[]): boolean {
    for (const place of places) {
      if (((this.loads[i * this.words + (place >> 5)]! >>> (place & 31)) & 1) === 1) return true;
    }
    return false;
  }
}

class Simplifier {
  private readonly values = new Values();
  private readonly ahead: Ahead;
  private readonly nodes: Node[] = [];
  private readonly numbers = new Map<string, number>();
  /** Nodes whose successors are to be found. */
  private readonly open: State[] = [];

  /** @param whole whether packets have every byte that is asked for */
  constructor(
    private readonly program: readonly ClassicInstruction[],
    private readonly whole: boolean,
  ) {
    this.ahead = new Ahead(program);
  }

  /** @returns null where it would grow too much on the way */
  run(): ClassicInstruction[] | null {
    const zero = this.values.constant(0);
    const first = this.enter({
      at: 0,
      registers: new Array(18).fill(zero),
      bytes: 0,
      knowledge: new Map(),
    });
    const limit = Math.max(SMALL, GROWTH * this.program.length);
    for (let i = 0; i < this.open.length; i++) {
      if (this.open.length > limit) return null;
      this.follow(i, this.open[i]!);
    }
    return toProgram(this.nodes, first);
  }

  /** Whether a term is made of what is loaded from there on. */
  private comesAgain(at: number, term: number): boolean {
    const leaves = this.values.leaves(term);
    return leaves !== null && leaves.length > 0 && this.ahead.loadsAny(at, leaves);
  }

  /** Whether it matters what is known of a term: it may be made again, or is part of what a register has. */
  private matters(at: number, term: number, registers: readonly number[]): boolean {
    const leaves = this.values.leaves(term);
    if (leaves === null || leaves.length === 0 || this.ahead.loadsAny(at, leaves)) return true;
    for (const held of registers) {
      const of = held === DEAD ? NONE : this.values.leaves(held);
      if (of === null) return true;
      for (const leaf of of) if (leaves.includes(leaf)) return true;
    }
    return false;
  }

  /** Forgets what is not asked for any more, so that ways that differ in nothing else become one. */
  private forget({ at, registers, bytes, knowledge }: State): State {
    const { ahead } = this;
    const live = ahead.live[at]!;
    const kept = registers.slice();
    for (let i = 0; i < kept.length; i++) {
      // What is to be loaded anew is kept as well: it is there already.
      if (((live >> i) & 1) === 1 || kept[i] === DEAD) continue;
      if (i < A_PLACE || !this.comesAgain(at, kept[i]!)) kept[i] = DEAD;
    }
    let known = knowledge;
    for (const term of knowledge.keys()) {
      if (this.matters(at, term, kept)) continue;
      if (known === knowledge) known = new Map(knowledge);
      (known as Map<number, Known>).delete(term);
    }
    const enough = bytes < ahead.firstEnd[at]! ? 0 : Math.min(bytes, ahead.lastEnd[at]!);
    return { at, registers: kept, bytes: enough, knowledge: known };
  }

  /** Goes on from there to the next instruction that is needed. @returns its node */
  private enter(from: State): number {
    let state = from;
    for (let next = this.pass(state); next !== null; next = this.pass(state)) state = next;
    state = this.forget(state);
    const { at, registers, bytes, knowledge } = state;
    let key = `${at}|${bytes}`;
    for (let i = 0; i < registers.length; i++) if (registers[i] !== DEAD) key += `|${i}=${registers[i]}`;
    const terms = [...knowledge.keys()];
    if (terms.length > 1) terms.sort((a, b) => a - b);
    for (const term of terms) key += `,${term}=${knowledge.get(term)!.id}`;
    let number = this.numbers.get(key);
    if (number === undefined) {
      number = this.nodes.length;
      this.numbers.set(key, number);
      this.nodes.push(this.node(state));
      this.open.push(state);
    }
    return number;
  }

  /** @returns what comes after an instruction that does nothing here, null when it does something */
  private pass(state: State): State | null {
    const { at, registers, knowledge } = state;
    const instruction = this.program[at]!;
    const { code, k, jt, jf } = instruction;
    if (isPlainJump(code)) return { ...state, at: jumpTarget(instruction, at) };
    if ((code & 7) === Class.RET) return null;
    if (isConditional(code)) {
      const holds = this.test(state);
      return holds === null ? null : { ...state, at: at + 1 + (holds ? jt : jf) };
    }
    if (!this.isSafe(state)) return null;
    const place = registerOf(writes(code, k));
    const term = this.result(state);
    const have = registers[place]!;
    if (have === DEAD) return null;
    const number = this.values.numberOf(knowledge, term);
    const same = have === term || (number !== null && this.values.numberOf(knowledge, have) === number);
    return same ? this.after(state, term) : null;
  }

  /** The instruction, with what is known put in. */
  private node(state: State): Node {
    const { at, registers, knowledge } = state;
    const { code, k } = this.program[at]!;
    const { values } = this;
    if ((code & 7) === Class.RET) return this.answer(state);
    const asksX = isConditional(code) || (code & 7) === Class.ALU;
    const byX = asksX && (reads(code, k) & X) !== 0;
    const x = byX ? values.numberOf(knowledge, registers[X_PLACE]!) : null;
    if (isConditional(code)) {
      return { code: x === null ? code : code & ~SOURCE_X, k: x ?? k, yes: 0, no: 0, safe: true };
    }
    if (this.refuses(state)) return { code: Class.RET, k: 0, yes: -1, no: -1, safe: true };
    const safe = this.isSafe(state);
    const register = code & 7;
    if (safe && register !== Class.ST && register !== Class.STX) {
      const number = values.numberOf(knowledge, this.result(state));
      const load = (writes(code, k) === A ? Class.LD : Class.LDX) | Mode.IMM;
      if (number !== null) return { code: load, k: number, yes: 0, no: 0, safe };
    }
    const place = this.absolute(state);
    if (place !== null) return { code: (code & ~0xe0) | Mode.ABS, k: place, yes: 0, no: 0, safe };
    return { code: x === null ? code : code & ~SOURCE_X, k: x ?? k, yes: 0, no: 0, safe };
  }

  /** A return, of any number but 0 as a yes. */
  private answer({ at, registers, knowledge }: State): Node {
    const { code, k } = this.program[at]!;
    const byA = (code & 0x18) === RETURN_A;
    const result = byA ? this.values.numberOf(knowledge, registers[A_PLACE]!) : k;
    if (result === null) return { code, k, yes: -1, no: -1, safe: true };
    return { code: Class.RET, k: result === 0 ? 0 : 1, yes: -1, no: -1, safe: true };
  }

  /** Finds what comes after a node. */
  private follow(number: number, state: State): void {
    const node = this.nodes[number]!;
    if ((node.code & 7) === Class.RET) return;
    const { at } = state;
    const { code, jt, jf } = this.program[at]!;
    if (!isConditional(code)) {
      node.yes = this.enter(this.after(state, this.result(state)));
      node.no = node.yes;
      return;
    }
    node.yes = this.enter({ ...state, at: at + 1 + jt, knowledge: this.learn(state, true) });
    node.no = this.enter({ ...state, at: at + 1 + jf, knowledge: this.learn(state, false) });
  }

  /** The state behind an instruction that writes `term`. */
  private after(state: State, term: number): State {
    const { at, bytes, knowledge } = state;
    const { code, k } = this.program[at]!;
    const registers = [...state.registers];
    registers[registerOf(writes(code, k))] = term;
    const end = this.end(state);
    const byX = end === null && (code & 7) === Class.LD && (code & 0xe0) === Mode.IND;
    return {
      at: at + 1,
      registers,
      bytes: end === null ? bytes : Math.max(bytes, end),
      knowledge: byX ? this.values.loaded(knowledge, term) : knowledge,
    };
  }

  /** Where a load by X is at a place that is known. */
  private absolute({ at, registers, knowledge }: State): number | null {
    const { code, k } = this.program[at]!;
    if ((code & 7) !== Class.LD || (code & 0xe0) !== Mode.IND) return null;
    const x = this.values.numberOf(knowledge, registers[X_PLACE]!);
    return x === null || x + k >= ANCILLARY ? null : x + k;
  }

  /** The end of what a load wants; null: no load, or at no place that is known. */
  private end(state: State): number | null {
    const { code, k } = this.program[state.at]!;
    const mode = code & 0xe0;
    if ((code & 7) === Class.LDX) return mode === Mode.MSH ? k + 1 : null;
    if ((code & 7) !== Class.LD) return null;
    // What the system knows of a packet is always there.
    if (mode === Mode.ABS) return k >= ANCILLARY ? null : k + loadSize(code);
    const place = this.absolute(state);
    return place === null ? null : place + loadSize(code);
  }

  /** Whether an instruction surely goes on to the next one. */
  private isSafe(state: State): boolean {
    const { code, k } = this.program[state.at]!;
    const operation = code & 0xf0;
    if ((code & 7) === Class.ALU && (operation === Alu.DIV || operation === Alu.MOD)) {
      const by =
        (code & SOURCE_X) === 0 ? k : this.values.numberOf(state.knowledge, state.registers[X_PLACE]!);
      return by !== null && by !== 0;
    }
    if (this.whole) return true;
    const end = this.end(state);
    if (end !== null) return end <= state.bytes;
    if ((code & 7) === Class.LD && (code & 0xe0) === Mode.IND) return state.knowledge.has(this.result(state));
    return true;
  }

  /** Whether it surely refuses the packet: a division by 0. */
  private refuses({ at, registers, knowledge }: State): boolean {
    const { code, k } = this.program[at]!;
    const operation = code & 0xf0;
    if ((code & 7) !== Class.ALU || (operation !== Alu.DIV && operation !== Alu.MOD)) return false;
    return ((code & SOURCE_X) === 0 ? k : this.values.numberOf(knowledge, registers[X_PLACE]!)) === 0;
  }

  /** The term that an instruction writes. */
  private result(state: State): number {
    const { at, registers } = state;
    const { code, k } = this.program[at]!;
    const { values } = this;
    const mode = code & 0xe0;
    const a = registers[A_PLACE]!;
    const x = registers[X_PLACE]!;
    const leaf = this.ahead.places[at]!;
    switch (code & 7) {
      case Class.LD:
      case Class.LDX:
        if (mode === Mode.IMM) return values.constant(k);
        if (mode === Mode.LEN) return values.length();
        if (mode === Mode.MEM) return registers[k & 15]!;
        if (mode === Mode.ABS) return values.load(loadSize(code), k, leaf);
        if (mode === Mode.MSH) {
          const low = values.alu(Alu.AND, values.load(1, k, leaf), values.constant(15));
          return values.alu(Alu.LSH, low, values.constant(2));
        }
        break;
      case Class.ST:
        return a;
      case Class.STX:
        return x;
      case Class.ALU:
        return values.alu(code & 0xf0, a, (code & SOURCE_X) !== 0 ? x : values.constant(k));
      default:
        return (code & TXA) !== 0 ? x : a;
    }
    const place = this.absolute(state);
    const size = loadSize(code);
    if (place !== null) {
      const plain = this.ahead.placeOf(false, size, place);
      if (plain !== undefined) values.load(size, place, plain);
      return values.load(size, place, leaf);
    }
    const [base, behind] = values.split(x, k);
    const other = this.ahead.placeOf(true, size, behind);
    if (other !== undefined) values.indirect(size, behind, base, other);
    return values.indirect(size, behind, base, leaf);
  }

  /** What a test asks: A, or what of it, and the number it is compared with; null where that is X. */
  private asked({ at, registers, knowledge }: State): { term: number; by: number | null } {
    const { code, k } = this.program[at]!;
    const { values } = this;
    const a = registers[A_PLACE]!;
    const x = registers[X_PLACE]!;
    const by = (code & SOURCE_X) === 0 ? k : values.numberOf(knowledge, x);
    const operation = code & 0xf0;
    if (by !== null && operation === Jump.JEQ) {
      const [term, value] = values.isolate(a, by);
      return { term, by: value };
    }
    if (by !== null)
      return { term: operation === Jump.JSET ? values.alu(Alu.AND, a, values.constant(by)) : a, by };
    const swapped = operation === Jump.JEQ && x < a;
    return { term: values.comparison(operation, swapped ? x : a, swapped ? a : x), by };
  }

  /** @returns whether a test holds, null where that is open */
  private test(state: State): boolean | null {
    const { term, by } = this.asked(state);
    const { knowledge } = state;
    const { values } = this;
    const operation = this.program[state.at]!.code & 0xf0;
    if (by === null) {
      const [a, x] = [state.registers[A_PLACE]!, state.registers[X_PLACE]!];
      if (a === x && operation !== Jump.JSET) return operation !== Jump.JGT;
      return negated(values.equals(knowledge, term, 0));
    }
    switch (operation) {
      case Jump.JEQ:
        return values.equals(knowledge, term, by);
      case Jump.JSET:
        return negated(values.equals(knowledge, term, 0));
      case Jump.JGT:
        return by === MAXIMUM ? false : values.reaches(knowledge, term, by + 1);
      default:
        return values.reaches(knowledge, term, by);
    }
  }

  /** What is known when a test held, or did not. */
  private learn(state: State, holds: boolean): Knowledge {
    const { term, by } = this.asked(state);
    const { knowledge } = state;
    const { values } = this;
    const operation = this.program[state.at]!.code & 0xf0;
    if (by === null || operation === Jump.JSET) {
      if (!holds) return values.within(knowledge, term, 0, 0);
      // Of one bit there is but one number.
      return by !== null && (by & (by - 1)) === 0
        ? values.within(knowledge, term, by, by)
        : values.differs(knowledge, term, 0);
    }
    if (operation === Jump.JEQ)
      return holds ? values.within(knowledge, term, by, by) : values.differs(knowledge, term, by);
    const least = operation === Jump.JGT ? by + 1 : by;
    return holds
      ? values.within(knowledge, term, least, MAXIMUM)
      : values.within(knowledge, term, 0, least - 1);
  }
}

function negated(answer: boolean | null): boolean | null {
  return answer === null ? null : !answer;
}

function registerOf(bit: number): number {
  return bit === A ? A_PLACE : bit === X ? X_PLACE : 31 - Math.clz32(bit);
}

/**
 * @param whole whether packets have every byte that is asked for
 * @returns a program with the same answers, the given one where none shorter is found
 */
export function simplify(
  program: readonly ClassicInstruction[],
  whole = false,
): readonly ClassicInstruction[] {
  if (jumpsBack(program)) return program;
  return new Simplifier(program, whole).run() ?? program;
}

/** Whether a simplified program refuses every packet. */
export function rejectsAll(program: readonly ClassicInstruction[]): boolean {
  const [only] = program;
  return program.length === 1 && (only!.code & 0x1f) === Class.RET && only!.k === 0;
}
