// Printing a file on two threads. Both read all of it and print stretches of packets by turns; of the other's stretches
// they only follow what later packets' text depends on. The second hands its text to the first, which puts all in order.

import type { Packet } from '../packet/index.js';
import type { TextOutput } from './text.js';
import type { TextRingReader, TextRingWriter } from './textring.js';
import type { Sink } from './writer.js';

/** Packets of a stretch: few enough to keep both threads busy, enough to make little of changing over. */
const STRETCH = 512;

/** Whether the second thread prints the packet with this number, counted from 0. */
function isTheirs(number: number): boolean {
  return (Math.floor(number / STRETCH) & 1) === 1;
}

/** What a run prints packets with: a TextOutput or a half of one. */
export interface PacketPrinter {
  packet(packet: Packet): void;
  /** Counts a packet that is not printed. */
  skip(): void;
}

/** The thread that writes: prints the even stretches and takes the text of the odd ones from the other. */
export class FirstHalf implements PacketPrinter {
  private count = 0;
  /** Packets of the stretch at hand that the other has printed. */
  private theirs = 0;
  /** The other has come to its end, for whatever reason: we print alone. */
  private alone = false;

  constructor(
    private readonly text: TextOutput,
    private readonly ring: TextRingReader,
    private readonly sink: Sink,
  ) {}

  packet(packet: Packet): void {
    if (!this.alone) {
      if (this.count % STRETCH === 0 && isTheirs(this.count)) this.takeOver();
      this.count++;
    }
    if (this.theirs > 0) {
      this.theirs--;
      this.text.follow(packet);
    } else this.text.packet(packet);
  }

  private takeOver(): void {
    this.text.flush();
    this.theirs = this.ring.take(this.sink);
    this.alone = this.theirs < STRETCH;
  }

  skip(): void {
    this.text.skip();
  }
}

/** The thread that helps: prints the odd stretches into the ring. */
export class SecondHalf implements PacketPrinter {
  private count = 0;

  /** @param text writes to the ring */
  constructor(
    private readonly text: TextOutput,
    private readonly ring: TextRingWriter,
  ) {}

  packet(packet: Packet): void {
    if (isTheirs(this.count)) this.text.packet(packet);
    else this.text.follow(packet);
    if (++this.count % STRETCH === 0) this.ended(STRETCH);
  }

  skip(): void {
    this.text.skip();
  }

  /** The file is over. */
  close(): void {
    this.ended(this.count % STRETCH);
    this.ring.close();
  }

  /** Ends a stretch if it is ours. */
  private ended(packets: number): void {
    if (packets === 0 || !isTheirs(this.count - 1)) return;
    this.text.flush();
    this.ring.end(packets);
  }
}
