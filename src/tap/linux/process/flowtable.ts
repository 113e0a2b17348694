// Ends of conversations by protocol, addresses and ports, found without making anything: the newest ones, a fixed number.

import type { Headers } from '../../../decode/index.js';

/** Version and protocol, the ports, the addresses; the local end first. */
const KEY = 40;
const BUCKETS = 65536;

/** A table of at most `limit` ends, of which the oldest make room. */
export class FlowTable<End> {
  private readonly make: (headers: Headers) => End;
  private readonly limit: number;
  private readonly heads = new Int32Array(BUCKETS).fill(-1);
  private readonly chain: Int32Array;
  private readonly buckets: Int32Array;
  private readonly keys: Uint8Array;
  private readonly ends: End[] = [];
  private readonly key = new Uint8Array(KEY);
  private next = 0;
  /** Whether the last end found was made for it. */
  isNew = false;

  constructor(limit: number, make: (headers: Headers) => End) {
    this.limit = limit;
    this.make = make;
    this.chain = new Int32Array(limit);
    this.buckets = new Int32Array(limit);
    this.keys = new Uint8Array(limit * KEY);
  }

  /** @param leaves whether the packet's source is the local end */
  find(headers: Headers, leaves: boolean): End {
    const bucket = this.fill(headers, leaves);
    for (let i = this.heads[bucket]!; i >= 0; i = this.chain[i]!) {
      if (!this.matches(i * KEY)) continue;
      this.isNew = false;
      return this.ends[i]!;
    }
    this.isNew = true;
    const i = this.next;
    this.next = (i + 1) % this.limit;
    if (i < this.ends.length) this.unlink(i);
    this.chain[i] = this.heads[bucket]!;
    this.heads[bucket] = i;
    this.buckets[i] = bucket;
    this.keys.set(this.key, i * KEY);
    this.ends[i] = this.make(headers);
    return this.ends[i]!;
  }

  private unlink(gone: number): void {
    const bucket = this.buckets[gone]!;
    if (this.heads[bucket] === gone) {
      this.heads[bucket] = this.chain[gone]!;
      return;
    }
    let i = this.heads[bucket]!;
    while (this.chain[i] !== gone) i = this.chain[i]!;
    this.chain[i] = this.chain[gone]!;
  }

  private matches(at: number): boolean {
    for (let i = 0; i < KEY; i++) if (this.keys[at + i] !== this.key[i]) return false;
    return true;
  }

  /** Makes the key. @returns its bucket */
  private fill(headers: Headers, leaves: boolean): number {
    const { key } = this;
    const { buffer: b } = headers;
    const size = headers.version === 4 ? 4 : 16;
    const local = leaves ? headers.source : headers.destination;
    const remote = leaves ? headers.destination : headers.source;
    const localPort = leaves ? headers.sourcePort : headers.destinationPort;
    const remotePort = leaves ? headers.destinationPort : headers.sourcePort;
    key.fill(0);
    key[0] = headers.version;
    key[1] = headers.protocol;
    key[2] = localPort >> 8;
    key[3] = localPort;
    key[4] = remotePort >> 8;
    key[5] = remotePort;
    for (let i = 0; i < size; i++) {
      key[6 + i] = b[local + i]!;
      key[22 + i] = b[remote + i]!;
    }
    let h = 0x811c9dc5;
    for (let i = 0; i < KEY; i++) h = Math.imul(h ^ key[i]!, 0x01000193);
    return (h ^ (h >>> 16)) & (BUCKETS - 1);
  }
}
