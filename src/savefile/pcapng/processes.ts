// The processes of a section: Apple's blocks by number (dialect 1), Wireshark's entries by process ID and start time
// (dialect 3), and process IDs alone (dialect 2).

import { makeProcess, type Process } from '../../packet/index.js';
import { leftoversOf, withLeftovers } from './leftovers.js';

/** Bytes of process facts remembered in a section; beyond, those no packet named lately are forgotten. */
const MAXIMUM_BYTES = 32 * 1024 * 1024;
/** What an object costs besides its strings, roughly. */
const OBJECT_BYTES = 400;

/** Processes of one ID remembered in a section. */
const MAXIMUM_ENTRIES = 64;

/** A power of 2. */
const RECENT = 256;

interface Slot {
  process: Process;
  whole: boolean;
  /** Whether its packets are wanted; null: not asked yet. */
  wanted: boolean | null;
  used: boolean;
  readonly bytes: number;
}

interface Entry {
  process: Process;
  /** Start time; seconds -1: unknown. */
  readonly seconds: number;
  readonly nanoseconds: number;
  used: boolean;
  readonly bytes: number;
}

export class SectionProcesses {
  /** Number of the next process block. */
  count = 0;
  readonly #blocks = new Map<number, Slot>();
  readonly #entries = new Map<number, Entry[]>();
  readonly #bare = new Map<number, Process>();
  /**
   * Blocks' processes completed by entries. A block is one process: what its first packet finds is its entry for good, or
   * every pair of a block and an entry would be a process.
   */
  #joined = new WeakMap<Process, Process>();
  #bytes = 0;
  /** Blocks asked for lately, by the lowest bits of their number. */
  readonly #recent: (Slot | null)[] = new Array<Slot | null>(RECENT).fill(null);
  readonly #recentNumbers = new Int32Array(RECENT).fill(-1);
  /** Whether the block asked for last has all facts, or its entry came right behind it: no other has more to say. */
  whole = false;
  /** The block just read, to which an entry that comes next belongs. */
  #pending: Slot | null = null;

  /**
   * Takes a process block in.
   * @param bytes the block's length
   * @param whole whether the block has all that is known of the process
   */
  addBlock(process: Process, bytes: number, whole = false): void {
    const slot = { process, whole, wanted: null, used: false, bytes: bytes + OBJECT_BYTES };
    this.#make(slot.bytes);
    this.#blocks.set(this.count++, slot);
    this.#pending = slot;
  }

  /**
   * Takes an entry in. Right behind a block of the same process it completes that block's facts.
   * @param bytes the block's length
   */
  addEntry(process: Process, bytes: number): void {
    const pending = this.#pending;
    this.#pending = null;
    const cost = bytes + OBJECT_BYTES;
    this.#make(cost);
    const whole =
      pending !== null && pending.process.pid === process.pid ? join(pending.process, process) : process;
    if (pending !== null && pending.process.pid === process.pid) {
      pending.process = whole;
      pending.whole = true;
      pending.wanted = null;
    }
    const start = process.startTime;
    const entry: Entry = {
      process: whole,
      seconds: start === null ? -1 : Number(start / 1_000_000_000n),
      nanoseconds: start === null ? 0 : Number(start % 1_000_000_000n),
      used: false,
      bytes: cost,
    };
    const list = this.#entries.get(process.pid);
    if (list === undefined) this.#entries.set(process.pid, [entry]);
    else {
      if (list.length === MAXIMUM_ENTRIES) this.#bytes -= list.shift()!.bytes;
      list.push(entry);
    }
  }

  /** Some other block came: the next entry stands for itself. */
  other(): void {
    this.#pending = null;
  }

  /**
   * @param number of a process block
   * @returns its process, null when there is none
   */
  byNumber(number: number): Process | null {
    const slot = this.#slot(number);
    this.whole = slot?.whole ?? false;
    return slot === null ? null : slot.process;
  }

