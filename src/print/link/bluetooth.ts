// Bluetooth HCI packets of UART transport behind a direction. Source: LINKTYPE_BLUETOOTH_HCI_H4_WITH_PHDR.

import { dumpUnknown } from '../hexdump.js';
import type { Printer } from '../printer.js';

const HEADER = 4;
const INCOMING = 1;

/** A link of Bluetooth HCI packets: their length and direction, and their bytes. */
export function printBluetoothLink(p: Printer, offset: number, length: number): void {
  p.protocol = 'bluetooth';
  p.protocolName();
  p.linkHeaderLength += HEADER;
  if (!p.has(offset, HEADER)) {
    p.truncated();
    return;
  }
  if (p.options.linkHeader) {
    const direction = (p.u32(offset) & INCOMING) !== 0 ? 'in' : 'out';
    p.text(`, hci length ${length - HEADER}, direction ${direction}`);
  }
  dumpUnknown(p, offset + HEADER, p.available(offset + HEADER));
}
