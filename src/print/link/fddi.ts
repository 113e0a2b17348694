// FDDI: frame control, addresses, LLC. Source: ANSI X3.139; LINKTYPE_FDDI.

import { dumpUnknown } from '../hexdump.js';
import { hex, macText } from '../inline.js';
import type { Printer, Words } from '../printer.js';
import { logicalLink } from './ethernet.js';

/** Where the fields are. */
const At = { CONTROL: 0, DESTINATION: 1, SOURCE: 7 } as const;
const HEADER = 13;
const CLASS = 0xf0;
const LLC_ASYNCHRONOUS = 0x50;
const STATION_MANAGEMENT = 0x40;
/** Frame controls with names of their own, and the names of classes in front of the priority. */
const CONTROLS: Words = {
  64: 'void',
  65: 'info',
  79: 'nsa',
  128: 'nrt',
  192: 'rt',
  194: 'beacon',
  195: 'claim',
};
const CLASSES: Words = { 64: 'smt', 80: 'async', 96: 'imp_async', 192: 'mac', 208: 'sync', 224: 'imp_sync' };

/** A link of FDDI frames. */
export function printFddiLink(p: Printer, offset: number, length: number): void {
  p.protocol = 'fddi';
  if (!p.has(offset, HEADER)) {
    p.truncated();
    p.linkHeaderLength += p.available(offset);
    return;
  }
  p.linkHeaderLength += printFrame(p, offset, length);
}

/** @returns bytes of header */
function printFrame(p: Printer, offset: number, length: number): number {
  if (p.options.linkHeader) heading(p, offset, length);
  const payload = offset + HEADER;
  const rest = length - HEADER;
  const kind = p.u8(offset + At.CONTROL) & CLASS;
  if (kind === LLC_ASYNCHRONOUS) {
    return HEADER + logicalLink(p, payload, rest, offset + At.SOURCE, offset + At.DESTINATION);
  }
  if (kind === STATION_MANAGEMENT) {
    p.text('<SMT printer not yet implemented>');
    return HEADER;
  }
  if (!p.options.linkHeader) heading(p, offset, length);
  dumpUnknown(p, payload, p.available(payload));
  return HEADER;
}

function heading(p: Printer, offset: number, length: number): void {
  const control = p.u8(offset + At.CONTROL);
  if (!p.options.quiet) {
    const named = CLASSES[control & CLASS];
    p.text(CONTROLS[control] ?? (named === undefined ? hex(control, 2) : `${named}${hex(control & 0xf)}`));
    p.char(32);
  }
  p.text(`${macText(p, offset + At.SOURCE)} > ${macText(p, offset + At.DESTINATION)}, length ${length}: `);
}
