// Lightweight Access Point Protocol over UDP. Source: RFC 5412.

import { printUnknownData } from '../../hexdump.js';
import { below, bitsOf, counted, hex, macText, wordOf } from '../../inline.js';
import type { Bits, Printer, Words } from '../../printer.js';
import { ELEMENT_MINIMA, ELEMENTS, permits } from './element.js';

const HEADER = 6;
const Field = { BITS: 0, FRAGMENT: 1, LENGTH: 2 } as const;
/** What access points put in front of the header of what they send to a controller: RFC 5412 does not know it. */
const IDENTITY = 6;
const NOT_LAST = 0x01;
const FRAGMENT = 0x02;
const CONTROL = 0x04;
const FLAGS: Bits = [
  [NOT_LAST, 'Not Last'],
  [FRAGMENT, 'Fragment'],
  [CONTROL, 'Control'],
];

const CONTROL_HEADER = 8;
const ELEMENT_HEADER = 3;
const TYPES: Words = {
  ...counted(1, 'Discovery req|Discovery resp|Join req|Join resp|Join ack|Join confirm'),
  ...counted(
    10,
    'Configure req|Configure resp|Update req|Update resp|WTP event req|WTP event resp|' +
      'Change state event req|Change state event resp',
  ),
  ...counted(
    22,
    'Echo req|Echo resp|Image data req|Image data resp|Channel status req|Channel status resp||' +
      '|Key update req|Key update resp|Primary discovery req|Primary discovery resp|' +
      'Data transfer req|Data transfer resp|Clear config ind|Wlan config req|Wlan config resp|' +
      'Mobile config req|Mobile config resp',
  ),
};

/** To the port of control: the identity of the access point is in front. */
export function printLwappControl(p: Printer, offset: number, length: number): void {
  frame(p, offset, length, IDENTITY);
}

/** From the port of control, and from or to the port of data. */
export function printLwappData(p: Printer, offset: number, length: number): void {
  frame(p, offset, length, 0);
}

function frame(p: Printer, offset: number, length: number, identity: number): void {
  p.protocol = 'lwapp';
  p.protocolCaps();
  if (!transport(p, offset, length, identity)) p.invalid();
}

/** ` [name value != right]` and true, when they differ (ND_ICHECK with another operator). */
function unequal(p: Printer, name: string, value: number, right: number): boolean {
  if (value !== right) p.text(` [${name} ${value} != ${right}]`);
  return value !== right;
}

/** @returns false when it is wrong */
function transport(p: Printer, offset: number, length: number, identity: number): boolean {
  const header = HEADER + identity;
  if (below(p, 'UDP payload length', length, header)) return false;
  const at = offset + identity;
  const bits = p.u8(at + Field.BITS);
  const version = bits >> 6;
  if (unequal(p, 'version', version, 0)) return false;
  const verbose = p.options.verbose > 0;
  const control = (bits & CONTROL) !== 0;
  p.text(`v${version}, ${control ? 'Control' : 'Data'} frame`);
  if (verbose) p.text(`, Radio-id ${(bits >> 3) & 7}`);
  p.text(
    `, Flags [${bitsOf(FLAGS, bits & 7, 'none')}]${(bits & (NOT_LAST | FRAGMENT)) !== 0 ? ' (bogus)' : ''}`,
  );
  if (verbose) {
    const fragment = p.u8(at + Field.FRAGMENT);
    p.text(`, Frag-id ${fragment}${fragment !== 0 ? ' (MBZ!)' : ''}`);
  }
  const payload = p.u16(at + Field.LENGTH);
  p.text(`, length ${payload}`);
  if (unequal(p, 'LWAPP payload length', payload, length - header)) return false;
  if (!verbose || payload === 0) return true;
  if (identity > 0) p.text(`\n\tAP identity: ${macText(p, offset)}`);
  p.need(at, HEADER);
  if (control) return message(p, at + HEADER, payload);
  printUnknownData(p, '\n\t', at + HEADER, payload);
  return true;
}

function message(p: Printer, at: number, length: number): boolean {
  if (below(p, 'transport payload length', length, CONTROL_HEADER)) return false;
  const type = p.u8(at);
  p.text(`\n\t  Msg type: ${wordOf(TYPES, type, 'Unknown')} (${type})`);
  p.text(`, Seqnum: ${p.u8(at + 1)}`);
  const claimed = p.u16(at + 2);
  p.text(`, Msg len: ${claimed}`);
  if (unequal(p, 'msg_elem_len', claimed, length - CONTROL_HEADER)) return false;
  p.text(`, Session: 0x${hex(p.u32(at + 4), 8)}`);
  at += CONTROL_HEADER;
  let left = length - CONTROL_HEADER;
  for (let number = 0; left > 0; number++) {
    if (below(p, 'remaining length', left, ELEMENT_HEADER)) return false;
    const kind = p.u8(at);
    p.text(`\n\t  Msg Elem ${number} Type: ${kind} (${wordOf(ELEMENTS, kind, 'Unknown')})`);
    if (!permits(type, kind)) p.text(' [unexpected!]');
    const size = p.u16(at + 1);
    p.text(`, Length: ${size}`);
    if (size < (ELEMENT_MINIMA[kind] ?? 0)) p.text(' [too short!]');
    at += ELEMENT_HEADER;
    left -= ELEMENT_HEADER;
    if (size > left) {
      p.text(` [elem_len ${size} > ${left}]`);
      return false;
    }
    p.need(at, size);
    at += size;
    left -= size;
  }
  return true;
}
