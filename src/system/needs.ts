// What a run still needs of what is refused otherwise (seccomp.ts).

/** What a run still needs of what is refused otherwise. */
export interface Needs {
  /** Programs and processes are started. */
  readonly programs: boolean;
  /** Other processes are sent signals. */
  readonly signals: boolean;
  /** A ring of io_uring is there that the runtime waits by: without it, it aborts. What goes through a ring no filter sees. */
  readonly rings: boolean;
  /** bpf(2), and cgroups by their IDs. */
  readonly capture: boolean;
  /** Who connects to a server that listens already is answered. */
  readonly serves: boolean;
  /** Other network namespaces are entered. */
  readonly namespaces: boolean;
  /** Families of the sockets that are made; what connects is allowed if there are any of the internet's. */
  readonly sockets: readonly number[];
  /** Files are made, renamed and removed, or opened for writing. */
  readonly files: boolean;
}

export const Family = { UNIX: 1, INET: 2, INET6: 10, NETLINK: 16, PACKET: 17 } as const;
