// Processes in packet comments: ptcpdump's lines (dialect 4), in one comment or several, and the forms of pymobiledevice3,
// RustNet, etl2pcapng and FakeNet-NG (notations.ts); our own, which repeat what blocks say (ownercomments.ts).
// And drop reasons in the kernel's words, as we write them: `Drop reason: NO_SOCKET`.

import {
  type Direction,
  makeProcess,
  type Packet,
  type PacketMetadata,
  type Process,
} from '../../packet/index.js';
import { type ProcessFacts, type Said, whatCommentSays } from './notations.js';
import { ownerComment, type SaidOfOwner, whatOwnerCommentSays } from './ownercomments.js';

const DROP_REASON = 'Drop reason: ';
/** Text that no comment is: their ends of NUL are cut off. */
const NEVER = '\0';

/**
 * @param name the kernel's word for why it dropped a packet
 * @returns the comment that says so
 */
export function dropReasonComment(name: string): string {
  return DROP_REASON + name;
}

/** Comments and processes remembered: a capture has few different ones; and their characters in all. */
const MAXIMUM = 4096;
const MAXIMUM_LENGTH = 4 * 1024 * 1024;

/** What texts mean, as long as there are not too many of them. */
class Known<T> {
  readonly #values = new Map<string, T>();
  #length = 0;

  of(text: string, make: () => T): T {
    let value = this.#values.get(text);
    if (value === undefined) {
      value = make();
      this.#length += text.length;
      if (this.#values.size >= MAXIMUM || this.#length > MAXIMUM_LENGTH) {
        this.#values.clear();
        this.#length = text.length;
      }
      this.#values.set(text, value);
    }
    return value;
  }
}

export class CommentProcesses {
  readonly #said = new Known<Said | null>();
  readonly #processes = new Known<Process>();
  readonly #own = new Known<SaidOfOwner | null>();
  readonly #ownTexts = new WeakMap<Process, readonly string[]>();

  /**
   * Takes the facts out of a packet's comments: what they say of a process it gets, unless blocks have said it. A comment
   * that says nothing else is no comment any more.
   * @param ours whether we wrote the section
   * @returns the place of our own comment on whose the packet is; `foreign`: another's says whose it is; null: none does
   */
  take(packet: Packet, metadata: PacketMetadata, ours: boolean): number | 'foreign' | null {
    const own = this.#takeOwn(packet, metadata, ours);
    if (packet.comments === null) return own;
    const foreign = this.#takeForeign(packet, metadata, packet.comments);
    return own ?? (foreign ? 'foreign' : null);
  }

  /** Our own comment: it says again what the blocks say, or all that is left of them. @returns its place */
  #takeOwn(packet: Packet, metadata: PacketMetadata, ours: boolean): number | null {
    const comments = packet.comments!;
    let place = -1;
    const { process } = metadata;
    if (process !== null) place = comments.indexOf(this.#ownText(process, metadata.direction));
    else if (ours) {
      const said = comments.map((comment) => this.#own.of(comment, () => whatOwnerCommentSays(comment)));
      place = said.findIndex((one) => one !== null);
      if (place >= 0) {
        const { process: facts, direction } = said[place]!;
        metadata.process = this.#process(facts);
        if (metadata.direction === 0) metadata.direction = direction;
      }
    }
    if (place < 0) return null;
    packet.comments = comments.length === 1 ? null : comments.filter((_, i) => i !== place);
    return place;
  }

  #ownText(process: Process, direction: Direction): string {
    let texts = this.#ownTexts.get(process);
    if (texts === undefined) {
      texts = ([0, 1, 2] as const).map((one) => ownerComment(process, one));
      this.#ownTexts.set(process, texts);
    }
    // No comment is empty text of ours.
    return texts[direction] || NEVER;
  }

  /** @returns whether they say whose the packet is */
  #takeForeign(packet: Packet, metadata: PacketMetadata, comments: readonly string[]): boolean {
    let facts: ProcessFacts | null = null;
    let effective: ProcessFacts | null = null;
    let named = false;
    for (const comment of comments) {
      const said = this.#of(comment);
      if (said === null) continue;
      facts = together(facts, said.process);
      effective ??= said.effective;
      named ||= said.named;
    }
    const taken = named ? facts : null;
    let rest: string[] | null = null;
    for (let i = 0; i < comments.length; i++) {
      const comment = comments[i]!;
      const said = taken === null ? null : this.#of(comment);
      const reason = comment.startsWith(DROP_REASON);
      if (said !== null) about(metadata, said);
      if (reason) metadata.dropReasonName = comment.slice(DROP_REASON.length);
      if (said?.nothingElse === true || reason) rest ??= comments.slice(0, i);
      else rest?.push(comment);
    }
    if (taken !== null) {
      metadata.process ??= this.#process(taken);
      if (effective !== null) metadata.effectiveProcess ??= this.#process(effective);
    }
    if (rest !== null) packet.comments = rest.length === 0 ? null : rest;
    return named;
  }

  #of(comment: string): Said | null {
    return this.#said.of(comment, () => whatCommentSays(comment));
  }

  /** One object for the same facts. */
  #process(facts: ProcessFacts): Process {
    return this.#processes.of(JSON.stringify(facts), () => makeProcess(facts));
  }
}

/** The facts of two comments: each may know a part of the container. */
function together(one: ProcessFacts | null, other: ProcessFacts | null): ProcessFacts | null {
  if (one === null || other === null) return one ?? other;
  const a = one.container ?? null;
  const b = other.container ?? null;
  const both = { ...one, ...other };
  if (a === null || b === null) both.container = a ?? b;
  else {
    const { id, runtime, name, pod, namespace } = a;
    both.container = {
      id: id === '' ? b.id : id,
      runtime,
      name: name ?? b.name,
      pod: pod ?? b.pod,
      namespace: namespace ?? b.namespace,
    };
  }
  return both;
}

/** What a comment says of the packet besides its process. */
function about(metadata: PacketMetadata, { threadId, direction, serviceClass }: Said): void {
  if (threadId !== 0 && metadata.threadId === 0) metadata.threadId = threadId;
  if (direction !== 0 && metadata.direction === 0) metadata.direction = direction;
  if (serviceClass !== -1 && metadata.serviceClass === -1) metadata.serviceClass = serviceClass;
}
