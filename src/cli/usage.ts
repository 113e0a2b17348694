// --version and --help: nothing is loaded for them but this.

import { readFileSync } from 'node:fs';
import { packageFile } from '../packagefolder.js';

/** The package's version. */
export function version(): string {
  const { version } = JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { version: string };
  return `pktap version ${version}\n`;
}

/** Usage as tcpdump gives it, with what is pktap's own. */
export function usage(): string {
  return `${version()}Usage: pktap [-AbdDefghHJKlLnNOpPqStuUvxX#] [ -B size ] [ -c [skip,]count ]
		[ -C file_size ] [ --comment text ] [ --comments all|first|none ] [ --count ]
		[ --csv|--json|--tsv ] [ --dialect apple|wireshark ] [ -E algo:secret ]
		[ -F file ] [ --fields names|help ] [ -G seconds ] [ -i interface ] [ --immediate-mode ]
		[ --interval seconds ]
		[ -j tstamptype ] [ -k [metadata] ] [ --lengths ] [ -M secret ]
		[ --max-block-size bytes ] [ --micro ] [ --nano ] [ --netns path|pid ]
		[ --no-cmdline ] [ --no-metadata ] [ --number ] [ --parquet file ] [ --print ]
		[ --print-sampling nth ]
		[ -Q in|out|inout|metadata-filter ]
		[ -r file ] [ -s snaplen ] [ --skip count ] [ --smb ] [ --sort ] [ --summary fields ] [ -t [0-5] ]
		[ -T type ] [ --time-stamp-precision precision ] [ --version ]
		[ -V file ] [ -w file ] [ -W filecount ] [ -y datalinktype ]
		[ -z postrotate-command ] [ -Z user ] [ expression ] [ -- command ]
	-i pktap            the tap: every ordinary interface, with processes (the default)
	-i pktap,NAME,...   the tap on these; a name without a digit at its end is a prefix
	-i pktap,all        the tap on every interface, loopback and tunnels too
	-i droptap          packets that the kernel drops, with its reason
	-i NAME             a plain interface, as tcpdump; with -k, -Q or -P a tap on it
	                    several -i are one capture
	-k [INPUSDCFftdcVAORXLTGKWH]
	                    print metadata: interface, name, pid, UUID, service class, direction,
	                    comment, flags, flow, trace tag, link type, generation, verbose, all;
	                    owner, parent, executable, command line, start, cgroup, container,
	                    network namespace, thread; with -v all of it in a block under the packet
	                    without letters INPSDCF, which a tap's text has without -k, too;
	                    with letters, files hold no more of processes than these
	--no-metadata       a tap's text without them
	--no-cmdline        files without command lines
	--comments WHICH    packets whose comments in files say whose they are, for Wireshark: all, the
	                    first of each flow (the default), none
	--dialect wireshark files with Wireshark 5.1's process entries too: earlier ones show them as rows
	--smb               decode SMB, NetBIOS and NetBEUI, as a tcpdump built with --enable-smb
	-Q "proc =ssh"      metadata filter: if proc pid svc dir eproc epid dlt flowid, = !=, and or not
	                    uid user ppid tree exe cmd container pod netns thread flags unit cgroup
	                    reason, ~ for a regular expression; and every field of --fields help, by
	                    = != < <= > >= ~
	--json --csv --tsv  packets as data, one a line; --fields NAME,... chooses what
	--fields help       all fields, with their types and units
	--summary NAME,...  packets counted by these fields, at the end, or every --interval seconds;
	                    a table, or --json --csv --tsv
	--parquet FILE      packets as Parquet, for DuckDB, pandas, ClickHouse; -C -G -W -z as for -w
	-- command          start it, capture it and its children, end with it and its status
`;
}
