// First sequence numbers of every connection, for relative ones: open addressing in one array, nothing allocated per
// packet. IPv4 connections take a slot of six words, IPv6 ones of twelve.

import type { Printer } from '../../printer.js';

const START_SLOTS = 1024;
/** Connections remembered of each version; past that all are forgotten, and each next packet is a first one. */
const MOST = 1 << 19;

/** The connections of one IP version. */
class Table {
  private readonly addressWords: number;
  /** Words of a slot: two addresses, the ports, two first numbers, and whether it is in use. */
  private readonly size: number;
  private words: Uint32Array;
  private slots = START_SLOTS;
  private used = 0;
  private readonly key: Uint32Array;

  constructor(addressWords: number) {
    this.addressWords = addressWords;
    this.size = 2 * addressWords + 4;
    this.words = new Uint32Array(START_SLOTS * this.size);
    this.key = new Uint32Array(2 * addressWords + 1);
  }

  /**
   * @param first, second offsets of the addresses in their order
   * @returns where the connection's first numbers are in `numbers`; a new slot holds zeros
   */
  find(b: Uint8Array, first: number, second: number, ports: number): number {
    const key = this.key;
    const n = this.addressWords;
    for (let i = 0; i < n; i++) {
      key[i] = word(b, first + 4 * i);
      key[n + i] = word(b, second + 4 * i);
    }
    key[2 * n] = ports;
    let at = this.slot();
    if (this.words[at + 2 * n + 3] === 0) {
      if (this.used * 2 >= this.slots) {
        this.grow();
        at = this.slot();
      }
      this.words.set(key, at);
      this.used++;
    }
    return at + 2 * n + 1;
  }

  /** First numbers, and behind them 1 when they are set. */
  get numbers(): Uint32Array {
    return this.words;
  }

  private slot(): number {
    const { key, words, size } = this;
    const last = key.length - 1;
    let h = key[last]!;
    for (let i = 0; i < last; i++) h = Math.imul(h ^ key[i]!, 0x9e3779b1) ^ (h >>> 15);
    for (let slot = (h ^ (h >>> 16)) & (this.slots - 1); ; slot = (slot + 1) & (this.slots - 1)) {
      const at = slot * size;
      if (words[at + size - 1] === 0) return at;
      let i = last;
      while (i >= 0 && words[at + i] === key[i]) i--;
      if (i < 0) return at;
    }
  }

  private grow(): void {
    const old = this.words;
    if (this.used >= MOST) {
      old.fill(0);
      this.used = 0;
      return;
    }
    const key = this.key.slice();
    this.slots *= 2;
    this.words = new Uint32Array(this.slots * this.size);
    for (let at = 0; at < old.length; at += this.size) {
      if (old[at + this.size - 1] === 0) continue;
      for (let i = 0; i < key.length; i++) this.key[i] = old[at + i]!;
      this.words.set(old.subarray(at, at + this.size), this.slot());
    }
    this.key.set(key);
  }
}

export class TcpStates {
  private readonly four = new Table(1);
  private readonly six = new Table(4);
  /** What the numbers of the last segment found are relative to. */
  sequence = 0;
  acknowledgement = 0;

  /**
   * Looks a segment's connection up, and starts it when it is new or begins anew.
   * @returns true when it was known: relative numbers can be shown
   */
  find(p: Printer, source: number, destination: number, seq: number, ack: number, syn: boolean): boolean {
    const b = p.buffer;
    const six = p.ipVersion === 6;
    const from = p.ipHeader + (six ? 8 : 12);
    const length = six ? 16 : 4;
    const to = from + length;
    // Both directions share a slot: an order of the two ends decides which is first.
    const reversed = source > destination || (source === destination && compare(b, from, to, length) > 0);
    const table = six ? this.six : this.four;
    const at = reversed
      ? table.find(b, to, from, (destination << 16) | source)
      : table.find(b, from, to, (source << 16) | destination);
    const numbers = table.numbers;
    const known = numbers[at + 2] !== 0 && !syn;
    if (!known) {
      numbers[at] = reversed ? ack - 1 : seq;
      numbers[at + 1] = reversed ? seq : ack - 1;
      numbers[at + 2] = 1;
    }
    this.sequence = numbers[reversed ? at + 1 : at]!;
    this.acknowledgement = numbers[reversed ? at : at + 1]!;
    return known;
  }
}

function compare(b: Uint8Array, one: number, other: number, length: number): number {
  for (let i = 0; i < length; i++) {
    const difference = b[one + i]! - b[other + i]!;
    if (difference !== 0) return difference;
  }
  return 0;
}

function word(b: Uint8Array, at: number): number {
  return (b[at]! << 24) | (b[at + 1]! << 16) | (b[at + 2]! << 8) | b[at + 3]!;
}
