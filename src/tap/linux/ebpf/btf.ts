// The kernel's own type information, as far as the tap asks: offsets of fields, sizes, IDs of tracepoints.
// Source: Documentation/bpf/btf.rst.

import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { Mapping, mapMemory, viewMemory } from '../../../system/index.js';

const Kind = {
  INT: 1,
  ARRAY: 3,
  STRUCT: 4,
  UNION: 5,
  ENUM: 6,
  TYPEDEF: 8,
  VOLATILE: 9,
  CONST: 10,
  FUNC: 12,
  FUNC_PROTO: 13,
  VAR: 14,
  DATASEC: 15,
  DECL_TAG: 17,
  TYPE_TAG: 18,
  ENUM64: 19,
} as const;

/** Words that follow a type's three by its kind: so many, and so many more for each of its members. */
const TRAILING = new Uint8Array(32);
const TRAILING_EACH = new Uint8Array(32);
for (const kind of [Kind.INT, Kind.VAR, Kind.DECL_TAG]) TRAILING[kind] = 1;
TRAILING[Kind.ARRAY] = 3;
for (const kind of [Kind.STRUCT, Kind.UNION, Kind.DATASEC, Kind.ENUM64]) TRAILING_EACH[kind] = 3;
for (const kind of [Kind.ENUM, Kind.FUNC_PROTO]) TRAILING_EACH[kind] = 2;
const TYPE_WORDS = 3;
/** Other names of a type, and what is said of it: what is meant is behind them. */
const ALIASES: readonly number[] = [Kind.TYPEDEF, Kind.VOLATILE, Kind.CONST, Kind.TYPE_TAG];

export class Btf {
  private readonly view: DataView;
  private readonly bytes: Buffer;
  private readonly strings: number;
  private readonly stringsEnd: number;
  /** Where each type begins, by ID; `count` of them. */
  private readonly types: Uint32Array;
  private readonly count: number;
  /** A module's types go on from the kernel's: IDs behind its last, names behind its strings. Null: these are the kernel's. */
  private readonly base: Btf | null;
  private readonly baseTypes: number;
  private readonly baseStrings: number;
  /** The structures' names and IDs, one beside the other: most of what is asked for. */
  private readonly structNames: Uint32Array;
  private readonly structIds: Uint32Array;
  /** What was searched for. */
  private readonly found = new Map<string, number>();

