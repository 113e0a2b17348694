// What a command line says, once it is parsed.

import type { PrintOptions } from '../print/options.js';

/** A bad value or combination: the message goes after `pktap: `, without the usage. */
export class ArgumentError extends Error {}

export interface Arguments {
  /** What to do. */
  action:
    | 'capture'
    | 'help'
    | 'version'
    | 'list-interfaces'
    | 'list-link-types'
    | 'list-time-stamp-types'
    | 'list-fields'
    | 'install-extcap'
    | 'uninstall-extcap'
    | 'dump';
  /** -d count: 1 text, 2 C, 3 decimal. */
  dump: number;
  /** -i, as often as it was given. */
  interfaces: string[];
  read: string | null;
  readList: string | null;
  sort: boolean;
  write: string | null;
  /** --json, --csv, --tsv: packets as rows, or what --summary is shown as. */
  rows: 'json' | 'csv' | 'tsv' | null;
  /** --fields. */
  fields: string[] | null;
  /** --summary: what packets are grouped by. */
  summary: string[] | null;
  /** --interval, seconds. */
  interval: number | null;
  parquet: string | null;
  /** --print: text besides -w. */
  print: boolean;
  /** --count: only the number. */
  countOnly: boolean;
  /** --print-sampling: every so many packets one is printed. */
  sampling: number;
  /** -c: 0 all. */
  count: number;
  skip: number;
  snapshotLength: number;
  bufferSize: number | null;
  promiscuous: boolean;
  monitorMode: boolean;
  immediate: boolean;
  lineBuffered: boolean;
  unbuffered: boolean;
  direction: 'in' | 'out' | 'inout' | null;
  metadataFilter: string | null;
  expressionFile: string | null;
  expression: string | null;
  optimize: boolean;
  linkType: number | null;
  pcapng: boolean;
  /** No command lines in files. */
  noCommandLines: boolean;
  /** -k was given; and the letters it was given, which say what a file holds of processes too. */
  metadataGiven: boolean;
  fileLetters: string | null;
  /** No metadata in the text of a tap. */
  noMetadata: boolean;
  truncate: boolean;
  user: string | null;
  keepRoot: boolean;
  noSandbox: boolean;
  rotateSize: number | null;
  rotateSeconds: number | null;
  rotateFiles: number | null;
  rotateCommand: string | null;
  comments: string[];
  /** --comments: which packets of a pcapng file have one that says whose they are; null: the first of each flow. */
  ownerComments: 'all' | 'first' | 'none' | null;
  /** --dialect: which forms of processes a pcapng file has. */
  dialect: 'apple' | 'wireshark' | null;
  /** --tls-keys: the command's keys of TLS go into the file. */
  tlsKeys: boolean;
  /** --extcap: Wireshark runs us. */
  extcap: boolean;
  /** --extcap-parent: the process that the capture ends with. */
  extcapParent: number | null;
  /** --extcap-control-in and -out: FIFOs of its toolbar. */
  toolbar: { readonly input?: string; readonly output?: string } | null;
  /** Whom --install-extcap is for; null: whoever runs it. */
  scope: 'user' | 'system' | null;
  maximumBlock: number | null;
  /** --fleet: the server of a fleet, whose hosts capture. */
  fleet: string | null;
  hosts: string[];
  key: string | null;
  ca: string | null;
  /** --since, --deadline: seconds. */
  since: number | null;
  capture: string | null;
  deadline: number | null;
  /** --budget, --rate: bytes. */
  budget: number | null;
  rate: number | null;
  flows: boolean;
  networkNamespaces: string[];
  command: string[] | null;
  /** There were words after `--`. */
  dashed: boolean;
  nanoseconds: boolean | null;
  printOptions: PrintOptions;
  /** Lines about options that do nothing here. */
  warnings: string[];
}
