// Regular expressions that take time in proportion to the text, whatever both are: all ways through the expression are
// followed at once. Source: Thompson, Regular Expression Search Algorithm (1968); syntax as ECMAScript's, without what
// needs to go back: back references and assertions about what follows or precedes.

/** A pattern that cannot be used, with the reason. */
export class PatternError extends Error {}

/** Steps a pattern may have, its counted repetitions written out. */
const MAX_STEPS = 1000;
const MAX_NESTING = 50;
/** Characters of a text that are looked at. */
const MAX_TEXT = 16384;

/** Ranges of code points, both ends included, one after the other. */
interface CharacterSet {
  readonly ranges: readonly number[];
  readonly negated: boolean;
}

type Step =
  | { readonly kind: 'set'; readonly set: CharacterSet }
  | { readonly kind: 'split'; first: number; second: number }
  | { readonly kind: 'jump'; to: number }
  | { readonly kind: 'start' | 'end' | 'boundary' | 'no-boundary' | 'match' };

/** An expression taken apart. */
type Tree =
  | { readonly kind: 'set'; readonly set: CharacterSet }
  | { readonly kind: 'start' | 'end' | 'boundary' | 'no-boundary' }
  | { readonly kind: 'sequence' | 'choice'; readonly parts: readonly Tree[] }
  | { readonly kind: 'repeat'; readonly of: Tree; readonly least: number; readonly most: number };

const DIGITS = [0x30, 0x39];
const WORD = [0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a];
const SPACE = [9, 13, 0x20, 0x20, 0xa0, 0xa0, 0x1680, 0x1680, 0x2000, 0x200a];
const MORE_SPACE = [0x2028, 0x2029, 0x202f, 0x202f, 0x205f, 0x205f, 0x3000, 0x3000, 0xfeff, 0xfeff];
const LINE_ENDS = [10, 10, 13, 13, 0x2028, 0x2029];
const CLASSES: Readonly<Record<string, readonly number[]>> = {
  d: DIGITS,
  w: WORD,
  s: [...SPACE, ...MORE_SPACE],
};
const CONTROLS: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, 0: 0 };

/** What is not in sorted ranges. */
function complement(ranges: readonly number[]): number[] {
  const left: number[] = [];
  let from = 0;
  for (let i = 0; i < ranges.length; i += 2) {
    if (ranges[i]! > from) left.push(from, ranges[i]! - 1);
    from = ranges[i + 1]! + 1;
  }
  left.push(from, 0x10ffff);
  return left;
}

function inRanges(ranges: readonly number[], code: number): boolean {
  for (let i = 0; i < ranges.length; i += 2) if (code >= ranges[i]! && code <= ranges[i + 1]!) return true;
  return false;
}

class Parser {
  private readonly text: readonly string[];
  private at = 0;

  constructor(text: string) {
    this.text = [...text];
  }

  parse(): Tree {
    const tree = this.choice(0);
    if (this.at < this.text.length) throw new PatternError("unmatched ')'");
    return tree;
  }

  private is(what: string): boolean {
    return [...what].every((character, i) => this.text[this.at + i] === character);
  }

  private skip(what: string): boolean {
    if (!this.is(what)) return false;
    this.at += what.length;
    return true;
  }

  private choice(depth: number): Tree {
    if (depth > MAX_NESTING) throw new PatternError('nested too deep');
    const parts = [this.sequence(depth)];
    while (this.skip('|')) parts.push(this.sequence(depth));
    return parts.length === 1 ? parts[0]! : { kind: 'choice', parts };
  }

  private sequence(depth: number): Tree {
    const parts: Tree[] = [];
    while (this.at < this.text.length && !this.is('|') && !this.is(')')) parts.push(this.repeated(depth));
    return { kind: 'sequence', parts };
  }

  private repeated(depth: number): Tree {
    const of = this.atom(depth);
    const bounds = this.quantifier();
    if (bounds === null) return of;
    if (of.kind !== 'set' && of.kind !== 'sequence' && of.kind !== 'choice')
      throw new PatternError('nothing to repeat');
    this.skip('?'); // the least that matches or the most: whether it matches is the same
    if (this.quantifier() !== null) throw new PatternError('nothing to repeat');
    return { kind: 'repeat', of, least: bounds[0], most: bounds[1] };
  }

