// NetBEUI frames over LLC, and what NetBIOS over IPX carries. Source: IBM's LAN Technical Reference (SC30-3587), chapter 5.

import type { Printer } from '../../printer.js';
import { bare, END, type Layout, layout, line, plain, printLayout, text } from './layout.js';
import { isMessage, printMessage } from './message.js';
import { DEC8, DEC16, flags8, HEX8, HEX16, hex8, hex16, PLAIN_NAME, skip } from './pieces.js';
import { stateOf } from './state.js';

/** A frame: its name, and its fields behind the command without and with -vv. */
type Frame = readonly [name: string, short: Layout | null, long: Layout | null];

const newline = text('\n');
const name = (label: string): Layout => line(label, PLAIN_NAME);
const destination = name('Destination');
const source = name('Source');
const transmit: Layout = hex16('TransmitCorrelator');
const response: Layout = hex16('ResponseCorelator');
const sessions: Layout = layout(hex8('RemoteSessionNumber'), hex8('LocalSessionNumber'));
const skipping = (count: number): Layout => [bare(skip(count))];
/** A value whose line ends behind bytes that are not shown. */
const gap = (label: string, piece: typeof HEX16, count: number): Layout =>
  layout(plain(label, piece), skipping(count), newline);

const toAdd: readonly [Layout, Layout] = [
  layout(text(', '), skipping(23), plain('Name to add', PLAIN_NAME), END),
  layout(skipping(5), hex16('ResponseCorrelator'), skipping(16), name('Name to add')),
];
const datagram: Layout = layout(skipping(7), destination, source);
const data = (...names: readonly string[]): Layout =>
  layout(line('Flags', flags8(...names)), gap('ResyncIndicator', HEX16, 2), response, sessions);
const setup: Layout = layout(hex8('Data1'), hex16('Data2'), transmit, response, sessions);

const FRAMES: { readonly [command: number]: Frame } = {
  0x00: ['Add Group Name Query', ...toAdd],
  0x01: ['Add Name Query', ...toAdd],
  0x02: ['Name In Conflict', null, null],
  0x03: ['Status Query', null, null],
  0x07: ['Terminate Trace', null, null],
  0x08: ['Datagram', null, datagram],
  0x09: ['Broadcast Datagram', null, datagram],
  0x0a: [
    'Name Query',
    layout(text(', '), skipping(7), plain('Name', PLAIN_NAME), END),
    layout(
      skipping(1),
      hex8('SessionNumber'),
      gap('NameType', HEX8, 2),
      hex16('ResponseCorrelator'),
      name('Name'),
      name('Name of sender'),
    ),
  ],
  0x0d: [
    'Add Name Response',
    layout(
      text(', '),
      skipping(1),
      plain('GroupName', HEX16),
      text(' '),
      skipping(4),
      plain('Destination', PLAIN_NAME),
      text(' '),
      plain('Source', PLAIN_NAME),
      END,
    ),
    layout(
      hex8('AddNameInProcess'),
      hex16('GroupName'),
      gap('TransmitCorrelator', HEX16, 2),
      destination,
      source,
    ),
  ],
  0x0e: [
    'Name Recognized',
    null,
    layout(skipping(1), hex16('Data2'), transmit, response, destination, source),
  ],
  0x0f: ['Status Response', null, null],
  0x13: ['Terminate Trace', null, null],
  0x14: ['Data Ack', null, layout(skipping(3), gap('TransmitCorrelator', HEX16, 2), sessions)],
  0x15: ['Data First/Middle', null, data('RECEIVE_CONTINUE', 'NO_ACK', '', 'PIGGYBACK_ACK_INCLUDED')],
  0x16: ['Data Only/Last', null, data('', 'NO_ACK', 'PIGGYBACK_ACK_ALLOWED', 'PIGGYBACK_ACK_INCLUDED')],
  0x17: ['Session Confirm', null, setup],
  0x18: ['Session End', null, layout(skipping(1), gap('Data2', HEX16, 4), sessions)],
  0x19: ['Session Initialize', null, setup],
  0x1a: [
    'No Receive',
    null,
    // The one flag of it, SEND_NO_ACK, is never shown by tcpdump.
    layout(line('Flags', flags8()), gap('DataBytesAccepted', DEC8, 4), sessions),
  ],
  0x1b: ['Receive Outstanding', null, layout(skipping(1), gap('DataBytesAccepted', DEC8, 4), sessions)],
  0x1c: ['Receive Continue', null, layout(skipping(2), transmit, skipping(2), sessions)],
  0x1f: ['Session Alive', null, null],
};
const COMMAND = 4;
/** Frames that carry data. */
const CARRIERS = [0x08, 0x09, 0x15, 0x16];

const head: Layout = layout(skipping(5), END);
const wholeHead: Layout = layout(
  plain('Length', DEC16),
  text(' '),
  plain('Signature', HEX16),
  text(' '),
  line('Command', HEX8),
  END,
);
const unknown: Layout = layout(text('Unknown NBF Command'), END);
const wholeUnknown: Layout = layout(text('Unknown NBF Command\n'));

/** How far a message is looked for. */
const SEARCHED = 128;

/** @param control the LLC frame's control field */
export function printNetbeui(p: Printer, control: number, offset: number, length: number): void {
  p.protocol = 'netbeui';
  const s = stateOf(p);
  const end = Math.min(offset + length, p.snapEnd);
  const body = offset + p.le16(offset);
  const command = p.u8(offset + COMMAND);
  const cut = body >= end;
  const headerEnd = Math.min(body, end);
  const whole = p.options.verbose > 1;
  s.start = offset;
  if (whole) p.text(`\n>>> NBF Packet\nType=0x${control.toString(16).toUpperCase()} `);
  else p.text('NBF Packet: ');
  let at = printLayout(s, whole ? wholeHead : head, offset, end);
  if (at < 0) return;
  const frame = FRAMES[command];
  if (frame === undefined) at = printLayout(s, whole ? wholeUnknown : unknown, at, headerEnd);
  else {
    const [title, short, long] = frame;
    p.text(whole ? `${title}:\n` : title);
    const fields = whole ? long : short;
    if (fields !== null) at = printLayout(s, fields, at, headerEnd);
    else if (whole) p.char(10);
  }
  if (!whole || at < 0 || cut || !CARRIERS.includes(command)) return;
  for (let i = 0; i < SEARCHED && body + i + 4 <= end; i++) {
    if (!isMessage(s, body + i)) continue;
    if (i > 0) p.text(`found SMB packet at ${i}\n`);
    printMessage(s, body + i, end);
    return;
  }
}

const transport: Layout = layout(text('\n>>> IPX transport '));
const unknownIpx: Layout = layout(text('\n>>> Unknown IPX '));

/** NetBIOS over IPX: the message that is in it. */
export function printNetbiosIpx(p: Printer, offset: number, length: number): void {
  p.protocol = 'ipx_netbios';
  const s = stateOf(p);
  const end = Math.min(offset + length, p.snapEnd);
  s.start = offset;
  for (let i = 0; i < SEARCHED; i++) {
    if (offset + i + 4 > end) return;
    if (!isMessage(s, offset + i)) continue;
    printLayout(s, transport, offset, offset + i);
    printMessage(s, offset + i, end);
    return;
  }
  printLayout(s, unknownIpx, offset, end);
}
