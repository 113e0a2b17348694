// What the two versions of Linux cooked capture share. Source: LINKTYPE_LINUX_SLL, LINKTYPE_LINUX_SLL2.

import { readdirSync, readFileSync } from 'node:fs';
import { dumpUnknown } from '../hexdump.js';
import type { Printer, Words } from '../printer.js';
import { printers } from '../table.js';
import { ETHERTYPES, printEthertype } from './ethernet.js';

/** The header's fields; `address` and `payload` are offsets. */
export interface CookedHeader {
  readonly type: number;
  readonly hardware: number;
  readonly addressLength: number;
  readonly address: number;
  readonly protocol: number;
  readonly payload: number;
  readonly ifindex: number | null;
}

const TYPES: Words = { 0: 'In', 1: 'B', 2: 'M', 3: 'P', 4: 'Out' };
const MAX_ADDRESS = 8;
const P_802_3 = 1;
const P_802_2 = 4;
const VLAN = 0x8100;

/** @param length bytes on the wire, `header` of them the cooked header */
export function printCooked(p: Printer, length: number, header: number, cooked: CookedHeader): void {
  p.linkHeaderLength = header;
  const type = TYPES[cooked.type] ?? '?';
  if (cooked.ifindex !== null) {
    p.safeText(interfaceName(cooked.ifindex).padEnd(5));
    p.char(32);
    p.text(type.padEnd(3));
    p.char(32);
  } else if (p.options.linkHeader) {
    p.text(type.padStart(3));
    p.char(32);
  }
  if (p.options.linkHeader) heading(p, length, cooked);
  let { protocol, payload } = cooked;
  let rest = length - header;
  for (;;) {
    if (protocol === VLAN) {
      if (!p.has(payload, 4)) {
        p.protocol = 'vlan';
        p.truncated();
        return;
      }
      if (p.options.linkHeader) {
        const tci = p.u16(payload);
        p.text('vlan ');
        p.dec(tci & 0xfff);
        p.text(', p ');
        p.dec(tci >> 13);
        if ((tci & 0x1000) !== 0) p.text(', DEI');
        p.text(', ');
      }
      protocol = p.u16(payload + 2);
      payload += 4;
      rest -= 4;
      if (p.options.linkHeader && protocol > 1500) {
        p.text('ethertype ');
        p.text(ETHERTYPES[protocol] ?? 'Unknown');
        p.text(', ');
      }
      continue;
    }
    break;
  }
  if (protocol === P_802_2) {
    printers.llc(p, payload, rest);
    return;
  }
  if (protocol !== P_802_3 && printEthertype(p, protocol, payload, rest)) return;
  if (!p.options.linkHeader) heading(p, length, cooked);
  if (p.options.hex + p.options.hexAscii + p.options.ascii === 0)
    dumpUnknown(p, payload, p.available(payload));
}

function heading(p: Printer, length: number, cooked: CookedHeader): void {
  if (cooked.ifindex !== null) {
    p.text('ifindex ');
    p.dec(cooked.ifindex);
    p.char(32);
  }
  if (cooked.addressLength > 0 && cooked.addressLength <= MAX_ADDRESS) {
    p.linkAddress(cooked.address, cooked.addressLength);
    p.char(32);
  }
  if (p.options.quiet) return;
  const { protocol } = cooked;
  if (protocol === P_802_3) p.text('802.3');
  else if (protocol === P_802_2) p.text('802.2');
  else {
    p.text('ethertype ');
    p.text(ETHERTYPES[protocol] ?? 'Unknown');
    p.text(' (0x');
    p.hex0(protocol, 4);
    p.char(41);
  }
  p.text(', length ');
  p.dec(length);
  p.text(': ');
}

let names: Map<number, string> | null = null;

/** This machine's name of an interface, as tcpdump shows it even for a file of another one; `?` when there is none. */
function interfaceName(index: number): string {
  if (names === null) {
    names = new Map();
    try {
      for (const name of readdirSync('/sys/class/net')) {
        names.set(Number(readFileSync(`/sys/class/net/${name}/ifindex`, 'latin1')), name);
      }
    } catch {
      // not Linux
    }
  }
  return names.get(index) ?? '?';
}