  private quantifier(): [number, number] | null {
    if (this.skip('*')) return [0, Number.POSITIVE_INFINITY];
    if (this.skip('+')) return [1, Number.POSITIVE_INFINITY];
    if (this.skip('?')) return [0, 1];
    const match = /^\{(\d{1,5})(,(\d{1,5})?)?\}/.exec(this.text.slice(this.at, this.at + 13).join(''));
    if (match === null) return null;
    this.at += match[0].length;
    const least = Number(match[1]);
    const most =
      match[2] === undefined ? least : match[3] === undefined ? Number.POSITIVE_INFINITY : Number(match[3]);
    if (most < least) throw new PatternError('numbers out of order in {}');
    return [least, most];
  }

  private atom(depth: number): Tree {
    const c = this.text[this.at++]!;
    switch (c) {
      case '(':
        return this.group(depth);
      case '[':
        return { kind: 'set', set: this.characterClass() };
      case '.':
        return { kind: 'set', set: { ranges: LINE_ENDS, negated: true } };
      case '^':
        return { kind: 'start' };
      case '$':
        return { kind: 'end' };
      case '*':
      case '+':
      case '?':
        throw new PatternError('nothing to repeat');
      case '\\':
        if (this.skip('b')) return { kind: 'boundary' };
        if (this.skip('B')) return { kind: 'no-boundary' };
        return { kind: 'set', set: { ranges: this.escape(), negated: false } };
      default: {
        const code = c.codePointAt(0)!;
        return { kind: 'set', set: { ranges: [code, code], negated: false } };
      }
    }
  }

  private group(depth: number): Tree {
    if (this.is('?=') || this.is('?!') || this.is('?<=') || this.is('?<!'))
      throw new PatternError('look-ahead and look-behind are not supported');
    if (this.is('?') && !this.skip('?:')) throw new PatternError("unknown group '(?'");
    const tree = this.choice(depth + 1);
    if (!this.skip(')')) throw new PatternError("')' is missing");
    // A group is repeated as a whole, whatever is in it.
    return tree.kind === 'choice' ? tree : { kind: 'sequence', parts: [tree] };
  }

  /** What follows a backslash, as ranges. */
  private escape(): readonly number[] {
    const c = this.text[this.at++];
    if (c === undefined) throw new PatternError('\\ at the end');
    const known = CLASSES[c.toLowerCase()];
    if (known !== undefined) return c === c.toLowerCase() ? known : complement(known);
    const control = CONTROLS[c];
    if (control !== undefined) return [control, control];
    if (c === 'x' || c === 'u') {
      const match = /^(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\})/.exec(
        c + this.text.slice(this.at, this.at + 8).join(''),
      );
      if (match === null) throw new PatternError(`\\${c} needs hexadecimal digits`);
      this.at += match[0].length - 1;
      const code = Number.parseInt(match[1] ?? match[2] ?? match[3]!, 16);
      return [code, code];
    }
    if (/[0-9k]/.test(c)) throw new PatternError('back references are not supported');
    if (/[A-Za-z]/.test(c)) throw new PatternError(`unknown \\${c}`);
    const code = c.codePointAt(0)!;
    return [code, code];
  }

  private characterClass(): CharacterSet {
    const negated = this.skip('^');
    const ranges: number[] = [];
    while (!this.skip(']')) {
      const from = this.classMember();
      if (from.length === 2 && from[0] === from[1] && this.is('-') && this.text[this.at + 1] !== ']') {
        this.at++;
        const to = this.classMember();
        if (to.length !== 2 || to[0] !== to[1] || to[0]! < from[0]!)
          throw new PatternError('a range out of order in []');
        ranges.push(from[0]!, to[0]!);
      } else {
        ranges.push(...from);
      }
    }
    return { ranges, negated };
  }

  private classMember(): readonly number[] {
    const c = this.text[this.at++];
    if (c === undefined) throw new PatternError("']' is missing");
    if (c === '\\') return this.skip('b') ? [8, 8] : this.escape();
    const code = c.codePointAt(0)!;
    return [code, code];
  }
}

