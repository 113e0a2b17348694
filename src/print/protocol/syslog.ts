// Syslog. Source: RFC 3164.

import { hexOnly } from '../hexdump.js';
import type { Printer, Words } from '../printer.js';

const SEVERITIES: Words = {
  0: 'emergency',
  1: 'alert',
  2: 'critical',
  3: 'error',
  4: 'warning',
  5: 'notice',
  6: 'info',
  7: 'debug',
};
const FACILITIES: readonly string[] = (
  'kernel user mail daemon auth syslog lpr news uucp cron authpriv ftp ntp security console cron ' +
  'local0 local1 local2 local3 local4 local5 local6 local7'
).split(' ');
const MAX_DIGITS = 3;

/** `<pri>message`: facility and severity, and with -v the message. */
export function printSyslog(p: Printer, offset: number, length: number): void {
  p.protocol = 'syslog';
  let at = 1;
  let priority = 0;
  if (p.u8(offset) === 60) {
    for (; at <= MAX_DIGITS; at++) {
      const c = p.u8(offset + at);
      if (c < 48 || c > 57) break;
      priority = priority * 10 + c - 48;
    }
    if (p.u8(offset + at) !== 62) {
      p.invalid();
      return;
    }
    at++;
  } else {
    p.invalid();
    return;
  }
  const severity = priority & 7;
  const facility = priority >> 3;
  if (p.options.verbose > 0) {
    p.text('SYSLOG, length: ');
    p.dec(length);
    p.text('\n\tFacility ');
    p.text(FACILITIES[facility] ?? `unknown (${facility})`);
    p.text(` (${facility}), Severity `);
    p.word(SEVERITIES, severity, '%u');
    p.text(` (${severity})\n\tMsg: `);
    for (let i = at; i < length; i++) p.safeChar(p.u8(offset + i));
    if (p.options.verbose > 1) hexOnly(p, '\n\t', offset, length);
    return;
  }
  p.text('SYSLOG ');
  p.text(FACILITIES[facility] ?? `unknown (${facility})`);
  p.char(46);
  p.word(SEVERITIES, severity, '%u');
  p.text(', length: ');
  p.dec(length);
}
