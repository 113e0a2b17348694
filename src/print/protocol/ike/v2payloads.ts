// IKEv2's payloads (RFC 7296), without the encrypted one.

import { hexBytes } from '../../inline.js';
import type { Printer } from '../../printer.js';
import {
  type Attributes,
  cut,
  ESP_TRANSFORMS,
  GENERIC_LENGTH,
  GROUPS,
  indent,
  nameOr,
  type Payload,
  payloadName,
  printAttributes,
  printContents,
  printRaw,
  printSomeData,
  protocolName,
} from './payload.js';
import { NOTIFICATIONS, SHOWS_SPI } from './v2notify.js';

const Type = { PROPOSAL: 2, TRANSFORM: 3 } as const;
const COOKIE = 16390;

const TRANSFORM_TYPES = [undefined, 'encr', 'prf', 'integ', 'dh', 'esn'];
/** The names of transforms by type; encryption has an attribute too. */
const TRANSFORMS: { readonly [type: number]: readonly (string | undefined)[] } = {
  1: ESP_TRANSFORMS,
  2: [undefined, 'hmac-md5', 'hmac-sha', 'hmac-tiger', 'aes128_xcbc'],
  3: [undefined, 'hmac-md5', 'hmac-sha', 'dec-mac', 'kpdk-md5', 'aes-xcbc'],
  4: GROUPS,
  5: ['no-esn', 'esn'],
};
const ENCRYPTION = 1;
const ENCRYPTION_ATTRIBUTES: Attributes = { 14: { name: 'keylen' } };

/** Identities: their names, and whether they are text. */
const IDENTITIES: { readonly [type: number]: readonly [name: string, text: boolean] } = {
  1: ['ipv4', false],
  2: ['fqdn', true],
  3: ['rfc822', true],
  5: ['ipv6', false],
  9: ['dn', false],
  10: ['gn', false],
  11: ['keyid', false],
};

const AUTHENTICATIONS = ['invalid', 'rsasig', 'shared-secret', 'dsssig'];

type PayloadPrinter = (p: Printer, payload: Payload) => number | null;

/** IKEv2's payloads by their types. */
export const IKEV2_PRINTERS: { readonly [type: number]: PayloadPrinter } = {
  33: printSa,
  34: printKeyExchange,
  35: printIdentity,
  36: printIdentity,
  37: printGeneric,
  38: printGeneric,
  39: printAuthentication,
  40: printNonce,
  41: printNotification,
  42: printGeneric,
  43: printVendor,
  44: printGeneric,
  45: printGeneric,
  47: printGeneric,
  48: printGeneric,
};

/** The payload's name, with a mark when it must be understood. */
export function printHead(p: Printer, name: string, offset: number): void {
  p.text(`${name}${(p.u8(offset + 1) & 0x80) !== 0 ? '[C]' : ''}:`);
}

/** A payload of which only the length is shown, and with -vvv the bytes. */
function printGeneric(p: Printer, payload: Payload): number | null {
  const name = payloadName(payload.type);
  printHead(p, name, payload.offset);
  p.text(` len=${payload.length - GENERIC_LENGTH}`);
  return printContents(p, payload) ? payload.offset + payload.length : cut(p, name);
}

/**
 * The proposals of an association or the transforms of a proposal: a chain of one type.
 * @param end of the chain as the enclosing payload has it
 * @returns where the next payload is, null when the chain is wrong or cut
 */
function printChain(
  p: Printer,
  wanted: number,
  offset: number,
  end: number,
  name: string,
  depth: number,
  print: (offset: number, length: number, count: number) => number | null,
): number | null {
  let type = wanted;
  for (let count = 1; type !== 0; count++) {
    const remaining = end - offset;
    if (remaining < GENERIC_LENGTH) {
      cut(p, name);
      return end;
    }
    if (!p.has(offset, GENERIC_LENGTH)) return cut(p, name);
    const length = p.u16(offset + 2);
    if (length <= GENERIC_LENGTH) return cut(p, name);
    if (remaining < length) {
      cut(p, name);
      return end;
    }
    if (!p.has(offset, length)) return cut(p, name);
    indent(p, depth + 1);
    let next: number | null = offset + length;
    if (type === wanted) next = print(offset, length, count);
    else p.text(payloadName(type));
    if (next === null) return null;
    p.char(41);
    // What was left of the enclosing payload shrinks by the length, wherever the item says it ended.
    end += next - (offset + length);
    type = p.u8(offset);
    offset = next;
  }
  return offset;
}

function printSa(p: Printer, payload: Payload): number | null {
  const { offset, length, depth } = payload;
  printHead(p, 'sa', offset);
  p.text(` len=${length - GENERIC_LENGTH}`);
  return printChain(
    p,
    Type.PROPOSAL,
    offset + GENERIC_LENGTH,
    offset + length,
    payloadName(payload.type),
    depth,
    (at, size) => printProposal(p, at, size, depth + 1),
  );
}

function printProposal(p: Printer, offset: number, length: number, depth: number): number | null {
  if (!p.has(offset, 8)) return cut(p, 'p');
  printHead(p, 'p', offset);
  const spiSize = p.u8(offset + 6);
  p.text(` #${p.u8(offset + 4)} protoid=${protocolName(p.u8(offset + 5))}`);
  p.text(` transform=${p.u8(offset + 7)} len=${length}`);
  // The fixed part behind the generic header is not taken off: the transforms may end four bytes late.
  let remaining = length - GENERIC_LENGTH;
  let next = offset + 8;
  if (spiSize !== 0) {
    if (remaining < spiSize) {
      cut(p, 'p');
      return next + remaining;
    }
    p.text(' spi=');
    if (!printRaw(p, next, spiSize)) return cut(p, 'p');
    next += spiSize;
    remaining -= spiSize;
  }
  return printChain(p, Type.TRANSFORM, next, next + remaining, 'p', depth, (at, size, count) =>
    printTransform(p, at, size, count),
  );
}

