// Batches that wait for the network: bounded. What has no room is the oldest, and counted.

/** Whole pcapng blocks that can be read alone, and how many packets are in them. */
export interface Batch {
  readonly bytes: Uint8Array;
  readonly packets: number;
  /** Milliseconds of the clock that nobody sets, when it came. */
  readonly came: number;
  readonly number: number;
}

export class BatchQueue {
  private waiting: Batch[] = [];
  bytes = 0;
  /** Packets of batches that were dropped for want of room. */
  dropped = 0;

  /** @param most bytes that wait at most */
  constructor(private readonly most: number) {}

  get length(): number {
    return this.waiting.length;
  }

  /** Milliseconds that the oldest has waited. */
  lag(now: number): number {
    const first = this.waiting[0];
    return first === undefined ? 0 : Math.max(0, now - first.came);
  }

  add(batch: Batch): void {
    this.waiting.push(batch);
    this.bytes += batch.bytes.length;
    while (this.bytes > this.most && this.waiting.length > 1) {
      const oldest = this.waiting.shift()!;
      this.bytes -= oldest.bytes.length;
      this.dropped += oldest.packets;
    }
  }

  take(): Batch | undefined {
    const batch = this.waiting.shift();
    if (batch !== undefined) this.bytes -= batch.bytes.length;
    return batch;
  }

  /** Puts one back that could not be sent: it is older than all that wait. */
  back(batch: Batch): void {
    let place = 0;
    while (place < this.waiting.length && this.waiting[place]!.number < batch.number) place++;
    this.waiting.splice(place, 0, batch);
    this.bytes += batch.bytes.length;
  }

  /** Drops all. */
  clear(): void {
    for (const { packets } of this.waiting) this.dropped += packets;
    this.waiting = [];
    this.bytes = 0;
  }
}

/** Bytes that may be sent a second, with a second's worth at once. */
export class RateLimit {
  private left: number;
  private at: number;

  /** @param rate bytes a second; null: no limit */
  constructor(
    private readonly rate: number | null,
    now: number,
  ) {
    this.left = rate ?? 0;
    this.at = now;
  }

  /** Whether so many bytes may be sent now. One batch that is larger than a second's worth is sent when nothing was for a second. */
  takes(bytes: number, now: number): boolean {
    if (this.rate === null) return true;
    this.left = Math.min(this.rate, this.left + ((now - this.at) / 1000) * this.rate);
    this.at = now;
    if (this.left < Math.min(bytes, this.rate)) return false;
    this.left -= bytes;
    return true;
  }
}
