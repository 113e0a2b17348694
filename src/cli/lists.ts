// -D, -L and -J.

import { linkTypeDescription, linkTypeName } from '../packet/index.js';
import { type InterfaceListing, listInterfaces } from '../tap/index.js';
import type { Arguments } from './arguments.js';
import { say } from './messages.js';

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

/** @returns the exit status */
export async function list(parsed: Arguments): Promise<number> {
  if (parsed.action === 'list-time-stamp-types') {
    say(
      `Time stamp types for ${parsed.interface ?? 'pktap'} (use option -j to set):\n  host (Host)\n  host_hiprec (Host, high precision)\n`,
    );
    return 0;
  }
  const interfaces = await listInterfaces();
  if (parsed.action === 'list-interfaces') {
    interfaces.forEach((face, i) => {
      const description = face.description === null ? '' : ` (${face.description})`;
      say(`${i + 1}.${face.name}${description} ${flags(face)}\n`);
    });
    return 0;
  }
  const name = parsed.interface ?? 'pktap';
  const first = name.split(',')[0]!;
  const face = interfaces.find((one) => one.name === name) ?? interfaces.find((one) => one.name === first);
  if (face === undefined && name !== 'all') throw new Error(`${name}: No such device exists`);
  const linkType = face?.linkType ?? 258;
  say(
    `Data link types for ${name} (use option -y to set):\n  ${linkTypeName(linkType)} (${linkTypeDescription(linkType)})\n`,
  );
  if (linkType === 258) say('  RAW (Raw IP)\n');
  return 0;
}
