// Link Management Protocol. Source: RFC 4204; OIF UNI 1.0 for the discovery of services.

import { printUnknownData } from '../../hexdump.js';
import { bitsOf, wordOf } from '../../inline.js';
import type { Bits, Printer, Words } from '../../printer.js';
import { LMP_CLASSES, LMP_TYPES } from './numbers.js';
import { OBJECT_PRINTERS } from './object.js';

const HEADER = 8;
const OBJECT_HEADER = 4;
const VERSION = 1;
const Field = { VERSION: 0, FLAGS: 2, TYPE: 3, LENGTH: 4 } as const;
const NEGOTIABLE = 0x80;
const FLAGS: Bits = [
  [0x01, 'Control Channel Down'],
  [0x02, 'LMP restart'],
];
const MESSAGES: Words = {
  1: 'Config',
  2: 'Config ACK',
  3: 'Config NACK',
  4: 'Hello',
  5: 'Begin Verify',
  6: 'Begin Verify ACK',
  7: 'Begin Verify NACK',
  8: 'End Verify',
  9: 'End Verify ACK',
  10: 'Test',
  11: 'Test Status Success',
  12: 'Test Status Failure',
  13: 'Test Status ACK',
  14: 'Link Summary',
  15: 'Link Summary ACK',
  16: 'Link Summary NACK',
  17: 'Channel Status',
  18: 'Channel Status ACK',
  19: 'Channel Status Request',
  20: 'Channel Status Response',
  50: 'Service Config',
  51: 'Service Config ACK',
  52: 'Service Config NACK',
};

export function printLmp(p: Printer, offset: number, length: number): void {
  p.protocol = 'lmp';
  p.need(offset, HEADER);
  const version = p.u16(offset + Field.VERSION) >> 12;
  if (version !== VERSION) {
    p.text(`LMP version ${version} packet not supported`);
    return;
  }
  const type = p.u8(offset + Field.TYPE);
  if (p.options.verbose < 1) {
    p.text(`LMPv${version} ${wordOf(MESSAGES, type, 'unknown (%u)')} Message, length: ${length}`);
    return;
  }
  let size = p.u16(offset + Field.LENGTH);
  p.text(
    `\n\tLMPv${version}, msg-type: ${wordOf(MESSAGES, type, 'unknown, type: %u')}` +
      `, Flags: [${bitsOf(FLAGS, p.u8(offset + Field.FLAGS), 'none')}], length: ${size}`,
  );
  if (size < HEADER) {
    p.text(' (too short)');
    return;
  }
  if (size > length) {
    p.text(' (too long)');
    size = length;
  }
  // Counted in 32 bits: a datagram shorter than the head has no end but the capture's.
  let left = (size - HEADER) >>> 0;
  for (let at = offset + HEADER; left !== 0; ) {
    const used = object(p, at);
    if (used === 0) return;
    if (left < used) {
      p.text(` [remaining objects length ${left} < ${used}]`);
      p.invalid();
      return;
    }
    at += used;
    left -= used;
  }
}

/** @returns bytes used, 0 when its length is wrong */
function object(p: Printer, at: number): number {
  const size = p.u16(at + 2);
  const first = p.u8(at);
  const type = first & 0x7f;
  const number = p.u8(at + 1);
  p.text(
    `\n\t  ${wordOf(LMP_CLASSES, number, 'Unknown')} Object (${number})` +
      `, Class-Type: ${LMP_TYPES[number]?.[type] ?? 'Unknown'} (${type})` +
      ` Flags: [${(first & NEGOTIABLE) !== 0 ? '' : 'non-'}negotiable], length: ${size}`,
  );
  if (size < OBJECT_HEADER || size % 4 !== 0) {
    p.text(size < OBJECT_HEADER ? ' (too short)' : ' (not a multiple of 4)');
    return 0;
  }
  p.need(at, size);
  const body = at + OBJECT_HEADER;
  const length = size - OBJECT_HEADER;
  let dumped = p.options.verbose > 1;
  if (LMP_CLASSES[number] === undefined) {
    if (!dumped) printUnknownData(p, '\n\t    ', body, length);
  } else {
    const print = OBJECT_PRINTERS[number]?.[type];
    if (print === undefined || print(p, body, length)) dumped = true;
  }
  if (dumped) printUnknownData(p, '\n\t    ', body, length);
  return size;
}
