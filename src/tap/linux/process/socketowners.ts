// Owners of sockets without eBPF: the kernel is asked which socket a packet belongs to (sockdiag.ts), and /proc who holds it
// (holders.ts). Best effort, and careful: what is not sure has no owner. The first packet of a conversation is looked at as
// it comes, since who sent it may live for some milliseconds only; what was found counts as long as the conversation.

import { milliseconds } from '../../../builtin.js';
import { flowId, Headers, TcpFlag } from '../../../decode/index.js';
import { LinkType, Packet } from '../../../packet/index.js';
import { ticksSinceBoot } from '../clock.js';
import type { EarlyPackets } from '../earlypackets.js';
import { FlowTable } from './flowtable.js';
import { childrenOf, confirm, type Holder, Holders, holds, userOf } from './holders.js';
import type { Newcomers } from './newcomers.js';
import type { LiveProcess, ProcessTable } from './processes.js';
import { hasSocket, SocketDiag, SocketState, TCP } from './sockdiag.js';
import { ownerRecord } from './sockets.js';
import { End, Tenure } from './tenure.js';
import { readStat } from './trees.js';

/** Ends of conversations that are remembered. */
const LIMIT = 65536;
/** Milliseconds until what was found is looked at again: at first soon, as a server may hand a connection on. */
const AGAIN_YOUNG = 2;
const AGAIN = 100;
const AGAIN_OLD = 2000;
const YOUNG = 50;
/** Microseconds in which a server hands a connection on, if at all. */
const HANDED_ON = 2_000_000;
/** Until what was not found is looked for again. */
const AGAIN_UNKNOWN = 200;
/** Connections that wait to be accepted, and milliseconds they are looked at often. */
const MOST_PENDING = 64;
const PENDING = 50;
/** Milliseconds of practice. */
const WARMING = 20;
/** Ports whose listeners are remembered. */
const MOST_PORTS = 4096;
/** Early packets taken at once. */
const MOST_EARLY = 64;
/** Packets of one conversation after which it is busy: a look at each would cost too much. */
const BUSY = 64;
/** Looks may take this share of the time, and so many milliseconds at once. */
const SHARE = 0.25;
const MOST_SAVED = 100;
/** Microseconds of a clock tick as /proc counts. */
const TICK = 10_000;

/** What was found for the last packet. */
class FlowOwner {
  id = 0;
  process: LiveProcess | null = null;
  socket = false;
  isNew = false;
}

/** An early packet, and what the kernel said of its socket at once. */
interface Look {
  readonly packet: Packet;
  readonly leaves: boolean;
  readonly end: End;
  readonly tenure: Tenure;
  readonly until: number;
}

export class SocketOwners {
  private readonly diag = new SocketDiag();
  private readonly processes: ProcessTable;
  private readonly holders: Holders;
  private readonly early: EarlyPackets | null;
  private readonly table = new FlowTable<End>(LIMIT, (headers) => new End(flowId(headers)));
  private readonly answer = new FlowOwner();
  /** Who listens at a port, as far as it was asked for. */
  private readonly accepting = new Map<number, readonly number[]>();
  private readonly headers = new Headers();
  private readonly packet = new Packet();
  private pending: Look[] = [];
  private saved = MOST_SAVED;
  private counted = milliseconds();
  /** Milliseconds, as of the last look. */
  private clock = this.counted;

  /** @param early null: every packet comes late */
  constructor(processes: ProcessTable, newcomers: Newcomers, early: EarlyPackets | null) {
    this.processes = processes;
    this.early = early;
    this.holders = new Holders(newcomers);
    this.packet.linkType = LinkType.RAW;
  }

  /** Looks through all processes, so that those that are old are known. */
  prepare(): void {
    this.holders.walk();
    // What is done for the first time is slow, and the first look has no time: a socket that is not there is looked for.
    for (const end = milliseconds() + WARMING; milliseconds() < end; ) {
      confirm({ pid: process.pid, fd: 0, ticks: ticksSinceBoot() }, 0);
      this.holders.spot(-1, [process.ppid]);
    }
  }

  /** Whether connections wait to be accepted: then `look` is to be called soon. */
  get waiting(): boolean {
    return this.pending.length > 0;
  }

