// PPP over Ethernet (RFC 2516): discovery with its tags, and sessions.

import { captured, hex, hexBytes, wordOf } from '../../inline.js';
import type { Printer, Words } from '../../printer.js';
import { printPpp } from './ppp.js';

const HEADER_LENGTH = 6;
const PADI = 0x09;
/** What a PADI may hold at most, so that a relay still can add its tag. */
const PADI_MAXIMUM = 1484 - HEADER_LENGTH;
/** Characters of a text tag that are shown. */
const TAG_TEXT = 79;

const CODES: Words = { 0: '', 7: 'PADO', 9: 'PADI', 25: 'PADR', 101: 'PADS', 167: 'PADT' };
const TAGS: Words = {
  0: 'EOL',
  257: 'Service-Name',
  258: 'AC-Name',
  259: 'Host-Uniq',
  260: 'AC-Cookie',
  261: 'Vendor-Specific',
  272: 'Relay-Session-ID',
  288: 'PPP-Max-Payload',
  513: 'Service-Name-Error',
  514: 'AC-System-Error',
  515: 'Generic-Error',
};

/** A link of PPPoE packets without Ethernet (DLT_PPP_ETHER). */
export function printPppoeLink(p: Printer, offset: number, length: number): void {
  p.linkHeaderLength += printPppoe(p, offset, length);
}

/**
 * A PPPoE packet.
 * @returns the bytes of its header and of PPP's
 */
export function printPppoe(p: Printer, offset: number, length: number): number {
  p.protocol = 'pppoe';
  if (length < HEADER_LENGTH) {
    p.text(` (length ${length} < ${HEADER_LENGTH})`);
    p.invalid();
    return 0;
  }
  length -= HEADER_LENGTH;
  p.need(offset, HEADER_LENGTH);
  const version = p.u8(offset) >> 4;
  const type = p.u8(offset) & 0x0f;
  const code = p.u8(offset + 1);
  const session = p.u16(offset + 2);
  let said = p.u16(offset + 4);
  const payload = offset + HEADER_LENGTH;
  if (version !== 1) p.text(` [ver ${version}]`);
  if (type !== 1) p.text(` [type ${type}]`);
  p.text(`PPPoE ${wordOf(CODES, code, 'PAD-%x')}`);
  if (code === PADI && said > PADI_MAXIMUM) p.text(` [len ${said}!]`);
  if (said > length) {
    p.text(` [len ${said} > ${length}!]`);
    said = length;
  }
  if (session !== 0) p.text(` [ses 0x${hex(session)}]`);
  if (code !== 0) {
    printTags(p, payload, payload + said);
    return HEADER_LENGTH;
  }
  p.char(32);
  return HEADER_LENGTH + printPpp(p, payload, said);
}

function printTags(p: Printer, offset: number, end: number): void {
  while (offset < end) {
    const type = p.u16(offset);
    const length = p.u16(offset + 2);
    const name = wordOf(TAGS, type, 'TAG-0x%x');
    offset += 4;
    if (length === 0) p.text(` [${name}]`);
    else {
      p.need(offset, length);
      const text = readable(p, offset, Math.min(length, TAG_TEXT));
      if (text !== null) p.text(` [${name} "${text}"]`);
      else p.text(` [${name} 0x${hexBytes(p, offset, length).toUpperCase()}]`);
    }
    if (type === 0) return;
    offset += length;
  }
}

/** The bytes as text with dots for what cannot be shown; null when that is half of them or more. */
function readable(p: Printer, offset: number, length: number): string | null {
  let shown = 0;
  const text = captured(p, () => {
    for (let i = 0; i < length; i++) {
      const byte = p.u8(offset + i);
      const printable = byte >= 0x20 && byte < 0x7f;
      if (printable) shown++;
      p.char(printable ? byte : 46);
    }
  });
  return shown > length - shown ? text : null;
}
