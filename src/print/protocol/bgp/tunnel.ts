// The tunnel of a multicast VPN's provider. Source: RFC 6514 (5).

import { OVERRUN } from '../../endings.js';
import { printUnknownData } from '../../hexdump.js';
import { hex, ipv4Text, wordOf } from '../../inline.js';
import type { Printer, Words } from '../../printer.js';

const HEADER = 5;
const TUNNELS: Words = {
  1: 'RSVP-TE P2MP LSP',
  2: 'LDP P2MP LSP',
  3: 'PIM-SSM Tree',
  4: 'PIM-SM Tree',
  5: 'PIM-Bidir Tree',
  6: 'Ingress Replication',
  7: 'LDP MP2MP LSP',
};
const LEAF_INFORMATION = 0x01;

/** What identifies a tunnel of each type: an address, and another one or a number. */
const IDENTIFIERS: Readonly<Record<number, readonly [address: string, other?: string]>> = {
  1: ['Extended-Tunnel-ID', 'P2MP-ID'],
  2: ['Root-Node', 'LSP-ID'],
  3: ['Root-Node', 'P-Group'],
  4: ['Sender', 'P-Group'],
  5: ['Sender', 'P-Group'],
  6: ['Tunnel-Endpoint'],
  7: ['Root-Node', 'LSP-ID'],
};

export function tunnel(p: Printer, at: number, length: number): void {
  if (!p.has(at, HEADER) || length < HEADER) throw OVERRUN;
  const type = p.u8(at + 1);
  const flags = (p.u8(at) & LEAF_INFORMATION) !== 0 ? 'Leaf Information required' : 'none';
  p.text(
    `\n\t    Tunnel-type ${wordOf(TUNNELS, type, 'Unknown')} (${type}), Flags [${flags}]` +
      `, MPLS Label ${p.u24(at + 2) >>> 4}`,
  );
  const value = at + HEADER;
  const identifier = IDENTIFIERS[type];
  if (identifier === undefined) {
    if (p.options.verbose <= 1) printUnknownData(p, '\n\t      ', value, length - HEADER);
    return;
  }
  const [address, other] = identifier;
  let text = `\n\t      ${address} ${ipv4Text(p, value)}`;
  if (other === 'P-Group') text += `, ${other} ${ipv4Text(p, value + 4)}`;
  else if (other !== undefined) text += `, ${other} 0x${hex(p.u32(value + 4), 8)}`;
  p.text(text);
}
