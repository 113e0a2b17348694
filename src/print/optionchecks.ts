// What each option of printing may be: a wrong one is refused, rather than printed as something else.

import { aBoolean, aNumber, aText, type Check, checkOptions, orNull } from '../options.js';
import { METADATA_LETTERS, type PrintOptions, TimestampStyle } from './options.js';

const CHECKS: { readonly [name in keyof PrintOptions]: Check } = {
  numeric: aBoolean,
  noDomain: aBoolean,
  foreignNumeric: aBoolean,
  verbose: aNumber(0),
  quiet: aBoolean,
  linkHeader: aBoolean,
  absoluteSequence: aBoolean,
  noChecksums: aBoolean,
  hex: aNumber(0),
  hexAscii: aNumber(0),
  ascii: aNumber(0),
  timestamp: aNumber(0, Math.max(...Object.values(TimestampStyle))),
  nanoseconds: aBoolean,
  number: aBoolean,
  oneLine: aBoolean,
  lengths: aBoolean,
  asDot: aBoolean,
  undecodedHandles: aBoolean,
  mesh: aBoolean,
  smb: aBoolean,
  packetType: orNull(aText),
  espSecret: orNull(aText),
  tcpMd5Secret: orNull(aText),
  metadata: (value) =>
    typeof value === 'string' && [...value].every((letter) => METADATA_LETTERS.includes(letter))
      ? null
      : `letters of ${METADATA_LETTERS}`,
  snapshotLength: aNumber(0),
  interfaceColumn: aBoolean,
};

/** @throws TypeError that names the option */
export function checkPrintOptions(options: PrintOptions): void {
  checkOptions('TextOutput', options, CHECKS, Object.keys(CHECKS));
}