/** Writes a tree as steps, the next one following each unless it says otherwise. */
function write(tree: Tree, steps: Step[]): void {
  if (steps.length > MAX_STEPS) throw new PatternError('too large');
  switch (tree.kind) {
    case 'sequence':
      for (const part of tree.parts) write(part, steps);
      return;
    case 'choice': {
      const jumps: { kind: 'jump'; to: number }[] = [];
      tree.parts.forEach((part, i) => {
        if (i === tree.parts.length - 1) {
          write(part, steps);
          return;
        }
        const split = { kind: 'split' as const, first: steps.length + 1, second: 0 };
        steps.push(split);
        write(part, steps);
        const jump = { kind: 'jump' as const, to: 0 };
        jumps.push(jump);
        steps.push(jump);
        split.second = steps.length;
      });
      for (const jump of jumps) jump.to = steps.length;
      return;
    }
    case 'repeat': {
      for (let i = 0; i < tree.least; i++) {
        const before = steps.length;
        write(tree.of, steps);
        if (steps.length === before) break; // nothing, however often
      }
      if (tree.most === Number.POSITIVE_INFINITY) {
        const split = { kind: 'split' as const, first: steps.length + 1, second: 0 };
        const again = steps.length;
        steps.push(split);
        write(tree.of, steps);
        steps.push({ kind: 'jump', to: again });
        split.second = steps.length;
        return;
      }
      const splits: { second: number }[] = [];
      for (let i = tree.least; i < tree.most; i++) {
        const split = { kind: 'split' as const, first: steps.length + 1, second: 0 };
        splits.push(split);
        steps.push(split);
        write(tree.of, steps);
      }
      for (const split of splits) split.second = steps.length;
      return;
    }
    default:
      steps.push(tree);
  }
}

function isWord(code: number): boolean {
  return code >= 0 && inRanges(WORD, code);
}

/** A regular expression. */
export class Pattern {
  private readonly steps: readonly Step[];

  /** @throws PatternError */
  constructor(text: string) {
    const steps: Step[] = [];
    write(new Parser(text).parse(), steps);
    if (steps.length > MAX_STEPS) throw new PatternError('too large');
    steps.push({ kind: 'match' });
    this.steps = steps;
  }

  /** Whether it matches somewhere in the first MAX_TEXT characters. */
  test(text: string): boolean {
    const codes = Int32Array.from([...text.slice(0, MAX_TEXT)], (character) => character.codePointAt(0)!);
    const place: Place = { at: 0, before: -1, here: -1 };
    /** Position at which each step was entered last. */
    const entered = new Int32Array(this.steps.length).fill(-1);
    let current: number[] = [];
    for (; place.at <= codes.length; place.at++) {
      place.before = place.at > 0 ? codes[place.at - 1]! : -1;
      place.here = place.at < codes.length ? codes[place.at]! : -1;
      const next: number[] = [];
      // Those that go on, and a match that begins here.
      current.push(0);
      for (const index of current) if (this.follow(index, place, entered, next)) return true;
      current = next;
    }
    return false;
  }

  /**
   * Follows a step, and all that it leads to before a further character.
   * @param next gets the steps behind those that take the character at hand
   * @returns whether it comes to the end of the expression
   */
  private follow(first: number, place: Place, entered: Int32Array, next: number[]): boolean {
    const { at, here } = place;
    const pending = [first];
    while (pending.length > 0) {
      const index = pending.pop()!;
      if (entered[index] === at) continue;
      entered[index] = at;
      const step = this.steps[index]!;
      switch (step.kind) {
        case 'match':
          return true;
        case 'jump':
          pending.push(step.to);
          break;
        case 'split':
          pending.push(step.first, step.second);
          break;
        case 'set':
          if (here >= 0 && inRanges(step.set.ranges, here) !== step.set.negated) next.push(index + 1);
          break;
        default:
          if (holds(step.kind, place)) pending.push(index + 1);
      }
    }
    return false;
  }
}

/** Where a match is tried: a position, and the characters on both sides of it, -1 where there is none. */
interface Place {
  at: number;
  before: number;
  here: number;
}

/** Whether a condition that takes no character is met. */
function holds(kind: 'start' | 'end' | 'boundary' | 'no-boundary', { at, before, here }: Place): boolean {
  if (kind === 'start') return at === 0;
  if (kind === 'end') return here < 0;
  return (isWord(before) !== isWord(here)) === (kind === 'boundary');
}
