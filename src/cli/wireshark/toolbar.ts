// Wireshark's toolbar while it captures with us: two FIFOs with messages. One control is a metadata filter, the other shows what we say.
// Source: Wireshark's doc/extcap.4 and README.extcap: 'T', three bytes of length, control, command, payload.

import { closeSync, constants, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { sudoUser } from '../sudouser.js';

const HEADER = 6;
const LOOK = 100;
/** A filter is short; a message of more is none. */
const LONGEST = 16_384;
const SYNC = 0x54;

const Control = { FILTER: 0, LOG: 1 } as const;
const CommandOf = { SET: 1, ADD: 2, STATUS: 6, WARNING: 8 } as const;

/** Whose FIFOs may be opened: root opens those of whom it was run for alone. */
function owners(): number[] {
  const own = process.getuid?.() ?? 0;
  const { PKEXEC_UID } = process.env;
  if (own !== 0) return [own];
  const user = sudoUser()?.uid ?? (/^\d{1,10}$/.test(PKEXEC_UID ?? '') ? Number(PKEXEC_UID) : null);
  return user === null ? [0] : [user];
}

/** @throws Error for what is no FIFO of the user's */
function openFifo(path: string, flags: number): number {
  const descriptor = openSync(path, flags | constants.O_NONBLOCK | constants.O_NOFOLLOW | constants.O_NOCTTY);
  const status = fstatSync(descriptor);
  if (status.isFIFO() && owners().includes(status.uid)) return descriptor;
  closeSync(descriptor);
  throw new Error(`${path}: is no FIFO of the user who captures`);
}

export class Toolbar {
  readonly #input: number;
  #output = -1;
  readonly #timer: NodeJS.Timeout;
  #bytes = Buffer.alloc(0);
  #waiting: Buffer[] = [];
  #deaf = false;

  /**
   * @param input path of the FIFO that messages come through
   * @param output of that which they go through
   * @param onFilter gets the filter's text
   * @throws Error when they are not the user's FIFOs
   */
  constructor(
    input: string,
    readonly output: string,
    readonly onFilter: (text: string) => void,
  ) {
    this.#input = openFifo(input, constants.O_RDONLY);
    this.#connect();
    this.#timer = setInterval(() => this.#look(), LOOK);
    this.#timer.unref();
  }

  /** Opens the FIFO to write as soon as it has a reader. @throws Error for what is no FIFO of the user's */
  #connect(): void {
    if (this.#output >= 0) return;
    try {
      this.#output = openFifo(this.output, constants.O_WRONLY);
    } catch (error) {
      if ((error as { code?: string }).code !== 'ENXIO') throw error;
    }
  }

  #look(): void {
    const piece = Buffer.alloc(4096);
    try {
      for (let count = 1; count > 0 && !this.#deaf; ) {
        count = readSync(this.#input, piece);
        this.take(piece.subarray(0, count));
      }
    } catch {
      // nothing is there now
    }
    this.#send();
  }

  /** Takes bytes of messages. */
  take(piece: Uint8Array): void {
    this.#bytes = Buffer.concat([this.#bytes, piece]);
    while (this.#bytes.length >= HEADER) {
      const length = this.#bytes.readUIntBE(1, 3);
      // Nobody knows where the next message begins.
      if (this.#bytes[0] !== SYNC || length < 2 || length > LONGEST) {
        this.#deaf = true;
        this.#bytes = Buffer.alloc(0);
        return;
      }
      if (this.#bytes.length < 4 + length) return;
      const [control, command] = [this.#bytes[4], this.#bytes[5]];
      const payload = this.#bytes.toString('utf8', HEADER, 4 + length);
      this.#bytes = this.#bytes.subarray(4 + length);
      if (control === Control.FILTER && command === CommandOf.SET) this.onFilter(payload);
    }
  }

  /** A line in the log. */
  log(line: string): void {
    this.#queue(Control.LOG, CommandOf.ADD, `${line}\n`);
  }

  status(text: string): void {
    this.#queue(Control.LOG, CommandOf.STATUS, text);
  }

  warn(text: string): void {
    this.#queue(Control.LOG, CommandOf.WARNING, text);
  }

  #queue(control: number, command: number, text: string): void {
    const payload = Buffer.from(text).subarray(0, LONGEST);
    const message = Buffer.alloc(HEADER + payload.length);
    message[0] = SYNC;
    message.writeUIntBE(payload.length + 2, 1, 3);
    message[4] = control;
    message[5] = command;
    message.set(payload, HEADER);
    // Whoever does not read loses the oldest.
    if (this.#waiting.length >= 64) this.#waiting.shift();
    this.#waiting.push(message);
    this.#send();
  }

  #send(): void {
    try {
      this.#connect();
      while (this.#output >= 0 && this.#waiting.length > 0) {
        // A FIFO takes a message whole or not at all where it is shorter than a page; a longer one that was cut ends the talk.
        const message = this.#waiting[0]!;
        const count = writeSync(this.#output, message);
        if (count < message.length) this.#waiting = [];
        else this.#waiting.shift();
      }
    } catch {
      // it takes nothing now, or nobody reads
    }
  }

  close(): void {
    clearInterval(this.#timer);
    closeSync(this.#input);
    if (this.#output >= 0) closeSync(this.#output);
  }
}
