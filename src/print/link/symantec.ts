// Symantec's Enterprise Firewall: an EtherType among bytes of unknown use. Source: LINKTYPE_SYMANTEC_FIREWALL.

import { dumpUnknown } from '../hexdump.js';
import type { Printer } from '../printer.js';
import { MAX_LENGTH_FIELD, printEthertype, printLength, typeName } from './ethernet.js';

const TYPE = 6;
const HEADER = 44;

/** A link of Symantec's firewall. */
export function printSymantecLink(p: Printer, offset: number, length: number): void {
  p.protocol = 'symantec';
  p.need(offset, HEADER);
  p.linkHeaderLength += HEADER;
  const type = p.u16(offset + TYPE);
  if (p.options.linkHeader) heading(p, type, length);
  const payload = offset + HEADER;
  if (type > MAX_LENGTH_FIELD && printEthertype(p, type, payload, length - HEADER)) return;
  if (!p.options.linkHeader) heading(p, type, length);
  dumpUnknown(p, payload, p.available(payload));
}

function heading(p: Printer, type: number, length: number): void {
  if (type <= MAX_LENGTH_FIELD) p.text(`invalid ethertype ${type}`);
  else typeName(p, type);
  printLength(p, length);
}
