// The terminal: raw keys in, frames out, and everything as it was when it is left, however that comes.

import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs';
import { emitKeypressEvents } from 'node:readline';
import { isatty, ReadStream } from 'node:tty';
import type { Key } from '../../top/index.js';
import { leaveLostTerminals } from '../messages.js';

/** Another screen, no cursor, no wrapping at the last column. */
const ENTER = '\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J';
const LEAVE = '\x1b[?2026l\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l';
/** Milliseconds after which a terminal that takes nothing is tried again. */
const RETRY = 20;

const NAMED: ReadonlySet<string> = new Set([
  'up',
  'down',
  'left',
  'right',
  'pageup',
  'pagedown',
  'home',
  'end',
  'return',
  'enter',
  'escape',
  'backspace',
]);

export interface TerminalEvents {
  key(key: Key): void;
  /** Another size, or the screen must be drawn anew. */
  redraw(): void;
  /** The user, or the terminal's end, wants to leave. */
  quit(): void;
}

/** Whether this process can show a screen. */
export function hasTerminal(): boolean {
  const { TERM } = process.env;
  return isatty(1) && TERM !== 'dumb' && TERM !== '';
}

export class Terminal {
  private readonly output: number;
  private readonly input: ReadStream;
  /** Bytes that the terminal did not take yet. */
  private pending: Buffer | null = null;
  private entered = false;
  private gone = false;

  constructor(private readonly events: TerminalEvents) {
    // Opened anew: it must not block us, and the flags of the one we were given are others' too.
    const terminal = process.platform === 'linux' ? '/proc/self/fd/1' : '/dev/tty';
    this.output = openSync(terminal, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    this.input = openInput();
    // Nothing is written by this one: it knows the terminal's size.
    process.stdout.on('resize', () => events.redraw());
    emitKeypressEvents(this.input);
    this.input.on('keypress', (text: string | undefined, key: Press) => this.press(text, key));
    for (const event of ['end', 'error', 'close'] as const) this.input.on(event, () => this.end());
  }

  private end(): void {
    if (this.gone) return;
    this.gone = true;
    this.events.quit();
  }

  get columns(): number {
    return process.stdout.columns || 80;
  }

  get rows(): number {
    return process.stdout.rows || 24;
  }

  enter(): void {
    if (this.entered) return;
    this.entered = true;
    this.input.setRawMode(true);
    this.input.resume();
    process.on('exit', this.leave);
    this.send(ENTER);
  }

  /** Puts everything back. May be called again. */
  readonly leave = (): void => {
    if (!this.entered) return;
    this.entered = false;
    process.off('exit', this.leave);
    // What waits is a frame that nobody needs any more; a sequence that it broke off in is ended by the first escape.
    this.pending = null;
    try {
      this.input.setRawMode(false);
    } catch {
      // the terminal is gone
    }
    for (let tries = 0; tries < 50 && !this.attempt(Buffer.from(LEAVE)); tries++)
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY);
  };

  close(): void {
    this.leave();
    this.gone = true;
    this.input.destroy();
    closeSync(this.output);
    process.once('exit', leaveLostTerminals);
  }

  /** Whether a frame would be written now: one that the terminal has no room for is not made. */
  get ready(): boolean {
    return this.entered && this.pending === null && !this.gone;
  }

  /** Writes a frame. */
  send(text: string): void {
    if (text === '' || this.gone) return;
    this.pending = Buffer.from(text);
    this.flush();
  }

  private flush(): void {
    if (this.pending === null || this.gone) return;
    if (this.attempt(this.pending)) this.pending = null;
    else setTimeout(() => this.flush(), RETRY);
  }

  /** Writes as much as there is room for. @returns whether that is all; nobody waits for a terminal that is gone */
  private attempt(bytes: Buffer): boolean {
    try {
      let at = 0;
      while (at < bytes.length) at += writeSync(this.output, bytes, at);
      return true;
    } catch (error) {
      const { code } = error as { code?: string };
      if (code !== 'EAGAIN') {
        this.end();
        return true;
      }
      return false;
    }
  }

  private press(text: string | undefined, { name = '', ctrl, sequence }: Press): void {
    if (ctrl === true) {
      if (name === 'c') this.events.quit();
      else if (name === 'z') this.suspend();
      else if (name === 'l') this.events.redraw();
      else if (name === 'u') this.events.key({ name: 'clear', text: '' });
      return;
    }
    const typed = text ?? sequence ?? '';
    if (NAMED.has(name)) this.events.key({ name, text: '' });
    else if (/^[^\x00-\x1f\x7f-\x9f]+$/u.test(typed)) this.events.key({ name: '', text: typed });
  }

  /** Ctrl-Z: as it was, until the shell has us go on. */
  private suspend(): void {
    this.leave();
    process.once('SIGCONT', () => {
      this.enter();
      this.events.redraw();
    });
    process.kill(0, 'SIGTSTP');
  }
}

interface Press {
  readonly name?: string;
  readonly ctrl?: boolean;
  readonly sequence?: string;
}

/** Keys come from standard input, or from the terminal itself where that is something else, as a file is. */
function openInput(): ReadStream {
  if (isatty(0)) return new ReadStream(0);
  const terminal = openSync('/dev/tty', constants.O_RDONLY | constants.O_NOCTTY);
  if (fstatSync(terminal).isCharacterDevice() && isatty(terminal)) return new ReadStream(terminal);
  closeSync(terminal);
  throw new Error('there is no terminal to take keys from: -b needs none');
}

/** Whether the locale has no other characters than ASCII. Source: locale(7). */
export function localeIsAscii(): boolean {
  const { LC_ALL, LC_CTYPE, LANG } = process.env;
  const locale = [LC_ALL, LC_CTYPE, LANG].find((text) => text !== undefined && text !== '') ?? '';
  return !/utf-?8/i.test(locale);
}

/** Whether colours are wanted. Source: no-color.org. */
export function wantsColours(): boolean {
  return (process.env['NO_COLOR'] ?? '') === '';
}
