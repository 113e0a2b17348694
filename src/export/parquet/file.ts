// A Parquet file: row groups one behind the other, and a footer that is written behind each, so that what is there can be read
// whatever comes. Source: apache/parquet-format, parquet.thrift.

import { closeSync, ftruncateSync, writeSync } from 'node:fs';
import type { Field } from '../../decode/facts/index.js';
import { type Codec, codec } from './codec.js';
import { type Column, Encoding, Physical } from './columns.js';
import { ThriftWriter } from './thrift.js';

const MAGIC = Buffer.from('PAR1');
const Repetition = { REQUIRED: 0, OPTIONAL: 1, REPEATED: 2 } as const;
const Converted = { UTF8: 0, LIST: 3 } as const;
const Page = { DATA: 0, DICTIONARY: 2 } as const;

interface ChunkInfo {
  readonly column: Column;
  readonly values: number;
  readonly nulls: number;
  readonly range: readonly [Uint8Array, Uint8Array] | null;
  readonly dictionaryAt: number | null;
  readonly dataAt: number;
  readonly uncompressed: number;
  readonly compressed: number;
}

interface GroupInfo {
  readonly rows: number;
  readonly chunks: readonly ChunkInfo[];
}

/** Writes a file that was opened: the descriptor is the file's from then on. */
export class ParquetFile {
  private readonly groups: GroupInfo[] = [];
  /** End of the last whole row group, where the footer begins. */
  private end = MAGIC.length;
  private footer: Uint8Array;
  /** Writing failed: what is there ends with the last whole row group. */
  private broken = false;

  /** @throws what node:fs throws */
  constructor(
    private readonly descriptor: number,
    private readonly fields: readonly Field[],
    private readonly createdBy: string,
    private readonly compression: Codec = codec(),
  ) {
    writeAll(descriptor, MAGIC, 0);
    this.footer = this.footerBytes();
    writeAll(descriptor, this.footer, this.end);
  }

  /** Bytes of the file. */
  get size(): number {
    return this.end + this.footer.length;
  }

  get rows(): number {
    return this.groups.reduce((sum, group) => sum + group.rows, 0);
  }

  /**
   * Writes the rows that the columns have taken.
   * @throws what node:fs throws: the file then holds the row groups before this one
   */
  write(columns: readonly Column[], rows: number): void {
    if (this.broken) return;
    const parts: Uint8Array[] = [];
    let at = this.end;
    const add = (bytes: Uint8Array): void => {
      parts.push(bytes);
      at += bytes.length;
    };
    const chunks = columns.map((column): ChunkInfo => {
      const { dictionary, data, count, nulls, range } = column.pages(rows);
      const start = at;
      let uncompressed = 0;
      let dictionaryAt: number | null = null;
      const page = (bytes: Uint8Array, header: (w: ThriftWriter) => void): void => {
        const packed = this.compression.compress(bytes);
        const head = new ThriftWriter();
        head.i32(1, dictionaryAt === start && at === start ? Page.DICTIONARY : Page.DATA);
        head.i32(2, bytes.length).i32(3, packed.length);
        header(head);
        const headBytes = head.finish();
        uncompressed += headBytes.length + bytes.length;
        add(headBytes);
        add(packed);
      };
      if (dictionary !== null) {
        dictionaryAt = at;
        page(dictionary.bytes, (w) => w.struct(7, (d) => d.i32(1, dictionary.count).i32(2, Encoding.PLAIN)));
      }
      const dataAt = at;
      page(data, (w) =>
        w.struct(5, (d) =>
          d
            .i32(1, count)
            .i32(2, dictionary === null ? Encoding.PLAIN : Encoding.DICTIONARY)
            .i32(3, Encoding.RLE)
            .i32(4, Encoding.RLE),
        ),
      );
      return {
        column,
        values: count,
        nulls,
        range,
        dictionaryAt,
        dataAt,
        uncompressed,
        compressed: at - start,
      };
    });
    this.groups.push({ rows, chunks });
    const footer = this.footerBytes();
    try {
      writeAll(this.descriptor, Buffer.concat([...parts, footer]), this.end);
    } catch (error) {
      this.groups.pop();
      this.takeBack();
      throw error;
    }
    this.end = at;
    this.footer = footer;
  }

