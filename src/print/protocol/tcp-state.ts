// First sequence numbers of every connection, for relative ones: open addressing in one array, nothing allocated per packet.

import type { Printer } from '../printer.js';

/** Words of a slot: two addresses of four words, ports, sequence and acknowledgement, whether it is in use. */
const SLOT = 12;
const PORTS = 8;
const SEQUENCE = 9;
const ACKNOWLEDGEMENT = 10;
const USED = 11;
const START_SLOTS = 4096;
/** Connections remembered; past that everything is forgotten and numbers are absolute for a packet each. */
const MOST = 1 << 19;

export class TcpStates {
  private words = new Uint32Array(START_SLOTS * SLOT);
  private slots = START_SLOTS;
  private used = 0;
  private readonly key = new Uint32Array(PORTS + 1);
  /** Whether the last packet found went against the order its connection is kept in. */
  reversed = false;
  /** First numbers of the last connection found, in its order. */
  sequence = 0;
  acknowledgement = 0;

  /**
   * Looks a segment's connection up, and starts it when it is new or begins anew.
   * @returns true when it was known: relative numbers can be shown
   */
  find(p: Printer, source: number, destination: number, seq: number, ack: number, syn: boolean): boolean {
    const size = p.ipVersion === 6 ? 4 : 1;
    const from = p.ipHeader + (size === 4 ? 8 : 12);
    this.reversed = this.before(p.buffer, p.ipDestination, from, size * 4, destination, source);
    const key = this.key;
    const first = this.reversed ? p.ipDestination : from;
    const second = this.reversed ? from : p.ipDestination;
    for (let i = 0; i < 4; i++) {
      key[i] = i < size ? word(p.buffer, first + 4 * i) : 0;
      key[4 + i] = i < size ? word(p.buffer, second + 4 * i) : 0;
    }
    key[PORTS] = this.reversed ? (destination << 16) | source : (source << 16) | destination;
    const at = this.slot();
    const words = this.words;
    if (words[at + USED] === 0 || syn) {
      if (words[at + USED] === 0) {
        words.set(key, at);
        words[at + USED] = 1;
        this.used++;
      }
      words[at + SEQUENCE] = this.reversed ? ack - 1 : seq;
      words[at + ACKNOWLEDGEMENT] = this.reversed ? seq : ack - 1;
      this.sequence = words[at + SEQUENCE]!;
      this.acknowledgement = words[at + ACKNOWLEDGEMENT]!;
      if (this.used * 2 > this.slots) this.grow();
      return false;
    }
    this.sequence = words[at + SEQUENCE]!;
    this.acknowledgement = words[at + ACKNOWLEDGEMENT]!;
    return true;
  }

  private before(
    b: Uint8Array,
    one: number,
    other: number,
    size: number,
    onePort: number,
    otherPort: number,
  ): boolean {
    for (let i = 0; i < size; i++) if (b[one + i] !== b[other + i]) return b[one + i]! < b[other + i]!;
    return onePort < otherPort;
  }

  private slot(): number {
    const key = this.key;
    let h = 0;
    for (let i = 0; i <= PORTS; i++) h = Math.imul(h ^ key[i]!, 0x9e3779b1) ^ (h >>> 15);
    let slot = (h ^ (h >>> 16)) & (this.slots - 1);
    for (;;) {
      const at = slot * SLOT;
      if (this.words[at + USED] === 0) return at;
      let i = 0;
      while (i <= PORTS && this.words[at + i] === key[i]) i++;
      if (i > PORTS) return at;
      slot = (slot + 1) & (this.slots - 1);
    }
  }

  private grow(): void {
    const old = this.words;
    if (this.used >= MOST) {
      old.fill(0);
      this.used = 0;
      return;
    }
    this.slots *= 2;
    this.words = new Uint32Array(this.slots * SLOT);
    for (let at = 0; at < old.length; at += SLOT) {
      if (old[at + USED] === 0) continue;
      this.key.set(old.subarray(at, at + PORTS + 1));
      this.words.set(old.subarray(at, at + SLOT), this.slot());
    }
  }
}

function word(b: Uint8Array, at: number): number {
  return (b[at]! << 24) | (b[at + 1]! << 16) | (b[at + 2]! << 8) | b[at + 3]!;
}
