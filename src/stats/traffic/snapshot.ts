// What was counted, as plain data: a structured clone of it is as good as itself. Bytes are those on the wire, rates are
// bytes of the last whole second.

/** Counts of a group. */
export interface Counts {
  readonly packets: number;
  readonly packetsIn: number;
  readonly packetsOut: number;
  readonly bytes: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly rateIn: number;
  readonly rateOut: number;
  /** TCP segments that hold nothing new. */
  readonly retransmissions: number;
  /** TCP segments with RST. */
  readonly resets: number;
  /** Packets that the kernel dropped (droptap). */
  readonly drops: number;
  /** Flows that are kept. */
  readonly flows: number;
  /** Seconds since the epoch; null: nothing came. */
  readonly first: number | null;
  readonly last: number | null;
  /** Bytes of each of the last 60 seconds, the one that is going on last. */
  readonly history: readonly number[];
}

/** Of a container, what its runtime says. */
export interface ContainerFacts {
  readonly id: string;
  readonly runtime: string;
  readonly name: string | null;
  readonly pod: string | null;
  readonly namespace: string | null;
}

/** What is known of a process. */
export interface ProcessFacts {
  readonly pid: number;
  readonly name: string;
  readonly path: string | null;
  readonly args: readonly string[] | null;
  readonly parentPid: number | null;
  readonly uid: number | null;
  readonly user: string | null;
  /** In hexadecimal. */
  readonly uuid: string | null;
  /** Seconds since the epoch. */
  readonly startTime: number | null;
  readonly cgroup: string | null;
  readonly container: ContainerFacts | null;
  readonly netns: number | null;
}

interface Numbered {
  /** As long as the counting goes on, no other row has it. */
  readonly id: number;
}

export interface ProcessRow extends Counts, Numbered {
  /** Null: packets that nobody is known for. */
  readonly process: ProcessFacts | null;
}

/** What the other end is called, and who says so: an answer of DNS, or what a client of TLS or QUIC asked for. */
export interface HostName {
  readonly name: string;
  readonly by: 'dns' | 'sni';
}

export interface HostRow extends Counts, Numbered {
  /** Null: packets without an address. */
  readonly address: string | null;
  readonly name: HostName | null;
}

export interface NamedRow extends Counts, Numbered {
  /** Null: not known, or none. */
  readonly name: string | null;
}

export interface ContainerRow extends Counts, Numbered {
  readonly container: ContainerFacts | null;
}

/** A TCP connection's state, as far as its packets tell. */
export type FlowState = 'none' | 'opening' | 'open' | 'closing' | 'closed' | 'reset';

export interface FlowRow extends Counts, Numbered {
  readonly process: ProcessFacts | null;
  /** The process's row. */
  readonly processId: number;
  readonly interface: string | null;
  /** TCP, UDP, ICMP, …, ARP, or a number. */
  readonly protocol: string;
  /** Addresses as text, ports or -1; null and -1 where there is none. The local end is that of the host which captured. */
  readonly local: string | null;
  readonly localPort: number;
  readonly remote: string | null;
  readonly remotePort: number;
  /** What the other end is called. */
  readonly name: HostName | null;
  readonly state: FlowState;
}

/** Everything at one time. */
export interface Snapshot {
  /** Seconds since the epoch: the second that is going on. */
  readonly time: number;
  readonly total: Counts & { readonly minutes: readonly number[] };
  readonly processes: readonly ProcessRow[];
  readonly flows: readonly FlowRow[];
  readonly hosts: readonly HostRow[];
  readonly interfaces: readonly NamedRow[];
  readonly containers: readonly ContainerRow[];
  readonly users: readonly NamedRow[];
  readonly classes: readonly NamedRow[];
  /** Whether more flows went on at once than have a history: some of them show the last seconds alone. */
  readonly historyIsFull: boolean;
  /** What rows counted that made room for others, and how many did: each list above and its others make the total. */
  readonly others: Readonly<Record<Dimension, Counts & { readonly evicted: number }>>;
}

/** By what is counted. */
export const DIMENSIONS = [
  'processes',
  'flows',
  'hosts',
  'interfaces',
  'containers',
  'users',
  'classes',
] as const;
export type Dimension = (typeof DIMENSIONS)[number];
