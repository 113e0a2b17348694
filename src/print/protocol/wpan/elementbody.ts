// Bodies of information elements of IEEE 802.15.4. Source: IEEE 802.15.4-2015, sections 7.4.2 and 7.4.4.

import { hex } from '../../inline.js';
import type { Printer } from '../../printer.js';
import { pendingAddresses, spacedBytes, superframe } from './beacon.js';

const Header = {
  VENDOR: 0x00,
  CSL: 0x1a,
  RIT: 0x1b,
  DSME: 0x1c,
  RENDEZVOUS: 0x1d,
  TIME_CORRECTION: 0x1e,
  EXTENDED_DSME: 0x21,
} as const;
const Management = {
  VENDOR: 0x08,
  HOPPING: 0x09,
  SYNCHRONIZATION: 0x1a,
  SLOTFRAME: 0x1b,
  TIMESLOT: 0x1c,
} as const;

/** An element of the header, with `size` bytes, one at least. */
export function headerElementBody(p: Printer, at: number, size: number, id: number): void {
  switch (id) {
    case Header.VENDOR:
      vendorElement(p, at, size);
      break;
    case Header.CSL:
      coordinatedListening(p, at, size);
      break;
    case Header.RIT:
      if (size < 4) p.text('[ERROR: Truncated RIT IE]');
      else {
        p.text(
          `Time to First Listen = ${p.u8(at)}, # of Repeat Listen = ${p.u8(at + 1)}` +
            `, Repeat Listen Interval = ${p.le16(at + 2)}`,
        );
      }
      break;
    case Header.DSME:
    case Header.EXTENDED_DSME:
      descriptor(p, at, size, id === Header.EXTENDED_DSME);
      break;
    case Header.RENDEZVOUS:
      if (size !== 4) p.text('[ERROR: Length != 2]');
      else p.text(`Rendezvous time = ${p.le16(at)}, Wake-up Interval = ${p.le16(at + 2)}`);
      break;
    case Header.TIME_CORRECTION:
      if (size !== 2) p.text('[ERROR: Length != 2]');
      else {
        const value = p.le16(at);
        p.text(`${(value & 0x8000) !== 0 ? 'Negative ' : ''}Ack time correction = ${(value << 20) >> 20}, `);
      }
      break;
    default:
      p.text('IE Data = ');
      spacedBytes(p, at, size);
  }
}

/** An element of a vendor's, in whatever list. */
export function vendorElement(p: Printer, at: number, size: number): void {
  if (size < 3) {
    p.text('[ERROR: Vendor OUI missing]');
    return;
  }
  p.text(`OUI = 0x${hex(p.u24(at), 6)}, Data = `);
  spacedBytes(p, at + 3, size - 3);
}

function coordinatedListening(p: Printer, at: number, size: number): void {
  if (size < 4) {
    p.text('[ERROR: Truncated CSL IE]');
    return;
  }
  p.text(`CSL Phase = ${p.le16(at)}, CSL Period = ${p.le16(at + 2)}`);
  if (size >= 6) p.text(`, Rendezvous time = ${p.le16(at + 4)}`);
  if (size !== 4 && size !== 6) p.text(' [ERROR: CSL IE length wrong]');
}

/** The description of a network whose superframes come in several. */
function descriptor(p: Printer, at: number, size: number, extended: boolean): void {
  const end = at + size;
  const short = (needed: number, what: string): boolean => {
    if (at + needed > end) p.text(what);
    return at + needed > end;
  };
  if (short(2, '[ERROR: Truncated DSME PAN IE]')) return;
  superframe(p, p.le16(at));
  at += 2;
  if (short(1, '[ERROR: Truncated before pending addresses field]')) return;
  const pending = pendingAddresses(p, at, end - at);
  if (pending < 0) return;
  at += pending;
  const width = extended ? 2 : 1;
  if (short(width, '[ERROR: Truncated before DSME Superframe Specification]')) return;
  const hops = multiSuperframe(p, extended ? p.le16(at) : p.u8(at), extended);
  at += width;
  if (short(8, ' [ERROR: Truncated before Time synchronization specification]')) return;
  p.text(`Beacon timestamp = ${p.le32(at) + p.le16(at + 4) * 0x100000000}, offset = ${p.le16(at + 6)}`);
  at += 8;
  if (short(4, ' [ERROR: Truncated before Beacon Bitmap]')) return;
  const bitmap = p.le16(at + 2);
  p.text(`SD Index = ${p.le16(at)}, Bitmap len = ${bitmap}, `);
  at += 4;
  if (short(bitmap, ' [ERROR: Truncated in SD bitmap]')) return;
  p.text(' SD Bitmap = ');
  spacedBytes(p, at, bitmap);
  at += bitmap;
  if (short(5, ' [ERROR: Truncated before Channel hopping specification]')) return;
  const offsets = p.le16(at + 4);
  p.text(
    `Hopping Seq ID = ${p.u8(at)}, PAN Coordinator BSN = ${p.u8(at + 1)}` +
      `, Channel offset = ${p.le16(at + 2)}, Bitmap length = ${offsets}, `,
  );
  at += 5;
  if (short(offsets, ' [ERROR: Truncated in Channel offset bitmap]')) return;
  p.text(' Channel offset bitmap = ');
  spacedBytes(p, at, offsets);
  at += offsets;
  if (!hops) return;
  if (short(1, ' [ERROR: Truncated in Hopping Sequence length]')) return;
  const count = p.u8(at++);
  p.text(`Hopping Seq length = ${count} [ `);
  if (short(count * 2, ' [ERROR: Truncated in Channel offset bitmap]')) return;
  sequence(p, at, count);
}