  /** @throws Error when the bytes are not BTF */
  constructor(bytes: Buffer, base: Btf | null = null) {
    this.bytes = bytes;
    this.base = base;
    this.baseTypes = base === null ? 0 : base.count - 1;
    this.baseStrings = base === null ? 0 : base.stringsEnd - base.strings;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < 24 || this.view.getUint16(0, true) !== 0xeb9f) throw new Error('no BTF');
    const header = this.view.getUint32(4, true);
    const types = header + this.view.getUint32(8, true);
    const typesEnd = types + this.view.getUint32(12, true);
    this.strings = header + this.view.getUint32(16, true);
    this.stringsEnd = this.strings + this.view.getUint32(20, true);
    // There are a hundred thousand, and every start goes through them: words at a time.
    const from = bytes.byteOffset + types;
    const words =
      from % 4 === 0
        ? new Uint32Array(bytes.buffer, from, (typesEnd - types) >> 2)
        : new Uint32Array(bytes.buffer.slice(from, from + ((typesEnd - types) & ~3)));
    const starts = new Uint32Array(Math.ceil(words.length / TYPE_WORDS) + 1);
    const structNames = new Uint32Array(starts.length);
    const structIds = new Uint32Array(starts.length);
    let structs = 0;
    let count = 1;
    for (let at = 0; at + TYPE_WORDS <= words.length; ) {
      starts[count++] = types + at * 4;
      const info = words[at + 1]!;
      const kind = (info >>> 24) & 31;
      if (kind === Kind.STRUCT && structs < structIds.length) {
        structNames[structs] = words[at]!;
        structIds[structs++] = count - 1;
      }
      at += TYPE_WORDS + TRAILING[kind]! + TRAILING_EACH[kind]! * (info & 0xffff);
    }
    this.types = starts;
    this.count = count;
    this.structNames = structNames.subarray(0, structs);
    this.structIds = structIds.subarray(0, structs);
  }

  /** Offset of a whole string in the string section, or -1. */
  private stringOffset(name: string): number {
    const known = this.base?.stringOffset(name) ?? -1;
    if (known >= 0) return known;
    const at = this.bytes.indexOf(`\0${name}\0`, this.strings, 'latin1');
    return at < 0 || at >= this.stringsEnd ? -1 : at + 1 - this.strings + this.baseStrings;
  }

  /**
   * @returns the ID of the first type of that kind and name, or 0
   */
  private find(kind: number, name: string): number {
    const key = `${kind} ${name}`;
    let id = this.found.get(key);
    if (id === undefined) {
      id = this.search(kind, name);
      this.found.set(key, id);
    }
    return id;
  }

  private search(kind: number, name: string): number {
    const wanted = this.stringOffset(name);
    if (wanted < 0) return 0;
    const { base } = this;
    if (kind === Kind.STRUCT) {
      const id = this.structIds[this.structNames.indexOf(wanted)];
      return id === undefined ? (base?.find(kind, name) ?? 0) : id + this.baseTypes;
    }
    for (let id = 1; id < this.count; id++) {
      const at = this.types[id]!;
      if (this.view.getUint32(at, true) !== wanted) continue;
      if (((this.view.getUint32(at + 4, true) >>> 24) & 31) === kind) return id + this.baseTypes;
    }
    return base?.find(kind, name) ?? 0;
  }

  /** ID of a tracepoint's signature, 0: the kernel has no such tracepoint. */
  tracepoint(name: string): number {
    return this.find(Kind.TYPEDEF, `btf_trace_${name}`);
  }

  /** ID of the function that stands for an iterator's programs, 0: the kernel has no such iterator. */
  iterator(kind: string): number {
    return this.find(Kind.FUNC, `bpf_iter_${kind}`);
  }

  /** Bytes of a union, 0: the kernel has none of that name. */
  unionSize(name: string): number {
    const id = this.find(Kind.UNION, name);
    return id === 0 ? 0 : this.view.getUint32(this.types[id]! + 8, true);
  }

  /** Bytes of a structure, 0: the kernel has none of that name. */
  structSize(name: string): number {
    const id = this.find(Kind.STRUCT, name);
    if (id !== 0 && id <= this.baseTypes) return this.base!.structSize(name);
    return id === 0 ? 0 : this.view.getUint32(this.types[id - this.baseTypes]! + 8, true);
  }

  /** How many arguments a tracepoint gives its programs; 0: the kernel has no such tracepoint. */
  tracepointArguments(name: string): number {
    const typedef = this.tracepoint(name);
    if (typedef === 0) return 0;
    const pointer = this.view.getUint32(this.types[typedef]! + 8, true);
    const prototype = this.view.getUint32(this.types[pointer]! + 8, true);
    // The first is the tracepoint's own data.
    return (this.view.getUint32(this.types[prototype]! + 4, true) & 0xffff) - 1;
  }

  /** Whether the kernel knows a structure. */
  hasStruct(name: string): boolean {
    return this.find(Kind.STRUCT, name) !== 0;
  }

  /**
   * @param path fields, outermost structure's first: ['ns', 'inum'] is structure.ns.inum
   * @returns the field's offset in bytes, or -1
   */
  offset(structure: string, ...path: string[]): number {
    let id = this.find(Kind.STRUCT, structure);
    let offset = 0;
    for (const field of path) {
      const found = id === 0 ? null : this.member(id, field);
      if (found === null) return -1;
      offset += found.offset;
      id = found.type;
    }
    return offset;
  }

  /** Whether a name in the string section is this one: sooner than searching all of the section for it. */
  private isNamed(offset: number, name: string): boolean {
    if (offset < this.baseStrings) return this.base!.isNamed(offset, name);
    const at = this.strings + offset - this.baseStrings;
    for (let i = 0; i < name.length; i++) if (this.bytes[at + i] !== name.charCodeAt(i)) return false;
    return this.bytes[at + name.length] === 0;
  }

  /** Where a bit field of one bit is: its byte, and its bit's value there; null where there is none. */
  bit(structure: string, field: string): { byte: number; bit: number } | null {
    const at = this.offset(structure, field);
    return at < 0 ? null : { byte: Math.floor(at), bit: 1 << ((at * 8) & 7) };
  }

  /** An enumerator's value, whichever enumeration it is in, or -1. */
  enumerator(name: string): number {
    const wanted = this.stringOffset(name);
    for (let id = 1; wanted >= 0 && id < this.count; id++) {
      const at = this.types[id]!;
      const info = this.view.getUint32(at + 4, true);
      if (((info >>> 24) & 31) !== Kind.ENUM) continue;
      for (let i = 0, e = at + 12; i < (info & 0xffff); i++, e += 8)
        if (this.view.getUint32(e, true) === wanted) return this.view.getInt32(e + 4, true);
    }
    return -1;
  }

  private member(id: number, name: string): { offset: number; type: number } | null {
    if (id <= this.baseTypes) return this.base === null ? null : this.base.member(id, name);
    const at = this.types[id - this.baseTypes]!;
    const info = this.view.getUint32(at + 4, true);
    const kind = (info >>> 24) & 31;
    if (ALIASES.includes(kind)) return this.member(this.view.getUint32(at + 8, true), name);
    if (kind !== Kind.STRUCT && kind !== Kind.UNION) return null;
    for (let i = 0, m = at + 12; i < (info & 0xffff); i++, m += 12) {
      const bits = this.view.getUint32(m + 8, true);
      const offset = (info >>> 31 !== 0 ? bits & 0xffffff : bits) / 8;
      const type = this.view.getUint32(m + 4, true);
      const memberName = this.view.getUint32(m, true);
      if (this.isNamed(memberName, name)) return { offset, type };
      if (memberName === 0) {
        const inner = this.member(type, name);
        if (inner !== null) return { offset: offset + inner.offset, type: inner.type };
      }
    }
    return null;
  }

  /** Words of an enumeration by value. */
  enumeration(name: string): Map<number, string> {
    const words = new Map<number, string>();
    const id = this.find(Kind.ENUM, name);
    if (id === 0) return words;
    const at = this.types[id]!;
    const count = this.view.getUint32(at + 4, true) & 0xffff;
    for (let i = 0, e = at + 12; i < count; i++, e += 8) {
      const start = this.strings + this.view.getUint32(e, true);
      const end = this.bytes.indexOf(0, start);
      words.set(this.view.getInt32(e + 4, true), this.bytes.toString('latin1', start, end));
    }
    return words;
  }
}

