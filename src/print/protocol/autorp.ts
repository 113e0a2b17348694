// Cisco's auto-RP: who is the rendezvous point of which groups. Source: pim-autorp-spec01, version 1+.

import { completes } from '../endings.js';
import { hex, ipv4Text, wordOf } from '../inline.js';
import type { Printer, Words } from '../printer.js';
import { Span } from '../span.js';

const TYPES: Words = { 0x11: 'candidate-advert', 0x12: 'mapping' };
const VERSIONS = ['PIMv?', 'PIMv1', 'PIMv2', 'PIMv1+2'] as const;
const HEADER = 8;

export function printAutoRp(p: Printer, offset: number, length: number): void {
  p.protocol = 'cisco_autorp';
  const span = new Span(p, offset, length);
  if (!completes(() => announcement(p, span))) p.truncated();
}

function announcement(p: Printer, span: Span): void {
  const at = span.skip(HEADER);
  p.text(' auto-rp ');
  p.text(wordOf(TYPES, p.u8(at), 'type-0x%02x'));
  const points = p.u8(at + 1);
  p.text(' Hold ');
  const hold = p.u16(at + 2);
  if (hold === 0) p.text('FOREVER');
  else p.relativeTime(hold);
  for (let i = 0; i < points; i++) rendezvousPoint(p, span);
}

function rendezvousPoint(p: Printer, span: Span): void {
  p.text(` RP ${ipv4Text(p, span.skip(4))}`);
  const versions = p.u8(span.skip(1));
  p.text(` ${VERSIONS[versions & 3]}`);
  reserved(p, ' ', versions);
  const groups = p.u8(span.skip(1));
  for (let i = 0; i < groups; i++) {
    const at = span.skip(6);
    const flags = p.u8(at);
    p.text(
      `${i === 0 ? ' ' : ','}${(flags & 1) !== 0 ? '!' : ''}${ipv4Text(p, at + 2)}/${p.u8(at + 1)}` +
        `${(flags & 2) !== 0 ? ' bidir' : ''}`,
    );
    reserved(p, '', flags);
  }
}

/** Bits that ought to be zero. */
function reserved(p: Printer, before: string, flags: number): void {
  if ((flags & 0xfc) !== 0) p.text(`${before}[rsvd=0x${hex(flags & 0xfc, 2)}]`);
}
