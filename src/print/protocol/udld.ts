// Cisco's Unidirectional Link Detection. Source: RFC 5171.

import { bitsOf, counted, hex, wordOf } from '../inline.js';
import type { Bits, Printer } from '../printer.js';

const HEADER = 4;
const TLV_HEADER = 4;
const CODES = counted(0, 'Reserved|Probe message|Echo message|Flush message');
const FLAGS: Bits = [
  [0x01, 'RT'],
  [0x02, 'RSY'],
  [0x04, 'MBZ-2'],
  [0x08, 'MBZ-3'],
  [0x10, 'MBZ-4'],
  [0x20, 'MBZ-5'],
  [0x40, 'MBZ-6'],
  [0x80, 'MBZ-7'],
];
const Tlv = { DEVICE: 1, PORT: 2, ECHO: 3, MESSAGE_INTERVAL: 4, TIMEOUT: 5, NAME: 6, SEQUENCE: 7 } as const;
const TLVS = counted(
  1,
  'Device-ID TLV|Port-ID TLV|Echo TLV|Message Interval TLV|Timeout Interval TLV|Device Name TLV|Sequence Number TLV',
);

/** A UDLD message. What is wrong or not shown of it has to be captured all the same. */
export function printUdld(p: Printer, offset: number, length: number): void {
  p.protocol = 'udld';
  const end = offset + length;
  if (length >= HEADER) {
    p.need(offset, 2);
    const code = p.u8(offset) & 0x1f;
    const flags = p.u8(offset + 1);
    p.text(
      `UDLDv${p.u8(offset) >> 5}, Code ${wordOf(CODES, code, 'Reserved')} (${hex(code)})` +
        `, Flags [${bitsOf(FLAGS, flags, 'none')}] (0x${hex(flags, 2)}), length ${length}`,
    );
    offset += 2;
    if (p.options.verbose === 0) {
      p.need(offset, end - offset);
      return;
    }
    p.text(`\n\tChecksum 0x${hex(p.u16(offset), 4)} (unverified)`);
    offset += 2;
    for (;;) {
      if (offset === end) return;
      const used = tlv(p, offset, end - offset);
      offset += Math.abs(used);
      if (used <= 0) break;
    }
  }
  p.invalid();
  p.need(offset, end - offset);
}

/** @returns its length; when it is wrong, the negative of what of it was read */
function tlv(p: Printer, at: number, left: number): number {
  if (left < TLV_HEADER) return 0;
  p.need(at, TLV_HEADER);
  const type = p.u16(at);
  const whole = p.u16(at + 2);
  p.text(`\n\t${wordOf(TLVS, type, 'Unknown')} (0x${hex(type, 4)}) TLV, length ${whole}`);
  if (whole <= TLV_HEADER || whole > left) return -TLV_HEADER;
  const size = whole - TLV_HEADER;
  const value = at + TLV_HEADER;
  switch (type) {
    case Tlv.DEVICE:
    case Tlv.PORT:
    case Tlv.NAME:
      p.text(', ');
      p.safeUntilNul(value, size);
      return whole;
    case Tlv.ECHO:
      p.text(', ');
      p.safeBytes(value, size);
      return whole;
    case Tlv.MESSAGE_INTERVAL:
    case Tlv.TIMEOUT:
      if (size !== 1) return -TLV_HEADER;
      p.text(`, ${p.u8(value)}s`);
      return whole;
    case Tlv.SEQUENCE:
      if (size !== 4) return -TLV_HEADER;
      p.text(`, ${p.u32(value)}`);
      return whole;
    default:
      p.need(value, size);
      return whole;
  }
}
