// The interfaces of a Mac as -D lists them, and what is known of one by its name.

import { LinkType } from '../../packet/index.js';
import { type DarwinDevice, listDarwinDevices } from '../../system/darwin/index.js';
import type { InterfaceListing } from '../tap.js';

/** IFT_ numbers and the link types that their interfaces have. Source: XNU bsd/net/if_types.h; bpfattach in its drivers. */
const LINK_TYPES: ReadonlyMap<number, number> = new Map([
  [0x01, LinkType.NULL], // utun, ipsec
  [0x06, LinkType.ETHERNET],
  [0x17, 9], // PPP
  [0x18, LinkType.NULL], // loopback
  [0x37, LinkType.NULL], // gif
  [0x39, LinkType.NULL], // stf
  [0x47, LinkType.ETHERNET], // IEEE 802.11
  [0x87, LinkType.ETHERNET], // VLAN
  [0x88, LinkType.ETHERNET], // bond
  [0x90, 138], // IP over IEEE 1394
  [0xd1, LinkType.ETHERNET], // bridge
  [0xfe, LinkType.PKTAP],
  [0xff, LinkType.RAW], // cellular
]);

const TAP: Omit<InterfaceListing, 'name' | 'description'> = {
  up: true,
  running: true,
  loopback: false,
  wireless: false,
  connected: null,
  linkType: LinkType.PKTAP,
  virtual: true,
};

/** The tap first, then the interfaces as libpcap orders them. */
export async function listInterfaces(): Promise<InterfaceListing[]> {
  return [
    { ...TAP, name: 'pktap', description: 'Packets of every ordinary interface, with their processes' },
    { ...TAP, name: 'any', description: 'Packets of every interface, with their processes' },
    ...listDarwinDevices().map((device) => ({
      name: device.name,
      description: device.description,
      up: device.up,
      running: device.running,
      loopback: device.loopback,
      wireless: device.wireless,
      connected: device.connected,
      linkType: LINK_TYPES.get(device.type) ?? LinkType.ETHERNET,
      virtual: false,
    })),
  ];
}

/** @returns an interface's IPv4 netmask, host order; null where it has no IPv4 address */
export async function interfaceNetmask(name: string): Promise<number | null> {
  return listDarwinDevices().find((device) => device.name === name)?.netmask ?? null;
}

/** Those that are there, by their names, as they are now. */
export class Devices {
  private known: ReadonlyMap<string, DarwinDevice>;

  constructor() {
    this.known = this.list();
  }

  private list(): ReadonlyMap<string, DarwinDevice> {
    return new Map(listDarwinDevices().map((device) => [device.name, device]));
  }

  get names(): string[] {
    return [...this.known.keys()];
  }

  /** The first one that is up and no loopback; null: there is none. */
  get first(): DarwinDevice | null {
    return [...this.known.values()].find((device) => device.up && !device.loopback) ?? null;
  }

  /** @returns null for one that is not there; one that came later is found */
  find(name: string): DarwinDevice | null {
    if (!this.known.has(name)) this.known = this.list();
    return this.known.get(name) ?? null;
  }
}
