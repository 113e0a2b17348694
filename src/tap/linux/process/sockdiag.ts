// The kernel's answers to which socket a packet belongs to (sock_diag). Source: sock_diag(7); linux/inet_diag.h;
// net/ipv4/inet_diag.c, udp_diag.c.

import { type Headers, IpProtocol } from '../../../decode/index.js';
import { attributes, Netlink, NLM_F, SystemError } from '../../../system/index.js';

const NETLINK_SOCK_DIAG = 4;
const SOCK_DIAG_BY_FAMILY = 20;
const AF_INET = 2;
const AF_INET6 = 10;
export const TCP = IpProtocol.TCP;

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
/** struct inet_diag_msg. */
const Answer = { STATE: 1, SPORT: 4, DPORT: 6, SRC: 8, DST: 24, INODE: 68, SIZE: 72 } as const;
const INET_DIAG_SKV6ONLY = 11;

/** States of sockets: linux/tcp_states.h. */
export const SocketState = {
  ESTABLISHED: 1,
  SYN_RECV: 3,
  CLOSE_WAIT: 8,
  LISTEN: 10,
  NEW_SYN_RECV: 12,
} as const;

const NETLINK_HEADER = 16;

/** Whether a packet may be one of a socket that the kernel can be asked for: TCP or UDP as the IP stack takes it, ports and all. */
export function hasSocket(headers: Headers): boolean {
  const { protocol } = headers;
  return (
    headers.sourcePort >= 0 &&
    headers.link.plain &&
    (protocol === TCP || protocol === IpProtocol.UDP || protocol === IpProtocol.UDPLITE)
  );
}

/** A socket of a port. */
export interface PortSocket {
  readonly inode: number;
  /** Whether its address is one, not any. */
  readonly bound: boolean;
}

export class SocketDiag {
  private readonly netlink = new Netlink(0, NETLINK_SOCK_DIAG);
  private readonly message = Buffer.from(new ArrayBuffer(NETLINK_HEADER + REQUEST_SIZE));
  /** What `ask` found: the socket's state, and its inode number, 0 for one that no descriptor leads to. */
  state = 0;
  inode = 0;

  constructor() {
    this.message.writeUInt32LE(this.message.length, 0);
    this.message.writeUInt16LE(SOCK_DIAG_BY_FAMILY, 4);
    this.message.writeUInt16LE(NLM_F.REQUEST, 6);
    this.message.writeUInt32LE(0xffffffff, NETLINK_HEADER + Request.STATES);
    this.message.fill(0xff, NETLINK_HEADER + Request.COOKIE);
  }

  /**
   * Asks for the socket of a packet, as the kernel itself would look it up: a connection, else who listens.
   * @param leaves whether the packet leaves: then its source is the local end
   * @returns whether there is one
   */
  ask(headers: Headers, leaves: boolean): boolean {
    const { buffer: b } = headers;
    const request = this.message;
    const size = headers.version === 4 ? 4 : 16;
    request[NETLINK_HEADER + Request.FAMILY] = headers.version === 4 ? AF_INET : AF_INET6;
    request[NETLINK_HEADER + Request.PROTOCOL] = headers.protocol;
    // For TCP the source is the local end, for UDP the end that the packet would come from.
    const localFirst = leaves === (headers.protocol === TCP);
    const tcp = headers.protocol === TCP;
    const local = leaves ? headers.source : headers.destination;
    const remote = leaves ? headers.destination : headers.source;
    copy(b, tcp ? local : remote, request, NETLINK_HEADER + Request.SRC, size);
    copy(b, tcp ? remote : local, request, NETLINK_HEADER + Request.DST, size);
    const { sourcePort, destinationPort } = headers;
    request.writeUInt16BE(localFirst ? sourcePort : destinationPort, NETLINK_HEADER + Request.SPORT);
    request.writeUInt16BE(localFirst ? destinationPort : sourcePort, NETLINK_HEADER + Request.DPORT);
    const count = this.netlink.exchange(request);
    if (count < NETLINK_HEADER + Answer.SIZE) return false;
    const { answer } = this.netlink;
    this.state = answer[NETLINK_HEADER + Answer.STATE]!;
    this.inode = answer.readUInt32LE(NETLINK_HEADER + Answer.INODE);
    return true;
  }

