// Printing a file on two threads. Both read all of it, and each stretch of packets is printed by one of them; of the
// other's they only follow what later packets' text depends on. The second hands its text to the first, which puts all in
// order. The second prints every other stretch that it comes to before the first does: where it has little of a processor,
// the first prints more, and waits for nothing that does not come soon.

import type { Output, Packet } from '../packet/index.js';
import type { TextOutput } from '../print/index.js';
import type { TextRingReader, TextRingWriter } from './textring.js';

/** Packets of a stretch: few enough to keep both threads busy, enough to make little of changing over. */
const STRETCH = 512;

/**
 * Of so many stretches, one after the other, the second is to print so many, or it is more work than help: its processor is another's by
 * now. It has begun long before the first of them.
 */
const JUDGED = 256;
const HELPS = 16;

/** Whether the second thread may print a stretch. */
function isForSecond(stretch: number): boolean {
  return (stretch & 1) === 1;
}

/** The thread that writes: prints the even stretches, and takes the text of odd ones from the other where that has begun. */
export class FirstHalf implements Output {
  private count = 0;
  /** Packets of the stretch at hand that the other has printed. */
  private theirs = 0;
  /** The other has come to its end, for whatever reason: we print alone. */
  private alone = false;
  /** Stretches that the other has printed of those that it is judged by. */
  private helped = 0;

  constructor(
    private readonly text: TextOutput,
    private readonly ring: TextRingReader,
    private readonly sink: (text: Uint8Array) => void,
  ) {}

  packet(packet: Packet): void {
    if (!this.alone) {
      if (this.count % STRETCH === 0) this.begin(this.count / STRETCH);
      this.count++;
    }
    if (this.theirs > 0) {
      this.theirs--;
      this.text.follow(packet);
    } else this.text.packet(packet);
  }

  private begin(stretch: number): void {
    if (stretch % JUDGED === 0) this.judge(stretch);
    if (this.alone || !isForSecond(stretch) || this.ring.claim(stretch)) return;
    this.text.flush();
    const printed = this.ring.takeSoon(this.sink);
    if (printed < 0) return;
    this.theirs = printed;
    this.alone = printed < STRETCH;
    this.helped++;
  }

  /** Sends the other home where it does not help. */
  private judge(stretch: number): void {
    const helped = this.helped;
    this.helped = 0;
    if (stretch < 2 * JUDGED || helped >= HELPS) return;
    this.ring.dismiss();
    this.alone = true;
  }

  skip(): void {
    this.text.skip();
  }

  flush(): void {
    this.text.flush();
  }

  close(): void {
    this.text.close();
  }
}

/** The thread that helps: prints odd stretches into the ring, those that the first has not come to yet. */
export class SecondHalf implements Output {
  private count = 0;
  /** The stretch at hand is ours. */
  private ours = false;
  /** The first prints alone from now on: there is nothing left to do. */
  dismissed = false;

  /** @param text writes to the ring */
  constructor(
    private readonly text: TextOutput,
    private readonly ring: TextRingWriter,
  ) {}

  packet(packet: Packet): void {
    if (this.count % STRETCH === 0) {
      const stretch = this.count / STRETCH;
      this.dismissed = this.ring.dismissed;
      this.ours = isForSecond(stretch) && this.ring.claim(stretch);
    }
    if (this.ours) this.text.packet(packet);
    else this.text.follow(packet);
    if (++this.count % STRETCH === 0) this.ended(STRETCH);
  }

  skip(): void {
    this.text.skip();
  }

  /** Stretches are handed on whole. */
  flush(): void {}

  /** The file is over. */
  close(): void {
    this.ended(this.count % STRETCH);
    this.ring.close();
  }

  /** Ends a stretch if it is ours. */
  private ended(packets: number): void {
    if (packets === 0 || !this.ours) return;
    this.ours = false;
    this.text.flush();
    this.ring.end(packets);
  }
}
