// Rx, the remote procedure calls of AFS: the calls of its services, and the replies to calls that were seen. Sources:
// Zayas, "AFS-3 Programmer's Reference: Specification for the Rx Remote Procedure Call Facility"; OpenAFS' rx_packet.h.

import { completes } from '../../endings.js';
import { counted, hex, wordOf } from '../../inline.js';
import type { Printer, Words } from '../../printer.js';
import { Span } from '../../span.js';
import { printAcks } from './ack.js';
import { SERVICES, type Service, UBIK } from './calls.js';
import { date, type Fields, int, printFields } from './fields.js';
import { FILE_ERRORS } from './names.js';

const Field = {
  CONNECTION: 4,
  CALL: 8,
  SEQUENCE: 12,
  SERIAL: 16,
  TYPE: 20,
  FLAGS: 21,
  SECURITY: 23,
  SERVICE: 26,
} as const;
const HEADER = 28;
const Type = { DATA: 1, ACK: 2, ABORT: 4 } as const;
const TYPES: Words = {
  ...counted(1, 'data|ack|busy|abort|ackall|challenge|response|debug|params'),
  13: 'version',
};
const CLIENT_INITIATED = 1;
/** Flags; the last two are one bit, that of a type of packet each. */
const FLAGS: readonly (readonly [bit: number, word: string, type?: number])[] = [
  [CLIENT_INITIATED, 'client-init'],
  [2, 'req-ack'],
  [4, 'last-pckt'],
  [8, 'more-pckts'],
  [16, 'free-pckt'],
  [32, 'slow-start', Type.ACK],
  [32, 'jumbogram', Type.DATA],
];
/** A vote is refused by a reply and given by an abort. */
const BEACON = 10000;
const MOST_CALLS = 64;
/** Where IPv4's addresses are, which tcpdump takes for those of IPv6 too. */
const IP_ADDRESSES = 12;

/** A packet of Rx, `length` bytes. */
export function printRx(p: Printer, offset: number, length: number): void {
  p.protocol = 'rx';
  if (!p.has(offset, HEADER)) {
    p.truncated();
    p.text(` (${length})`);
    return;
  }
  const type = p.u8(offset + Field.TYPE);
  const flags = p.u8(offset + Field.FLAGS);
  p.text(` rx ${wordOf(TYPES, type, 'type %u')}`);
  if (p.options.verbose > 0) header(p, offset, type, flags);
  const fromClient = (flags & CLIENT_INITIATED) !== 0;
  const first = type === Type.DATA && p.u32(offset + Field.SEQUENCE) === 1;
  if (first && fromClient) {
    remember(p, offset);
    const service = SERVICES[p.destinationPort];
    if (service !== undefined) call(p, offset, length, service);
  } else {
    const opcode = (first || type === Type.ABORT) && !fromClient ? recall(p, offset) : null;
    const service = SERVICES[p.sourcePort];
    if (opcode === null) {
      if (type === Type.ACK) printAcks(p, offset + HEADER, length - HEADER);
    } else if (service !== undefined) reply(p, offset, length, service, opcode, type);
  }
  p.text(` (${length})`);
}

/** What -v shows of every packet. */
function header(p: Printer, offset: number, type: number, flags: number): void {
  const { verbose } = p.options;
  if (verbose > 1)
    p.text(` cid ${hex(p.u32(offset + Field.CONNECTION), 8)} call# ${p.u32(offset + Field.CALL)}`);
  p.text(` seq ${p.u32(offset + Field.SEQUENCE)} ser ${p.u32(offset + Field.SERIAL)}`);
  if (verbose > 2)
    p.text(` secindex ${p.u8(offset + Field.SECURITY)} serviceid ${p.u16(offset + Field.SERVICE)}`);
  if (verbose < 2) return;
  const words = FLAGS.filter(([bit, , only]) => (flags & bit) !== 0 && (only ?? type) === type);
  if (words.length > 0) p.text(` ${words.map(([, word]) => `<${word}>`).join(',')}`);
}

function call(p: Printer, offset: number, length: number, service: Service): void {
  if (length <= HEADER) return;
  const opcode = p.u32(offset + HEADER);
  const inner = heading(p, service, opcode);
  p.text(` call ${wordOf(inner.names, opcode, 'op#%u')}`);
  fields(p, offset + HEADER + 4, inner, inner.calls[opcode]);
}

function reply(
  p: Printer,
  offset: number,
  length: number,
  service: Service,
  opcode: number,
  type: number,
): void {
  // Services with votes begin to print replies that are nothing but a header.
  if (length < HEADER || (length === HEADER && service.name !== 'pt' && service.name !== 'vldb')) return;
  const inner = heading(p, service, opcode);
  p.text(` reply ${wordOf(inner.names, opcode, 'op#%u')}`);
  const at = offset + HEADER;
  if (type === Type.DATA) fields(p, at, inner, inner.replies[opcode]);
  else if (inner.name === 'fs') p.text(` error ${FILE_ERRORS[p.u32(at)] ?? `#${p.s32(at)}`}`);
  else if (inner === UBIK && opcode === BEACON) fields(p, at, inner, [' vote yes until', date]);
  else fields(p, at, inner, [' errcode', int]);
}

/** The service's name, with that of Ubik when the call is one of its. @returns whose the call is */
function heading(p: Printer, service: Service, opcode: number): Service {
  p.text(` ${service.name}`);
  if (service.replicated !== true || UBIK.names[opcode] === undefined) return service;
  p.text(' ubik');
  return UBIK;
}

function fields(p: Printer, at: number, service: Service, found: Fields | undefined): void {
  if (found === undefined) return;
  if (!completes(() => printFields(new Span(p, at), found))) p.text(` [|${service.name}]`);
}

/** Calls by what a reply says of the one it answers: the last of a small number. */
interface Seen {
  readonly calls: { readonly key: string; readonly opcode: number }[];
  next: number;
  /** Where the last one was found: the search begins there. */
  found: number;
}

const memory = new WeakMap<Printer, Seen>();

function seenBy(p: Printer): Seen {
  let seen = memory.get(p);
  if (seen === undefined) {
    seen = { calls: [], next: 0, found: 0 };
    memory.set(p, seen);
  }
  return seen;
}

function key(p: Printer, offset: number, client: number, server: number, port: number): string {
  return `${p.u32(offset + Field.CALL)} ${p.u16(offset + Field.SERVICE)} ${client} ${server} ${port}`;
}

function remember(p: Printer, offset: number): void {
  if (!p.has(offset + HEADER, 4)) return;
  const seen = seenBy(p);
  const [source, destination] = addresses(p);
  seen.calls[seen.next] = {
    key: key(p, offset, source, destination, p.destinationPort),
    opcode: p.u32(offset + HEADER),
  };
  seen.next = (seen.next + 1) % MOST_CALLS;
}

/** The number of the call that this is the reply to, null when that was not seen or is forgotten. */
function recall(p: Printer, offset: number): number | null {
  const seen = seenBy(p);
  const [source, destination] = addresses(p);
  const wanted = key(p, offset, destination, source, p.sourcePort);
  for (let i = 0; i < MOST_CALLS; i++) {
    const place = (seen.found + i) % MOST_CALLS;
    const known = seen.calls[place];
    if (known?.key !== wanted) continue;
    seen.found = place;
    return known.opcode;
  }
  return null;
}

function addresses(p: Printer): [source: number, destination: number] {
  const at = p.ipHeader + IP_ADDRESSES;
  return [p.u32(at), p.u32(at + 4)];
}
