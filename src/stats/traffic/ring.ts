// History in rings of fixed size: bytes in and out of each of the last seconds and minutes. A slot says which second it is of, so
// that time without traffic costs nothing.

export const SECONDS = 60;

/** Slots of one unit of time: for each its number, bytes in, bytes out. */
class Slots {
  private readonly stamps = new Float64Array(SECONDS).fill(-1);
  private readonly values = new Float64Array(2 * SECONDS);

  add(time: number, bytesIn: number, bytesOut: number): void {
    const slot = time % SECONDS;
    const { stamps, values } = this;
    if (stamps[slot]! > time) return;
    if (stamps[slot] !== time) {
      stamps[slot] = time;
      values[2 * slot] = 0;
      values[2 * slot + 1] = 0;
    }
    values[2 * slot]! += bytesIn;
    values[2 * slot + 1]! += bytesOut;
  }

  /** Bytes of `time`, the direction's: 0 in, 1 out. */
  at(time: number, direction: 0 | 1): number {
    const slot = time % SECONDS;
    return time >= 0 && this.stamps[slot] === time ? this.values[2 * slot + direction]! : 0;
  }
}

/** Seconds, and minutes where they are wanted. */
export class Ring {
  readonly seconds = new Slots();
  readonly minutes: Slots | null;

  constructor(minutes: boolean) {
    this.minutes = minutes ? new Slots() : null;
  }

  add(second: number, bytesIn: number, bytesOut: number): void {
    this.seconds.add(second, bytesIn, bytesOut);
    this.minutes?.add(Math.floor(second / 60), bytesIn, bytesOut);
  }
}

/** Seconds of many flows in common memory. Who was idle for as long as a ring goes back has nothing in it, and gives it away. */
export class RingPool {
  private stamps = new Float64Array(0);
  private values = new Float64Array(0);
  /** The last second that a ring has something of. */
  private latest = new Float64Array(0);
  /** Whose it is. */
  private owners = new Float64Array(0);
  private used = 0;
  private hand = 0;
  /** Whether somebody got none. */
  isFull = false;

  /** @param most rings that there are */
  constructor(private readonly most: number) {}

  /** @returns a ring's number for an owner, -1: all are in use */
  take(owner: number, second: number): number {
    const ring = this.used < this.most ? this.grow() : this.expired(second);
    if (ring < 0) {
      this.isFull = true;
      return -1;
    }
    this.stamps.fill(-1, ring * SECONDS, (ring + 1) * SECONDS);
    this.owners[ring] = owner;
    this.latest[ring] = second;
    return ring;
  }

  private grow(): number {
    if (this.used === this.latest.length) {
      const size = Math.min(this.most, Math.max(256, 2 * this.used));
      const larger = (old: Float64Array<ArrayBuffer>, length: number): Float64Array<ArrayBuffer> => {
        const grown = new Float64Array(length);
        grown.set(old);
        return grown;
      };
      this.stamps = larger(this.stamps, size * SECONDS);
      this.values = larger(this.values, 2 * size * SECONDS);
      this.latest = larger(this.latest, size);
      this.owners = larger(this.owners, size);
    }
    return this.used++;
  }

  /** A ring whose seconds have all passed, among the next few. */
  private expired(second: number): number {
    for (let i = 0; i < 32; i++) {
      this.hand = (this.hand + 1) % this.used;
      if (this.latest[this.hand]! <= second - SECONDS) return this.hand;
    }
    return -1;
  }

  /** Whether a ring is still its owner's. */
  isOf(ring: number, owner: number): boolean {
    return ring >= 0 && this.owners[ring] === owner;
  }

  /** An owner that is no more gives its ring back. */
  free(ring: number, owner: number): void {
    if (!this.isOf(ring, owner)) return;
    this.owners[ring] = -1;
    this.latest[ring] = Number.NEGATIVE_INFINITY;
  }

  add(ring: number, second: number, bytesIn: number, bytesOut: number): void {
    const slot = ring * SECONDS + (second % SECONDS);
    const { stamps, values } = this;
    if (stamps[slot]! > second) return;
    if (stamps[slot] !== second) {
      stamps[slot] = second;
      values[2 * slot] = 0;
      values[2 * slot + 1] = 0;
    }
    values[2 * slot]! += bytesIn;
    values[2 * slot + 1]! += bytesOut;
    if (second > this.latest[ring]!) this.latest[ring] = second;
  }

  /** Bytes of a second, in and out together. */
  at(ring: number, second: number): number {
    const slot = ring * SECONDS + (second % SECONDS);
    return second >= 0 && this.stamps[slot] === second
      ? this.values[2 * slot]! + this.values[2 * slot + 1]!
      : 0;
  }
}
