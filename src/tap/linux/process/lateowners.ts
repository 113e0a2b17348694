// Owners of first packets of connections, and of conversations by datagrams, that nobody was known for when they came in: a published port,
// a transparent proxy, a macvlan's. The answer tells, and what it told lies in the kernel's map of what is remembered. kernel/passing.c puts it there.

import { Headers } from '../../../decode/index.js';
import type { Packet } from '../../../packet/index.js';
import { lookupMap } from '../../../system/index.js';
import { CONVERSATION as Key } from '../ebpf/layouts.js';
import { Owner } from '../ebpf/record.js';

/** `ifindex` of what is remembered by the addresses with which it travels. */
const TRAVELS = 0xffffffff;
const AF_INET = 2;
const AF_INET6 = 10;

/** Asks the kernel's map; nothing is allocated for a packet. */
export class LateOwners {
  private readonly headers = new Headers();
  private readonly key = new Uint8Array(new ArrayBuffer(Key.SIZE));
  private readonly view = new DataView(this.key.buffer);
  private readonly owner = new Uint32Array(Owner.SIZE / 4);
  private readonly value = new Uint8Array(this.owner.buffer);

  /** @param map descriptor of `remembered` */
  constructor(private readonly map: number) {}

  /**
   * The owner of who gets a packet.
   * @param netns number of the namespace captured in
   * @returns an owner's record, valid until the next call; null: nobody is known
   */
  find(packet: Packet, netns: number): Uint32Array | null {
    const headers = this.headers;
    const key = this.key;
    const view = this.view;
    headers.read(packet);
    const { buffer, version, source, destination, sourcePort, destinationPort } = headers;
    if (version === 0 || sourcePort < 0) return null;
    const length = version === 4 ? 4 : 16;
    key.fill(0);
    for (let i = 0; i < length; i++) {
      key[Key.LOCAL + i] = buffer[destination + i]!;
      key[Key.REMOTE + i] = buffer[source + i]!;
    }
    view.setUint16(Key.LOCAL_PORT, destinationPort);
    view.setUint16(Key.REMOTE_PORT, sourcePort);
    view.setUint16(Key.PROTOCOL, headers.protocol, true);
    view.setUint16(Key.FAMILY, version === 4 ? AF_INET : AF_INET6, true);
    view.setUint32(Key.NETNS, netns, true);
    view.setUint32(Key.IFINDEX, TRAVELS, true);
    return lookupMap(this.map, key, this.value) && this.owner[0] !== 0 ? this.owner : null;
  }
}
