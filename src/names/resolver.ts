// Names from the system's files and from DNS. Files are read when first asked; DNS is asked on another thread, and the
// address is printed until the answer is there: a look-up holds up a packet no longer than it is told it may.

import { readFileSync } from 'node:fs';
import { visible } from '../packet/index.js';
import type { NameResolver } from '../print/index.js';
import { type LookupOptions, Lookups } from './lookups.js';

/** Addresses whose names are remembered; the oldest goes first. */
const MOST_HOSTS = 16384;

/** Lines of a system file as words, comments left out; none when it cannot be read. */
function lines(path: string): string[][] {
  try {
    return readFileSync(path, 'utf8')
      .split('\n')
      .map((line) => line.replace(/#.*/, '').trim())
      .filter((line) => line !== '')
      .map((line) => line.split(/\s+/));
  } catch {
    return [];
  }
}

/** Makes a value at the first call. */
function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function addressText(bytes: Uint8Array, offset: number, length: 4 | 16): string {
  if (length === 4) return bytes.subarray(offset, offset + 4).join('.');
  const groups: string[] = [];
  for (let i = 0; i < 16; i += 2)
    groups.push(((bytes[offset + i]! << 8) | bytes[offset + i + 1]!).toString(16));
  return groups.join(':');
}

/** Networks of this machine: an address and a mask, each as a number. */
export type Network = readonly [address: number, mask: number];

export interface ResolverOptions extends LookupOptions {
  /** -N: no domain behind the host's name. */
  readonly noDomain: boolean;
  /** -f: names for the IPv4 addresses of this network only; null for all. */
  readonly local: Network | null;
  /** The file of hosts, when it is not the system's. */
  readonly hostsFile?: string;
}

export class SystemNames implements NameResolver {
  private readonly hosts = new Map<string, string | null>();
  private readonly lookups: Lookups;
  private readonly options: ResolverOptions;
  private readonly services = once(() => {
    const byProtocol: { [protocol: string]: Map<number, string> } = {};
    for (const [name, port] of lines('/etc/services')) {
      const match = /^(\d+)\/(\w+)$/.exec(port ?? '');
      if (match === null) continue;
      byProtocol[match[2]!] ??= new Map();
      if (!byProtocol[match[2]!]!.has(Number(match[1]))) byProtocol[match[2]!]!.set(Number(match[1]), name!);
    }
    return byProtocol;
  });
  private readonly protocols = once(
    () => new Map(lines('/etc/protocols').map(([name, number]) => [Number(number), name!])),
  );
  private readonly programs = once(
    () => new Map(lines('/etc/rpc').map(([name, number]) => [Number(number), name!])),
  );
  private readonly ethers = once(
    () => new Map(lines('/etc/ethers').map(([address, name]) => [address!.toLowerCase(), name!])),
  );
  private readonly hostsFile = once(() => {
    const names = new Map<string, string>();
    for (const [address, name] of lines(this.options.hostsFile ?? '/etc/hosts')) {
      if (name === undefined || address === undefined) continue;
      const key = address.includes(':') ? expand(address) : address;
      if (!names.has(key)) names.set(key, name);
    }
    return names;
  });

  constructor(options: ResolverOptions) {
    this.options = options;
    this.lookups = new Lookups(options);
  }

  host(bytes: Uint8Array, offset: number, length: 4 | 16): string | null {
    if (length === 4 && this.foreign(bytes, offset)) return null;
    const key = addressText(bytes, offset, length);
    const known = this.hosts.get(key);
    if (known !== undefined) return known;
    const name = this.hostsFile().get(key) ?? this.lookups.ask(key);
    if (name === undefined) return null;
    const shown = name === null ? null : visible(this.shorten(name));
    if (this.hosts.size >= MOST_HOSTS) this.hosts.delete(this.hosts.keys().next().value!);
    this.hosts.set(key, shown);
    return shown;
  }

  /** Ends look-ups that are under way. */
  close(): void {
    this.lookups.close();
  }

  /** Whether -f says that the IPv4 address gets no name. */
  private foreign(bytes: Uint8Array, offset: number): boolean {
    const { local } = this.options;
    if (local === null) return false;
    const address =
      (bytes[offset]! << 24) | (bytes[offset + 1]! << 16) | (bytes[offset + 2]! << 8) | bytes[offset + 3]!;
    return (address & local[1]) !== (local[0] & local[1]);
  }

  private shorten(name: string): string {
    return this.options.noDomain ? name.replace(/\..*/, '') : name;
  }

  tcpPort(port: number): string | null {
    return this.services()['tcp']?.get(port) ?? null;
  }
  udpPort(port: number): string | null {
    return this.services()['udp']?.get(port) ?? null;
  }
  sctpPort(port: number): string | null {
    return this.services()['sctp']?.get(port) ?? null;
  }
  protocol(number: number): string | null {
    return this.protocols().get(number) ?? null;
  }

  rpcProgram(number: number): string | null {
    return this.programs().get(number) ?? null;
  }

  ethernet(bytes: Uint8Array, offset: number): string | null {
    const names = this.ethers();
    if (names.size === 0) return null;
    const address = Array.from(bytes.subarray(offset, offset + 6), (byte) =>
      byte.toString(16).padStart(2, '0'),
    );
    return names.get(address.join(':')) ?? null;
  }
}

/** An IPv6 address as eight groups without leading zeros. */
function expand(address: string): string {
  const [head, tail] = address.split('::', 2) as [string, string | undefined];
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros =
    tail === undefined ? [] : Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0');
  return [...before, ...zeros, ...after].map((group) => Number.parseInt(group, 16).toString(16)).join(':');
}
