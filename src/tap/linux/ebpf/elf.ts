// The eBPF object: sections, symbols and relocations of a little-endian ELF64 file, as clang writes it.
// Source: ELF-64 Object File Format; Documentation/bpf/llvm_reloc.rst.

/** A function's instructions and what must be put into them. */
export interface ObjectFunction {
  readonly name: string;
  readonly section: string;
  /** 8 bytes each. */
  readonly instructions: Uint8Array;
  readonly references: readonly Reference[];
}

export interface Reference {
  /** Index of the instruction. */
  readonly at: number;
  readonly kind: 'address' | 'call';
  readonly symbol: string;
}

/** A map's definition, as `struct map` in kernel/bpf.h. */
export interface ObjectMap {
  readonly name: string;
  readonly type: number;
  readonly keySize: number;
  readonly valueSize: number;
  readonly maxEntries: number;
  readonly flags: number;
}

export interface BpfObject {
  readonly functions: ReadonlyMap<string, ObjectFunction>;
  readonly maps: readonly ObjectMap[];
}

const R_BPF_64_64 = 1;
const R_BPF_64_32 = 10;
const STT_FUNC = 2;
const SHT_REL = 9;

/** A call with src 1 (BPF_PSEUDO_CALL) goes to a function of the same object. */
const CALL = 0x85;

interface Section {
  readonly name: string;
  readonly type: number;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
  readonly info: number;
}

/** @returns the NUL-ended text at an offset in a section of strings */
function stringAt(bytes: Buffer, section: { readonly offset: number }, offset: number): string {
  const start = section.offset + offset;
  return bytes.toString('latin1', start, bytes.indexOf(0, start));
}

/** @throws Error when it is no ELF file */
export function readSections(bytes: Buffer): Section[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 64 || view.getUint32(0, false) !== 0x7f454c46)
    throw new Error('the eBPF object is no ELF file');
  const u64 = (at: number): number => Number(view.getBigUint64(at, true));
  const table = u64(40);
  const sections = Array.from({ length: view.getUint16(60, true) }, (_, i) => {
    const at = table + i * view.getUint16(58, true);
    return {
      nameOffset: view.getUint32(at, true),
      type: view.getUint32(at + 4, true),
      offset: u64(at + 24),
      size: u64(at + 32),
      link: view.getUint32(at + 40, true),
      info: view.getUint32(at + 44, true),
    };
  });
  const names = sections[view.getUint16(62, true)]!;
  return sections.map(({ nameOffset, ...section }) => ({
    name: stringAt(bytes, names, nameOffset),
    ...section,
  }));
}

/** An entry of the symbol table. */
interface ObjectSymbol {
  readonly name: string;
  readonly type: number;
  readonly section: number;
  readonly value: number;
  readonly size: number;
}

/**
 * Reads the object.
 * @throws Error when it is not one of ours: it comes with the package, so it is the installation that is broken
 */
export function readObject(bytes: Buffer): BpfObject {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const u64 = (at: number): number => Number(view.getBigUint64(at, true));
  const sections = readSections(bytes);

  const symbolTable = sections.find((section) => section.type === 2);
  if (symbolTable === undefined) throw new Error('the eBPF object has no symbols');
  const symbols = Array.from<unknown, ObjectSymbol>({ length: symbolTable.size / 24 }, (_, i) => {
    const at = symbolTable.offset + i * 24;
    return {
      name: stringAt(bytes, sections[symbolTable.link]!, view.getUint32(at, true)),
      type: bytes[at + 4]! & 15,
      section: view.getUint16(at + 6, true),
      value: u64(at + 8),
      size: u64(at + 16),
    };
  });
  const functionAt = (section: number, offset: number): string => {
    const found = symbols.find((s) => s.type === STT_FUNC && s.section === section && s.value === offset);
    if (found === undefined) throw new Error('the eBPF object calls what is no function');
    return found.name;
  };

  /** A function that is called; a call to a static one names its section, and the instruction says where in it. */
  const calledBy = (target: ObjectSymbol, code: DataView, at: number): string => {
    if (target.type === STT_FUNC || target.section === 0) return target.name;
    return functionAt(target.section, target.value + (code.getInt32(at + 4, true) + 1) * 8);
  };
  /** What the relocations of its section say of a function. */
  const relocationsOf = (symbol: ObjectSymbol, code: DataView): Reference[] => {
    const references: Reference[] = [];
    for (const { type, info, offset, size } of sections) {
      if (type !== SHT_REL || info !== symbol.section) continue;
      for (let at = offset; at < offset + size; at += 16) {
        const place = u64(at) - symbol.value;
        if (place < 0 || place >= symbol.size) continue;
        const kind = view.getUint32(at + 8, true);
        const target = symbols[view.getUint32(at + 12, true)]!;
        if (kind === R_BPF_64_64) references.push({ at: place / 8, kind: 'address', symbol: target.name });
        else if (kind === R_BPF_64_32)
          references.push({ at: place / 8, kind: 'call', symbol: calledBy(target, code, place) });
        else throw new Error(`the eBPF object has a relocation of type ${kind}`);
      }
    }
    return references;
  };

  const functions = new Map<string, ObjectFunction>();
  for (const symbol of symbols) {
    if (symbol.type !== STT_FUNC) continue;
    const section = sections[symbol.section]!;
    const start = section.offset + symbol.value;
    const instructions = new Uint8Array(bytes.subarray(start, start + symbol.size));
    const code = new DataView(instructions.buffer);
    const references = relocationsOf(symbol, code);
    const relocated = new Set(references.filter(({ kind }) => kind === 'call').map(({ at }) => at));
    // Calls within a section carry no relocation.
    for (let i = 0; i * 8 < instructions.length; i++) {
      if (instructions[i * 8] !== CALL || instructions[i * 8 + 1]! >> 4 !== 1 || relocated.has(i)) continue;
      const where = symbol.value + (i + 1 + code.getInt32(i * 8 + 4, true)) * 8;
      references.push({ at: i, kind: 'call', symbol: functionAt(symbol.section, where) });
    }
    functions.set(symbol.name, { name: symbol.name, section: section.name, instructions, references });
  }

  const mapSection = sections.findIndex(({ name }) => name === 'maps');
  const maps = symbols
    .filter((symbol) => symbol.section === mapSection && symbol.size === 20)
    .map((symbol) => {
      const at = sections[mapSection]!.offset + symbol.value;
      return {
        name: symbol.name,
        type: view.getUint32(at, true),
        keySize: view.getUint32(at + 4, true),
        valueSize: view.getUint32(at + 8, true),
        maxEntries: view.getUint32(at + 12, true),
        flags: view.getUint32(at + 16, true),
      };
    });
  return { functions, maps };
}
