// Memory that the kernel shares with us, as an ArrayBuffer that can be read for as long as anybody has a view of it.

import { koffi } from './koffi.js';
import { libc, Mapping, mapMemory } from './libc.js';

const PROT_READ_WRITE = 3;
const ANONYMOUS = 0x20;
/** MREMAP_MAYMOVE and MREMAP_FIXED. */
const OVER = 1 | 2;

interface Place {
  readonly pointer: bigint;
  readonly length: number;
}

interface Movers {
  memcpy(to: bigint, from: bigint, length: number): unknown;
  mremap(old: bigint, oldLength: number, length: number, flags: number, place: bigint): unknown;
}

let loaded: Movers | null = null;

/** Loaded when a capture ends: none begins with them. */
function movers(): Movers {
  if (loaded === null) {
    const lib = koffi().load('libc.so.6');
    loaded = {
      memcpy: lib.func('void *memcpy(uintptr_t to, uintptr_t from, size_t length)'),
      mremap: lib.func(
        'void *mremap(uintptr_t old, size_t old_length, size_t length, int flags, uintptr_t place)',
      ),
    } as unknown as Movers;
  }
  return loaded;
}

/** Gives addresses back when nobody can read there any more. */
const unread = new FinalizationRegistry<Place>(({ pointer, length }) => libc().munmap(pointer, length));

/** A descriptor's memory. */
export class MappedMemory {
  readonly buffer: ArrayBuffer;
  private readonly place: Place;
  private shared = true;

  /**
   * @param protection PROT_ bits
   * @throws SystemError that begins with `what`
   */
  constructor(length: number, protection: number, fd: number, offset: number, what: string) {
    const pointer = BigInt(mapMemory(length, protection, fd, offset, what) as bigint);
    this.place = { pointer, length };
    this.buffer = koffi().view(pointer, length);
    unread.register(this.buffer, this.place);
  }

  /**
   * Leaves the kernel's object, which is free when its descriptor is closed too. Views that somebody has kept can still be
   * read: they show what lay in the ranges kept, and zeros elsewhere.
   * @param kept [from, to) in bytes
   */
  detach(kept: readonly (readonly [from: number, to: number])[]): void {
    if (!this.shared) return;
    this.shared = false;
    const { pointer, length } = this.place;
    let copy: bigint;
    try {
      copy = BigInt(mapMemory(length, PROT_READ_WRITE, -1, 0, '', Mapping.PRIVATE | ANONYMOUS) as bigint);
    } catch {
      // Without addresses for a copy, the kernel's memory goes with the last view.
      return;
    }
    const { memcpy, mremap } = movers();
    for (const [from, to] of kept) memcpy(copy + BigInt(from), pointer + BigInt(from), to - from);
    // The copy takes the place in one step.
    if (BigInt(mremap(copy, length, length, OVER, pointer) as bigint) !== pointer)
      libc().munmap(copy, length);
  }
}
