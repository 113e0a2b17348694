// Communications access for land mobiles, its FAST networking. Source: ISO 29281.

import { dumpAlways } from '../hexdump.js';
import { macText } from '../inline.js';
import type { Printer } from '../printer.js';

const HEADER = 2;

/**
 * A CALM FAST frame.
 * @param source offset of the link-layer source, -1 where there is none
 */
export function printCalmFast(p: Printer, offset: number, length: number, source: number): void {
  p.protocol = 'calm_fast';
  p.text('CALM FAST');
  if (source >= 0) p.text(` src:${macText(p, source)}`);
  p.text('; ');
  if (length < HEADER) {
    p.text(` (length ${length} < ${HEADER})`);
    p.invalid();
    p.need(offset, length);
    return;
  }
  p.text(`SrcNwref:${p.u8(offset)}; `);
  p.text(`DstNwref:${p.u8(offset + 1)}; `);
  if (p.options.verbose > 0) dumpAlways(p, offset + HEADER, length - HEADER);
}
