// A metadata filter as the body of kernel/tap.c's metadata_filter: constants of the hook folded away, what only user space
// knows taken for a yes.

import type { Interface } from '../../packet/index.js';
import { userIds } from '../../system/accounts.js';
import { Assembler, Code, type EbpfInstruction, type Label } from '../assembler.js';
import { interfaceMatches } from './javascript.js';
import type { FieldName, Node, Term } from './parser.js';

/** Offsets of `struct packet_facts`, kernel/facts.h. */
const FACTS: { readonly [Field in FieldName]?: number } = {
  pid: 0,
  uid: 4,
  proc: 8,
  svc: 24,
  flowid: 28,
  ppid: 32,
  netns: 36,
  epid: 40,
  tree: 44,
  thread: 48,
  flags: 52,
};
const COMM = 16;

/** What is the same for every packet of a hook. */
export interface HookFacts {
  readonly interface: Interface;
  readonly direction: 'in' | 'out';
  /** Process IDs of the trees that the kernel follows, in the order of their bits. */
  readonly trees: readonly number[];
}

/** A tree in which `not` stands at terms only, and terms may be known already. */
type Folded =
  | boolean
  | { readonly kind: 'term'; readonly term: Term; readonly wanted: boolean }
  | { readonly kind: 'and' | 'or'; readonly left: Folded; readonly right: Folded };

/**
 * Whether the kernel can answer every term.
 * @param trees whether it follows the trees asked for
 */
export function kernelAnswers(node: Node, trees: boolean): boolean {
  switch (node.kind) {
    case 'term':
      if (node.pattern !== null) return node.field === 'if';
      if (node.field === 'tree') return trees;
      if (node.field === 'user') return !node.values.includes('');
      return (
        node.field === 'if' || node.field === 'dir' || node.field === 'dlt' || FACTS[node.field] !== undefined
      );
    case 'fact':
      return false;
    case 'not':
      return kernelAnswers(node.of, trees);
    default:
      return kernelAnswers(node.left, trees) && kernelAnswers(node.right, trees);
  }
}

/** Whether the answer is the same for all packets of a socket's owner, as long as that is the same process. */
export function asksForOwner(node: Node): boolean {
  switch (node.kind) {
    case 'term':
      return node.pattern === null && ['pid', 'uid', 'user', 'proc', 'tree'].includes(node.field);
    case 'fact':
      return false;
    case 'not':
      return asksForOwner(node.of);
    default:
      return asksForOwner(node.left) && asksForOwner(node.right);
  }
}

function fold(node: Node, wanted: boolean, hook: HookFacts): Folded {
  switch (node.kind) {
    case 'not':
      return fold(node.of, !wanted, hook);
    case 'fact':
      // Whatever it is, it may match.
      return true;
    case 'term':
      return foldTerm(node, node.negated ? !wanted : wanted, hook);
    default: {
      const left = fold(node.left, wanted, hook);
      const right = fold(node.right, wanted, hook);
      // De Morgan, under a not
      const kind = (node.kind === 'and') === wanted ? 'and' : 'or';
      if (kind === 'and') {
        if (left === false || right === false) return false;
        if (left === true) return right;
        if (right === true) return left;
      } else {
        if (left === true || right === true) return true;
        if (left === false) return right;
        if (right === false) return left;
      }
      return { kind, left, right };
    }
  }
}

function foldTerm(term: Term, wanted: boolean, hook: HookFacts): Folded {
  const name = hook.interface.name;
  switch (term.field) {
    case 'if': {
      const matches =
        term.pattern !== null
          ? term.pattern.test(name)
          : term.values.some((value) => interfaceMatches(name, value));
      return matches === wanted;
    }
    case 'dir':
      return term.numbers.includes(hook.direction === 'in' ? 1 : 2) === wanted;
    case 'dlt':
      return term.numbers.includes(hook.interface.linkType) === wanted;
    case 'user':
      // The kernel knows users by number; '' is one without a name.
      if (term.pattern !== null || term.values.includes('')) return true;
      return { kind: 'term', term: { ...term, field: 'uid', numbers: term.values.flatMap(userIds) }, wanted };
    case 'tree': {
      if (hook.trees.length === 0) return true;
      const bits = term.numbers.reduce((sum, root) => sum | (1 << hook.trees.indexOf(root)), 0);
      return { kind: 'term', term: { ...term, numbers: [bits] }, wanted };
    }
    default:
      if (term.pattern !== null || FACTS[term.field] === undefined) return true;
      return { kind: 'term', term, wanted };
  }
}

/**
 * @returns the function's body; true or false where every packet of the hook gets the same answer
 */
export function metadataToEbpf(node: Node, hook: HookFacts): EbpfInstruction[] | boolean {
  const folded = fold(node, true, hook);
  if (typeof folded === 'boolean') return folded;
  const assembler = new Assembler();
  const yes = assembler.label();
  const no = assembler.label();
  emit(assembler, folded, yes, no);
  assembler.place(yes);
  assembler.emit(Code.MOV64_IMM, 0, 0, 0, 1);
  assembler.emit(Code.EXIT);
  assembler.place(no);
  assembler.emit(Code.MOV64_IMM, 0, 0, 0, 0);
  assembler.emit(Code.EXIT);
  return assembler.finish();
}

function emit(a: Assembler, node: Exclude<Folded, boolean>, yes: Label, no: Label): void {
  if (node.kind === 'term') {
    emitTerm(a, node.term, node.wanted ? yes : no, node.wanted ? no : yes);
    return;
  }
  const middle = a.label();
  // constants were folded away: what is left are trees
  emit(
    a,
    node.left as Exclude<Folded, boolean>,
    node.kind === 'and' ? middle : yes,
    node.kind === 'and' ? no : middle,
  );
  a.place(middle);
  emit(a, node.right as Exclude<Folded, boolean>, yes, no);
}

function emitTerm(a: Assembler, term: Term, yes: Label, no: Label): void {
  const offset = FACTS[term.field]!;
  if (term.field !== 'proc') {
    a.emit(Code.LOAD_WORD, 2, 1, offset);
    if (term.field === 'tree') {
      a.jump(yes, Code.JSET32_IMM, 2, term.numbers[0]!);
      a.jump(no);
      return;
    }
    if (term.field === 'flags') {
      // 0 asks for packets without any.
      for (const flag of term.numbers) a.jump(yes, flag === 0 ? Code.JEQ32_IMM : Code.JSET32_IMM, 2, flag);
      a.jump(no);
      return;
    }
    // -1 stands for unknown where it is no value that can be asked for
    for (const value of term.numbers)
      if (value !== 0xffffffff || term.field === 'flowid') a.jump(yes, Code.JEQ32_IMM, 2, value | 0);
    a.jump(no);
    return;
  }
  for (const value of term.values) {
    const next = a.label();
    const bytes = Buffer.alloc(COMM);
    Buffer.from(value).copy(bytes, 0, 0, COMM - 1);
    for (let i = 0; i < COMM; i += 4) {
      a.emit(Code.LOAD_WORD, 2, 1, offset + i);
      a.jump(next, Code.JNE32_IMM, 2, bytes.readInt32LE(i));
    }
    a.jump(yes);
    a.place(next);
  }
  a.jump(no);
}