  /** Takes the packets that came early, and looks again at connections that nobody had accepted. */
  look(): void {
    const { early } = this;
    this.clock = milliseconds();
    if (early === null) return;
    const begin = this.clock;
    const looks: Look[] = [];
    // First what is gone first: which socket it is, then who holds it, and only then all else.
    while (looks.length < MOST_EARLY && early.next()) {
      const look = this.mayLook(milliseconds()) ? this.takeEarly(early) : null;
      if (look !== null) looks.push(look);
    }
    const waiting = this.pending;
    this.pending = [];
    for (const look of waiting) {
      if (look.end.now !== look.tenure || begin >= look.until || !this.mayLook(begin)) continue;
      this.headers.read(look.packet);
      this.identify(look.tenure, this.headers, look.leaves);
      looks.push(look);
    }
    if (looks.length === 0) return;
    for (const look of looks) this.spot(look);
    this.chase(looks);
    for (const { tenure, packet, leaves } of looks) {
      this.headers.read(packet);
      this.conclude(tenure, this.headers, leaves, false);
      this.chase(looks);
    }
    // What /proc says of them may be gone soon, too.
    for (const { tenure } of looks) {
      tenure.process?.keep();
      this.chase(looks);
    }
    for (const look of looks) {
      const { tenure, packet, leaves } = look;
      if (tenure.process === null && tenure.inode !== 0) {
        this.headers.read(packet);
        this.conclude(tenure, this.headers, leaves, false);
      }
      if (tenure.waits && this.pending.length < MOST_PENDING) this.pending.push(look);
    }
    this.spend(begin);
  }

  /** Looks who holds a socket that was just told of. */
  private spot({ tenure, packet, leaves }: Look): void {
    if (tenure.inode === 0 || tenure.holder !== null || tenure.waits) return;
    this.headers.read(packet);
    const hints = this.hints(this.headers, leaves);
    tenure.spot = this.holders.spot(tenure.inode, hints);
  }

  /** Meanwhile a connection that waited may have been accepted; it may be over soon. */
  private chase(looks: readonly Look[]): void {
    for (const look of looks) {
      const { tenure, packet, leaves } = look;
      if (!tenure.waits) continue;
      this.headers.read(packet);
      this.identify(tenure, this.headers, leaves);
      this.spot(look);
    }
  }

  /** @returns null when nothing new is to be found out */
  private takeEarly(early: EarlyPackets): Look | null {
    const { headers } = this;
    const { leaves, stamp } = early;
    const packet = this.packet;
    packet.buffer = early.bytes;
    packet.capturedLength = early.length;
    headers.read(packet);
    if (!hasSocket(headers)) return null;
    const end = this.table.find(headers, leaves);
    end.early = stamp;
    if (headers.protocol === TCP) {
      end.before = end.now;
      end.now = new Tenure(stamp);
      end.now.accepted = !leaves;
      if (!leaves) end.now.ticks = ticksSinceBoot();
    } else {
      if (++end.packets > BUSY) early.leaveOut(portsOf(headers));
      const { inode, process } = end.now;
      const found = this.diag.ask(headers, leaves) ? this.diag.inode : 0;
      if (process !== null && found === inode) return null;
      if (inode !== found) {
        end.before = end.now;
        end.now = new Tenure(stamp);
      }
    }
    this.identify(end.now, headers, leaves);
    const kept = new Packet();
    kept.buffer = early.bytes.slice(0, early.length);
    kept.capturedLength = early.length;
    kept.linkType = LinkType.RAW;
    return { packet: kept, leaves, end, tenure: end.now, until: milliseconds() + PENDING };
  }

  /**
   * Whose a packet of the ring is.
   * @param stamp microseconds since the epoch
   * @param leaves whether the packet leaves: then its source is the local end
   * @returns an object that is used again, null for packets without ports
   */
  find(headers: Headers, stamp: number, leaves: boolean): FlowOwner | null {
    if (!hasSocket(headers)) return null;
    const answer = this.answer;
    const end = this.table.find(headers, leaves);
    const opens = (headers.tcpFlags & (TcpFlag.SYN | TcpFlag.ACK)) === TcpFlag.SYN;
    answer.id = end.id;
    answer.isNew = this.table.isNew || opens || stamp === end.now.since;
    if (opens && stamp > end.early) {
      // Not seen early: another connection may have begun.
      end.early = stamp;
      end.before = end.now;
      end.now = new Tenure(stamp);
      end.now.accepted = !leaves;
      if (!leaves) end.now.ticks = ticksSinceBoot();
    }
    if (stamp >= end.now.since && (this.clock >= end.now.due || unsure(end.now, stamp))) {
      this.clock = milliseconds();
      if (this.mayLook(this.clock)) {
        this.refresh(end, headers, leaves, stamp);
        this.spend(this.clock);
      } else if (unsure(end.now, stamp)) {
        // It may have been handed on, and there is no time to see.
        end.now.process = null;
      }
    }
    const tenure = stamp >= end.now.since ? end.now : end.before;
    answer.socket = tenure?.socket ?? false;
    answer.process = tenure === null ? null : ownerAt(tenure, headers, stamp);
    return answer;
  }

