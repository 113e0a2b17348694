// Options of DCCP. Source: RFC 4340, sections 5.8, 6, 11.4, 13.

import { counted, hexBytes, wordOf } from '../../inline.js';
import type { Printer, Words } from '../../printer.js';

/** Options below have no length. */
const FIRST_WITH_LENGTH = 32;
/** Options from here on belong to a congestion control. */
const FIRST_OF_CONTROL = 128;
const Option = {
  CHANGE_L: 32,
  CONFIRM_R: 35,
  INIT_COOKIE: 36,
  NDP_COUNT: 37,
  DATA_DROPPED: 40,
  TIMESTAMP: 41,
  TIMESTAMP_ECHO: 42,
  ELAPSED_TIME: 43,
  DATA_CHECKSUM: 44,
} as const;
const OPTIONS: Words = {
  ...counted(0, 'nop|mandatory|slowreceiver'),
  ...counted(
    32,
    'change_l|confirm_l|change_r|confirm_r|initcookie|ndp_count|ack_vector0|ack_vector1|data_dropped|timestamp|timestamp_echo|elapsed_time|data_checksum',
  ),
};
const FEATURES = counted(
  0,
  'reserved|ccid|allow_short_seqno|sequence_window|ecn_incapable|ack_ratio|send_ack_vector|send_ndp_count|minimum checksum coverage|check data checksum',
);

/**
 * One option.
 * @param left bytes of the header from here on
 * @returns its length, 0 when nothing behind it can be read
 */
export function dccpOption(p: Printer, at: number, left: number): number {
  const type = p.u8(at);
  const name = type >= FIRST_OF_CONTROL ? `CCID option ${type}` : wordOf(OPTIONS, type, 'Option %u');
  const length = type >= FIRST_WITH_LENGTH ? p.u8(at + 1) : 1;
  if (type >= FIRST_WITH_LENGTH && length < 2) {
    p.text(`${name} optlen too short`);
    return 0;
  }
  if (left < length) {
    p.text(`${name} optlen goes past header length`);
    return 0;
  }
  if (!p.has(at, length)) {
    p.truncated();
    return 0;
  }
  p.text(name);
  if (type >= FIRST_OF_CONTROL) {
    if (length === 4 || length === 6) number(p, at, length);
  } else if (type >= FIRST_WITH_LENGTH) value(p, type, at, length);
  return length;
}

/** The number in an option of four or six bytes. */
function number(p: Printer, at: number, length: number): void {
  p.text(` ${length === 6 ? p.u32(at + 2) : p.u16(at + 2)}`);
}

function value(p: Printer, type: number, at: number, length: number): void {
  if (type <= Option.CONFIRM_R) feature(p, at, length);
  else if (type === Option.NDP_COUNT) bytes(p, at + 2, length - 2);
  else if (type <= Option.DATA_DROPPED) {
    if (length > 2) p.text(` 0x${hexBytes(p, at + 2, length - 2)}`);
  } else if (type === Option.TIMESTAMP) {
    if (length === 6) number(p, at, length);
    else p.text(' [optlen != 6]');
  } else if (type === Option.TIMESTAMP_ECHO) echo(p, at, length);
  else if (type === Option.ELAPSED_TIME) {
    if (length === 4 || length === 6) number(p, at, length);
    else p.text(' [optlen != 4 or 6]');
  } else if (type === Option.DATA_CHECKSUM && length > 2) p.text(` ${hexBytes(p, at + 2, length - 2)}`);
}

function feature(p: Printer, at: number, length: number): void {
  if (length < 3) {
    p.text(' optlen too short');
    return;
  }
  const name = FEATURES[p.u8(at + 2)];
  if (name === undefined) return;
  p.text(` ${name}`);
  bytes(p, at + 3, length - 3);
}

function bytes(p: Printer, at: number, count: number): void {
  for (let i = 0; i < count; i++) p.text(` ${p.u8(at + i)}`);
}

function echo(p: Printer, at: number, length: number): void {
  if (length !== 6 && length !== 8 && length !== 10) {
    p.text(' [optlen != 6 or 8 or 10]');
    return;
  }
  p.text(` ${p.u32(at + 2)}`);
  if (length > 6) p.text(` (elapsed time ${length === 8 ? p.u16(at + 6) : p.u32(at + 6)})`);
}
