// NetBIOS over TCP and UDP: sessions, datagrams and names; and SMB over TCP without it. Source: RFC 1002, MS-SMB section 2.1.

import type { Printer, Words } from '../../printer.js';
import { bare, END, type Layout, layout, line, printLayout, text } from './layout.js';
import { isMessage, printMessage } from './message.js';
import { BE_DEC16, BE_HEX16, DEC8, ENCODED_NAME, HEX8, hex8, skip } from './pieces.js';
import { type SmbState, stateOf } from './state.js';

const HEADER = 4;
const Session = { MESSAGE: 0x00, REQUEST: 0x81, GRANTED: 0x82, REJECT: 0x83, KEEPALIVE: 0x85 } as const;
const SESSION_WORDS: Words = {
  0x00: 'Session Message',
  0x81: 'Session Request',
  0x82: 'Session Granted',
  0x83: 'Session Reject, ',
  0x85: 'Session Keepalive',
};
const REASONS: Words = {
  0x80: 'Not listening on called name',
  0x81: 'Not listening for calling name',
  0x82: 'Called name not present',
  0x83: 'Called name present, but insufficient resources',
};

function session(title: string, ...fields: readonly Layout[]): Layout {
  return layout(bare(skip(1)), text(`NBT ${title}\n`), hex8('Flags'), line('Length', BE_DEC16), ...fields);
}
const message: Layout = session('Session Message');
const OTHERS: { readonly [type: number]: Layout } = {
  [Session.REQUEST]: session(
    'Session Request',
    line('Destination', ENCODED_NAME),
    line('Source', ENCODED_NAME),
  ),
  [Session.GRANTED]: session('Session Granted'),
  [Session.REJECT]: session('SessionReject', hex8('Reason')),
  [Session.KEEPALIVE]: session('Session Keepalive'),
};
const unknownShort: Layout = layout(text('Unknown packet type '), bare(HEX8));
const unknownLong: Layout = layout(text('NBT - Unknown packet type\n'), hex8('Type'));

/** The session service, over TCP port 139. */
export function printNetbiosSession(p: Printer, offset: number, length: number): void {
  p.protocol = 'nbt_tcp';
  if (length < HEADER || p.available(offset) < HEADER) {
    p.truncated();
    return;
  }
  const s = stateOf(p);
  s.start = offset;
  if (p.options.verbose < 2) sessionInShort(s, offset, length);
  else wholeSession(s, offset, length);
}

function sessionInShort(s: SmbState, offset: number, length: number): void {
  const { p } = s;
  const type = p.u8(offset);
  p.text(' NBT Session Packet: ');
  if (SESSION_WORDS[type] === undefined) {
    printLayout(s, unknownShort, offset, p.snapEnd);
    return;
  }
  if (type !== Session.REJECT) {
    p.text(SESSION_WORDS[type]);
    return;
  }
  if (Math.min(p.u16(offset + 2), length - HEADER, p.available(offset) - HEADER) < 4) {
    p.truncated();
    return;
  }
  p.text(SESSION_WORDS[type]);
  p.text(reason(p.u8(offset + HEADER)));
}

/** Why a session was refused. */
function reason(code: number): string {
  return REASONS[code] ?? `Unspecified error 0x${code.toString(16).toUpperCase()}`;
}

function wholeSession(s: SmbState, offset: number, length: number): void {
  const { p } = s;
  const type = p.u8(offset);
  const claimed = p.u16(offset + 2);
  p.text('\n>>> NBT Session Packet\n');
  if (type !== Session.MESSAGE) {
    const end = printLayout(s, OTHERS[type] ?? unknownLong, offset, p.snapEnd);
    if (type === Session.REJECT && end >= 0 && claimed >= 1 && p.available(offset) > HEADER)
      p.text(`${reason(p.u8(offset + HEADER))}\n`);
    return;
  }
  const body = printLayout(s, message, offset, offset + HEADER);
  if (body < 0) return;
  if (claimed < 4 || !isMessage(s, body)) {
    p.text('Session packet:(raw data or continuation?)\n');
    return;
  }
  const captured = p.available(body);
  if (claimed > captured) p.text(`${missing(claimed, length - HEADER, captured)}\n`);
  printMessage(s, body, Math.min(body + claimed, p.snapEnd));
}

/** What is said of a message that is not all here. */
function missing(claimed: number, length: number, captured: number): string {
  return claimed > length
    ? 'WARNING: Packet is continued in later TCP segments'
    : `WARNING: Short packet. Try increasing the snap length by ${claimed - captured}`;
}

/** SMB over TCP port 445: a length of three bytes in front. */
export function printSmbTcp(p: Printer, offset: number, length: number): void {
  p.protocol = 'smb_tcp';
  if (length < HEADER || p.available(offset) < HEADER) {
    p.truncated();
    return;
  }
  const s = stateOf(p);
  const body = offset + HEADER;
  const claimed = p.u24(offset + 1);
  s.start = offset;
  if (claimed < 4 || !isMessage(s, body)) {
    p.text(' SMB-over-TCP packet:(raw data or continuation?)\n');
    return;
  }
  const captured = p.available(body);
  p.char(32);
  if (claimed > captured) p.text(`${missing(claimed, length - HEADER, captured)}\n`);
  printMessage(s, body, Math.min(body + claimed, p.snapEnd));
}

const datagram: Layout = layout(
  text('\n>>> NBT UDP PACKET(138) Res='),
  bare(BE_HEX16),
  text(' ID='),
  bare(BE_HEX16),
  text(' IP='),
  bare(DEC8, '.', DEC8, '.', DEC8, '.', DEC8),
  text(' Port='),
  bare(BE_DEC16),
  text(' Length='),
  bare(BE_DEC16),
  text(' Res2='),
  bare(BE_HEX16),
  text('\n'),
  line('SourceName', ENCODED_NAME),
  line('DestName', ENCODED_NAME),
  END,
);

/** The datagram service, over UDP port 138. */
export function printNetbiosDatagram(p: Printer, offset: number, length: number): void {
  p.protocol = 'nbt_udp138';
  const end = Math.min(offset + length, p.snapEnd);
  if (end <= offset) return;
  if (p.options.verbose < 2) {
    p.text('NBT UDP PACKET(138)');
    return;
  }
  const s = stateOf(p);
  s.start = offset;
  const body = printLayout(s, datagram, offset, end);
  if (body >= 0 && body + 4 <= end && isMessage(s, body)) printMessage(s, body, end);
}
