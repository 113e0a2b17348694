// What a run is, as plain data: a structured clone of it is as good as itself, so that it goes to other threads and
// processes. Front ends make one; session.ts runs it.

import { MAXIMUM_SNAPSHOT_LENGTH } from '../packet/index.js';
import type { PrintOptions } from '../print/options.js';

/** Files to read. */
export interface FilesSpec {
  readonly kind: 'files';
  /** `-` is standard input. */
  readonly paths: readonly string[];
  /** One file; several, one after the other; several, merged by time. */
  readonly order: 'single' | 'list' | 'sorted';
  /** Bytes of a pcapng block at most; null: the reader's own limit. */
  readonly maximumBlock: number | null;
}

/** Interfaces to capture on. Names are those of `TapOptions` (tap/index.ts), which says what they mean. */
export interface TapSpec {
  readonly kind: 'tap';
  /** Empty: the tap. */
  readonly interfaces: readonly string[];
  readonly processes: boolean;
  readonly bufferSize: number | null;
  readonly promiscuous: boolean;
  readonly immediate: boolean;
  readonly networkNamespaces: readonly string[];
  /** Only packets of a command that the front end starts (`Tap.launch`). */
  readonly command: boolean;
  /** A link type that the interface's packets must be writable as; null: any. */
  readonly linkType: number | null;
  /** Whether the kernel may count packets in place of handing them on (Tap.counter). */
  readonly counts: boolean;
  /** The name of this machine in a fleet; null: it is in none. */
  readonly host: string | null;
  /** How much is told. */
  readonly verbose: number;
}

/** Hosts of a fleet to capture on, or what they have captured. */
export interface FleetSpec {
  readonly kind: 'fleet';
  /** The server, or several of a cluster, with commas. */
  readonly url: string;
  /** A file with the key; null: none is needed. */
  readonly key: string | null;
  /** A file of certificates; null: the system's. */
  readonly ca: string | null;
  /** Who asks, where no key says it. */
  readonly operator: string;
  /** Patterns of hosts; none: all. */
  readonly hosts: readonly string[];
  /** Seconds that are read again of what was kept; null: the hosts are asked to capture. */
  readonly since: number | null;
  /** What is read again is of this capture alone; null: of all. */
  readonly capture: string | null;
  /** Seconds that it takes at most, bytes that each host sends at most, and a second. */
  readonly seconds: number;
  readonly bytes: number;
  readonly rate: number | null;
  /** Whether hosts send flow records too. */
  readonly flows: boolean;
  /** As a tap has them. */
  readonly interfaces: readonly string[];
  readonly processes: boolean;
  readonly promiscuous: boolean;
  readonly bufferSize: number | null;
}

/** Which packets are taken. */
export interface FilterSpec {
  readonly direction: 'in' | 'out' | 'inout' | null;
  /** A metadata filter's text (docs/filters.md). */
  readonly metadata: string | null;
  /** A packet filter's text (pcap-filter(7)). */
  readonly expression: string | null;
  /** Whether libpcap optimizes the packet filter. */
  readonly optimize: boolean;
}

/** Packets as text. */
export interface TextSpec {
  readonly kind: 'text';
  readonly options: PrintOptions;
  /** What a tap's packets are printed with instead; null: the same. */
  readonly tapped: Pick<PrintOptions, 'metadata' | 'interfaceColumn'> | null;
  /** Whether each line is handed on at once. */
  readonly lineBuffered: boolean;
  /** Of every so many packets one is printed. */
  readonly sampling: number;
}

/** Packets as files. */
export interface SavefileSpec {
  readonly kind: 'savefile';
  /** `-` is standard output. */
  readonly path: string;
  /** Whether it must be pcapng; otherwise it is what holds all that is written. */
  readonly pcapng: boolean;
  /** The one link type that it holds; null: whatever comes. */
  readonly linkType: number | null;
  /** Comments of the section. */
  readonly comments: readonly string[];
  /** Which packets have a comment that says whose they are; null: as usual. */
  readonly ownerComments: 'all' | 'first' | 'none' | null;
  /** Which forms of facts of processes it has (CreateOptions); null: as usual. */
  readonly dialect: 'apple' | 'wireshark' | null;
  /** What the section says of who wrote it. */
  readonly application: string;
  /** Letters of the facts of processes that it holds (-k); null: all. */
  readonly letters: string | null;
  readonly commandLines: boolean;
  /** Nine digits of a second or six; null: as the source. */
  readonly nanoseconds: boolean | null;
  /** Whether each packet is written at once. */
  readonly unbuffered: boolean;
  readonly rotation: {
    readonly size: number | null;
    readonly seconds: number | null;
    readonly files: number | null;
    readonly command: string | null;
  };
  /** Whose it is to be; null: the process's own. */
  readonly owner: { readonly uid: number; readonly gid: number } | null;
  /** Files besides the source's that must not be written over. */
  readonly inputs: readonly string[];
}

