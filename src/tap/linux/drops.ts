// Dropped packets: the hook that sees them, and what its records say in words.

import { existsSync, readFileSync } from 'node:fs';
import { type Interface, LinkType, makeInterface, type Packet } from '../../packet/index.js';
import { libc, openRawTracepoint, VerifierError } from '../../system/index.js';
import type { Selection } from '../selection.js';
import type { TapOptions } from '../tap.js';
import type { Loader } from './ebpf/loader.js';
import type { ConstantValues, FieldPlace } from './ebpf/offsets.js';
import { Field, FLAG_NO_LINK_HEADER, NAME_SIZE } from './ebpf/record.js';
import type { Ring } from './ebpf/ring.js';
import { type Device, interfaceType } from './network/devices.js';
import { NamespaceNames } from './network/namespacenames.js';
import type { NetworkNamespace } from './network/namespaces.js';

/** Interfaces and namespaces remembered: containers come and go. */
const LIMIT = 4096;

/** Offsets of the kernel's fields that the hook follows. */
export const DROP_FIELDS = [
  ['skb_len', 'sk_buff', 'len'],
  ['skb_data_len', 'sk_buff', 'data_len'],
  ['skb_head', 'sk_buff', 'head'],
  ['skb_data', 'sk_buff', 'data'],
  ['skb_protocol', 'sk_buff', 'protocol'],
  ['skb_mac_header', 'sk_buff', 'mac_header'],
  ['skb_network_header', 'sk_buff', 'network_header'],
  ['skb_dev', 'sk_buff', 'dev'],
  ['skb_sk', 'sk_buff', 'sk'],
  ['skb_skb_iif', 'sk_buff', 'skb_iif'],
  ['sock_net', 'sock', '__sk_common', 'skc_net', 'net'],
  ['netdev_ifindex', 'net_device', 'ifindex'],
  ['netdev_name', 'net_device', 'name'],
  ['netdev_net', 'net_device', 'nd_net', 'net'],
] as const satisfies readonly FieldPlace[];

/** A function's address in the kernel without its highest bits, which are the same for all: a double holds it. */
type Address = number;

/** Names of the kernel's functions by address. Source: /proc/kallsyms. */
export class KernelFunctions {
  private readonly addresses: Float64Array;
  private readonly names: readonly string[];

  /** @param text as /proc/kallsyms reads: `address type name [module]` lines */
  constructor(text: string) {
    const found: [Address, string][] = [];
    for (const line of text.split('\n')) {
      // Names that begin with these are marks of the assembler's (arm64 $x and $d, riscv64 .L), not functions.
      const match = /^[0-9a-f]{3}([0-9a-f]{13}) [tTwW] (?![$]|[.]L)(\S+)/.exec(line);
      if (match !== null && match[1] !== '0000000000000')
        found.push([Number.parseInt(match[1]!, 16), match[2]!]);
    }
    found.sort((a, b) => a[0] - b[0]);
    this.addresses = Float64Array.from(found, (entry) => entry[0]);
    this.names = found.map((entry) => entry[1]);
  }

  /**
   * @param low lower 32 bits of the address
   * @param high upper 32 bits
   * @returns `function+0xoffset`, the way the kernel writes places, or ''
   */
  place(low: number, high: number): string {
    const address: Address = (high & 0xfffff) * 0x100000000 + low;
    let from = 0;
    let to = this.addresses.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (this.addresses[middle]! <= address) from = middle + 1;
      else to = middle;
    }
    if (from === 0) return '';
    // Functions end somewhere: what is a mebibyte past the last one known is none of it.
    const offset = address - this.addresses[from - 1]!;
    return offset >= 0x100000 ? '' : `${this.names[from - 1]}+0x${offset.toString(16)}`;
  }
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

/** The hook, and the words for what it reports. */
export class DropHook {
  private readonly fd: number;
  private readonly reasons: Map<number, string>;
  private readonly functions: KernelFunctions;
  private readonly places = new Map<string, string>();
  private readonly interfaces = new Map<string, Interface | null>();
  /** Namespaces by inode number, and the interfaces in them. */
  private readonly namespaces = new Map<number, NetworkNamespace>();
  private readonly devices = new Map<string, Device>();
  private readonly names = new NamespaceNames();
  /** Whether other namespaces' packets are left out. */
  private readonly onlyThese: boolean;
  private readonly selection: Selection;
  private readonly snapshotLength: number;
  private readonly host: string | null;

