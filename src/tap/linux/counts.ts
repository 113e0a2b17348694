// Packets that the kernel counted, by flow (kernel/counts.c): of two maps one is counted in while the other is taken out.

import { LinkType, Packet, PacketMetadata } from '../../packet/index.js';
import { takeFromMap, updateMap } from '../../system/index.js';
import type { CountHandler, PacketCounter } from '../tap.js';
import type { Epoch } from './clock.js';
import type { Loader } from './ebpf/loader.js';
import { FlowCount, FlowKey } from './ebpf/record.js';
import type { KernelFilters } from './filters.js';
import type { PacketHooks } from './packethooks.js';
import type { ProcessTable } from './process/processes.js';

/** Flows that a map has room for. Source: FLOWS in kernel/counts.c. */
const FLOWS = 32_768;
const AF_INET6 = 10;
const TCP = 6;
const IPV4_HEADER = 20;
const IPV6_HEADER = 40;
const TRANSPORT = 20;

export interface CountsOf {
  readonly loader: Loader;
  readonly processes: ProcessTable;
  readonly epoch: Epoch;
  readonly packetHooks: PacketHooks;
  readonly filters: KernelFilters;
}

export class KernelCounts implements PacketCounter {
  private readonly keys = new Uint8Array(new ArrayBuffer(FLOWS * FlowKey.SIZE));
  private readonly values = new Uint8Array(new ArrayBuffer(FLOWS * FlowCount.SIZE));
  private readonly keyWords = new Uint32Array(this.keys.buffer);
  private readonly valueWords = new Uint32Array(this.values.buffer);
  private readonly packet = new Packet();
  private readonly metadata = new PacketMetadata();
  private readonly bytes = new Uint8Array(IPV6_HEADER + TRANSPORT);
  /** Which map is counted in: 1, 2; 0: none. */
  private mode = 0;
  /** Which was counted in before. */
  private last = 1;

  constructor(private readonly of: CountsOf) {
    const { packet } = this;
    packet.buffer = this.bytes;
    packet.linkType = LinkType.RAW;
    packet.metadata = this.metadata;
  }

  /** What the kernel lets through for an interface may have to be asked again: nobody can ask a count. */
  get possible(): boolean {
    return !this.of.filters.asksAgain;
  }

  count(on: boolean): void {
    if (on === this.mode > 0) return;
    if (this.mode > 0) this.last = this.mode;
    this.set(on ? 3 - this.last : 0);
  }

  turn(): void {
    if (this.mode === 0) return;
    this.last = this.mode;
    this.set(3 - this.mode);
  }

  private set(mode: number): void {
    this.mode = mode;
    updateMap(
      this.of.loader.map('counting'),
      new Uint8Array(4),
      new Uint8Array(Uint32Array.of(mode).buffer),
      0,
    );
  }

  take(handler: CountHandler): void {
    const one = this.of.loader.map('counts_one');
    const two = this.of.loader.map('counts_two');
    // What is counted in now stays; where nothing is, both are over.
    const over = this.mode === 0 ? [one, two] : [this.mode === 1 ? two : one];
    this.of.epoch.refresh();
    for (const map of over) {
      let count: number;
      try {
        count = takeFromMap(map, FLOWS, this.keys, this.values);
      } catch (error) {
        this.count(false);
        throw error;
      }
      for (let i = 0; i < count; i++) this.give(i, handler);
    }
  }

  private give(i: number, handler: CountHandler): void {
    const k = this.keyWords;
    const v = this.valueWords;
    const { packet, metadata } = this;
    const key = (i * FlowKey.SIZE) >> 2;
    const value = (i * FlowCount.SIZE) >> 2;
    const face = this.of.packetHooks.find(k[key + FlowKey.NETNS / 4]!, k[key + FlowKey.IFINDEX / 4]!);
    if (face === undefined) return;
    packet.interface = face;
    metadata.process = this.of.processes.find(v, value + FlowCount.OWNER / 4);
    metadata.direction = k[key + FlowKey.DIRECTION / 4]! as 1 | 2;
    metadata.serviceClass = k[key + FlowKey.SERVICE / 4]! | 0;
    this.headers(i * FlowKey.SIZE);
    const last = number64(v, value + FlowCount.LAST / 4);
    const { epoch } = this.of;
    const nanoseconds = (last % 1e9) + epoch.nanoseconds;
    packet.seconds = Math.floor(last / 1e9) + epoch.seconds + (nanoseconds >= 1e9 ? 1 : 0);
    packet.nanoseconds = nanoseconds >= 1e9 ? nanoseconds - 1e9 : nanoseconds;
    handler(
      packet,
      number64(v, value + FlowCount.PACKETS / 4),
      number64(v, value + FlowCount.BYTES / 4),
      number64(v, value + FlowCount.RETRANSMISSIONS / 4),
    );
  }

  /** IP and transport headers of a key, so that the packet is read as any other. */
  private headers(key: number): void {
    const { keys, bytes } = this;
    const packet = this.packet;
    const six = keys[key + FlowKey.FAMILY]! === AF_INET6;
    const protocol = keys[key + FlowKey.PROTOCOL]!;
    const transport = six ? IPV6_HEADER : IPV4_HEADER;
    const copy = (from: number, to: number, length: number): void => {
      for (let i = 0; i < length; i++) bytes[to + i] = keys[key + from + i]!;
    };
    bytes.fill(0);
    if (six) {
      bytes[0] = 0x60;
      bytes[5] = TRANSPORT;
      bytes[6] = protocol;
      copy(FlowKey.SOURCE, 8, 16);
      copy(FlowKey.DESTINATION, 24, 16);
    } else {
      bytes[0] = 0x45;
      bytes[3] = IPV4_HEADER + TRANSPORT;
      bytes[9] = protocol;
      copy(FlowKey.SOURCE, 12, 4);
      copy(FlowKey.DESTINATION, 16, 4);
    }
    copy(FlowKey.SOURCE_PORT, transport, 4);
    if (protocol === TCP) {
      bytes[transport + 12] = 0x50;
      // ACK: what begins or ends a connection is not counted here.
      bytes[transport + 13] = 0x10;
    } else bytes[transport + 5] = TRANSPORT;
    packet.capturedLength = packet.length = transport + TRANSPORT;
  }
}

/** Exact to 2^53. */
function number64(words: Uint32Array, at: number): number {
  return words[at + 1]! * 2 ** 32 + words[at]!;
}
