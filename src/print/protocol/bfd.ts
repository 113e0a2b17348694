// Bidirectional forwarding detection. Source: RFC 5880, 5881, 5883 (multihop), 7130 (LAG), 7880 (S-BFD);
// draft-ietf-bfd-base-01 for version 0.

import { printUnknownData } from '../hexdump.js';
import { bitsOf, hex, hexBytes, wordOf } from '../inline.js';
import type { Bits, Printer, Words } from '../printer.js';

const ECHO_PORT = 3785;
const CONTROL_PORTS: Words = { 3784: 'Control', 4784: 'Multihop', 6784: 'LAG', 7784: 'S-BFD' };
const HEADER = 24;
const DIAGNOSTICS: Words = {
  0: 'No Diagnostic',
  1: 'Control Detection Time Expired',
  2: 'Echo Function Failed',
  3: 'Neighbor Signaled Session Down',
  4: 'Forwarding Plane Reset',
  5: 'Path Down',
  6: 'Concatenated Path Down',
  7: 'Administratively Down',
  8: 'Reverse Concatenated Path Down',
};
const STATES = ['AdminDown', 'Down', 'Init', 'Up'] as const;
const AUTHENTICATED = 0x04;
const FLAGS_0: Bits = [
  [0x80, 'I Hear You'],
  [0x40, 'Demand'],
  [0x20, 'Poll'],
  [0x10, 'Final'],
  [0x08, 'Control Plane Independent'],
  [AUTHENTICATED, 'Authentication Present'],
  [0x02, 'Reserved'],
  [0x01, 'Reserved'],
];
const FLAGS_1: Bits = [
  [0x20, 'Poll'],
  [0x10, 'Final'],
  [0x08, 'Control Plane Independent'],
  [AUTHENTICATED, 'Authentication Present'],
  [0x02, 'Demand'],
  [0x01, 'Multipoint'],
];
const AUTHENTICATION: Words = {
  1: 'Simple Password',
  2: 'Keyed MD5',
  3: 'Meticulous Keyed MD5',
  4: 'Keyed SHA1',
  5: 'Meticulous Keyed SHA1',
};
const PASSWORD_MOST = 19;

/** A datagram to a port of BFD's, or from the S-BFD one. */
export function printBfd(p: Printer, offset: number, length: number): void {
  p.protocol = 'bfd';
  const { sourcePort, destinationPort } = p;
  const port =
    destinationPort === ECHO_PORT || CONTROL_PORTS[destinationPort] !== undefined
      ? destinationPort
      : sourcePort;
  const kind = CONTROL_PORTS[port];
  if (kind === undefined) {
    p.text(`BFD, Echo, length: ${length}`);
    if (p.options.verbose > 0) printUnknownData(p, '\n\t', offset, length);
    return;
  }
  p.need(offset, HEADER);
  const version = p.u8(offset) >> 5;
  const flags = p.u8(offset + 1);
  const said =
    version === 0
      ? `Control, Flags: [${bitsOf(FLAGS_0, flags, 'none')}]`
      : `${kind}, State ${STATES[flags >> 6]}, Flags: [${bitsOf(FLAGS_1, flags & 0x3f, 'none')}]`;
  if (version > 1) {
    p.text(`BFDv${version}, Control, length: ${length}`);
    if (p.options.verbose > 0) printUnknownData(p, '\n\t', offset, length);
  } else if (p.options.verbose === 0) p.text(`BFDv${version}, ${said}, length: ${length}`);
  else {
    p.text(`BFDv${version}, length: ${length}\n\t${said}`);
    control(p, offset, flags);
  }
}

/** Microseconds as milliseconds, four places wide. */
function milliseconds(microseconds: number): string {
  return `${Math.floor(microseconds / 1000)} ms`.padStart(7);
}

function control(p: Printer, offset: number, flags: number): void {
  const diagnostic = p.u8(offset) & 0x1f;
  p.text(`, Diagnostic: ${wordOf(DIAGNOSTICS, diagnostic, 'unknown')} (0x${hex(diagnostic, 2)})`);
  const multiplier = p.u8(offset + 2);
  const transmit = p.u32(offset + 12);
  // The product is one of 32 bits where the text comes from.
  const detection = Math.floor((Math.imul(multiplier, transmit) >>> 0) / 1000);
  p.text(
    `\n\tDetection Timer Multiplier: ${multiplier} (${detection} ms Detection time)` +
      `, BFD Length: ${p.u8(offset + 3)}`,
  );
  p.text(`\n\tMy Discriminator: 0x${hex(p.u32(offset + 4), 8)}`);
  p.text(`, Your Discriminator: 0x${hex(p.u32(offset + 8), 8)}`);
  p.text(`\n\t  Desired min Tx Interval:    ${milliseconds(transmit)}`);
  p.text(`\n\t  Required min Rx Interval:   ${milliseconds(p.u32(offset + 16))}`);
  p.text(`\n\t  Required min Echo Interval: ${milliseconds(p.u32(offset + 20))}`);
  if ((flags & AUTHENTICATED) !== 0) authentication(p, offset + HEADER);
}

function authentication(p: Printer, at: number): void {
  p.need(at, 4);
  const type = p.u8(at);
  const length = p.u8(at + 1);
  p.text(`\n\tAuthentication: ${wordOf(AUTHENTICATION, type, 'Unknown')} (${type}), length: ${length}`);
  p.text(`\n\t  Auth Key ID: ${p.u8(at + 2)}`);
  switch (type) {
    case 1:
      if (length < 4 || length > PASSWORD_MOST) p.text(`[invalid length ${length}]`);
      else {
        p.text(', Password: ');
        p.safeBytes(at + 3, length - 3);
      }
      break;
    case 2:
    case 3:
      digest(p, at, length, 'Digest', 16);
      break;
    case 4:
    case 5:
      digest(p, at, length, 'Hash', 20);
      break;
  }
}

function digest(p: Printer, at: number, length: number, word: string, size: number): void {
  if (length !== size + 8) {
    p.text(`[invalid length ${length}]`);
    return;
  }
  p.text(`, Sequence Number: 0x${hex(p.u32(at + 4), 8)}`);
  p.need(at + 8, size);
  p.text(`\n\t  ${word}: ${hexBytes(p, at + 8, size)}`);
}