  /**
   * @param number of a process block
   * @param wants says of a process whether its packets are wanted; asked once for each
   * @returns false when they are not, whatever else the packet says
   */
  isWanted(number: number, wants: (process: Process) => boolean): boolean {
    const slot = this.#slot(number);
    // Its entry may be found by the process ID yet.
    if (slot === null || !(slot.whole || this.#entries.size === 0)) return true;
    slot.wanted ??= wants(slot.process);
    return slot.wanted;
  }

  #slot(number: number): Slot | null {
    const place = number & (RECENT - 1);
    let slot = this.#recent[place]!;
    if (this.#recentNumbers[place] !== number) {
      const found = this.#blocks.get(number);
      if (found === undefined) return null;
      slot = found;
      this.#recent[place] = slot;
      this.#recentNumbers[place] = number;
    }
    slot.used = true;
    return slot;
  }

  /** Whether process IDs can say more than process blocks do. */
  get hasEntries(): boolean {
    return this.#entries.size > 0;
  }

  /**
   * @param pid of a packet's option 8
   * @param seconds the packet's time, with nanoseconds
   * @returns the entry with the latest start time not after the packet; with no start times, the last; before all of
   *   them, the earliest. Without entries, a process of which only the ID is known
   */
  byPid(pid: number, seconds: number, nanoseconds: number): Process {
    const entries = this.#entries.get(pid);
    if (entries === undefined) return this.#bareProcess(pid);
    let best = entries[entries.length - 1]!;
    if (entries.length > 1) {
      let latest: Entry | null = null;
      let earliest: Entry | null = null;
      for (const entry of entries) {
        if (entry.seconds < 0) continue;
        if (earliest === null || compare(entry, earliest.seconds, earliest.nanoseconds) < 0) earliest = entry;
        if (compare(entry, seconds, nanoseconds) > 0) continue;
        if (latest === null || compare(entry, latest.seconds, latest.nanoseconds) >= 0) latest = entry;
      }
      best = latest ?? earliest ?? best;
    }
    best.used = true;
    return best.process;
  }

  /**
   * @param process by its block's number
   * @returns it, completed by what an entry for its ID knows
   */
  complete(process: Process, seconds: number, nanoseconds: number): Process {
    const known = this.#joined.get(process);
    if (known !== undefined) return known;
    if (!this.#entries.has(process.pid)) return process;
    const entry = this.byPid(process.pid, seconds, nanoseconds);
    if (entry === process || (entry.name !== '' && process.name !== '' && entry.name !== process.name)) {
      return process;
    }
    const whole = join(process, entry);
    this.#joined.set(process, whole);
    return whole;
  }

  #bareProcess(pid: number): Process {
    let process = this.#bare.get(pid);
    if (process === undefined) {
      if (this.#bare.size >= 65_536) this.#bare.clear();
      process = makeProcess({ pid });
      this.#bare.set(pid, process);
    }
    return process;
  }

  /** Makes room: the oldest go first, but not those a packet has named since the last time. */
  #make(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes <= MAXIMUM_BYTES) return;
    this.#recentNumbers.fill(-1);
    this.#recent.fill(null);
    // When all have been named, the second round takes them.
    for (let round = 0; round < 2; round++) {
      for (const [number, slot] of this.#blocks) {
        if (this.#bytes <= MAXIMUM_BYTES / 2) return;
        if (slot.used) slot.used = false;
        else {
          this.#blocks.delete(number);
          this.#bytes -= slot.bytes;
        }
      }
      for (const [pid, entries] of this.#entries) {
        if (this.#bytes <= MAXIMUM_BYTES / 2) return;
        const kept = entries.filter((entry) => entry.used);
        for (const entry of entries) {
          if (entry.used) entry.used = false;
          else this.#bytes -= entry.bytes;
        }
        if (kept.length === 0) this.#entries.delete(pid);
        else this.#entries.set(pid, kept);
      }
    }
  }
}

function compare(entry: Entry, seconds: number, nanoseconds: number): number {
  return entry.seconds - seconds || entry.nanoseconds - nanoseconds;
}

/** A block's process with what an entry says more of it. */
function join(block: Process, entry: Process): Process {
  const whole = makeProcess({
    pid: block.pid,
    name: block.name === '' ? entry.name : block.name,
    path: block.path ?? entry.path,
    args: entry.args,
    parentPid: entry.parentPid,
    uid: entry.uid,
    user: entry.user,
    uuid: block.uuid ?? entry.uuid,
    startTime: entry.startTime,
    cgroup: entry.cgroup ?? block.cgroup,
    container: entry.container ?? block.container,
    netns: entry.netns ?? block.netns,
    comment: entry.comment ?? block.comment,
  });
  const ofBlock = leftoversOf(block);
  const ofEntry = leftoversOf(entry);
  if (ofBlock === null && ofEntry === null) return whole;
  return withLeftovers(whole, {
    block: ofBlock?.block ?? null,
    entry: ofEntry?.entry ?? null,
    littleEndian: (ofBlock ?? ofEntry)!.littleEndian,
  });
}
