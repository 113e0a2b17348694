// Live capture behind one interface, whatever the system.

import type { Interface, PacketFilter, PacketMemory, Source } from '../packet/index.js';

/** An interface that can be captured on, as -D lists them. */
export interface InterfaceListing {
  readonly name: string;
  readonly description: string | null;
  readonly up: boolean;
  readonly running: boolean;
  readonly loopback: boolean;
  readonly wireless: boolean;
  /** Whether a cable or peer is there; null where the question makes no sense. */
  readonly connected: boolean | null;
  /** LINKTYPE_ number. */
  readonly linkType: number;
  /** The tap itself: no device of the system. */
  readonly virtual: boolean;
}

/** What to capture and how. */
export interface TapOptions {
  /**
   * -i's argument: `pktap`, `pktap,NAME[,NAME…]`, `pktap,all`, `all`, `any`, `droptap[,…]`, or a device's name, which
   * captures with the device's own link type. Null: the tap.
   */
  readonly interface: string | null;
  /** Whether the packets of a plain device are wanted with their processes; a tap's always come with them. */
  readonly processes: boolean;
  /** -s, bytes. */
  readonly snapshotLength: number;
  /** -B, KiB; null: the tap's own choice. */
  readonly bufferSize: number | null;
  /** Promiscuous mode of a plain device (no -p). A tap is never promiscuous. */
  readonly promiscuous: boolean;
  /** --immediate-mode: packets are handed on as they come, at the price of speed. */
  readonly immediate: boolean;
  /** -Q in, out, inout, or null. */
  readonly direction: 'in' | 'out' | 'inout' | null;
  /** Metadata filter's text (-Q), or null. */
  readonly metadataFilter: string | null;
  /** Only packets of the command that `launch` will start, and of its descendants. */
  readonly command: boolean;
  /** Packet filter's text, or null. */
  readonly expression: string | null;
  /** -O turns it off. */
  readonly optimize: boolean;
  /** --netns: paths or process IDs of other network namespaces to capture in. */
  readonly networkNamespaces: readonly string[];
  /** -v count: how much is told through `warn`. */
  readonly verbose: number;
  /** Takes messages that do not end the capture (without `pktap: `). */
  readonly warn: (message: string) => void;
  /** Called when the tap is ready but for the kernel, which takes some hundredths of a second to verify its programs. */
  readonly meanwhile: () => void;
}

/** A running live capture. */
export interface Tap extends Source {
  /** Name as `listening on NAME` shows it. */
  readonly name: string;
  /** True for a tap (link type PKTAP); false for a plain device. */
  readonly tapped: boolean;
  /** Interfaces captured on now. */
  readonly interfaces: readonly Interface[];
  /** Part of the filters that the kernel could not answer, to be asked for every packet; null: none. */
  readonly filter: PacketFilter | null;
  /** What the packets lie in, but for those that had to be put together. */
  readonly memory: PacketMemory;
  /**
   * Starts the command (`TapOptions.command`): from its first packet on it is captured, and all that it starts.
   * @param start starts it at once; its process ID, undefined when it could not be started
   */
  launch(start: () => number | undefined): void;
  /**
   * Gives root up for `user`, keeping what the capture still needs.
   * @throws Error when the user does not exist or the system refuses
   */
  dropPrivileges(user: string): void;
}

const DEFAULTS: TapOptions = {
  interface: null,
  processes: true,
  snapshotLength: 262_144,
  bufferSize: null,
  promiscuous: false,
  immediate: false,
  direction: null,
  metadataFilter: null,
  command: false,
  expression: null,
  optimize: true,
  networkNamespaces: [],
  verbose: 0,
  warn: () => {},
  meanwhile: () => {},
};

/**
 * Opens a live capture. Needs root, or on Linux the capabilities that docs/manual.md lists.
 * @param options what is not given: the tap on every ordinary interface, whole packets with their processes, no filter
 * @throws Error with a message that says what is missing and what to do
 */
export async function openTap(options: Partial<TapOptions> = {}): Promise<Tap> {
  const all = { ...DEFAULTS, ...options };
  if (process.platform === 'linux') return (await import('./linux/index.js')).openTap(all);
  throw new Error(`live capture is not supported on ${process.platform}; savefiles can be read with -r`);
}

/** Interfaces that can be captured on, the tap first. */
export async function listInterfaces(): Promise<InterfaceListing[]> {
  if (process.platform === 'linux') return (await import('./linux/index.js')).listInterfaces();
  throw new Error(`live capture is not supported on ${process.platform}`);
}

/** @returns an interface's IPv4 netmask, host order; null where it has no IPv4 address */
export async function interfaceNetmask(name: string): Promise<number | null> {
  if (process.platform === 'linux') return (await import('./linux/index.js')).interfaceNetmask(name);
  throw new Error(`live capture is not supported on ${process.platform}`);
}
