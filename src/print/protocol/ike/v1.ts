// IKEv1's payloads (RFC 2407, 2408, 2409).

import { hexBytes, ipv4Text, ipv6Text } from '../../inline.js';
import { type Printer, TRUNCATED } from '../../printer.js';
import {
  type Attributes,
  cut,
  ESP_TRANSFORMS,
  GENERIC_LENGTH,
  GROUPS,
  indent,
  MAXIMUM_DEPTH,
  nameOr,
  type Payload,
  payloadName,
  printAttributes,
  printContents,
  printRaw,
  printSomeData,
  protocolName,
} from './payload.js';
import { IKEV2_PRINTERS } from './v2payloads.js';

const Type = { PROPOSAL: 2, TRANSFORM: 3 } as const;
const IPSEC_DOI = 1;

const LIFE_TYPES = [undefined, 'sec', 'kb'];
/** The last group was never shown by name in an attribute. */
const ATTRIBUTE_GROUPS = GROUPS.slice(0, -1);

const OAKLEY_ATTRIBUTES: Attributes = {
  1: { name: 'enc', values: [undefined, '1des', 'idea', 'blowfish', 'rc5', '3des', 'cast', 'aes'] },
  2: { name: 'hash', values: [undefined, 'md5', 'sha1', 'tiger', 'sha2-256', 'sha2-384', 'sha2-512'] },
  3: { name: 'auth', values: [undefined, 'preshared', 'dss', 'rsa sig', 'rsa enc', 'rsa enc revised'] },
  4: { name: 'group desc', values: ATTRIBUTE_GROUPS },
  5: { name: 'group type', values: [undefined, 'MODP', 'ECP', 'EC2N'] },
  6: { name: 'group prime' },
  7: { name: 'group gen1' },
  8: { name: 'group gen2' },
  9: { name: 'group curve A' },
  10: { name: 'group curve B' },
  11: { name: 'lifetype', values: LIFE_TYPES },
  12: { name: 'lifeduration' },
  13: { name: 'prf' },
  14: { name: 'keylen' },
  15: { name: 'field' },
  16: { name: 'order' },
};

const IPSEC_ATTRIBUTES: Attributes = {
  1: { name: 'lifetype', values: LIFE_TYPES },
  2: { name: 'life' },
  3: { name: 'group desc', values: ATTRIBUTE_GROUPS },
  4: { name: 'enc mode', values: [undefined, 'tunnel', 'transport'] },
  5: { name: 'auth', values: [undefined, 'hmac-md5', 'hmac-sha1', '1des-mac', 'keyed'] },
  6: { name: 'keylen' },
  7: { name: 'rounds' },
  8: { name: 'dictsize' },
  9: { name: 'privalg' },
};

/** By protocol: the names of transforms, and their attributes. */
const TRANSFORMS: {
  readonly [protocol: number]: readonly [names: readonly (string | undefined)[], attributes: Attributes];
} = {
  1: [[undefined, 'ike'], OAKLEY_ATTRIBUTES],
  2: [[undefined, '(reserved)', 'md5', 'sha', '1des', 'sha2-256', 'sha2-384', 'sha2-512'], IPSEC_ATTRIBUTES],
  3: [ESP_TRANSFORMS, IPSEC_ATTRIBUTES],
  4: [[undefined, 'oui', 'deflate', 'lzs'], IPSEC_ATTRIBUTES],
};

const CERTIFICATES = [
  'none',
  'pkcs7',
  'pgp',
  'dns',
  'x509sign',
  'x509ke',
  'kerberos',
  'crl',
  'arl',
  'spki',
  'x509attr',
];

const IDENTITY_TYPES = [
  undefined,
  'IPv4',
  'FQDN',
  'user FQDN',
  'IPv4net',
  'IPv6',
  'IPv6net',
  'IPv4range',
  'IPv6range',
  'ASN1 DN',
  'ASN1 GN',
  'keyid',
];

