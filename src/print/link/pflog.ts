// The log of pf, the packet filter of the BSDs (DLT_PFLOG): which rule did what with a packet, and the packet. Source:
// LINKTYPE_PFLOG; net/if_pflog.h of FreeBSD and OpenBSD.

import { dumpUnknown } from '../hexdump.js';
import { counted, wordOf } from '../inline.js';
import type { Printer } from '../printer.js';
import { printIp, printIp6 } from '../protocol/inner.js';
import { BSD_INET, BSD_INET6 } from './null.js';

/** Where the fields are. */
const At = {
  FAMILY: 1,
  ACTION: 2,
  REASON: 3,
  INTERFACE: 4,
  RULES: 20,
  RULE: 36,
  SUBRULE: 40,
  DIRECTION: 60,
} as const;
/** The header without its padding; systems add fields behind. */
const LEAST_LENGTH = 61;
const LEAST_CAPTURED = 64;
const NAME_SIZE = 16;
/** No rule within a set of rules. */
const NO_SUBRULE = 0xffffffff;

/** What tcpdump knows on every system; each BSD has words of its own above these, and takes them for its own only. */
const REASONS = counted(
  0,
  '0(match)|1(bad-offset)|2(fragment)|3(short)|4(normalize)|5(memory)|6(bad-timestamp)|7(congestion)|8(ip-option)|' +
    '9(proto-cksum)|10(state-mismatch)|11(state-insert)|12(state-limit)|13(src-limit)|14(synproxy)',
);
const ACTIONS = counted(0, 'pass|block|scrub|noscrub|nat|nonat|binat|nobinat|rdr|nordr|synproxy-drop');
const DIRECTIONS = counted(0, 'in/out|in|out');

/** A link of packets that pf has logged. */
export function printPflogLink(p: Printer, offset: number, length: number): void {
  p.protocol = 'pflog';
  const size = p.u8(offset);
  if (size < LEAST_LENGTH) {
    p.text('[pflog: invalid header length!]');
    p.linkHeaderLength += size;
    return;
  }
  const header = (size + 3) & ~3;
  if (!p.has(offset, Math.max(header, LEAST_CAPTURED))) {
    p.truncated();
    p.linkHeaderLength += header;
    return;
  }
  if (p.options.linkHeader) heading(p, offset);
  const payload = offset + header;
  const family = p.u8(offset + At.FAMILY);
  if (family === BSD_INET) printIp(p, payload, length - header);
  else if (BSD_INET6.includes(family)) printIp6(p, payload, length - header);
  else {
    if (!p.options.linkHeader) heading(p, offset);
    dumpUnknown(p, payload, p.available(payload));
  }
  p.linkHeaderLength += header;
}

function heading(p: Printer, offset: number): void {
  p.text(`rule ${p.u32(offset + At.RULE)}`);
  const subrule = p.u32(offset + At.SUBRULE);
  if (subrule !== NO_SUBRULE) {
    p.char(46);
    p.safeUntilNul(offset + At.RULES, NAME_SIZE);
    p.text(`.${subrule}`);
  }
  p.text(`/${wordOf(REASONS, p.u8(offset + At.REASON), 'unkn(%u)')}`);
  p.text(`: ${wordOf(ACTIONS, p.u8(offset + At.ACTION), 'unkn(%u)')}`);
  p.text(` ${wordOf(DIRECTIONS, p.u8(offset + At.DIRECTION), 'unkn(%u)')} on `);
  p.safeUntilNul(offset + At.INTERFACE, NAME_SIZE);
  p.text(': ');
}
