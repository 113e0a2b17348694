// Time stamps of pcapng: a 64-bit count of units since the epoch, turned into seconds and nanoseconds.

const TWO_32 = 4_294_967_296;

/** How a rest of less than a second becomes nanoseconds, exactly. */
const Rest = { MULTIPLY: 0, DIVIDE: 1, SHORT_BINARY: 2, LONG: 3 } as const;

/** An interface's clock. Keeps the last upper half's worth, so that a packet costs one division. */
export class Clock {
  /** Results of the last `set`. */
  seconds = 0;
  nanoseconds = 0;
  readonly #units: bigint;
  /** Units a second; 0: too many for numbers to hold the sums, so the slow way is taken. */
  readonly #perSecond: number;
  readonly #rest: number;
  readonly #factor: number;
  readonly #offset: number;
  #high = -1;
  #baseSeconds = 0;
  #baseUnits = 0;

  /**
   * @param resolution if_tsresol: n for 10^-n seconds, 0x80 | n for 2^-n
   * @param offset if_tsoffset: seconds added to each time
   */
  constructor(
    readonly resolution: number,
    readonly offset: bigint,
  ) {
    const binary = (resolution & 0x80) !== 0;
    this.#units = binary ? 1n << BigInt(resolution & 0x7f) : 10n ** BigInt(resolution);
    this.#perSecond = this.#units <= 1n << 52n ? Number(this.#units) : 0;
    this.#offset = Number(offset);
    if (!binary) {
      this.#rest = resolution <= 9 ? Rest.MULTIPLY : Rest.DIVIDE;
      this.#factor = 10 ** Math.abs(9 - resolution);
    } else {
      // The product with 10^9 stays below 2^53 up to 2^23 units.
      this.#rest = (resolution & 0x7f) <= 23 ? Rest.SHORT_BINARY : Rest.LONG;
      this.#factor = 1e9;
    }
  }

  /** Turns a count of units, given as its upper and lower 32 bits, into `seconds` and `nanoseconds`. */
  set(high: number, low: number): void {
    const perSecond = this.#perSecond;
    if (perSecond === 0) {
      const units = (BigInt(high) << 32n) | BigInt(low);
      this.seconds = Number(units / this.#units) + this.#offset;
      this.nanoseconds = this.#exact(units % this.#units);
      return;
    }
    if (high !== this.#high) {
      const whole = BigInt(high) << 32n;
      this.#high = high;
      this.#baseSeconds = Number(whole / this.#units) + this.#offset;
      this.#baseUnits = Number(whole % this.#units);
    }
    const units = this.#baseUnits + low;
    const seconds = Math.floor(units / perSecond);
    const rest = units - seconds * perSecond;
    this.seconds = this.#baseSeconds + seconds;
    if (this.#rest === Rest.MULTIPLY) this.nanoseconds = rest * this.#factor;
    else if (this.#rest === Rest.DIVIDE) this.nanoseconds = Math.floor(rest / this.#factor);
    else if (this.#rest === Rest.SHORT_BINARY) this.nanoseconds = Math.floor((rest * 1e9) / perSecond);
    else this.nanoseconds = this.#exact(BigInt(rest));
  }

  /** The reverse of `set`, for the rare time that did not come from here. */
  units(seconds: number, nanoseconds: number, result: { high: number; low: number }): void {
    const whole = (BigInt(seconds) - this.offset) * this.#units;
    const units = BigInt.asUintN(64, whole + (BigInt(nanoseconds) * this.#units) / 1_000_000_000n);
    result.high = Number(units >> 32n);
    result.low = Number(units & 0xffff_ffffn);
  }

  #exact(rest: bigint): number {
    return Number((rest * 1_000_000_000n) / this.#units);
  }
}

/**
 * @returns the count of units for a time, split: [upper, lower 32 bits] is `result`
 * @param perSecond 1e6 or 1e9
 */
export function unitsOf(
  seconds: number,
  nanoseconds: number,
  perSecond: 1_000_000 | 1_000_000_000,
  result: { high: number; low: number },
): void {
  const fraction = perSecond === 1_000_000_000 ? nanoseconds : Math.floor(nanoseconds / 1000);
  // seconds * perSecond passes 2^53: multiply the halves.
  const upper = Math.floor(seconds / 65_536);
  const lower = seconds - upper * 65_536;
  const low = lower * perSecond + fraction;
  const middle = upper * perSecond;
  // units = middle * 2^16 + low, with middle < 2^53 and low < 2^47
  const middleHigh = Math.floor(middle / 65_536);
  const sum = (middle - middleHigh * 65_536) * 65_536 + low;
  const carry = Math.floor(sum / TWO_32);
  result.high = (middleHigh + carry) >>> 0;
  result.low = sum - carry * TWO_32;
}
