// What a live page is told, as plain data: JSON from a server, or a message from a worker. Every text in it can be shown: what is
// not to be seen is escaped.

/** Counts of a row. Bytes are those on the wire, rates bytes of the last whole second. */
export interface Sums {
  readonly packets: number;
  readonly packetsIn: number;
  readonly packetsOut: number;
  readonly bytes: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly rateIn: number;
  readonly rateOut: number;
  readonly retransmissions: number;
  readonly resets: number;
  readonly drops: number;
  readonly flows: number;
  readonly first: number | null;
  readonly last: number | null;
}

/** A process; null where it is not known. */
export interface Owner {
  readonly process: string | null;
  readonly pid: number | null;
}

export interface ProcessLine extends Sums, Owner {
  readonly id: number;
  readonly user: string | null;
  readonly container: string | null;
  readonly path: string | null;
  readonly command: string | null;
}

export interface FlowLine extends Sums, Owner {
  readonly id: number;
  readonly protocol: string;
  readonly local: string;
  readonly remote: string;
  /** What the other end is called. */
  readonly name: string | null;
  readonly state: string;
  readonly interface: string | null;
}

export interface HostLine extends Sums {
  readonly id: number;
  readonly address: string | null;
  readonly name: string | null;
}

/** Packets that the kernel dropped, by process, reason and function. */
export interface DropLine extends Owner {
  readonly reason: string;
  readonly place: string;
  readonly packets: number;
  readonly bytes: number;
}

/** What one program moved in each stretch of time; `process` null: nobody is known. */
export interface SeriesLine {
  readonly process: string | null;
  readonly bytesIn: readonly number[];
  readonly bytesOut: readonly number[];
}

/** Bytes over time. */
export interface TimelineData {
  /** Seconds since the epoch, where the first stretch begins. */
  readonly begin: number;
  /** Seconds of a stretch. */
  readonly width: number;
  readonly count: number;
  /** The most bytes first. */
  readonly series: readonly SeriesLine[];
  /** All together, with those that have no series. */
  readonly all: SeriesLine;
}

/** Which packets the list has. */
export interface Watch {
  /** A metadata filter (-Q); '': none. */
  readonly metadata: string;
  /** A packet filter (pcap-filter(7)); '': none. */
  readonly expression: string;
  /** Seconds since the epoch; null: no bound. */
  readonly from: number | null;
  readonly to: number | null;
}

export interface RecordingLine {
  readonly state: 'recording' | 'done';
  readonly packets: number;
  readonly bytes: number;
  readonly error: string | null;
}

/** What rows beyond those listed had: of those that made room for others, and of those that the message leaves out. */
export interface Rest {
  readonly rows: number;
  readonly packets: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** All that is shown but the packets. */
export interface Frame {
  readonly kind: 'frame';
  /** What is captured on or read. */
  readonly source: string;
  readonly live: boolean;
  readonly ended: boolean;
  readonly error: string | null;
  /** What is less exact, in words. */
  readonly notes: readonly string[];
  /** The second that is going on. */
  readonly time: number;
  readonly total: Sums;
  readonly processes: readonly ProcessLine[];
  readonly flows: readonly FlowLine[];
  readonly hosts: readonly HostLine[];
  readonly drops: readonly DropLine[];
  readonly rest: { readonly processes: Rest; readonly flows: Rest; readonly hosts: Rest };
  readonly timeline: TimelineData;
  readonly packets: {
    /** Another number whenever the list begins anew. */
    readonly edition: number;
    /** Packets that the filters took, and numbers of the first and the last that are kept; 0: none is. */
    readonly matched: number;
    readonly first: number;
    readonly last: number;
    readonly kept: number;
    readonly watch: Watch;
    readonly takesExpression: boolean;
  };
  /** Null: there is none. */
  readonly recording: RecordingLine | null;
  readonly records: boolean;
}

export interface PacketLine extends Owner {
  /** Its place in the capture, from 1. */
  readonly number: number;
  /** Seconds since the epoch. */
  readonly time: number;
  readonly interface: string | null;
  readonly direction: 'in' | 'out' | '';
  readonly length: number;
  readonly text: string;
}

/** Which packets of the list are asked for: the newest of those behind `after`, or the last of those before `before`. */
export interface PacketQuery {
  readonly after?: number;
  readonly before?: number;
  readonly most: number;
}

export interface PacketAnswer {
  readonly edition: number;
  readonly lines: readonly PacketLine[];
}

/** One packet with everything that is known of it. */
export interface PacketDetail {
  readonly number: number;
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** As -vv prints it. */
  readonly text: string;
  /** Offset, hexadecimal and characters. */
  readonly bytes: string;
}
