// What a run has to say, in the command's words: tcpdump's where it has any.

import { LinkType, linkTypeDescription, linkTypeName } from '../packet/index.js';
import type { Notice } from '../run/index.js';

/** A number of things. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Link type as messages show it. */
export function describeLinkType(linkType: number): string {
  const name = linkTypeName(linkType);
  return name === null ? String(linkType) : `${name} (${linkTypeDescription(linkType)})`;
}

/** What the name of the file to write promises that the file is not. */
function falsePromise({ path, promises, copy }: Extract<Notice, { kind: 'file-name' }>): string {
  if (promises === 'compression')
    return `pktap: ${path} is not compressed; -z gzip compresses files when they are closed`;
  if (promises === 'pcapng') return `pktap: ${path} is pcap; -P writes pcapng`;
  return copy
    ? `pktap: ${path} is pcapng, for all that is copied; -y EN10MB or another link type writes pcap`
    : `pktap: ${path} is pcapng, for the processes; -y RAW or -y PKTAP writes pcap`;
}

/** What -y left out of the file. */
function leftOut({ path, packets, linkType }: Extract<Notice, { kind: 'left-out' }>): string {
  const what = linkType === LinkType.RAW ? 'IP' : (linkTypeName(linkType) ?? `link type ${linkType}`);
  return `pktap: ${plural(packets, 'packet')} left out of ${path}: not ${what}`;
}

/** @returns the line for standard error */
export function lineOf(notice: Notice): string {
  switch (notice.kind) {
    case 'reading': {
      const { path, linkType, snapshotLength } = notice;
      return `reading from file ${path}, link-type ${describeLinkType(linkType)}, snapshot length ${snapshotLength}`;
    }
    case 'interface-names':
      return 'Warning: interface names might be incorrect';
    case 'broken-file':
    case 'failed':
      return `pktap: ${notice.error.message}`;
    case 'no-match': {
      const name = linkTypeName(notice.linkType) ?? `link type ${notice.linkType}`;
      return `pktap: ${name} packets do not match: ${notice.reason}`;
    }
    case 'file-name':
      return falsePromise(notice);
    case 'file-letters': {
      const { path, letters } = notice;
      return `pktap: of processes ${path} holds what -k ${letters} asks for; with V among the letters, everything`;
    }
    case 'file-limit':
      return `Maximum file limit reached: ${notice.files}`;
    case 'left-out':
      return leftOut(notice);
    case 'warning':
      return `pktap: ${notice.message}`;
    case 'print-warning':
      return `pktap: WARNING: ${notice.message}`;
  }
}
