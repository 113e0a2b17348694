// Configuration Testing Protocol, Ethernet's "loopback" (EtherType 0x9000). Source: DEC/Intel/Xerox Ethernet 2.0, section 8.

import type { Printer, Words } from '../printer.js';

const Code = { REPLY: 1, FORWARD: 2 } as const;
const FUNCTIONS: Words = { 1: 'Reply', 2: 'Forward Data' };
const ADDRESS = 6;
const MULTICAST = 0x01;

export function printLoopback(p: Printer, offset: number, length: number): void {
  p.protocol = 'loopback';
  p.text('Loopback');
  if (length < 2) {
    invalid(p, offset, length);
    return;
  }
  const skip = p.le16(offset);
  p.text(`, skipCount ${skip}`);
  if (skip % 8 !== 0) p.text(' (bogus)');
  const rest = length - 2;
  if (skip > rest) {
    invalid(p, offset + 2, rest);
    return;
  }
  p.need(offset + 2, skip);
  message(p, offset + 2 + skip, rest - skip);
}

function message(p: Printer, offset: number, length: number): void {
  if (length < 2) {
    invalid(p, offset, length);
    return;
  }
  const code = p.le16(offset);
  p.text(', ');
  p.word(FUNCTIONS, code, ' invalid (%u)');
  offset += 2;
  length -= 2;
  if (code === Code.REPLY) {
    if (length < 2) {
      invalid(p, offset, length);
      return;
    }
    p.text(`, receipt number ${p.le16(offset)}`);
    offset += 2;
    length -= 2;
    p.text(`, data (${length} octets)`);
  } else if (code === Code.FORWARD) {
    if (length < ADDRESS) {
      invalid(p, offset, length);
      return;
    }
    p.need(offset, ADDRESS);
    p.text(', forwarding address ');
    p.mac(offset);
    if ((p.u8(offset) & MULTICAST) !== 0) p.text(' (bogus)');
    offset += ADDRESS;
    length -= ADDRESS;
    p.text(`, data (${length} octets)`);
  }
  p.need(offset, length);
}

function invalid(p: Printer, offset: number, length: number): void {
  p.invalid();
  p.need(offset, length);
}