const KERNEL_TYPES = '/sys/kernel/btf/vmlinux';
const PROT_READ = 1;

/** The kernel's own memory, mapped for good, where it lends it (6.16); reading it comes in a thousand pieces. */
function kernelTypes(): Buffer {
  const fd = openSync(KERNEL_TYPES, 'r');
  try {
    const { size } = fstatSync(fd);
    const memory = mapMemory(size, PROT_READ, fd, 0, 'cannot map the kernel’s types', Mapping.PRIVATE);
    return Buffer.from(viewMemory(memory, size));
  } catch {
    return readFileSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** The running kernel's types, or null where it has none (CONFIG_DEBUG_INFO_BTF). */
export function kernelBtf(): Btf | null {
  try {
    return new Btf(kernelTypes());
  } catch {
    return null;
  }
}

/** Types of netfilter's entries where they are a module's, as Debian's are: its own, behind the kernel's. */
const CONNTRACK_TYPES = '/sys/kernel/btf/nf_conntrack';

/**
 * The types in which netfilter's entries are described.
 * @param kernel the kernel's own
 */
export function conntrackBtf(kernel: Btf): Btf {
  if (kernel.hasStruct('nf_conn') && kernel.hasStruct('nf_conntrack_tuple_hash')) return kernel;
  try {
    return new Btf(readFileSync(CONNTRACK_TYPES), kernel);
  } catch {
    return kernel; // it is not loaded
  }
}

/**
 * Types as the kernel takes them: a header, the types' words, the strings.
 * @param types words of the types in the order of their IDs, from 1 on
 * @param strings the names, each with a NUL behind it, an empty one first
 */
export function btfBlob(types: readonly number[], strings: string): Uint8Array {
  const bytes = new Uint8Array(new ArrayBuffer(24 + types.length * 4 + strings.length));
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0xeb9f, true);
  view.setUint8(2, 1);
  view.setUint32(4, 24, true);
  view.setUint32(12, types.length * 4, true);
  view.setUint32(16, types.length * 4, true);
  view.setUint32(20, strings.length, true);
  types.forEach((word, i) => {
    view.setUint32(24 + i * 4, word, true);
  });
  for (let i = 0; i < strings.length; i++) bytes[24 + types.length * 4 + i] = strings.charCodeAt(i);
  return bytes;
}

/**
 * BTF for a map whose key is a u32 and whose value is `valueSize` bytes, as SK_STORAGE wants it.
 * @returns the blob, and the type IDs of key and value in it
 */
export function storageBtf(valueSize: number): { bytes: Uint8Array; key: number; value: number } {
  const strings = '\0u32\0u8\0';
  const types: number[] = [
    // 1: u32, 2: u8 (name, kind and no flags, size, encoding: bits), 3: u8[valueSize] (element, index, count)
    ...[1, Kind.INT << 24, 4, 32],
    ...[5, Kind.INT << 24, 1, 8],
    ...[0, Kind.ARRAY << 24, 0, 2, 1, valueSize],
  ];
  const bytes = btfBlob(types, strings);
  return { bytes, key: 1, value: 3 };
}
