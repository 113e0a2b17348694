// RIP for IPv6. Source: RFC 2080.

import { ipv6Text } from '../inline.js';
import type { Printer } from '../printer.js';

const HEADER = 4;
const VERSION = 1;
const Command = { REQUEST: 1, RESPONSE: 2 } as const;
const ENTRY = 20;
const Entry = { TAG: 16, LENGTH: 18, METRIC: 19 } as const;
/** A request for one route to nowhere with this metric is one for the whole table. */
const INFINITY = 16;

/** Prints a RIPng packet. */
export function printRipng(p: Printer, offset: number, length: number): void {
  p.protocol = 'ripng';
  if (!packet(p, offset, length)) p.invalid();
}

/** @returns false when it is wrong */
function packet(p: Printer, offset: number, length: number): boolean {
  const version = p.u8(offset + 1);
  if (version !== VERSION) {
    p.text(`ripng [version ${version}, must be ${VERSION}]`);
    return false;
  }
  const command = p.u8(offset);
  if (command !== Command.REQUEST && command !== Command.RESPONSE) {
    p.text(` ripng-${command} ?? ${length}`);
    return false;
  }
  const request = command === Command.REQUEST;
  let left = length - HEADER;
  if (left < 0) return false;
  let at = offset + HEADER;
  const count = Math.floor(left / ENTRY);
  if (request && count === 1 && p.u8(at + Entry.METRIC) === INFINITY) {
    if (p.view(at, 16).every((byte) => byte === 0)) {
      p.text(' ripng-req dump');
      return true;
    }
  }
  p.text(` ripng-${request ? 'req' : 'resp'} ${count}${count * ENTRY === left ? '' : `[${length}]`}:`);
  for (; left >= ENTRY; at += ENTRY, left -= ENTRY) {
    p.text(p.options.verbose > 1 ? '\n\t' : ' ');
    p.text(`${ipv6Text(p, at)}/${p.u8(at + Entry.LENGTH)}`);
    const tag = p.u16(at + Entry.TAG);
    if (tag !== 0) p.text(` [${tag}]`);
    const metric = p.u8(at + Entry.METRIC);
    if (metric !== 0 && !request) p.text(` (${metric})`);
  }
  return left === 0;
}