  /**
   * @param links interfaces of the namespaces captured in
   * @throws Error when the kernel has no such tracepoint, or refuses
   */
  constructor(
    loader: Loader,
    selection: Selection,
    devices: readonly { namespace: NetworkNamespace; device: Device }[],
    options: Pick<TapOptions, 'snapshotLength' | 'networkNamespaces' | 'host'>,
  ) {
    const { btf } = loader;
    const count = btf?.tracepointArguments('kfree_skb') ?? 0;
    const constants: ConstantValues = { drop_arguments: count };
    for (const [name, structure, ...path] of DROP_FIELDS)
      constants[name] = btf?.offset(structure, ...path) ?? -1;
    if (btf === null || count < 2 || Object.values(constants).some((offset) => offset < 0))
      throw new Error(
        existsSync('/sys/kernel')
          ? 'dropped packets cannot be seen: this kernel tells too little of itself (no BTF)'
          : 'dropped packets cannot be seen: /sys is not mounted (mount -t sysfs sysfs /sys)',
      );
    this.reasons = btf.enumeration('skb_drop_reason');
    this.functions = new KernelFunctions(readOrEmpty('/proc/kallsyms'));
    this.selection = selection;
    this.snapshotLength = options.snapshotLength;
    this.host = options.host;
    this.onlyThese = options.networkNamespaces.length > 0;
    for (const { namespace, device } of devices) this.follow(namespace, device, false);
    // Last: what is attached must be closed.
    let program: number | null;
    try {
      program = loader.tracepointHook('packet_dropped', 'kfree_skb', constants);
    } catch (error) {
      if (!(error instanceof VerifierError)) throw error;
      const why = loader.lockedDown ? 'this kernel is locked down (confidentiality)' : error.message;
      throw new Error(`dropped packets cannot be seen: ${why}`);
    }
    if (program === null)
      throw new Error('dropped packets cannot be seen: this kernel has no kfree_skb tracepoint');
    try {
      this.fd = openRawTracepoint(program, null);
    } finally {
      libc().close(program);
    }
  }

  /** An interface came or changed. */
  follow(namespace: NetworkNamespace, device: Device, gone: boolean): void {
    this.namespaces.set(namespace.inode, namespace);
    const key = `${namespace.inode} ${device.index}`;
    if (gone) this.devices.delete(key);
    else this.devices.set(key, device);
    this.interfaces.clear();
  }

  /**
   * Fills what a drop record says beyond an ordinary one: interface, bytes, reason and place.
   * @returns false when the interface is not selected
   */
  describe(ring: Ring, offset: number, packet: Packet): boolean {
    const { words, bytes } = ring;
    const at = offset >> 2;
    const bare = (words[at + Field.FLAGS / 4]! & FLAG_NO_LINK_HEADER) !== 0;
    const face = this.face(
      words[at + Field.NETNS / 4]!,
      words[at + Field.IFINDEX / 4]!,
      bytes.subarray(offset + Field.DATA, offset + Field.DATA + NAME_SIZE),
      bare,
    );
    if (face === null) return false;
    packet.interface = face;
    packet.linkType = face.linkType;
    packet.offset = offset + Field.DATA + NAME_SIZE;
    const metadata = packet.metadata!;
    metadata.dropReason = words[at + Field.DROP_REASON / 4]!;
    metadata.dropReasonName = this.reason(metadata.dropReason);
    metadata.dropFunction = this.place(
      words[at + Field.DROP_PLACE / 4]!,
      words[at + Field.DROP_PLACE / 4 + 1]!,
    );
    metadata.dropLine = 0;
    return true;
  }

  private reason(number: number): string {
    return (this.reasons.get(number) ?? '').replace(/^SKB_DROP_REASON_/, '');
  }

  private place(low: number, high: number): string {
    const key = `${high}:${low}`;
    let place = this.places.get(key);
    if (place === undefined) {
      place = this.functions.place(low, high);
      if (this.places.size < LIMIT) this.places.set(key, place);
    }
    return place;
  }

  private face(netns: number, index: number, name: Uint8Array, bare: boolean): Interface | null {
    const key = `${netns} ${index} ${bare}`;
    const known = this.interfaces.get(key);
    if (known !== undefined) return known;
    // What the kernel does not say the namespace of is the first's.
    const namespace = netns === 0 ? [...this.namespaces.values()][0] : this.namespaces.get(netns);
    const device = namespace && this.devices.get(`${namespace.inode} ${index}`);
    const face =
      namespace !== undefined && device !== undefined
        ? this.selection.matches(device) && this.make(namespace.qualified(device.name), device, bare)
        : this.selection.everywhere &&
          (namespace !== undefined || !this.onlyThese) &&
          this.make(
            `${deviceName(name) ?? `if${index}`}${namespace === undefined ? `@${this.names.of(netns)}` : ''}`,
            null,
            bare,
          );
    if (this.interfaces.size >= LIMIT) this.interfaces.clear();
    this.interfaces.set(key, face || null);
    return face || null;
  }

  private make(name: string, device: Device | null, bare: boolean): Interface {
    return makeInterface({
      name,
      linkType: bare ? LinkType.RAW : LinkType.ETHERNET,
      snapshotLength: this.snapshotLength,
      os: 'Linux',
      host: this.host,
      ...(device === null
        ? {}
        : { description: device.alias, index: device.index, type: interfaceType(device), mac: device.mac }),
    });
  }

  close(): void {
    libc().close(this.fd);
  }
}

/** The name of a net_device, or null where the bytes are something else. */
function deviceName(bytes: Uint8Array): string | null {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  return /^[\x21-\x7e]{1,15}(?=\0)/.exec(text)?.[0] ?? null;
}
