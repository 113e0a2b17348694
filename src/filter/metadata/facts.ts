// Terms of -Q about what packets say: any field of the list, asked in user space.

import { Facts, type Field, type FieldValue, hexText } from '../../decode/facts/index.js';
import type { Packet, PacketFilter } from '../../packet/index.js';
import type { Pattern } from './regex.js';
import {
  contains,
  hardwareOf,
  isAddress,
  isCaseless,
  isHardwareAddress,
  isWordOf,
  type Network,
  networkOf,
  numberOf,
  timeOf,
} from './values.js';

export type Comparison = '=' | '<' | '<=' | '>' | '>=';

/** A comparison with a field of the list: with any of the values, or a pattern. */
export interface FactTerm {
  readonly kind: 'fact';
  readonly field: Field;
  readonly negated: boolean;
  readonly comparison: Comparison;
  readonly values: readonly string[];
  readonly pattern: Pattern | null;
}

/** The packet at hand, read once for all terms. */
export class PacketFacts {
  private readonly facts = new Facts();
  private packet: Packet | null = null;

  /** The next packet, though it be the same object. */
  next(packet: Packet): void {
    this.packet = packet;
  }

  read(): Facts {
    if (this.packet !== null) {
      this.facts.read(this.packet);
      this.packet = null;
    }
    return this.facts;
  }
}

type Test = (value: FieldValue) => boolean;

/** Whether a value can be asked for; '' asks for what is not known. */
export function isValueOf(field: Field, text: string): boolean {
  if (text === '') return true;
  if (isAddress(field)) return networkOf(text) !== null;
  if (isHardwareAddress(field)) return hardwareOf(text) !== null;
  switch (field.type) {
    case 'integer':
      return numberOf(text) !== null;
    case 'boolean':
      return text === 'true' || text === 'false';
    case 'time':
    case 'epoch':
      return timeOf(text) !== null;
    default:
      return isWordOf(field, text);
  }
}

/** Fields that have an order. */
export function isOrdered({ type }: Field): boolean {
  return type === 'integer' || type === 'time' || type === 'epoch';
}

/** Fields with text that a regular expression could match. */
export function hasText({ type }: Field): boolean {
  return type === 'string' || type === 'strings';
}

/** Compiles a term, without its negation. */
export function compileFact(term: FactTerm, packets: PacketFacts): PacketFilter {
  const { field } = term;
  const unknown = term.pattern === null && term.values.includes('');
  const { reader } = field;
  if (reader.kind === 'number') {
    const test = numberTest(term);
    return () => {
      const n = reader.read(packets.read());
      return Number.isNaN(n) ? unknown : test(n);
    };
  }
  if (reader.kind === 'address' && term.pattern === null) {
    const networks = term.values.map(networkOf).filter((network): network is Network => network !== null);
    return () => {
      const facts = packets.read();
      const at = reader.at(facts);
      if (at < 0) return unknown;
      const { buffer, version } = facts.headers;
      const length = version === 4 ? 4 : 16;
      for (const network of networks)
        if (network.bytes.length === length && contains(network, buffer, at)) return true;
      return false;
    };
  }
  const test = valueTest(term);
  if (reader.kind === 'of') {
    const value = reader.value as (object: object) => FieldValue | null;
    const answers = new WeakMap<object, boolean>();
    return () => {
      const object = reader.read(packets.read());
      if (object === null) return unknown;
      let answer = answers.get(object);
      if (answer === undefined) {
        const known = value(object);
        answer = known === null ? unknown : test(known);
        answers.set(object, answer);
      }
      return answer;
    };
  }
  return () => {
    const value = field.of(packets.read());
    return value === null ? unknown : test(value);
  };
}

function compared<T extends number | bigint>(
  comparison: Comparison,
  wanted: readonly T[],
): (value: T) => boolean {
  const [limit] = wanted;
  switch (comparison) {
    case '=':
      return (value) => wanted.includes(value);
    case '<':
      return (value) => value < limit!;
    case '<=':
      return (value) => value <= limit!;
    case '>':
      return (value) => value > limit!;
    case '>=':
      return (value) => value >= limit!;
  }
}

function numberTest({ comparison, values }: FactTerm): (value: number) => boolean {
  return compared(
    comparison,
    values.map(numberOf).filter((n) => n !== null),
  );
}

function valueTest(term: FactTerm): Test {
  const { field, values, pattern, comparison } = term;
  if (pattern !== null)
    return (value) =>
      Array.isArray(value) ? value.some((one: string) => pattern.test(one)) : pattern.test(String(value));
  switch (field.type) {
    case 'integer': {
      const test = numberTest(term);
      return (value) => test(value as number);
    }
    case 'time':
    case 'epoch': {
      const test = compared(
        comparison,
        values.map(timeOf).filter((time) => time !== null),
      );
      return (value) => test(value as bigint);
    }
    case 'boolean':
      return (value) => values.includes(String(value));
    default:
      return textTest(field, values);
  }
}

function textTest(field: Field, values: readonly string[]): Test {
  if (isAddress(field)) {
    const networks = values.map(networkOf).filter((network) => network !== null);
    return (value) => {
      const address = networkOf(value as string)!.bytes;
      return networks.some(
        (network) => network.bytes.length === address.length && contains(network, address, 0),
      );
    };
  }
  const folded = isCaseless(field)
    ? (text: string): string => text.toLowerCase()
    : (text: string): string => text;
  const known = values.filter((value) => value !== '');
  const wanted = new Set(isHardwareAddress(field) ? known.map(hardwareOf) : known.map(folded));
  const has = (text: string): boolean => wanted.has(folded(text));
  if (field.type === 'strings') return (value) => (value as readonly string[]).some(has);
  if (field.type === 'bytes') return (value) => has(hexText(value as Uint8Array));
  return (value) => has(value as string);
}