/** Packets as rows of data, to the host. */
export interface RowsSpec {
  readonly kind: 'rows';
  readonly format: 'json' | 'csv' | 'tsv';
  /** Names of fields (docs/fields.md); null: all but `info`. */
  readonly fields: readonly string[] | null;
  /** How `info` is printed, without names of addresses. */
  readonly print: PrintOptions;
  readonly lineBuffered: boolean;
  /** Whether a terminal shows them. */
  readonly terminal: boolean;
  readonly sampling: number;
}

/** Packets counted in groups; the counts go to the host. */
export interface SummarySpec {
  readonly kind: 'summary';
  /** Names of the fields to group by. */
  readonly keys: readonly string[];
  readonly format: 'table' | 'json' | 'csv' | 'tsv';
  /** Milliseconds between two reports of a live capture; null: one at the end. */
  readonly intervalMs: number | null;
  readonly terminal: boolean;
}

/** Packets as Parquet files. */
export interface ParquetSpec
  extends Pick<SavefileSpec, 'path' | 'application' | 'rotation' | 'owner' | 'inputs'> {
  readonly kind: 'parquet';
  readonly fields: readonly string[] | null;
  readonly print: PrintOptions;
}

/** An output by its kind: outputs.ts has those that there are. */
export type OutputSpec = TextSpec | SavefileSpec | RowsSpec | SummarySpec | ParquetSpec;

/** A run. */
export interface RunSpec {
  readonly source: FilesSpec | TapSpec | FleetSpec;
  readonly filter: FilterSpec;
  /** Packets that pass the filters and are left out first, and how many are taken then; 0: all. */
  readonly skip: number;
  readonly count: number;
  /** Bytes kept of a packet. */
  readonly snapshotLength: number;
  /** Whether packets are cut behind their headers. */
  readonly headersOnly: boolean;
  /** In the order in which each packet goes to them; none: packets are counted. */
  readonly outputs: readonly OutputSpec[];
  /** The user that root becomes before a byte of a file or packet is read; null: nobody else. */
  readonly user: string | null;
  /** Whom root is given up for once all is open, as far as the run loses nothing by it; null: nobody. */
  readonly yieldsTo: YieldSpec | null;
  /** What the process may still do then; null: what it could. */
  readonly sandbox: SandboxSpec | null;
}

/** A user whom root is given up for. */
export interface YieldSpec {
  readonly uid: number;
  readonly gid: number;
  /** Whether that it was given up is said. */
  readonly told: boolean;
  /** Whether the files are read again: the user must be able to open them. */
  readonly rereads: boolean;
}

/** A process that does what a run needs and nothing else. It holds until the process ends. */
export interface SandboxSpec {
  /** What is in force is said. */
  readonly told: boolean;
  /** Where files are made: in the folders of the run's outputs, or wherever its user says. */
  readonly writes: 'outputs' | 'anywhere';
  /** Whether it answers who connects to a server that listens by then. */
  readonly serves: boolean;
}

/** A run over a file that does nothing: what is given is put in its place. */
export function fileSpec(path: string, given: Partial<RunSpec> = {}): RunSpec {
  return {
    source: { kind: 'files', paths: [path], order: 'single', maximumBlock: null },
    ...NOTHING,
    ...given,
  };
}

/** A live capture that does nothing, on the tap when there are no interfaces: what is given is put in its place. */
export function tapSpec(interfaces: readonly string[] = [], given: Partial<RunSpec> = {}): RunSpec {
  return {
    source: {
      kind: 'tap',
      interfaces,
      processes: true,
      bufferSize: null,
      promiscuous: false,
      immediate: false,
      networkNamespaces: [],
      command: false,
      linkType: null,
      counts: false,
      host: null,
      verbose: 0,
    },
    ...NOTHING,
    ...given,
  };
}

const NO_FILTER: FilterSpec = { direction: null, metadata: null, expression: null, optimize: true };

const NOTHING: Omit<RunSpec, 'source'> = {
  filter: NO_FILTER,
  skip: 0,
  count: 0,
  snapshotLength: MAXIMUM_SNAPSHOT_LENGTH,
  headersOnly: false,
  outputs: [],
  user: null,
  yieldsTo: null,
  sandbox: null,
};

/** A capture on the hosts of a fleet that does nothing: what is given is put in its place. */
export function fleetSpec(source: FleetSpec, given: Partial<RunSpec> = {}): RunSpec {
  return { source, ...NOTHING, ...given };
}

/** A run once more: root is given up by then, and what the process may do is settled until it ends. */
export function againSpec(spec: RunSpec): RunSpec {
  return { ...spec, user: null, yieldsTo: null, sandbox: null };
}

/** The run's output of a kind, if it has one. */
export function outputOf<K extends OutputSpec['kind']>(
  { outputs }: RunSpec,
  kind: K,
): Extract<OutputSpec, { kind: K }> | null {
  return (outputs.find((output) => output.kind === kind) as Extract<OutputSpec, { kind: K }>) ?? null;
}

/** Whether the filters ask for a packet's bytes alone. */
export function asksBytesOnly({ filter: { metadata, direction } }: RunSpec): boolean {
  return metadata === null && (direction === null || direction === 'inout');
}

/** The one file that is read; null: there are several, or none. */
export function onlyFile({ source }: RunSpec): string | null {
  return source.kind === 'files' && source.order === 'single' ? source.paths[0]! : null;
}
