// Ad hoc On-Demand Distance Vector routing. Source: RFC 3561; draft-perkins-aodv6 for IPv6.

import { below, hex, ipv4Text, ipv6Text, wordOf } from '../inline.js';
import type { Printer, Words } from '../printer.js';

const Type = { REQUEST: 1, REPLY: 2, ERROR: 3 } as const;
const TYPES: Words = { [Type.REQUEST]: 'rreq', [Type.REPLY]: 'rrep', [Type.ERROR]: 'rerr', 4: 'rrep-ack' };
const PREFIX = 0x1f;
const NO_DELETE = 0x80;
const ERROR_HEADER = 4;
const EXTENSION_HEADER = 2;
const HELLO = 1;
const HELLO_SIZE = 6;

/** An AODV message. */
export function printAodv(p: Printer, offset: number, length: number): void {
  p.protocol = 'aodv';
  p.text(' aodv');
  const type = p.u8(offset);
  p.text(` ${wordOf(TYPES, type, 'type %u')}`);
  const width = p.ipVersion === 6 ? 16 : 4;
  let valid = true;
  if (type === Type.REQUEST) valid = request(p, offset, length, width);
  else if (type === Type.REPLY) valid = reply(p, offset, length, width);
  else if (type === Type.ERROR) valid = unreachable(p, offset, length, width);
  else p.text(` ${length}`);
  if (!valid) p.invalid();
}

function address(p: Printer, at: number, width: number): string {
  return width === 16 ? ipv6Text(p, at) : ipv4Text(p, at);
}

/** @returns false when it is too short. Flags do not show: tcpdump looks for them in the byte of the type. */
function request(p: Printer, at: number, length: number, width: number): boolean {
  const size = 16 + 2 * width;
  if (below(p, 'message length', length, size)) return false;
  p.need(at, size);
  const destination = at + 8;
  const source = destination + width + 4;
  p.text(
    ` ${length}  hops ${p.u8(at + 3)} id 0x${hex(p.u32(at + 4), 8)}\n\t` +
      `dst ${address(p, destination, width)} seq ${p.u32(destination + width)}` +
      ` src ${address(p, source, width)} seq ${p.u32(source + width)}`,
  );
  return extension(p, at + size, length - size);
}

function reply(p: Printer, at: number, length: number, width: number): boolean {
  const size = 12 + 2 * width;
  if (below(p, 'message length', length, size)) return false;
  p.need(at, size);
  const destination = at + 4;
  const source = destination + width + 4;
  p.text(
    ` ${length}  prefix ${p.u8(at + 2) & PREFIX} hops ${p.u8(at + 3)}\n\t` +
      `dst ${address(p, destination, width)} dseq ${p.u32(destination + width)}` +
      ` src ${address(p, source, width)} ${p.u32(source + width)} ms`,
  );
  return extension(p, at + size, length - size);
}

/** The destinations that a node reaches no more. */
function unreachable(p: Printer, at: number, length: number, width: number): boolean {
  if (below(p, 'message length', length, ERROR_HEADER)) return false;
  p.need(at, ERROR_HEADER);
  const count = p.u8(at + 3);
  p.text(` ${(p.u8(at + 1) & NO_DELETE) !== 0 ? '[D]' : ''} [items ${count}] [${length}]:`);
  at += ERROR_HEADER;
  let left = length - ERROR_HEADER;
  for (let i = 0; i < count; i++) {
    if (below(p, 'remaining length', left, width + 4)) return false;
    p.need(at, width + 4);
    p.text(` {${address(p, at, width)}}(${p.u32(at + width)})`);
    at += width + 4;
    left -= width + 4;
  }
  return true;
}

/** @returns false when the extension behind a message is wrong */
function extension(p: Printer, at: number, left: number): boolean {
  if (left < EXTENSION_HEADER) return true;
  p.need(at, EXTENSION_HEADER);
  const type = p.u8(at);
  const size = p.u8(at + 1);
  if (type !== HELLO) {
    p.text(`\n\text ${type} ${size}`);
    return true;
  }
  if (below(p, 'ext data length', left, HELLO_SIZE)) return false;
  if (size < 4) {
    p.text(`\n\text HELLO - bad length ${size}`);
    return false;
  }
  p.text(`\n\text HELLO ${p.u32(at + 2)} ms`);
  return true;
}
