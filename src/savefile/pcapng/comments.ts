// Processes in packet comments, as ptcpdump writes them (dialect 4): lines `PID: 1234`, `Cmd: /bin/bash`,
// `Args: -c sleep 10`, `ParentPID: 1`, `ParentCmd: …`, `ParentArgs: …`.
// And drop reasons in the kernel's words, as we write them: `Drop reason: NO_SOCKET`.

import { makeProcess, type Packet, type PacketMetadata, type Process } from '../../packet/index.js';

const LINE = /^(PID|Cmd|Args|ParentPID|ParentCmd|ParentArgs): ?(.*?)\0*$/;
const DROP_REASON = 'Drop reason: ';

/**
 * @param name the kernel's word for why it dropped a packet
 * @returns the comment that says so
 */
export function dropReasonComment(name: string): string {
  return DROP_REASON + name;
}

/** Comments remembered: a capture has few different ones; and their characters in all. */
const MAXIMUM = 4096;
const MAXIMUM_LENGTH = 4 * 1024 * 1024;

export class CommentProcesses {
  readonly #known = new Map<string, Process | null>();
  #length = 0;

  /**
   * Takes the facts out of a packet's comments: a comment that holds a process gives it to the packet, unless blocks
   * have, and is no comment any more.
   */
  take(packet: Packet, metadata: PacketMetadata): void {
    const comments = packet.comments!;
    let rest: string[] | null = null;
    for (let i = 0; i < comments.length; i++) {
      const comment = comments[i]!;
      const process = this.#process(comment);
      const reason = comment.startsWith(DROP_REASON);
      if (process !== null) metadata.process ??= process;
      if (reason) metadata.dropReasonName = comment.slice(DROP_REASON.length);
      if (process !== null || reason) rest ??= comments.slice(0, i);
      else rest?.push(comment);
    }
    if (rest !== null) packet.comments = rest.length === 0 ? null : rest;
  }

  #process(comment: string): Process | null {
    let process = this.#known.get(comment);
    if (process === undefined) {
      process = parse(comment);
      this.#length += comment.length;
      if (this.#known.size >= MAXIMUM || this.#length > MAXIMUM_LENGTH) {
        this.#known.clear();
        this.#length = comment.length;
      }
      this.#known.set(comment, process);
    }
    return process;
  }
}

function parse(comment: string): Process | null {
  const facts = new Map<string, string>();
  for (const line of comment.split('\n')) {
    const match = LINE.exec(line.trimEnd());
    if (match !== null && !facts.has(match[1]!)) facts.set(match[1]!, match[2]!);
  }
  const pid = number(facts.get('PID'));
  if (pid === null) return null;
  const command = facts.get('Cmd') ?? '';
  const args = facts.get('Args') ?? '';
  return makeProcess({
    pid,
    name: command.slice(command.lastIndexOf('/') + 1),
    path: command === '' ? null : command,
    args: args === '' ? null : args.split(' '),
    parentPid: number(facts.get('ParentPID')),
  });
}

function number(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : null;
}