  /**
   * Every socket that could have sent or could receive a packet by its local end: several may share a port.
   * @param listening only those that listen; else those that the packet's other end suits
   */
  ofLocalEnd(headers: Headers, leaves: boolean, listening: boolean): PortSocket[] {
    const found: PortSocket[] = [];
    const families = headers.version === 4 ? [AF_INET, AF_INET6] : [AF_INET6];
    for (const family of families) {
      const request = Buffer.alloc(REQUEST_SIZE);
      request[Request.FAMILY] = family;
      request[Request.PROTOCOL] = headers.protocol;
      request.writeUInt32LE(listening ? 1 << SocketState.LISTEN : 0xffffffff, Request.STATES);
      request.writeUInt16BE(leaves ? headers.sourcePort : headers.destinationPort, Request.SPORT);
      request.fill(0xff, Request.COOKIE);
      try {
        for (const { body } of this.netlink.request(
          SOCK_DIAG_BY_FAMILY,
          NLM_F.DUMP,
          request,
          'cannot list sockets',
        )) {
          if (body.length < Answer.SIZE) continue;
          const socket = suits(body, headers, leaves, listening);
          if (socket !== null) found.push(socket);
        }
      } catch (error) {
        if (!(error instanceof SystemError)) throw error;
      }
    }
    return found;
  }

  close(): void {
    this.netlink.close();
  }
}

function copy(from: Uint8Array, at: number, to: Uint8Array, where: number, count: number): void {
  for (let i = 0; i < count; i++) to[where + i] = from[at + i]!;
}

/** A listed socket, null when the packet cannot be its. */
function suits(body: Buffer, headers: Headers, leaves: boolean, listening: boolean): PortSocket | null {
  const localPort = leaves ? headers.sourcePort : headers.destinationPort;
  const remotePort = leaves ? headers.destinationPort : headers.sourcePort;
  // A kernel that does not know the request's port lists every socket.
  if (body.readUInt16BE(Answer.SPORT) !== localPort) return null;
  const local = addressSuits(body, Answer.SRC, leaves ? headers.source : headers.destination, headers);
  if (local === null) return null;
  if (!listening && body.readUInt16BE(Answer.DPORT) !== 0) {
    const remote = addressSuits(body, Answer.DST, leaves ? headers.destination : headers.source, headers);
    if (remote === null || body.readUInt16BE(Answer.DPORT) !== remotePort) return null;
  }
  return { inode: body.readUInt32LE(Answer.INODE), bound: local };
}

/** Whether a socket's address is the packet's (true), any (false), or another one (null). */
function addressSuits(body: Buffer, at: number, address: number, headers: Headers): boolean | null {
  const { buffer: b } = headers;
  const wide = body[0] === AF_INET6;
  const any = (from: number, to: number): boolean => {
    for (let i = from; i < to; i++) if (body[at + i] !== 0) return false;
    return true;
  };
  if (headers.version === 6) return same(body, at, b, address, 16) ? true : any(0, 16) ? false : null;
  if (!wide) return same(body, at, b, address, 4) ? true : any(0, 4) ? false : null;
  // An IPv6 socket takes IPv4 by mapped addresses, unless it is for IPv6 only.
  if (any(0, 16)) return attributes(body, Answer.SIZE).get(INET_DIAG_SKV6ONLY)?.[0] === 1 ? null : false;
  const mapped = any(0, 10) && body[at + 10] === 0xff && body[at + 11] === 0xff;
  if (!mapped) return null;
  return same(body, at + 12, b, address, 4) ? true : any(12, 16) ? false : null;
}

function same(a: Uint8Array, at: number, b: Uint8Array, from: number, count: number): boolean {
  for (let i = 0; i < count; i++) if (a[at + i] !== b[from + i]) return false;
  return true;
}
