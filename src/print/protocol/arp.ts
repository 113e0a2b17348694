// ARP, RARP and inverse ARP. Source: RFC 826, RFC 903, RFC 2390.

import { dumpAlways } from '../hexdump.js';
import { hex } from '../inline.js';
import type { Printer, Words } from '../printer.js';
import { etherTypeName } from './inner.js';
import { readAddress } from './q922.js';

const HARDWARE: Words = {
  1: 'Ethernet',
  6: 'TokenRing',
  7: 'ArcNet',
  15: 'FrameRelay',
  17: 'Strip',
  24: 'IEEE 1394',
};
const OPERATIONS: Words = {
  1: 'Request',
  2: 'Reply',
  3: 'Reverse Request',
  4: 'Reverse Reply',
  8: 'Inverse Request',
  9: 'Inverse Reply',
  10: 'NACK Reply',
};
const FIXED = 8;
const FRAME_RELAY = 15;

/** An ARP packet. */
export function printArp(p: Printer, offset: number, length: number): void {
  p.protocol = 'arp';
  const verbose = p.options.verbose > 0;
  const hardware = p.u16(offset);
  const protocol = p.u16(offset + 2);
  const hardwareLength = p.u8(offset + 4);
  const protocolLength = p.u8(offset + 5);
  const operation = p.u16(offset + 6);
  const whole = FIXED + 2 * hardwareLength + 2 * protocolLength;
  if (!p.has(offset, whole)) {
    p.truncated();
    return;
  }
  if (!p.options.linkHeader) p.text('ARP, ');
  const known = (protocol === 0x0800 || protocol === 0x1000) && protocolLength === 4 && hardwareLength > 0;
  if (!known || verbose) {
    p.word(HARDWARE, hardware, 'Unknown Hardware (%u)');
    p.text(' (len ');
    p.dec(hardwareLength);
    p.text('), ');
    p.text(etherTypeName(protocol) ?? `Unknown Protocol (0x${hex(protocol, 4)})`);
    p.text(' (len ');
    p.dec(protocolLength);
    p.text(')');
    if (!verbose) {
      p.text(', length ');
      p.dec(length);
      return;
    }
    p.text(', ');
  }
  p.word(OPERATIONS, operation, 'Unknown (%u)');
  const sender = offset + FIXED;
  const senderIp = sender + hardwareLength;
  const target = senderIp + protocolLength;
  const targetIp = target + hardwareLength;
  const address = (at: number): void => {
    if (hardwareLength === 0) p.text('<empty>');
    else if (hardware === FRAME_RELAY) p.text(dlciText(p, at, hardwareLength));
    else if (hardwareLength === 6) p.mac(at);
    else p.linkAddress(at, hardwareLength);
  };
  const ip = (at: number): void => {
    if (protocol !== 0x0800 && protocol !== 0x1000) p.text('<wrong proto type>');
    else if (protocolLength !== 4) p.text('<wrong len>');
    else p.ipv4(at);
  };
  switch (operation) {
    case 1:
      p.text(' who-has ');
      ip(targetIp);
      if (isSet(p, target, hardwareLength)) {
        p.text(' (');
        address(target);
        p.char(41);
      }
      p.text(' tell ');
      ip(senderIp);
      break;
    case 2:
      p.char(32);
      ip(senderIp);
      p.text(' is-at ');
      address(sender);
      break;
    case 3:
      p.text(' who-is ');
      address(target);
      p.text(' tell ');
      address(sender);
      break;
    case 4:
      p.char(32);
      address(target);
      p.text(' at ');
      ip(targetIp);
      break;
    case 8:
      p.text(' who-is ');
      address(target);
      p.text(' tell ');
      address(sender);
      break;
    case 9:
      p.char(32);
      address(sender);
      p.text(' at ');
      ip(senderIp);
      break;
    default:
      p.char(32);
      dumpAlways(p, offset, p.available(offset));
      return;
  }
  p.text(', length ');
  p.dec(length);
}

function isSet(p: Printer, offset: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (p.u8(offset + i) !== 0) return true;
  return false;
}

/** A Frame Relay address of two to four bytes (Q.922). */
function dlciText(p: Printer, offset: number, length: number): string {
  p.need(offset, length);
  const address = readAddress(p, offset, length);
  if (address === undefined) return '<Truncated>';
  return address === null ? '<Invalid DLCI>' : `DLCI ${address.dlci}`;
}
