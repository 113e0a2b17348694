// EAP over LAN (IEEE 802.1X) and the Extensible Authentication Protocol (RFC 3748).

import { below, bitsOf, hex, wordOf } from '../inline.js';
import type { Bits, Printer, Words } from '../printer.js';

const FRAME_TYPES: Words = {
  0: 'EAP packet',
  1: 'EAPOL start',
  2: 'EAPOL logoff',
  3: 'EAPOL key',
  4: 'Encapsulated ASF alert',
};
const CODES: Words = { 1: 'Request', 2: 'Response', 3: 'Success', 4: 'Failure' };

const Method = {
  IDENTITY: 1,
  NOTIFICATION: 2,
  NAK: 3,
  TLS: 13,
  SIM: 18,
  TTLS: 21,
  AKA: 23,
  FAST: 43,
} as const;
const METHODS: Words = {
  0: 'No proposed',
  1: 'Identity',
  2: 'Notification',
  3: 'Nak',
  4: 'MD5-challenge',
  5: 'OTP',
  6: 'GTC',
  13: 'TLS',
  18: 'SIM',
  21: 'TTLS',
  23: 'AKA',
  43: 'FAST',
  254: 'Expanded types',
  255: 'Experimental',
};
const LENGTH_INCLUDED = 0x80;
const TLS_FLAGS: Bits = [
  [LENGTH_INCLUDED, 'L bit'],
  [0x40, 'More fragments bit'],
  [0x20, 'Start bit'],
];
/** EAP-SIM and EAP-AKA (RFC 4186, 4187). */
const SUBTYPES: Words = {
  1: 'Challenge',
  2: 'Auth reject',
  4: 'Sync failure',
  5: 'Identity',
  10: 'Start',
  11: 'Challenge',
  12: 'Notification',
  13: 'Reauth',
  14: 'Client error',
};

/** An EAPOL frame. */
export function printEapol(p: Printer, offset: number, _length: number): void {
  p.protocol = 'eap';
  const type = p.u8(offset + 1);
  const version = p.u8(offset);
  const length = p.u16(offset + 2);
  p.text(`${wordOf(FRAME_TYPES, type, 'unknown')} (${type}) v${version}, len ${length}`);
  if (p.options.verbose === 0 || type !== 0) return;
  if (length === 0) p.invalid();
  else {
    p.text(', ');
    printEap(p, offset + 4, length);
  }
}

/** An EAP packet, `length` bytes long by the header in front of it. */
export function printEap(p: Printer, offset: number, length: number): void {
  p.protocol = 'eap';
  const code = p.u8(offset);
  const said = p.u16(offset + 2);
  if (below(p, 'len', said, 4)) {
    p.invalid();
    return;
  }
  if (said !== length) {
    p.text('EAP fragment?');
    return;
  }
  p.text(`${wordOf(CODES, code, 'unknown')} (${code}), id ${p.u8(offset + 1)}, len ${said}`);
  p.need(offset, said);
  if ((code === 1 || code === 2) && !printMethod(p, offset, said)) p.invalid();
}

function printMethod(p: Printer, offset: number, length: number): boolean {
  if (below(p, 'len', length, 5)) return false;
  const method = p.u8(offset + 4);
  const data = offset + 5;
  p.text(`\n\t\t Type ${wordOf(METHODS, method, 'unknown')} (${method})`);
  switch (method) {
    case Method.IDENTITY:
      if (length === 5) return true;
      p.text(', Identity: ');
      p.safeUntilNul(data, length - 5);
      return true;
    case Method.NOTIFICATION:
      if (below(p, 'len', length, 6)) return false;
      p.text(', Notification: ');
      p.safeUntilNul(data, length - 5);
      return true;
    case Method.NAK:
      if (below(p, 'len', length, 6)) return false;
      for (let i = 5; i < length; i++) {
        const wanted = p.u8(offset + i);
        p.text(`${i > 5 ? ',' : ''} ${wordOf(METHODS, wanted, 'unknown')} (${wanted})`);
      }
      return true;
    case Method.TLS:
    case Method.TTLS:
    case Method.FAST: {
      if (below(p, 'len', length, 6)) return false;
      const flags = p.u8(data);
      if (method !== Method.TLS) p.text(` ${METHODS[method]}v${flags & 7}`);
      p.text(` flags [${bitsOf(TLS_FLAGS, flags, 'none')}] 0x${hex(flags, 2)}`);
      if ((flags & LENGTH_INCLUDED) === 0) return true;
      if (below(p, 'len', length, 10)) return false;
      p.text(`, len ${p.u32(offset + 6)}`);
      return true;
    }
    case Method.SIM:
    case Method.AKA: {
      if (below(p, 'len', length, 6)) return false;
      const subtype = p.u8(data);
      p.text(` subtype [${wordOf(SUBTYPES, subtype, 'unknown')}] 0x${hex(subtype, 2)}`);
      return true;
    }
    default:
      return true;
  }
}
