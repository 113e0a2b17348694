// Cisco's Dynamic Trunking Protocol. No specification is public.

import { hex, macText, wordOf } from '../inline.js';
import type { Printer, Words } from '../printer.js';

const TLV_HEADER = 4;
const Tlv = { DOMAIN: 1, STATUS: 2, TYPE: 3, NEIGHBOR: 4 } as const;
const TLVS: Words = {
  [Tlv.DOMAIN]: 'Domain',
  [Tlv.STATUS]: 'Status',
  [Tlv.TYPE]: 'DTP type',
  [Tlv.NEIGHBOR]: 'Neighbor',
};

/** A DTP message. */
export function printDtp(p: Printer, offset: number, length: number): void {
  p.protocol = 'dtp';
  p.protocolCaps();
  const end = offset + length;
  if (length < 1) p.text('[zero packet length]');
  else {
    p.text(`v${p.u8(offset)}, length ${length}`);
    if (p.options.verbose === 0) return;
    offset += 1;
    while (offset < end) {
      const used = tlv(p, offset, end - offset);
      if (used === 0) return;
      if (used < 0) break;
      offset += used;
    }
    if (offset === end) return;
  }
  p.invalid();
  p.need(offset, end - offset);
}

/** @returns its length, 0 at the end of the list, -1 when it is wrong */
function tlv(p: Printer, at: number, left: number): number {
  if (left < TLV_HEADER) {
    p.text(`[${left} bytes remaining]`);
    return -1;
  }
  p.need(at, TLV_HEADER);
  const type = p.u16(at);
  const size = p.u16(at + 2);
  if (type === 0) return 0;
  p.text(`\n\t${wordOf(TLVS, type, 'Unknown')} (0x${hex(type, 4)}) TLV, length ${size}`);
  if (size < TLV_HEADER || size > left) {
    p.text(`[TLV length ${size}]`);
    return -1;
  }
  const value = at + TLV_HEADER;
  switch (type) {
    case Tlv.DOMAIN:
      p.text(', ');
      p.safeUntilNul(value, size - TLV_HEADER);
      return size;
    case Tlv.STATUS:
    case Tlv.TYPE:
      if (size !== TLV_HEADER + 1) return -1;
      p.text(`, 0x${hex(p.u8(value))}`);
      return size;
    case Tlv.NEIGHBOR:
      if (size !== TLV_HEADER + 6) return -1;
      p.text(`, ${macText(p, value)}`);
      return size;
    default:
      p.need(at, size);
      return size;
  }
}
