// IEEE 802.2 LLC, and SNAP behind it. Source: IEEE 802.2, 802.1 (SNAP), RFC 948, RFC 2684 (bridged frames).

import { hexAndAscii } from '../hexdump.js';
import type { Printer, Words } from '../printer.js';
import { printIp } from '../protocol/ip/ip.js';
import { printers } from '../table.js';
import { OUI_NAMES } from '../tables/oui.js';
import { ETHERTYPES, ethernetFrame, printEthertype } from './ethernet.js';

const Sap = {
  NULL: 0x00,
  IP: 0x06,
  STP: 0x42,
  SNAP: 0xaa,
  IPX: 0xe0,
  NETBEUI: 0xf0,
  OSI: 0xfe,
  GLOBAL: 0xff,
};
const SAP_WORDS: Words = {
  0: 'Null',
  2: '802.1B I',
  4: 'SNA',
  6: 'IP',
  14: 'ProWay NM',
  66: 'STP',
  78: 'RS511',
  126: 'ISO8208',
  142: 'ProWay',
  170: 'SNAP',
  224: 'IPX',
  240: 'NetBeui',
  254: 'OSI',
};
const GROUP = 0x01;
const RESPONSE = 0x01;

/** The lowest bits of the control field tell information, supervisory and unnumbered frames apart. */
const SUPERVISORY = 0x01;
const UNNUMBERED = 0x03;
const UI = 0x03;
const U_POLL = 0x10;
const IS_POLL = 0x0100;
const XID = 0xaf;
const XID_FORMAT = 0x81;
const COMMANDS: Words = {
  3: 'ui',
  15: 'dm',
  67: 'disc',
  99: 'ua',
  111: 'sabme',
  135: 'frmr',
  175: 'xid',
  227: 'test',
};
const SUPERVISORY_WORDS: Words = { 0: 'Receiver Ready', 1: 'Receiver not Ready', 2: 'Reject' };

const SNAP_HEADER = 5;
/** The one type of Apple's. */
const APPLETALK = 0x809b;
const Oui = { ETHERNET: 0, CISCO: 0x00000c, CISCO_BRIDGED: 0x0000f8, BRIDGED: 0x0080c2, APPLETALK: 0x080007 };
const CISCO_WORDS: Words = {
  267: 'PVST',
  268: 'VLAN Bridge',
  273: 'UDLD',
  8192: 'CDP',
  8195: 'VTP',
  8196: 'DTP',
};
const BRIDGED_WORDS: Words = {
  1: 'Ethernet + FCS',
  2: '802.4 + FCS',
  3: 'Token Ring + FCS',
  4: 'FDDI + FCS',
  5: '802.6 + FCS',
  7: 'Ethernet w/o FCS',
  8: '802.4 w/o FCS',
  9: 'Token Ring w/o FCS',
  10: 'FDDI w/o FCS',
  11: '802.6 w/o FCS',
  14: 'BPDU',
};
/** Padding in front of a bridged Ethernet frame, where the link has any. */
const BRIDGE_PADDING = 2;

/**
 * Prints an LLC frame.
 * @param source, destination offsets of the link-layer addresses, -1 where there are none
 * @returns bytes of header; their negative when the payload has no printer: the caller dumps the frame
 */
