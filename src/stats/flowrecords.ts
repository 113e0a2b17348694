// Flow records: what each process has sent and received over each flow since the last time, in bounded memory. A flow that is seen
// again costs no memory.

import { addressText } from '../decode/facts/index.js';
import { flowId, Headers } from '../decode/index.js';
import { Direction, type Packet, type Process } from '../packet/index.js';

/** Flows of an interval that are told apart. */
const MOST = 20_000;
/** Characters of lines that are handed on together. */
const TOGETHER = 48 * 1024;

/** One process's part of a flow, as it is seen on one interface. */
interface Record {
  readonly process: Process | null;
  readonly interface: string;
  readonly protocol: number;
  readonly version: number;
  /** The two ends: this host's first, where the direction says it. */
  readonly local: Uint8Array;
  readonly remote: Uint8Array;
  readonly localPort: number;
  readonly remotePort: number;
  packetsIn: number;
  packetsOut: number;
  bytesIn: number;
  bytesOut: number;
  firstSeconds: number;
  firstNanoseconds: number;
  lastSeconds: number;
  lastNanoseconds: number;
  next: Record | null;
}

function same(bytes: Uint8Array, buffer: Uint8Array, at: number): boolean {
  for (let i = 0; i < bytes.length; i++) if (bytes[i] !== buffer[at + i]) return false;
  return true;
}

/** A copy, of whatever kind of buffer. */
function bytesAt(buffer: Uint8Array, at: number, size: number): Uint8Array {
  return Uint8Array.prototype.slice.call(buffer, at, at + size);
}

export class FlowRecords {
  private readonly headers = new Headers();
  private records = new Map<number, Record>();
  private count = 0;
  private others = { packets: 0, bytes: 0 };

  packet(packet: Packet): void {
    const h = this.headers;
    if (!h.read(packet) || h.version === 0 || h.source < 0) return;
    const { metadata } = packet;
    const process = metadata?.process ?? null;
    const into = metadata?.direction === Direction.IN;
    const size = h.version === 4 ? 4 : 16;
    const local = into ? h.destination : h.source;
    const remote = into ? h.source : h.destination;
    const localPort = into ? h.destinationPort : h.sourcePort;
    const remotePort = into ? h.sourcePort : h.destinationPort;
    const name = packet.interface?.name ?? '';
    const key = flowId(h);
    let record = this.records.get(key) ?? null;
    while (
      record !== null &&
      !(
        record.process === process &&
        record.localPort === localPort &&
        record.remotePort === remotePort &&
        record.protocol === h.protocol &&
        record.version === h.version &&
        record.interface === name &&
        same(record.local, h.buffer, local) &&
        same(record.remote, h.buffer, remote)
      )
    )
      record = record.next;
    if (record === null) {
      if (this.count >= MOST) {
        this.others.packets++;
        this.others.bytes += packet.length;
        return;
      }
      this.count++;
      record = {
        process,
        interface: name,
        protocol: h.protocol,
        version: h.version,
        local: bytesAt(h.buffer, local, size),
        remote: bytesAt(h.buffer, remote, size),
        localPort,
        remotePort,
        packetsIn: 0,
        packetsOut: 0,
        bytesIn: 0,
        bytesOut: 0,
        firstSeconds: packet.seconds,
        firstNanoseconds: packet.nanoseconds,
        lastSeconds: 0,
        lastNanoseconds: 0,
        next: this.records.get(key) ?? null,
      };
      this.records.set(key, record);
    }
    if (into) {
      record.packetsIn++;
      record.bytesIn += packet.length;
    } else {
      record.packetsOut++;
      record.bytesOut += packet.length;
    }
    record.lastSeconds = packet.seconds;
    record.lastNanoseconds = packet.nanoseconds;
  }

  /** The records since the last time, as lines of JSON, some of them together. */
  take(): string[] {
    const parts: string[] = [];
    let text = '';
    const add = (line: object): void => {
      text += `${JSON.stringify(line)}\n`;
      if (text.length < TOGETHER) return;
      parts.push(text);
      text = '';
    };
    for (const first of this.records.values())
      for (let record: Record | null = first; record !== null; record = record.next) add(line(record));
    if (this.others.packets > 0) add({ others: true, ...this.others });
    if (text !== '') parts.push(text);
    this.records = new Map();
    this.count = 0;
    this.others = { packets: 0, bytes: 0 };
    return parts;
  }
}

function time(seconds: number, nanoseconds: number): string {
  return `${seconds}${String(nanoseconds).padStart(9, '0')}`;
}

function line(record: Record): object {
  const { process, localPort, remotePort } = record;
  return {
    interface: record.interface,
    process: process === null || process.name === '' ? null : process.name,
    pid: process === null || process.pid < 0 ? null : process.pid,
    user: process?.user ?? null,
    path: process?.path ?? null,
    container: process?.container?.name ?? process?.container?.id ?? null,
    protocol: record.protocol,
    local: addressText(record.local, 0, record.version),
    local_port: localPort < 0 ? null : localPort,
    remote: addressText(record.remote, 0, record.version),
    remote_port: remotePort < 0 ? null : remotePort,
    packets_in: record.packetsIn,
    packets_out: record.packetsOut,
    bytes_in: record.bytesIn,
    bytes_out: record.bytesOut,
    first: time(record.firstSeconds, record.firstNanoseconds),
    last: time(record.lastSeconds, record.lastNanoseconds),
  };
}
