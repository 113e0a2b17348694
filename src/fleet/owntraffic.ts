// What a fleet sends by itself. Were it captured, each batch would make packets for the next one: more and more of them, for nothing.

import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { serversOf } from './servers.js';

/** Addresses of a server. One that has no name now is not found later either, until the agent is started anew. */
async function addressesOf(host: string): Promise<string[]> {
  const bare = host.replace(/^\[|\]$/g, '');
  if (isIP(bare) !== 0) return [bare];
  try {
    return (await lookup(bare, { all: true })).map(({ address }) => address);
  } catch {
    return [];
  }
}

function isOurs(address: string): boolean {
  if (/^127\.|^::1$/.test(address)) return true;
  return Object.values(networkInterfaces()).some((all) => all?.some((one) => one.address === address));
}

/**
 * Packet filters of the connections to a fleet's servers: each other program's to the same server too. Where the server is on this
 * machine, operators may reach it by any address of it.
 * @param url one, or several with commas
 */
export async function ownTraffic(url: string): Promise<string[]> {
  const filters = new Set<string>();
  for (const { host, port } of serversOf(url).servers)
    for (const address of await addressesOf(host))
      filters.add(isOurs(address) ? `(tcp port ${port})` : `(host ${address} and tcp port ${port})`);
  return [...filters];
}
