// Text from one thread to another, in shared memory: the writer waits while it is full, the reader while it is empty.

/** Bytes of text under way at most, a power of two. */
const SIZE = 4 * 1024 * 1024;
/** Words in front: bytes written and read so far (modulo 2^32), stretches ended, and whether the writer is gone. */
const Word = { WRITTEN: 0, READ: 1, GONE: 2, COUNT: 4 } as const;
/** In front of each piece of text: its length, or ENDS and the number of packets of a stretch that ends here. */
const FRAME = 4;
const ENDS = 0x80000000;
const ALIGNMENT = 4;
/** Milliseconds to wait for the other thread before it counts as hung. */
const PATIENCE = 60_000;

/** Memory for a ring. */
export function makeTextRing(): SharedArrayBuffer {
  return new SharedArrayBuffer(Word.COUNT * 4 + SIZE);
}

class Ring {
  protected readonly words: Int32Array;
  protected readonly bytes: Uint8Array;
  /** A frame's word is aligned, and so never wraps. */
  protected readonly frames: Uint32Array;

  constructor(memory: SharedArrayBuffer) {
    this.words = new Int32Array(memory, 0, Word.COUNT);
    this.bytes = new Uint8Array(memory, Word.COUNT * 4, SIZE);
    this.frames = new Uint32Array(memory, Word.COUNT * 4, SIZE / 4);
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
  /** Puts in a piece of a stretch's text. */
  write(text: Uint8Array): void {
    for (let at = 0; at < text.length; ) {
      const room = this.room(Math.min(FRAME + padded(text.length - at), SIZE / 2));
      const piece = text.subarray(at, at + room - FRAME);
      const start = Atomics.load(this.words, Word.WRITTEN) & (SIZE - 1);
      this.frames[start / 4] = piece.length;
      const begin = (start + FRAME) & (SIZE - 1);
      const first = Math.min(piece.length, SIZE - begin);
      this.bytes.set(piece.subarray(0, first), begin);
      this.bytes.set(piece.subarray(first), 0);
      this.advance(Word.WRITTEN, FRAME + padded(piece.length));
      at += piece.length;
    }
  }

  /** Ends a stretch. @param packets how many it has */
  end(packets: number): void {
    this.room(FRAME);
    this.frames[(Atomics.load(this.words, Word.WRITTEN) & (SIZE - 1)) / 4] = (ENDS | packets) >>> 0;
    this.advance(Word.WRITTEN, FRAME);
  }

  /** Nothing more comes. */
  close(): void {
    Atomics.store(this.words, Word.GONE, 1);
    this.end(0);
  }

  /** Bytes that fit, `least` at least: waits for them. */
  private room(least: number): number {
    for (;;) {
      const read = Atomics.load(this.words, Word.READ);
      const room = SIZE - this.filled();
      if (room >= least) return room;
      this.wait(Word.READ, read);
    }
  }
}

/** The end that takes text out. */
export class TextRingReader extends Ring {
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
