// Packets as rows, a line each: JSON objects, CSV or TSV. What each field costs is settled when the output is made: numbers and
// addresses go straight into the buffer, what a process or an interface says is kept as bytes by the object.

import { addressText, DEFAULT_FIELDS, Facts, type Field } from '../decode/facts/index.js';
import type { Output, Packet } from '../packet/index.js';
import { ByteWriter, Piece, type Sink } from './bytes.js';
import { cell, type Dialect, dialectOf, isPlain, type RowFormat } from './dialects.js';
import { secondText } from './times.js';

/** Text kept before it goes to the sink. */
const BLOCK = 64 * 1024;
const BILLION = 1_000_000_000;
/** IPv6 addresses whose text is kept: packets say them, so there is a limit. */
const MOST_ADDRESSES = 4096;

export interface RowOptions {
  readonly format: RowFormat;
  /** In the order that they are written in; default: every field but `info`. */
  readonly fields?: readonly Field[];
  /** Whether a terminal shows it: nothing that it would obey is written. JSON never has any. */
  readonly terminal?: boolean;
  /** Text of a packet, for `info`. */
  readonly info?: (packet: Packet) => string;
}

/** Writes one field, or several. */
type Step = (w: ByteWriter, facts: Facts) => void;

export class RowOutput implements Output {
  /** Hand on each row. */
  lineBuffered = false;
  private readonly w = new ByteWriter();
  private readonly facts = new Facts();
  private readonly steps: readonly Step[];
  private readonly object: boolean;
  private closed = false;

  /** @param sink takes blocks of text; they are valid during the call only */
  constructor(
    options: RowOptions,
    private readonly sink: Sink,
  ) {
    const { format, fields = DEFAULT_FIELDS, terminal = false, info = null } = options;
    const dialect = dialectOf(format, terminal);
    this.object = format === 'json';
    this.steps = stepsOf(dialect, fields);
    this.facts.info = info;
    const header = dialect.header(fields.map(({ name }) => name));
    if (header !== null) this.w.text(header);
  }

  packet(packet: Packet): void {
    if (this.closed) throw new Error('the output is closed');
    const { w, facts } = this;
    const steps = this.steps;
    const start = w.pos;
    facts.read(packet);
    for (let i = 0; i < steps.length; i++) steps[i]!(w, facts);
    if (this.object) {
      // Each member begins with a comma: the first one's is where the object begins.
      if (w.pos === start) w.char(123);
      else w.bytes[start] = 123;
      w.char(125);
    }
    w.char(10);
    if (w.pos >= BLOCK || this.lineBuffered) this.flush();
  }

  flush(): void {
    const { w } = this;
    if (w.pos === 0) return;
    const text = w.bytes.subarray(0, w.pos);
    w.pos = 0;
    this.sink(text);
  }

  close(): void {
    if (this.closed) return;
    this.flush();
    this.closed = true;
  }
}

function stepsOf(dialect: Dialect, fields: readonly Field[]): Step[] {
  const steps: Step[] = [];
  for (let i = 0; i < fields.length; ) {
    const { reader } = fields[i]!;
    let end = i + 1;
    if (reader.kind === 'of') {
      // Neighbours that the same object says are kept together.
      for (let next = fields[end]; next !== undefined; next = fields[++end])
        if (next.reader.kind !== 'of' || next.reader.read !== reader.read) break;
      steps.push(ofObject(dialect, fields.slice(i, end), i, reader.read));
    } else steps.push(stepOf(dialect, fields[i]!, i));
    i = end;
  }
  return steps;
}

function nothing(): void {}

function stepOf(dialect: Dialect, field: Field, index: number): Step {
  const { reader, name } = field;
  const before = dialect.before(name, index);
  const separator = new Piece(before);
  const absent: (w: ByteWriter) => void = dialect.empty ? (w) => w.put(separator) : nothing;
  const open = new Piece(before + dialect.quote);
  const quote = new Piece(dialect.quote);
  switch (reader.kind) {
    case 'number': {
      const { read } = reader;
      return (w, facts) => {
        const n = read(facts);
        if (Number.isNaN(n)) {
          absent(w);
          return;
        }
        w.put(separator);
        w.integer(n);
      };
    }
    case 'address': {
      const { at } = reader;
      const six = addressesKept();
      return (w, facts) => {
        const offset = at(facts);
        if (offset < 0) {
          absent(w);
          return;
        }
        w.put(open);
        if (facts.headers.version === 4) w.ipv4(facts.headers.buffer, offset);
        else w.put(six(facts.headers.buffer, offset));
        w.put(quote);
      };
    }
    case 'mac': {
      const { at } = reader;
      return (w, facts) => {
        const offset = at(facts);
        if (offset < 0) {
          absent(w);
          return;
        }
        w.put(open);
        w.mac(facts.headers.buffer, offset);
        w.put(quote);
      };
    }
    case 'code':
      return ofCode(dialect, field, before, reader.read, reader.value);
    case 'time':
      return field.type === 'time' ? dateStep(open, quote, absent) : epochStep(separator);
    default:
      return ofValue(dialect, field, separator, absent);
  }
}

