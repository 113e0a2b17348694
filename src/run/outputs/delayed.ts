// Packets that wait until the keys have come that decrypt them: a program writes its keys down when the packets that they are for
// have passed, and readers want them first. All packets wait, so that their order stays.

import { milliseconds } from '../../builtin.js';
import { Headers } from '../../decode/index.js';
import type { Output, Packet } from '../../packet/index.js';
import type { SavefileWriter } from '../../savefile/index.js';

/** Milliseconds each packet waits, and at most while a handshake's keys have not come. */
const HOLD = 250;
const PATIENCE = 2000;
/** Milliseconds between two looks. */
const LOOK = 20;
/** Bytes that wait at most; then the oldest do not any more. */
const MOST = 32 * 1024 * 1024;
/** What a packet costs besides its bytes, roughly. */
const OBJECT = 400;
const MOST_HANDSHAKES = 4096;
/** A record of a handshake, a hello of a client; where its random is. */
const HANDSHAKE = 22;
const CLIENT_HELLO = 1;
const RANDOM = 11;
const RANDOM_LENGTH = 32;
/** Keys that say that a handshake's are all there. */
const LAST_KEYS = /^(?:CLIENT_RANDOM|CLIENT_TRAFFIC_SECRET_0) ([0-9a-fA-F]{64}) /gm;

interface Waiting {
  readonly packet: Packet;
  readonly since: number;
}

export class DelayedSavefile implements Output {
  /** Oldest first, from `#first` on. */
  #queue: Waiting[] = [];
  #first = 0;
  #bytes = 0;
  /** When it was looked at last. */
  #released = 0;
  /** Randoms of clients whose keys have not come, and until when they are waited for. */
  readonly #handshakes = new Map<string, number>();
  readonly #headers = new Headers();

  /** @param keys gives those that have come since it was asked last */
  constructor(
    readonly writer: SavefileWriter,
    readonly keys: () => Uint8Array | null,
  ) {}

  packet(packet: Packet): void {
    const now = milliseconds();
    this.#queue.push({ packet: packet.copy(), since: now });
    this.#bytes += packet.capturedLength + OBJECT;
    this.#greeting(packet, now);
    const due = this.#queue[this.#first]!.since + HOLD < now && this.#released + LOOK < now;
    if (due || this.#bytes > MOST) this.#release(now);
  }

  /** Notes a client's hello. */
  #greeting(packet: Packet, now: number): void {
    const headers = this.#headers;
    if (!headers.read(packet) || headers.payload < 0 || headers.tcpFlags === 0) return;
    const { buffer } = packet;
    const at = headers.payload;
    if (headers.payloadEnd - at < RANDOM + RANDOM_LENGTH) return;
    if (buffer[at] !== HANDSHAKE || buffer[at + 1] !== 3 || buffer[at + 5] !== CLIENT_HELLO) return;
    const random = Buffer.from(buffer.subarray(at + RANDOM, at + RANDOM + RANDOM_LENGTH)).toString('hex');
    // A hello that comes again, as the receiver sees it or sent twice, is the same.
    if (!this.#handshakes.has(random) && this.#handshakes.size < MOST_HANDSHAKES)
      this.#handshakes.set(random, now + PATIENCE);
  }

  #takeKeys(): void {
    const keys = this.keys();
    if (keys === null) return;
    this.writer.secrets(keys);
    const text = Buffer.from(keys.buffer, keys.byteOffset, keys.length).toString('latin1');
    for (const [, random] of text.matchAll(LAST_KEYS)) this.#handshakes.delete(random!.toLowerCase());
  }

  /** Hands on what has waited long enough. */
  #release(now: number): void {
    this.#released = now;
    this.#takeKeys();
    for (const [random, until] of this.#handshakes) if (until < now) this.#handshakes.delete(random);
    const hold = this.#handshakes.size > 0 ? PATIENCE : HOLD;
    while (this.#first < this.#queue.length) {
      const { packet, since } = this.#queue[this.#first]!;
      if (since + hold > now && this.#bytes <= MOST) break;
      this.#bytes -= packet.capturedLength + OBJECT;
      this.#first++;
      this.writer.packet(packet);
    }
    if (this.#first === this.#queue.length) {
      this.#queue = [];
      this.#first = 0;
    } else if (this.#first > 1024 && this.#first * 2 > this.#queue.length) {
      this.#queue = this.#queue.slice(this.#first);
      this.#first = 0;
    }
  }

  flush(): void {
    this.#release(milliseconds());
    this.writer.flush();
  }

  reopen(): void {
    this.writer.reopen();
  }

  close(): void {
    try {
      this.#release(Infinity);
    } finally {
      this.writer.close();
    }
  }
}
