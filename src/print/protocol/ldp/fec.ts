// Forwarding equivalence classes of LDP. Source: RFC 5036 (3.4.1), 4906 and 4447 (pseudowires), 5085 (VCCV).

import { OVERRUN } from '../../endings.js';
import { printUnknownData } from '../../hexdump.js';
import { below, bitsOf, hex, wordOf } from '../../inline.js';
import { type Bits, type Printer, TRUNCATED, type Words } from '../../printer.js';
import { AddressFamily } from '../../tables/addressfamilies.js';
import { type Prefix, prefix } from '../bgp/prefix.js';
import { PSEUDOWIRES } from '../l2vpn.js';

const Class = { PREFIX: 0x02, PSEUDOWIRE: 0x80 } as const;
const CLASSES: Words = { 1: 'Wildcard', 2: 'Prefix', 3: 'Host address', 128: 'Martini VC' };
/** Characters of a prefix at most. */
const MOST = 99;

const Parameter = { MTU: 0x01, DESCRIPTION: 0x03, VCCV: 0x0c } as const;
const PARAMETERS: Words = { 1: 'MTU', 3: 'Description', 12: 'VCCV' };
const CONTROL_CHANNELS: Bits = [
  [0x01, 'PWE3 control word'],
  [0x02, 'MPLS Router Alert Label'],
  [0x04, 'MPLS inner label TTL = 1'],
];
const VERIFICATIONS: Bits = [
  [0x01, 'ICMP Ping'],
  [0x02, 'LSP Ping'],
  [0x04, 'BFD'],
];

/** The first class of a TLV. @returns false when it is too short, which is said already */
export function forwardingClass(p: Printer, at: number, length: number): boolean {
  if (below(p, 'tlv length', length, 1)) return false;
  const type = p.u8(at);
  p.text(`\n\t      ${wordOf(CLASSES, type, 'Unknown')} FEC (0x${hex(type, 2)})`);
  if (type === Class.PREFIX) return prefixClass(p, at + 1, length - 1);
  if (type === Class.PSEUDOWIRE) return pseudowire(p, at + 1, length - 1);
  return true;
}

function prefixClass(p: Printer, at: number, length: number): boolean {
  if (below(p, 'tlv length', length, 2)) return false;
  const family = p.u16(at);
  if (family !== AddressFamily.IP && family !== AddressFamily.IP6) {
    p.text(`: Address family ${family} prefix`);
    return true;
  }
  const six = family === AddressFamily.IP6;
  const found = wholePrefix(p, at + 2, length - 2, six ? 16 : 4);
  p.text(`: IPv${six ? 6 : 4} prefix ${found?.text.slice(0, MOST) ?? '(invalid length)'}`);
  return true;
}

/** A prefix that ends the packet where it is longer than its TLV. */
function wholePrefix(p: Printer, at: number, length: number, width: number): Prefix | null {
  try {
    return prefix(p, at, length, width);
  } catch (error) {
    throw error === OVERRUN ? TRUNCATED : error;
  }
}

function pseudowire(p: Printer, at: number, length: number): boolean {
  if (below(p, 'tlv length', length, 7)) return false;
  const size = p.u8(at + 2);
  const type = p.u16(at);
  const heading =
    `: ${wordOf(PSEUDOWIRES, type & 0x7fff, 'Unknown')}, ${(type & 0x8000) !== 0 ? '' : 'no '}control word` +
    `, group-ID ${p.u32(at + 3)}`;
  if (size === 0) {
    p.text(`${heading}, VC-info-length: ${size}`);
    return true;
  }
  if (below(p, 'tlv length', length, 11)) return false;
  p.text(`${heading}, VC-ID ${p.u32(at + 7)}, VC-info-length: ${size}`);
  if (size < 4) {
    p.text(' (invalid, < 4');
    return true;
  }
  if (below(p, 'tlv length', length - 11, size - 4)) return false;
  parameters(p, at + 11, size - 4);
  return true;
}

/** What the interface at the end of a pseudowire is like. */
function parameters(p: Printer, at: number, left: number): void {
  while (left > 2) {
    const type = p.u8(at);
    const size = p.u8(at + 1);
    if (size < 2 || left < size) return;
    p.text(
      `\n\t\tInterface Parameter: ${wordOf(PARAMETERS, type, 'Unknown')} (0x${hex(type, 2)}), len ${size}`,
    );
    switch (type) {
      case Parameter.MTU:
        p.text(`: ${p.u16(at + 2)}`);
        break;
      case Parameter.DESCRIPTION:
        p.text(': ');
        p.safeBytes(at + 2, size - 2);
        break;
      case Parameter.VCCV: {
        const channels = p.u8(at + 2);
        p.text(
          `\n\t\t  Control Channels (0x${hex(channels, 2)}) = [${bitsOf(CONTROL_CHANNELS, channels, 'none')}]`,
        );
        const verifications = p.u8(at + 3);
        p.text(
          `\n\t\t  CV Types (0x${hex(verifications, 2)}) = [${bitsOf(VERIFICATIONS, verifications, 'none')}]`,
        );
        break;
      }
      default:
        printUnknownData(p, '\n\t\t  ', at + 2, size - 2);
    }
    at += size;
    left -= size;
  }
}
