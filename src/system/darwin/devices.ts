// The interfaces of a Mac, as libpcap lists them with their addresses. Source: pcap_findalldevs(3PCAP); XNU bsd/net/if_dl.h.

import { koffi } from '../koffi.js';
import { call, ERROR_SIZE, textOf } from './applepcap.js';
import { AddressFamily, PcapAddress, PcapIf, SockaddrDl, SockaddrIn } from './layouts.js';

/** An interface as libpcap lists it. */
export interface DarwinDevice {
  readonly name: string;
  readonly description: string | null;
  readonly up: boolean;
  readonly running: boolean;
  readonly loopback: boolean;
  readonly wireless: boolean;
  /** null: the question makes no sense, or nobody knows. */
  readonly connected: boolean | null;
  readonly index: number;
  /** IFT_ number, 0 unknown. */
  readonly type: number;
  readonly mac: Uint8Array | null;
  /** Of the first IPv4 address, host order; null: it has none. */
  readonly netmask: number | null;
}

/** Source: PCAP_IF_ of pcap.h. */
const Flag = { LOOPBACK: 1, UP: 2, RUNNING: 4, WIRELESS: 8, CONNECTION: 0x30 } as const;
const Connection = { CONNECTED: 0x10, DISCONNECTED: 0x20 } as const;

/** @throws Error when libpcap cannot list them */
export function listDarwinDevices(): DarwinDevice[] {
  const list = new Uint8Array(new ArrayBuffer(8));
  const error = new Uint8Array(new ArrayBuffer(ERROR_SIZE));
  if (call<number>('pcap_findalldevs', list, error) !== 0)
    throw new Error(`cannot list the interfaces: ${textOf(error)}`);
  const first = new DataView(list.buffer).getBigUint64(0, true);
  const devices: DarwinDevice[] = [];
  try {
    for (let at = first; at !== 0n; ) {
      const view = memory(at, PcapIf.SIZE);
      devices.push(deviceOf(view));
      at = view.getBigUint64(PcapIf.NEXT, true);
    }
  } finally {
    if (first !== 0n) call('pcap_freealldevs', first);
  }
  return devices;
}

/** A copy of memory of libpcap's. */
function memory(address: bigint, length: number): DataView {
  return new DataView((koffi().view as (p: unknown, n: number) => ArrayBuffer)(address, length).slice(0));
}

function textAt(address: bigint): string | null {
  return address === 0n ? null : (koffi().decode(address, 'char', -1) as string);
}

function deviceOf(view: DataView): DarwinDevice {
  const flags = view.getUint32(PcapIf.FLAGS, true);
  const connection = flags & Flag.CONNECTION;
  let link = { index: 0, type: 0, mac: null as Uint8Array | null };
  let netmask: number | null = null;
  for (let at = view.getBigUint64(PcapIf.ADDRESSES, true); at !== 0n; ) {
    const entry = memory(at, PcapAddress.SIZE);
    const address = entry.getBigUint64(PcapAddress.ADDRESS, true);
    const mask = entry.getBigUint64(PcapAddress.NETMASK, true);
    const family = address === 0n ? -1 : memory(address, 2).getUint8(SockaddrDl.FAMILY);
    if (family === AddressFamily.LINK) link = linkOf(address);
    else if (family === AddressFamily.INET && mask !== 0n) netmask ??= netmaskAt(mask);
    at = entry.getBigUint64(PcapAddress.NEXT, true);
  }
  return {
    name: textAt(view.getBigUint64(PcapIf.NAME, true)) ?? '',
    description: textAt(view.getBigUint64(PcapIf.DESCRIPTION, true)),
    up: (flags & Flag.UP) !== 0,
    running: (flags & Flag.RUNNING) !== 0,
    loopback: (flags & Flag.LOOPBACK) !== 0,
    wireless: (flags & Flag.WIRELESS) !== 0,
    connected:
      connection === Connection.CONNECTED ? true : connection === Connection.DISCONNECTED ? false : null,
    ...link,
    netmask,
  };
}

/** A netmask, host order: the kernel leaves out the zeros at the end of its structure. */
function netmaskAt(address: bigint): number {
  const length = memory(address, 1).getUint8(SockaddrDl.LENGTH);
  let mask = 0;
  if (length > SockaddrIn.ADDRESS) {
    const view = memory(address, length);
    for (let i = 0; i < 4; i++)
      mask = mask * 256 + (SockaddrIn.ADDRESS + i < length ? view.getUint8(SockaddrIn.ADDRESS + i) : 0);
  }
  return mask;
}

/** What a struct sockaddr_dl says, which is as long as its first byte has it. */
function linkOf(address: bigint): { index: number; type: number; mac: Uint8Array | null } {
  const length = memory(address, 1).getUint8(SockaddrDl.LENGTH);
  if (length < SockaddrDl.DATA) return { index: 0, type: 0, mac: null };
  const view = memory(address, length);
  const at = SockaddrDl.DATA + view.getUint8(SockaddrDl.NAME_LENGTH);
  const has = view.getUint8(SockaddrDl.ADDRESS_LENGTH) === 6 && at + 6 <= length;
  return {
    index: view.getUint16(SockaddrDl.INDEX, true),
    type: view.getUint8(SockaddrDl.TYPE),
    mac: has ? new Uint8Array(view.buffer.slice(at, at + 6)) : null,
  };
}
