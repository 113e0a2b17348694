// PPP control protocols (RFC 1661): LCP, IPCP, IPV6CP, CCP and BACP.

import { printUnknownData } from '../../hexdump.js';
import { hex, wordOf } from '../../inline.js';
import type { Printer, Words } from '../../printer.js';
import { OPTION_SETS, ouiName, printOptions } from './controloptions.js';
import { PPP_NAMES } from './numbers.js';

const Code = {
  VENDOR: 0,
  CONFIGURE_REQUEST: 1,
  CONFIGURE_REJECT: 4,
  TERMINATE_REQUEST: 5,
  CODE_REJECT: 7,
  PROTOCOL_REJECT: 8,
  ECHO_REQUEST: 9,
  DISCARD_REQUEST: 11,
  IDENTIFICATION: 12,
  TIME_REMAINING: 13,
} as const;

const CODES: Words = {
  0: 'Vendor-Extension',
  1: 'Conf-Request',
  2: 'Conf-Ack',
  3: 'Conf-Nack',
  4: 'Conf-Reject',
  5: 'Term-Request',
  6: 'Term-Ack',
  7: 'Code-Reject',
  8: 'Prot-Reject',
  9: 'Echo-Request',
  10: 'Echo-Reply',
  11: 'Disc-Req',
  12: 'Ident',
  13: 'Time-Rem',
  14: 'Reset-Req',
  15: 'Reset-Ack',
};

/**
 * A control protocol's packet.
 * @param offset of its code, two bytes behind the frame's protocol field
 */
export function printControl(p: Printer, protocol: number, offset: number, length: number): void {
  const { verbose } = p.options;
  const name = wordOf(PPP_NAMES, protocol, 'unknown ctrl-proto (0x%04x)');
  p.text(`${name}, `);
  if (length < 4 || !p.has(offset, 2)) {
    p.text(`[|${name}]`);
    return;
  }
  const code = p.u8(offset);
  const id = p.u8(offset + 1);
  p.text(`${wordOf(CODES, code, 'Unknown Opcode')} (0x${hex(code, 2)}), id ${id}, length ${length + 2}`);
  if (verbose === 0) return;
  const said = p.u16(offset + 2);
  if (said < 4) {
    p.text(`\n\tencoded length ${said} (< 4))`);
    return;
  }
  if (said > length) {
    p.text(`\n\tencoded length ${said} (> packet length ${length}))`);
    return;
  }
  p.text(`\n\tencoded length ${said} (=Option(s) length ${said - 4})`);
  if (said === 4) return;
  if (verbose > 1) printUnknownData(p, '\n\t', offset - 2, 6);
  if (!printBody(p, protocol, code, offset, said)) p.text(`[|${name}]`);
}

/** @returns false when the text of it was cut */
function printBody(p: Printer, protocol: number, code: number, offset: number, length: number): boolean {
  const data = offset + 4;
  const magic = () => p.text(`\n\t  Magic-Num 0x${hex(p.u32(data), 8)}`);
  switch (code) {
    case Code.VENDOR:
      if (length < 11) break;
      magic();
      p.text(` Vendor: ${ouiName(p, data + 4)}`);
      break;
    case Code.PROTOCOL_REJECT: {
      if (length < 6) break;
      const rejected = p.u16(data);
      p.text(`\n\t  Rejected ${PPP_NAMES[rejected] ?? 'unknown'} Protocol (0x${hex(rejected, 4)})`);
      if (length > 6) {
        p.text('\n\t  Rejected Packet');
        printUnknownData(p, '\n\t    ', data + 2, length - 2);
      }
      break;
    }
    case Code.ECHO_REQUEST:
    case Code.ECHO_REQUEST + 1:
    case Code.DISCARD_REQUEST:
      if (length < 8) break;
      magic();
      if (length > 8) {
        p.text('\n\t  -----trailing data-----');
        if (!p.has(data + 4, length - 8)) return false;
        printUnknownData(p, '\n\t  ', data + 4, length - 8);
      }
      break;
    case Code.IDENTIFICATION:
      if (length < 8) break;
      magic();
      if (length > 8) {
        p.text('\n\t  Message\n\t    ');
        const size = length - 4;
        const captured = Math.min(size, p.available(data + 4));
        p.safeBytes(data + 4, captured);
        return captured === size;
      }
      break;
    case Code.TIME_REMAINING:
      if (length < 12) break;
      magic();
      p.text(`, Seconds-Remaining ${p.u32(data + 4)}s`);
      break;
    default:
      if (code >= Code.CONFIGURE_REQUEST && code <= Code.CONFIGURE_REJECT) {
        const set = OPTION_SETS[protocol];
        if (set !== undefined) printOptions(p, set, data, length);
      } else if (code < Code.TERMINATE_REQUEST || code > Code.CODE_REJECT) {
        if (p.options.verbose <= 1) printUnknownData(p, '\n\t  ', offset - 2, length + 2);
      }
  }
  return true;
}
