// An interface's IPv4 netmask, which `ip broadcast` asks for. Source: linux/if_addr.h, rtnetlink(7).

import { Netlink, NLM_F } from '../../../system/index.js';
import { listDevices } from './devices.js';

const RTM_GETADDR = 22;
const AF_INET = 2;
const SECONDARY = 0x01;
/** struct ifaddrmsg */
const Message = { FAMILY: 0, PREFIX: 1, FLAGS: 2, INDEX: 4, SIZE: 8 } as const;

/** Netmask of every interface's first IPv4 address, host order, by the interface's index; those without one are not there. */
export function netmasks(netlink: Netlink): Map<number, number> {
  const messages = netlink.request(
    RTM_GETADDR,
    NLM_F.DUMP,
    Buffer.alloc(Message.SIZE),
    'cannot list the addresses',
  );
  const found = new Map<number, number>();
  for (const { body } of messages) {
    if (body.length < Message.SIZE || body[Message.FAMILY] !== AF_INET) continue;
    const index = body.readUInt32LE(Message.INDEX);
    if (found.has(index) || (body[Message.FLAGS]! & SECONDARY) !== 0) continue;
    const prefix = Math.min(body[Message.PREFIX]!, 32);
    found.set(index, prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) >>> 0);
  }
  return found;
}

/** @returns the netmask of an interface of this namespace by its name, null where it has none */
export async function interfaceNetmask(name: string): Promise<number | null> {
  const netlink = new Netlink(0);
  try {
    const device = listDevices(netlink).find((one) => one.name === name);
    return device === undefined ? null : (netmasks(netlink).get(device.index) ?? null);
  } finally {
    netlink.close();
  }
}
