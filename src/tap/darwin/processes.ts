// The processes that packets name, with what macOS says of them besides: path, arguments, parent, user, start.

import { COMMAND_TREE } from '../../filter/index.js';
import { makeProcess, nameBytes, nameText, type Process } from '../../packet/index.js';
import {
  type BsdFacts,
  processArguments,
  processFacts,
  processIdentity,
  processPath,
} from '../../system/darwin/index.js';
import { accountById } from '../../system/index.js';

/** Processes kept, so that memory stays flat. */
const LIMIT = 16_384;
/** Bytes of a command line that are kept. */
const MOST = 32 * 1024;
/** Of a name that struct proc_bsdinfo has. */
const SHORT_NAME = 15;
/** Ancestors that are looked at, at most. */
const GENERATIONS = 256;
/** Microseconds that a process may seem to begin after its first packet: clocks are set. */
const SLACK = 1_000_000n;
const MILLION = 1_000_000n;

interface Known {
  process: Process;
  /** As `identityOf` has it when the facts were read; '' unknown. */
  identity: string;
  /** When that was looked at last, in seconds of packets' time. */
  looked: number;
}

/** Processes by what packets say of them: one object for each, as long as it is the same. */
export class Processes {
  private readonly known = new Map<Process, Known>();
  private readonly lineage: Lineage;

  constructor(lineage: Lineage) {
    this.lineage = lineage;
  }

  /**
   * @param named what a packet's header says: the same object for the same facts
   * @param seconds the packet's time
   * @returns the process with all that is known of it
   */
  of(named: Process, seconds: number): Process {
    const known = this.known.get(named);
    if (known !== undefined) {
      // A number may be another process's by now, with the same name.
      if (known.looked !== seconds) this.lookAgain(known, named, seconds);
      return known.process;
    }
    if (this.known.size >= LIMIT) this.known.clear();
    const identity = identityOf(named.pid);
    const process = this.read(named, identity, seconds);
    this.known.set(named, { process, identity, looked: seconds });
    return process;
  }

  private lookAgain(known: Known, named: Process, seconds: number): void {
    known.looked = seconds;
    const identity = identityOf(named.pid);
    // Of one that ended all is known that will be.
    if (identity === '' || identity === known.identity) return;
    known.identity = identity;
    known.process = this.read(named, identity, seconds);
  }

  /** @param identity as it was before */
  private read(named: Process, identity: string, seconds: number): Process {
    const { pid } = named;
    const facts = pid < 0 ? null : processFacts(pid);
    const list = this.lineage.of(pid);
    if (facts === null || !isSame(named, facts, seconds)) return makeProcess({ ...named, lineage: list });
    const path = processPath(pid);
    const args = processArguments(pid, MOST);
    // It may have ended, or become another program, while this was read.
    if (identityOf(pid) !== identity) return makeProcess({ ...named, lineage: list });
    return makeProcess({
      pid,
      name: named.name,
      uuid: named.uuid,
      path: path === null ? null : nameText(path),
      args: args === null ? null : args.map((bytes) => nameText(bytes)),
      parentPid: facts.parent,
      uid: facts.uid,
      user: accountById(facts.uid)?.name ?? null,
      startTime: facts.start * 1000n,
      lineage: list,
    });
  }
}

/** What tells a process from another of its number, and its program from another that it became; '' when it is gone. */
function identityOf(pid: number): string {
  const identity = pid < 0 ? null : processIdentity(pid);
  if (identity === null) return '';
  return `${identity.unique} ${Buffer.from(identity.uuid ?? []).toString('hex')}`;
}

/** Whether the process of that number now is the one that the packet named. */
function isSame(named: Process, facts: BsdFacts, seconds: number): boolean {
  const command = Buffer.from(facts.command);
  if (named.name !== '' && !command.equals(nameBytes(named.name).subarray(0, SHORT_NAME))) return false;
  const uuid = named.uuid === null ? null : (processIdentity(named.pid)?.uuid ?? null);
  if (uuid !== null && !Buffer.from(uuid).equals(named.uuid!)) return false;
  return facts.start <= BigInt(seconds + 1) * MILLION + SLACK;
}

const NONE: readonly number[] = [];

/** Who descends from whom, by the table of processes when a process's first packet is looked at: one whose parents are gone by then is not found. */
export class Lineage {
  private command = -1;
  private readonly roots: ReadonlySet<number>;

  /** @param roots the process IDs that are asked for; where none are, nobody is told */
  constructor(roots: readonly number[]) {
    this.roots = new Set(roots);
  }

  get asked(): boolean {
    return this.roots.size > 0;
  }

  /** Itself and those that it descends from, as far as asked for; null: nothing is asked. */
  of(pid: number): readonly number[] | null {
    if (!this.asked) return null;
    const list = new Set<number>();
    for (let at = pid; at > 0 && !list.has(at) && list.size < GENERATIONS; at = processFacts(at)?.parent ?? 0)
      list.add(at);
    const wanted = [...list].filter((one) => this.roots.has(one));
    if (list.has(this.command) && this.roots.has(COMMAND_TREE)) wanted.push(COMMAND_TREE);
    return wanted.length === 0 ? NONE : wanted;
  }

  launch(start: () => number | undefined): void {
    this.command = start() ?? -1;
  }
}
