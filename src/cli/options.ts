// The options: one table, of which the parser, --help, the manual page, the completions of three shells and the tables of docs/ are made.

/** Headings of --help and of the manual page, in their order. */
export const GROUPS = [
  'Where packets come from',
  'Which packets',
  'Processes',
  'Text',
  'Data',
  'Files',
  'The run',
  'Questions',
] as const;

export type Group = (typeof GROUPS)[number];

/** What a shell offers for a value. */
export type Completion =
  | 'file'
  | 'command'
  | 'user'
  | 'interface'
  | 'link type'
  | 'packet type'
  | 'metadata letters'
  | 'metadata filter'
  | 'fields'
  | 'network namespace'
  | readonly string[];

/** An option under the name that messages have for it: its letter, or its long name. */
export interface OptionEntry {
  readonly group: Group;
  /** Long names of an option that has a letter. */
  readonly long?: readonly string[];
  /** The name of its value; none: it takes none. */
  readonly takes?: string;
  /** The value may be left out. */
  readonly optional?: true;
  readonly completes?: Completion;
  /** One line, that fits behind the option. */
  readonly about: string;
  /** What the manual page says besides. `code` stands between backquotes. */
  readonly more?: string;
  /** What tcpdump has instead; none: the same in 4.99 and 5.0. */
  readonly tcpdump?: string;
  /** What Apple's tcpdump has instead; none: what tcpdump 4.99 has. */
  readonly apple?: string;
}

/** What is told of an option, of the command or of a view. */
export type Told = Pick<OptionEntry, 'long' | 'takes' | 'optional' | 'completes' | 'about' | 'more'>;

const NONE = 'none';
/** Options of tcpdump 5.0 that 4.99, and so Apple's, has not. */
const NEW = { tcpdump: '5.0 alone', apple: NONE } as const;
/** Apple's options that tcpdump has not. */
const APPLE = { tcpdump: NONE, apple: 'the same' } as const;
/** Our own. */
const OURS = { tcpdump: NONE, apple: NONE } as const;

/** Types of -T. Source: tcpdump(1). */
export const PACKET_TYPES = [
  'aodv',
  'carp',
  'cnfp',
  'domain',
  'geneve',
  'lmp',
  'pgm',
  'pgm_zmtp1',
  'ptp',
  'quic',
  'radius',
  'resp',
  'rpc',
  'rtcp',
  'rtp',
  'snmp',
  'someip',
  'tftp',
  'vat',
  'vxlan',
  'wb',
  'zmtp1',
] as const;

