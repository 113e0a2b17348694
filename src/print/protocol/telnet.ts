// Telnet's commands and option negotiations; the text between them is not shown. Source: RFC 854, 855, 2941, 2946.

import { hexOnly } from '../hexdump.js';
import type { Printer } from '../printer.js';

const IAC = 255;
const SB = 250;
const SE = 240;
/** Commands from end of file (236) to IAC. */
const FIRST_COMMAND = 236;
const COMMANDS = [
  'EOF',
  'SUSP',
  'ABORT',
  'EOR',
  'SE',
  'NOP',
  'DMARK',
  'BRK',
  'IP',
  'AO',
  'AYT',
  'EC',
  'EL',
  'GA',
  'SB',
  'WILL',
  'WONT',
  'DO',
  'DONT',
];

const Option = { AUTHENTICATION: 37, ENCRYPT: 38 } as const;
const OPTIONS = [
  'BINARY',
  'ECHO',
  'RCP',
  'SUPPRESS GO AHEAD',
  'NAME',
  'STATUS',
  'TIMING MARK',
  'RCTE',
  'NAOL',
  'NAOP',
  'NAOCRD',
  'NAOHTS',
  'NAOHTD',
  'NAOFFD',
  'NAOVTS',
  'NAOVTD',
  'NAOLFD',
  'EXTEND ASCII',
  'LOGOUT',
  'BYTE MACRO',
  'DATA ENTRY TERMINAL',
  'SUPDUP',
  'SUPDUP OUTPUT',
  'SEND LOCATION',
  'TERMINAL TYPE',
  'END OF RECORD',
  'TACACS UID',
  'OUTPUT MARKING',
  'TTYLOC',
  '3270 REGIME',
  'X.3 PAD',
  'NAWS',
  'TSPEED',
  'LFLOW',
  'LINEMODE',
  'XDISPLOC',
  'OLD-ENVIRON',
  'AUTHENTICATION',
  'ENCRYPT',
  'NEW-ENVIRON',
];

/** Words of a subnegotiation's first bytes, one list a byte. */
const QUALIFIERS = [['IS', 'SEND', 'INFO']];
const AUTHENTICATION = [
  ['IS', 'SEND', 'REPLY', 'NAME'],
  [
    'NULL',
    'KERBEROS_V4',
    'KERBEROS_V5',
    'SPX',
    'MINK',
    'SRP',
    'RSA',
    'SSL',
    '',
    '',
    'LOKI',
    'SSA',
    'KEA_SJ',
    'KEA_SJ_INTEG',
    'DSS',
    'NTLM',
  ],
];
const ENCRYPTION = [
  ['IS', 'SUPPORT', 'REPLY', 'START', 'END', 'REQUEST-START', 'REQUEST-END', 'END_KEYID', 'DEC_KEYID'],
  [
    'NULL',
    'DES_CFB64',
    'DES_OFB64',
    'DES3_CFB64',
    'DES3_OFB64',
    '',
    'CAST5_40_CFB64',
    'CAST5_40_OFB64',
    'CAST128_CFB64',
    'CAST128_OFB64',
  ],
];

/** %#x. */
const number = (n: number) => (n === 0 ? '0' : `0x${n.toString(16)}`);

/**
 * The command at `offset`, its text first of all so that a cut one leaves none.
 * @returns its text and length, null when it has no end within `length` or is none
 */
function parse(p: Printer, offset: number, length: number): { text: string; size: number } | null {
  if (length < 2) {
    if (length === 1) p.u8(offset);
    return null;
  }
  const command = p.u8(offset + 1);
  if (command === IAC) return { text: 'IAC IAC', size: 2 };
  const name = COMMANDS[command - FIRST_COMMAND];
  if (name === undefined) return null;
  if (command < SB) return { text: name, size: 2 };
  if (length < 3) return null;
  const option = p.u8(offset + 2);
  const text = `${name} ${OPTIONS[option] ?? number(option)}`;
  if (command !== SB) return { text, size: 3 };
  // The subnegotiation goes up to IAC SE, or to an IAC that is the last byte.
  const body = offset + 3;
  const last = offset + length - 1;
  let end = body;
  while (end < last && (p.u8(end) !== IAC || p.u8(end + 1) !== SE)) end++;
  if (p.u8(end) !== IAC) return null;
  return { text: text + subnegotiation(p, option, body, end), size: end + 2 - offset };
}

function subnegotiation(p: Printer, option: number, body: number, end: number): string {
  const words =
    option === Option.AUTHENTICATION ? AUTHENTICATION : option === Option.ENCRYPT ? ENCRYPTION : QUALIFIERS;
  let text = '';
  for (let at = body; at < end; at++) {
    const byte = p.u8(at);
    text += ` ${words[at - body]?.[byte] || number(byte)}`;
  }
  return `${text} SE`;
}

/** What `-X` lines of a command are indented to. */
const COLUMN = 8;

/** The commands a segment begins with, in brackets; with -vvv and -X a line of hexadecimal each. */
export function printTelnet(p: Printer, offset: number, length: number): void {
  p.protocol = 'telnet';
  const dump = p.options.hexAscii > 0 && p.options.verbose > 2;
  let at = offset;
  let first = true;
  while (length > 0 && p.u8(at) === IAC) {
    const command = parse(p, at, length);
    if (command === null) break;
    const { text, size } = command;
    if (dump) {
      if (first) p.text('\nTelnet:');
      hexOnly(p, '\n', at, size, at - offset);
      p.text(size > COLUMN ? '\n\t\t\t\t' : `${' '.repeat((COLUMN - size) * 3)}\t`);
    } else p.text(first ? ' [telnet ' : ', ');
    p.text(text);
    first = false;
    at += size;
    // An end that is cut in half counts whole: what remains then has no end but the captured bytes'.
    length = (length - size) >>> 0;
  }
  if (!first) p.char(dump ? 10 : 93);
}
