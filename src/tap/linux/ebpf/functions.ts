// What the kernel is told of a program's functions, so that it looks at each global one once, by itself: types as BTF.
// Source: Documentation/bpf/btf.rst.

import { libc, loadBtf } from '../../../system/index.js';
import { btfBlob } from './btf.js';
import type { PlacedFunction } from './linker.js';

/** Where kernel/bpf.h puts what is GLOBAL. */
const GLOBAL_SECTION = 'global';

const Kind = { INT: 1, PTR: 2, STRUCT: 4, FUNC: 12, FUNC_PROTO: 13 } as const;
const SIGNED = 1 << 24;

/** IDs of the types that every blob begins with. */
const Id = {
  INT: 1,
  U64: 2,
  CONTEXT: 3,
  CONTEXT_POINTER: 4,
  GLOBAL: 5,
  STATIC: 6,
  FIRST_FUNCTION: 7,
} as const;

/**
 * BTF for these functions: int f(struct __sk_buff *skb, u64 number) where it is global; of others nothing is said.
 * The function of index i has the type FIRST_FUNCTION + i.
 */
export function functionBtf(functions: readonly PlacedFunction[]): Uint8Array {
  let strings = '\0';
  const string = (text: string): number => {
    const at = strings.length;
    strings += `${text}\0`;
    return at;
  };
  const types: number[] = [
    // name, kind and members, size or type; then what the kind has
    ...[string('int'), Kind.INT << 24, 4, SIGNED | 32],
    ...[string('u64'), Kind.INT << 24, 8, 64],
    ...[string('__sk_buff'), Kind.STRUCT << 24, 0],
    ...[0, Kind.PTR << 24, Id.CONTEXT],
    ...[0, (Kind.FUNC_PROTO << 24) | 2, Id.INT, string('skb'), Id.CONTEXT_POINTER, string('number'), Id.U64],
    ...[0, Kind.FUNC_PROTO << 24, Id.INT],
  ];
  for (const { name, section } of functions) {
    const isGlobal = section === GLOBAL_SECTION;
    types.push(string(name), (Kind.FUNC << 24) | (isGlobal ? 1 : 0), isGlobal ? Id.GLOBAL : Id.STATIC);
  }
  return btfBlob(types, strings);
}

/** The functions' types, loaded when a program first has a global one, once for programs of the same functions. */
export class FunctionTypes {
  private readonly loaded = new Map<string, number>();

  /** @returns what is told of a program's functions; null: it has none that is global */
  of(functions: readonly PlacedFunction[]): { types: number; info: Uint8Array } | null {
    if (!functions.some(({ section }) => section === GLOBAL_SECTION)) return null;
    const key = functions.map(({ name }) => name).join(' ');
    let types = this.loaded.get(key);
    if (types === undefined) {
      types = loadBtf(functionBtf(functions));
      this.loaded.set(key, types);
    }
    const info = functions.flatMap(({ at }, i) => [at, Id.FIRST_FUNCTION + i]);
    return { types, info: new Uint8Array(new Uint32Array(info).buffer) };
  }

  close(): void {
    for (const fd of this.loaded.values()) libc().close(fd);
    this.loaded.clear();
  }
}
