// Routing Information Protocol. Source: RFC 1058 (version 1), 2453 (version 2), 2091 (on demand), 4822 (authentication).

import { printUnknownData } from '../hexdump.js';
import { below, hex, ipv4Text, maskLength4, wordOf } from '../inline.js';
import type { Printer, Words } from '../printer.js';
import { BSD_ADDRESS_FAMILIES, BsdFamily } from '../tables/addressfamilies.js';

const HEADER = 4;
const ENTRY = 20;
const ENTRY_HEADER = 4;
const Entry = { FAMILY: 0, TAG: 2, ADDRESS: 4, MASK: 8, ROUTER: 12, METRIC: 16 } as const;
const Command = { REQUEST: 1, RESPONSE: 2 } as const;
const COMMANDS: Words = {
  1: 'Request',
  2: 'Response',
  3: 'Trace on',
  4: 'Trace off',
  6: 'Triggered Request',
  7: 'Triggered Response',
  8: 'Triggered Acknowledgement',
  9: 'Update Request',
  10: 'Update Response',
  11: 'Update Acknowledge',
};
/** The family of an entry that is no route but authentication. */
const AUTHENTICATION = 0xffff;
const Authentication = { TRAILER: 1, PASSWORD: 2, HEADER: 3 } as const;
const PASSWORD = 16;
const AUTHENTICATION_HEADER = 16;

/** Prints a RIP packet. */
export function printRip(p: Printer, offset: number, length: number): void {
  p.protocol = 'rip';
  if (p.options.verbose > 0) p.text('\n\t');
  p.protocolCaps();
  if (below(p, 'packet length', length, HEADER)) {
    p.invalid();
    p.need(offset, length);
    return;
  }
  const version = p.u8(offset + 1);
  p.text(`v${version}`);
  if (version !== 1 && version !== 2) {
    p.text(' [version != 1 && version != 2]');
    p.invalid();
    p.need(offset, length);
    return;
  }
  const command = p.u8(offset);
  p.text(`, ${wordOf(COMMANDS, command, 'unknown command (%u)')}, length: ${length}`);
  p.need(offset, HEADER);
  const { verbose } = p.options;
  if (verbose === 0) return;
  let at = offset + HEADER;
  const end = offset + length;
  if (command === Command.REQUEST || command === Command.RESPONSE) {
    p.text(`, routes: ${Math.floor((end - at) / ENTRY)}${version === 1 ? '' : ' or less'}`);
    while (at < end) {
      const used = version === 1 ? entry1(p, at, end - at) : entry2(p, at, end - at);
      if (used === 0 || below(p, 'remaining entries length', end - at, used)) {
        p.invalid();
        p.need(at, end - at);
        return;
      }
      at += used;
    }
  } else if (COMMANDS[command] === undefined && verbose <= 1) printUnknownData(p, '\n\t', at, end - at);
  if (verbose > 1) printUnknownData(p, '\n\t', at, end - at);
}

/** @returns its length, 0 when it is wrong */
function entry1(p: Printer, at: number, left: number): number {
  if (below(p, 'remaining data length', left, ENTRY)) return 0;
  p.need(at, ENTRY);
  const family = p.u16(at);
  if (family !== BsdFamily.INET && family !== 0) {
    p.text(`\n\t AFI ${wordOf(BSD_ADDRESS_FAMILIES, family, 'Unknown (%u)')}, `);
    printUnknownData(p, '\n\t  ', at + ENTRY_HEADER, ENTRY - ENTRY_HEADER);
    return ENTRY;
  }
  if (p.u16(at + Entry.TAG) !== 0 || p.u32(at + Entry.MASK) !== 0 || p.u32(at + Entry.ROUTER) !== 0) {
    printUnknownData(p, '\n\t  ', at, ENTRY);
    return ENTRY;
  }
  p.text(
    `\n\t  ${family === 0 ? 'AFI 0, ' : ''}${ipv4Text(p, at + Entry.ADDRESS)}, metric: ${p.u32(at + Entry.METRIC)}`,
  );
  return ENTRY;
}

/** @returns its length, 0 when it is wrong */
function entry2(p: Printer, at: number, left: number): number {
  if (below(p, 'remaining data length', left, ENTRY_HEADER)) return 0;
  p.need(at, ENTRY_HEADER);
  const family = p.u16(at);
  if (family === AUTHENTICATION) return authentication(p, at + ENTRY_HEADER, left - ENTRY_HEADER);
  if (family !== BsdFamily.INET && family !== 0) {
    p.text(`\n\t  AFI ${wordOf(BSD_ADDRESS_FAMILIES, family, 'Unknown (%u)')}`);
    printUnknownData(p, '\n\t  ', at + ENTRY_HEADER, ENTRY - ENTRY_HEADER);
    return ENTRY;
  }
  if (below(p, 'remaining data length', left, ENTRY)) return 0;
  const address = ipv4Text(p, at + Entry.ADDRESS).padStart(15);
  const mask = String(maskLength4(p.u32(at + Entry.MASK))).padEnd(2);
  p.text(
    `\n\t  AFI ${wordOf(BSD_ADDRESS_FAMILIES, family, '%u')}, ${address}/${mask}` +
      `, tag 0x${hex(p.u16(at + Entry.TAG), 4)}, metric: ${p.u32(at + Entry.METRIC)}, next-hop: `,
  );
  p.text(p.u32(at + Entry.ROUTER) === 0 ? 'self' : ipv4Text(p, at + Entry.ROUTER));
  return ENTRY;
}

/** @param at behind the entry's header @returns the entry's length, 0 when it is wrong */
function authentication(p: Printer, at: number, left: number): number {
  const type = p.u16(at - 2);
  switch (type) {
    case Authentication.PASSWORD:
      p.text('\n\t  Simple Text Authentication data: ');
      p.safeUntilNul(at, PASSWORD);
      return ENTRY;
    case Authentication.HEADER:
      if (below(p, 'remaining data length', left, AUTHENTICATION_HEADER)) return 0;
      p.text('\n\t  Auth header:');
      p.text(` Packet Len ${p.u16(at)},`);
      p.text(` Key-ID ${p.u8(at + 2)},`);
      p.text(` Auth Data Len ${p.u8(at + 3)},`);
      p.text(` SeqNo ${p.u32(at + 4)},`);
      p.text(` MBZ ${p.u32(at + 8)},`);
      p.text(` MBZ ${p.u32(at + 12)}`);
      return ENTRY;
    case Authentication.TRAILER:
      p.text('\n\t  Auth trailer:');
      break;
    default:
      p.text(`\n\t  Unknown (${type}) Authentication data:`);
  }
  // These go on to the end of the packet.
  printUnknownData(p, '\n\t  ', at, left);
  return ENTRY_HEADER + left;
}
