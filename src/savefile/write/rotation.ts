// When the next file of a capture begins and what it is called: tcpdump's -C, -G and -W.

import { formatTime } from '../node/strftime.js';

export interface RotationOptions {
  /** Bytes (-C): a packet that finds the file larger begins the next one. */
  readonly size?: number | null;
  /** Seconds (-G): the first packet this long after the file was begun begins the next one. */
  readonly seconds?: number | null;
  /** -W: with size, how many files there are before the first is written over; with seconds alone, in all. */
  readonly files?: number | null;
  /** -z: run with the name of each file that is closed, the last too. */
  readonly command?: string | null;
}

export class Rotation {
  readonly #size: number;
  readonly #seconds: number;
  readonly #files: number;
  readonly #digits: number;
  /** Start of the file at hand, seconds since the epoch. */
  #began: number;
  #periods = 0;
  #count = 0;

  constructor(
    readonly name: string,
    options: RotationOptions,
    now: number,
  ) {
    this.#size = options.size ?? 0;
    this.#seconds = options.seconds ?? 0;
    this.#files = options.files ?? 0;
    this.#digits = digits(this.#files);
    this.#began = Math.floor(now / 1000);
  }

  /** Name of the file at hand. */
  path(): string {
    const name = this.#seconds > 0 ? formatTime(this.name, new Date(this.#began * 1000)) : this.name;
    if (this.#size === 0 || (this.#count === 0 && this.#digits === 0)) return name;
    return name + String(this.#count).padStart(this.#digits, '0');
  }

  /**
   * Asked before each packet.
   * @param now milliseconds since the epoch
   * @param size of the file at hand, bytes
   * @returns whether to go on with this file, begin the next (`path` is its name), or end: all files are written
   */
  next(now: number, size: number): 'same' | 'next' | 'end' {
    if (this.#seconds > 0) {
      const seconds = Math.floor(now / 1000);
      if (seconds - this.#began >= this.#seconds) {
        this.#began = seconds;
        this.#periods++;
        if (this.#size === 0 && this.#files > 0 && this.#periods >= this.#files) return 'end';
        this.#count = 0;
        return 'next';
      }
    }
    if (this.#size > 0 && size > this.#size) {
      this.#count++;
      if (this.#files > 0 && this.#count >= this.#files) this.#count = 0;
      return 'next';
    }
    return 'same';
  }

  /** Whether `next` has to be asked at all. */
  get active(): boolean {
    return this.#size > 0 || this.#seconds > 0;
  }

  /** Whether time counts, so that `next` needs to know it. */
  get timed(): boolean {
    return this.#seconds > 0;
  }
}

/** Digits of the last file's number. */
function digits(files: number): number {
  let count = 0;
  for (let last = files - 1; last > 0; last = Math.floor(last / 10)) count++;
  return count;
}
