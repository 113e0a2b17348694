// Owners of sockets without eBPF: the kernel is asked which socket a packet belongs to (sock_diag), and /proc who holds
// it. Best effort: a process that is gone by then is not found, and of several that hold a socket one is taken.
// Source: sock_diag(7); linux/inet_diag.h; net/ipv4/inet_diag.c, udp_diag.c.

import { readdirSync, readlinkSync } from 'node:fs';
import { milliseconds } from '../../builtin.js';
import { SystemError } from '../../native/libc.js';
import { Netlink } from '../../native/netlink.js';
import type { Packet } from '../../packet/index.js';
import type { Conversation } from './conversation.js';
import type { LiveProcess, ProcessTable } from './processes.js';
import { ownerRecord } from './sockets.js';

const NETLINK_SOCK_DIAG = 4;
const SOCK_DIAG_BY_FAMILY = 20;
const AF_INET = 2;
const AF_INET6 = 10;
const TCP = 6;
const TCP_SYN = 2;
const TCP_ACK = 16;

/** struct inet_diag_req_v2: family, protocol, states, then the socket's identity. */
const REQUEST_SIZE = 56;
const Request = {
  FAMILY: 0,
  PROTOCOL: 1,
  STATES: 4,
  SPORT: 8,
  DPORT: 10,
  SRC: 12,
  DST: 28,
  COOKIE: 48,
} as const;
/** struct inet_diag_msg: the inode number. */
const ANSWER_INODE = 68;

/** Milliseconds an answer counts: sockets are handed on and closed. */
const FRESH = 2000;
const FRESH_UNKNOWN = 200;
const LIMIT = 65536;
/** A walk over /proc may take a tenth of the time. */
const WALK_SHARE = 10;

/** A conversation met. */
interface Flow {
  /** The same for both directions. */
  readonly id: number;
  process: LiveProcess | null;
  socket: boolean;
  until: number;
}

/** What was found for a packet. */
export type FlowOwner = Readonly<Omit<Flow, 'until'>> & { readonly isNew: boolean };

export class SocketOwners {
  private readonly netlink = new Netlink(0, NETLINK_SOCK_DIAG);
  private readonly processes: ProcessTable;
  private readonly flows = new Map<string, Flow>();
  private holders = new Map<number, number>();
  private nextWalk = 0;

  constructor(processes: ProcessTable) {
    this.processes = processes;
  }

  /**
   * @param leaves whether the packet leaves: then its source is the local end
   * @returns null for packets without ports
   */
  find(packet: Packet, headers: Conversation, leaves: boolean): FlowOwner | null {
    if (headers.ports < 0) return null;
    const b = packet.buffer as Buffer;
    const size = headers.version === 4 ? 4 : 16;
    const addresses = Buffer.prototype.latin1Slice.call(b, headers.source, headers.source + 2 * size);
    const ports = Buffer.prototype.latin1Slice.call(b, headers.ports, headers.ports + 4);
    const key = `${leaves ? 'o' : 'i'}${headers.protocol} ${ports}${addresses}`;
    const now = milliseconds();
    let flow = this.flows.get(key);
    const isNew = flow === undefined || (headers.tcpFlags & (TCP_SYN | TCP_ACK)) === TCP_SYN;
    if (flow === undefined) {
      if (this.flows.size >= LIMIT) this.flows.clear();
      flow = { id: flowId(b, headers, size), process: null, socket: false, until: 0 };
      this.flows.set(key, flow);
    }
    if (isNew || now >= flow.until) {
      const inode = this.inode(b, headers, size, leaves);
      flow.socket = inode !== null;
      flow.process = inode === null ? null : this.holder(inode);
      flow.until = now + (flow.process === null ? FRESH_UNKNOWN : FRESH);
    }
    return { id: flow.id, process: flow.process, socket: flow.socket, isNew };
  }

