// -Q's language: words into a tree. Source: Apple's tcpdump(1), --apple-md-filter; `and` binds tighter than `or` here.

import {
  type Field as ListedField,
  fieldByName as listedField,
  unknownField,
} from '../../decode/facts/index.js';
import { linkTypeByName, visible } from '../../packet/index.js';
import { FilterSyntaxError } from '../errors.js';
import { type Comparison, type FactTerm, hasText, isOrdered, isValueOf } from './facts.js';
import { COMMAND_TREE, FIELD_NAMES, fieldByName, fieldListedAs } from './fields.js';
import type { Field, Node, Term } from './node.js';
import { Pattern, PatternError } from './regex.js';
import { wantedOf } from './values.js';

/** Trees that one filter may ask for: the kernel keeps a bit for each. */
const MAX_TREES = 15;

/** A metadata filter that does not parse. */
function syntaxError(reason: string, text: string, position: number): FilterSyntaxError {
  const before = visible(text.slice(0, position)).length;
  const place = `${visible(text)}\n    ${' '.repeat(before)}^`;
  return new FilterSyntaxError(
    `can't parse metadata filter: ${reason}\n    ${place}`,
    reason,
    text,
    position,
  );
}

interface Token {
  readonly kind: 'word' | 'quoted' | 'symbol' | 'end';
  readonly text: string;
  readonly at: number;
}

const MAX_DEPTH = 100;
const MAX_LENGTH = 65536;
const ORDER: readonly string[] = ['<=', '>=', '<', '>'];
const WORD = /[A-Za-z0-9_+.*/:@,-]/;

class Parser {
  private at = 0;
  private token: Token;
  readonly trees = new Set<number>();

  constructor(private readonly text: string) {
    if (text.length > MAX_LENGTH) throw syntaxError('too long', '', 0);
    this.token = this.next();
  }

  private fail(reason: string, token: Token): never {
    throw syntaxError(reason, this.text, token.at);
  }

  private next(): Token {
    const text = this.text;
    while (this.at < text.length && /\s/.test(text[this.at]!)) this.at++;
    const at = this.at;
    if (at >= text.length) return { kind: 'end', text: '', at };
    const c = text[at]!;
    if (c === '"' || c === "'") {
      const end = text.indexOf(c, at + 1);
      if (end < 0) throw syntaxError('the quote is not closed', text, at);
      this.at = end + 1;
      return { kind: 'quoted', text: text.slice(at + 1, end), at };
    }
    for (const symbol of ['||', '&&', '!=', '<=', '>=', '<', '>', '(', ')', '=', '!', '~']) {
      if (text.startsWith(symbol, at)) {
        this.at += symbol.length;
        return { kind: 'symbol', text: symbol, at };
      }
    }
    while (this.at < text.length && WORD.test(text[this.at]!)) this.at++;
    if (this.at === at) throw syntaxError('an unexpected character', text, at);
    return { kind: 'word', text: text.slice(at, this.at), at };
  }

  private take(): Token {
    const token = this.token;
    this.token = this.next();
    return token;
  }

  private is(...texts: string[]): boolean {
    return this.token.kind !== 'quoted' && texts.includes(this.token.text);
  }

  parse(): Node {
    const node = this.or(0);
    if (this.token.kind !== 'end') this.fail('an operator (and, or) was expected', this.token);
    return node;
  }

  private or(depth: number): Node {
    let left = this.and(depth);
    while (this.is('or', '||')) {
      this.take();
      left = { kind: 'or', left, right: this.and(depth) };
    }
    return left;
  }

  private and(depth: number): Node {
    let left = this.not(depth);
    while (this.is('and', '&&')) {
      this.take();
      left = { kind: 'and', left, right: this.not(depth) };
    }
    return left;
  }

  private not(depth: number): Node {
    if (depth > MAX_DEPTH) this.fail('nested too deep', this.token);
    if (this.is('not', '!')) {
      this.take();
      return { kind: 'not', of: this.not(depth + 1) };
    }
    if (this.is('(')) {
      this.take();
      const node = this.or(depth + 1);
      if (!this.is(')')) this.fail("')' was expected", this.token);
      this.take();
      return node;
    }
    return this.term();
  }

  private term(): Term | FactTerm {
    const word = this.take();
    const name = word.kind === 'word' ? word.text : '';
    const listed = listedField(name);
    if (listed !== null && name !== 'info') return this.fact(listed);
    if (name.includes('.')) this.fail(unknownField(name), word);
    if (listed !== null) this.fail('info is the text output itself: no field to ask for', word);
    const field = fieldByName(name);
    if (field === undefined) this.fail(`a field was expected (${FIELD_NAMES.join(' ')})`, word);
    return this.named(field);
  }

  private pattern(value: Token): Pattern {
    try {
      return new Pattern(value.text);
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      return this.fail(`not a regular expression: ${error.message}`, value);
    }
  }

