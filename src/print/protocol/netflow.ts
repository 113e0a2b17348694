// Cisco NetFlow exports, versions 1, 5 and 6, for -T cnfp. Source: Cisco's "NetFlow Export Datagram Format".

import { bitsOf, captured, hex } from '../inline.js';
import type { Bits, Printer } from '../printer.js';

const TCP = 6;
const TCP_FLAGS: Bits = [
  [0x01, 'F'],
  [0x02, 'S'],
  [0x04, 'R'],
  [0x08, 'P'],
  [0x10, '.'],
  [0x20, 'U'],
  [0x40, 'E'],
  [0x80, 'W'],
];

/** Where a version's header and records differ. */
interface Layout {
  readonly header: number;
  readonly record: number;
  readonly sequence: boolean;
  readonly protocol: number;
  readonly tos: number;
  readonly flags: number;
  /** Autonomous systems and masks of both sides. */
  readonly routing: boolean;
  /** Encapsulation sizes. */
  readonly encapsulation: boolean;
}

const LATER = { header: 24, record: 52, sequence: true, protocol: 38, tos: 39, flags: 37, routing: true };
const LAYOUTS: { readonly [version: number]: Layout } = {
  1: {
    header: 16,
    record: 52,
    sequence: false,
    protocol: 38,
    tos: 39,
    flags: 40,
    routing: false,
    encapsulation: false,
  },
  5: { ...LATER, encapsulation: false },
  6: { ...LATER, encapsulation: true },
};

/** A NetFlow export. */
export function printNetflow(p: Printer, offset: number, _length: number): void {
  p.protocol = 'cnfp';
  const version = p.u16(offset);
  const layout = LAYOUTS[version];
  if (layout === undefined) {
    p.text(`NetFlow v${hex(version)}`);
    return;
  }
  // The count is read as four bytes, so that the uptime's upper half is in it; it is what tcpdump does.
  let count = p.u32(offset + 2);
  const uptime = thousandths(p, offset + 4);
  const nanoseconds = `${p.u32(offset + 12)}`.padStart(9, '0');
  p.text(`NetFlow v${version}, ${uptime} uptime, ${p.u32(offset + 8)}.${nanoseconds}, `);
  if (layout.sequence) p.text(`#${p.u32(offset + 16)}, `);
  p.need(offset, layout.header);
  p.text(`${`${count}`.padStart(2)} recs`);
  for (offset += layout.header; count > 0; count--, offset += layout.record) printRecord(p, offset, layout);
}

function printRecord(p: Printer, offset: number, layout: Layout): void {
  p.text(`\n  started ${thousandths(p, offset + 24)}, last ${thousandths(p, offset + 28)}`);
  printSide(p, '\n    ', offset, offset + 32, layout.routing ? offset + 44 : -1, offset + 40);
  printSide(p, '> ', offset + 4, offset + 34, layout.routing ? offset + 45 : -1, offset + 42);
  p.text(`>> ${ipv4Number(p, offset + 8)}\n    `);
  const protocol = p.u8(offset + layout.protocol);
  const name = p.names?.protocol(protocol) ?? null;
  if (name === null) p.dec(protocol);
  else p.safeText(name);
  p.char(32);
  if (protocol === TCP) {
    const flags = p.u8(offset + layout.flags);
    if (flags !== 0) p.text(`${bitsOf(TCP_FLAGS, flags, '', '')} `);
  }
  let text = `tos ${p.u8(offset + layout.tos)}, ${p.u32(offset + 16)} (${p.u32(offset + 20)} octets)`;
  if (layout.encapsulation) text += ` (${p.u8(offset + 46)}<>${p.u8(offset + 47)} encaps)`;
  p.text(text);
  p.need(offset, layout.record);
}

/** An address with its prefix and autonomous system, where the version has them, and its port. */
function printSide(
  p: Printer,
  lead: string,
  address: number,
  port: number,
  mask: number,
  system: number,
): void {
  const routing = mask < 0 ? '' : `/${p.u8(mask)}:${p.u16(system)}`;
  p.text(`${lead}${ipv4Number(p, address)}${routing}:${p.u16(port)} `);
}

function ipv4Number(p: Printer, offset: number): string {
  return captured(p, () => p.ipv4Number(offset));
}

/** Milliseconds as seconds. */
function thousandths(p: Printer, offset: number): string {
  const time = p.u32(offset);
  return `${Math.floor(time / 1000)}.${`${time % 1000}`.padStart(3, '0')}`;
}
