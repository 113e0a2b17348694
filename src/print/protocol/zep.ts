// ZigBee Encapsulation Protocol: frames of IEEE 802.15.4 in UDP. No specification is public: the fields are Wireshark's.

import { dumpUnknown } from '../hexdump.js';
import { below, hex } from '../inline.js';
import { ntpTime } from '../ntptime.js';
import type { Printer } from '../printer.js';
import { printWpan } from './wpan/wpan.js';

const PREAMBLE = [0x45, 0x58];
const ACKNOWLEDGEMENT = 2;
const ACKNOWLEDGEMENT_SIZE = 8;
/** Bytes of the headers of versions 1 and 2; the last is the length of what follows. */
const HEADER_1 = 16;
const HEADER_2 = 32;

/** A ZEP packet. */
export function printZep(p: Printer, offset: number, length: number): void {
  p.protocol = 'zep';
  p.protocolCaps();
  if (PREAMBLE.some((byte, i) => p.u8(offset + i) !== byte)) {
    p.need(offset, 2);
    p.text(' [Preamble Code: ');
    p.safeBytes(offset, 2);
    p.char(93);
    p.invalid();
    return;
  }
  const version = p.u8(offset + 2);
  p.text(`v${version} `);
  const header =
    version === 1 ? HEADER_1 : p.u8(offset + 3) === ACKNOWLEDGEMENT ? ACKNOWLEDGEMENT_SIZE : HEADER_2;
  if (below(p, 'len', length, header)) {
    p.invalid();
    return;
  }
  let inner = 0;
  if (header === ACKNOWLEDGEMENT_SIZE) p.text(`ACK, seq# = ${p.u32(offset + 4)}`);
  else {
    if (header === HEADER_1) radio(p, offset + 3, '');
    else {
      radio(p, offset + 4, `Type ${p.u8(offset + 3)}, `);
      p.text(`${ntpTime(p, offset + 9)}`);
      p.need(offset + 17, 15);
      p.text(`, seq# = ${p.u32(offset + 17)}, `);
    }
    inner = p.u8(offset + header - 1);
    p.text(`inner len = ${inner}`);
  }
  const at = offset + header;
  const left = length - header;
  if (inner !== 0) {
    p.text('\n\t');
    if (printWpan(p, at, inner)) {
      p.need(at, left);
      return;
    }
  }
  dumpUnknown(p, at, left);
}

/** The channel and the device, and how well the frame was received. */
function radio(p: Printer, at: number, type: string): void {
  p.need(at, 3);
  p.text(`${type}Channel ID ${p.u8(at)}, Device ID 0x${hex(p.u16(at + 1), 4)}, `);
  p.text(p.u8(at + 3) !== 0 ? 'CRC, ' : `LQI ${p.u8(at + 4)}, `);
}
