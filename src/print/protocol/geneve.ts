// Generic Network Virtualization Encapsulation (RFC 8926).

import { below, bitsOf, hex } from '../inline.js';
import type { Bits, Printer } from '../printer.js';
import { EtherType, etherTypeName, printEthernetPayload, printEtherTypePayload } from './inner.js';

const HEADER_LENGTH = 8;

const FLAGS: Bits = [
  [0x80, 'O'],
  [0x40, 'C'],
  [0x20, 'R1'],
  [0x10, 'R2'],
  [0x08, 'R3'],
  [0x04, 'R4'],
  [0x02, 'R5'],
  [0x01, 'R6'],
];

/** Option classes: first, last, owner. IANA's registry "Geneve Option Class". */
const OPTION_CLASSES: readonly (readonly [first: number, last: number, owner: string])[] = [
  [0x0000, 0x00ff, 'Standard'],
  [0x0100, 0x0100, 'Linux'],
  [0x0101, 0x0101, 'Open vSwitch'],
  [0x0102, 0x0102, 'Open Virtual Networking (OVN)'],
  [0x0103, 0x0103, 'In-band Network Telemetry (INT)'],
  [0x0104, 0x0104, 'VMware'],
  [0x0105, 0x0105, 'Amazon'],
  [0x0106, 0x0106, 'Cisco'],
  [0x0107, 0x0107, 'Oracle'],
  [0x0108, 0x0110, 'Amazon'],
  [0x0111, 0x0118, 'IBM'],
  [0x0119, 0x0128, 'Ericsson'],
  [0x0129, 0x0129, 'Oxide'],
  [0x0130, 0x0131, 'Cisco'],
  [0x0132, 0x0135, 'Google'],
  [0x0136, 0x0136, 'InfoQuick'],
  [0xfff0, 0xffff, 'Experimental'],
];

/** A Geneve header, its options with -v, and what it carries. */
export function printGeneve(p: Printer, offset: number, length: number): void {
  p.protocol = 'geneve';
  p.text('Geneve');
  if (!printHeader(p, offset, length)) p.invalid();
}

function printHeader(p: Printer, offset: number, length: number): boolean {
  if (below(p, 'len', length, HEADER_LENGTH)) return false;
  const first = p.u8(offset);
  const version = first >> 6;
  if (version !== 0) {
    p.text(` ERROR: unknown-version ${version}`);
    return false;
  }
  const flags = p.u8(offset + 1);
  const type = p.u16(offset + 2);
  const network = p.u24(offset + 4);
  const reserved = p.u8(offset + 7);
  p.text(`, Flags [${bitsOf(FLAGS, flags, 'none', '')}], vni 0x${hex(network)}`);
  if (reserved !== 0) p.text(`, rsvd 0x${hex(reserved)}`);
  if (p.options.linkHeader) p.text(`, proto ${etherTypeName(type) ?? 'unknown'} (0x${hex(type, 4)})`);
  offset += HEADER_LENGTH;
  length -= HEADER_LENGTH;
  const optionsLength = (first & 0x3f) * 4;
  if (length < optionsLength) {
    p.text(` (opts_len ${optionsLength} > ${length}`);
    return false;
  }
  if (optionsLength > 0) {
    p.text(', options [');
    if (p.options.verbose > 0) {
      if (!printOptions(p, offset, optionsLength)) return false;
    } else {
      p.need(offset, optionsLength);
      p.text(`${optionsLength} bytes`);
    }
    p.char(93);
  }
  offset += optionsLength;
  length -= optionsLength;
  p.text(p.options.verbose > 0 ? '\n\t' : ': ');
  if (printEtherTypePayload(p, type, offset, length)) return true;
  if (type === EtherType.BRIDGED) printEthernetPayload(p, offset, length);
  else {
    p.text(`geneve-proto-0x${hex(type)}`);
    p.need(offset, length);
  }
  return true;
}

function printOptions(p: Printer, offset: number, length: number): boolean {
  for (let separator = ''; length !== 0; separator = ', ') {
    if (below(p, 'remaining options length', length, 4)) {
      p.need(offset, length);
      return false;
    }
    p.text(separator);
    const optionClass = p.u16(offset);
    const type = p.u8(offset + 2);
    const optionLength = 4 + (p.u8(offset + 3) & 0x1f) * 4;
    const owner = OPTION_CLASSES.find(([from, to]) => optionClass >= from && optionClass <= to)?.[2];
    p.text(`class ${owner ?? 'Unknown'} (0x${hex(optionClass)}) type 0x${hex(type)}`);
    p.text(`${(type & 0x80) !== 0 ? '(C)' : ''} len ${optionLength}`);
    if (optionLength > length) {
      p.text(' [bad length]');
      p.need(offset, length);
      return false;
    }
    if (p.options.verbose > 1 && optionLength > 4) {
      p.text(' data');
      for (let i = 4; i < optionLength; i += 4) p.text(` ${hex(p.u32(offset + i), 8)}`);
    } else p.need(offset, optionLength);
    offset += optionLength;
    length -= optionLength;
  }
  return true;
}
