// Label Distribution Protocol: units and the messages in them. Source: RFC 5036.

import { printUnknownData } from '../../hexdump.js';
import { hex, ipv4Text } from '../../inline.js';
import type { Printer } from '../../printer.js';
import { LDP_MESSAGES, printLdpTlv } from './tlv.js';

const VERSION = 1;
const HEADER = 10;
const MESSAGE_HEADER = 8;
/** What a length leaves out: type or version, and itself. */
const UNCOUNTED = 4;
const Field = { VERSION: 0, LENGTH: 2, ROUTER: 4, LABEL_SPACE: 8 } as const;

/** Units of LDP, over UDP or TCP. */
export function printLdp(p: Printer, offset: number, length: number): void {
  p.protocol = 'ldp';
  let left = length;
  while (left > HEADER + MESSAGE_HEADER) {
    const used = unit(p, offset);
    if (used === 0) return;
    if (left < used) {
      p.text(` [remaining length ${left} < ${used}]`);
      p.invalid();
      return;
    }
    left -= used;
    offset += used;
  }
}

/** @returns bytes used, 0 when nothing behind it is to be read */
function unit(p: Printer, at: number): number {
  p.need(at, HEADER);
  const start = p.options.verbose < 1 ? '' : '\n\t';
  const version = p.u16(at + Field.VERSION);
  if (version !== VERSION) {
    p.text(`${start}LDP version ${version} packet not supported`);
    return 0;
  }
  const length = p.u16(at + Field.LENGTH);
  if (length < HEADER - UNCOUNTED) {
    p.text(`${start}LDP, pdu-length: ${length} (too short, < ${HEADER - UNCOUNTED})`);
    return 0;
  }
  p.text(
    `${start}LDP, Label-Space-ID: ${ipv4Text(p, at + Field.ROUTER)}:${p.u16(at + Field.LABEL_SPACE)}` +
      `, pdu-length: ${length}`,
  );
  if (p.options.verbose < 1) return 0;
  // Counted in 16 bits: a message longer than its unit makes it wrap, and the capture's end ends it.
  let left = length - (HEADER - UNCOUNTED);
  for (let offset = at + HEADER; left !== 0; ) {
    const used = message(p, offset);
    if (used === 0) return 0;
    offset += used;
    left = (left - used) & 0xffff;
  }
  return length + UNCOUNTED;
}

/** @returns bytes used, 0 when nothing behind it is to be read */
function message(p: Printer, at: number): number {
  p.need(at, MESSAGE_HEADER);
  const field = p.u16(at);
  const type = field & 0x7fff;
  const length = p.u16(at + 2);
  const known = LDP_MESSAGES[type];
  p.text(`\n\t  ${known ?? 'Unknown'} Message (0x${hex(type, 4)}), length: ${length}`);
  if (length < MESSAGE_HEADER - UNCOUNTED) {
    p.text(` (too short, < ${MESSAGE_HEADER - UNCOUNTED})`);
    return 0;
  }
  const action = (field & 0x8000) !== 0 ? 'continue processing' : 'ignore';
  p.text(`, Message ID: 0x${hex(p.u32(at + 4), 8)}, Flags: [${action} if unknown]`);
  p.need(at, length);
  const body = at + MESSAGE_HEADER;
  let left = length - (MESSAGE_HEADER - UNCOUNTED);
  if (known !== undefined) {
    for (let offset = body; left >= UNCOUNTED; ) {
      const used = printLdpTlv(p, offset, left);
      if (used === 0) break;
      offset += used;
      left -= used;
    }
  } else if (p.options.verbose <= 1) printUnknownData(p, '\n\t  ', body, left);
  if (p.options.verbose > 1) printUnknownData(p, '\n\t  ', body, length);
  return length + UNCOUNTED;
}
