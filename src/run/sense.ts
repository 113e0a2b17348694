// Whether the packet filter makes sense for what is read. For a link type that it makes no sense for tcpdump has an error. Files
// of pktap's may have several: a filter is an error when it makes sense for none of them; where it makes sense for some, the
// packets of the others do not match, which is said.

import { statSync } from 'node:fs';
import type { Expressions } from '../filter/index.js';
import { LinkType } from '../packet/index.js';
import { type Savefile, SavefileError } from '../savefile/index.js';
import type { Notice } from './notices.js';

/** Link types whose packets have others inside. */
const PKTAP: readonly number[] = [LinkType.PKTAP, LinkType.USER2];

/** Says once of each link type that the filter makes no sense for it. @param then what else is done */
export function saySenseless(
  expressions: Expressions,
  say: (notice: Notice) => void,
  then: () => void = () => {},
): void {
  expressions.onSenseless = (linkType, { message }) => {
    say({ kind: 'no-match', linkType, reason: message });
    then();
  };
}

/**
 * Compiles the packet filter for what is known of the files, before the first packet is handed on.
 * @param sources the files that are open
 * @throws Error with tcpdump's message where it surely makes sense for none of their packets
 */
export async function checkSense(expressions: Expressions, sources: readonly Savefile[]): Promise<void> {
  let failure: Error | null = null;
  for (const { linkType, bigEndian } of sources) {
    const error = expressions.attempt(linkType, bigEndian);
    if (error === null) return;
    failure ??= error;
  }
  if (failure === null) return;
  if (sources.every(hasOneLinkType)) throw failure;
  expressions.check();
  for (const source of sources) {
    if (!hasOneLinkType(source) && (await makesSenseFurtherOn(expressions, source.path))) return;
  }
  throw failure;
}

function hasOneLinkType({ format, linkType }: Savefile): boolean {
  return format === 'pcap' && !PKTAP.includes(linkType);
}

/** Looks through a file for packets that the filter makes sense for; of one that cannot be read twice it is known later. */
async function makesSenseFurtherOn(expressions: Expressions, path: string): Promise<boolean> {
  if (path === '-' || statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return true;
  const { openSavefile } = await import('../savefile/index.js');
  let found = false;
  try {
    const source = await openSavefile(path, { bytesOnly: true });
    const tried = new Set<number>();
    try {
      await source.run(({ linkType, bigEndian }) => {
        const key = 2 * linkType + Number(bigEndian);
        if (!tried.has(key)) found ||= expressions.attempt(linkType, bigEndian) === null;
        tried.add(key);
        return !found;
      });
    } finally {
      source.close();
    }
  } catch (error) {
    // It breaks off: whoever reads it says so.
    if (!(error instanceof SavefileError)) throw error;
    return true;
  }
  return found;
}