const ERRORS = [
  undefined,
  'INVALID-PAYLOAD-TYPE',
  'DOI-NOT-SUPPORTED',
  'SITUATION-NOT-SUPPORTED',
  'INVALID-COOKIE',
  'INVALID-MAJOR-VERSION',
  'INVALID-MINOR-VERSION',
  'INVALID-EXCHANGE-TYPE',
  'INVALID-FLAGS',
  'INVALID-MESSAGE-ID',
  'INVALID-PROTOCOL-ID',
  'INVALID-SPI',
  'INVALID-TRANSFORM-ID',
  'ATTRIBUTES-NOT-SUPPORTED',
  'NO-PROPOSAL-CHOSEN',
  'BAD-PROPOSAL-SYNTAX',
  'PAYLOAD-MALFORMED',
  'INVALID-KEY-INFORMATION',
  'INVALID-ID-INFORMATION',
  'INVALID-CERT-ENCODING',
  'INVALID-CERTIFICATE',
  'CERT-TYPE-UNSUPPORTED',
  'INVALID-CERT-AUTHORITY',
  'INVALID-HASH-INFORMATION',
  'AUTHENTICATION-FAILED',
  'INVALID-SIGNATURE',
  'ADDRESS-NOTIFICATION',
  'NOTIFY-SA-LIFETIME',
  'CERTIFICATE-UNAVAILABLE',
  'UNSUPPORTED-EXCHANGE-TYPE',
  'UNEQUAL-PAYLOAD-LENGTHS',
];
const IPSEC_STATUSES = ['RESPONDER-LIFETIME', 'REPLAY-STATUS', 'INITIAL-CONTACT'];
const IPSEC_STATUS = 24576;
const RESPONDER_LIFETIME = 24576;
const REPLAY_STATUS = 24577;

/** What a payload's printer needs besides the payload. */
interface Context {
  /** The protocol of the proposal a transform is in. */
  readonly protocol: number;
}

/** Prints a payload. @returns where the next one is, or null when there can be none */
type PayloadPrinter = (p: Printer, payload: Payload, context: Context) => number | null;

/** IKEv1's payloads. A message of one version may hold payloads of the other, which are printed all the same. */
export const IKEV1_PRINTERS: { readonly [type: number]: PayloadPrinter } = {
  1: printSa,
  2: printProposal,
  3: printTransform,
  4: (p, payload) => printOpaque(p, payload, ` key len=${payload.length - GENERIC_LENGTH}`),
  5: printIdentity,
  6: printCertificate,
  7: printCertificate,
  8: (p, payload) => printOpaque(p, payload, ` len=${payload.length - GENERIC_LENGTH}`),
  9: (p, payload) => printOpaque(p, payload, ` len=${payload.length - GENERIC_LENGTH}`),
  10: printNonce,
  11: printNotification,
  12: printDelete,
  13: (p, payload) => printOpaque(p, payload, ` len=${payload.length - GENERIC_LENGTH}`),
};

/** A message's payloads, each on a line of its own. */
export function printIkev1Payloads(p: Printer, type: number, offset: number): void {
  printPayloads(p, type, offset, { protocol: 0 }, 0);
}

function printPayloads(
  p: Printer,
  type: number,
  offset: number,
  context: Context,
  depth: number,
): number | null {
  if (depth > MAXIMUM_DEPTH) throw TRUNCATED;
  while (type !== 0) {
    const name = payloadName(type);
    if (!p.has(offset, GENERIC_LENGTH)) return cut(p, name);
    const length = p.u16(offset + 2);
    if (!p.has(offset, length)) return cut(p, name);
    indent(p, depth + 1);
    let next: number | null = null;
    if (length > GENERIC_LENGTH) {
      const payload = { type, offset, length, depth: depth + 1 };
      const print = IKEV1_PRINTERS[type];
      const print2 = IKEV2_PRINTERS[type];
      if (print !== undefined) {
        p.text(`${name}:`);
        next = print(p, payload, context);
      } else if (print2 !== undefined) next = print2(p, payload);
      else {
        p.text(name);
        next = offset + length;
      }
    }
    p.char(41);
    if (next === null) return null;
    type = p.u8(offset);
    offset = next;
  }
  return offset;
}

