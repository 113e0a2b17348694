// Sun RPC: where a message's fields are, and the calls to a portmapper that -T rpc shows. Sources: RFC 5531, RFC 1833.

import { ipv4Text, ipv6Text, wordOf } from '../../inline.js';
import type { Printer, Words } from '../../printer.js';

/** Places of the fields of a call. */
export const Call = {
  XID: 0,
  DIRECTION: 4,
  RPC_VERSION: 8,
  PROGRAM: 12,
  VERSION: 16,
  PROCEDURE: 20,
  CREDENTIALS: 24,
} as const;
/** Places of the fields of a reply. */
export const Reply = {
  STATUS: 8,
  VERIFIER: 12,
  REJECTED: 12,
  LOW: 16,
  WHY: 16,
  HIGH: 20,
} as const;
/** A call with the first half of its credentials. */
const SIZE = 32;
const RPC_VERSION = 2;
const PORT = 111;
/** Longest name of a program that is shown. */
const MOST_NAME = 31;

const PROCEDURES: Words = { 0: 'null', 1: 'set', 2: 'unset', 3: 'getport', 4: 'dump', 5: 'call' };
/** Procedures that are about a program. */
const ABOUT: readonly number[] = [1, 2, 3, 5];

/** Source and destination of a message, each with what stands for its port. */
export function rpcAddresses(p: Printer, source: string, destination: string): void {
  const [from, to] = addresses(p);
  p.text(`${from}.${source} > ${to}.${destination}: `);
}

function addresses(p: Printer): readonly [string, string] {
  if (p.ipVersion === 4) return [ipv4Text(p, p.ipHeader + 12), ipv4Text(p, p.ipHeader + 16)];
  if (p.ipVersion === 6) return [ipv6Text(p, p.ipHeader + 8), ipv6Text(p, p.ipHeader + 24)];
  return ['?', '?'];
}

/** A call, taken as one to the portmapper. */
export function printSunRpc(p: Printer, offset: number, length: number): void {
  p.protocol = 'sunrpc';
  p.need(offset, SIZE);
  const { numeric } = p.options;
  const xid = `0x${p.u32(offset + Call.XID).toString(16)}`;
  rpcAddresses(p, xid, numeric ? `0x${PORT.toString(16)}` : 'sunrpc');
  const procedure = p.u32(offset + Call.PROCEDURE);
  p.text(`${length} ${wordOf(PROCEDURES, procedure, ' proc #%u')}`);
  const version = p.u32(offset + Call.RPC_VERSION);
  if (version !== RPC_VERSION) p.text(` [rpcver ${version}]`);
  if (!ABOUT.includes(procedure)) return;
  p.char(32);
  program(p, p.u32(offset + Call.PROGRAM));
  p.text(`.${p.u32(offset + Call.VERSION)}`);
}

/** A program's number, or its name where names are wanted. */
function program(p: Printer, number: number): void {
  if (p.options.numeric) p.dec(number);
  else {
    const name = p.names?.rpcProgram(number) ?? null;
    if (name === null) p.text(`#${number}`);
    else p.safeText(name.slice(0, MOST_NAME));
  }
}
