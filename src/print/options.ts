// What the command line says of the text, under names; the letters are tcpdump's. Read by the command before it knows
// whether there will be text: nothing else of this room is loaded for it.

import { MAXIMUM_SNAPSHOT_LENGTH } from '../packet/index.js';

/** Letters that -k takes as Apple's does; `A` is all of these. */
export const APPLE_LETTERS = 'INPUSDCFftdcVA';
/** And ours, of a process: user, parent, executable, command line, start, cgroup, container, namespace, thread; and the host of a fleet. */
export const METADATA_LETTERS = `${APPLE_LETTERS}ORXLTGKWHM`;
/** What -k without letters means. */
export const DEFAULT_METADATA = 'INPSDCF';
/** The same beside a column that says interface and direction. */
export const COLUMN_METADATA = 'NPSCF';

/** Clock readings in front of a packet: -t's count or number. */
export const TimestampStyle = {
  TIME: 0,
  NONE: 1,
  SECONDS: 2,
  DELTA_PREVIOUS: 3,
  DATE_TIME: 4,
  DELTA_FIRST: 5,
} as const;

export interface PrintOptions {
  /** -n: no names for addresses and ports. Apple's and tcpdump's -nn is the same. */
  numeric: boolean;
  /** -N: host names without their domain. */
  noDomain: boolean;
  /** -f: names for local addresses only. */
  foreignNumeric: boolean;
  /** -v count. */
  verbose: number;
  /** -q. */
  quiet: boolean;
  /** -e. */
  linkHeader: boolean;
  /** -S. */
  absoluteSequence: boolean;
  /** -K: checksums are not verified. */
  noChecksums: boolean;
  /** -x count (2: with the link-layer header). */
  hex: number;
  /** -X count. */
  hexAscii: number;
  /** -A count. */
  ascii: number;
  /** -t. */
  timestamp: number;
  /** --nano: nine digits of a second instead of six. */
  nanoseconds: boolean;
  /** -#. */
  number: boolean;
  /** -g: -v stays on one line. */
  oneLine: boolean;
  /** --lengths: `caplen N, len N` and what each header says. */
  lengths: boolean;
  /** -b: AS numbers in asdot. */
  asDot: boolean;
  /** -u: undecoded NFS handles. */
  undecodedHandles: boolean;
  /** -H: 802.11 data frames may have mesh headers. */
  mesh: boolean;
  /** --smb: SMB, NetBIOS and NetBEUI are decoded. */
  smb: boolean;
  /** -T: how to take unknown UDP or TCP payload, null: by port. */
  packetType: string | null;
  /** -E. */
  espSecret: string | null;
  /** -M. */
  tcpMd5Secret: string | null;
  /** -k's letters; '' prints no metadata. */
  metadata: string;
  /** `-i any`: interface and direction in front of each packet, and not in the parentheses. */
  interfaceColumn: boolean;
  /** -s, for the hex dump's and a few printers' use. */
  snapshotLength: number;
}

/** The options of a run without any. */
export function defaultPrintOptions(): PrintOptions {
  return {
    numeric: false,
    noDomain: false,
    foreignNumeric: false,
    verbose: 0,
    quiet: false,
    linkHeader: false,
    absoluteSequence: false,
    noChecksums: false,
    hex: 0,
    hexAscii: 0,
    ascii: 0,
    timestamp: TimestampStyle.TIME,
    nanoseconds: false,
    number: false,
    oneLine: false,
    lengths: false,
    asDot: false,
    undecodedHandles: false,
    mesh: false,
    smb: false,
    packetType: null,
    espSecret: null,
    tcpMd5Secret: null,
    metadata: '',
    interfaceColumn: false,
    snapshotLength: MAXIMUM_SNAPSHOT_LENGTH,
  };
}
