// Which facts of processes a file holds: all that are known, or fewer where less was asked for.

import { makeProcess, type Packet, type PacketMetadata, type Process } from '../packet/index.js';

export interface FactsOptions {
  /** Whether command lines are written, which may hold passwords; default true. */
  readonly commandLines?: boolean;
  /** -k's letters: of processes no more is written than these ask for, and the process ID. Null, or with V: everything. */
  readonly letters?: string | null;
}

/** What each letter stands for; the process ID is what a file tells processes apart by. */
const FACTS: { readonly [letter: string]: readonly (keyof Process)[] } = {
  N: ['name'],
  U: ['uuid'],
  C: ['comment'],
  A: ['name', 'uuid', 'comment'],
  O: ['uid', 'user'],
  R: ['parentPid'],
  X: ['path'],
  L: ['args'],
  T: ['startTime'],
  G: ['cgroup'],
  K: ['container'],
  W: ['netns'],
};

/** Leaves facts out of processes. */
export class ProcessFacts {
  readonly #kept: readonly (keyof Process)[] | null;
  readonly #commandLines: boolean;
  /** One for each process, so that outputs know it again. */
  readonly #reduced = new WeakMap<Process, Process>();

  private constructor(letters: string | null, commandLines: boolean) {
    this.#kept = letters === null ? null : ['pid', ...[...letters].flatMap((letter) => FACTS[letter] ?? [])];
    this.#commandLines = commandLines;
  }

  /** @returns null when nothing is left out */
  static of({ letters = null, commandLines = true }: FactsOptions): ProcessFacts | null {
    const all = letters === null || letters.includes('V');
    return all && commandLines ? null : new ProcessFacts(all ? null : letters, commandLines);
  }

  /** Hands a packet on with what is written of its processes; others see all of them again behind it. */
  packet(packet: Packet, metadata: PacketMetadata, to: { packet(packet: Packet): void }): void {
    const { process, effectiveProcess } = metadata;
    metadata.process = this.#of(process);
    metadata.effectiveProcess = this.#of(effectiveProcess);
    to.packet(packet);
    metadata.process = process;
    metadata.effectiveProcess = effectiveProcess;
  }

  /** The process with what is written of it. */
  #of(process: Process | null): Process | null {
    if (process === null) return null;
    let reduced = this.#reduced.get(process);
    if (reduced === undefined) {
      reduced = this.#reduce(process);
      this.#reduced.set(process, reduced);
    }
    return reduced;
  }

  #reduce(process: Process): Process {
    const kept = this.#kept;
    const chosen =
      kept === null ? process : Object.fromEntries(kept.map((fact) => [fact, process[fact]] as const));
    // What a file says of a process in options that nobody here knows goes with everything only.
    return makeProcess(this.#commandLines ? chosen : { ...chosen, args: null });
  }
}