  /** Finds out what an end's socket is now, and whose. */
  private refresh(end: End, headers: Headers, leaves: boolean, stamp: number): void {
    const tenure = end.now;
    if (tenure.process === null) {
      this.ask(tenure, headers, leaves);
      return;
    }
    const found = this.diag.ask(headers, leaves);
    const inode = found ? this.diag.inode : 0;
    if (inode === tenure.inode && inode !== 0) {
      this.verify(end, headers, leaves, stamp);
    } else if (inode === 0 || this.diag.state === SocketState.LISTEN) {
      // It is closed: its last packets are still its own.
      if (forked(tenure)) tenure.process = null;
      tenure.due = milliseconds() + AGAIN;
    } else {
      this.replace(end, stamp);
      this.ask(end.now, headers, leaves);
    }
  }

  /** Another socket or another owner from now on. */
  private replace(end: End, stamp: number): void {
    const { accepted, listener, ticks } = end.now;
    end.before = end.now;
    end.now = new Tenure(stamp);
    end.now.accepted = accepted;
    end.now.listener = listener;
    if (accepted) end.now.ticks = ticks;
  }

  /** The socket is the same: is its owner? */
  private verify(end: End, headers: Headers, leaves: boolean, stamp: number): void {
    const tenure = end.now;
    const now = milliseconds();
    const age = now - tenure.found;
    tenure.due = now + (age < YOUNG ? AGAIN_YOUNG : age < AGAIN_OLD ? AGAIN : AGAIN_OLD);
    const { holder, inode } = tenure;
    if (holder !== null && holds(holder, inode) && !shared(holder, inode)) return;
    const found = userOf(
      this.holders.all(inode, this.holders.first(inode, this.hints(headers, leaves), true)),
    );
    if (found !== null && found.pid === holder?.pid && found.start === holder.start) return;
    // It was handed on: whose the packets in between are cannot be told.
    tenure.process = null;
    this.replace(end, stamp);
    this.ask(end.now, headers, leaves);
  }

  /** Looks for the owner of an end that has none. */
  private ask(tenure: Tenure, headers: Headers, leaves: boolean): void {
    this.identify(tenure, headers, leaves);
    if (tenure.inode !== 0 && tenure.holder === null)
      tenure.holder = this.holders.first(tenure.inode, this.hints(headers, leaves), true);
    this.conclude(tenure, headers, leaves, true);
    tenure.process?.keep();
  }

  /** Which socket it is. */
  private identify(tenure: Tenure, headers: Headers, leaves: boolean): void {
    const { diag } = this;
    tenure.waits = false;
    if (!diag.ask(headers, leaves)) return;
    tenure.socket = true;
    const { state, inode } = diag;
    tenure.waits =
      headers.protocol === TCP &&
      (state === SocketState.LISTEN || (inode === 0 && WAIT_FOR_ACCEPT.has(state)));
    if (tenure.waits || inode === 0 || inode === tenure.inode) return;
    tenure.inode = inode;
    tenure.spot = null;
    tenure.holder = null;
  }

  /** Who holds it works with it, or several do. */
  private conclude(tenure: Tenure, headers: Headers, leaves: boolean, thoroughly: boolean): void {
    const now = milliseconds();
    tenure.due = now + (thoroughly ? AGAIN_UNKNOWN : 0);
    tenure.holder ??= confirm(tenure.spot, tenure.inode);
    const { holder } = tenure;
    if (holder === null) {
      if (tenure.accepted || tenure.waits) this.concludeFromListener(tenure, headers, leaves, thoroughly);
      return;
    }
    // Its facts first: it may be gone soon.
    let process = this.processOf(holder);
    const user = userOf(this.holders.all(tenure.inode, holder));
    if (user?.pid !== holder.pid || user.start !== holder.start) {
      // Of several, another one; or nobody knows which.
      process = this.processOf(user);
      tenure.holder = user;
    }
    if (process !== null && headers.protocol !== TCP && !this.alone(tenure, headers, leaves)) process = null;
    tenure.process = process;
    if (process === null) return;
    tenure.found = now;
    tenure.due = now + AGAIN_YOUNG;
    tenure.faults = tenure.holder === null ? -1 : this.holders.faultsBefore(tenure.holder);
    if (tenure.ticks === 0n) tenure.ticks = tenure.spot?.ticks ?? ticksSinceBoot();
    // A child may have had the connection in between.
    if (tenure.accepted && forked(tenure)) tenure.process = null;
  }

  /** A connection that nobody holds yet, or any more, is its listener's, when nobody else can have done the listener's work. */
  private concludeFromListener(tenure: Tenure, headers: Headers, leaves: boolean, thoroughly: boolean): void {
    if (tenure.ticks === 0n) tenure.ticks = ticksSinceBoot();
    const user = userOf(this.listeners(headers, leaves, thoroughly));
    tenure.listener = this.processOf(user);
    if (user === null || tenure.listener === null || !this.holders.alone(user, tenure.since)) return;
    tenure.process = tenure.listener;
    tenure.holder = user;
    tenure.faults = this.holders.faultsBefore(user);
    tenure.waits = false;
    tenure.found = milliseconds();
    tenure.due = tenure.found + AGAIN_YOUNG;
  }

