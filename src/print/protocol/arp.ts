// ARP, RARP and inverse ARP. Source: RFC 826, RFC 903, RFC 2390.

import type { Printer, Words } from '../printer.js';

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
const PROTOCOLS: Words = { 2048: 'IPv4', 4096: 'Trailer' };
const FIXED = 8;

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
    p.text(' ');
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
    p.word(PROTOCOLS, protocol, 'Unknown Protocol (0x%04x)');
    p.text(' (len ');
    p.dec(protocolLength);
    p.text(')');
    if (!known) {
      p.text(', ');
      p.word(OPERATIONS, operation, 'Unknown (%u)');
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
    if (hardwareLength === 6) p.mac(at);
    else p.linkAddress(at, hardwareLength);
  };
  switch (operation) {
    case 1:
      p.text(' who-has ');
      p.ipv4(targetIp);
      if (isSet(p, target, hardwareLength)) {
        p.text(' (');
        address(target);
        p.char(41);
      }
      p.text(' tell ');
      p.ipv4(senderIp);
      break;
    case 2:
      p.char(32);
      p.ipv4(senderIp);
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
      p.ipv4(targetIp);
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
      p.ipv4(senderIp);
      break;
  }
  p.text(', length ');
  p.dec(length);
}

function isSet(p: Printer, offset: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (p.u8(offset + i) !== 0) return true;
  return false;
}
