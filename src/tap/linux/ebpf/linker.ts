// From functions to a program: constants, maps and filter bodies put in, called functions laid behind the entry.

import type { BpfObject, ObjectFunction } from './elf.js';

/** An instruction made here: a filter's. `callee`: call that function of the object. */
export interface GeneratedInstruction {
  readonly code: number;
  readonly dst: number;
  readonly src: number;
  readonly off: number;
  readonly imm: number;
  readonly callee?: string;
}

export interface LinkOptions {
  /** Values of CONSTANT(name), by name. */
  readonly constants: { readonly [name: string]: number | bigint };
  /** Descriptors of the maps, by name. */
  readonly maps: ReadonlyMap<string, number>;
  /** Functions that are not in the object: the filters. */
  readonly generated: { readonly [name: string]: readonly GeneratedInstruction[] };
}

/** A function of a program, and the index of its first instruction. */
export interface PlacedFunction {
  readonly name: string;
  readonly section: string;
  readonly at: number;
}

export interface LinkedProgram {
  /** Ready to load. */
  readonly instructions: Uint8Array;
  /** As they lie there: the entry first. */
  readonly functions: readonly PlacedFunction[];
}

const PSEUDO_MAP_FD = 1;
const PSEUDO_CALL = 1;

function encode(name: string, body: readonly GeneratedInstruction[]): ObjectFunction {
  const instructions = new Uint8Array(body.length * 8);
  const view = new DataView(instructions.buffer);
  body.forEach((instruction, i) => {
    view.setUint8(i * 8, instruction.code);
    view.setUint8(i * 8 + 1, (instruction.src << 4) | instruction.dst);
    view.setInt16(i * 8 + 2, instruction.off, true);
    view.setInt32(i * 8 + 4, instruction.imm | 0, true);
  });
  const references = body.flatMap((instruction, at) =>
    instruction.callee === undefined ? [] : [{ at, kind: 'call' as const, symbol: instruction.callee }],
  );
  return { name, section: '', instructions, references };
}

/**
 * @param entry name of the program's function
 * @returns a program
 * @throws Error when something the object asks for was not given
 */
export function link(object: BpfObject, entry: string, options: LinkOptions): LinkedProgram {
  const placed = new Map<string, { at: number; function: ObjectFunction }>();
  let size = 0;
  const place = (name: string): void => {
    if (placed.has(name)) return;
    const generated = options.generated[name];
    const found = generated === undefined ? object.functions.get(name) : encode(name, generated);
    if (found === undefined) throw new Error(`the eBPF object has no function ${name}`);
    placed.set(name, { at: size, function: found });
    size += found.instructions.length / 8;
    for (const reference of found.references) if (reference.kind === 'call') place(reference.symbol);
  };
  place(entry);

  const program = new Uint8Array(new ArrayBuffer(size * 8));
  const view = new DataView(program.buffer);
  for (const { at, function: part } of placed.values()) {
    program.set(part.instructions, at * 8);
    for (const reference of part.references) {
      const index = at + reference.at;
      const setSource = (source: number): void => {
        program[index * 8 + 1] = (program[index * 8 + 1]! & 15) | (source << 4);
      };
      if (reference.kind === 'call') {
        setSource(PSEUDO_CALL);
        view.setInt32(index * 8 + 4, placed.get(reference.symbol)!.at - index - 1, true);
        continue;
      }
      const set = (value: bigint): void => {
        view.setUint32(index * 8 + 4, Number(value & 0xffffffffn), true);
        view.setUint32(index * 8 + 12, Number((value >> 32n) & 0xffffffffn), true);
      };
      const map = options.maps.get(reference.symbol);
      if (map !== undefined) {
        setSource(PSEUDO_MAP_FD);
        set(BigInt(map));
      } else if (reference.symbol.startsWith('constant_')) {
        const value = options.constants[reference.symbol.slice(9)];
        if (value === undefined) throw new Error(`the eBPF object asks for the unknown ${reference.symbol}`);
        set(BigInt.asUintN(64, BigInt(value)));
      } else {
        throw new Error(`the eBPF object refers to the unknown ${reference.symbol}`);
      }
    }
  }
  const functions = [...placed.values()].map(({ at, function: { name, section } }) => ({
    name,
    section,
    at,
  }));
  return { instructions: program, functions };
}
