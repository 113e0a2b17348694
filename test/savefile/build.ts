// Builds savefiles byte by byte, in either byte order: what the readers are tested with.

export type Order = 'little' | 'big';
export const ORDERS: readonly Order[] = ['little', 'big'];

export class Builder {
  #parts: Uint8Array[] = [];

  constructor(readonly order: Order) {}

  u8(...values: number[]): this {
    this.#parts.push(Uint8Array.from(values));
    return this;
  }

  u16(...values: number[]): this {
    for (const value of values) {
      const bytes = Buffer.alloc(2);
      this.order === 'little' ? bytes.writeUInt16LE(value) : bytes.writeUInt16BE(value);
      this.#parts.push(bytes);
    }
    return this;
  }

  u32(...values: number[]): this {
    for (const value of values) {
      const bytes = Buffer.alloc(4);
      this.order === 'little' ? bytes.writeUInt32LE(value >>> 0) : bytes.writeUInt32BE(value >>> 0);
      this.#parts.push(bytes);
    }
    return this;
  }

  u64(value: bigint): this {
    const bytes = Buffer.alloc(8);
    const whole = BigInt.asUintN(64, value);
    this.order === 'little' ? bytes.writeBigUInt64LE(whole) : bytes.writeBigUInt64BE(whole);
    this.#parts.push(bytes);
    return this;
  }

  /** Text (without its end) or bytes, filled up with NULs to `size`. */
  bytes(value: string | Uint8Array, size = 0): this {
    const bytes = Buffer.from(value);
    this.#parts.push(bytes, Buffer.alloc(Math.max(0, size - bytes.length)));
    return this;
  }

  /** Zeros up to a multiple of 4. */
  pad(): this {
    return this.bytes(Buffer.alloc(-this.length & 3));
  }

  get length(): number {
    return this.#parts.reduce((sum, part) => sum + part.length, 0);
  }

  done(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

export const build = (order: Order): Builder => new Builder(order);

/** A pcapng option. */
export function option(order: Order, code: number, value: string | Uint8Array | Builder): Buffer {
  const bytes = value instanceof Builder ? value.done() : Buffer.from(value);
  return build(order).u16(code, bytes.length).bytes(bytes).pad().done();
}

export function block(order: Order, type: number, ...parts: (Uint8Array | Builder)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => (part instanceof Builder ? part.done() : part)));
  const length = body.length + 12;
  return build(order).u32(type, length).bytes(body).u32(length).done();
}

const end = Buffer.alloc(4);

export function section(order: Order, ...options: Buffer[]): Buffer {
  const rest = options.length === 0 ? [] : [...options, end];
  return block(order, 0x0a0d0d0a, build(order).u32(0x1a2b3c4d).u16(1, 0).u64(-1n), ...rest);
}

export function description(
  order: Order,
  linkType: number,
  snapshotLength: number,
  ...options: Buffer[]
): Buffer {
  const rest = options.length === 0 ? [] : [...options, end];
  return block(order, 1, build(order).u16(linkType, 0).u32(snapshotLength), ...rest);
}

/** An Enhanced Packet Block. `units`: its time. */
export function enhanced(
  order: Order,
  facts: { interface?: number; units?: bigint; length?: number },
  data: Uint8Array,
  ...options: Buffer[]
): Buffer {
  const units = facts.units ?? 0n;
  const head = build(order)
    .u32(facts.interface ?? 0, Number(units >> 32n), Number(units & 0xffffffffn))
    .u32(data.length, facts.length ?? data.length)
    .bytes(data)
    .pad();
  return block(order, 6, head, ...(options.length === 0 ? [] : [...options, end]));
}

/** Apple's process block. */
export function processBlock(order: Order, pid: number, ...options: Buffer[]): Buffer {
  return block(order, 0x80000001, build(order).u32(pid), ...options, end);
}

/** Wireshark's process entry: little-endian inside. `after`: options of the custom block itself. */
export function processEntry(order: Order, pid: number, options: Buffer[], after: Buffer[] = []): Buffer {
  const entry = Buffer.concat([build('little').u32(pid).done(), ...options, end]);
  return block(
    order,
    0x0bad,
    build(order).u32(32622),
    build('little').u32(3, entry.length).bytes(entry).pad(),
    ...after,
  );
}

export function pcapHeader(order: Order, magic: number, linkType: number, snapshotLength = 65535): Buffer {
  return build(order).u32(magic).u16(2, 4).u32(0, 0, snapshotLength, linkType).done();
}

export function pcapRecord(
  order: Order,
  seconds: number,
  fraction: number,
  data: Uint8Array,
  length = data.length,
  extra: Uint8Array = new Uint8Array(0),
): Buffer {
  return build(order).u32(seconds, fraction, data.length, length).bytes(extra).bytes(data).done();
}

/** An Ethernet frame with a UDP datagram in it. */
export function udp(payload = 'hello'): Uint8Array {
  const length = 28 + payload.length;
  return Buffer.concat([
    Buffer.from('020000000001020000000002' + '0800', 'hex'),
    Buffer.from([0x45, 0, length >> 8, length & 255, 0, 1, 0, 0, 64, 17, 0, 0, 127, 0, 0, 1, 127, 0, 0, 2]),
    Buffer.from([0x03, 0xe8, 0x07, 0xd0, 0, 8 + payload.length, 0, 0]),
    Buffer.from(payload),
  ]);
}
