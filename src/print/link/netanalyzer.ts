// Ethernet behind the header of Hilscher's netANALYZER, which is not shown. Source: LINKTYPE_NETANALYZER,
// LINKTYPE_NETANALYZER_TRANSPARENT.

import type { Printer } from '../printer.js';
import { ethernetFrame } from './ethernet.js';

const HEADER = 4;
/** With preamble and start of frame delimiter. */
const TRANSPARENT_HEADER = 12;

/** A link of netANALYZER's frames. */
export function printNetanalyzerLink(p: Printer, offset: number, length: number): void {
  printFrame(p, offset, length, 'netanalyzer', HEADER);
}

/** A link of netANALYZER's frames, their preambles in front. */
export function printNetanalyzerTransparentLink(p: Printer, offset: number, length: number): void {
  printFrame(p, offset, length, 'netanalyzer_transparent', TRANSPARENT_HEADER);
}

function printFrame(p: Printer, offset: number, length: number, name: string, header: number): void {
  p.protocol = name;
  p.need(offset, header);
  p.linkHeaderLength += header;
  p.linkHeaderLength += ethernetFrame(p, offset + header, length - header);
}
