// -d, -dd, -ddd: the packet filter's program instead of packets.

import { LinkType } from '../packet/index.js';
import type { Arguments } from './arguments.js';
import { expressionText } from './handling.js';
import { numbered } from './lists.js';
import { say, tell } from './messages.js';
import { listedFiles, tellInterfaces, tellReading } from './savefiles.js';

/** @returns the exit status */
export async function dump(parsed: Arguments): Promise<number> {
  const { compileExpression, dumpProgram } = await import('../filter/index.js');
  let linkType: number = parsed.linkType ?? LinkType.ETHERNET;
  if (parsed.read !== null || parsed.readList !== null) {
    const { openSavefile } = await import('../savefile/index.js');
    const source = await openSavefile(parsed.read ?? listedFiles(parsed.readList!)[0]!);
    tellReading(source);
    tellInterfaces(source);
    linkType = source.linkType;
    source.close();
  } else if (parsed.linkType === null && parsed.interfaces.length > 0) {
    const { listInterfaces } = await import('../tap/index.js');
    const listing = await listInterfaces();
    const [name] = numbered(parsed.interfaces, listing);
    const face = listing.find((one) => one.name === name && !one.virtual);
    linkType = face?.linkType ?? LinkType.ETHERNET;
  } else if (parsed.linkType === null) {
    tell('Warning: assuming Ethernet');
  }
  const compiled = compileExpression(expressionText(parsed) ?? '', {
    linkType,
    snapshotLength: parsed.snapshotLength,
    optimize: parsed.optimize,
  });
  say(dumpProgram(compiled.program, parsed.dump));
  return 0;
}