export function printLlc(p: Printer, offset: number, length: number, source = -1, destination = -1): number {
  p.protocol = 'llc';
  const captured = p.available(offset);
  if (captured < 3 || length < 3) return cut(p, offset, length);
  const dsapField = p.u8(offset);
  const ssapField = p.u8(offset + 1);
  let control = p.u8(offset + 2);
  const unnumbered = (control & UNNUMBERED) === UNNUMBERED;
  let header = 3;
  if (!unnumbered) {
    if (captured < 4 || length < 4) return cut(p, offset, length);
    control = p.le16(offset + 2);
    header = 4;
  }
  const linkHeader = p.options.linkHeader;
  if (ssapField === Sap.GLOBAL && dsapField === Sap.GLOBAL) {
    // Novell's frames have no LLC header: an IPX checksum stands here.
    if (linkHeader) p.text('IPX 802.3: ');
    printers.ipx(p, offset, length);
    return 0;
  }
  const dsap = dsapField & ~GROUP;
  const ssap = ssapField & ~RESPONSE;
  if (linkHeader) heading(p, dsapField, ssapField, control, unnumbered);
  const at = offset + header;
  const rest = length - header;
  if (ssap === dsap) {
    if (control === UI) {
      switch (dsap) {
        case Sap.SNAP:
          return printSnap(p, at, rest, source, destination) ? header + SNAP_HEADER : -(header + SNAP_HEADER);
        case Sap.STP:
          printers.stp(p, at, rest);
          return header;
        case Sap.IP:
          printIp(p, at, rest);
          return header;
        case Sap.OSI:
          printers.isoclns(p, at, rest);
          return header;
        case Sap.IPX:
          if (linkHeader) p.text('IPX 802.2: ');
          printers.ipx(p, at, rest);
          return header;
      }
    }
    // Information frames and unnumbered ones that carry data.
    if (p.options.smb && dsap === Sap.NETBEUI && ((control & SUPERVISORY) === 0 || control === UI)) {
      printers.netbeui(p, control, at, rest);
      return header;
    }
  }
  if (!linkHeader) saps(p, dsap, ssap, source, destination);
  const flags = flagWord((ssapField & RESPONSE) !== 0, (control & (unnumbered ? U_POLL : IS_POLL)) !== 0);
  if (unnumbered) {
    const command = control & ~U_POLL;
    p.text('Unnumbered, ');
    p.word(COMMANDS, command, '%02x');
    p.text(`, Flags [${flags}], length ${length}`);
    return command === XID && exchange(p, at, rest) ? header : -header;
  }
  if ((control & SUPERVISORY) === SUPERVISORY) {
    p.text('Supervisory, ');
    p.text(SUPERVISORY_WORDS[(control >> 2) & 3] ?? '?');
    p.text(`, rcv seq ${control >> 9}, Flags [${flags}], length ${length}`);
    return header;
  }
  p.text(`Information, send seq ${(control >> 1) & 0x7f}, rcv seq ${control >> 9}`);
  p.text(`, Flags [${flags}], length ${length}`);
  return -header;
}

function cut(p: Printer, offset: number, length: number): number {
  p.truncated();
  hexAndAscii(p, '\n\t', offset, p.available(offset));
  return Math.min(length, p.available(offset));
}

function flagWord(response: boolean, poll: boolean): string {
  if (response) return poll ? 'Final' : 'Response';
  return poll ? 'Poll' : 'Command';
}

function heading(p: Printer, dsap: number, ssap: number, control: number, unnumbered: boolean): void {
  p.text('LLC, dsap ');
  p.text(SAP_WORDS[dsap & ~GROUP] ?? 'Unknown');
  p.text(' (0x');
  p.hex0(dsap & ~GROUP, 2);
  p.text((dsap & GROUP) !== 0 ? ') Group, ssap ' : ') Individual, ssap ');
  p.text(SAP_WORDS[ssap & ~RESPONSE] ?? 'Unknown');
  p.text(' (0x');
  p.hex0(ssap & ~RESPONSE, 2);
  p.text((ssap & RESPONSE) !== 0 ? ') Response, ctrl 0x' : ') Command, ctrl 0x');
  p.hex0(control, unnumbered ? 2 : 4);
  p.text(': ');
}

/** Addresses and service access points of a frame that -e has not shown. */
function saps(p: Printer, dsap: number, ssap: number, source: number, destination: number): void {
  const addresses = source >= 0 && destination >= 0;
  if (addresses) p.mac(source);
  if (ssap !== dsap) {
    if (addresses) p.char(32);
    p.word(SAP_WORDS, ssap, 'Unknown SSAP 0x%02x');
  }
  if (addresses || ssap !== dsap) p.text(' > ');
  if (addresses) {
    p.mac(destination);
    p.char(32);
  }
  p.word(SAP_WORDS, dsap, 'Unknown DSAP 0x%02x');
  p.char(32);
}

