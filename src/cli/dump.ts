// -d, -dd, -ddd: the packet filter's program instead of packets. It is libpcap's own, as tcpdump runs it.

import { asksForNetmask, compileAsTcpdump, type DumpOrigin, dumpProgram } from '../filter/index.js';
import { LinkType } from '../packet/index.js';
import { numbered } from './lists.js';
import { say, tell } from './messages.js';
import type { Arguments } from './parsed.js';
import { expressionText, listedFiles } from './spec.js';
import { lineOf } from './words.js';

/** @returns the exit status */
export async function dump(parsed: Arguments): Promise<number> {
  const text = expressionText(parsed) ?? '';
  const { optimize } = parsed;
  let { snapshotLength } = parsed;
  let netmask = 0;
  let from: DumpOrigin = { kind: 'none', linkType: parsed.linkType ?? LinkType.ETHERNET };
  if (parsed.read !== null || parsed.readList !== null) {
    const { openSavefile } = await import('../savefile/index.js');
    const source = await openSavefile(parsed.read ?? listedFiles(parsed.readList!)[0]!);
    const { path, linkType } = source;
    tell(lineOf({ kind: 'reading', path, linkType, snapshotLength: source.snapshotLength }));
    if (linkType === LinkType.LINUX_SLL2) tell(lineOf({ kind: 'interface-names' }));
    from = { kind: 'file', linkType: source.linkType, bigEndian: source.bigEndian };
    snapshotLength = source.snapshotLength;
    source.close();
  } else if (parsed.interfaces.length > 0) {
    const { interfaceNetmask, listInterfaces } = await import('../tap/index.js');
    const listing = await listInterfaces();
    const [name] = numbered(parsed.interfaces, listing);
    const face = listing.find((one) => one.name === name && !one.virtual);
    from = { kind: 'live', linkType: parsed.linkType ?? face?.linkType ?? LinkType.ETHERNET };
    if (face !== undefined && asksForNetmask(text)) netmask = (await interfaceNetmask(face.name)) ?? 0;
  } else if (parsed.linkType === null) {
    tell('Warning: assuming Ethernet');
  }
  const { program, runs } = compileAsTcpdump(text, from, { snapshotLength, optimize, netmask });
  if (!runs)
    tell("pktap: libpcap's optimizer may take other packets for this filter: it is run as -O -d shows");
  say(dumpProgram(program, parsed.dump));
  return 0;
}
