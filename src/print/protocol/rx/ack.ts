// Acknowledgements of Rx.

import { counted, wordOf } from '../../inline.js';
import type { Printer } from '../../printer.js';

const Field = { BUFFERS: 0, SKEW: 2, FIRST: 4, SERIAL: 12, REASON: 16, COUNT: 17 } as const;
const FIXED = 18;
const PADDING = 3;
const REASONS = counted(
  1,
  'ack requested|duplicate packet|out of sequence|exceeds window|no buffer space|ping|ping response|delay|idle',
);
const KINDS = [
  [1, 'acked'],
  [0, 'nacked'],
] as const;
/** Fields that newer versions add. */
const OPTIONAL = ['ifmtu', 'maxmtu', 'rwind', 'maxpackets'];

/** An acknowledgement behind Rx's header. */
export function printAcks(p: Printer, offset: number, length: number): void {
  if (length < 0) return;
  if (!p.has(offset, FIXED)) {
    p.text(' [|ack]');
    return;
  }
  const { verbose } = p.options;
  if (verbose > 2) p.text(` bufspace ${p.u16(offset + Field.BUFFERS)} maxskew ${p.u16(offset + Field.SKEW)}`);
  const first = p.u32(offset + Field.FIRST);
  const reason = wordOf(REASONS, p.u8(offset + Field.REASON), '#%u');
  p.text(` first ${first} serial ${p.u32(offset + Field.SERIAL)} reason ${reason}`);
  const count = p.u8(offset + Field.COUNT);
  let at = offset + FIXED;
  if (!p.has(at, count)) {
    p.text(' [|ack]');
    return;
  }
  for (const [value, word] of KINDS) {
    const text = ranges(p.view(at, count), value, first);
    if (text !== '') p.text(` ${word} ${text}`);
  }
  at += count + PADDING;
  if (verbose < 2) return;
  for (const word of OPTIONAL) {
    if (p.snapEnd - at < 4) return;
    p.text(` ${word} ${p.u32(at)}`);
    at += 4;
  }
}

/** The numbers, from `first` on, of the bytes that are `value`; runs as `one-other`. */
function ranges(acks: Uint8Array, value: number, first: number): string {
  const found: string[] = [];
  for (let i = 0; i < acks.length; i++) {
    if (acks[i] !== value) continue;
    const start = i;
    while (acks[i + 1] === value) i++;
    const number = String((first + start) >>> 0);
    found.push(i === start ? number : `${number}-${(first + i) >>> 0}`);
  }
  return found.join(',');
}
