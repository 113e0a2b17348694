// Packet comments that say whose the packet is, for programs that know nothing of process blocks: `curl:4711, /usr/bin/curl, out`.
// We write them on the first packet of each flow, or on all (--comments), and know them again.

import { Direction, type Process, visible } from '../../packet/index.js';
import { optionText } from './blocks.js';

/** Which packets get one. */
export type OwnerComments = 'all' | 'first' | 'none';

const WORDS = { [Direction.UNKNOWN]: '', [Direction.IN]: ', in', [Direction.OUT]: ', out' } as const;
const LONGEST = 8192;
const MAXIMUM_PID = 0x7fff_ffff;
const NUMBER = /:\d{1,10}(?=, )/g;

/** @returns the comment for a packet of a process; '': too little is known of it */
export function ownerComment({ pid, name, path }: Process, direction: Direction): string {
  if (pid < 0 || name === '') return '';
  return `${visible(name)}:${pid}${path === null ? '' : `, ${visible(path)}`}${WORDS[direction]}`;
}

/** What such a comment says. */
export interface SaidOfOwner {
  readonly process: { readonly pid: number; readonly name: string; readonly path: string | null };
  readonly direction: Direction;
}

/**
 * Reads a comment without the blocks it was made from: another program left them out. In a section that says it is ours; what
 * can be understood in two ways, or has escapes in it, is a comment as any other.
 * @returns null: it is no such comment
 */
export function whatOwnerCommentSays(comment: string): SaidOfOwner | null {
  if (comment.length > LONGEST || /[\\^\n]/.test(comment) || comment.match(NUMBER)?.length !== 1) return null;
  const match = /^(.{1,64}):(\d{1,10})(?:, (\/.*))?, (in|out)$/.exec(comment);
  if (match === null) return null;
  const pid = Number(match[2]);
  if (pid > MAXIMUM_PID || String(pid) !== match[2]) return null;
  return {
    process: { pid, name: match[1]!, path: match[3] ?? null },
    direction: match[4] === 'in' ? Direction.IN : Direction.OUT,
  };
}

/** The comments of processes, as options hold them: made once for each. */
export class OwnerCommentBytes {
  #made = new WeakMap<Process, (Uint8Array | null)[]>();

  /** @returns null: too little is known */
  of(process: Process, direction: Direction): Uint8Array | null {
    let list = this.#made.get(process);
    if (list === undefined) {
      list = [Direction.UNKNOWN, Direction.IN, Direction.OUT].map((one) => {
        const text = ownerComment(process, one);
        return text === '' ? null : optionText(text);
      });
      this.#made.set(process, list);
    }
    return list[direction] ?? null;
  }
}

/** A power of 2, and how many places are taken before all is forgotten. */
const PLACES = 1 << 17;
const MOST = (PLACES * 3) / 4;

/** Flows of processes that have had a packet. Memory is bounded: after some ninety thousand each has its first packet again. */
export class SeenFlows {
  #flows: Uint32Array | null = null;
  /** Number of the process's block and 1; 0: the place is free. */
  #owners = new Uint32Array(0);
  #count = 0;
  #lastFlow = 0;
  #lastOwner = 0;

  clear(): void {
    this.#owners.fill(0);
    this.#count = 0;
    this.#lastOwner = 0;
  }

  /** Whether this is the first packet of a flow of a process. */
  isFirst(flow: number, process: number): boolean {
    const owner = process + 1;
    if (flow === this.#lastFlow && owner === this.#lastOwner) return false;
    this.#lastFlow = flow;
    this.#lastOwner = owner;
    if (this.#flows === null) {
      this.#flows = new Uint32Array(PLACES);
      this.#owners = new Uint32Array(PLACES);
    }
    const mixed = Math.imul(flow ^ Math.imul(owner, 0x9e3779b1), 0x85ebca6b);
    for (let at = (mixed ^ (mixed >>> 15)) & (PLACES - 1); ; at = (at + 1) & (PLACES - 1)) {
      if (this.#owners[at] === owner && this.#flows[at] === flow) return false;
      if (this.#owners[at] !== 0) continue;
      if (this.#count === MOST) {
        this.clear();
        return this.isFirst(flow, process);
      }
      this.#flows[at] = flow;
      this.#owners[at] = owner;
      this.#count++;
      return true;
    }
  }
}
