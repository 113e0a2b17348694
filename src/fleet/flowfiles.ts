// Flow records of hosts as rows of Parquet files: one file for each day and host, of what came together. A file's name has the numbers
// of its first and last record on the server: the same records read again make the same file.

import { join } from 'node:path';
import { Facts, type Field, type FieldType, type FieldValue } from '../decode/facts/index.js';
import { columnOf, ParquetFile } from '../export/parquet/index.js';
import { openForWriting } from '../savefile/index.js';
import type { KeptRecord } from './records.js';

/** Rows that wait for their files, of all hosts, and of one file. */
const MOST_ROWS = 200_000;
/** Bytes of a message of records at most. */
const MOST_BYTES = 1 << 20;
const LONGEST = 4096;
/** Milliseconds that a record's time may be from when the server got it: a clock that is wrong, not folders for every day there was. */
const MOST_APART = 8 * 86_400_000;

type Row = { readonly [name: string]: FieldValue | null };

let at: Row = {};

function field(name: string, type: FieldType, unit: string | null, help: string): Field {
  return { name, type, unit, help, of: () => at[name] ?? null, reader: { kind: 'value' } };
}

/** Columns, in their order. */
const FIELDS: readonly Field[] = [
  field('first', 'time', 'ns', 'time of the first packet'),
  field('last', 'time', 'ns', 'time of the last packet'),
  field('host', 'string', null, 'host of the fleet'),
  field('interface', 'string', null, 'interface'),
  field('process', 'string', null, 'process: name'),
  field('pid', 'integer', null, 'process: ID'),
  field('user', 'string', null, 'process: user'),
  field('path', 'string', null, 'process: executable'),
  field('container', 'string', null, 'process: container'),
  field('protocol', 'integer', null, 'protocol above IP'),
  field('local', 'string', null, "the host's address"),
  field('local_port', 'integer', null, 'port'),
  field('remote', 'string', null, "the other's address"),
  field('remote_port', 'integer', null, 'port'),
  field('packets_in', 'integer', null, 'packets that came'),
  field('packets_out', 'integer', null, 'packets that left'),
  field('bytes_in', 'integer', 'bytes', 'bytes that came'),
  field('bytes_out', 'integer', 'bytes', 'bytes that left'),
];

/** What a value may be; undefined: it makes no sense. */
function cellOf({ type }: Field, value: unknown): FieldValue | null | undefined {
  if (value === null || value === undefined) return null;
  if (type === 'string') return typeof value === 'string' && value.length <= LONGEST ? value : undefined;
  if (type === 'time')
    return typeof value === 'string' && /^\d{10,19}$/.test(value) ? BigInt(value) : undefined;
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined;
}

/** A line of a host's as a row; null: it makes no sense. */
function rowOf(host: string, line: Record<string, unknown>): Row | null {
  const row: Record<string, FieldValue | null> = {};
  for (const one of FIELDS) {
    const value = one.name === 'host' ? host : cellOf(one, line[one.name]);
    if (value === undefined || (one.type === 'time' && value === null)) return null;
    row[one.name] = value;
  }
  return row;
}

interface Part {
  readonly day: string;
  readonly host: string;
  readonly rows: Row[];
  readonly first: number;
  last: number;
}

export class FlowFiles {
  rows = 0;
  files = 0;
  broken = 0;
  /** Packets that had no record of their own. */
  others = 0;
  private waiting = 0;
  private parts = new Map<string, Part>();

  /** @param folderOf makes the folder of a day and host */
  constructor(
    private readonly folderOf: (day: string, host: string) => string,
    private readonly createdBy: string,
  ) {}

  /** Takes a host's message. */
  add({ host, bytes, sequence, time }: KeptRecord): void {
    if (bytes.length > MOST_BYTES) {
      this.broken++;
      return;
    }
    for (const text of Buffer.from(bytes).toString().split('\n'))
      if (text !== '') this.line(host, text, sequence, time);
    if (this.waiting >= MOST_ROWS) this.write();
  }

  private line(host: string, text: string, sequence: number, time: number): void {
    let value: unknown = null;
    try {
      value = JSON.parse(text);
    } catch {
      // counted below
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.broken++;
      return;
    }
    const line = value as Record<string, unknown>;
    if (line['others'] === true) {
      const { packets } = line;
      if (Number.isSafeInteger(packets)) this.others += packets as number;
      return;
    }
    const row = rowOf(host, line);
    const first = row === null ? 0 : Number((row['first'] as bigint) / 1_000_000n);
    if (row === null || Math.abs(first - time) > MOST_APART) {
      this.broken++;
      return;
    }
    const day = new Date(first).toISOString().slice(0, 10);
    const key = `${day} ${host}`;
    let part = this.parts.get(key);
    if (part === undefined) {
      part = { day, host, rows: [], first: sequence, last: sequence };
      this.parts.set(key, part);
    }
    part.rows.push(row);
    part.last = sequence;
    this.waiting++;
  }

  /** Writes the files of what waits. @throws SavefileSystemError where that is not possible */
  write(): void {
    for (const { day, host, rows, first, last } of this.parts.values()) {
      const path = join(this.folderOf(day, host), `flows-${first}-${last}.parquet`);
      const columns = FIELDS.map((one) => columnOf(one, rows.length));
      const facts = new Facts();
      rows.forEach((row, i) => {
        at = row;
        for (const column of columns) column.take(facts, i);
      });
      const file = new ParquetFile(openForWriting(path), FIELDS, this.createdBy);
      try {
        file.write(columns, rows.length);
      } finally {
        file.close();
      }
      this.rows += rows.length;
      this.files++;
    }
    this.parts = new Map();
    this.waiting = 0;
  }
}
