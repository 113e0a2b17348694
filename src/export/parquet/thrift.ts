// Thrift's compact protocol, as far as Parquet's headers and footer need it. Source: apache/thrift, doc/specs/thrift-compact-protocol.md.

const Type = { TRUE: 1, FALSE: 2, I32: 5, I64: 6, BINARY: 8, LIST: 9, STRUCT: 12 } as const;

/** Writes structs: fields in the order of their numbers. */
export class ThriftWriter {
  private bytes = new Uint8Array(4096);
  private length = 0;
  /** Number of the field written last, of each struct that is open. */
  private last: number[] = [0];

  private byte(value: number): void {
    if (this.length === this.bytes.length) {
      const grown = new Uint8Array(this.bytes.length * 2);
      grown.set(this.bytes);
      this.bytes = grown;
    }
    this.bytes[this.length++] = value;
  }

  private unsigned(n: number): void {
    for (; n > 0x7f; n = Math.floor(n / 128)) this.byte((n % 128) | 0x80);
    this.byte(n);
  }

  /** Zigzag; whole numbers from 0 to 2^52. */
  private number(n: number): void {
    this.unsigned(n * 2);
  }

  private field(id: number, type: number): void {
    const delta = id - this.last[this.last.length - 1]!;
    this.last[this.last.length - 1] = id;
    if (delta > 0 && delta < 16) this.byte((delta << 4) | type);
    else {
      this.byte(type);
      this.number(id);
    }
  }

  i32(id: number, n: number): this {
    this.field(id, Type.I32);
    this.number(n);
    return this;
  }

  i64(id: number, n: number): this {
    this.field(id, Type.I64);
    this.number(n);
    return this;
  }

  bool(id: number, value: boolean): this {
    this.field(id, value ? Type.TRUE : Type.FALSE);
    return this;
  }

  private raw(bytes: Uint8Array): void {
    this.unsigned(bytes.length);
    for (const byte of bytes) this.byte(byte);
  }

  binary(id: number, bytes: Uint8Array): this {
    this.field(id, Type.BINARY);
    this.raw(bytes);
    return this;
  }

  text(id: number, text: string): this {
    return this.binary(id, Buffer.from(text));
  }

  struct(id: number, write: (w: this) => void): this {
    this.field(id, Type.STRUCT);
    this.inside(write);
    return this;
  }

  private inside(write: (w: this) => void): void {
    this.last.push(0);
    write(this);
    this.byte(0);
    this.last.pop();
  }

  private list(id: number, type: number, size: number): void {
    this.field(id, Type.LIST);
    if (size < 15) this.byte((size << 4) | type);
    else {
      this.byte(0xf0 | type);
      this.unsigned(size);
    }
  }

  structs<T>(id: number, items: readonly T[], write: (w: this, item: T) => void): this {
    this.list(id, Type.STRUCT, items.length);
    for (const item of items) this.inside((w) => write(w, item));
    return this;
  }

  i32s(id: number, items: readonly number[]): this {
    this.list(id, Type.I32, items.length);
    for (const item of items) this.number(item);
    return this;
  }

  texts(id: number, items: readonly string[]): this {
    this.list(id, Type.BINARY, items.length);
    for (const item of items) this.raw(Buffer.from(item));
    return this;
  }

  /** Ends the outermost struct. */
  finish(): Uint8Array {
    this.byte(0);
    return this.bytes.slice(0, this.length);
  }
}
