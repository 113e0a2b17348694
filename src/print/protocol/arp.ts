// ARP, RARP and inverse ARP. Source: RFC 826, RFC 903, RFC 2390.

import { dumpAlways } from '../hexdump.js';
import type { Printer } from '../printer.js';
import { HARDWARE, Hardware, isIpv4, OPERATIONS, Operation, protocolName } from './arpnumbers.js';
import { printAtmArp } from './atmarp.js';
import { readAddress } from './q922.js';

const FIXED = 8;

/** An ARP packet. */
export function printArp(p: Printer, offset: number, length: number): void {
  p.protocol = 'arp';
  const verbose = p.options.verbose > 0;
  const hardware = p.u16(offset);
  const protocol = p.u16(offset + 2);
  if (hardware === Hardware.ATM) {
    printAtmArp(p, offset, length);
    return;
  }
  const hardwareLength = p.u8(offset + 4);
  const protocolLength = p.u8(offset + 5);
  const operation = p.u16(offset + 6);
  const whole = FIXED + 2 * hardwareLength + 2 * protocolLength;
  p.need(offset, whole);
  if (!p.options.linkHeader) p.text('ARP, ');
  const known = isIpv4(protocol);
  if (!known || protocolLength !== 4 || hardwareLength === 0 || verbose) {
    p.word(HARDWARE, hardware, 'Unknown Hardware (%u)');
    p.text(' (len ');
    p.dec(hardwareLength);
    p.text('), ');
    p.text(protocolName(protocol));
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
    else if (hardware === Hardware.FRAME_RELAY) p.text(dlciText(p, at, hardwareLength));
    else if (hardwareLength === 6) p.mac(at);
    else p.linkAddress(at, hardwareLength);
  };
  const ip = (at: number): void => {
    if (!known) p.text('<wrong proto type>');
    else if (protocolLength !== 4) p.text('<wrong len>');
    else p.ipv4(at);
  };
  switch (operation) {
    case Operation.REQUEST:
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
    case Operation.REPLY:
      p.char(32);
      ip(senderIp);
      p.text(' is-at ');
      address(sender);
      break;
    case Operation.REVERSE_REQUEST:
      p.text(' who-is ');
      address(target);
      p.text(' tell ');
      address(sender);
      break;
    case Operation.REVERSE_REPLY:
      p.char(32);
      address(target);
      p.text(' at ');
      ip(targetIp);
      break;
    case Operation.INVERSE_REQUEST:
      p.text(' who-is ');
      address(target);
      p.text(' tell ');
      address(sender);
      break;
    case Operation.INVERSE_REPLY:
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
