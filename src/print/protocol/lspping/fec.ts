// What a labelled path that is pinged is for. Source: RFC 4379 (3.2).

import { counted, hex, ipv4Text, ipv6Text, wordOf } from '../../inline.js';
import type { Printer } from '../../printer.js';
import { rdText } from '../bgp/prefix.js';
import { PSEUDOWIRES } from '../l2vpn.js';

export const FECS = counted(
  1,
  'LDP IPv4 prefix|LDP IPv6 prefix|RSVP IPv4 Session Query|RSVP IPv6 Session Query|Reserved|VPN IPv4 prefix|' +
    'VPN IPv6 prefix|L2 VPN endpoint|FEC 128 pseudowire (old)|FEC 128 pseudowire||BGP labeled IPv4 prefix|' +
    'BGP labeled IPv6 prefix',
);

/** The one length of a class's sub-TLV, and its text. */
interface FecPrinter {
  readonly size: number;
  readonly text: (p: Printer, at: number) => string;
}

const prefix4: FecPrinter = { size: 5, text: (p, at) => `${ipv4Text(p, at)}/${p.u8(at + 4)}` };
const prefix6: FecPrinter = { size: 17, text: (p, at) => `${ipv6Text(p, at)}/${p.u8(at + 16)}` };

/** A tunnel between addresses of `width` bytes. */
function tunnel(width: number, address: (p: Printer, at: number) => string): FecPrinter {
  const extended = width + 4;
  const sender = extended + width;
  return {
    size: sender + width + 4,
    text: (p, at) =>
      `tunnel end-point ${address(p, at)}, tunnel sender ${address(p, at + sender)}` +
      `, lsp-id 0x${hex(p.u16(at + sender + width + 2), 4)}` +
      `\n\t      tunnel-id 0x${hex(p.u16(at + width + 2), 4)}, extended tunnel-id ${address(p, at + extended)}`,
  };
}

function wire(p: Printer, at: number): string {
  const type = p.u16(at);
  return `${wordOf(PSEUDOWIRES, type, 'unknown')} (${type})`;
}

export const FEC_PRINTERS: Readonly<Record<number, FecPrinter>> = {
  1: prefix4,
  2: prefix6,
  3: tunnel(4, ipv4Text),
  4: tunnel(16, ipv6Text),
  6: { size: 13, text: (p, at) => `RD: ${rdText(p, at)}, ${ipv4Text(p, at + 8)}/${p.u8(at + 12)}` },
  7: { size: 25, text: (p, at) => `RD: ${rdText(p, at)}, ${ipv6Text(p, at + 8)}/${p.u8(at + 24)}` },
  8: {
    size: 14,
    text: (p, at) =>
      `RD: ${rdText(p, at)}, Sender VE ID: ${p.u16(at + 8)}, Receiver VE ID: ${p.u16(at + 10)}` +
      `\n\t      Encapsulation Type: ${wire(p, at + 12)}`,
  },
  9: {
    size: 10,
    text: (p, at) =>
      `Remote PE: ${ipv4Text(p, at)}\n\t      PW ID: 0x${hex(p.u32(at + 4), 8)}, PW Type: ${wire(p, at + 8)}`,
  },
  10: {
    size: 14,
    text: (p, at) =>
      `Sender PE: ${ipv4Text(p, at)}, Remote PE: ${ipv4Text(p, at + 4)}` +
      `\n\t      PW ID: 0x${hex(p.u32(at + 8), 8)}, PW Type: ${wire(p, at + 12)}`,
  },
  12: prefix4,
  13: prefix6,
};