/** The date, and behind it the nanoseconds. The second's text is kept: most packets share theirs with the one before. */
function dateStep(open: Piece, quote: Piece, absent: (w: ByteWriter) => void): Step {
  let last = Number.NaN;
  let text: Piece | null = null;
  return (w, { packet }) => {
    let { seconds, nanoseconds } = packet;
    if (nanoseconds >= BILLION) {
      seconds += Math.floor(nanoseconds / BILLION);
      nanoseconds %= BILLION;
    }
    if (seconds !== last) {
      last = seconds;
      const second = secondText(seconds);
      text = second === null ? null : new Piece(second);
    }
    if (text === null) {
      absent(w);
      return;
    }
    w.put(open);
    w.put(text);
    w.nine(nanoseconds);
    w.char(90);
    w.put(quote);
  };
}

function epochStep(separator: Piece): Step {
  return (w, { packet }) => {
    let { seconds, nanoseconds } = packet;
    if (nanoseconds >= BILLION) {
      seconds += Math.floor(nanoseconds / BILLION);
      nanoseconds %= BILLION;
    }
    w.put(separator);
    w.integer(seconds);
    w.char(46);
    w.nine(nanoseconds);
  };
}

function ofCode(
  dialect: Dialect,
  field: Field,
  before: string,
  read: (facts: Facts) => number,
  value: (code: number) => ReturnType<Field['of']>,
): Step {
  const none = new Piece(dialect.empty ? before : '');
  const pieces: Piece[] = [];
  return (w, facts) => {
    const code = read(facts);
    if (code < 0) {
      w.put(none);
      return;
    }
    let piece = pieces[code];
    if (piece === undefined) {
      const known = value(code);
      const text = known === null ? null : cell(dialect, field.type, known);
      piece = text === null ? none : new Piece(before + text);
      pieces[code] = piece;
    }
    w.put(piece);
  };
}

function ofObject(
  dialect: Dialect,
  fields: readonly Field[],
  index: number,
  read: (facts: Facts) => object | null,
): Step {
  const text = (object: object | null): Piece => {
    let all = '';
    fields.forEach(({ name, type, reader }, i) => {
      const known =
        object === null || reader.kind !== 'of'
          ? null
          : (reader.value as (o: object) => ReturnType<Field['of']>)(object);
      const value = known === null ? null : cell(dialect, type, known);
      if (value !== null || dialect.empty) all += dialect.before(name, index + i) + (value ?? '');
    });
    return new Piece(all);
  };
  const none = text(null);
  const kept = new WeakMap<object, Piece>();
  let last: object | null = null;
  let piece = none;
  return (w, facts) => {
    const object = read(facts);
    if (object !== last) {
      last = object;
      piece = none;
      if (object !== null) {
        piece = kept.get(object) ?? text(object);
        kept.set(object, piece);
      }
    }
    w.put(piece);
  };
}

function ofValue(dialect: Dialect, field: Field, separator: Piece, absent: (w: ByteWriter) => void): Step {
  const { type, of } = field;
  const { quote } = dialect;
  return (w, facts) => {
    const value = of(facts);
    if (value === null) {
      absent(w);
      return;
    }
    const text =
      type === 'string' && quote === '"' && isPlain(value as string) ? null : cell(dialect, type, value);
    w.put(separator);
    if (text !== null) w.text(text);
    else {
      w.char(34);
      w.text(value as string);
      w.char(34);
    }
  };
}

/** Texts of IPv6 addresses, by their bytes. */
function addressesKept(): (b: Uint8Array, at: number) => Piece {
  const kept = new Map<string, Piece>();
  return (b, at) => {
    const key = Buffer.prototype.latin1Slice.call(b, at, at + 16);
    let piece = kept.get(key);
    if (piece === undefined) {
      if (kept.size === MOST_ADDRESSES) kept.clear();
      piece = new Piece(addressText(b, at, 6));
      kept.set(key, piece);
    }
    return piece;
  };
}
