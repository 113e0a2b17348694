// Interfaces as -D lists them.

import { existsSync } from 'node:fs';
import { LinkType } from '../../../packet/index.js';
import { Netlink } from '../../../system/index.js';
import type { InterfaceListing } from '../../tap.js';
import { linkTypeOf, listDevices } from './devices.js';

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
  let devices: ReturnType<typeof listDevices>;
  try {
    devices = listDevices(netlink);
  } finally {
    netlink.close();
  }
  const weight = (device: { up: boolean; running: boolean; loopback: boolean }): number =>
    (device.up && device.running ? 0 : device.up ? 2 : 4) + (device.loopback ? 1 : 0);
  const listings = devices
    .sort((a, b) => weight(a) - weight(b) || a.index - b.index)
    .map((device) => ({
      name: device.name,
      description: device.alias,
      up: device.up,
      running: device.running,
      loopback: device.loopback,
      wireless: existsSync(`/sys/class/net/${device.name}/wireless`),
      connected: device.loopback ? null : device.up && device.running,
      linkType: linkTypeOf(device),
      virtual: false,
    }));
  return [
    { ...TAP, name: 'pktap', description: 'Packets of every ordinary interface, with their processes' },
    { ...TAP, name: 'any', description: 'Packets of every interface, with their processes' },
    { ...TAP, name: 'droptap', description: 'Packets that the kernel drops, with the reason and the place' },
    ...listings,
  ];
}
