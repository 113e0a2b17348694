// Point-to-Point Tunneling Protocol, control messages (RFC 2637). A message is a table of its fields in their order.

import { hex, wordOf } from '../inline.js';
import type { Printer, Words } from '../printer.js';

const HEADER_LENGTH = 12;
const MAGIC_COOKIE = 0x1a2b3c4d;

/** A field: its bytes on the wire, and what it prints. */
interface Field {
  readonly size: number;
  readonly print: (p: Printer, offset: number, message: number) => void;
}

const number16 = (name: string): Field => ({
  size: 2,
  print: (p, o) => p.text(` ${name}(${p.u16(o)})`),
});
const number32 = (name: string): Field => ({
  size: 4,
  print: (p, o) => p.text(` ${name}(${p.u32(o)})`),
});
const hex32 = (name: string): Field => ({
  size: 4,
  print: (p, o) => p.text(` ${name}(0x${hex(p.u32(o), 8)})`),
});
const word32 = (name: string, words: Words): Field => ({
  size: 4,
  print: (p, o) => p.text(` ${name}(${wordOf(words, p.u32(o), '?')})`),
});
/** Text padded with zeros; `used`, where the message has it, says at which byte of it the length stands. */
const string = (name: string, size: number, used?: number): Field => ({
  size,
  print: (p, o, message) => {
    p.text(` ${name}(`);
    p.safeUntilNul(o, used === undefined ? size : Math.min(size, p.u16(message + used)));
    p.char(41);
  },
});
const reserved = (size: 1 | 2): Field => ({
  size,
  print: (p, o) => {
    const value = size === 1 ? p.u8(o) : p.u16(o);
    if (value !== 0) p.text(` [ERROR: reserved=${value} must be zero]`);
  },
});
/** A byte, with its word after a colon with -v. */
const code = (name: string, words: Words): Field => ({
  size: 1,
  print: (p, o) => {
    const value = p.u8(o);
    p.text(` ${name}(${value}${p.options.verbose > 0 ? `:${wordOf(words, value, '?')}` : ''})`);
  },
});

const GENERAL_RESULTS: Words = { 1: 'OK', 2: 'General Error' };

const version: Field = {
  size: 2,
  print: (p, o) => p.text(` PROTO_VER(${p.u8(o)}.${p.u8(o + 1)})`),
};
const framingCapabilities: Field = {
  size: 4,
  print: (p, o) => {
    p.text(' FRAME_CAP(');
    const bits = p.u32(o);
    if ((bits & 1) !== 0) p.char(65);
    if ((bits & 2) !== 0) p.char(83);
    p.char(41);
  },
};
const bearerCapabilities: Field = {
  size: 4,
  print: (p, o) => {
    const bits = p.u32(o);
    p.text(` BEARER_CAP(${(bits & 2) !== 0 ? 'D' : ''}${(bits & 1) !== 0 ? 'A' : ''})`);
  },
};
const errorCode = code('ERR_CODE', {
  0: 'None',
  1: 'Not-Connected',
  2: 'Bad-Format',
  3: 'Bad-Value',
  4: 'No-Resource',
  5: 'Bad-Call-ID',
  6: 'PAC-Error',
});
const result = (words: Words) => code('RESULT_CODE', words);
const id = number32('ID');
const callId = number16('CALL_ID');
const callSerial = number16('CALL_SER_NUM');
const peerCallId = number16('PEER_CALL_ID');
const causeCode = number16('CAUSE_CODE');
const connectSpeed = number32('CONN_SPEED');
const receiveWindow = number16('RECV_WIN');
const processingDelay = number16('PROC_DELAY');
const physicalChannel = number32('PHY_CHAN_ID');
const bearerType = word32('BEARER_TYPE', { 1: 'A', 2: 'D', 3: 'Any' });
const framingType = word32('FRAME_TYPE', { 1: 'A', 2: 'S', 3: 'E' });
const subAddress = string('SUB_ADDR', 64);
const capabilities = [
  framingCapabilities,
  bearerCapabilities,
  number16('MAX_CHAN'),
  number16('FIRM_REV'),
  string('HOSTNAME', 64),
  string('VENDOR', 64),
];

