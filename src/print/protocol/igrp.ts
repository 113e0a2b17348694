// Cisco's Interior Gateway Routing Protocol. Source: Hedrick, An Introduction to IGRP (1991).

import { hex, wordOf } from '../inline.js';
import type { Printer, Words } from '../printer.js';

const HEADER = 12;
const Field = { OPERATION: 0, EDITION: 1, AS: 2, INTERIOR: 4, SYSTEM: 6, EXTERIOR: 8, CHECKSUM: 10 } as const;
const OPERATIONS: Words = { 1: 'update', 2: 'request' };
const ENTRY = 14;
const Entry = { DELAY: 3, BANDWIDTH: 6, MTU: 9, RELIABILITY: 11, LOAD: 12, HOPS: 13 } as const;
const WORST = 0xffffff;

/** Prints an IGRP packet. */
export function printIgrp(p: Printer, offset: number, length: number): void {
  p.protocol = 'igrp';
  p.text('igrp:');
  // Routes in the network, in the autonomous system and outside of it: their addresses lack another byte each.
  const counts = [Field.INTERIOR, Field.SYSTEM, Field.EXTERIOR].map((field) => p.u16(offset + field));
  const operation = p.u8(offset + Field.OPERATION);
  p.text(
    ` ${wordOf(OPERATIONS, operation & 15, 'op-#%u')} V${operation >> 4} edit=${p.u8(offset + Field.EDITION)}` +
      ` AS=${p.u16(offset + Field.AS)} (${counts.join('/')})`,
  );
  const checksum = p.u16(offset + Field.CHECKSUM);
  if (p.options.verbose > 0) p.text(` checksum=0x${hex(checksum, 4)}`);
  let left = (length - HEADER) >>> 0;
  for (let at = offset + HEADER; left >= ENTRY; at += ENTRY, left -= ENTRY) {
    const network = `${p.u8(at)}.${p.u8(at + 1)}.${p.u8(at + 2)}`;
    const kind = counts.findIndex((count) => count > 0);
    if (kind < 0) {
      p.text(` [extra bytes ${left}]`);
      break;
    }
    p.text([` *.${network}`, ` ${network}.0`, ` X${network}.0`][kind]!);
    entry(p, at);
    counts[kind]!--;
  }
  if (left !== 0 || counts.some((count) => count !== 0)) p.invalid();
}

function entry(p: Printer, at: number): void {
  const delay = p.u24(at + Entry.DELAY);
  const bandwidth = p.u24(at + Entry.BANDWIDTH);
  p.text(
    ` d=${10 * delay} b=${bandwidth === 0 ? 0 : Math.floor(10_000_000 / bandwidth)}` +
      ` r=${p.u8(at + Entry.RELIABILITY)} l=${p.u8(at + Entry.LOAD)} M=${Math.min(bandwidth + delay, WORST)}` +
      ` mtu=${p.u16(at + Entry.MTU)} in ${p.u8(at + Entry.HOPS)} hops`,
  );
}
