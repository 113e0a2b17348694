// What a live capture is, whatever the system: what it is asked for, and what it gives.

import type { Interface, Packet, PacketMemory, Source } from '../packet/index.js';
import type { Credentials } from '../system/index.js';

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
   * -i's argument: `pktap`, `pktap,NAME[,NAME…]`, `pktap,all`, `all`, `any`, `droptap[,…]`, or a device's name; several
   * are captured on as one tap. Null: the tap.
   */
  readonly interface: string | readonly string[] | null;
  /**
   * Whether a device's packets are wanted with their processes: it is tapped then, and loopback shows both ends of a
   * connection. Without, they come with the device's own link type.
   */
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
  /**
   * Whether `Tap.counter` is wanted: packets counted in the kernel, by flow, in place of being handed on.
   */
  readonly counts: boolean;
  /** The name of this machine in a fleet, which its interfaces have (`Interface.host`); null: none. */
  readonly host: string | null;
  /** -v count: how much is told through `warn`. */
  readonly verbose: number;
  /** Takes messages that do not end the capture (without `pktap: `). */
  readonly warn: (message: string) => void;
  /** Called when the tap is ready but for the kernel, which takes some hundredths of a second to verify its programs. */
  readonly meanwhile: () => void;
}

/** Takes packets that were counted: one with the headers of a flow and the time of its last, and how many they were. */
export type CountHandler = (packet: Packet, packets: number, bytes: number, retransmissions: number) => void;

/** Packets counted in the kernel, by flow, in place of being handed on: all but those that say more than their length. */
export interface PacketCounter {
  /** Whether it can count now: a filter may turn out to need the packets. */
  readonly possible: boolean;
  /** Begins, or goes on with packets. */
  count(on: boolean): void;
  /**
   * Gives what was counted before the last call of `turn`, but for what was given already. Some milliseconds should lie between.
   * @throws Error when the kernel refuses; packets are handed on from then on
   */
  take(handler: CountHandler): void;
  /** What is counted from now on is given later. */
  turn(): void;
}

/** A running live capture. */
export interface Tap extends Source {
  /** Name as `listening on NAME` shows it. */
  readonly name: string;
  /** True for a tap (link type PKTAP); false for a plain device. */
  readonly tapped: boolean;
  /** Interfaces captured on now. */
  readonly interfaces: readonly Interface[];
  /** What the packets lie in, but for those that had to be put together. */
  readonly memory: PacketMemory;
  /** Null: not asked for, or what is filtered cannot be counted in the kernel. */
  readonly counter: PacketCounter | null;
  /**
   * Starts the command (`TapOptions.command`): from its first packet on it is captured, and all that it starts.
   * @param start starts it at once; its process ID, undefined when it could not be started
   */
  launch(start: () => number | undefined): void;
  /**
   * Gives root up for `user`, keeping what the capture still needs.
   * @throws Error when the user does not exist or the system refuses
   */
  dropPrivileges(user: string | Credentials): void;
}
