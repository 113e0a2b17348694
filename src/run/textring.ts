// Text from one thread to another, in shared memory: the writer waits while it is full, the reader while it is empty. And
// which of the two prints a stretch: whoever claims it.

/** Bytes of text under way at most, a power of two. */
const SIZE = 4 * 1024 * 1024;
/** Words in front: bytes written and read so far (modulo 2^32), whether the writer is gone, and whether the reader sends it home. */
const Word = { WRITTEN: 0, READ: 1, GONE: 2, DISMISSED: 3, COUNT: 4 } as const;
/** Claims behind the words, a power of two: of more stretches than the writer is ever ahead, or it has been at them all. */
const CLAIMS = 256;
const IN_FRONT = (Word.COUNT + CLAIMS) * 4;
/** Who has claimed a stretch, in the lowest bits of its claim; above them is its number. */
const Claim = { NONE: 0, READER: 1, WRITER: 2, BITS: 2 } as const;
/** In front of each piece of text: its length, or ENDS and the number of packets of a stretch that ends here. */
const FRAME = 4;
const ENDS = 0x80000000;
const ALIGNMENT = 4;
/** Milliseconds to wait for the other thread before it counts as hung. */
const PATIENCE = 60_000;

/** Memory for a ring. */
export function makeTextRing(): SharedArrayBuffer {
  return new SharedArrayBuffer(IN_FRONT + SIZE);
}

class Ring {
  protected readonly words: Int32Array;
  protected readonly bytes: Uint8Array;
  /** A frame's word is aligned, and so never wraps. */
  protected readonly frames: Uint32Array;
  private readonly claims: Int32Array;

  constructor(memory: SharedArrayBuffer) {
    this.words = new Int32Array(memory, 0, Word.COUNT);
    this.claims = new Int32Array(memory, Word.COUNT * 4, CLAIMS);
    this.bytes = new Uint8Array(memory, IN_FRONT, SIZE);
    this.frames = new Uint32Array(memory, IN_FRONT, SIZE / 4);
  }

  /**
   * Claims a stretch for one of the two, where the other has not.
   * @param number the stretch's, from 0 on
   * @returns whether it is theirs
   */
  protected claimFor(number: number, who: number): boolean {
    const place = number & (CLAIMS - 1);
    const own = (number << Claim.BITS) | who;
    const before = Atomics.load(this.claims, place);
    // What lies there of this stretch or a later one is the other's.
    if (before !== Claim.NONE && before >> Claim.BITS >= number) return false;
    return Atomics.compareExchange(this.claims, place, before, own) === before;
  }

  /** Bytes written and not read. */
  protected filled(): number {
    return (Atomics.load(this.words, Word.WRITTEN) - Atomics.load(this.words, Word.READ)) >>> 0;
  }

  /** Moves a position on and tells the other side. */
  protected advance(word: number, bytes: number): void {
    Atomics.add(this.words, word, bytes);
    Atomics.notify(this.words, word);
  }

  /** Waits until a position is no more what it was. */
  protected wait(word: number, value: number): void {
    if (Atomics.wait(this.words, word, value, PATIENCE) === 'timed-out')
      throw new Error('the other thread of printing does not go on');
  }
}

const padded = (length: number): number => (length + ALIGNMENT - 1) & -ALIGNMENT;

/** The end that puts text in. */
export class TextRingWriter extends Ring {
  /** Bytes put in that the reader is not told of yet: it is when a stretch is whole, or too long for the ring. */
  private untold = 0;

  /** Claims a stretch. */
  claim(number: number): boolean {
    return this.claimFor(number, Claim.WRITER);
  }

  /** Whether the reader wants nothing more. */
  get dismissed(): boolean {
    return Atomics.load(this.words, Word.DISMISSED) === 1;
  }

  private get place(): number {
    return (Atomics.load(this.words, Word.WRITTEN) + this.untold) & (SIZE - 1);
  }

  private tell(): void {
    const { untold } = this;
    this.untold = 0;
    if (untold > 0) this.advance(Word.WRITTEN, untold);
  }