/** Channels of a hopping sequence. */
function sequence(p: Printer, at: number, count: number): void {
  for (let i = 0; i < count; i++) p.text(`${hex(p.le16(at + i * 2), 2)} `);
  p.text(']');
}

/** @returns whether a hopping sequence follows */
function multiSuperframe(p: Printer, specification: number, extended: boolean): boolean {
  // The flags are four bits further up in the extended element.
  const flags = extended ? specification >> 4 : specification;
  p.text(`Multi-superframe Order = ${specification & (extended ? 0xff : 0x0f)}`);
  p.text(`, ${(flags & 0x10) !== 0 ? 'Channel hopping mode' : 'Channel adaptation mode'}`);
  if ((flags & 0x40) !== 0) p.text(', CAP reduction enabled');
  if ((flags & 0x80) !== 0) p.text(', Deferred beacon enabled');
  if (!extended || (flags & 0x100) === 0) return false;
  p.text(', Hopping Sequence Present');
  return true;
}

/** An element of the MAC layer's management, with `size` bytes, one at least. */
export function managementBody(p: Printer, at: number, size: number, id: number): void {
  switch (id) {
    case Management.VENDOR:
      vendorElement(p, at, size);
      break;
    case Management.HOPPING:
      hopping(p, at, size);
      break;
    case Management.SYNCHRONIZATION: {
      if (size < 6) p.text('[ERROR: Length != 6]');
      p.need(at, 6);
      const slot = p.le32(at) + p.u8(at + 4) * 0x100000000;
      p.text(`ASN = ${slot.toString(16).padStart(10, '0')}, Join Metric = ${p.u8(at + 5)} `);
      break;
    }
    case Management.SLOTFRAME:
      slotframes(p, at, size);
      break;
    case Management.TIMESLOT:
      timeslot(p, at, size);
      break;
    default:
      p.text('IE Data = ');
      spacedBytes(p, at, size);
  }
}

function hopping(p: Printer, at: number, size: number): void {
  const end = at + size;
  const short = (needed: number, space = ''): boolean => {
    if (at + needed > end) p.text(`${space}[ERROR: IE truncated]`);
    return at + needed > end;
  };
  p.text(`Hopping Sequence ID = ${p.u8(at++)}`);
  if (size === 1) return;
  if (short(7)) return;
  const page = p.u8(at);
  const channels = p.le16(at + 1);
  p.text(`Channel Page = ${page}, Number of Channels = ${channels}, `);
  p.text(`Phy Configuration = 0x${hex(p.le32(at + 3), 8)}, `);
  at += 7;
  if (page === 9 || page === 10) {
    const bitmap = (channels + 7) >> 3;
    if (short(bitmap)) return;
    p.text('Extended bitmap = 0x');
    for (let i = 0; i < bitmap; i++) p.text(hex(p.u8(at + i), 2));
    p.text(', ');
    at += bitmap;
  }
  if (short(2)) return;
  const count = p.le16(at);
  at += 2;
  p.text(`Hopping Seq length = ${count} [ `);
  if (short(count * 2, ' ')) return;
  sequence(p, at, count);
  at += count * 2;
  if (short(2)) return;
  p.text(`Current hop = ${p.le16(at)}`);
}

const LINK_OPTIONS = ['TX ', 'RX ', 'Shared ', 'Timekeeping ', 'Priority '];

/** Slotframes and the links in their slots. */
function slotframes(p: Printer, at: number, size: number): void {
  const end = at + size;
  const frames = p.u8(at++);
  p.text(`Slotframes = ${frames} `);
  for (let i = 0; i < frames; i++) {
    if (at + 4 > end) {
      p.text('[ERROR: Truncated IE before slotframes]');
      return;
    }
    const links = p.u8(at + 3);
    p.text(`\n\t\t\t[ Handle ${p.u8(at)}, size = ${p.le16(at + 1)}, links = ${links} `);
    at += 4;
    for (let j = 0; j < links; j++, at += 5) {
      if (at + 5 > end) {
        p.text('[ERROR: Truncated IE links]');
        break;
      }
      const options = p.u8(at + 4);
      p.text(`\n\t\t\t\t[ Timeslot =  ${p.le16(at)}, Offset = ${p.le16(at + 2)}, Options = `);
      LINK_OPTIONS.forEach((word, bit) => {
        if (((options >> bit) & 1) !== 0) p.text(word);
      });
      p.text('] ');
    }
    p.text('] ');
  }
}

const TIMES = [
  'CCA Offset',
  'CCA',
  'TX Offset',
  'RX Offset',
  'RX Ack Delay',
  'TX Ack Delay',
  'RX Wait',
  'Ack Wait',
  'RX TX',
  'Max Ack',
  'Max TX',
  'Time slot Length',
];
/** The times from here on have three bytes in the longer form. */
const FIRST_LONG = 10;

function timeslot(p: Printer, at: number, size: number): void {
  if (size !== 1 && size !== 25 && size !== 27) {
    p.text('[ERROR: Length not 1, 25, or 27]\n\t\t\tIE Data = ');
    spacedBytes(p, at, size);
    return;
  }
  p.text(`Time slot ID = ${p.u8(at)}`);
  if (size > 1) {
    let field = at + 1;
    TIMES.forEach((name, i) => {
      const long = size === 27 && i >= FIRST_LONG;
      p.text(`, ${name} = ${long ? p.le24(field) : p.le16(field)}`);
      field += long ? 3 : 2;
    });
  }
  p.char(32);
}
