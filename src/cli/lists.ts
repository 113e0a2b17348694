// -D, -L and -J.

import { LinkType, linkTypeDescription, linkTypeName, linkTypesOf, visible } from '../packet/index.js';
import { type InterfaceListing, listInterfaces } from '../tap/index.js';
import { say } from './messages.js';
import { ArgumentError, type Arguments } from './parsed.js';

/** Flags of an interface as tcpdump -D words them. */
function flags(face: InterfaceListing): string {
  const words: string[] = [];
  if (face.up) words.push('Up');
  if (face.running) words.push('Running');
  if (face.loopback) words.push('Loopback');
  if (face.wireless) words.push('Wireless');
  if (face.connected !== null && face.up) words.push(face.connected ? 'Connected' : 'Disconnected');
  return words.length === 0 ? '[none]' : `[${words.join(', ')}]`;
}

/**
 * Takes numbers as -D prints them for the interfaces they stand for, unless an interface is called so.
 * @throws ArgumentError for a number that -D does not print
 */
export function numbered(names: readonly string[], listing: readonly InterfaceListing[]): string[] {
  return names.map((name) => {
    if (!/^\d+$/.test(name) || listing.some((face) => face.name === name)) return name;
    const face = listing[Number(name) - 1];
    if (face === undefined)
      throw new ArgumentError(`Invalid adapter index ${name}: -D lists 1 to ${listing.length}`);
    return face.name;
  });
}

/** @returns the exit status */
export async function list(parsed: Arguments): Promise<number> {
  if (parsed.action === 'list-time-stamp-types') {
    say(
      `Time stamp types for ${visible(parsed.interfaces.join(', ') || 'pktap')} (use option -j to set):\n  host (Host)\n  host_hiprec (Host, high precision)\n`,
    );
    return 0;
  }
  const interfaces = await listInterfaces();
  if (parsed.action === 'list-interfaces') {
    interfaces.forEach((face, i) => {
      const description = face.description === null ? '' : ` (${visible(face.description)})`;
      say(`${i + 1}.${visible(face.name)}${description} ${flags(face)}\n`);
    });
    return 0;
  }
  const [name = 'pktap'] = numbered(parsed.interfaces, interfaces);
  if (parsed.interfaces.length > 1) throw new ArgumentError('-L takes one interface');
  const first = name.split(',')[0]!;
  const face = interfaces.find((one) => one.name === name) ?? interfaces.find((one) => one.name === first);
  if (face === undefined && name !== 'all' && first !== 'iptap')
    throw new Error(`${name}: No such device exists`);
  say(`Data link types for ${visible(name)} (use option -y to set):\n`);
  for (const linkType of linkTypesOf(face?.linkType ?? LinkType.PKTAP))
    say(`  ${linkTypeName(linkType)} (${linkTypeDescription(linkType)})\n`);
  return 0;
}
