// FTP. Source: RFC 959, RFC 2428.

import type { Printer } from '../printer.js';
import { printTextProtocol } from '../textproto.js';

const COMMANDS: ReadonlySet<string> = new Set(
  (
    'ACCT APPE CWD DELE EPRT EPSV LIST LPRT LPSV MDTM MKD MODE NLST NOOP PASS PASV PORT PWD QUIT ' +
    'REIN RETR RMD RNFR RNTO SITE SIZE SMNT STAT STOR STRU SYST TYPE USER'
  ).split(' '),
);

export function printFtp(p: Printer, offset: number, length: number): void {
  p.protocol = 'ftp';
  printTextProtocol(p, offset, length, COMMANDS, 0);
}
