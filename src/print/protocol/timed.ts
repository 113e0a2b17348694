// The time synchronization protocol of 4.3BSD's timed. Source: the manual's paper on it.

import type { Printer } from '../printer.js';

const TYPES = [
  ...['ANY', 'ADJTIME', 'ACK', 'MASTERREQ', 'MASTERACK', 'SETTIME', 'MASTERUP', 'SLAVEUP', 'ELECTION'],
  ...['ACCEPT', 'REFUSE', 'CONFLICT', 'RESOLVE', 'QUIT', 'DATE', 'DATEREQ', 'DATEACK', 'TRACEON'],
  ...['TRACEOFF', 'MSITE', 'MSITEREQ', 'TEST', 'SETDATE', 'SETDATEREQ', 'LOOP'],
];
const LOOP = 24;
/** Types that carry a time: adjust, set, and set the date. */
const TIMES: readonly number[] = [1, 5, 22, 23];
const NAME = 12;
const NAME_LENGTH = 256;

/** A timed message. */
export function printTimed(p: Printer, offset: number): void {
  p.protocol = 'timed';
  const type = p.u8(offset);
  const name = TYPES[type];
  p.text(name === undefined ? `(tsp_type 0x${type.toString(16)})` : `TSP_${name}`);
  p.text(` vers ${p.u8(offset + 1)}`);
  p.text(` seq ${p.u16(offset + 2)}`);
  if (type === LOOP) p.text(` hopcnt ${p.u8(offset + 4)}`);
  else if (TIMES.includes(type)) {
    const seconds = p.s32(offset + 4);
    const microseconds = p.s32(offset + 8);
    if (microseconds < 0) return;
    p.text(` time ${time(seconds, microseconds)}`);
  }
  p.text(' name ');
  p.safeUntilNul(offset + NAME, NAME_LENGTH);
}

/** Seconds and their fraction, which counts forward in negative times too. */
function time(seconds: number, fraction: number): string {
  if (seconds >= 0 || fraction === 0) return `${seconds}.${sixDigits(fraction)}`;
  return `${seconds === -1 ? '-0' : seconds + 1}.${sixDigits(1000000 - fraction)}`;
}

/** %06d: the sign is one of the six. */
function sixDigits(n: number): string {
  return n < 0 ? `-${String(-n).padStart(5, '0')}` : String(n).padStart(6, '0');
}
