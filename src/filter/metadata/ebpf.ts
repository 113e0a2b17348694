// A metadata filter as the body of kernel/store.c's metadata_filter: constants of the hook folded away, what only user space
// knows taken for a yes.

import { Assembler, Code, type EbpfInstruction, type Label } from '../assembler.js';
import type { HookFacts, KernelTest, Node, Term } from './node.js';

/** Bytes of a name. */
const COMM = 16;

interface KernelTerm {
  readonly kind: 'term';
  readonly test: KernelTest;
  readonly term: Term;
  readonly wanted: boolean;
}

/** A tree in which `not` stands at terms only, and terms may be known already. */
type Folded =
  | boolean
  | KernelTerm
  | { readonly kind: 'and' | 'or'; readonly left: Folded; readonly right: Folded };

/**
 * Whether the kernel can answer every term.
 * @param trees whether it follows the trees asked for
 */
export function kernelAnswers(node: Node, trees: boolean): boolean {
  switch (node.kind) {
    case 'term':
      return node.field.kernel?.whole(node, trees) === true;
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
      return node.pattern === null && node.field.ofOwner === true;
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
    default:
      // De Morgan, under a not
      return join(
        (node.kind === 'and') === wanted ? 'and' : 'or',
        fold(node.left, wanted, hook),
        fold(node.right, wanted, hook),
      );
  }
}

/** Both of two, or either; one that is known already is left out. */
function join(kind: 'and' | 'or', left: Folded, right: Folded): Folded {
  /** What decides it whatever the other is. */
  const decisive = kind === 'or';
  if (left === decisive || right === decisive) return decisive;
  if (left === !decisive) return right;
  return right === !decisive ? left : { kind, left, right };
}

function foldTerm(term: Term, wanted: boolean, hook: HookFacts): Folded {
  const asked = term.field.kernel?.ask(term, hook) ?? 'maybe';
  // Whatever is wanted, user space is to be asked.
  if (asked === 'maybe') return true;
  return typeof asked === 'boolean' ? asked === wanted : { kind: 'term', ...asked, wanted };
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
    emitTerm(a, node, node.wanted ? yes : no, node.wanted ? no : yes);
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

function emitTerm(
  a: Assembler,
  { test: { offset, compare }, term: { numbers, values } }: Pick<KernelTerm, 'test' | 'term'>,
  yes: Label,
  no: Label,
): void {
  if (compare === 'name') {
    for (const value of values) emitName(a, offset, value, yes);
    a.jump(no);
    return;
  }
  a.emit(Code.LOAD_WORD, 2, 1, offset);
  for (const value of numbers) {
    // 0 asks for a word without any bit.
    if (compare === 'bits') a.jump(yes, value === 0 ? Code.JEQ32_IMM : Code.JSET32_IMM, 2, value);
    // -1 stands for unknown where it is no value that can be asked for
    else if (value !== 0xffffffff || compare === 'equal') a.jump(yes, Code.JEQ32_IMM, 2, value | 0);
  }
  a.jump(no);
}

/** Goes to `yes` where the name at an offset is the value, as far as the kernel keeps one. */
function emitName(a: Assembler, offset: number, value: string, yes: Label): void {
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
