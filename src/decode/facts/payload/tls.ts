// What a TLS client says first: the server's name and the protocols it offers. Source: RFC 8446 4.1.2, RFC 6066 3, RFC 7301 3.1.

import { u16 } from '../../link.js';

const RECORD_HEADER = 5;
const HANDSHAKE_RECORD = 22;
const HANDSHAKE_HEADER = 4;
const CLIENT_HELLO = 1;
const RANDOM = 32;
const Extension = { SERVER_NAME: 0, ALPN: 16 } as const;
const HOST_NAME = 0;
/** Protocols that are kept. */
const MAXIMUM_PROTOCOLS = 32;

export interface ClientHello {
  /** Null: none said, or cut off. */
  readonly serverName: string | null;
  /** In the order that the client likes them; h2, http/1.1, h3, … */
  readonly protocols: readonly string[];
}

/**
 * @param b bytes
 * @param at where TCP's payload begins
 * @param end of what was captured: a hello may go on in the next segment, and is read as far as it is here
 * @returns null when this is no client's hello
 */
export function readTls(b: Uint8Array, at: number, end: number): ClientHello | null {
  if (at + RECORD_HEADER + HANDSHAKE_HEADER > end) return null;
  if (b[at] !== HANDSHAKE_RECORD || b[at + 1] !== 3) return null;
  const until = Math.min(end, at + RECORD_HEADER + u16(b, at + 3));
  return readClientHello(b, at + RECORD_HEADER, until);
}

/**
 * The same of a handshake message without a record around it.
 * @param at where the message's type is
 */
export function readClientHello(b: Uint8Array, at: number, end: number): ClientHello | null {
  if (at + HANDSHAKE_HEADER > end || b[at] !== CLIENT_HELLO) return null;
  const length = (b[at + 1]! << 16) | u16(b, at + 2);
  at += HANDSHAKE_HEADER;
  end = Math.min(end, at + length);
  at += 2 + RANDOM;
  const hello = { serverName: null as string | null, protocols: [] as string[] };
  if (at >= end) return hello;
  at += 1 + b[at]!; // session ID
  if (at + 2 > end) return hello;
  at += 2 + u16(b, at); // cipher suites
  if (at >= end) return hello;
  at += 1 + b[at]!; // compression methods
  if (at + 2 > end) return hello;
  end = Math.min(end, at + 2 + u16(b, at));
  at += 2;
  while (at + 4 <= end) {
    const type = u16(b, at);
    const size = u16(b, at + 2);
    at += 4;
    const until = at + size;
    if (until > end) break;
    if (type === Extension.SERVER_NAME) hello.serverName ??= serverName(b, at, until);
    else if (type === Extension.ALPN) protocols(b, at, until, hello.protocols);
    at = until;
  }
  return hello;
}

function serverName(b: Uint8Array, at: number, end: number): string | null {
  at += 2;
  while (at + 3 <= end) {
    const size = u16(b, at + 1);
    const until = at + 3 + size;
    if (until > end) return null;
    if (b[at] === HOST_NAME) return printable(b, at + 3, until);
    at = until;
  }
  return null;
}

function protocols(b: Uint8Array, at: number, end: number, to: string[]): void {
  at += 2;
  while (at < end && to.length < MAXIMUM_PROTOCOLS) {
    const until = at + 1 + b[at]!;
    const name = until <= end ? printable(b, at + 1, until) : null;
    if (name !== null) to.push(name);
    at = until;
  }
}

/** @returns text, null when something in it is not printable ASCII */
function printable(b: Uint8Array, at: number, end: number): string | null {
  for (let i = at; i < end; i++) {
    if (b[i]! <= 0x20 || b[i]! >= 0x7f) return null;
  }
  return Buffer.prototype.latin1Slice.call(b, at, end);
}