function printSa(p: Printer, payload: Payload, context: Context): number | null {
  const { offset, depth } = payload;
  if (!p.has(offset, 12)) return cut(p, 'sa');
  const domain = p.u32(offset + 4);
  const situation = p.u32(offset + 8);
  if (domain !== IPSEC_DOI) {
    p.text(` doi=${domain} situation=${situation}`);
    return offset + 12;
  }
  const words: string[] = [];
  if ((situation & 1) !== 0) words.push('identity');
  if ((situation & 2) !== 0) words.push('secrecy');
  if ((situation & 4) !== 0) words.push('integrity');
  p.text(` doi=ipsec situation=${words.join('+')}`);
  let next = offset + 12;
  if (situation !== 1) {
    // The labelled domain identifier would follow; what is shown is the domain again.
    p.text(` ident=${domain}`);
    next += 4;
  }
  if (!p.has(next, GENERIC_LENGTH)) return cut(p, 'sa');
  return printPayloads(p, Type.PROPOSAL, next, context, depth);
}

function printProposal(p: Printer, payload: Payload): number | null {
  const { offset, depth } = payload;
  if (!p.has(offset, 8)) return cut(p, 'p');
  const protocol = p.u8(offset + 5);
  const spiSize = p.u8(offset + 6);
  p.text(` #${p.u8(offset + 4)} protoid=${protocolName(protocol)} transform=${p.u8(offset + 7)}`);
  if (spiSize !== 0) {
    p.text(' spi=');
    if (!printRaw(p, offset + 8, spiSize)) return cut(p, 'p');
  }
  const next = offset + 8 + spiSize;
  if (!p.has(next, GENERIC_LENGTH)) return cut(p, 'p');
  return printPayloads(p, Type.TRANSFORM, next, { protocol }, depth);
}

function printTransform(p: Printer, payload: Payload, context: Context): number | null {
  const { offset, length } = payload;
  if (!p.has(offset, 8)) return cut(p, 't');
  const id = p.u8(offset + 5);
  const known = TRANSFORMS[context.protocol];
  p.text(` #${p.u8(offset + 4)} id=${known === undefined ? id : nameOr(known[0], id)} `);
  const next = printAttributes(p, offset + 8, offset + length, known?.[1] ?? null);
  if (next === null) return cut(p, 't');
  if (p.snapEnd < offset + length) p.text('...');
  return next;
}

/** A payload of which only the length is shown, and with -vvv the bytes. */
function printOpaque(p: Printer, payload: Payload, text: string): number | null {
  p.text(text);
  if (!printContents(p, payload)) return cut(p, payloadName(payload.type));
  return payload.offset + payload.length;
}

function printIdentity(p: Printer, payload: Payload): number | null {
  const { offset, length } = payload;
  if (!p.has(offset, 8)) return cut(p, 'id');
  const data = offset + 8;
  const size = Math.max(0, length - 8);
  const type = p.u8(offset + 4);
  p.text(` idtype=${nameOr(IDENTITY_TYPES, type)}`);
  const protocol = p.u8(offset + 5);
  // No protocol is not IP's protocol 0, which has a name.
  const name = protocol === 0 ? null : (p.names?.protocol(protocol) ?? null);
  p.text(' protoid=');
  if (name === null) p.dec(protocol);
  else p.safeText(name);
  p.text(` port=${p.u16(offset + 6)}`);
  if (size === 0) return offset + length;
  if (!p.has(data, size)) return cut(p, 'id');
  p.text(` len=${size}`);
  const identity = IDENTITIES[type];
  if (identity !== undefined) {
    const [minimum, print] = identity;
    if (size < minimum) p.text(` [bad: < ${minimum}]`);
    else {
      p.char(32);
      print(p, data, size);
    }
  } else if (p.options.verbose > 2) {
    p.char(32);
    if (!printRaw(p, data, size)) return cut(p, 'id');
  }
  return offset + length;
}

/** Identities that can be read: their least length, and their text. */
const IDENTITIES: {
  readonly [type: number]: readonly [minimum: number, print: (p: Printer, o: number, length: number) => void];
} = {
  1: [4, (p, o) => p.text(ipv4Text(p, o))],
  2: [0, (p, o, length) => p.safeBytes(o, length)],
  3: [0, (p, o, length) => p.safeBytes(o, length)],
  4: [
    8,
    (p, o) => {
      const mask = [4, 5, 6, 7].map((at) => p.u8(o + at)).join('.');
      p.text(`${ipv4Text(p, o)}/${mask}`);
    },
  ],
  5: [16, (p, o) => p.text(ipv6Text(p, o))],
  6: [32, (p, o) => p.text(`${ipv6Text(p, o)}/0x${hexBytes(p, o + 16, 16)}`)],
  7: [8, (p, o) => p.text(`${ipv4Text(p, o)}-${ipv4Text(p, o + 4)}`)],
  8: [32, (p, o) => p.text(`${ipv6Text(p, o)}-${ipv6Text(p, o + 16)}`)],
};

