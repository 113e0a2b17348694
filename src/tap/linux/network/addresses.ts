// Our own addresses in each namespace that is captured in, kept in the map `addresses` for the packet hooks: where nothing is
// routed, they tell what is for us from what is only bridged through. Source: linux/if_addr.h, rtnetlink(7).

import { attributes, deleteFromMap, type NetlinkMessage, NLM_F, updateMap } from '../../../system/index.js';
import { ADDRESS } from '../ebpf/layouts.js';
import type { Loader } from '../ebpf/loader.js';
import type { NetworkNamespace } from './namespaces.js';

const RTM_NEWADDR = 20;
const RTM_DELADDR = 21;
const RTM_GETADDR = 22;
const IFA = { ADDRESS: 1, LOCAL: 2 } as const;
const PRESENT = new Uint8Array(4);

/** @returns the address that a message tells of as the map's key in latin1, or null for other messages */
export function addressKey(namespace: number, message: NetlinkMessage): string | null {
  if ((message.type !== RTM_NEWADDR && message.type !== RTM_DELADDR) || message.body.length < 8) return null;
  const found = attributes(message.body, 8);
  const address = found.get(IFA.LOCAL) ?? found.get(IFA.ADDRESS);
  if (address === undefined || (address.length !== 4 && address.length !== 16)) return null;
  const key = Buffer.alloc(ADDRESS.SIZE);
  address.copy(key, ADDRESS.WORDS);
  key.writeUInt32LE(namespace, ADDRESS.NETNS);
  key.writeUInt32LE(message.body[0]!, ADDRESS.FAMILY);
  return key.toString('latin1');
}

export class Addresses {
  private readonly map: number;
  /** What the map holds, by the namespace's number. */
  private readonly held: Set<string>[] = [];

  constructor(loader: Loader, namespaces: readonly NetworkNamespace[]) {
    this.map = loader.map('addresses');
    for (const namespace of namespaces) this.readAll(namespace);
  }

  /** Addresses came or went. One that went may be another interface's too, so all are read anew. */
  follow(namespace: NetworkNamespace, messages: readonly NetlinkMessage[] | null): void {
    if (messages === null || messages.some((message) => message.type === RTM_DELADDR)) {
      this.readAll(namespace);
      return;
    }
    for (const message of messages) {
      const key = addressKey(namespace.number, message);
      if (key !== null) this.add(namespace, key);
    }
  }

  private add(namespace: NetworkNamespace, key: string): void {
    const held = this.heldIn(namespace);
    if (held.has(key)) return;
    held.add(key);
    updateMap(this.map, Buffer.from(key, 'latin1'), PRESENT, 0);
  }

  private heldIn(namespace: NetworkNamespace): Set<string> {
    this.held[namespace.number] ??= new Set();
    return this.held[namespace.number]!;
  }

  private readAll(namespace: NetworkNamespace): void {
    const now = new Set<string>();
    for (const message of namespace.netlink.request(
      RTM_GETADDR,
      NLM_F.DUMP,
      Buffer.alloc(8),
      'cannot list the addresses',
    )) {
      const key = addressKey(namespace.number, message);
      if (key !== null) now.add(key);
    }
    const held = this.heldIn(namespace);
    for (const key of held) {
      if (now.has(key)) continue;
      held.delete(key);
      deleteFromMap(this.map, Buffer.from(key, 'latin1'));
    }
    for (const key of now) this.add(namespace, key);
  }
}