  /** Puts the footer of the groups that are whole where it was: the place is the file's already. */
  private takeBack(): void {
    this.broken = true;
    try {
      writeAll(this.descriptor, this.footer, this.end);
      ftruncateSync(this.descriptor, this.size);
    } catch {
      // The error that led here is told.
    }
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private footerBytes(): Uint8Array {
    const w = new ThriftWriter();
    w.i32(1, 1);
    const leaves = this.fields;
    const root = { name: 'packet', children: leaves.length };
    w.structs(2, [root, ...leaves.flatMap(elementsOf)], (s, element) => {
      if ('children' in element) s.text(4, element.name).i32(5, element.children);
      else element.write(s);
    });
    w.i64(3, this.rows);
    w.structs(4, this.groups, (g, { rows, chunks }) => {
      g.structs(1, chunks, (c, chunk) => this.chunk(c, chunk));
      g.i64(
        2,
        chunks.reduce((sum, { uncompressed }) => sum + uncompressed, 0),
      ).i64(3, rows);
    });
    w.text(6, this.createdBy);
    const body = w.finish();
    const tail = Buffer.alloc(8);
    tail.writeUInt32LE(body.length, 0);
    MAGIC.copy(tail, 4);
    return Buffer.concat([body, tail]);
  }

  private chunk(w: ThriftWriter, chunk: ChunkInfo): void {
    const { column, dictionaryAt, dataAt, range } = chunk;
    const { field } = column;
    w.i64(2, dictionaryAt ?? dataAt);
    w.struct(3, (m) => {
      m.i32(1, column.physical);
      m.i32s(
        2,
        dictionaryAt === null
          ? [Encoding.PLAIN, Encoding.RLE]
          : [Encoding.PLAIN, Encoding.RLE, Encoding.DICTIONARY],
      );
      m.texts(3, field.type === 'strings' ? [field.name, 'list', 'element'] : [field.name]);
      m.i32(4, this.compression.number);
      m.i64(5, chunk.values).i64(6, chunk.uncompressed).i64(7, chunk.compressed).i64(9, dataAt);
      if (dictionaryAt !== null) m.i64(11, dictionaryAt);
      m.struct(12, (s) => {
        s.i64(3, chunk.nulls);
        if (range !== null) s.binary(5, range[1]).binary(6, range[0]);
      });
    });
  }
}

interface Element {
  readonly write: (w: ThriftWriter) => void;
}

/** The schema of a field. */
function elementsOf({ name, type }: Field): Element[] {
  const leaf = (leafName: string, repetition: number, physical: number, text: boolean): Element => ({
    write: (w) => {
      w.i32(1, physical).i32(3, repetition).text(4, leafName);
      if (text) w.i32(6, Converted.UTF8).struct(10, (l) => l.struct(1, () => {}));
    },
  });
  switch (type) {
    case 'strings':
      return [
        {
          write: (w) => {
            w.i32(3, Repetition.OPTIONAL).text(4, name).i32(5, 1).i32(6, Converted.LIST);
            w.struct(10, (l) => l.struct(3, () => {}));
          },
        },
        { write: (w) => void w.i32(3, Repetition.REPEATED).text(4, 'list').i32(5, 1) },
        leaf('element', Repetition.REQUIRED, Physical.BYTE_ARRAY, true),
      ];
    case 'time':
      return [
        {
          write: (w) => {
            w.i32(1, Physical.INT64).i32(3, Repetition.OPTIONAL).text(4, name);
            // TIMESTAMP, in UTC, of nanoseconds.
            w.struct(10, (l) =>
              l.struct(8, (t) => t.bool(1, true).struct(2, (unit) => unit.struct(3, () => {}))),
            );
          },
        },
      ];
    case 'string':
      return [leaf(name, Repetition.OPTIONAL, Physical.BYTE_ARRAY, true)];
    case 'bytes':
      return [leaf(name, Repetition.OPTIONAL, Physical.BYTE_ARRAY, false)];
    case 'boolean':
      return [leaf(name, Repetition.OPTIONAL, Physical.BOOLEAN, false)];
    default:
      return [leaf(name, Repetition.OPTIONAL, Physical.INT64, false)];
  }
}

function writeAll(descriptor: number, bytes: Uint8Array, position: number): void {
  for (let written = 0; written < bytes.length; )
    written += writeSync(descriptor, bytes, written, bytes.length - written, position + written);
}
