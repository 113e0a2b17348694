// What a QUIC client says first. Its Initial packet is encrypted with keys that everybody can derive from the packet itself.
// Source: RFC 9000 17.2.2, 19.6; RFC 9001 5; RFC 9369 3 (version 2).

import { u32 } from '../../link.js';
import { aesBlock, hmacSha256, openGcm } from './ciphers.js';
import { type ClientHello, readClientHello } from './tls.js';

interface Version {
  /** The long header's type bits of an Initial packet. */
  readonly initial: number;
  readonly salt: Uint8Array;
  readonly label: string;
}

const encoder = new TextEncoder();

function bytesOf(hexadecimal: string): Uint8Array {
  return Uint8Array.from({ length: hexadecimal.length / 2 }, (_, i) =>
    Number.parseInt(hexadecimal.slice(2 * i, 2 * i + 2), 16),
  );
}

const VERSIONS: Readonly<Record<number, Version>> = {
  1: { initial: 0, salt: bytesOf('38762cf7f55934b34d179ae6a4c80cadccbb7f0a'), label: 'quic' },
  0x6b3343cf: {
    initial: 1,
    salt: bytesOf('0dede3def700a6db819381be6e269dcbf9bd2ed9'),
    label: 'quicv2',
  },
};

const MAXIMUM_ID = 20;
const SAMPLE = 16;
const TAG = 16;
const KEY = 16;
const IV = 12;
/** Bytes of the handshake that are put together; a hello is smaller. */
const MAXIMUM_CRYPTO = 16384;
const Frame = { PADDING: 0, PING: 1, ACK: 2, ACK_ECN: 3, CRYPTO: 6 } as const;

/** HKDF-Expand-Label of TLS 1.3 (RFC 8446 7.1), for lengths up to one hash. */
function expandLabel(secret: Uint8Array, label: string, length: number): Uint8Array {
  const name = encoder.encode(`tls13 ${label}`);
  // The length as two bytes, the label, no context, and the number of the block.
  const info = new Uint8Array(3 + name.length + 2);
  info[0] = length >> 8;
  info[1] = length & 255;
  info[2] = name.length;
  info.set(name, 3);
  info[info.length - 1] = 1;
  return hmacSha256(secret, info).subarray(0, length);
}

interface Keys {
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
  readonly header: Uint8Array;
}

function clientKeys(version: Version, connectionId: Uint8Array): Keys {
  // HKDF-Extract (RFC 5869 2.2), then what the client sends by.
  const secret = expandLabel(hmacSha256(version.salt, connectionId), 'client in', 32);
  return {
    key: expandLabel(secret, `${version.label} key`, KEY),
    iv: expandLabel(secret, `${version.label} iv`, IV),
    header: expandLabel(secret, `${version.label} hp`, KEY),
  };
}

/** A number of variable length (RFC 9000 16). */
class Cursor {
  constructor(
    readonly b: Uint8Array,
    public at: number,
    readonly end: number,
  ) {}

  /** @returns -1 when it is cut off, or too large for what is here */
  number(): number {
    if (this.at >= this.end) return -1;
    const first = this.b[this.at]!;
    const size = 1 << (first >> 6);
    if (this.at + size > this.end) return -1;
    let value = first & 0x3f;
    for (let i = 1; i < size; i++) value = value * 256 + this.b[this.at + i]!;
    this.at += size;
    return value;
  }
}

/**
 * @param b bytes
 * @param at where the datagram begins
 * @param end of what was captured: a packet that is cut off cannot be decrypted
 * @returns null when this is no client's Initial packet, or its beginning of the hello is in another one
 */
export function readQuic(b: Uint8Array, at: number, end: number): ClientHello | null {
  // A long header with its fixed bit.
  if (at + 7 > end || (b[at]! & 0xc0) !== 0xc0) return null;
  const version = VERSIONS[u32(b, at + 1)];
  if (version === undefined || ((b[at]! >> 4) & 3) !== version.initial) return null;
  const destination = b[at + 5]!;
  const source = at + 6 + destination;
  if (destination > MAXIMUM_ID || source >= end || b[source]! > MAXIMUM_ID) return null;
  const cursor = new Cursor(b, source + 1 + b[source]!, end);
  const token = cursor.number();
  if (token < 0) return null;
  cursor.at += token;
  const length = cursor.number();
  const number = cursor.at;
  if (length < 4 + SAMPLE || number + length > end) return null;
  const keys = clientKeys(version, b.subarray(at + 6, at + 6 + destination));
  const plain = decrypt(b, at, number, number + length, keys);
  return plain === null ? null : helloOf(plain);
}

/**
 * @param at where the packet begins
 * @param number where its packet number is
 * @returns its frames, null when they are not what the client sent
 */
function decrypt(b: Uint8Array, at: number, number: number, end: number, keys: Keys): Uint8Array | null {
  const mask = aesBlock(keys.header, b.subarray(number + 4, number + 4 + SAMPLE));
  const first = b[at]! ^ (mask[0]! & 0x0f);
  const size = (first & 3) + 1;
  if (number + size + TAG > end) return null;
  const header = new Uint8Array(b.subarray(at, number + size));
  header[0] = first;
  const nonce = new Uint8Array(keys.iv);
  for (let i = 0; i < size; i++) {
    const byte = b[number + i]! ^ mask[1 + i]!;
    header[number - at + i] = byte;
    const last = IV - size + i;
    nonce[last] = nonce[last]! ^ byte;
  }
  return openGcm(keys.key, nonce, header, b.subarray(number + size, end - TAG), b.subarray(end - TAG, end));
}

/** The hello is in CRYPTO frames, which may be in any order. */
function helloOf(plain: Uint8Array): ClientHello | null {
  const cursor = new Cursor(plain, 0, plain.length);
  const pieces: { readonly from: number; readonly bytes: Uint8Array }[] = [];
  while (cursor.at < plain.length) {
    const type = plain[cursor.at++]!;
    if (type === Frame.PADDING || type === Frame.PING) continue;
    if (type === Frame.ACK || type === Frame.ACK_ECN) {
      if (!passAck(cursor, type === Frame.ACK_ECN)) break;
      continue;
    }
    if (type !== Frame.CRYPTO) break;
    const from = cursor.number();
    const size = cursor.number();
    if (from < 0 || size < 0 || cursor.at + size > plain.length || from + size > MAXIMUM_CRYPTO) break;
    pieces.push({ from, bytes: plain.subarray(cursor.at, cursor.at + size) });
    cursor.at += size;
  }
  pieces.sort((a, c) => a.from - c.from);
  const message = new Uint8Array(MAXIMUM_CRYPTO);
  let until = 0;
  for (const { from, bytes } of pieces) {
    if (from > until) break;
    if (from + bytes.length <= until) continue;
    message.set(bytes.subarray(until - from), until);
    until = from + bytes.length;
  }
  return readClientHello(message, 0, until);
}

/** @returns false when it is broken */
function passAck(cursor: Cursor, ecn: boolean): boolean {
  cursor.number();
  cursor.number();
  const ranges = cursor.number();
  if (ranges < 0 || ranges > cursor.end) return false;
  for (let i = 0; i < 1 + 2 * ranges + (ecn ? 3 : 0); i++) if (cursor.number() < 0) return false;
  return true;
}