  /**
   * The socket's inode number, 0 for one that nobody holds any more; null where there is none. A connection that is over
   * already is its listener's, where there is one.
   */
  private inode(b: Uint8Array, headers: Conversation, size: number, leaves: boolean): number | null {
    const exact = this.ask(b, headers, size, leaves, true);
    if (headers.protocol !== TCP || (exact !== null && exact !== 0)) return exact;
    return this.ask(b, headers, size, leaves, false) ?? exact;
  }

  /** @param connected whether the other end is asked for too */
  private ask(
    b: Uint8Array,
    headers: Conversation,
    size: number,
    leaves: boolean,
    connected: boolean,
  ): number | null {
    const local = leaves ? headers.source : headers.destination;
    const remote = leaves ? headers.destination : headers.source;
    const localPort = headers.ports + (leaves ? 0 : 2);
    const remotePort = headers.ports + (leaves ? 2 : 0);
    const request = Buffer.from(new ArrayBuffer(REQUEST_SIZE));
    request[Request.FAMILY] = headers.version === 4 ? AF_INET : AF_INET6;
    request[Request.PROTOCOL] = headers.protocol;
    request.writeUInt32LE(0xffffffff, Request.STATES);
    request.fill(0xff, Request.COOKIE);
    // For TCP the source is the local end, for UDP the end that the packet would come from.
    const reversed = headers.protocol !== TCP;
    request.set(b.subarray(local, local + size), reversed ? Request.DST : Request.SRC);
    request.set(b.subarray(localPort, localPort + 2), reversed ? Request.DPORT : Request.SPORT);
    if (connected) {
      request.set(b.subarray(remote, remote + size), reversed ? Request.SRC : Request.DST);
      request.set(b.subarray(remotePort, remotePort + 2), reversed ? Request.SPORT : Request.DPORT);
    }
    try {
      const [answer] = this.netlink.request(SOCK_DIAG_BY_FAMILY, 0, request, 'cannot ask for a socket');
      return answer === undefined || answer.body.length < ANSWER_INODE + 4
        ? null
        : answer.body.readUInt32LE(ANSWER_INODE);
    } catch (error) {
      if (error instanceof SystemError) return null;
      throw error;
    }
  }

  /** The process that holds a socket. */
  private holder(inode: number): LiveProcess | null {
    if (inode === 0) return null;
    let pid = this.holders.get(inode);
    if (pid === undefined) {
      this.walk();
      pid = this.holders.get(inode);
    }
    const record = pid === undefined ? null : ownerRecord(pid);
    return record === null ? null : this.processes.find(new Uint32Array(record.buffer), 0);
  }

  /** Notes who holds which socket; of several the youngest, a worker rather than the server that forked it. */
  private walk(): void {
    const start = milliseconds();
    if (start < this.nextWalk) return;
    const holders = new Map<number, number>();
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    for (const pid of pids.map(Number).sort((a, b) => a - b)) {
      let descriptors: string[];
      try {
        descriptors = readdirSync(`/proc/${pid}/fd`);
      } catch {
        continue; // gone, or another user's
      }
      for (const descriptor of descriptors) {
        try {
          const match = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${descriptor}`));
          if (match !== null) holders.set(Number(match[1]), pid);
        } catch {
          // closed in between
        }
      }
    }
    this.holders = holders;
    const end = milliseconds();
    this.nextWalk = end + (end - start) * WALK_SHARE;
  }

  close(): void {
    this.netlink.close();
  }
}

function hash(b: Uint8Array, from: number, length: number, seed: number): number {
  let h = seed;
  for (let i = from; i < from + length; i++) h = Math.imul(h ^ b[i]!, 0x01000193);
  return h;
}

/** A number for the conversation, the same in both directions. */
function flowId(b: Uint8Array, headers: Conversation, size: number): number {
  const source = hash(b, headers.source, size, hash(b, headers.ports, 2, 0x811c9dc5));
  const destination = hash(b, headers.destination, size, hash(b, headers.ports + 2, 2, 0x811c9dc5));
  return (source + destination + headers.protocol) >>> 0 || 1;
}
