// IKEv2's messages (RFC 7296): the payloads in order, the encrypted one with a secret of -E too.

import { type Printer, TRUNCATED } from '../../printer.js';
import { secretsOf } from '../esp/esp.js';
import {
  cut,
  GENERIC_LENGTH,
  indent,
  MAXIMUM_DEPTH,
  type Payload,
  payloadName,
  printRaw,
} from './payload.js';
import { IKEV1_PRINTERS } from './v1.js';
import { IKEV2_PRINTERS, printHead } from './v2payloads.js';

const ENCRYPTED = 46;

/** The exchange a message belongs to, which says with what it is encrypted. */
interface Exchange {
  readonly initiator: boolean;
  /** The initiator's and the responder's, 16 bytes. */
  readonly cookies: Uint8Array;
}

/**
 * A message's payloads, each on a line of its own.
 * @param initiator whether the exchange's initiator sent the message
 * @param cookies the initiator's and the responder's, 16 bytes
 */
export function printIkev2Payloads(
  p: Printer,
  type: number,
  offset: number,
  initiator: boolean,
  cookies: Uint8Array,
): void {
  printPayloads(p, type, offset, { initiator, cookies }, 0);
}

function printPayloads(p: Printer, type: number, offset: number, exchange: Exchange, depth: number): void {
  if (depth > MAXIMUM_DEPTH) throw TRUNCATED;
  while (type !== 0) {
    const length = p.has(offset, GENERIC_LENGTH) ? p.u16(offset + 2) : -1;
    if (!p.has(offset, length)) {
      cut(p, payloadName(type));
      return;
    }
    indent(p, depth + 1);
    let next: number | null = null;
    if (length > GENERIC_LENGTH) {
      const payload = { type, offset, length, depth: depth + 1 };
      const print = IKEV2_PRINTERS[type];
      const print1 = IKEV1_PRINTERS[type];
      if (type === ENCRYPTED) printEncrypted(p, payload, exchange);
      else if (print !== undefined) next = print(p, payload);
      else if (print1 !== undefined) {
        p.text(`${payloadName(type)}:`);
        next = print1(p, payload, { protocol: 0 });
      } else {
        p.text(payloadName(type));
        next = offset + length;
      }
    }
    p.char(41);
    if (next === null) return;
    type = p.u8(offset);
    offset = next;
  }
}

/** The last payload of a message: its type is the first one's inside. */
function printEncrypted(p: Printer, payload: Payload, exchange: Exchange): void {
  const { offset, length, depth } = payload;
  const name = payloadName(payload.type);
  printHead(p, name, offset);
  const start = offset + GENERIC_LENGTH;
  const size = length - GENERIC_LENGTH;
  p.text(` len=${size}`);
  if (p.options.verbose > 2 && size > GENERIC_LENGTH) {
    p.char(32);
    if (!printRaw(p, start, size)) {
      cut(p, name);
      return;
    }
  }
  if (!p.has(start, size)) {
    cut(p, name);
    return;
  }
  const cipher = secretsOf(p)?.findIke(exchange.initiator, exchange.cookies) ?? null;
  if (cipher === null) return;
  const textStart = start + cipher.ivLength;
  const textEnd = start + size - cipher.icvLength;
  if (textEnd <= textStart) return;
  const iv = p.view(start, cipher.ivLength);
  const plain = cipher.decrypt(iv, p.view(textStart, textEnd - textStart));
  if (plain === null) return;
  const first = p.u8(offset);
  p.pushBuffer(plain);
  printPayloads(p, first, 0, exchange, depth + 1);
  p.pop();
}
