// A file's bytes over its time, in a fixed number of steps: as time goes on, two steps become one.

const STEPS = 512;
const FIRST_STEP = 1 / 1024;

export class Axis {
  private values = new Float64Array(STEPS);
  private step = FIRST_STEP;
  /** Seconds since the epoch; the first packet's, or that of an earlier one that came later. */
  begin = Number.POSITIVE_INFINITY;
  end = Number.NEGATIVE_INFINITY;

  add(time: number, bytes: number): void {
    if (this.begin === Number.POSITIVE_INFINITY) this.begin = this.end = time;
    if (time > this.end) this.end = time;
    if (time < this.begin) {
      // All that there is so far moves behind it.
      const old = this.values;
      const shift = this.begin - time;
      while (this.end - time >= STEPS * this.step) this.halve();
      const places = Math.ceil(shift / this.step);
      const kept = old === this.values ? old.slice() : this.values.slice();
      this.values.fill(0);
      for (let i = 0; i < STEPS; i++)
        if (kept[i]! > 0) this.values[Math.min(STEPS - 1, i + places)]! += kept[i]!;
      this.begin = time;
    }
    while (time - this.begin >= STEPS * this.step) this.halve();
    this.values[Math.floor((time - this.begin) / this.step)]! += bytes;
  }

  private halve(): void {
    const { values } = this;
    for (let i = 0; i < STEPS / 2; i++) values[i] = values[2 * i]! + values[2 * i + 1]!;
    values.fill(0, STEPS / 2);
    this.step *= 2;
  }

  /** Seconds from the first packet to the last. */
  get length(): number {
    return Math.max(0, this.end - this.begin);
  }

  /** Bytes of each of so many equal parts of the time. */
  parts(count: number): number[] {
    const parts = new Array<number>(count).fill(0);
    if (this.end < this.begin) return parts;
    const used = Math.min(STEPS, Math.floor(this.length / this.step) + 1);
    for (let i = 0; i < used; i++)
      parts[Math.min(count - 1, Math.floor((i * count) / used))]! += this.values[i]!;
    return parts;
  }
}
