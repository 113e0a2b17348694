// RPL, routing for low-power networks, in ICMPv6. Source: RFC 6550 sections 6.2 to 6.5.

import { hexOnly } from '../../hexdump.js';
import { below, hex, ipv6Text, wordOf } from '../../inline.js';
import type { Printer, Words } from '../../printer.js';

const MODES: Words = { 0: 'nonstoring', 1: 'storing', 2: 'nonstoring-multicast', 3: 'storing-multicast' };
const OPTIONS: Words = {
  1: 'padN',
  2: 'metrics',
  3: 'routinginfo',
  4: 'config',
  5: 'rpltarget',
  6: 'transitinfo',
  8: 'destprefix',
  9: 'rpltargetdesc',
};
const DIO_LENGTH = 24;
const ID_LENGTH = 16;

/** @param offset the message behind the first four bytes of the ICMPv6 header */
export function printRpl(p: Printer, code: number, offset: number, length: number): void {
  if ((code & 0x80) !== 0) {
    p.text(', (SEC) [worktodo]');
    return;
  }
  p.text(', (CLR)');
  const verbose = p.options.verbose > 0;
  switch (code & 0x7f) {
    case 0:
      p.text('DODAG Information Solicitation');
      break;
    case 1:
      p.text('DODAG Information Object');
      if (verbose) informationObject(p, offset, length);
      break;
    case 2:
      p.text('Destination Advertisement Object');
      if (verbose) advertisement(p, offset, length);
      break;
    case 3:
      p.text('Destination Advertisement Object Ack');
      if (verbose) acknowledgement(p, offset, length);
      break;
    default:
      p.text(`RPL message, unknown code ${code}`);
  }
}

function informationObject(p: Printer, offset: number, length: number): void {
  if (below(p, 'length', length, DIO_LENGTH)) {
    p.invalid();
    return;
  }
  const id = ipv6Text(p, offset + 8);
  const mode = p.u8(offset + 4);
  p.text(` [dagid:${id},seq:${p.u8(offset + 5)},instance:${p.u8(offset)},rank:${p.u16(offset + 2)},`);
  if ((mode & 0x80) !== 0) p.text('grounded,');
  p.text(`mop:${wordOf(MODES, (mode >> 3) & 7, 'mop%u')},prf:${mode & 7}]`);
  if (p.options.verbose > 1) options(p, offset + DIO_LENGTH, length - DIO_LENGTH);
}

/** The DODAG's identity where `present`, null when the message is too short for it. */
function identity(p: Printer, offset: number, length: number, present: boolean): string | null {
  if (!present) return '<elided>';
  if (below(p, 'length', length, ID_LENGTH)) {
    p.invalid();
    return null;
  }
  return ipv6Text(p, offset);
}

function advertisement(p: Printer, offset: number, length: number): void {
  if (below(p, 'length', length, 4)) {
    p.invalid();
    return;
  }
  const flags = p.u8(offset + 1);
  const named = (flags & 0x40) !== 0;
  const id = identity(p, offset + 4, length - 4, named);
  if (id === null) return;
  const acknowledged = (flags & 0x80) !== 0 ? ',acK' : '';
  p.text(
    ` [dagid:${id},seq:${p.u8(offset + 3)},instance:${p.u8(offset)}${acknowledged}${named ? ',Dagid' : ''}` +
      `,flags:${hex(flags, 2)}]`,
  );
  const used = named ? 4 + ID_LENGTH : 4;
  if (p.options.verbose > 1) options(p, offset + used, length - used);
}

function acknowledgement(p: Printer, offset: number, length: number): void {
  if (below(p, 'length', length, 4)) {
    p.invalid();
    return;
  }
  const named = (p.u8(offset + 1) & 0x80) !== 0;
  const id = identity(p, offset + 4, length - 4, named);
  if (id === null) return;
  p.text(` [dagid:${id},seq:${p.u8(offset + 2)},instance:${p.u8(offset)},status:${p.u8(offset + 3)}]`);
  const used = named ? 4 + ID_LENGTH : 4;
  if (p.options.verbose > 1) options(p, offset + used, length - used);
}

function options(p: Printer, offset: number, length: number): void {
  let at = offset;
  let left = length;
  while (left > 0) {
    const type = p.u8(at);
    let size = 1;
    if (type === 0) p.text(' opt:pad1');
    else {
      if (left < 2) {
        p.truncated();
        return;
      }
      size = p.u8(at + 1) + 2;
      p.text(` opt:${wordOf(OPTIONS, type, 'subopt:%u')} len:${size} `);
      p.need(at, size);
      if (left < size) {
        p.truncated();
        return;
      }
      if (p.options.verbose > 2) hexOnly(p, ' ', at + 2, size - 2);
    }
    at += size;
    left -= size;
  }
}
