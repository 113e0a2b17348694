// The socket hooks: attached to the root of the cgroup hierarchy and to the tracepoints, gone with their descriptors.

import {
  AttachType,
  createLink,
  libc,
  openRawTracepoint,
  ProgramType,
  VerifierError,
} from '../../system/index.js';
import { type Loader, optionConstants } from './ebpf/loader.js';
import { goesWithout } from './facilities.js';

/** Hooks that say who uses a socket before anything is sent or received: connect, and accept when it asks for the address. */
const CONNECTION_HOOKS: readonly (readonly [string, number])[] = [
  ['connect4', AttachType.CGROUP_INET4_CONNECT],
  ['connect6', AttachType.CGROUP_INET6_CONNECT],
  ['getpeername4', AttachType.CGROUP_INET4_GETPEERNAME],
  ['getpeername6', AttachType.CGROUP_INET6_GETPEERNAME],
];

/** What takes the tracepoints' place where they are missing. */
const MESSAGE_HOOKS: readonly (readonly [string, number])[] = [
  ['sendmsg4', AttachType.CGROUP_UDP4_SENDMSG],
  ['sendmsg6', AttachType.CGROUP_UDP6_SENDMSG],
  ['recvmsg4', AttachType.CGROUP_UDP4_RECVMSG],
  ['recvmsg6', AttachType.CGROUP_UDP6_RECVMSG],
];

/** When a socket is there, and when it is bound: by then Multipath TCP has its first subflow, which listens. */
const CREATION_HOOKS: readonly (readonly [string, number])[] = [
  ['sock_create', AttachType.CGROUP_INET_SOCK_CREATE],
  ['post_bind4', AttachType.CGROUP_INET4_POST_BIND],
  ['post_bind6', AttachType.CGROUP_INET6_POST_BIND],
];

/** The socket hooks that are attached. */
export class SocketHooks {
  private readonly attachments: number[] = [];
  /** Hooks that the kernel refused, each with its reason. */
  readonly refused: string[] = [];
  /** Whether any hook that names a socket's creator or user is there. */
  readonly any: boolean;
  /** Whether every send and receive is told of, and by whom. */
  readonly uses: boolean = false;
  /** Whether sockets are told of as they are created. */
  readonly creations: boolean = false;

  /**
   * @param loader null: none are wanted
   * @param cgroup descriptor of the cgroup2 hierarchy's root, or why there is none
   */
  constructor(loader: Loader | null, cgroup: number | Error) {
    if (loader === null) {
      this.any = false;
      return;
    }
    const sent = this.attempt('tp_btf/sock_send_length', () =>
      this.trace(loader, 'socket_sent', 'sock_send_length'),
    );
    const got = this.attempt('tp_btf/sock_recv_length', () =>
      this.trace(loader, 'socket_received', 'sock_recv_length'),
    );
    this.uses = sent && got && loader.knowsTasks;
    // Names the senders of packets that wait, but no socket's user.
    let waits = false;
    if (loader.seesNeighbours)
      waits = this.attempt('tp_btf/neigh_event_send_done', () =>
        this.trace(loader, 'packet_waits', 'neigh_event_send_done', '5.1'),
      );
    if (typeof cgroup !== 'number') {
      this.refused.push(`cgroup hooks: ${cgroup.message}`);
    } else {
      const [created] = CREATION_HOOKS.map(([name, type]) =>
        this.attempt(`cgroup/${name}`, () =>
          this.cgroup(loader, cgroup, 'socket_created', ProgramType.CGROUP_SOCK, type),
        ),
      );
      this.creations = created!;
      for (const [name, type] of [...CONNECTION_HOOKS, ...(this.uses ? [] : MESSAGE_HOOKS)]) {
        this.attempt(`cgroup/${name}`, () =>
          this.cgroup(loader, cgroup, 'socket_address', ProgramType.CGROUP_SOCK_ADDR, type),
        );
      }
      // Tells who joins a multicast group, and, where the tracepoints are missing, who uses the socket.
      this.attempt('cgroup/setsockopt', () =>
        this.cgroup(
          loader,
          cgroup,
          'socket_option',
          ProgramType.CGROUP_SOCKOPT,
          AttachType.CGROUP_SETSOCKOPT,
          optionConstants(this.uses),
        ),
      );
    }
    this.any = this.attachments.length > (waits ? 1 : 0);
  }

  private attempt(name: string, attach: () => void): boolean {
    try {
      attach();
      return true;
    } catch (error) {
      const detail = error instanceof VerifierError ? ` (${error.detail})` : '';
      this.refused.push(`${name}: ${(error as Error).message}${detail}`);
      return false;
    }
  }

  private trace(loader: Loader, program: string, tracepoint: string, since = '6.5'): void {
    const fd =
      since === '6.5' && goesWithout('tracepoints') ? null : loader.tracepointHook(program, tracepoint);
    if (fd === null) throw new Error(`this kernel has no such tracepoint (${since} has)`);
    try {
      this.attachments.push(openRawTracepoint(fd, null));
    } finally {
      libc().close(fd);
    }
  }

  private cgroup(
    loader: Loader,
    cgroup: number,
    program: string,
    type: number,
    attachType: number,
    constants: { [name: string]: number } = {},
  ): void {
    const fd = loader.cgroupHook(program, type, attachType, constants);
    try {
      this.attachments.push(createLink(fd, cgroup, attachType));
    } finally {
      libc().close(fd);
    }
  }

  close(): void {
    for (const attachment of this.attachments) libc().close(attachment);
    this.attachments.length = 0;
  }
}