function printTransform(p: Printer, offset: number, length: number, count: number): number | null {
  if (!p.has(offset, 8)) return cut(p, 't');
  printHead(p, 't', offset);
  const type = p.u8(offset + 4);
  const id = p.u16(offset + 6);
  const names = TRANSFORMS[type];
  const name = names === undefined ? id : nameOr(names, id);
  p.text(` #${count} type=${nameOr(TRANSFORM_TYPES, type)} id=${name} `);
  const attributes = type === ENCRYPTION ? ENCRYPTION_ATTRIBUTES : null;
  const next = printAttributes(p, offset + 8, offset + length, attributes);
  if (next === null) return cut(p, 't');
  if (p.snapEnd < offset + length) p.text('...');
  return next;
}

function printKeyExchange(p: Printer, payload: Payload): number | null {
  const { offset, length } = payload;
  const name = payloadName(payload.type);
  if (!p.has(offset, 8)) return cut(p, name);
  printHead(p, name, offset);
  if (length < 8) {
    p.text(` len=${length} < 8`);
    return offset + length;
  }
  p.text(` len=${length - 8} group=${nameOr(GROUPS, p.u16(offset + 4))}`);
  if (p.options.verbose > 2 && length > 8) {
    p.char(32);
    if (!printRaw(p, offset + 8, length - 8)) return cut(p, name);
  }
  return offset + length;
}

function printIdentity(p: Printer, payload: Payload): number | null {
  const { offset, length } = payload;
  const name = payloadName(payload.type);
  if (!p.has(offset, 8)) return cut(p, name);
  printHead(p, name, offset);
  p.text(` len=${length - GENERIC_LENGTH}`);
  if (!printContents(p, payload)) return cut(p, name);
  if (length < 8) {
    p.text(' [payload too short]');
    return offset + length;
  }
  const identity = IDENTITIES[p.u8(offset + 4)];
  if (identity !== undefined) {
    p.text(` ${identity[0]}:`);
    if (!p.has(offset + 8, length - 8)) return cut(p, name);
    if (identity[1]) p.safeBytes(offset + 8, length - 8);
    else p.text(hexBytes(p, offset + 8, length - 8));
  }
  return offset + length;
}

function printAuthentication(p: Printer, payload: Payload): number | null {
  const { verbose } = p.options;
  const { offset, length } = payload;
  const name = payloadName(payload.type);
  if (!p.has(offset, 8)) return cut(p, name);
  printHead(p, name, offset);
  p.text(` len=${length - GENERIC_LENGTH} method=${nameOr(AUTHENTICATIONS, p.u8(offset + 4))}`);
  if (verbose > 1) {
    p.text(' authdata=(');
    if (!printRaw(p, offset + 8, length - 8)) return cut(p, name);
    p.text(') ');
  } else if (!printSomeData(p, offset + 8)) return cut(p, name);
  return offset + length;
}

function printNonce(p: Printer, payload: Payload): number | null {
  const { offset, length } = payload;
  printHead(p, 'nonce', offset);
  p.text(` len=${length - GENERIC_LENGTH}`);
  if (p.options.verbose > 1) {
    p.text(' nonce=(');
    if (!printRaw(p, offset + GENERIC_LENGTH, length - GENERIC_LENGTH)) return cut(p, 'v2nonce');
    p.text(') ');
  } else if (!printSomeData(p, offset + GENERIC_LENGTH)) return cut(p, 'v2nonce');
  return offset + length;
}

function printNotification(p: Printer, payload: Payload): number | null {
  const { offset, length } = payload;
  if (!p.has(offset, 8)) return cut(p, 'n');
  printHead(p, 'n', offset);
  const spiSize = p.u8(offset + 5);
  const type = p.u16(offset + 6);
  p.text(` prot_id=${protocolName(p.u8(offset + 4))}`);
  const name = NOTIFICATIONS[type];
  p.text(` type=${type}(${name ?? notificationClass(type)})`);
  if (spiSize !== 0 && (name === undefined || SHOWS_SPI.has(type))) {
    p.text(' spi=');
    if (!printRaw(p, offset + 8, spiSize)) return cut(p, 'n');
  }
  const data = offset + 8 + spiSize;
  const remaining = p.snapEnd - data;
  if (remaining > 0) {
    if (p.options.verbose > 3 || (type === COOKIE && remaining < 30)) {
      p.text(' data=(');
      if (!printRaw(p, data, remaining)) return cut(p, 'n');
      p.char(41);
    } else if (type === COOKIE && !printSomeData(p, data)) return cut(p, 'n');
  }
  return offset + length;
}

function notificationClass(type: number): string {
  if (type < 8192) return 'error';
  if (type < 16384) return 'private-error';
  return type < 40960 ? 'status' : 'private-status';
}

function printVendor(p: Printer, payload: Payload): number | null {
  const { offset, length } = payload;
  const name = payloadName(payload.type);
  const size = length - GENERIC_LENGTH;
  printHead(p, name, offset);
  p.text(` len=${size} vid=`);
  if (!p.has(offset + GENERIC_LENGTH, size)) return cut(p, name);
  p.safeBytes(offset + GENERIC_LENGTH, size);
  if (p.options.verbose > 2 && size > GENERIC_LENGTH) {
    p.char(32);
    if (!printRaw(p, offset + GENERIC_LENGTH, size)) return cut(p, name);
  }
  return offset + length;
}
