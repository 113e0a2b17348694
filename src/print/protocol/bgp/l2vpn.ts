// Routes of layer-2 VPNs. Source: RFC 4761 (3.2.2), 6074 (3.2.2.1); draft-kompella-ppvpn-l2vpn for the vectors.

import { OVERRUN } from '../../endings.js';
import { hex, ipv4Text } from '../../inline.js';
import type { Printer } from '../../printer.js';
import { rdText } from './prefix.js';
import { line } from './route.js';

const DISCOVERY = 12;
const BLOCK = 15;
/** Shorter ones are neither a discovery nor a label block with something behind it. */
const BLOCK_LEAST = 18;
const STATUS_VECTOR = 1;
/** A route has this many characters at most; bytes of a vector behind them are not even passed over. */
const ROOM = 164;

export function l2vpnRoute(p: Printer, at: number): number {
  const length = p.u16(at);
  const fields = at + 2;
  if (length !== DISCOVERY && length < BLOCK_LEAST) throw OVERRUN;
  if (!p.has(fields, length === DISCOVERY ? DISCOVERY : BLOCK)) throw OVERRUN;
  const rd = rdText(p, fields);
  if (length === DISCOVERY) line(p, `RD: ${rd}, BGPNH: ${ipv4Text(p, fields + 8)}`);
  else {
    const text =
      `RD: ${rd}, CE-ID: ${p.u16(fields + 8)}, Label-Block Offset: ${p.u16(fields + 10)}` +
      `, Label Base ${p.u24(fields + 12) >>> 4}`;
    line(p, vectors(p, fields + BLOCK, length - BLOCK, text));
  }
  return length + 2;
}

/** `text` and the vectors behind the label block. Their headers do not count to the length left. */
function vectors(p: Printer, at: number, left: number, text: string): string {
  while (left !== 0) {
    if (left < 3) return `${text}\n\t\tran past the end`;
    const type = p.u8(at);
    const bits = p.u16(at + 1);
    const size = Math.ceil(bits / 8);
    at += 3;
    if (type !== STATUS_VECTOR) {
      text += `\n\t\tunknown TLV #${type}, length: ${bits}`;
      if (left < size) return `${text} (ran past the end)`;
      left -= size;
      continue;
    }
    text += `\n\t\tcircuit status vector (${type}) length: ${bits}: 0x`;
    for (let i = 0; i < size; i++, left--) {
      if (left < 1) return `${text} (ran past the end)`;
      if (!p.has(at, 1)) throw OVERRUN;
      if (text.length >= ROOM) continue;
      text += hex(p.u8(at), 2);
      at++;
    }
  }
  return text;
}