  /** Puts in a piece of a stretch's text. */
  write(text: Uint8Array): void {
    for (let at = 0; at < text.length; ) {
      const room = this.room(Math.min(FRAME + padded(text.length - at), SIZE / 2));
      const piece = text.subarray(at, at + room - FRAME);
      const start = this.place;
      this.frames[start / 4] = piece.length;
      const begin = (start + FRAME) & (SIZE - 1);
      const first = Math.min(piece.length, SIZE - begin);
      this.bytes.set(piece.subarray(0, first), begin);
      this.bytes.set(piece.subarray(first), 0);
      this.untold += FRAME + padded(piece.length);
      at += piece.length;
    }
  }

  /** Ends a stretch. @param packets how many it has */
  end(packets: number): void {
    this.room(FRAME);
    this.frames[this.place / 4] = (ENDS | packets) >>> 0;
    this.untold += FRAME;
    this.tell();
  }

  /** Nothing more comes. */
  close(): void {
    // A stretch that broke off is printed by the reader, whole.
    this.untold = 0;
    Atomics.store(this.words, Word.GONE, 1);
    if (!this.dismissed) this.end(0);
  }

  /** Bytes that fit, `least` at least: waits for them. */
  private room(least: number): number {
    for (;;) {
      const read = Atomics.load(this.words, Word.READ);
      const room = SIZE - this.filled() - this.untold;
      if (room >= least) return room;
      this.tell();
      if (this.dismissed) throw new Error('nobody reads on');
      this.wait(Word.READ, read);
    }
  }
}

/** Milliseconds to wait for a stretch that the other has begun: then it is printed here, and its text is thrown away. */
const SOON = 2;

/** The end that takes text out. */
export class TextRingReader extends Ring {
  /** Stretches whose text is to be thrown away when it comes. */
  private stale = 0;

  /** Claims a stretch. */
  claim(number: number): boolean {
    this.discard(0);
    return this.claimFor(number, Claim.READER);
  }

  /** Nothing more is taken out: the writer, which may wait for room, is to end. */
  dismiss(): void {
    Atomics.store(this.words, Word.DISMISSED, 1);
    // It asks for that before it waits for the other word to change.
    this.advance(Word.READ, this.filled());
  }

  /** Throws stale text away, as far as it is there; waits for the rest. @returns whether none is left */
  private discard(patience: number): boolean {
    while (this.stale > 0) {
      if (!this.isThere(patience)) return false;
      this.take(() => {});
      this.stale--;
    }
    return true;
  }

  /** Whether there is text of a stretch, after a while at most, or nothing more comes. */
  private isThere(patience: number): boolean {
    const written = Atomics.load(this.words, Word.WRITTEN);
    if (this.filled() > 0 || Atomics.load(this.words, Word.GONE) === 1) return true;
    if (patience > 0) Atomics.wait(this.words, Word.WRITTEN, written, patience);
    return this.filled() > 0 || Atomics.load(this.words, Word.GONE) === 1;
  }

  /**
   * As `take`, of a stretch that the other has claimed: where its text does not come soon, it is to be printed here.
   * @returns -1 then
   */
  takeSoon(sink: (text: Uint8Array) => void): number {
    if (this.discard(SOON) && this.isThere(SOON)) return this.take(sink);
    this.stale++;
    return -1;
  }

  /**
   * Takes out the text of a stretch, as it comes.
   * @param sink takes pieces; they are valid during the call only
   * @returns how many packets the stretch has; fewer than others when the writer's file ended
   */
  take(sink: (text: Uint8Array) => void): number {
    for (;;) {
      const written = Atomics.load(this.words, Word.WRITTEN);
      if (this.filled() === 0) {
        if (Atomics.load(this.words, Word.GONE) === 1) return 0;
        this.wait(Word.WRITTEN, written);
        continue;
      }
      const start = Atomics.load(this.words, Word.READ) & (SIZE - 1);
      const frame = this.frames[start / 4]!;
      if (frame >= ENDS) {
        this.advance(Word.READ, FRAME);
        return frame - ENDS;
      }
      const begin = (start + FRAME) & (SIZE - 1);
      const first = Math.min(frame, SIZE - begin);
      sink(this.bytes.subarray(begin, begin + first));
      if (first < frame) sink(this.bytes.subarray(0, frame - first));
      this.advance(Word.READ, FRAME + padded(frame));
    }
  }
}
