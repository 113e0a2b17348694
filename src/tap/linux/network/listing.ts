// Interfaces as -D lists them.

import { existsSync } from 'node:fs';
import { LinkType } from '../../../packet/index.js';
import { Netlink } from '../../../system/index.js';
import type { InterfaceListing } from '../../tap.js';
import { linkTypeOf, listLinks } from './devices.js';

const TAP: Pick<
  InterfaceListing,
  'up' | 'running' | 'loopback' | 'wireless' | 'connected' | 'linkType' | 'virtual'
> = {
  up: true,
  running: true,
  loopback: false,
  wireless: false,
  connected: null,
  linkType: LinkType.PKTAP,
  virtual: true,
};

/** The tap first, then the interfaces as libpcap orders them: up and running ones before others, loopback last. */
export async function listInterfaces(): Promise<InterfaceListing[]> {
  const netlink = new Netlink(0);
  let links: ReturnType<typeof listLinks>;
  try {
    links = listLinks(netlink);
  } finally {
    netlink.close();
  }
  const weight = (link: { up: boolean; running: boolean; loopback: boolean }): number =>
    (link.up && link.running ? 0 : link.up ? 2 : 4) + (link.loopback ? 1 : 0);
  const devices = links
    .sort((a, b) => weight(a) - weight(b) || a.index - b.index)
    .map((link) => ({
      name: link.name,
      description: link.alias,
      up: link.up,
      running: link.running,
      loopback: link.loopback,
      wireless: existsSync(`/sys/class/net/${link.name}/wireless`),
      connected: link.loopback ? null : link.up && link.running,
      linkType: linkTypeOf(link),
      virtual: false,
    }));
  return [
    { ...TAP, name: 'pktap', description: 'Packets of every ordinary interface, with their processes' },
    { ...TAP, name: 'any', description: 'Packets of every interface, with their processes' },
    { ...TAP, name: 'droptap', description: 'Packets that the kernel drops, with the reason and the place' },
    ...devices,
  ];
}