/** A certificate or a request for one. */
function printCertificate(p: Printer, payload: Payload): number | null {
  const { type, offset, length } = payload;
  if (!p.has(offset, 6)) return cut(p, payloadName(type));
  p.text(` len=${length - GENERIC_LENGTH} type=${nameOr(CERTIFICATES, p.u8(offset + 4))}`);
  if (!printContents(p, payload)) return cut(p, payloadName(type));
  return offset + length;
}

function printNonce(p: Printer, payload: Payload): number | null {
  const { offset, length } = payload;
  p.text(` n len=${length - GENERIC_LENGTH}`);
  if (p.options.verbose === 2) {
    p.char(32);
    if (!printSomeData(p, offset + GENERIC_LENGTH)) return cut(p, 'nonce');
  } else if (!printContents(p, payload)) return cut(p, 'nonce');
  return offset + length;
}

function printNotification(p: Printer, payload: Payload): number | null {
  const { offset, length } = payload;
  if (!p.has(offset, 12)) return cut(p, 'n');
  const domain = p.u32(offset + 4);
  const protocol = p.u8(offset + 8);
  const spiSize = p.u8(offset + 9);
  const type = p.u16(offset + 10);
  const ipsec = domain === IPSEC_DOI;
  p.text(ipsec ? ` doi=ipsec proto=${protocolName(protocol)}` : ` doi=${domain} proto=${protocol}`);
  p.text(` type=${notificationName(type, ipsec)}`);
  if (spiSize !== 0) {
    p.text(' spi=');
    if (!printRaw(p, offset + 12, spiSize)) return cut(p, 'n');
  }
  const data = offset + 12 + spiSize;
  if (!ipsec) return data;
  if (data < p.snapEnd && !printNotificationData(p, type, data, offset + length)) return cut(p, 'n');
  return offset + length;
}

function notificationName(type: number, ipsec: boolean): string {
  if (type < 8192) return nameOr(ERRORS, type);
  // Beyond the first block the number shown for an unnamed one counts from its block's start.
  if (type < 16384) return ipsec ? nameOr(['RESERVED'], type - 8192) : `#${type}`;
  if (type < 24576) return nameOr(['CONNECTED'], type - 16384);
  if (type < 32768 && ipsec) return nameOr(IPSEC_STATUSES, type - IPSEC_STATUS);
  return `#${type}`;
}

function printNotificationData(p: Printer, type: number, offset: number, end: number): boolean {
  if (type === RESPONDER_LIFETIME) {
    p.text(' attrs=(');
    const next = printAttributes(p, offset, end, OAKLEY_ATTRIBUTES);
    p.char(41);
    return next !== null;
  }
  if (type === REPLAY_STATUS) {
    p.text(' status=(');
    p.text(`replay detection ${p.u32(offset) !== 0 ? 'en' : 'dis'}abled`);
    p.char(41);
    return true;
  }
  if (p.options.verbose <= 3) return printSomeData(p, offset);
  p.text(' data=(');
  if (!printRaw(p, offset, p.snapEnd - offset)) return false;
  p.char(41);
  return true;
}

function printDelete(p: Printer, payload: Payload): number | null {
  const { offset } = payload;
  if (!p.has(offset, 12)) return cut(p, 'd');
  const domain = p.u32(offset + 4);
  const protocol = p.u8(offset + 8);
  const spiSize = p.u8(offset + 9);
  const count = p.u16(offset + 10);
  if (domain === IPSEC_DOI) p.text(` doi=ipsec proto=${protocolName(protocol)}`);
  else p.text(` doi=${domain} proto=${protocol}`);
  p.text(` spilen=${spiSize} nspi=${count}`);
  let next = offset + 12;
  if (spiSize !== 0) {
    p.text(' spi=');
    for (let i = 0; i < count; i++) {
      if (i !== 0) p.char(44);
      if (!printRaw(p, next, spiSize)) return cut(p, 'd');
      next += spiSize;
    }
  }
  return next;
}
