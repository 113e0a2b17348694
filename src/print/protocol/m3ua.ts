// MTP3 user adaptation, which carries SS7 over SCTP. Source: RFC 4666.

import { wordOf } from '../inline.js';
import type { Printer, Words } from '../printer.js';

const VERSION = 1;
const HEADER = 8;
const PARAMETER_HEADER = 4;
const CLASSES: Words = {
  0: 'Management',
  1: 'Transfer',
  2: 'SS7',
  3: 'ASP',
  4: 'ASP',
  9: 'Routing Key Management',
};
/** Message types by class. */
const TYPES: Readonly<Record<number, Words>> = {
  0: { 0: 'Error', 1: 'Notify' },
  1: { 1: 'Data' },
  2: {
    1: 'Destination Unavailable',
    2: 'Destination Available',
    3: 'Destination State Audit',
    4: 'Signalling Congestion',
    5: 'Destination User Part Unavailable',
    6: 'Destination Restricted',
  },
  3: {
    1: 'Up',
    2: 'Down',
    3: 'Heartbeat',
    4: 'Up Acknowledgement',
    5: 'Down Acknowledgement',
    6: 'Heartbeat Acknowledgement',
  },
  4: { 1: 'Active', 2: 'Inactive', 3: 'Active Acknowledgement', 4: 'Inactive Acknowledgement' },
  9: {
    1: 'Registration Request',
    2: 'Registration Response',
    3: 'Deregistration Request',
    4: 'Deregistration Response',
  },
};
const ROUTING_CONTEXT = 0x0006;
const CORRELATION = 0x0013;
const NETWORK_APPEARANCE = 0x0200;
const PARAMETERS: Words = {
  0x0004: 'INFO String',
  [ROUTING_CONTEXT]: 'Routing Context',
  0x0007: 'Diagnostic Info',
  0x0009: 'Heartbeat Data',
  0x000b: 'Traffic Mode Type',
  0x000c: 'Error Code',
  0x000d: 'Status',
  0x0011: 'ASP Identifier',
  0x0012: 'Affected Point Code',
  [CORRELATION]: 'Correlation ID',
  [NETWORK_APPEARANCE]: 'Network Appearance',
  0x0204: 'User/Cause',
  0x0205: 'Congestion Indications',
  0x0206: 'Concerned Destination',
  0x0207: 'Routing Key',
  0x0208: 'Registration Result',
  0x0209: 'Deregistration Result',
  0x020a: 'Local Routing Key Identifier',
  0x020b: 'Destination Point Code',
  0x020c: 'Service Indicators',
  0x020e: 'Originating Point Code List',
  0x0210: 'Protocol Data',
  0x0212: 'Registration Status',
  0x0213: 'Deregistration Status',
};

/** One message, all of it captured: SCTP looked. */
export function printM3ua(p: Printer, offset: number, length: number): void {
  p.protocol = 'm3ua';
  if (length < HEADER) {
    p.invalid();
    return;
  }
  if (p.u8(offset) !== VERSION) return;
  const kind = p.u8(offset + 2);
  p.text(`\n\t\t${wordOf(CLASSES, kind, 'Unknown message class %d')}`);
  const types = TYPES[kind];
  if (types !== undefined) p.text(` ${wordOf(types, p.u8(offset + 3), 'Unknown (0x%02x)')} Message`);
  const size = p.u32(offset + 4);
  if (length !== size) p.text(`\n\t\t\t@@@@@@ Corrupted length ${size} of message @@@@@@`);
  else parameters(p, offset + HEADER, length - HEADER);
}

function parameters(p: Printer, offset: number, length: number): void {
  let at = 0;
  while (at < length) {
    if (at + PARAMETER_HEADER > length) {
      p.invalid();
      return;
    }
    const tag = p.u16(offset + at);
    p.text(`\n\t\t\t${wordOf(PARAMETERS, tag, 'Unknown Parameter (0x%04x)')}: `);
    const size = p.u16(offset + at + 2);
    if (size < PARAMETER_HEADER) {
      p.invalid();
      return;
    }
    const end = at + size + (-(at + size) & 3);
    p.need(offset + at, end - at);
    value(p, offset + at, tag, size);
    at = end;
  }
}

function value(p: Printer, at: number, tag: number, size: number): void {
  if (tag !== NETWORK_APPEARANCE && tag !== ROUTING_CONTEXT && tag !== CORRELATION) {
    p.text(`(length ${size})`);
  } else if (size < PARAMETER_HEADER + 4) p.invalid();
  else p.text(`0x${p.u32(at).toString(16).padStart(8, '0')}`); // the parameter's header, as it is printed there
}
