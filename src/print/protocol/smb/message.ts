// An SMB message: its header and its commands. Source: MS-CIFS section 2.2.3.

import { type Body, COMMANDS, UNKNOWN } from './commands.js';
import { dosErrorText } from './errors.js';
import { bare, byteCount, dumpUpTo, type Layout, layout, printLayout, type Special, text } from './layout.js';
import { locking, negotiation, sessionSetup } from './negotiation.js';
import { ntErrorName } from './nterrors.js';
import { DEC8, DEC16, HEX8, skip } from './pieces.js';
import type { SmbState } from './state.js';
import { transaction } from './transaction.js';
import { transaction2 } from './transaction2.js';

const Field = { COMMAND: 4, ERROR: 5, ERROR_CODE: 7, FLAGS: 9, FLAGS2: 10, WORDS: 32 } as const;
const REPLY = 0x80;
const NT_STATUS = 0x4000;
const UNICODE = 0x8000;
const NO_MORE = 0xff;
/** Commands of one message that are printed: a made-up one could go on for as long as its text fills the memory. */
const MOST_COMMANDS = 32;

const MAGIC = [0xff, 0x53, 0x4d, 0x42];

const header: Layout = layout(
  bare(skip(4)),
  text('SMB Command   =  '),
  bare(HEX8),
  text('\nError class   =  '),
  bare(HEX8, skip(1)),
  text('\nError code    =  '),
  bare(DEC16),
  text('\nFlags1        =  '),
  bare(HEX8),
  text('\nFlags2        =  '),
  bare(HEX8),
  bare(skip(13)),
  ...['Tree ID       =  ', 'Proc ID       =  ', 'UID           =  ', 'MID           =  '].flatMap((label) => [
    text(`\n${label}`),
    bare(DEC16),
  ]),
  text('\nWord Count    =  '),
  bare(DEC8),
  text('\n'),
);

const SPECIAL: { readonly [code: number]: Special } = {
  0x24: locking,
  0x25: transaction,
  0x32: transaction2,
  0x72: negotiation,
  0x73: sessionSetup,
};

/** Whether an SMB message begins here; all of its first four bytes have been captured. */
export function isMessage(s: SmbState, at: number): boolean {
  return s.p.has(at, MAGIC.length) && MAGIC.every((byte, i) => s.p.u8(at + i) === byte);
}

/** A message from its magic number on. */
export function printMessage(s: SmbState, at: number, end: number): void {
  const { p } = s;
  p.protocol = 'smb';
  s.request = (p.u8(at + Field.FLAGS) & REPLY) === 0;
  s.start = at;
  let code = p.u8(at + Field.COMMAND);
  let command = COMMANDS[code] ?? UNKNOWN;
  const direction = s.request ? 'REQUEST' : 'REPLY';
  if (p.options.verbose > 1) p.char(10);
  p.text(`SMB PACKET: SMB${command.name} (${direction})`);
  if (p.options.verbose < 2) return;
  p.char(10);
  const flags2 = p.le16(at + Field.FLAGS2);
  s.unicode = (flags2 & UNICODE) !== 0;
  printLayout(s, header, at, at + Field.WORDS + 1);
  printError(s, at, (flags2 & NT_STATUS) !== 0);
  for (let place = Field.WORDS as number, printed = 1; ; printed++) {
    const words = at + place;
    const wordCount = p.u8(words);
    s.stringLength = -1;
    const special = SPECIAL[code];
    const bytes = words + 1 + 2 * wordCount;
    if (special !== undefined) special(s, words, bytes, at, end);
    else printBody(s, s.request ? command.request : command.reply, words, wordCount, end);
    if (!command.chained || wordCount === 0) return;
    code = p.u8(words + 1);
    if (code === NO_MORE) return;
    const next = p.le16(words + 3);
    command = COMMANDS[code] ?? UNKNOWN;
    p.text(`\nSMB PACKET: SMB${command.name} (${direction}) (CHAINED)\n`);
    if (next <= place) {
      p.text(`Bad andX offset: ${next} <= ${place}\n`);
      return;
    }
    if (printed === MOST_COMMANDS) {
      p.text('(too many commands)\n');
      return;
    }
    place = next;
  }
}

function printError(s: SmbState, at: number, ntStatus: boolean): void {
  const { p } = s;
  if (ntStatus) {
    const status = p.le32(at + Field.ERROR);
    if (status !== 0) p.text(`NTError = ${ntErrorName(status)}\n`);
  } else {
    const errorClass = p.u8(at + Field.ERROR);
    if (errorClass !== 0) p.text(`SMBError = ${dosErrorText(errorClass, p.le16(at + Field.ERROR_CODE))}\n`);
  }
}

/** The words and the bytes of a command; raw where nothing is known of them. */
function printBody(s: SmbState, body: Body | undefined, words: number, count: number, end: number): void {
  const { p } = s;
  const bytes = words + 1 + 2 * count;
  if (count > 0 && body?.words !== undefined) printLayout(s, body.words, words + 1, bytes);
  else {
    for (let i = 0, at = words + 1; at < Math.min(bytes, end); i++, at += 2) {
      const value = p.le16(at);
      p.text(`smb_vwv[${i}]=${value} (0x${value.toString(16).toUpperCase()})\n`);
    }
  }
  const size = byteCount(s, bytes);
  if (size === 0) return;
  if (body?.bytes !== undefined) printLayout(s, body.bytes, bytes + 2, bytes + 2 + size);
  else {
    p.text('smb_buf[]=\n');
    dumpUpTo(s, bytes + 2, size, end);
  }
}