const OPTIONS = {
  '-i': {
    group: 'Where packets come from',
    long: ['interface'],
    takes: 'interface',
    completes: 'interface',
    about: 'pktap[,NAME,...], pktap,all, droptap, or any other',
    more:
      '`pktap`, the default, is the tap: every ordinary interface, with the process of each packet. `pktap,NAME,...` is the tap on these; a name that no ' +
      'interface has and that does not end in a digit is a prefix. `pktap,all` is the tap on every interface, loopback and tunnels too. `droptap` shows the packets that the ' +
      'kernel drops, with its reason. A plain name is that interface as tcpdump shows it; with -k, -Q, -P or a command it is tapped. Several are one capture.',
    tcpdump: 'the default is the first interface; the last -i counts',
    apple: 'the same, at most 8 names; the last -i counts',
  },
  '-r': {
    group: 'Where packets come from',
    takes: 'file',
    completes: 'file',
    about: 'read a savefile; - is standard input',
    more: 'pcap and pcapng, as they are or compressed by gzip, zstd or lz4, with the processes of every known dialect.',
    tcpdump: 'no decompression; a second -r wins',
  },
  '-V': {
    group: 'Where packets come from',
    takes: 'file',
    completes: 'file',
    about: 'read the savefiles that this file lists',
  },
  '--sort': {
    group: 'Where packets come from',
    about: 'with -V: merge the files by time',
    ...OURS,
  },
  '--netns': {
    group: 'Where packets come from',
    takes: 'path|name|pid',
    completes: 'network namespace',
    about: 'capture in this network namespace, or in several',
    ...OURS,
  },
  '-p': {
    group: 'Where packets come from',
    long: ['no-promiscuous-mode'],
    about: 'do not make the interface promiscuous',
    more: 'A tap is promiscuous only on a device that -i names by its own name.',
  },
  '-I': {
    group: 'Where packets come from',
    long: ['monitor-mode'],
    about: 'refused: a tap sees packets above the radio',
    tcpdump: 'monitor mode',
  },
  '-B': {
    group: 'Where packets come from',
    long: ['buffer-size'],
    takes: 'KiB',
    about: "the kernel's buffer",
  },
  '-j': {
    group: 'Where packets come from',
    long: ['time-stamp-type'],
    takes: 'type',
    completes: ['host', 'host_hiprec'],
    about: 'type of time stamp: host or host_hiprec',
    tcpdump: "the adapter's types too",
  },
  '--immediate-mode': {
    group: 'Where packets come from',
    about: 'hand on each packet as it comes',
  },
  '--max-block-size': {
    group: 'Where packets come from',
    takes: 'bytes',
    about: 'take larger blocks of savefiles (k, m, g)',
    ...OURS,
  },

  '-Q': {
    group: 'Which packets',
    long: ['direction', 'apple-md-filter'],
    takes: 'in|out|inout|filter',
    completes: 'metadata filter',
    about: 'a direction, or a metadata filter: -Q "proc = ssh"',
    more:
      'The conditions are those of the list below and every field of `--fields help`, by = != < <= > >= and ~ (a regular expression), joined by and, or, not and parentheses. ' +
      'The packet filter and the metadata filter must both match.',
    tcpdump: 'directions alone',
    apple: "Apple's conditions, by = and !=; `and` and `or` bind alike",
  },
  '-F': {
    group: 'Which packets',
    takes: 'file',
    completes: 'file',
    about: 'read the packet filter from a file',
  },
  '-c': {
    group: 'Which packets',
    takes: '[skip,]count',
    about: 'end after so many packets',
    tcpdump: 'no `skip,`',
    apple: 'the same',
  },
  '--skip': {
    group: 'Which packets',
    takes: 'count',
    about: 'leave out the first packets',
    ...NEW,
  },
  '-s': {
    group: 'Which packets',
    long: ['snapshot-length'],
    takes: 'bytes',
    about: 'bytes captured of each packet; 0 is all',
    apple: 'the default is 524,288',
  },
  '--apple-truncate': {
    group: 'Which packets',
    about: 'keep the headers of each packet alone',
    ...APPLE,
  },
  '-O': {
    group: 'Which packets',
    long: ['no-optimize'],
    about: "do without the packet filter's optimizer",
  },

  '-k': {
    group: 'Processes',
    long: ['apple-md-print'],
    takes: 'letters',
    optional: true,
    completes: 'metadata letters',
    about: 'print metadata: INPUSDCFftdcVA, ORXLTGKWH',
    more:
      'Interface, process name, process ID, UUID, service class, direction, comment, flags, flow, trace tag, link type, compression generation count, verbose; all of these; ' +
      'owner, parent, executable, command line, start, cgroup, container, network namespace, thread. Without letters INPSDCF, which the text of a tap has without -k, too. ' +
      'With -v, all of it stands in a block under the packet. With letters, files hold no more of processes than these.',
    tcpdump: NONE,
    apple: 'the letters up to A',
  },
  '--no-metadata': {
    group: 'Processes',
    about: "the text of a tap without them, as tcpdump's",
    ...OURS,
  },
  '--no-cmdline': {
    group: 'Processes',
    about: 'write files without command lines',
    ...OURS,
  },

  '-n': { group: 'Text', about: 'numbers in place of names' },
  '-N': { group: 'Text', about: 'host names without their domains' },
  '-f': { group: 'Text', about: "names for the interface's own network alone" },
  '-v': {
    group: 'Text',
    about: 'more of each packet; -vv and -vvv more still',
    more: 'With -w, the packets are counted once a second.',
  },
  '-q': { group: 'Text', about: 'less of each packet' },
  '-e': { group: 'Text', about: 'the link-layer header too' },
  '-t': {
    group: 'Text',
    takes: '0-5',
    optional: true,
    completes: ['0', '1', '2', '3', '4', '5'],
    about: 'time: -t none, -tt epoch, -ttt delta, -tttt date',
    more: '-ttttt is the time since the first packet. A number chooses at once.',
    tcpdump: 'no number',
    apple: 'the same',
  },
  '-#': {
    group: 'Text',
    long: ['number'],
    about: 'number the packets',
    apple: '-## numbers the packets that a filter leaves out, too',
  },
  '-S': {
    group: 'Text',
    long: ['absolute-tcp-sequence-numbers'],
    about: "TCP's sequence numbers as they are",
  },
  '-A': { group: 'Text', about: 'the bytes as ASCII' },
  '-x': { group: 'Text', about: 'the bytes in hexadecimal; -xx with the link layer' },
  '-X': { group: 'Text', about: 'both; -XX with the link layer' },
  '-b': { group: 'Text', about: 'AS numbers of BGP in dotted form' },
  '-a': {
    group: 'Text',
    about: 'taken, changes nothing, as in tcpdump',
    tcpdump: 'the same: no manual has it any more',
  },
  '-u': { group: 'Text', about: 'NFS handles as they are' },
  '-H': { group: 'Text', about: 'look for 802.11s draft mesh headers' },
  '-K': {
    group: 'Text',
    long: ['dont-verify-checksums'],
    about: 'do not verify checksums',
  },
  '-g': {
    group: 'Text',
    long: ['apple-oneline', 'ip-oneline'],
    about: 'one line a packet, with -v too',
    ...APPLE,
  },
  '--lengths': { group: 'Text', about: 'lengths: of the packet, and captured', ...NEW },
  '--smb': {
    group: 'Text',
    about: 'decode SMB, NetBIOS and NetBEUI',
    tcpdump: 'when it was built with --enable-smb',
  },
  '-T': {
    group: 'Text',
    takes: 'type',
    completes: 'packet type',
    about: 'take payloads for this type, whatever the ports',
    tcpdump: '4.99 has fewer types',
  },
  '-E': {
    group: 'Text',
    takes: 'algo:secret',
    about: 'decrypt ESP and IKEv2',
    more: 'The whole form is `[spi@addr ]algo:secret`; `file NAME` reads a list of them.',
  },
  '-M': { group: 'Text', takes: 'secret', about: "verify TCP's MD5 signatures" },
  '-m': {
    group: 'Text',
    takes: 'module',
    completes: 'file',
    about: 'refused: object identifiers are numbers',
    tcpdump: 'reads MIB modules where libsmi is',
  },
  '-l': { group: 'Text', about: 'hand on each line at once' },
  '--print': { group: 'Text', about: 'print packets besides writing them' },
  '--print-sampling': {
    group: 'Text',
    takes: 'nth',
    about: 'print one packet of so many, with -S',
    ...NEW,
  },
  '--apple-arp-plain': {
    group: 'Text',
    about: "taken, changes nothing: ARP has tcpdump's form",
    tcpdump: NONE,
    apple: 'ARP in a form of its own',
  },

  '--json': { group: 'Data', about: 'packets as JSON, one a line', ...OURS },
  '--csv': { group: 'Data', about: 'packets as CSV', ...OURS },
  '--tsv': { group: 'Data', about: 'packets as tab-separated values', ...OURS },
  '--fields': {
    group: 'Data',
    takes: 'names|help',
    completes: 'fields',
    about: 'the fields shown, in order; help lists them',
    ...OURS,
  },
  '--summary': {
    group: 'Data',
    takes: 'fields',
    completes: 'fields',
    about: 'packets counted by these fields',
    ...OURS,
  },
  '--interval': {
    group: 'Data',
    takes: 'seconds',
    about: 'a summary every so many seconds',
    ...OURS,
  },
  '--parquet': {
    group: 'Data',
    takes: 'file',
    completes: 'file',
    about: 'packets as Parquet, for DuckDB, pandas, ClickHouse',
    ...OURS,
  },
  '--count': { group: 'Data', about: 'with -r: the number of packets alone' },

  '-w': {
    group: 'Files',
    takes: 'file',
    completes: 'file',
    about: 'write packets; - is standard output',
    more: 'A tap writes pcapng with processes, a plain interface pcap.',
    tcpdump: 'always pcap',
    apple: 'the same',
  },
  '-P': {
    group: 'Files',
    long: ['apple-pcapng'],
    about: 'write pcapng',
    ...APPLE,
  },
  '-y': {
    group: 'Files',
    long: ['linktype'],
    takes: 'type',
    completes: 'link type',
    about: 'the link type that is written: PKTAP, RAW, EN10MB',
    tcpdump: "the interface's own types",
    apple: 'PKTAP, RAW, and the interface’s own',
  },
  '-U': {
    group: 'Files',
    long: ['packet-buffered'],
    about: 'write each packet as it comes',
  },
  '-C': {
    group: 'Files',
    takes: 'size',
    about: 'a new file after so many megabytes (k, m, g)',
    more: 'Megabytes of 1,000,000; units of 1,024.',
    tcpdump: 'units in 5.0 alone',
    apple: 'no units',
  },
  '-G': {
    group: 'Files',
    takes: 'seconds',
    about: 'a new file every so often; names by strftime(3)',
  },
  '-W': { group: 'Files', takes: 'count', about: 'so many files at most' },
  '-z': {
    group: 'Files',
    takes: 'command',
    completes: 'command',
    about: 'run it for every file that is closed',
    tcpdump: 'not for the last file',
  },
  '--comment': {
    group: 'Files',
    takes: 'text',
    about: 'a comment on the file',
    ...OURS,
  },
  '--comments': {
    group: 'Files',
    takes: 'all|first|none',
    completes: ['all', 'first', 'none'],
    about: 'comments that name the process, for Wireshark',
    more: 'Which packets of a pcapng file have a comment as `curl:4711, /usr/bin/curl, out`: all, the first of each flow of a process (the default), or none.',
    ...OURS,
  },
  '--dialect': {
    group: 'Files',
    takes: 'apple|wireshark',
    completes: ['apple', 'wireshark'],
    about: 'how pcapng files have processes',
    more: "`apple` (the default): Apple's blocks, which every program reads or passes over. `wireshark`: the entries of Wireshark 5.1 too, of which earlier ones show each as a packet.",
    ...OURS,
  },
  '--nano': { group: 'Files', about: 'times in nanoseconds' },
  '--micro': { group: 'Files', about: 'times in microseconds' },
  '--time-stamp-precision': {
    group: 'Files',
    takes: 'precision',
    completes: ['micro', 'nano'],
    about: 'micro or nano',
  },
  '--apple-pktapv2': {
    group: 'Files',
    about: 'taken, changes nothing: both versions are read',
    tcpdump: NONE,
    apple: 'PKTAP headers of version 2',
  },

  '-Z': {
    group: 'The run',
    long: ['relinquish-privileges'],
    takes: 'user',
    completes: 'user',
    about: 'give up root for this user',
    more: 'Once the capture is open. The thread that captures keeps the capabilities it needs.',
  },
  '--keep-root': {
    group: 'The run',
    about: 'stay root, also when run by sudo',
    more:
      'Without it and without -Z, root is given up for the user behind sudo once all is open: the thread that captures keeps the capabilities it needs. Where that user may not ' +
      'write the files to come, or not read this program, root is kept, and a line says so.',
    ...OURS,
  },
  '--no-sandbox': {
    group: 'The run',
    about: 'keep what a run does not need: programs, files, sockets',
    more: 'Once all is open, seccomp and Landlock refuse the process what it does not need any more; `-v` says what is in force.',
    ...OURS,
  },
  '--tls-keys': {
    group: 'The run',
    about: 'with -w and a command: keep its TLS keys in the file',
    more: 'The command and its children are asked to log the keys of their TLS connections (OpenSSL, GnuTLS, NSS, Node.js, Python). The file holds them, and so Wireshark shows what was encrypted.',
    ...OURS,
  },
  '--extcap': {
    group: 'The run',
    about: 'capture as Wireshark asks: to -w - alone',
    more: 'What Wireshark runs (`--install-extcap`). Standard error has errors alone, and options that read or write other files, or run commands, are refused: a rule of sudo for `pktap --extcap *` gives no more than captures.',
    ...OURS,
  },
  '--extcap-parent': {
    group: 'The run',
    takes: 'pid',
    about: 'the Wireshark that the capture ends with',
    ...OURS,
  },
  '--extcap-control-in': {
    group: 'The run',
    takes: 'fifo',
    completes: 'file',
    about: "messages of Wireshark's toolbar",
    ...OURS,
  },
  '--extcap-control-out': {
    group: 'The run',
    takes: 'fifo',
    completes: 'file',
    about: "messages to Wireshark's toolbar",
    ...OURS,
  },
  '--install-extcap': {
    group: 'The run',
    takes: 'user|system',
    optional: true,
    completes: ['user', 'system'],
    about: "put pktap into Wireshark's list of interfaces",
    more: 'With a configuration profile `pktap`: columns of process, colours, filter buttons. For the user, or as root for the system.',
    ...OURS,
  },
  '--uninstall-extcap': {
    group: 'The run',
    takes: 'user|system',
    optional: true,
    completes: ['user', 'system'],
    about: 'take it out again',
    ...OURS,
  },

  '-D': {
    group: 'Questions',
    long: ['list-interfaces'],
    about: 'list the interfaces',
  },
  '-L': {
    group: 'Questions',
    long: ['list-data-link-types'],
    about: "list an interface's link types",
  },
  '-J': {
    group: 'Questions',
    long: ['list-time-stamp-types'],
    about: "list an interface's types of time stamps",
  },
  '-d': {
    group: 'Questions',
    about: "print the packet filter's program (-dd: C)",
  },
  '-h': { group: 'Questions', long: ['help'], about: 'this text' },
  '--version': { group: 'Questions', about: 'the version' },
} as const satisfies { readonly [name: `-${string}`]: OptionEntry };

export type OptionName = keyof typeof OPTIONS;

/** The table's entries, by name. */
export const ENTRIES = Object.entries(OPTIONS) as [OptionName, OptionEntry][];

/** The entry of an option. */
export function entryOf(name: OptionName): OptionEntry {
  return OPTIONS[name];
}

/** @returns an option's letter, '' without one, and its long names */
export function namesOf(name: string, entry: Pick<Told, 'long'>): { short: string; long: readonly string[] } {
  const isLong = name.startsWith('--');
  return { short: isLong ? '' : name.slice(1), long: isLong ? [name.slice(2)] : (entry.long ?? []) };
}

/** Options of tcpdump that pktap does not take, and why. Source: tcpdump(1), 4.99 and 5.0. */
export const NOT_TAKEN: { readonly [name: string]: string } = {
  '--fp-type': "tells of tcpdump's build",
  '--time-t-size': "tells of tcpdump's build (5.0)",
};
