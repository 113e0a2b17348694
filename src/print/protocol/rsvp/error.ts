// Errors of RSVP. Source: RFC 2205 (A.5), 3209 (7.3), 4124 (9.3).

import { OVERRUN } from '../../endings.js';
import { counted, hex, ipv4Text, ipv6Text, wordOf } from '../../inline.js';
import type { Words } from '../../printer.js';
import { type ObjectPrinter, Shown } from './types.js';

const Code = { ROUTING: 24, CLASSES: 28, CLASSES_OLD: 125 } as const;
const CODES: Words = {
  24: 'Routing Problem',
  25: 'Notify Error',
  28: 'Diffserv TE Error',
  125: 'Diffserv TE Error (Old)',
};
const ROUTING = counted(
  1,
  'Bad EXPLICIT_ROUTE object|Bad strict node|Bad loose node|Bad initial subobject|' +
    'No route available toward destination|Unacceptable label value|RRO indicated routing loops|' +
    'non-RSVP-capable router in the path|MPLS label allocation failure|Unsupported L3PID',
);
const CLASSES = counted(
  1,
  'Unexpected CT object|Unsupported CT|Invalid CT value|CT/setup priority do not form a configured TE-Class|' +
    'CT/holding priority do not form a configured TE-Class|' +
    'CT/setup priority and CT/holding priority do not form a configured TE-Class|' +
    'Inconsistency between signaled PSC and signaled CT|Inconsistency between signaled PHBs and signaled CT',
);

/** An error and the node that found it; of those over IPv6 only routing problems have their values shown. */
function error(six: boolean): ObjectPrinter {
  const width = six ? 16 : 4;
  return (p, at, length, indent) => {
    if (length < width + 4) throw OVERRUN;
    const code = p.u8(at + width + 1);
    const value = p.u16(at + width + 2);
    p.text(
      `${indent}  Error Node Address: ${six ? ipv6Text(p, at) : ipv4Text(p, at)}` +
        `, Flags: [0x${hex(p.u8(at + width), 2)}]${indent}  Error Code: ${wordOf(CODES, code, 'unknown')} (${code})`,
    );
    if (code === Code.ROUTING) p.text(`, Error Value: ${wordOf(ROUTING, value, 'unknown')} (${value})`);
    else if (six) return Shown.WHOLLY;
    else if (code === Code.CLASSES || code === Code.CLASSES_OLD) {
      p.text(`, Error Value: ${wordOf(CLASSES, value, 'unknown')} (${value})`);
    } else p.text(`, Unknown Error Value (${value})`);
    return Shown.WHOLLY;
  };
}

/** By type; those with TLVs behind them are read as those without. */
export const errorPrinters: Readonly<Record<number, ObjectPrinter>> = {
  1: error(false),
  2: error(true),
  3: error(false),
  4: error(true),
};
