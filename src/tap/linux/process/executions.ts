// Programs as they are started: paths and command lines of processes that are gone when their packets are read.

import { nameText } from '../../../packet/index.js';
import { libc, openRawTracepoint } from '../../../system/index.js';
import type { Loader } from '../ebpf/loader.js';
import { type ConstantValues, type FieldPlace, programFileConstants } from '../ebpf/offsets.js';
import { Execution } from '../ebpf/record.js';
import type { Ring } from '../ebpf/ring.js';
import { goesWithout } from '../facilities.js';
import type { ExecutableFile } from './executablefile.js';

/** Programs remembered, and bytes of what is kept of all: those that end at once are asked for soon. */
const LIMIT = 4096;
const MOST_BYTES = 8 * 1024 * 1024;
const COMM_WORDS = 4;

/** Offsets of the kernel's fields that the hook follows. */
export const EXECUTION_FIELDS = [
  ['program_interp', 'linux_binprm', 'interp'],
  ['task_mm', 'task_struct', 'mm'],
  ['mm_arg_start', 'mm_struct', 'arg_start'],
  ['mm_arg_end', 'mm_struct', 'arg_end'],
] as const satisfies readonly FieldPlace[];

/** What was started. */
export interface Executable {
  /** As /proc/PID/exe would show it; where the kernel does not tell the file, as it was given, if that was from the root on. */
  readonly path: string | null;
  /** Which file runs, null: unknown. */
  readonly file: ExecutableFile | null;
  readonly args: readonly string[] | null;
}

/** Who runs it, as the hooks say. */
export interface Runner {
  readonly pid: number;
  /** Clock ticks since boot. */
  readonly start: bigint | null;
  /** Which of its programs, 0: unknown. */
  readonly program: bigint;
  readonly name: string;
}

interface Started {
  readonly name: string;
  readonly path: string | null;
  readonly file: ExecutableFile | null;
  /** The arguments, each with a 0 behind it: thousands of short ones take many times as much apart. */
  readonly args: string;
  /** Clock ticks since boot. */
  readonly start: bigint;
  /** Which of the process's programs it is, 0: unknown. */
  readonly program: bigint;
}

/** What is kept of one takes, about: two bytes for a character at most, and the objects. */
function bytesOf({ path, args }: Started): number {
  return 2 * ((path?.length ?? 0) + args.length) + 256;
}

/** The hook, and what it told. */
export class Executions {
  private readonly attachment: number;
  private readonly started = new Map<number, Started>();
  /** Of what is remembered. */
  private bytes = 0;

  private constructor(attachment: number) {
    this.attachment = attachment;
  }

  /** @returns without a hook where the kernel tells too little of itself, or refuses */
  static follow(loader: Loader): Executions {
    const constants: ConstantValues = {};
    for (const [name, structure, field] of EXECUTION_FIELDS)
      constants[name] = loader.btf?.offset(structure, field) ?? -1;
    if (goesWithout('exec') || !loader.knowsTasks || Object.values(constants).some((offset) => offset < 0))
      return new Executions(-1);
    Object.assign(constants, programFileConstants(loader.btf!));
    try {
      const program = loader.tracepointHook('program_started', 'sched_process_exec', constants);
      if (program === null) return new Executions(-1);
      try {
        return new Executions(openRawTracepoint(program, null));
      } finally {
        libc().close(program);
      }
    } catch {
      return new Executions(-1);
    }
  }

  get follows(): boolean {
    return this.attachment >= 0;
  }

  /** Takes a record of the ring in. */
  take({ bytes, words }: Ring, offset: number): void {
    const at = offset >> 2;
    const text = (from: number, length: number): string =>
      nameText(Buffer.from(bytes.subarray(offset + from, offset + from + length)));
    const pid = words[at + Execution.PID / 4]!;
    const path = text(Execution.PATH, words[at + Execution.PATH_LENGTH / 4]!).replace(/\0$/, '');
    const named = words[at + Execution.NAMES / 4] === 1 && path !== '';
    const whole = named ? `/${path.split('\0').reverse().join('/')}` : path;
    const wide = (field: number): bigint =>
      (BigInt(words[at + field / 4 + 1]!) << 32n) | BigInt(words[at + field / 4]!);
    const inode = wide(Execution.INODE);
    const changed = wide(Execution.CHANGED);
    const args = text(Execution.ARGS, words[at + Execution.ARGS_LENGTH / 4]!);
    this.forget(pid);
    const started = {
      name: text(Execution.COMM, COMM_WORDS * 4).replace(/\0.*$/s, ''),
      start: wide(Execution.START) / 10_000_000n,
      program: wide(Execution.PROGRAM),
      path: whole.startsWith('/') ? whole : null,
      file:
        inode === 0n
          ? null
          : { device: words[at + Execution.DEVICE / 4]!, inode, changed: changed === 0n ? null : changed },
      args,
    };
    this.started.set(pid, started);
    this.bytes += bytesOf(started);
    for (const oldest of this.started.keys()) {
      if (this.started.size <= LIMIT && this.bytes <= MOST_BYTES) break;
      this.forget(oldest);
    }
  }

  private forget(pid: number): void {
    const known = this.started.get(pid);
    if (known === undefined) return;
    this.bytes -= bytesOf(known);
    this.started.delete(pid);
  }

  /**
   * What a process runs, or null when it was started before the tap, or without exec. Its name tells nothing: programs give themselves
   * others, and one may be started by another of the same name. Only where the kernel's count of programs is unknown it has to do.
   */
  of({ pid, start, program, name }: Runner): Executable | null {
    const found = this.started.get(pid);
    if (found === undefined || found.start !== start) return null;
    if (program === 0n ? found.name !== name : found.program !== program) return null;
    const { path, file, args } = found;
    return { path, file, args: args === '' ? null : args.replace(/\0$/, '').split('\0') };
  }

  /** Whether a process runs another program by now: what /proc says is that one's. */
  isPast({ pid, start, program }: Runner): boolean {
    const found = this.started.get(pid);
    return found !== undefined && found.start === start && program !== 0n && found.program !== program;
  }

  close(): void {
    if (this.attachment >= 0) libc().close(this.attachment);
  }
}
