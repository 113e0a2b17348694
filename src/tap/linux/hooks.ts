// The socket hooks: attached to the root of the cgroup hierarchy and to the tracepoints, gone with their descriptors.

import { AttachType, createLink, openRawTracepoint, ProgramType } from '../../native/bpf.js';
import { libc } from '../../native/libc.js';
import { goesWithout } from './exactness.js';
import type { Loader } from './loader.js';

/** Hooks that say who uses a socket where the tracepoints are missing. */
const ADDRESS_HOOKS: readonly (readonly [string, number])[] = [
  ['connect4', AttachType.CGROUP_INET4_CONNECT],
  ['connect6', AttachType.CGROUP_INET6_CONNECT],
  ['sendmsg4', AttachType.CGROUP_UDP4_SENDMSG],
  ['sendmsg6', AttachType.CGROUP_UDP6_SENDMSG],
  ['recvmsg4', AttachType.CGROUP_UDP4_RECVMSG],
  ['recvmsg6', AttachType.CGROUP_UDP6_RECVMSG],
  ['getpeername4', AttachType.CGROUP_INET4_GETPEERNAME],
  ['getpeername6', AttachType.CGROUP_INET6_GETPEERNAME],
];

/** The socket hooks that are attached. */
export class SocketHooks {
  private readonly links: number[] = [];
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
    if (typeof cgroup !== 'number') {
      this.refused.push(`cgroup hooks: ${cgroup.message}`);
    } else {
      this.creations = this.attempt('cgroup/sock_create', () =>
        this.cgroup(
          loader,
          cgroup,
          'socket_created',
          ProgramType.CGROUP_SOCK,
          AttachType.CGROUP_INET_SOCK_CREATE,
        ),
      );
      if (!this.uses) {
        for (const [name, type] of ADDRESS_HOOKS) {
          this.attempt(`cgroup/${name}`, () =>
            this.cgroup(loader, cgroup, 'socket_address', ProgramType.CGROUP_SOCK_ADDR, type),
          );
        }
        this.attempt('cgroup/setsockopt', () =>
          this.cgroup(
            loader,
            cgroup,
            'socket_option',
            ProgramType.CGROUP_SOCKOPT,
            AttachType.CGROUP_SETSOCKOPT,
          ),
        );
      }
    }
    this.any = this.links.length > 0;
  }

  private attempt(name: string, attach: () => void): boolean {
    try {
      attach();
      return true;
    } catch (error) {
      this.refused.push(`${name}: ${(error as Error).message}`);
      return false;
    }
  }

  private trace(loader: Loader, program: string, tracepoint: string): void {
    const fd = goesWithout('tracepoints') ? null : loader.tracepointHook(program, tracepoint);
    if (fd === null) throw new Error('this kernel has no such tracepoint (6.5 has)');
    try {
      this.links.push(openRawTracepoint(fd, null));
    } finally {
      libc().close(fd);
    }
  }

  private cgroup(loader: Loader, cgroup: number, program: string, type: number, attachType: number): void {
    const fd = loader.cgroupHook(program, type, attachType);
    try {
      this.links.push(createLink(fd, cgroup, attachType));
    } finally {
      libc().close(fd);
    }
  }

  close(): void {
    for (const link of this.links) libc().close(link);
    this.links.length = 0;
  }
}
