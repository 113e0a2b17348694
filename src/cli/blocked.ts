// Waiting for the reader of a full pipe. Packets are handed on without a break, so nothing else of ours runs meanwhile, the
// handlers of signals neither: a reader that takes nothing any more would make us deaf to Ctrl-C.

import { libc } from '../system/index.js';

/** Milliseconds after which a reader is taken for stuck, and between two looks at it then. */
const PATIENCE = 50;
const STUCK = 1000;
/** Source: poll.h. */
const POLLOUT = 4;
const POLLERR = 8;
const POLLHUP = 16;
const ENDING: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const request = new Uint8Array(8);
const view = new DataView(request.buffer);

const WAITING = new Int32Array(new SharedArrayBuffer(4));
/** Nobody can be asked here (no poll of the C library's): whoever writes tries again. */
let blind = false;

/** Asks poll(2). @returns its answer, and what happened in `view` at 6; null: there is no poll */
function poll(descriptor: number, events: number, milliseconds: number): number | null {
  if (blind) return null;
  view.setInt32(0, descriptor, true);
  view.setInt16(4, events, true);
  view.setInt16(6, 0, true);
  try {
    return libc().poll(request, 1, milliseconds);
  } catch {
    blind = true;
    return null;
  }
}

/** Whether it takes more, within a time. */
function hasRoom(descriptor: number, milliseconds: number): boolean {
  const answer = poll(descriptor, POLLOUT, milliseconds);
  if (answer === null) Atomics.wait(WAITING, 0, 0, 1);
  return answer !== 0;
}

/** Whether a pipe's or socket's other end is closed: a capture without packets would not notice. */
export function isAbandoned(descriptor: number): boolean {
  return poll(descriptor, 0, 0) === 1 && (view.getInt16(6, true) & (POLLERR | POLLHUP)) !== 0;
}

/**
 * Waits until the descriptor takes more, or is broken. While it is stuck, signals that end a capture end the process at
 * once: their handlers would not run before there is room.
 * @param descriptor one that does not block
 * @param save writes out what would be lost with the process
 */
export function waitForRoom(descriptor: number, save: () => void = () => {}): void {
  if (hasRoom(descriptor, PATIENCE)) return;
  save();
  const handlers = ENDING.map((signal) => [signal, process.listeners(signal)] as const);
  for (const signal of ENDING) process.removeAllListeners(signal);
  while (!hasRoom(descriptor, STUCK)) {
    // its reader may come back
  }
  for (const [signal, list] of handlers)
    for (const handler of list) process.on(signal, handler as () => void);
}