  /** Who may hold a socket: whoever listens at its port. */
  private hints(headers: Headers, leaves: boolean): readonly number[] {
    return this.accepting.get(localPort(headers, leaves)) ?? [];
  }

  /** Holders of the sockets that listen at an end, of those with that very address when there are any. */
  private listeners(headers: Headers, leaves: boolean, thoroughly: boolean): Holder[] {
    const all = this.diag.ofLocalEnd(headers, leaves, true);
    const bound = all.filter((socket) => socket.bound);
    const holders = (bound.length > 0 ? bound : all).flatMap(({ inode }) => [
      ...this.holders.all(inode, this.holders.first(inode, [], thoroughly)),
    ]);
    const port = localPort(headers, leaves);
    if (this.accepting.size >= MOST_PORTS) this.accepting.clear();
    this.accepting.set(
      port,
      holders.map(({ pid }) => pid),
    );
    return holders;
  }

  /** Whether no other process has a socket that the packet could be of: UDP's ports can be shared. */
  private alone(tenure: Tenure, headers: Headers, leaves: boolean): boolean {
    const pid = tenure.holder?.pid ?? -1;
    return this.diag
      .ofLocalEnd(headers, leaves, false)
      .filter(({ inode }) => inode !== tenure.inode && inode !== 0)
      .every(({ inode }) => {
        const holders = this.holders.all(inode, this.holders.first(inode, [pid], false));
        return holders.length > 0 && holders.every((holder) => holder.pid === pid);
      });
  }

  private processOf(holder: Holder | null): LiveProcess | null {
    const record = holder === null ? null : ownerRecord(holder.pid);
    if (holder === null || record === null) return null;
    const process = this.processes.find(new Uint32Array(record.buffer), 0);
    return process === null || process.start !== holder.start ? null : process;
  }

  private mayLook(now: number): boolean {
    this.saved = Math.min(MOST_SAVED, this.saved + (now - this.counted) * SHARE);
    this.counted = now;
    return this.saved > 0;
  }

  private spend(since: number): void {
    this.saved -= milliseconds() - since;
  }

  close(): void {
    this.diag.close();
    this.processes.close();
  }
}

/** States of a connection that its program has not taken yet, when no descriptor leads to it. */
const WAIT_FOR_ACCEPT: ReadonlySet<number> = new Set([
  SocketState.ESTABLISHED,
  SocketState.SYN_RECV,
  SocketState.CLOSE_WAIT,
  SocketState.NEW_SYN_RECV,
]);

/** Whose a packet is. What opens a connection is the listener's; and nobody sends before being there. */
function ownerAt(tenure: Tenure, headers: Headers, stamp: number): LiveProcess | null {
  const opens = (headers.tcpFlags & TcpFlag.SYN) !== 0;
  const owner = opens ? (tenure.listener ?? tenure.process) : tenure.process;
  if (owner === null || owner.startTime === null) return null;
  return Number(owner.startTime / 1000n) - TICK > stamp ? null : owner;
}

/** Whether a packet is younger than the last look at a young connection that a server accepted: it may be handed on. */
function unsure(tenure: Tenure, stamp: number): boolean {
  return (
    tenure.accepted && tenure.process !== null && stamp > tenure.checked && stamp - tenure.since < HANDED_ON
  );
}

/** Whether a child holds the descriptor too. */
function shared(holder: Holder, inode: number): boolean {
  return childrenOf(holder.pid).some((pid) => {
    const stat = readStat(pid);
    return stat !== null && holds({ pid, fd: holder.fd, start: stat.start, parent: holder.pid }, inode);
  });
}

/** Whether a process that is there still has or had children since the socket was found to be its: one may have used it. */
function forked(tenure: Tenure): boolean {
  const { holder } = tenure;
  const stat = holder === null ? null : readStat(holder.pid);
  if (holder === null || stat === null || stat.start !== holder.start) return false;
  if (stat.childFaults !== tenure.faults) return true;
  return childrenOf(holder.pid).some((pid) => (readStat(pid)?.start ?? -1n) >= tenure.ticks);
}

function localPort(headers: Headers, leaves: boolean): number {
  return (headers.protocol << 16) | (leaves ? headers.sourcePort : headers.destinationPort);
}

/** Source and destination port, as one number. */
function portsOf(headers: Headers): number {
  return ((headers.sourcePort << 16) | headers.destinationPort) >>> 0;
}