  /** A field of the list, behind its name. */
  private fact(field: ListedField): Term | FactTerm {
    const { name } = field;
    const operator = this.take();
    const ordered = ORDER.includes(operator.text);
    if (operator.kind !== 'symbol' || !(ordered || ['=', '!=', '~'].includes(operator.text)))
      this.fail(`${operatorsOf(field)} was expected`, operator);
    if (ordered && !isOrdered(field))
      this.fail(`${name} has no order: ${operatorsOf(field)} was expected`, operator);
    const value = this.take();
    if (value.kind !== 'word' && value.kind !== 'quoted') this.fail('a value was expected', value);
    const comparison = (ordered ? operator.text : '=') as Comparison;
    const fact = { kind: 'fact', field, negated: operator.text === '!=', comparison } as const;
    if (operator.text === '~') {
      if (!hasText(field)) this.fail(`${name} is no text: ${operatorsOf(field)} was expected`, operator);
      const pattern = this.pattern(value);
      const same = fieldListedAs(name);
      if (same?.text === true)
        return { kind: 'term', field: same, negated: false, values: [], numbers: [], pattern };
      return { ...fact, values: [], pattern };
    }
    const values = value.kind === 'quoted' || ordered ? [value.text] : value.text.split(',');
    if (!values.every((one) => (ordered && one === '' ? false : isValueOf(field, one))))
      this.fail(`not a value of ${name}: ${wantedOf(field)} was expected`, value);
    const same = ordered ? null : this.same(field, fact.negated, values, value);
    return same ?? { ...fact, values, pattern: null };
  }

  /** The same question as one that the kernel may answer; null: there is none. */
  private same({ name }: ListedField, negated: boolean, values: readonly string[], at: Token): Term | null {
    const term = { kind: 'term', negated, values, numbers: [] as number[], pattern: null } as const;
    const field = fieldListedAs(name);
    if (field !== undefined) {
      if (values.includes('') && !field.text) return null;
      return { ...term, field, numbers: this.numbers(field, name, values, at) };
    }
    if (values.includes('')) return null;
    if (name === 'frame.link_type') {
      const numbers = values.map(linkTypeByName).filter((number) => number !== null);
      return numbers.length < values.length ? null : { ...term, field: fieldByName('dlt')!, numbers };
    }
    if (name !== 'frame.interface') return null;
    // `if` takes names without a digit at their end for prefixes.
    const escaped = values.map((one) => one.replace(/\W/gu, (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`));
    const pattern = this.pattern({ ...at, text: `^(${escaped.join('|')})$` });
    return { ...term, field: fieldByName('if')!, values: [], pattern };
  }

  /** The numbers that values stand for; none where the field has text. */
  private numbers(field: Field, name: string, values: readonly string[], at: Token): number[] {
    return (field.number === undefined ? [] : values).map((one) => {
      const found = field.number!(one);
      if (found === null) this.fail(`not a value of ${name}`, at);
      return found;
    });
  }

  private named(field: Field): Term {
    const operator = this.take();
    if (operator.kind !== 'symbol' || !['=', '!=', '~'].includes(operator.text)) {
      const listed = field.listed === undefined ? null : listedField(field.listed);
      const hint = listed !== null && isOrdered(listed) ? ` (${listed.name} has an order)` : '';
      const operators = field.text ? "'=', '!=' or '~'" : "'=' or '!='";
      this.fail(`${operators} was expected${ORDER.includes(operator.text) ? hint : ''}`, operator);
    }
    const value = this.take();
    if (value.kind !== 'word' && value.kind !== 'quoted') this.fail('a value was expected', value);
    const negated = operator.text === '!=';
    if (operator.text === '~') {
      if (!field.text) this.fail(`${field.name} is no text: '=' or '!=' was expected`, operator);
      return { kind: 'term', field, negated, values: [], numbers: [], pattern: this.pattern(value) };
    }
    const values = value.kind === 'quoted' ? [value.text] : value.text.split(',');
    const numbers = this.numbers(field, field.name, values, value);
    if (field.trees) for (const root of numbers) this.trees.add(root);
    if (this.trees.size > MAX_TREES) this.fail(`too many trees (${MAX_TREES} at most)`, value);
    return { kind: 'term', field, negated, values, numbers, pattern: null };
  }
}

/** The operators that a field of the list takes, in words. */
function operatorsOf(field: ListedField): string {
  if (isOrdered(field)) return "'=', '!=', '<', '<=', '>' or '>='";
  return hasText(field) ? "'=', '!=' or '~'" : "'=' or '!='";
}

/** What a metadata filter says. */
export interface ParsedFilter {
  readonly node: Node;
  /** Process IDs of the trees it asks for. */
  readonly trees: readonly number[];
}

/** @throws FilterSyntaxError */
export function parseMetadataFilter(text: string): ParsedFilter {
  const parser = new Parser(text);
  return { node: parser.parse(), trees: [...parser.trees] };
}

/** What the command's processes send and receive, and if there is a filter, what it lets through of that. */
export function ofCommand(filter: ParsedFilter | null): ParsedFilter {
  const left: Term = {
    kind: 'term',
    field: fieldByName('tree')!,
    negated: false,
    values: [],
    numbers: [COMMAND_TREE],
    pattern: null,
  };
  if (filter === null) return { node: left, trees: [COMMAND_TREE] };
  return { node: { kind: 'and', left, right: filter.node }, trees: [COMMAND_TREE, ...filter.trees] };
}