/** What an exchange of identification says; false when it is not of the known format. */
function exchange(p: Printer, offset: number, length: number): boolean {
  if (length === 0) return true;
  if (p.u8(offset) !== XID_FORMAT) return false;
  if (p.available(offset) < 3 || length < 3) {
    p.truncated();
    hexAndAscii(p, '\n\t', offset, p.available(offset));
    return true;
  }
  p.text(': ');
  p.hex0(p.u8(offset + 1), 2);
  p.char(32);
  p.hex0(p.u8(offset + 2), 2);
  return true;
}

/**
 * Prints a SNAP header and its payload.
 * @param padding bytes in front of a bridged frame
 * @returns false when the payload has no printer
 */
export function printSnap(
  p: Printer,
  offset: number,
  length: number,
  source: number,
  destination: number,
  padding = BRIDGE_PADDING,
): boolean {
  p.protocol = 'snap';
  if (!p.has(offset, SNAP_HEADER) || length < SNAP_HEADER) {
    p.truncated();
    return true;
  }
  const oui = p.u24(offset);
  const type = p.u16(offset + 3);
  if (p.options.linkHeader) {
    ouiName(p, oui);
    snapType(p, oui, type, length);
  }
  const payload = offset + SNAP_HEADER;
  if (printSnapPayload(p, oui, type, payload, length - SNAP_HEADER, source, destination, padding))
    return true;
  if (!p.options.linkHeader) {
    if (source >= 0 && destination >= 0) {
      p.mac(source);
      p.text(' > ');
      p.mac(destination);
      p.char(32);
    }
    p.text('SNAP, ');
    if (oui !== Oui.ETHERNET) ouiName(p, oui);
    snapType(p, oui, type, length);
  }
  return false;
}

function ouiName(p: Printer, oui: number): void {
  p.text('oui ');
  p.text(OUI_NAMES[oui] ?? 'Unknown');
  p.text(' (0x');
  p.hex0(oui, 6);
  p.text('), ');
}

function snapType(p: Printer, oui: number, type: number, length: number): void {
  const words = oui === Oui.CISCO ? CISCO_WORDS : oui === Oui.BRIDGED ? BRIDGED_WORDS : null;
  const types =
    words ?? (oui === Oui.ETHERNET || oui === Oui.CISCO_BRIDGED || oui === Oui.APPLETALK ? ETHERTYPES : {});
  p.text(oui === Oui.ETHERNET ? 'ethertype ' : 'pid ');
  p.text(types[type] ?? 'Unknown');
  p.text(' (0x');
  p.hex0(type, 4);
  p.text(`), length ${length - SNAP_HEADER}: `);
}

function printSnapPayload(
  p: Printer,
  oui: number,
  type: number,
  offset: number,
  length: number,
  source: number,
  destination: number,
  padding: number,
): boolean {
  switch (oui) {
    case Oui.ETHERNET:
    case Oui.CISCO_BRIDGED:
      return printEthertype(p, type, offset, length, source, destination);
    case Oui.APPLETALK:
      return type === APPLETALK && printEthertype(p, type, offset, length, source, destination);
    case Oui.CISCO:
      switch (type) {
        case 0x2000:
          printers.cdp(p, offset, length);
          return true;
        case 0x2003:
          printers.vtp(p, offset, length);
          return true;
        case 0x2004:
          printers.dtp(p, offset, length);
          return true;
        case 0x0111:
          printers.udld(p, offset, length);
          return true;
        case 0x010b:
        case 0x010c:
          printers.stp(p, offset, length);
          return true;
        default:
          return false;
      }
    case Oui.BRIDGED:
      switch (type) {
        case 1:
        case 7:
          if (!p.has(offset, padding) || length < padding) {
            p.truncated();
            return true;
          }
          ethernetFrame(p, offset + padding, length - padding);
          return true;
        case 14:
          printers.stp(p, offset, length);
          return true;
        default:
          return false;
      }
    default:
      return false;
  }
}
