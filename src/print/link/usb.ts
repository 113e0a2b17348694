// USB as Linux's usbmon captures it: requests to a device's endpoint and their ends. Source: LINKTYPE_USB_LINUX,
// LINKTYPE_USB_LINUX_MMAPPED; Linux, Documentation/usb/usbmon.rst.

import type { Printer } from '../printer.js';

/** Where the fields are; numbers are in the byte order of the machine that captured. */
const At = { EVENT: 8, TRANSFER: 9, ENDPOINT: 10, DEVICE: 11, BUS: 12 } as const;
const HEADER = 48;
/** With what isochronous transfers need. */
const LONG_HEADER = 64;
const NUMBER = 0x7f;

const TRANSFERS = ['ISOCHRONOUS', 'INTERRUPT', 'CONTROL', 'BULK'];
const INTERRUPT = 1;
const SUBMIT = 0x53;
const EVENTS: { readonly [letter: number]: string } = { [SUBMIT]: 'SUBMIT', 67: 'COMPLETE', 69: 'ERROR' };

/** A link of usbmon's packets as they are read. */
export function printUsbLink(p: Printer, offset: number): void {
  printUsb(p, offset, 'usb_linux_48_byte', HEADER);
}

/** A link of usbmon's packets as they are mapped to memory. */
export function printUsbMappedLink(p: Printer, offset: number): void {
  printUsb(p, offset, 'usb_linux_64_byte', LONG_HEADER);
}

function printUsb(p: Printer, offset: number, name: string, header: number): void {
  p.protocol = name;
  p.need(offset, header);
  p.linkHeaderLength += header;
  p.text('USB');
  if (p.options.quiet) return;
  const transfer = p.u8(offset + At.TRANSFER);
  const event = p.u8(offset + At.EVENT);
  const transferWord = TRANSFERS[transfer];
  const eventWord = EVENTS[event];
  p.text(` ${transferWord ?? ' ?'} ${eventWord ?? '?'}`);
  if (transferWord !== undefined && eventWord !== undefined) {
    // Interrupts are asked for by a request to the device and come with its end; tcpdump shows them the other way round.
    p.text((event === SUBMIT) === (transfer === INTERRUPT) ? ' from' : ' to');
  }
  p.text(` ${p.le16(offset + At.BUS)}:${p.u8(offset + At.DEVICE)}:${p.u8(offset + At.ENDPOINT) & NUMBER}`);
}
