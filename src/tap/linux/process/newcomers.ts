// Which processes were started last: told by the process connector where we may listen to it, else by the number that was
// given last. Source: linux/cn_proc.h, linux/connector.h; proc_loadavg(5).

import { readFileSync } from 'node:fs';
import { assemble, attachFilter, Code, Netlink, SystemError } from '../../../system/index.js';
import { Resources } from '../resources.js';

const NETLINK_CONNECTOR = 11;
/** CN_IDX_PROC and CN_VAL_PROC; the group of notifications has the same number. */
const PROCESSES = 1;
const Listening = { BEGIN: 1, END: 2 } as const;
const Event = { NONE: 0x0, FORK: 0x1, EXEC: 0x2 } as const;
/** Offsets in a notification behind its netlink header: struct cn_msg, then struct proc_event. */
const Notification = { EVENT: 20, DATA: 36 } as const;

/** Lets through the acknowledgement, programs that start, and forks that make no thread: filters load big-endian. */
const FILTER = assemble([
  [Code.LOAD_WORD, 16 + Notification.EVENT],
  [Code.EQUAL, Event.NONE, 'yes', null],
  [Code.EQUAL, Event.EXEC << 24, 'yes', null],
  [Code.EQUAL, Event.FORK << 24, null, 'no'],
  [Code.LOAD_WORD, 16 + Notification.DATA + 12],
  [Code.TO_INDEX, 0],
  [Code.LOAD_WORD, 16 + Notification.DATA + 8],
  [Code.EQUAL_INDEX, 0, 'yes', 'no'],
  [Code.RETURN, 0xffff, null, null, 'yes'],
  [Code.RETURN, 0, null, null, 'no'],
]);

/** Newcomers that are looked at. */
const MOST = 64;
/** News since the last look that are too many to wake for each. */
const OFTEN = 16;
/** Numbers that are tried where nobody tells: threads have some too. */
const NUMBERS = 192;

export class Newcomers {
  private readonly resources = new Resources();
  private readonly connector: Netlink | null;
  /** Those that were told of, oldest first. */
  private readonly started = new Set<number>();
  private readonly forked = new Set<number>();

  constructor() {
    this.connector = listen();
    if (this.connector === null) return;
    const connector = this.resources.use(this.connector);
    // Older kernels count listeners by what they said, not by whether they are there.
    this.resources.add(() => connector.tell(request(Listening.END)));
  }

  /** A descriptor that is readable when there is news; -1 where the kernel does not tell, or tells too often. */
  worthWaking(): number {
    if (this.connector === null) return -1;
    this.take();
    return this.count > OFTEN ? -1 : this.connector.fd;
  }

  /** Process IDs, the newest first; some may be threads' or gone. */
  *list(): Generator<number> {
    if (this.connector !== null && this.take()) {
      // Who runs a new program before who was only forked.
      yield* [...this.started].reverse();
      yield* [...this.forked].reverse();
      return;
    }
    const last = lastNumber();
    for (let pid = last; pid > 1 && pid > last - NUMBERS; pid--) yield pid;
  }

  /** How many were told of by the last `take`. */
  count = 0;

  /** Takes in what was told meanwhile. @returns false when some was lost */
  take(): boolean {
    const messages = this.connector?.notifications() ?? null;
    this.count = messages?.length ?? 0;
    if (messages === null) return false;
    for (const { body } of messages) {
      if (body.length < Notification.DATA + 16) continue;
      const event = body.readUInt32LE(Notification.EVENT);
      // Of a fork the child's thread group, of a program that starts its own.
      if (event === Event.FORK) add(this.forked, body.readInt32LE(Notification.DATA + 12));
      else if (event === Event.EXEC) add(this.started, body.readInt32LE(Notification.DATA + 4));
    }
    return true;
  }

  close(): void {
    this.resources.close();
  }
}

function add(set: Set<number>, pid: number): void {
  set.delete(pid);
  set.add(pid);
  if (set.size > MOST) set.delete(set.values().next().value!);
}

function request(operation: number): Buffer {
  const message = Buffer.from(new ArrayBuffer(16 + 24));
  message.writeUInt32LE(message.length, 0);
  message.writeUInt16LE(3, 4); // NLMSG_DONE
  message.writeUInt32LE(PROCESSES, 16);
  message.writeUInt32LE(PROCESSES, 20);
  message.writeUInt16LE(4, 32);
  message.writeUInt32LE(operation, 36);
  return message;
}

function listen(): Netlink | null {
  let netlink: Netlink;
  try {
    netlink = new Netlink(PROCESSES, NETLINK_CONNECTOR);
  } catch (error) {
    if (error instanceof SystemError) return null;
    throw error;
  }
  let listens = false;
  try {
    attachFilter(netlink.fd, FILTER, 'cannot filter notifications');
    listens = netlink.tell(request(Listening.BEGIN)) && answered(netlink);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
  } finally {
    if (!listens) netlink.close();
  }
  return listens ? netlink : null;
}

/** The kernel acknowledges at once, where it tells anybody: not outside the first namespaces. */
function answered(netlink: Netlink): boolean {
  const messages = netlink.notifications();
  return messages === null || messages.some(({ body }) => body.length >= Notification.DATA);
}

/** The process or thread ID that was given last in our namespace. */
function lastNumber(): number {
  try {
    return Number(readFileSync('/proc/loadavg', 'latin1').split(' ')[4]);
  } catch {
    return 0;
  }
}