/** Control messages by type: name and fields. */
const MESSAGES: readonly (readonly [name: string, fields: readonly Field[]])[] = [
  ['NOT_DEFINED', []],
  ['SCCRQ', [version, reserved(2), ...capabilities]],
  [
    'SCCRP',
    [
      version,
      result({
        1: 'Successful channel establishment',
        2: 'General error',
        3: 'Command channel already exists',
        4: 'Requester is not authorized to establish a command channel',
        5: 'The protocol version of the requester is not supported',
      }),
      errorCode,
      ...capabilities,
    ],
  ],
  [
    'StopCCRQ',
    [code('REASON', { 1: 'None', 2: 'Stop-Protocol', 3: 'Stop-Local-Shutdown' }), reserved(1), reserved(2)],
  ],
  ['StopCCRP', [result(GENERAL_RESULTS), errorCode, reserved(2)]],
  ['ECHORQ', [id]],
  ['ECHORP', [id, result(GENERAL_RESULTS), errorCode, reserved(2)]],
  [
    'OCRQ',
    [
      callId,
      callSerial,
      number32('MIN_BPS'),
      number32('MAX_BPS'),
      bearerType,
      framingType,
      receiveWindow,
      processingDelay,
      number16('PHONE_NO_LEN'),
      reserved(2),
      string('PHONE_NO', 64, 24),
      subAddress,
    ],
  ],
  [
    'OCRP',
    [
      callId,
      peerCallId,
      result({
        1: 'Connected',
        2: 'General Error',
        3: 'No Carrier',
        4: 'Busy',
        5: 'No Dial Tone',
        6: 'Time-out',
        7: 'Do Not Accept',
      }),
      errorCode,
      causeCode,
      connectSpeed,
      receiveWindow,
      processingDelay,
      physicalChannel,
    ],
  ],
  [
    'ICRQ',
    [
      callId,
      callSerial,
      bearerType,
      physicalChannel,
      number16('DIALED_NO_LEN'),
      number16('DIALING_NO_LEN'),
      string('DIALED_NO', 64, 12),
      string('DIALING_NO', 64, 14),
      subAddress,
    ],
  ],
  [
    'ICRP',
    [
      callId,
      peerCallId,
      result({ 1: 'Connect', 2: 'General Error', 3: 'Do Not Accept' }),
      errorCode,
      receiveWindow,
      processingDelay,
      reserved(2),
    ],
  ],
  ['ICCN', [peerCallId, reserved(2), connectSpeed, receiveWindow, processingDelay, framingType]],
  ['CCRQ', [callId, reserved(2)]],
  [
    'CDN',
    [
      callId,
      result({ 1: 'Lost Carrier', 2: 'General Error', 3: 'Admin Shutdown', 4: 'Request' }),
      errorCode,
      causeCode,
      reserved(2),
      string('CALL_STATS', 128),
    ],
  ],
  [
    'WEN',
    [
      peerCallId,
      reserved(2),
      number32('CRC_ERR'),
      number32('FRAMING_ERR'),
      number32('HARDWARE_OVERRUN'),
      number32('BUFFER_OVERRUN'),
      number32('TIMEOUT_ERR'),
      number32('ALIGN_ERR'),
    ],
  ],
  ['SLI', [peerCallId, reserved(2), hex32('SEND_ACCM'), hex32('RECV_ACCM')]],
];

const MESSAGE_CLASSES: Words = { 1: ' CTRL-MSG', 2: ' MGMT-MSG' };

/** The control message in a TCP segment. */
export function printPptp(p: Printer, offset: number, _length: number): void {
  const { verbose } = p.options;
  p.protocol = 'pptp';
  p.text(': pptp');
  if (verbose > 0) {
    p.text(` Length=${p.u16(offset)}`);
    p.text(wordOf(MESSAGE_CLASSES, p.u16(offset + 2), ' UNKNOWN-MSG-TYPE'));
  }
  const cookie = p.u32(offset + 4);
  if (cookie !== MAGIC_COOKIE) p.text(` UNEXPECTED Magic-Cookie!!(${hex(cookie, 8)})`);
  if (verbose > 0 || cookie !== MAGIC_COOKIE) p.text(` Magic-Cookie=${hex(cookie, 8)}`);
  const type = p.u16(offset + 8);
  const message = MESSAGES[type];
  if (message === undefined) p.text(` UNKNOWN_CTRL_MSGTYPE(${type})`);
  else p.text(` CTRL_MSGTYPE=${message[0]}`);
  reserved(2).print(p, offset + 10, 0);
  const body = offset + HEADER_LENGTH;
  let at = body;
  for (const field of message?.[1] ?? []) {
    field.print(p, at, body);
    at += field.size;
  }
}
